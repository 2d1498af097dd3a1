"""Paying out: on the merchant's day of the week, when enough has come together; and calling a payout back."""

from typing import Any

from sqlalchemy import bindparam, func, literal, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers, reverse_transfer
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payouts.amounts import last_payday
from comptoir.domain.payouts.chart import BANK, PROCESSOR
from comptoir.domain.payouts.errors import NotPaidOut, PayoutNotFound
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import (
    ADJUSTMENT,
    BALANCE_FORWARD,
    CARRIED,
    COMMISSION,
    OPEN,
    OUTGOING_COMMISSION,
    PAID,
    PAYOUT_FEE,
    VOIDED,
    Payout,
    PayoutEntry,
)
from comptoir.domain.payouts.queries import LOCK_PAYOUT, OPEN_PAYOUT, PayoutRow, sums_of
from comptoir.domain.payouts.settling import (
    Part,
    Settlement,
    lock_open_payout,
    open_payout,
    settle_all,
    write_entries,
)
from comptoir.domain.tx import Counter, Tx

PAYDAY = "payday"
ADJUSTMENTS = (ADJUSTMENT, COMMISSION, OUTGOING_COMMISSION)
ADJUSTMENT_MINOR_MAX = 10**14
MEMO_MAX = 255

LAST_PAYDAY = select(Counter.value).where(Counter.kind == literal(PAYDAY))
NEW_ENTRIES = select(func.count(PayoutEntry.id)).where(
    PayoutEntry.payout_id == bindparam("payout_id"), PayoutEntry.kind != literal(BALANCE_FORWARD)
)
PAY_INVOICES = (
    update(Invoice).where(Invoice.payout_id == bindparam("key")).values(paid_out_at=bindparam("paid_out_at"))
)
MOVE_INVOICES = (
    update(Invoice)
    .where(Invoice.payout_id == bindparam("key"))
    .values(payout_id=bindparam("new_id"), paid_out_at=None)
)


def run_payouts(tx: Tx) -> int:
    """Pay out if a payday has begun since the last time, and say how many payouts left.

    Below the release level the balance waits for the next payday; below zero it is brought forward.
    """
    if tx.one(OPEN_PAYOUT) is None:
        return 0
    merchant = get_merchant(tx)
    payout = lock_open_payout(tx)
    day, began_at = last_payday(tx.now, merchant.payout_weekday, tx.shop.zone)
    if began_at <= payout.created_at or day.toordinal() <= int(tx.value(LAST_PAYDAY) or 0):
        return 0
    tx.ids.reach(PAYDAY, day.toordinal())
    return 0 if pay_out(tx) is None else 1


def pay_out(tx: Tx) -> int | None:
    """Pay out now, whatever day it is, and give the payout's id; None when there is too little to pay."""
    merchant = get_merchant(tx)
    while gather_entries(tx):
        pass
    payout = lock_open_payout(tx)
    balance_minor = sums_of(tx, [payout.id])[payout.id].payable_minor
    if balance_minor < 0:
        _carry(tx, payout, balance_minor)
        return None
    if balance_minor < merchant.release_level_minor or balance_minor <= merchant.payout_fee_minor:
        return None
    _pay(tx, payout, balance_minor - merchant.payout_fee_minor, merchant)
    return payout.id


def void_payout(tx: Tx, *, payout_id: int) -> None:
    """Call a payout back: its money is brought forward to the open one, its invoices are not paid out.

    Its fee stays charged. Refuses: PayoutNotFound, NotPaidOut.
    """
    row = tx.one(LOCK_PAYOUT[tx.engine], payout_id=payout_id)
    if row is None:
        raise PayoutNotFound(payout_id)
    payout = PayoutRow(*row)
    if payout.state != PAID or payout.transfer_id is None:
        raise NotPaidOut(payout_id, payout.state)
    open_one = lock_open_payout(tx)
    reverse_transfer(tx, transfer_id=payout.transfer_id, memo="void")
    _forward(tx, open_one.id, payout.amount_minor, f"payout {payout_id} void")
    tx.run(MOVE_INVOICES, key=payout_id, new_id=open_one.id)
    tx.update(Payout, payout_id, state=VOIDED, voided_at=tx.now)
    tx.note("payout.voided", "payout", payout_id, before={"state": PAID}, after={"state": VOIDED})


def adjust_balance(tx: Tx, *, amount_minor: int, memo: str, kind: str = ADJUSTMENT) -> None:
    """Add to what is paid out next, or take from it: a correction of either sign, or a commission above zero.

    Refuses: Invalid (kind, amount, memo).
    """
    if kind not in ADJUSTMENTS:
        raise Invalid("kind", f"must be one of {', '.join(ADJUSTMENTS)}")
    if not amount_minor or abs(amount_minor) > ADJUSTMENT_MINOR_MAX:
        raise Invalid("amount", "must not be nothing, and no giant")
    if kind != ADJUSTMENT and amount_minor < 0:
        raise Invalid("amount", "must be above zero")
    if not memo.strip() or len(memo) > MEMO_MAX or not memo.isprintable():
        raise Invalid("memo", f"must be a text of at most {MEMO_MAX} characters")
    payout = lock_open_payout(tx)
    part = Part(kind, -amount_minor if kind == OUTGOING_COMMISSION else amount_minor)
    settle_all(tx, payout.id, [Settlement("payout", payout.id, tx.now, [part], memo=memo)])
    tx.note(
        "payout.adjusted",
        "payout",
        payout.id,
        after={"kind": kind, "amount_minor": amount_minor, "memo": memo},
    )


def post_payout(tx: Tx, payout_id: int, amount_minor: int, **fields: Any) -> int:
    """Move the money of a payout from the processor to the bank, and give the transfer's id."""
    accounts = accounts_for(tx, [BANK, PROCESSOR], tx.shop.currency)
    postings = [(accounts[BANK.code], amount_minor), (accounts[PROCESSOR.code], -amount_minor)]
    transfer = NewTransfer("payout", "payout", payout_id, postings, fields.get("at") or tx.now)
    return post_transfers(tx, [transfer])[0]


def _pay(tx: Tx, payout: PayoutRow, amount_minor: int, merchant: MerchantFacts) -> None:
    fee = Part(PAYOUT_FEE, -merchant.payout_fee_minor)
    if fee.amount_minor:
        settle_all(tx, payout.id, [Settlement("payout", payout.id, tx.now, [fee])])
    method = merchant.payout_method
    values = {"identifier": f"{method}_{payout.id}", "method": method, "amount_minor": amount_minor}
    transfer_id = post_payout(tx, payout.id, amount_minor)
    _end(tx, payout, PAID, values | {"transfer_id": transfer_id})


def _carry(tx: Tx, payout: PayoutRow, balance_minor: int) -> None:
    """End the payout at nothing, and bring its debt forward; a debt that only waits goes on waiting."""
    if not tx.value(NEW_ENTRIES, payout_id=payout.id):
        return
    memo = f"brought forward from payout {payout.id}"
    _forward(tx, payout.id, -balance_minor, memo)
    new = _end(tx, payout, CARRIED, {"amount_minor": 0})
    _forward(tx, new.id, balance_minor, memo)


def _end(tx: Tx, payout: PayoutRow, state: str, values: dict[str, Any]) -> PayoutRow:
    """End the open payout with everything that is in it, and open the next."""
    tx.update(Payout, payout.id, state=state, paid_at=tx.now, **values)
    count = tx.run(PAY_INVOICES, key=payout.id, paid_out_at=tx.now)
    after = {"state": state, "invoices": count, **values}
    tx.note(f"payout.{state}", "payout", payout.id, before={"state": OPEN}, after=after)
    return open_payout(tx, tx.ids.next("payout"))


def _forward(tx: Tx, payout_id: int, amount_minor: int, memo: str) -> None:
    """Bring a balance forward: it is on the processor's account already, so that nothing is posted."""
    part = Part(BALANCE_FORWARD, amount_minor)
    forwarded = Settlement("payout", payout_id, tx.now, [part], memo=memo)
    write_entries(tx, payout_id, [(forwarded, [])])
