"""Taking over the payouts of another processor, with their numbers: each told as its totals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.transfers import reverse_transfer
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.models import (
    ADJUSTMENT,
    BALANCE_FORWARD,
    CHARGEBACK_FEE,
    COMMISSION,
    FEE,
    OUTGOING_COMMISSION,
    PAID,
    PAYOUT_FEE,
    REFUND,
    RESERVE_HELD,
    RESERVE_RELEASED,
    SALE,
    VOIDED,
    Payout,
)
from comptoir.domain.payouts.paying import post_payout
from comptoir.domain.payouts.queries import PAYOUTS, Explained, PayoutRow, sums_of
from comptoir.domain.payouts.settling import Part, Settlement, settle_all, write_entries
from comptoir.domain.payouts.waiting import PROCESSORS, tell_until
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62
AMOUNT_MINOR_MAX = 10**14
WORD_MAX = 255
MEMO = "imported"
SIGNED = frozenset({"adjustments", "balance_forward"})

AMONG_IDS = PAYOUTS.where(among(Payout.id, "ids"))
KINDS = {
    "sales": (SALE, 1),
    "fees": (FEE, -1),
    "refunds": (REFUND, -1),
    "chargeback_fees": (CHARGEBACK_FEE, -1),
    "adjustments": (ADJUSTMENT, 1),
    "commissions": (COMMISSION, 1),
    "outgoing_commissions": (OUTGOING_COMMISSION, -1),
    "balance_forward": (BALANCE_FORWARD, 1),
    "reserve_held": (RESERVE_HELD, -1),
    "reserve_released": (RESERVE_RELEASED, 1),
    "payout_fee": (PAYOUT_FEE, -1),
}


class PaidElsewhere(NamedTuple):
    """A payout as the processor tells it. What its parts come to above its amount was the fee for sending it.

    `gateway` is the one on whose clearing account the sales stand, that of the merchant if not named.
    """

    id: int
    identifier: str
    method: str
    amount_minor: int
    paid_at: datetime
    parts: Parts
    reserve_released_at: datetime | None = None
    voided_at: datetime | None = None
    gateway: str = ""


def import_payouts(tx: Tx, payouts: Sequence[PaidElsewhere]) -> int:
    """Take payouts over with their numbers, and say how many were new; those that are there already stay.

    Of a gateway that we speak to, what they tell as sums, refunds and chargebacks until the last of them, is not
    gathered again one by one. The invoices that they paid are those that were imported as paid out. The reserve
    of one that does not say when it was released is released by the merchant's terms.
    Refuses, and takes none: Invalid (id, identifier, method, a part, amount).
    """
    known = _known(tx, [one.id for one in payouts])
    merchant = get_merchant(tx)
    new = []
    for one in payouts:
        whole = _whole(one)
        if one.id not in known:
            known[one.id] = _said(whole)
            new.append(whole)
        elif known[one.id] != _said(whole):
            raise Invalid("id", f"{one.id} is that of another payout")
    for one in new:
        _write(tx, one, merchant)
        if (one.gateway or merchant.gateway) in PROCESSORS:
            tell_until(tx, one.paid_at)
    return len(new)


def _known(tx: Tx, ids: Sequence[int]) -> dict[int, PaidElsewhere]:
    rows = [PayoutRow(*row) for row in tx.all(AMONG_IDS, ids=list(ids))]
    parts = sums_of(tx, [row.id for row in rows])
    return {row.id: _told(Explained(row, parts[row.id])) for row in rows}


def _told(one: Explained) -> PaidElsewhere:
    row = one.payout
    paid_at = row.paid_at or row.created_at
    return PaidElsewhere(row.id, row.identifier, row.method, row.amount_minor, paid_at, one.parts)


def _said(one: PaidElsewhere) -> PaidElsewhere:
    """What two tellings of one payout must share."""
    return one._replace(reserve_released_at=None, voided_at=None, gateway="")


def _whole(one: PaidElsewhere) -> PaidElsewhere:
    """The payout with the fee that its amount tells. Refuses: Invalid (id, identifier, method, a part, amount)."""
    if not 0 < one.id <= NUMBER_MAX:
        raise Invalid("id", "must be above zero, and leave room for others")
    for name, text in (("identifier", one.identifier), ("method", one.method)):
        if len(text) > WORD_MAX or not text.isprintable():
            raise Invalid(name, f"must be a text of at most {WORD_MAX} characters")
    for name, minor in one.parts._asdict().items():
        if abs(minor) > AMOUNT_MINOR_MAX or (minor < 0 and name not in SIGNED):
            raise Invalid(name, "must not be below zero, nor a giant")
    fee = one.parts.payable_minor - one.amount_minor
    if one.amount_minor < 0 or fee < 0:
        raise Invalid("amount", "is more than its parts come to, or below zero")
    return one._replace(parts=one.parts._replace(payout_fee=one.parts.payout_fee + fee))


def _write(tx: Tx, one: PaidElsewhere, merchant: MerchantFacts) -> None:
    tx.ids.reach("payout", one.id)
    tx.insert(
        Payout,
        id=one.id,
        identifier=one.identifier,
        method=one.method,
        state=PAID if one.voided_at is None else VOIDED,
        amount_minor=one.amount_minor,
        created_at=one.paid_at,
        paid_at=one.paid_at,
        reserve_released_at=one.reserve_released_at,
        voided_at=one.voided_at,
        transfer_id=None,
    )
    settlements = _settlements(one, merchant)
    settle_all(tx, one.id, [each for each in settlements if each.parts[0].kind != BALANCE_FORWARD])
    write_entries(tx, one.id, [(each, []) for each in settlements if each.parts[0].kind == BALANCE_FORWARD])
    if one.amount_minor:
        transfer_id = post_payout(tx, one.id, one.amount_minor, at=one.paid_at)
        tx.update(Payout, one.id, transfer_id=transfer_id)
        if one.voided_at is not None:
            reverse_transfer(tx, transfer_id=transfer_id, at=one.voided_at, memo="void")
    after = {"identifier": one.identifier, "amount_minor": one.amount_minor}
    tx.note("payout.imported", "payout", one.id, after=after)


def _settlements(one: PaidElsewhere, merchant: MerchantFacts) -> list[Settlement]:
    """One settlement for each part, as they may cancel each other out."""
    held_until = one.paid_at + timedelta(days=merchant.reserve_days)
    found = []
    for name, (kind, sign) in KINDS.items():
        minor = sign * getattr(one.parts, name)
        if minor:
            part = Part(kind, minor, held_until if kind == RESERVE_HELD else None)
            found.append(
                Settlement(
                    "payout", one.id, one.paid_at, [part],
                    gateway=one.gateway or merchant.gateway, memo=MEMO,
                )
            )  # fmt: skip
    return found
