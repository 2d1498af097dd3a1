"""Finding customers: by tag, by e-mail address, by anything that is said of them, and all of them."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from comptoir.domain.banking.customers.cleaning import cleaned, compared_tax_id
from comptoir.domain.banking.customers.models import VERIFIED, BankCustomer
from comptoir.domain.banking.customers.persons import PERSONS, SHOP_FIELDS, Person, PersonFacts
from comptoir.domain.customers.models import Customer
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Digest
from comptoir.storage.lists import among
from comptoir.storage.written import folded

# What customers are searched by; numbers of papers are found by their digests.
DIGESTS = {
    "tax_id": "tax_id_digest",
    "passport_number": "passport_digest",
    "license_number": "license_digest",
}
TEXTS = (
    "tag", "first_name", "middle_name", "last_name", "suffix", "email", "gender", "culture", "passport_country",
    "license_state", "custom1", "custom2", "custom3", "custom4", "custom5",
)  # fmt: skip
DAYS = (
    "birth_date", "passport_issued_on", "passport_expires_on", "license_issued_on", "license_expires_on",
)  # fmt: skip
FLAGS = ("is_backup_withholding", "is_opted_in", "is_documents_accepted")
SEARCHED = frozenset({*DIGESTS, *TEXTS, *DAYS, *FLAGS})
SHAPES_MAX = 256

# Of several with one tag or address, who may act is meant; of several of those, the last one.
_LIKELIEST = ((BankCustomer.status == VERIFIED).desc(), BankCustomer.customer_id.desc())
BY_TAG = PERSONS.where(BankCustomer.tag == bindparam("tag")).order_by(*_LIKELIEST).limit(1)
BY_TAG_OF = BY_TAG.where(BankCustomer.customer_id == bindparam("customer_id"))
BY_EMAIL = PERSONS.where(Customer.email_key == bindparam("email")).order_by(*_LIKELIEST).limit(1)
OF_IDS = PERSONS.where(among(BankCustomer.customer_id, "ids"))
IN_ORDER = (folded(Customer.last_name), folded(Customer.first_name), BankCustomer.customer_id)


class People(NamedTuple):
    """A page of customers, and how many there are in all."""

    page: list[PersonFacts]
    total: int


def find_by_tag(tx: Tx, tag: str, *, customer_id: int | None = None) -> PersonFacts | None:
    """The customer with this tag; with an id, only when it is theirs."""
    own = {} if customer_id is None else {"customer_id": customer_id}
    row = tx.one(BY_TAG_OF if own else BY_TAG, tag=tag, **own)
    return None if row is None else PersonFacts(*row)


def find_by_email(tx: Tx, email: str) -> PersonFacts | None:
    """The customer with this e-mail address, in any case."""
    row = tx.one(BY_EMAIL, email=key_of(email.strip()))
    return None if row is None else PersonFacts(*row)


def list_people(tx: Tx, *, limit: int, offset: int) -> People:
    """All customers, whatever their status, by name."""
    return _page(tx, {}, limit, offset)


def search_people(tx: Tx, person: Person, *, limit: int, offset: int) -> People:
    """The customers of whom all this is true, in any case of letters, by name."""
    wanted: dict[str, Any] = {name: value for name, value in cleaned(person).items() if name in SEARCHED}
    if "tax_id" in wanted:
        wanted["tax_id"] = compared_tax_id(wanted["tax_id"])
    return _page(tx, wanted, limit, offset)


def _page(tx: Tx, wanted: dict[str, Any], limit: int, offset: int) -> People:
    page, count = _statements(frozenset(wanted))
    values = {name: value.lower() if name in TEXTS else value for name, value in wanted.items()}
    found = int(tx.value(count, **values))
    if offset >= found:
        return People([], found)
    ids = [row[0] for row in tx.all(page, **values, limit=limit, offset=offset)]
    people = {row[0]: PersonFacts(*row) for row in tx.all(OF_IDS, ids=ids)}
    return People([people[customer_id] for customer_id in ids], found)


@lru_cache(maxsize=SHAPES_MAX)
def _statements(names: frozenset[str]) -> tuple[Select[Any], Select[Any]]:
    """The statements for searching by these names: a page, and the count."""
    conditions = [_condition(name) for name in sorted(names)]
    count = (
        select(func.count()).select_from(BankCustomer).join(Customer, Customer.id == BankCustomer.customer_id)
    )
    page = PERSONS.where(*conditions).order_by(*IN_ORDER)
    return page.limit(bindparam("limit")).offset(bindparam("offset")), count.where(*conditions)


def _condition(name: str) -> ColumnElement[bool]:
    if name in DIGESTS:
        return getattr(BankCustomer, DIGESTS[name]) == bindparam(name, type_=Digest())  # type: ignore[no-any-return]
    column = getattr(Customer if name in SHOP_FIELDS else BankCustomer, name)
    if name in TEXTS:
        return folded(column) == bindparam(name)
    return column == bindparam(name, type_=column.type)  # type: ignore[no-any-return]
