"""What waits for the merchant is counted: what is settled by itself is not, and none is counted for ever."""

import pytest

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.figures import troubles
from comptoir.domain.figures.troubles import (
    LATELY,
    RECENT,
    UNHEARD,
    Counted,
    list_failed_renewals,
    list_fraud_reviews,
    list_low_stock,
    troubles_of,
)
from comptoir.domain.money import Money
from comptoir.domain.orders.selling import SaleTerms
from comptoir.domain.payments.attempts import begin_attempt
from comptoir.domain.subscriptions.renewing import renew
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.endpoints import create_endpoint
from comptoir.domain.webhooks.models import Delivery
from tests.conftest import NOW
from tests.domain.orders.given import a_sale
from tests.domain.subscriptions.given import at, enrolled, plan, sold

NONE = Counted(0, is_more=False)


def one(number: int) -> Counted:
    return Counted(number, is_more=False)


def test_nothing_is_in_trouble_in_a_new_shop(tx: Tx) -> None:
    found = troubles_of(tx)
    assert set(found) == {NONE}
    assert not found.is_any
    assert list_failed_renewals(tx) == []
    assert list_low_stock(tx) == []


def test_a_declined_renewal_waits_until_it_succeeds_or_is_old(tx: Tx) -> None:
    sale = sold(tx, card="sbx-declined")
    enrolment = enrolled(tx, plan(tx, "20"))
    due = max(tx.now, enrolment.next_billing_at or tx.now)
    with at(tx, due.replace(year=due.year + 1)):
        renew(tx, enrolment_id=sale.enrolment_id)
        (failed,) = list_failed_renewals(tx)
        assert (failed.enrolment_id, failed.sale_id, failed.failed_attempts) == (
            sale.enrolment_id,
            sale.sale_id,
            1,
        )
        assert (failed.price_e4, failed.is_active, failed.declined_at) == (200_000, True, tx.now)
        assert troubles_of(tx).failed_renewals == one(1)
        later = tx.now + RECENT
    with at(tx, later):
        assert troubles_of(tx).failed_renewals == one(1)
    with at(tx, later.replace(microsecond=1)):
        assert troubles_of(tx).failed_renewals == NONE


def a_delivery(tx: Tx, number: int, state: str, **values: object) -> None:
    endpoint = create_endpoint(tx, kind="standard", url="http://127.0.0.1:9/")
    row = {
        "id": number, "endpoint_id": endpoint.id, "number": number, "event_seq": None, "kind": "sale.placed",
        "subject": "sale", "subject_id": 1, "body": "", "state": state, "attempts": 0, "due_at": None,
        "claimed_until": None, "created_at": NOW, "ended_at": None, "repeats_id": None,
    }  # fmt: skip
    tx.insert(Delivery, **row | values)


def test_messages_that_do_not_arrive_are_counted(tx: Tx) -> None:
    a_delivery(tx, 1, "pending")
    a_delivery(tx, 2, "pending", attempts=2)
    a_delivery(tx, 3, "delivered", attempts=2, ended_at=NOW)
    a_delivery(tx, 4, "dead", attempts=9, ended_at=NOW - LATELY)
    a_delivery(tx, 5, "dead", attempts=9, ended_at=NOW - LATELY * 2)
    found = troubles_of(tx)
    assert (found.retried_deliveries, found.dead_deliveries) == (one(1), one(1))


def test_sales_under_review_wait(tx: Tx) -> None:
    a_sale(tx, terms=SaleTerms(fraud_status="pass"))
    assert troubles_of(tx).fraud_reviews == NONE
    sale = a_sale(tx, terms=SaleTerms(fraud_status="wait"))
    assert troubles_of(tx).fraud_reviews == one(1)
    assert [review.order_id for review in list_fraud_reviews(tx)] == [sale.order_id]


def test_a_gateway_that_was_not_heard_is_in_trouble_after_a_while(tx: Tx) -> None:
    about = {"verb": "capture", "gateway": "stripe", "subject": "order", "subject_id": 1}
    begin_attempt(tx, key="1", amount=Money(1, "AUD"), **about)  # type: ignore[arg-type]
    assert troubles_of(tx).unheard_payments == NONE
    with at(tx, NOW + UNHEARD * 2):
        assert troubles_of(tx).unheard_payments == one(1)


def test_little_left_is_low_where_stock_is_kept(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    for quantity in (9, 5, 0):
        create_product(tx, name=f"Lamp {quantity}", has_inventory=True, quantity=quantity)
    create_product(tx, name="Song", has_inventory=False, quantity=0)
    assert [(product.name, product.quantity) for product in list_low_stock(tx)] == [
        ("Lamp 0", 0),
        ("Lamp 5", 5),
    ]
    assert troubles_of(tx).low_stock == one(2)
    monkeypatch.setattr(troubles, "MOST", 1)
    assert troubles_of(tx).low_stock == Counted(1, is_more=True)
