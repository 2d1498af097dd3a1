"""Gathering what sales left the merchant: each deposit, refund and chargeback once, and reserves that are free."""

from datetime import timedelta

from sqlalchemy import bindparam, update

from comptoir.domain.merchant.amounts import reserve_of
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payouts.models import (
    CHARGEBACK,
    CHARGEBACK_FEE,
    FEE,
    REFUND,
    RESERVE_HELD,
    RESERVE_RELEASED,
    SALE,
    Payout,
)
from comptoir.domain.payouts.settling import Part, Settlement, lock_open_payout, settle_all, tag_of
from comptoir.domain.payouts.waiting import (
    SEEN,
    Deposit,
    Loss,
    Reserve,
    Waiting,
    find_deposits,
    find_free_reserves,
    find_losses,
    last_transfer,
)
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

BATCH = 500

TAKE_INVOICES = (
    update(Invoice).where(among(Invoice.order_id, "order_ids")).values(payout_id=bindparam("payout_id"))
)


def gather_entries(tx: Tx, *, limit: int = BATCH) -> int:
    """Bring what happened since the last time to the open payout, and say how much that was.

    Of deposits at most so many at once: who is told of any asks again.
    """
    # Whoever gathers at the same time waits for the open payout, and then looks again.
    if not any(_find(tx, limit).counts().values()):
        return 0
    payout = lock_open_payout(tx)
    found = _find(tx, limit)
    counts = found.counts()
    settle_all(tx, payout.id, _settlements(tx, found))
    tx.run(TAKE_INVOICES, order_ids=[one.order_id for one in found.deposits], payout_id=payout.id)
    for reserve in found.reserves:
        _free(tx, reserve)
    tx.ids.reach(SEEN, found.upto)
    if any(counts.values()):
        tx.note("payout.gathered", "payout", payout.id, after=counts)
    return sum(counts.values())


def _find(tx: Tx, limit: int) -> Waiting:
    deposits = find_deposits(tx, limit)
    upto = last_transfer(tx)
    refunds, chargebacks = find_losses(tx, [one.order_id for one in deposits], upto)
    return Waiting(deposits, refunds, chargebacks, find_free_reserves(tx), upto)


def _settlements(tx: Tx, found: Waiting) -> list[Settlement]:
    merchant = get_merchant(tx)
    return [
        *(_deposit(one, merchant) for one in found.deposits),
        *(_refund(one) for one in found.refunds),
        *(_chargeback(one, merchant) for one in found.chargebacks),
        *(_release(one, tx) for one in found.reserves),
    ]


def _deposit(one: Deposit, merchant: MerchantFacts) -> Settlement:
    held_until = one.at + timedelta(days=merchant.reserve_days)
    parts = [
        Part(SALE, one.minor),
        Part(FEE, -one.fee_minor),
        Part(RESERVE_HELD, -reserve_of(merchant, one.minor), held_until),
    ]
    tag = tag_of(SALE, one.order_id)
    return Settlement("order", one.order_id, one.at, parts, gateway=one.gateway, tag=tag)


def _refund(one: Loss) -> Settlement:
    tag = tag_of(REFUND, one.id)
    parts = [Part(REFUND, -one.minor)]
    return Settlement("order", one.order_id, one.at, parts, gateway=one.gateway, tag=tag)


def _chargeback(one: Loss, merchant: MerchantFacts) -> Settlement:
    tag = tag_of(CHARGEBACK, one.id)
    parts = [Part(CHARGEBACK, -one.minor), Part(CHARGEBACK_FEE, -merchant.chargeback_fee_minor)]
    return Settlement("order", one.order_id, one.at, parts, gateway=one.gateway, tag=tag)


def _release(one: Reserve, tx: Tx) -> Settlement:
    said = tag_of(RESERVE_RELEASED, one.payout_id) or ""
    parts = [Part(RESERVE_RELEASED, one.minor)]
    return Settlement("payout", one.payout_id, tx.now, parts, tag=said, memo=said)


def _free(tx: Tx, reserve: Reserve) -> None:
    tx.update(Payout, reserve.payout_id, reserve_released_at=tx.now)
    after = {"reserve_released_at": tx.now.isoformat(), "released_minor": reserve.minor}
    tx.note("payout.reserve_released", "payout", reserve.payout_id, after=after)
