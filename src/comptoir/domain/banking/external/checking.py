"""What an account at another bank must look like: everything that is wrong with one, in the order of its fields."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.external.errors import ExternalAccountFaulty, Fault
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.queries import LIVING, list_external_accounts
from comptoir.domain.banking.files.routing import NOT_DIGITS, NOT_NINE, PREFIXES, routing_problem
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

ACCOUNT_NUMBER_MAX = 17
ACCOUNT_CHARACTERS = re.compile(r"[A-Za-z0-9 ./-]*", re.ASCII)
BUSINESS_TYPES = frozenset({"Business Checking", "Business Savings"})
# These name a person in full; any other type is content with one of the two names.
FULL_NAME_TYPES = frozenset({"Checking", "Savings", "Loan"})

# The kinds of faults.
ACCOUNT_MISSING, ACCOUNT_CHARACTER, ACCOUNT_LONG = "account missing", "account character", "account long"
BUSINESS_NAME, FIRST_NAME, LAST_NAME, ANY_NAME = "business name", "first name", "last name", "any name"
NICK_NAME, TAG, TYPE = "nick name", "tag", "type"
ROUTING_UNSAID, ROUTING_BLANK, ROUTING_DIGITS, ROUTING_LENGTH, ROUTING_INVALID, ROUTING_UNKNOWN = (
    "routing unsaid", "routing blank", "routing digits", "routing length", "routing invalid", "routing unknown",
)  # fmt: skip

TAG_OF = select(ExternalAccount.id).where(ExternalAccount.tag == bindparam("tag"))
Faults = Iterator[Fault]


class Details(NamedTuple):
    """What is said of an external account; a routing number of None is not said at all."""

    type: str = ""
    account_number: str = ""
    routing_number: str | None = None
    first_name: str = ""
    last_name: str = ""
    business_name: str = ""
    nick_name: str = ""
    tag: str | None = None


def refuse_faulty(tx: Tx, program: ProgramFacts, customer_id: int, details: Details) -> None:
    """Refuses: ExternalAccountFaulty (all that is wrong with a new one)."""
    faults = [
        *number_faults(details.account_number),
        *name_faults(details),
        *nick_name_faults(tx, customer_id, details.nick_name),
        *routing_faults(details.routing_number, is_needed=program.is_external_routing_needed),
        *tag_faults(tx, details.tag),
        *type_faults(program, details.type),
    ]
    if faults:
        raise ExternalAccountFaulty(faults)


def spelt_type(program: ProgramFacts, type: str) -> str:
    """A type in any case as the program spells it; one that it does not know stays as it is."""
    return {known.lower(): known for known in program.external_account_types}.get(type.strip().lower(), type)


def number_faults(number: str) -> Faults:
    """What is wrong with an account number."""
    if not number:
        yield Fault(ACCOUNT_MISSING, "account_number", "is required")
    if not ACCOUNT_CHARACTERS.fullmatch(number):
        yield Fault(ACCOUNT_CHARACTER, "account_number", "may hold letters, digits, spaces and - . / only")
    if len(number) > ACCOUNT_NUMBER_MAX:
        yield Fault(ACCOUNT_LONG, "account_number", f"is longer than {ACCOUNT_NUMBER_MAX} characters")


def name_faults(details: Details) -> Faults:
    """Which of the names are missing, as the type of the account wants them."""
    first, last = details.first_name.strip(), details.last_name.strip()
    if details.type in BUSINESS_TYPES:
        if not details.business_name.strip():
            yield Fault(BUSINESS_NAME, "business_name", f"is required for type {details.type}")
    elif not (first or last):
        yield Fault(ANY_NAME, "first_name", "or lastName is required")
    elif details.type in FULL_NAME_TYPES and not first:
        yield Fault(FIRST_NAME, "first_name", f"is required for type {details.type}")
    elif details.type in FULL_NAME_TYPES and not last:
        yield Fault(LAST_NAME, "last_name", f"is required for type {details.type}")


def nick_name_faults(tx: Tx, customer_id: int, nick_name: str, *, own_id: int | None = None) -> Faults:
    """Whether another of the customer's external accounts goes by this name, in whatever case."""
    key = nick_name.strip().casefold()
    if key and any(
        one.id != own_id and one.status in LIVING and one.nick_name.strip().casefold() == key
        for one in list_external_accounts(tx, customer_id)
    ):
        yield Fault(NICK_NAME, "nick_name", "is used by another external account of the customer")


def routing_faults(number: str | None, *, is_needed: bool) -> Faults:
    """What is wrong with a routing number, or that there is none."""
    if not number:
        if is_needed:
            kind = ROUTING_UNSAID if number is None else ROUTING_BLANK
            yield Fault(kind, "routing_number", "is required")
        return
    problem = routing_problem(number)
    if problem is None:
        return
    if problem == NOT_DIGITS:
        yield Fault(ROUTING_DIGITS, "routing_number", problem)
    elif problem == NOT_NINE:
        yield Fault(ROUTING_LENGTH, "routing_number", problem)
    elif int(number[:2]) not in PREFIXES:
        yield Fault(ROUTING_UNKNOWN, "routing_number", f"lookup failed: no bank has numbers like {number}")
    else:
        yield Fault(ROUTING_INVALID, "routing_number", problem)


def tag_faults(tx: Tx, tag: str | None, *, own_id: int | None = None) -> Faults:
    """Whether a tag is taken, in the whole program."""
    if tag is not None and tx.value(TAG_OF, tag=tag) not in {None, own_id}:
        yield Fault(TAG, "tag", "is used by another external account")


def type_faults(program: ProgramFacts, type: str) -> Faults:
    """Whether the program knows a type."""
    if type not in program.external_account_types:
        yield Fault(TYPE, "type", f"is none of {', '.join(program.external_account_types)}")
