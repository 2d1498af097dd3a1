"""Plans and enrolments that the tests begin with, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from comptoir.domain.customers.actions import register_customer
from comptoir.domain.money import e4_of_decimal
from comptoir.domain.orders.selling import Every, SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.subscriptions.actions import subscribe
from comptoir.domain.subscriptions.plans import create_plan
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.tx import Tx
from tests.domain.orders.given import A_BUYER


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


def sold(
    tx: Tx,
    *lines: SaleLine,
    card: str = "sbx-approved",
    gateway: str = "sandbox",
    keeps: bool = True,
    **terms: Any,
) -> Sold:
    """A sale at a checkout, paid by a card that is kept, whose recurring lines have begun to bill themselves."""
    placed = place_sale(
        tx,
        lines=lines or [monthly()],
        buyer=A_BUYER,
        terms=SaleTerms(**({"fraud_status": "pass"} | terms)),
    )
    charge_order(tx, order_id=placed.order_id, gateway=gateway_named("sandbox"))
    if keeps:
        keep_method(tx, sale_id=placed.sale_id, gateway=gateway, method=card)
    enrolments = [
        start_recurring(tx, order_line_id=line_id, gateway=gateway)
        for line_id, line in zip(placed.line_ids, lines or [monthly()], strict=True)
        if line.recurrence is not None
    ]
    return Sold(placed.sale_id, placed.order_id, placed.line_ids[0], enrolments[0], enrolments)


class Sold(NamedTuple):
    """The numbers of a sale whose first line recurs."""

    sale_id: int
    order_id: int
    line_id: int
    enrolment_id: int
    enrolments: list[int]


def monthly(price: str = "20", fee: str | None = None, **facts: Any) -> SaleLine:
    """A line that recurs every month for ever, unless it is said otherwise."""
    price_e4 = e4_of_decimal(Decimal(price))
    fee_e4 = None if fee is None else e4_of_decimal(Decimal(fee))
    given: dict[str, Any] = {
        "name": "Download",
        "amount_e4": price_e4 + (fee_e4 or 0),
        "price_e4": price_e4,
        "startup_fee_e4": fee_e4,
        "recurrence": Every(1, "month"),
    }
    return SaleLine(**(given | facts))
