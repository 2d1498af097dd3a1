"""Where customers of the bank stand in a list by name, whoever changes what they are called."""

from collections.abc import Mapping
from typing import Any, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.customers import actions
from comptoir.domain.customers.actions import CustomerChanges
from comptoir.domain.customers.models import Customer
from comptoir.domain.names import order_key
from comptoir.domain.tx import Tx

OWN_NAME = "business_legal_name"
# What decides where somebody stands.
NAMES = frozenset({"first_name", "last_name", "email", OWN_NAME})
CALLED = (
    select(
        Customer.first_name, Customer.last_name, Customer.email, BankCustomer.is_business, BankCustomer.details
    )
    .join(BankCustomer, BankCustomer.customer_id == Customer.id)
    .where(BankCustomer.customer_id == bindparam("customer_id"))
)  # fmt: skip


def name_key_of(said: Mapping[str, Any], *, is_business: bool) -> str:
    """A business stands by its own name, a person by the last name, and who has none by the e-mail address."""
    own = str(said.get(OWN_NAME) or "") if is_business else ""
    whole = order_key(said.get("last_name") or "", said.get("first_name") or "")
    return order_key(own) or whole or order_key(said.get("email") or "")


def put_in_order(tx: Tx, customer_id: int) -> None:
    """Let a customer stand where the names that are kept now belong; who does not bank here stands nowhere."""
    row = tx.one(CALLED, customer_id=customer_id)
    if row is not None:
        first, last, email, is_business, details = row
        said = {"first_name": first, "last_name": last, "email": email, **(details or {})}
        tx.update(BankCustomer, customer_id, name_key=name_key_of(said, is_business=is_business))


def update_customer(tx: Tx, *, customer_id: int, **fields: Unpack[CustomerChanges]) -> None:
    """Change what the shop knows of a customer, who may bank here too.

    Refuses: CustomerNotFound, Invalid (any text, email).
    """
    actions.update_customer(tx, customer_id=customer_id, **fields)
    if NAMES & fields.keys():
        put_in_order(tx, customer_id)
