"""How a transfer is made: in the ordinary way, by wire, or as an entry of the clearing house with its own class."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import Choices
from comptoir.console.bank_parts import Fact, fact
from comptoir.console.forms import Field
from comptoir.console.visits import Visit
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.originating import (
    ACH_ORIGINATION,
    CREDIT,
    DEBIT,
    ENTRY,
    ENTRY_CLASSES,
    RECEIVER_TYPES,
    WIRES,
    Entry,
    entry_order,
)
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

ORDINARY, SAME_DAY, BY_ENTRY, BY_WIRE = "ordinary", "same day", "entry", "wire"
HOWS = {
    ORDINARY: "in the ordinary way",
    SAME_DAY: "on the same day, to or from another bank",
    BY_ENTRY: "as an ACH entry of a class, to or from another bank",
    BY_WIRE: "by wire, to another bank",
}
NEEDS = {BY_ENTRY: ACH_ORIGINATION, BY_WIRE: WIRES}
CLASSES = dict(
    zip(
        ENTRY_CLASSES,
        (
            "PPD: agreed on with a person",
            "CCD: of a business",
            "WEB: agreed on over the internet",
            "TEL: agreed on by telephone",
        ),
        strict=True,
    )
)
GROUP = "For an ACH entry"
ENTRY_FIELDS = (
    Field("entry_class", "Class", kinds.choice(CLASSES), hint="Empty: PPD.", group=GROUP),
    Field("receiver_type", "Account there", kinds.choice(RECEIVER_TYPES), hint="Empty: Checking.", group=GROUP),
    Field("effective_entry_date", "To settle on", kinds.DAY, hint="A day on which banks are open.", group=GROUP),
    Field("is_entry_same_day", "Settles on the same day", kinds.FLAG, group=GROUP),
    Field("is_reversal", "Takes an earlier entry back", kinds.FLAG, group=GROUP),
)  # fmt: skip


def how_choices(visit: Visit) -> Choices:
    """The ways that the program has."""
    try:
        features = get_program(visit.tx).features
    except NoProgram:
        features = []
    return [(how, label) for how, label in HOWS.items() if how not in NEEDS or NEEDS[how] in features]


def as_entry(tx: Tx, order: TransferOrder, typed: Mapping[str, Any]) -> TransferOrder:
    """The transfer as an entry: paid to the other bank, or taken from there, as its ends say.

    Refuses: Invalid (to_id, effective_entry_date), and what entry_order does.
    """
    elsewhere = {one.id for one in list_external_accounts(tx, order.customer_id)}
    is_debit = order.from_id in elsewhere
    if is_debit == (order.to_id in elsewhere):
        raise Invalid("to_id", "and where it comes from must be one account here and one at another bank")
    entry = Entry(
        DEBIT if is_debit else CREDIT,
        typed["entry_class"] or ENTRY_CLASSES[0],
        typed["is_reversal"],
        typed["effective_entry_date"],
        typed["receiver_type"] or RECEIVER_TYPES[0],
    )
    here, there = (order.to_id, order.from_id) if is_debit else (order.from_id, order.to_id)
    order = order._replace(from_id=here, to_id=there, is_same_day=typed["is_entry_same_day"])
    return entry_order(tx, order=order, entry=entry)


def entry_facts(details: Mapping[str, Any]) -> list[Fact]:
    """What is kept of an entry with its transfer."""
    told = details.get(ENTRY)
    if not isinstance(told, Mapping):
        return []
    return [
        fact("ACH entry", CLASSES.get(str(told.get("entry_class")), told.get("entry_class"))),
        fact("Direction", told.get("direction")),
        fact("Account at the other bank", told.get("receiver_type")),
        fact("Takes an earlier entry back", "yes" if told.get("is_reversal") else ""),
    ]
