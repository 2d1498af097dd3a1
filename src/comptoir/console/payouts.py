"""Payouts: what waits for the next one, those that left, and each with its parts and entries."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, badge, minor, when
from comptoir.console.filters import choice, days
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, listed, newest_first, show_list
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import in_words, written_minor, written_when
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.explaining.whereabouts import STATES as STATE_WORDS
from comptoir.domain.identity.permissions import BOOKS, SETTINGS
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.payouts.amounts import Parts, last_payday
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import (
    CARRIED,
    ENTRY_KINDS,
    OPEN,
    PAID,
    VOIDED,
    Payout,
    PayoutEntry,
)
from comptoir.domain.payouts.paying import ADJUSTMENTS, adjust_balance, pay_out, void_payout
from comptoir.domain.payouts.queries import explain_payout, find_pending, get_payout
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Filter, Target

# Gathering goes on by so many deposits in each transaction.
GATHER_MAX = 10_000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# The parts of a payout, what they are called, and the kind of entry that explains them.
PARTS = {
    "sales": ("Sales", 1, "sale"),
    "fees": ("Fees for processing", -1, "fee"),
    "refunds": ("Refunds and chargebacks", -1, "given_back"),
    "chargeback_fees": ("Fees for chargebacks", -1, "chargeback_fee"),
    "adjustments": ("Adjustments", 1, "adjustment"),
    "commissions": ("Commissions earned", 1, "commission"),
    "outgoing_commissions": ("Commissions paid", -1, "outgoing_commission"),
    "balance_forward": ("Brought forward", 1, "balance_forward"),
    "reserve_held": ("Held back as a reserve", -1, "reserve_held"),
    "reserve_released": ("Reserves released", 1, "reserve_released"),
    "payout_fee": ("Fee for sending it", -1, "payout_fee"),
}


def _name(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    return Cell(row[0] or f"payout {row[1]}")


def _amount(row: Sequence[Any], shop: ShopFacts) -> Cell:
    """What was paid; of the open one the amount is not settled yet."""
    paid, state, key = row
    plain = f"{decimal_of_minor(paid, shop.currency)}"
    told = "so far" if state == OPEN else written_minor(paid, shop.currency)
    return Cell(told, "number", "" if state == OPEN else plain, explain_at("payout", key, "amount"))


PAYOUTS = Listing(
    "payouts",
    "Payouts",
    "/payouts",
    Payout,
    columns=(
        Column("Payout", _name, (Payout.identifier, Payout.id)),
        badge("State", Payout.state),
        Column("Amount", _amount, (Payout.amount_minor, Payout.state, Payout.id)),
        when("Begun", Payout.created_at),
        when("Paid", Payout.paid_at),
        when("Called back", Payout.voided_at),
        when("Reserve released", Payout.reserve_released_at),
    ),
    sorts=newest_first(Payout.id),
    filters=(
        choice("state", "State", Payout.state, {one: in_words(one) for one in (OPEN, PAID, CARRIED, VOIDED)}),
        days("paid", "Paid", Payout.paid_at),
    ),
    area=BOOKS,
    empty="Nothing was gathered for a payout yet.",
)


def _about(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    memo, order_id = row
    if order_id is None:
        return Cell(memo)
    return Cell(memo or f"order {order_id}", link=link_to("order", order_id))


def _kind(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    return Cell(in_words(row[0]), link=explain_at("payout_entry", row[1], "amount"))


def _held_until(row: Sequence[Any], shop: ShopFacts) -> Cell:
    """Until when a reserve is held; other entries are free at once."""
    happened, free = row
    return (
        Cell("") if free <= happened else Cell(written_when(free, shop), "when", shop.local(free).isoformat())
    )


class Entries(Listing):
    """Entries of payouts: what one leads to is its explanation."""

    def link(self, key: Any) -> str:
        """Where an entry is explained."""
        return explain_at("payout_entry", key, "amount")


ENTRIES = Entries(
    "payout-entries",
    "Entries",
    "/payout-entries",
    PayoutEntry,
    columns=(
        Column("Kind", _kind, (PayoutEntry.kind, PayoutEntry.id)),
        Column("For", _about, (PayoutEntry.memo, PayoutEntry.order_id)),
        minor("Amount", PayoutEntry.amount_minor, explain=("payout_entry", "amount", PayoutEntry.id)),
        when("Happened", PayoutEntry.at),
        Column("Held until", _held_until, (PayoutEntry.at, PayoutEntry.available_at)),
        Column(
            "Transfer", lambda row, _shop: Cell(str(row[0] or ""), link=link_to("transfer", row[0])),
            (PayoutEntry.transfer_id,),
        ),
    ),
    sorts=(
        Sort("oldest", "oldest first", PayoutEntry.id),
        Sort("newest", "newest first", PayoutEntry.id, falls=True),
    ),
    filters=(choice("kind", "Kind", PayoutEntry.kind, {one: in_words(one) for one in ENTRY_KINDS}),),
    area=BOOKS,
)  # fmt: skip
_OF_PAYOUT = Target(PayoutEntry.payout_id, "number")
ADJUST = Form(
    "adjust",
    (
        Field("kind", "Kind", kinds.choice({one: in_words(one) for one in ADJUSTMENTS}), required=True),
        Field(
            "amount", "Amount", kinds.AMOUNT, required=True,
            hint="A correction may be below zero; commissions are above it.",
        ),
        Field("memo", "What for", required=True),
    ),
    button="Adjust the next payout",
)  # fmt: skip


def show_payouts(visit: Visit) -> Answer:
    """What waits, and every payout."""
    answer = show_list(PAYOUTS)(visit)
    if not isinstance(answer, Shown):
        return answer
    merchant = get_merchant(visit.tx)
    pending = find_pending(visit.tx, merchant)
    day, _ = last_payday(visit.tx.now, merchant.payout_weekday, visit.shop.zone)
    return Shown(
        "payouts.html",
        {
            **answer.values,
            "pending": pending,
            "parts": rows_of(pending.parts, pending.id),
            "merchant": merchant,
            "is_enough": is_enough(pending.parts, merchant),
            "weekday": WEEKDAYS[merchant.payout_weekday],
            "last_payday": day,
            "may_settings": visit.may(SETTINGS),
            "adjust": ADJUST.filled(visit, address_of("/payouts/adjust"), {}) if visit.may(BOOKS) else None,
        },
    )


def is_enough(parts: Parts, merchant: MerchantFacts) -> bool:
    """Whether what waits could be paid now."""
    before_fee = parts.payable_minor + parts.payout_fee
    return before_fee >= merchant.release_level_minor and before_fee > merchant.payout_fee_minor


def rows_of(parts: Parts, payout_id: int) -> list[tuple[str, int, str]]:
    """The parts of a payout that are something: what each is called, its share, where it is explained."""
    return [
        (title, sign * getattr(parts, name), explain_at("payout", payout_id, kind))
        for name, (title, sign, kind) in PARTS.items()
        if getattr(parts, name)
    ]


def show_payout(visit: Visit) -> Answer:
    """One payout with its parts and its entries. Refuses: PayoutNotFound."""
    found = explain_payout(visit.tx, visit.id)
    payout = found.payout
    is_open = payout.state == OPEN
    return Shown(
        "payout.html",
        {
            **listed(visit, ENTRIES, _within(visit)),
            "title": payout.identifier or f"Payout {payout.id}",
            "payout": payout,
            "parts": rows_of(found.parts, payout.id),
            "amount_minor": found.parts.payable_minor if is_open else payout.amount_minor,
            "state_words": "" if payout.state == PAID else STATE_WORDS.get(payout.state, ""),
            "may_void": payout.state == PAID and payout.transfer_id is not None and visit.may(BOOKS),
            "csv": address_of(f"/payouts/{payout.id}/entries?format=csv"),
            "happened": list_events_of(visit.tx, subject="payout", subject_id=payout.id),
        },
    )


def _within(visit: Visit) -> tuple[Filter, ...]:
    get_payout(visit.tx, visit.id)
    return (Filter(_OF_PAYOUT, "eq", (visit.id,)),)


def gather(visit: Visit) -> Answer:
    """Bring what happened since the last time to the open payout."""
    count = 0
    while count < GATHER_MAX and (found := visit.write(gather_entries)):
        count += found
    said = f"{count} deposits, refunds and reserves were gathered." if count else "There was nothing new."
    return Gone(address_of("/payouts"), said)


def pay(visit: Visit) -> Answer:
    """Pay out now, whatever day it is."""
    payout_id = visit.write(pay_out)
    if payout_id is None:
        return Gone(address_of("/payouts"), "There was too little to pay out.")
    return Gone(address_of(f"/payouts/{payout_id}"), "The payout left.")


def adjust(visit: Visit) -> Answer:
    """Add to the next payout, or take from it. Refuses: Problems, Invalid."""
    values = ADJUST.read(visit)
    adjust_balance(visit.tx, amount_minor=values["amount"], memo=values["memo"], kind=values["kind"])
    return Gone(address_of("/payouts"), "The next payout was adjusted.")


def void(visit: Visit) -> Answer:
    """Call a payout back. Refuses: PayoutNotFound, NotPaidOut."""
    void_payout(visit.tx, payout_id=visit.id)
    said = "The payout was called back; its money is brought forward to the next."
    return Gone(address_of(f"/payouts/{visit.id}"), said)


PAGES = (
    Page("/payouts", show_payouts, BOOKS),
    Act("/payouts/gather", gather, BOOKS, show_payouts, alone=True),
    Act("/payouts/pay", pay, BOOKS, show_payouts, alone=True),
    Act("/payouts/adjust", adjust, BOOKS, show_payouts),
    Page("/payouts/{id:digits}", show_payout, BOOKS),
    Page("/payouts/{id:digits}/entries", show_list(ENTRIES, _within), BOOKS),
    Act("/payouts/{id:digits}/void", void, BOOKS, show_payout),
)
