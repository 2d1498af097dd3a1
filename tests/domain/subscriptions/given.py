"""Plans and enrolments that the tests begin with, and a clock that is moved by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from comptoir.domain.customers.actions import register_customer
from comptoir.domain.money import e4_of_decimal
from comptoir.domain.subscriptions.actions import subscribe
from comptoir.domain.subscriptions.plans import create_plan
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment
from comptoir.domain.tx import Tx


def plan(tx: Tx, price: str = "20", **fields: Any) -> int:
    return create_plan(tx, name="Coffee", price_e4=e4_of_decimal(Decimal(price)), **fields)


def enrolled(tx: Tx, plan_id: int, **fields: Any) -> EnrolmentRow:
    customer = register_customer(
        tx, username=f"ada{tx.ids.next('name')}", first_name="Ada", email="a@example.com"
    )
    given: dict[str, Any] = {"gateway": "sandbox"} | fields
    return get_enrolment(tx, subscribe(tx, customer_id=customer, subscription_id=plan_id, **given))


@contextmanager
def at(tx: Tx, moment: datetime) -> Iterator[Tx]:
    """The same transaction, as if it had begun at another time."""
    began = tx.now
    tx._now = moment
    try:
        yield tx
    finally:
        tx._now = began
