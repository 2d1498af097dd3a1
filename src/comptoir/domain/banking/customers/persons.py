"""What is known of a customer of the bank: the shop's part and the bank's, and how they are read together."""

from datetime import date, datetime
from typing import Any, NamedTuple, TypedDict, cast

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.errors import (
    CustomerDeceased,
    CustomerInactive,
    CustomerLocked,
    CustomerNotFound,
)
from comptoir.domain.banking.customers.models import (
    DECEASED,
    ENDED_STATUSES,
    BankAddress,
    BankCustomer,
    BankPhone,
)
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx


class Address(TypedDict):
    """One of a customer's addresses."""

    address_type: str
    line1: str
    line2: str
    line3: str
    line4: str
    city: str
    state: str
    postal_code: str
    country: str
    is_active: bool


class Phone(TypedDict):
    """One of a customer's telephones."""

    phone_type: str
    number: str
    is_active: bool


class Details(TypedDict, total=False):
    """What is kept of some customers only: of businesses, and by later programs."""

    attested_on: date | None
    attester_name: str
    attester_title: str
    business_description: str
    business_legal_name: str
    business_name_on_card: str
    business_website: str
    doing_business_as: str
    exempt_reason: str
    foreign_country: str
    foreign_expires_on: date | None
    foreign_type: str
    formation_state: str
    formed_on: date | None
    industry_code: int | None
    is_exempt_from_ownership: bool
    is_preferred_on_card: bool
    legal_entity_type: str
    preferred_name: str
    tax_id_type: str


class Person(Details, total=False):
    """What may be said of a customer. A text that is empty takes away what was said."""

    tag: str | None
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date | None
    gender: str
    culture: str
    email: str
    tax_id: str
    passport_number: str
    passport_country: str
    passport_issued_on: date | None
    passport_expires_on: date | None
    license_number: str
    license_state: str
    license_issued_on: date | None
    license_expires_on: date | None
    foreign_number: str
    is_documents_accepted: bool
    is_backup_withholding: bool
    is_opted_in: bool
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    addresses: list[Address]
    phones: list[Phone]


class PersonFacts(NamedTuple):
    """A customer as both records have them."""

    customer_id: int
    tag: str | None
    status: str
    access_type: str
    is_business: bool
    is_active: bool
    middle_name: str
    suffix: str
    gender: str
    culture: str
    tax_id: str | None
    passport_number: str | None
    passport_country: str
    passport_issued_on: date | None
    passport_expires_on: date | None
    license_number: str | None
    license_state: str
    license_issued_on: date | None
    license_expires_on: date | None
    foreign_number: str | None
    is_documents_accepted: bool
    documents_accepted_at: datetime | None
    is_backup_withholding: bool
    is_opted_in: bool
    is_locked: bool
    locked_at: datetime | None
    locked_reason: str
    verified_at: datetime | None
    manual_review_at: datetime | None
    expired_at: datetime | None
    deceased_at: datetime | None
    last_contact_at: datetime | None
    last_contact_type: str
    last_activity_at: datetime | None
    details: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    first_name: str
    last_name: str
    email: str
    birth_date: date | None
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str

    def detail(self, name: str) -> Any:
        """Something that is kept of some customers only; None when it is not."""
        return self.details.get(name)

    def detail_day(self, name: str) -> date | None:
        """A day among the details."""
        found = self.details.get(name)
        return None if found is None else date.fromisoformat(found)

    @property
    def screened(self) -> tuple[str, datetime] | None:
        """What was found the last time somebody looked into who this is, and when; None when nobody did."""
        status = self.details.get("screened")
        return None if status is None else (status, datetime.fromisoformat(self.details["screened_at"]))


# These live with the shop's customer, whom the other dialects know.
SHOP_FIELDS = (
    "first_name", "last_name", "email", "birth_date", "custom1", "custom2", "custom3", "custom4", "custom5",
)  # fmt: skip
DETAIL_FIELDS = tuple(Details.__annotations__)
SEALED_FIELDS = ("tax_id", "passport_number", "license_number", "foreign_number")
LIST_FIELDS = ("addresses", "phones")

PERSONS = select(
    *(getattr(Customer if name in SHOP_FIELDS else BankCustomer, name) for name in PersonFacts._fields)
).join(Customer, Customer.id == BankCustomer.customer_id)
GET_PERSON = PERSONS.where(BankCustomer.customer_id == bindparam("customer_id"))
LOCK_PERSON = {"sqlite": GET_PERSON, "postgres": GET_PERSON.with_for_update(key_share=True, of=BankCustomer)}
ADDRESSES = (
    select(*(getattr(BankAddress, name) for name in Address.__annotations__))
    .where(BankAddress.customer_id == bindparam("customer_id"))
    .order_by(BankAddress.id)
)
PHONES = (
    select(*(getattr(BankPhone, name) for name in Phone.__annotations__))
    .where(BankPhone.customer_id == bindparam("customer_id"))
    .order_by(BankPhone.id)
)


def get_person(tx: Tx, customer_id: int) -> PersonFacts:
    """All that is known of a customer. Refuses: CustomerNotFound."""
    row = tx.one(GET_PERSON, customer_id=customer_id)
    if row is None:
        raise CustomerNotFound(customer_id)
    return PersonFacts(*row)


def take_person(tx: Tx, customer_id: int) -> PersonFacts:
    """The same of one who is to be changed: nobody else changes them meanwhile. Refuses: CustomerNotFound."""
    row = tx.one(LOCK_PERSON[tx.engine], customer_id=customer_id)
    if row is None:
        raise CustomerNotFound(customer_id)
    return PersonFacts(*row)


def refuse_unchangeable(known: PersonFacts) -> None:
    """Refuses: CustomerDeceased, CustomerInactive, CustomerLocked."""
    if known.status == DECEASED:
        raise CustomerDeceased(f"customer {known.customer_id} is marked deceased")
    if known.status in ENDED_STATUSES:
        raise CustomerInactive(f"customer {known.customer_id} is inactive")
    if known.is_locked:
        raise CustomerLocked(f"customer {known.customer_id} is locked")


def list_addresses(tx: Tx, customer_id: int) -> list[Address]:
    """A customer's addresses, in the order in which they were first given."""
    return [_address(*row) for row in tx.all(ADDRESSES, customer_id=customer_id)]


def list_phones(tx: Tx, customer_id: int) -> list[Phone]:
    """A customer's telephones, in the order in which they were first given."""
    return [_phone(*row) for row in tx.all(PHONES, customer_id=customer_id)]


def _address(*values: Any) -> Address:
    return cast("Address", dict(zip(Address.__annotations__, values, strict=True)))


def _phone(*values: Any) -> Phone:
    return cast("Phone", dict(zip(Phone.__annotations__, values, strict=True)))
