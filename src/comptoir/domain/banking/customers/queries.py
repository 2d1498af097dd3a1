"""Finding customers of the bank."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.errors import (
    CustomerDeceased,
    CustomerInactive,
    CustomerLocked,
    CustomerNotFound,
    CustomerNotVerified,
)
from comptoir.domain.banking.customers.models import (
    ARCHIVED,
    DECEASED,
    DENIED,
    EXPIRED,
    VERIFIED,
    BankCustomer,
)
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx

GONE = frozenset({ARCHIVED, DENIED, EXPIRED})


class CustomerRow(NamedTuple):
    """What decides what a customer may do, with the name."""

    customer_id: int
    status: str
    access_type: str
    is_business: bool
    is_active: bool
    is_locked: bool
    tag: str | None
    first_name: str
    last_name: str
    email: str


CUSTOMERS = select(
    BankCustomer.customer_id, BankCustomer.status, BankCustomer.access_type, BankCustomer.is_business,
    BankCustomer.is_active, BankCustomer.is_locked, BankCustomer.tag,
    Customer.first_name, Customer.last_name, Customer.email,
).join(Customer, Customer.id == BankCustomer.customer_id)  # fmt: skip
GET_CUSTOMER = CUSTOMERS.where(BankCustomer.customer_id == bindparam("customer_id"))


def get_customer(tx: Tx, customer_id: int | None) -> CustomerRow:
    """One customer of the bank. Refuses: CustomerNotFound."""
    row = None if customer_id is None else tx.one(GET_CUSTOMER, customer_id=customer_id)
    if row is None:
        raise CustomerNotFound(customer_id)
    return CustomerRow(*row)


def require_customer(tx: Tx, customer_id: int | None, *, is_verified: bool = True) -> CustomerRow:
    """A customer who may act: there, alive, active, not locked, and verified unless that does not matter.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified.
    """
    customer = get_customer(tx, customer_id)
    if customer.status == DECEASED:
        raise CustomerDeceased(f"customer {customer.customer_id} is marked deceased")
    if not customer.is_active or customer.status in GONE:
        raise CustomerInactive(f"customer {customer.customer_id} is inactive")
    if customer.is_locked:
        raise CustomerLocked(f"customer {customer.customer_id} is locked")
    if is_verified and customer.status != VERIFIED:
        raise CustomerNotVerified(f"customer {customer.customer_id} is not verified")
    return customer
