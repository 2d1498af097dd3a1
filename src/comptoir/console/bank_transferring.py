"""A new transfer: between accounts, or to and from other banks; looked at with its postings before it is made."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import (
    CUSTOMER,
    TAG,
    Choices,
    account_choices,
    external_choices,
    line,
    program_choices,
    words,
)
from comptoir.console.bank_entries import (
    BY_ENTRY,
    BY_WIRE,
    ENTRY_FIELDS,
    ORDINARY,
    SAME_DAY,
    as_entry,
    how_choices,
)
from comptoir.console.bank_parts import money, what
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Filled, Form
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Gone, Page, Refusal, Shown, Visit
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.movements.errors import Reason, TransferRefused
from comptoir.domain.banking.transfers.originating import Wire, wire
from comptoir.domain.banking.transfers.rehearsing import Foreseen, rehearse_transfer
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import TransferResult, create_transfer
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Tx

PATH = "/bank/transfers/new"
WAY = [("Transfers", address_of("/bank/transfers"))]
# Where a broken rule belongs on the form; the rest is said above it.
FIELDS = {
    **dict.fromkeys(
        (
            Reason.SOURCE, Reason.SOURCE_INACTIVE, Reason.SOURCE_FROZEN, Reason.SOURCE_UNVERIFIED, Reason.SOURCE_LOCKED,
            Reason.WITHDRAW_ACCESS,
        ),
        "from_id",
    ),
    **dict.fromkeys(
        (
            Reason.DESTINATION, Reason.DESTINATION_CLOSED, Reason.DESTINATION_NOT_OPEN, Reason.DESTINATION_LOCKED,
            Reason.DEPOSIT_ACCESS,
        ),
        "to_id",
    ),
    **dict.fromkeys((Reason.WITHDRAW_RANGE, Reason.DEPOSIT_RANGE, Reason.FUNDS), "amount_minor"),
    Reason.TAG: "tag",
    Reason.REQUESTER: "requesting_customer_id",
    Reason.WORDS: "description",
}  # fmt: skip


def customer_of(visit: Visit) -> int | None:
    """Who asks for the transfer, as the address says."""
    return kinds.record_number(visit.asked.said("customer"))


def source_choices(visit: Visit) -> Choices:
    """Where money may come from."""
    customer_id = customer_of(visit)
    if customer_id is None:
        return []
    return [
        *account_choices(visit, customer_id),
        *external_choices(visit, customer_id),
        *program_choices(visit),
    ]


ORDER = Form(
    "new",
    (
        Field("from_id", "From", kinds.choice(source_choices, kinds.INTEGER), required=True),
        Field("to_id", "To", kinds.choice(source_choices, kinds.INTEGER)),
        Field(
            "other_id", "Or to another customer's account", kinds.INTEGER,
            hint="Its number here, where the program lets customers pay each other.",
        ),
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
        Field("how", "How", kinds.choice(how_choices), required=True),
        Field("description", "Description", line()),
        Field("tag", "Tag", TAG, hint="Your own id of it: asked for twice, it is made once."),
        Field("purpose_code", "Purpose", line(50)),
        Field(
            "requesting_customer_id", "Asked for by", CUSTOMER,
            hint="The number of the person who asks for a business; their rights hold too.",
        ),
        Field("to_tag", "Tag of who receives", TAG, hint="For a transfer to another customer."),
        *ENTRY_FIELDS,
        Field("beneficiary", "Beneficiary", line(100), group="For a wire"),
        Field("beneficiary_address", "Their address", line(), group="For a wire"),
        Field("message", "What the other bank is told", words(140), group="For a wire"),
    ),
    "Make the transfer",
)  # fmt: skip


def show_new(visit: Visit) -> Answer:
    """The form, for a customer; or the question for whom."""
    return shown(visit, None)


def shown(visit: Visit, foreseen: list[Foreseen] | None) -> Shown:
    """The form, with what would come of it when that was asked."""
    customer_id = customer_of(visit)
    values: dict[str, Any] = {
        "title": "New transfer",
        "way": WAY,
        "filled": None,
        "foreseen": None,
        "customer": None,
    }
    if customer_id is not None:
        customer = get_customer(visit.tx, customer_id)
        source = visit.asked.said("from")
        start = {"from_id": source if source.isdigit() else None, "how": ORDINARY}
        values["customer"] = (customer_id, names_of(visit.tx, [customer.customer_id])[customer_id].text)
        values["filled"] = ORDER.filled(visit, f"{address_of(PATH)}?customer={customer_id}", start)
    if foreseen is not None:
        filled: Filled = values["filled"]
        values["filled"] = filled._replace(is_refused=False)
        values["foreseen"] = [foreseen_row(visit.tx, one) for one in foreseen]
    return Shown("bank_transfer_new.html", values)


def foreseen_row(tx: Tx, one: Foreseen) -> list[Cell]:
    """A posting that there would be."""
    minor = one.account.natural(one.amount.minor)
    return [
        Cell(one.account.name, link=link_to("account", one.account.id)),
        Cell(what(one.type_code) if one.type_code else ""),
        Cell(in_words(one.state), "badge"),
        money(tx.shop, minor),
        money(tx.shop, one.account.balance_minor, ("account", one.account.id, "balance")),
        money(tx.shop, one.account.available_minor, ("account", one.account.id, "available")),
    ]


def make(visit: Visit) -> Answer:
    """Make it, or tell what would come of it."""
    typed = ORDER.read(visit)
    order = order_of(visit, typed)
    is_wire = typed["how"] == BY_WIRE
    try:
        if typed["how"] == BY_ENTRY:
            order = as_entry(visit.tx, order, typed)
        if visit.asked.posted("preview"):
            foreseen = rehearse_transfer(visit.tx, order._replace(is_wire=is_wire))
            visit.refused = Refusal("new", {}, visit.asked.form)
            return shown(visit, foreseen)
        results = sent(visit.tx, order, typed) if is_wire else create_transfer(visit.tx, order)
    except TransferRefused as error:
        raise told(error) from error
    return Gone(address_of(f"/bank/transfers/{results[0].master_id}"), "The transfer was made.")


def sent(tx: Tx, order: TransferOrder, typed: dict[str, Any]) -> list[TransferResult]:
    """Send a wire."""
    told_with = Wire(typed["message"], typed["beneficiary"], typed["beneficiary_address"])
    return wire(tx, order=order, wire=told_with)


def order_of(visit: Visit, typed: dict[str, Any]) -> TransferOrder:
    """The transfer that is asked for. Refuses: Invalid."""
    customer_id = customer_of(visit)
    if customer_id is None:
        raise Invalid("customer", "must be said")
    to_id, other_id = typed["to_id"], typed["other_id"]
    if (to_id is None) == (other_id is None):
        raise Invalid("to_id", "must be chosen, or the account of another customer named: one of the two")
    recipient = None if other_id is None else get_bank_account(visit.tx, other_id).customer_id
    return TransferOrder(
        customer_id,
        typed["from_id"],
        to_id or other_id,
        typed["amount_minor"],
        tag=typed["tag"],
        description=typed["description"],
        purpose_code=typed["purpose_code"],
        is_same_day=typed["how"] == SAME_DAY,
        requesting_customer_id=typed["requesting_customer_id"],
        to_customer_id=recipient,
        to_tag=typed["to_tag"],
    )


def told(error: TransferRefused) -> Problems:
    """Each broken rule beside its field; several of one field in one sentence."""
    problems: dict[str, list[str]] = {}
    for one in error.problems:
        problems.setdefault(FIELDS.get(one.reason, ""), []).append(one.words.rstrip("."))
    said = [(field, "; ".join(words_)) for field, words_ in problems.items()]
    return Problems(
        [(field, words_ if field else f"{words_[:1].upper()}{words_[1:]}.") for field, words_ in said]
    )


PAGES = (Page(PATH, show_new, BANK), Act(PATH, make, BANK, show_new))
