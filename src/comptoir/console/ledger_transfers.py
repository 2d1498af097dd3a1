"""Transfers of the ledger: the list, one with its postings, and entries that are made and taken back by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, badge, text, when
from comptoir.console.filters import Asking, Input, Narrowing, Query, choice, value_of
from comptoir.console.forms import Field, Form
from comptoir.console.ledger import parts_of
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import in_words, written_minor
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.explaining.money_rows import PostedRow, postings_of_transfer
from comptoir.domain.identity.permissions import BOOKS
from comptoir.domain.ledger.models import PENDING, POSTED, VOIDED, Transfer
from comptoir.domain.ledger.own import ENTRY, list_free_accounts, post_entry, reverse_entry
from comptoir.domain.ledger.reading import get_transfer_facts
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.payouts.models import ENTRY_KINDS
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Filter, Target

INTEGER_MAX = 2**62
# What transfers are called: by the trade, by settlement, by the bank, and by hand.
KINDS = tuple(
    dict.fromkeys(("sale", "payment", "repayment", "refund", *ENTRY_KINDS, "payout", "bank_transfer", ENTRY))
)
PLACES_OF_SUBJECTS = {"order": "order", "payout": "payout", "operator": "operator"}
ABOUT_ENTRIES = (
    "An entry moves an amount between accounts of your own, what was paid out to you, and the tax you owe. "
    "Everything else is posted by the trade itself."
)
TITLES = ("Account", "Name", "Debit", "Credit")
_SUBJECT, _SUBJECT_ID = Target(Transfer.subject, "number"), Target(Transfer.subject_id, "number")
_NUMBER = Target(Transfer.id, "number")


def about(query: Query, _shop: ShopFacts) -> Asking:
    """What a transfer is for, as `order 46`: the two are in one index."""
    typed = value_of(query, "about")
    inputs = (Input("about", "For (such as order 46)", "search", typed),)
    if not typed:
        return Asking(inputs)
    subject, _, number = typed.replace("_", " ").rpartition(" ")
    if not (subject.isascii() and subject.isprintable() and number.isascii() and number.isdigit()):
        return Asking(
            inputs, (Filter(_SUBJECT, "never"),), "For: must be a thing and its number, such as order 46"
        )
    if int(number[:20]) > INTEGER_MAX:
        return Asking(inputs, (Filter(_SUBJECT, "never"),), "For: the number is too large")
    named = "_".join(subject.lower().split())
    return Asking(inputs, (Filter(_SUBJECT, "eq", (named,)), Filter(_SUBJECT_ID, "eq", (int(number),))))


def numbers(query: Query, _shop: ShopFacts) -> Asking:
    """From a number to a number: transfers are numbered as they are written."""
    low, high = value_of(query, "number_from"), value_of(query, "number_to")
    inputs = (Input("number_from", "Number from", "search", low), Input("number_to", "to", "search", high))
    if not low and not high:
        return Asking(inputs)
    if not all(not one or (one.isascii() and one.isdigit() and len(one) < 19) for one in (low, high)):
        return Asking(inputs, (Filter(_NUMBER, "never"),), "Number: must be whole numbers")
    return Asking(inputs, (Filter(_NUMBER, "between", (int(low or 0), int(high or INTEGER_MAX))),))


def _for(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    subject, subject_id = row
    return Cell(f"{in_words(subject)} {subject_id}", link=subject_link(subject, subject_id))


def subject_link(subject: str, subject_id: int) -> str | None:
    """Where the thing is shown that a transfer is for."""
    kind = PLACES_OF_SUBJECTS.get(subject)
    return None if kind is None or not subject_id else link_to(kind, subject_id)


TRANSFERS = Listing(
    "transfers",
    "Transfers",
    "/ledger/transfers",
    Transfer,
    columns=(
        Column("Number", lambda row, _shop: Cell(str(row[0])), (Transfer.id,)),
        Column("Kind", lambda row, _shop: Cell(in_words(row[0])), (Transfer.kind,)),
        Column("For", _for, (Transfer.subject, Transfer.subject_id)),
        badge("State", Transfer.state),
        when("Counts from", Transfer.posted_at),
        when("Written", Transfer.created_at),
        text("Memo", Transfer.memo),
    ),
    sorts=newest_first(Transfer.id),
    filters=(
        Narrowing("about", about),
        choice("kind", "Kind", Transfer.kind, {one: in_words(one) for one in KINDS}),
        choice("state", "State", Transfer.state, (POSTED, PENDING, VOIDED)),
        Narrowing("number", numbers),
    ),
    area=BOOKS,
    make="New entry",
    empty="Nothing was posted yet.",
)


def _accounts(visit: Visit) -> list[tuple[str, str]]:
    """The accounts that an entry may be made on."""
    return [
        (str(key), f"{code} ({currency}): {name}")
        for key, code, name, currency in list_free_accounts(visit.tx)
    ]


ENTRY_FORM = Form(
    "new",
    (
        Field(
            "debit_id", "Debit", kinds.choice(_accounts, kinds.INTEGER), required=True,
            hint="Where the amount goes to: an expense, or what you own.",
        ),
        Field(
            "credit_id", "Credit", kinds.choice(_accounts, kinds.INTEGER), required=True,
            hint="Where it comes from: your bank account, or what you owe.",
        ),
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
        Field("memo", "What for", required=True),
        Field("at", "Counts from", kinds.MOMENT, hint="Now, when it is left empty."),
    ),
    button="Post the entry",
)  # fmt: skip


def show_transfers(visit: Visit) -> Answer:
    """Every transfer."""
    answer = show_list(TRANSFERS)(visit)
    if not isinstance(answer, Shown):
        return answer
    return Shown("ledger_list.html", {**answer.values, "ledger_parts": parts_of(visit)})


def show_transfer(visit: Visit) -> Answer:
    """One transfer with its postings. Refuses: TransferNotFound."""
    transfer = get_transfer_facts(visit.tx, visit.id)
    rows = postings_of_transfer(visit.tx, visit.id)
    return Shown(
        "ledger_transfer.html",
        {
            "title": f"Transfer {visit.id}",
            "transfer": transfer,
            "for_link": subject_link(transfer.subject, transfer.subject_id),
            "titles": TITLES,
            "lines": [_cells(row) for row in rows],
            "sums": _sums(rows),
            "is_entry": transfer.kind == ENTRY and transfer.can_be_reversed,
            "happened": list_events_of(visit.tx, subject="transfer", subject_id=visit.id),
        },
    )


def _cells(row: PostedRow) -> list[Cell]:
    amount = Cell(
        written_minor(abs(row.amount_minor), row.currency), "number",
        f"{decimal_of_minor(abs(row.amount_minor), row.currency)}", explain_at("posting", row.id, "amount"),
    )  # fmt: skip
    empty = Cell("", "number")
    is_debit = row.amount_minor > 0
    return [
        Cell(row.code, link=link_to("account", row.account_id)),
        Cell(row.name),
        amount if is_debit else empty,
        empty if is_debit else amount,
    ]


def _sums(rows: Sequence[PostedRow]) -> Mapping[str, int]:
    """What each side comes to, by currency: both the same."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + max(row.amount_minor, 0)
    return sums


def show_new(visit: Visit) -> Answer:
    """The form for an entry."""
    filled = ENTRY_FORM.filled(visit, address_of("/ledger/transfers/new"))
    return Shown(
        "form.html",
        {
            "title": "New entry",
            "way": [("Ledger", address_of("/ledger")), ("Transfers", address_of("/ledger/transfers"))],
            "about": ABOUT_ENTRIES,
            "filled": filled,
        },
    )


def make(visit: Visit) -> Answer:
    """Post an entry. Refuses: Problems, and what post_entry does."""
    transfer_id = post_entry(visit.tx, **ENTRY_FORM.read(visit))
    return Gone(address_of(f"/ledger/transfers/{transfer_id}"), "The entry was posted.")


def reverse(visit: Visit) -> Answer:
    """Take an entry back. Refuses: what reverse_entry does."""
    opposite = reverse_entry(visit.tx, transfer_id=visit.id)
    return Gone(
        address_of(f"/ledger/transfers/{opposite}"), f"Transfer {visit.id} was taken back by this one."
    )


PAGES = (
    Page("/ledger/transfers", show_transfers, BOOKS),
    Page("/ledger/transfers/new", show_new, BOOKS),
    Act("/ledger/transfers/new", make, BOOKS, show_new),
    Page("/ledger/transfers/{id:digits}", show_transfer, BOOKS),
    Act("/ledger/transfers/{id:digits}/reverse", reverse, BOOKS, show_transfer),
)
