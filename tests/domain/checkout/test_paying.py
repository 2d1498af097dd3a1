"""Paying for checkouts: the card is asked, the sale placed; declines, double submits, silence, demo."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from comptoir.domain.checkout import paying
from comptoir.domain.checkout.errors import CardDeclined, CheckoutOver, NotReady, PaymentUnclear
from comptoir.domain.checkout.models import DEMO, OPEN, PAID, PAYING, Checkout
from comptoir.domain.checkout.queries import get_checkout
from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.models import Invoice, LineItem, Order
from comptoir.domain.payments.errors import CardRefused
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import GatewayAttempt, PaymentMethod, PaymentTransaction
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem
from comptoir.domain.tx import OpenShop
from tests.conftest import NOW
from tests.domain.checkout.shopping import (
    BAD,
    GOOD,
    LOST,
    ONE_SHIRT,
    SILENT,
    be_seller,
    begun,
    opened,
    paid,
)

ORDERS = select(
    Order.id, Order.sale_id, Order.total_minor, Order.billing_name, Order.billing_email, Order.currency
)
COUNT = select(func.count()).select_from(Order)
INVOICES = select(
    Invoice.order_id, Invoice.status, Invoice.fraud_status, Invoice.merchant_order_id, Invoice.card_last_two,
    Invoice.customer_currency, Invoice.customer_total_minor, Invoice.first_name, Invoice.middle_initial,
    Invoice.last_name, Invoice.ip_address,
)  # fmt: skip
PAYMENTS = select(PaymentTransaction.order_id, PaymentTransaction.status, PaymentTransaction.amount_e4)


@pytest.fixture(autouse=True)
def _seller(shop: OpenShop) -> None:
    shop.write(be_seller)


def test_a_paid_checkout_is_a_sale_with_an_authorised_payment(shop: OpenShop) -> None:
    row = paid(shop, opened(shop))
    assert (row.state, row.order_id) == (PAID, (row.sale_id or 0) + 9)
    assert shop.read(lambda tx: tx.all(ORDERS)) == [
        (row.order_id, row.sale_id, 1, "Joan Q Shopper", "joan@example.com", "AUD")
    ]
    assert shop.read(lambda tx: tx.all(INVOICES)) == [
        (
            row.order_id, "approved", "wait", "abc-1", "02", "AUD", 1, "Joan", "Q", "Shopper", "203.0.113.9",
        )
    ]  # fmt: skip
    assert shop.read(lambda tx: tx.all(PAYMENTS)) == [(row.order_id, "pending", 100)]


def test_every_piece_is_a_line_item(shop: OpenShop) -> None:
    more = {
        "li_1_name": "Mug",
        "li_1_price": "2.50",
        "li_1_quantity": "3",
        "li_2_type": "shipping",
        "li_2_price": "4",
    }
    row = paid(shop, opened(shop, ONE_SHIRT | more))
    assert shop.read(lambda tx: tx.value(ORDERS.with_only_columns(Order.total_minor))) == 1 + 750 + 400
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(LineItem))) == 5
    assert row.state == PAID


def test_a_checkout_paid_twice_is_one_sale_and_one_charge(shop: OpenShop) -> None:
    key = opened(shop)
    first, second = paid(shop, key), paid(shop, key)
    assert first == second
    assert shop.read(lambda tx: tx.value(COUNT)) == 1
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(GatewayAttempt))) == 1


def test_a_declined_card_sells_nothing_and_another_card_may_be_tried(shop: OpenShop) -> None:
    key = opened(shop)
    with pytest.raises(CardDeclined) as declined:
        paid(shop, key, BAD)
    assert declined.value.reason == "card declined"
    assert shop.read(lambda tx: (get_checkout(tx, key).state, tx.value(COUNT))) == (OPEN, 0)
    assert paid(shop, key, GOOD).state == PAID


def test_too_many_cards_end_the_checkout(shop: OpenShop) -> None:
    key = opened(shop)
    for _ in range(paying.TRIES_MAX):
        with pytest.raises(CardDeclined):
            paid(shop, key, BAD)
    with pytest.raises(CheckoutOver):
        paid(shop, key, GOOD)


def test_what_cannot_be_a_card_is_never_asked(shop: OpenShop) -> None:
    with pytest.raises(CardRefused):
        paid(shop, opened(shop), "4000000000000003")
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(GatewayAttempt))) == 0


def test_a_silent_gateway_leaves_the_checkout_under_way(shop: OpenShop) -> None:
    key = opened(shop)
    for _ in range(2):
        with pytest.raises(PaymentUnclear):
            paid(shop, key, SILENT)
    assert shop.read(lambda tx: (get_checkout(tx, key).state, tx.value(COUNT))) == (PAYING, 0)
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(GatewayAttempt))) == 1


def test_an_address_must_be_known_before_a_card_is_asked(shop: OpenShop) -> None:
    key = shop.write(lambda tx: begun(tx, ONE_SHIRT))
    with pytest.raises(NotReady) as refused:
        paid(shop, key)
    assert refused.value.step == "billing-information"


def test_a_checkout_that_was_left_too_long_is_over(shop: OpenShop) -> None:
    key = opened(shop)
    row = shop.read(lambda tx: get_checkout(tx, key))
    shop.write(lambda tx: tx.update(Checkout, row.id, expires_at=tx.now))
    with pytest.raises(CheckoutOver):
        paid(shop, key)


def test_a_demo_sells_nothing_and_stores_no_sale(shop: OpenShop) -> None:
    row = paid(shop, opened(shop, ONE_SHIRT | {"demo": "Y"}))
    assert (row.state, row.order_id) == (DEMO, None)
    assert row.sale_id
    assert shop.read(lambda tx: tx.value(COUNT)) == 0
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(GatewayAttempt))) == 0


@pytest.mark.parametrize(
    ("account", "asked", "state"),
    [
        ("Y", "", DEMO),
        ("Y", "Y", DEMO),
        ("N", "Y", PAID),
        ("P", "Y", DEMO),
        ("P", "y", PAID),
        ("P", "", PAID),
    ],
)
def test_the_account_says_what_is_a_demo(shop: OpenShop, account: str, asked: str, state: str) -> None:
    shop.write(lambda tx: update_merchant(tx, demo=account))
    assert paid(shop, opened(shop, ONE_SHIRT | {"demo": asked})).state == state


def test_a_demo_card_is_declined_as_a_real_one(shop: OpenShop) -> None:
    with pytest.raises(CardDeclined):
        paid(shop, opened(shop, ONE_SHIRT | {"demo": "Y"}), BAD)


def test_what_recurs_goes_on_at_its_lasting_price(shop: OpenShop) -> None:
    more = {
        "li_0_price": "10.00",
        "li_0_recurrence": "1 Month",
        "li_0_duration": "3 Month",
        "li_0_startup_fee": "5.00",
    }
    row = paid(
        shop, opened(shop, ONE_SHIRT | more | {"li_0_option_0_name": "Size", "li_0_option_0_surcharge": "1"})
    )
    assert shop.read(lambda tx: tx.value(ORDERS.with_only_columns(Order.total_minor))) == 1600
    items = select(
        RecurringItem.sale_id, RecurringItem.price_e4, RecurringItem.installments, RecurringItem.installments_max,
        RecurringItem.status, Enrolment.next_billing_at,
    ).join(Enrolment, Enrolment.id == RecurringItem.enrolment_id)  # fmt: skip
    assert shop.read(lambda tx: tx.all(items)) == [
        (row.sale_id, 110_000, 1, 3, "live", datetime(2026, 4, 1, 12, tzinfo=UTC))
    ]
    methods = select(PaymentMethod.sale_id, PaymentMethod.gateway, PaymentMethod.method)
    assert shop.read(lambda tx: tx.all(methods)) == [(row.sale_id, "sandbox", "sbx-approved")]


def test_money_that_came_in_after_all_makes_the_sale(shop: OpenShop) -> None:
    key = opened(shop)
    with pytest.raises(PaymentUnclear):
        paid(shop, key, SILENT)
    later = NOW + timedelta(hours=1)
    shop.system = lambda: later
    Reconciler(CONCLUDERS).reconcile(shop, gateway_named)
    row = shop.read(lambda tx: get_checkout(tx, key))
    assert (row.state, row.order_id) == (PAID, (row.sale_id or 0) + 9)
    assert shop.read(lambda tx: tx.all(PAYMENTS)) == [(row.order_id, "pending", 100)]


def test_money_that_never_came_opens_the_checkout_again(shop: OpenShop) -> None:
    key = opened(shop)
    with pytest.raises(PaymentUnclear):
        paid(shop, key, LOST)
    later = NOW + timedelta(hours=1)
    shop.system = lambda: later
    Reconciler(CONCLUDERS).reconcile(shop, gateway_named)
    assert shop.read(lambda tx: (get_checkout(tx, key).state, tx.value(COUNT))) == (OPEN, 0)
    assert paid(shop, key).state == PAID


def test_a_sale_that_cannot_be_placed_lets_the_money_go(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = opened(shop)

    def refuse(*_args: object) -> None:
        raise Invalid("email", "cannot be taken")

    monkeypatch.setattr(paying, "place_paid_sale", refuse)
    with pytest.raises(Invalid):
        paid(shop, key)
    assert shop.read(lambda tx: (get_checkout(tx, key).state, tx.value(COUNT))) == (OPEN, 0)
    verbs = select(GatewayAttempt.verb).order_by(GatewayAttempt.id)
    assert shop.read(lambda tx: tx.all(verbs)) == [("authorise",), ("void",)]


def test_many_who_press_the_button_at_once_are_charged_once(shop: OpenShop) -> None:
    key = opened(shop)

    def press(_number: int) -> str:
        try:
            return paid(shop, key).state
        except PaymentUnclear:
            return "unclear"

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(press, range(8)))
    assert set(ends) <= {PAID, "unclear"}
    assert PAID in ends
    assert shop.read(lambda tx: tx.value(COUNT)) == 1
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(GatewayAttempt))) == 1


def test_a_new_buyer_may_pay_for_many_checkouts_at_once(shop: OpenShop) -> None:
    keys = [opened(shop) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        rows = list(pool.map(lambda key: paid(shop, key), keys))
    assert {row.state for row in rows} == {PAID}
    buyers = select(func.count(Order.customer_id.distinct()), func.count())
    assert shop.read(lambda tx: tx.one(buyers)) == (1, 12)
