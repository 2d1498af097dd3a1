from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from comptoir.domain.identity.shopkeeping import advance_clock, freeze_clock
from comptoir.domain.ledger.books import check_books
from comptoir.domain.merchant.offers import set_rate
from comptoir.domain.orders.changing import remove_order
from comptoir.domain.orders.invoicing import find_invoice
from comptoir.domain.orders.models import Invoice, LineItem, Order
from comptoir.domain.orders.queries import get_head, invoices_of_sale
from comptoir.domain.orders.selling import Every
from comptoir.domain.payments.attempts import abandon_attempt, find_attempt
from comptoir.domain.payments.gateways import ManualGateway
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.payments.models import GatewayAttempt
from comptoir.domain.payments.port import Charge, Gateway, Outcome
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.shop import Shop
from comptoir.domain.subscriptions.actions import stop
from comptoir.domain.subscriptions.installments import conclude_installment
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem
from comptoir.domain.subscriptions.queries import get_enrolment
from comptoir.domain.subscriptions.recurring import stop_recurring
from comptoir.domain.subscriptions.renewing import renew, renew_due
from comptoir.domain.subscriptions.writing import write_item
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.orders.given import order_value
from tests.domain.subscriptions.given import at, monthly, sold
from tests.domain.subscriptions.test_recurring import item_of, noted

DAY = timedelta(days=1)
NEXT = NOW + 31 * DAY


class RemoteGateway(ManualGateway):
    """A gateway far away, which may not be asked inside a transaction."""

    is_remote = True

    def authorise(self, charge: Charge) -> Outcome:
        raise AssertionError("asked inside a transaction")


def remote(_name: str) -> Gateway:
    return RemoteGateway("sandbox")


def test_an_installment_is_an_invoice_of_its_sale_and_a_child_order(tx: Tx) -> None:
    sale = sold(tx, monthly("20", "5"), merchant_order_id="A-1", card_first_six="400000", card_last_two="02")
    before = get_enrolment(tx, sale.enrolment_id)
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    assert (renewal.outcome, renewal.order_id) == ("renewed", before.next_order_id)
    assert renewal.order_id is not None
    head = get_head(tx, renewal.order_id)
    assert (head.parent_id, head.is_renewal, head.sale_id, head.total_minor) == (
        sale.order_id, True, sale.sale_id, 2000,
    )  # fmt: skip
    assert head.created_at == NEXT
    assert invoices_of_sale(tx, sale.sale_id) == [sale.order_id, renewal.order_id]
    invoice = tx.one(
        select(
            Invoice.installment, Invoice.status, Invoice.fraud_status, Invoice.merchant_order_id,
            Invoice.card_first_six, Invoice.card_last_two, Invoice.last_name, Invoice.billing_country,
        ).where(Invoice.order_id == renewal.order_id)
    )  # fmt: skip
    assert invoice == (2, "pending", "pass", "A-1", "400000", "02", "Tester", "USA")
    assert order_value(tx, renewal.order_id, "billing_email") == "testing@example.com"
    (payment,) = list_payments(tx, renewal.order_id)
    assert (payment.id, payment.status, payment.amount_e4) == (renewal.payment_id, "success", 200_000)
    assert order_value(tx, sale.order_id, "has_children")
    after, item = get_enrolment(tx, sale.enrolment_id), item_of(tx, sale.enrolment_id)
    assert after.next_billing_at == NOW.replace(month=5)
    assert (item.installments, item.order_line_id) != (1, sale.line_id)
    assert check_books(tx) == []


def test_the_line_says_which_installment_it_is(tx: Tx) -> None:
    sale = sold(tx, monthly("20", "5", vendor_product_id="DL", description="a file"))
    with at(tx, NEXT):
        renew(tx, enrolment_id=sale.enrolment_id)
    lines = tx.all(
        select(
            LineItem.installment, LineItem.startup_fee_e4, LineItem.price_e4, LineItem.recurrence_unit,
            LineItem.vendor_product_id, LineItem.description, LineItem.enrolment_id,
        ).order_by(LineItem.order_line_id)
    )  # fmt: skip
    assert lines == [
        (1, 50_000, 200_000, "month", "DL", "a file", sale.enrolment_id),
        (2, None, 200_000, "month", "DL", "a file", sale.enrolment_id),
    ]


def test_what_is_told_of_an_installment(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    (change,) = noted(tx, "recurring.billed")
    assert (change.subject, change.subject_id) == (
        "line_item",
        item_of(tx, sale.enrolment_id).order_line_id,
    )
    assert change.after == {
        "sale_id": sale.sale_id,
        "order_id": renewal.order_id,
        "enrolment_id": sale.enrolment_id,
        "status": "live",
        "price_e4": 200_000,
        "installments": 2,
        "next_billing_at": NOW.replace(month=5).isoformat(),
        "payment_id": renewal.payment_id,
    }


def test_the_last_installment_completes_it(tx: Tx) -> None:
    sale = sold(tx, monthly(duration=Every(3, "month")))
    moment, outcomes = NOW, []
    while (row := get_enrolment(tx, sale.enrolment_id)).is_active:
        moment = row.due_at or moment
        with at(tx, moment):
            outcomes.append(renew(tx, enrolment_id=sale.enrolment_id).outcome)
    assert outcomes == ["renewed", "renewed"]
    item = item_of(tx, sale.enrolment_id)
    assert (item.status, item.installments) == ("completed", 3)
    assert (row.next_order_id, row.next_billing_at, row.is_paid) == (None, None, True)
    kinds = [change.kind for change in tx.changes if change.subject == "line_item"]
    assert kinds == ["recurring.started", "recurring.billed", "recurring.billed", "recurring.completed"]
    assert [change.after["status"] for change in noted(tx, "recurring.billed")] == ["live", "live"]
    assert noted(tx, "recurring.billed")[-1].after["next_billing_at"] is None


def test_a_declined_card_is_tried_again_and_given_up_without_an_invoice(tx: Tx) -> None:
    sale = sold(tx, card="sbx-later-declined")
    moment, seen = NEXT, []
    for _ in range(5):
        with at(tx, moment):
            renewal = renew(tx, enrolment_id=sale.enrolment_id)
        row, item = get_enrolment(tx, sale.enrolment_id), item_of(tx, sale.enrolment_id)
        seen.append((renewal.outcome, row.due_at and (row.due_at - moment).days, item.status))
        assert (item.first_declined_at, item.declined_at) == (NEXT, moment)
        assert item.decline_code == "insufficient funds"
        moment = row.due_at or moment
    assert seen == [
        ("declined", 1, "live"),
        ("declined", 3, "live"),
        ("declined", 5, "live"),
        ("declined", 7, "live"),
        ("given_up", None, "declined"),
    ]
    assert invoices_of_sale(tx, sale.sale_id) == [sale.order_id]
    failed = noted(tx, "recurring.failed")
    assert [(one.subject_id, one.after["retries"], one.after["installments"]) for one in failed] == [
        (sale.line_id, retries, 1) for retries in range(1, 6)
    ]
    assert {one.after["order_id"] for one in failed} == {sale.order_id}
    assert failed[-1].after["status"] == "declined"
    assert check_books(tx) == []


def test_another_card_pays_what_was_declined_and_the_day_stays(tx: Tx) -> None:
    sale = sold(tx, card="sbx-later-declined")
    with at(tx, NEXT):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "declined"
    keep_method(tx, sale_id=sale.sale_id, gateway="sandbox", method="sbx-approved")
    with at(tx, NEXT + DAY):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "renewed"
    row, item = get_enrolment(tx, sale.enrolment_id), item_of(tx, sale.enrolment_id)
    assert row.next_billing_at == NOW.replace(month=5)
    assert (item.first_declined_at, item.declined_at, item.decline_code) == (None, None, "")
    assert (row.failed_attempts, row.is_paid) == (0, True)


def test_money_that_cannot_be_taken_is_a_decline(tx: Tx) -> None:
    sale = sold(tx, card="sbx-capture-fails")
    with at(tx, NEXT):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "declined"
    assert item_of(tx, sale.enrolment_id).installments == 1
    first, second = invoices_of_sale(tx, sale.sale_id)
    declined = find_invoice(tx, second)
    assert declined is not None
    assert declined.status == "declined"
    keep_method(tx, sale_id=sale.sale_id, gateway="sandbox", method="sbx-approved")
    with at(tx, NEXT + DAY):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    assert renewal.outcome == "renewed"
    assert renewal.order_id not in {first, second}
    assert check_books(tx) == []


def test_the_buyer_pays_in_the_currency_of_the_first_time(tx: Tx) -> None:
    set_rate(tx, currency="EUR", since=date(2026, 1, 1), rate_e8=50_000_000)
    set_rate(tx, currency="EUR", since=date(2026, 3, 20), rate_e8=60_000_000)
    sale = sold(tx, customer_currency="EUR")
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    assert renewal.order_id is not None
    totals = select(Invoice.customer_currency, Invoice.customer_total_minor).order_by(Invoice.order_id)
    assert tx.all(totals) == [("EUR", 1000), ("EUR", 1200)]
    asked = tx.one(
        select(GatewayAttempt.amount_minor, GatewayAttempt.currency).where(
            GatewayAttempt.payment_id == renewal.payment_id, GatewayAttempt.verb == "authorise"
        )
    )
    assert asked == (1200, "EUR")


def test_without_a_card_it_is_ordered_and_paid_by_hand(tx: Tx) -> None:
    sale = sold(tx, keeps=False)
    tx.update(Enrolment, sale.enrolment_id, gateway=None)
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    assert (renewal.outcome, renewal.payment_id) == ("renewed", None)
    assert not get_enrolment(tx, sale.enrolment_id).is_paid


def test_what_costs_nothing_is_billed_without_asking(tx: Tx) -> None:
    sale = sold(tx)
    write_item(tx, item_of(tx, sale.enrolment_id), price_e4=0)
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id)
    assert (renewal.outcome, renewal.payment_id) == ("renewed", None)
    assert get_enrolment(tx, sale.enrolment_id).is_paid
    assert tx.all(select(GatewayAttempt.id)) == []


def test_who_was_stopped_is_billed_no_more(tx: Tx) -> None:
    sale = sold(tx)
    stop_recurring(tx, order_line_id=sale.line_id)
    with at(tx, NEXT + 365 * DAY):
        assert renew_due(tx) == 0


def test_money_that_comes_for_a_cancelled_sale_is_let_go(tx: Tx) -> None:
    sale, removed = sold(tx), sold(tx)
    remove_order(tx, order_id=removed.order_id)
    with at(tx, NEXT):
        attempt = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote).attempt
        assert attempt is not None
        tx.update(Order, sale.order_id, status="cancelled")
        conclude_installment(tx, attempt._replace(status="pending", identifier="ch_1"))
        assert renew(tx, enrolment_id=removed.enrolment_id).outcome == "given_up"
    assert find_attempt(tx, f"{attempt.key}-void") is not None
    assert invoices_of_sale(tx, sale.sale_id) == [sale.order_id]


def test_an_end_that_was_set_stops_it(tx: Tx) -> None:
    sale = sold(tx)
    stop(tx, enrolment_id=sale.enrolment_id, at=NEXT + DAY)
    with at(tx, NEXT):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "renewed"
    with at(tx, NEXT + DAY):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "completed"
    assert item_of(tx, sale.enrolment_id).status == "canceled"
    assert len(noted(tx, "recurring.stopped")) == 1


def test_a_gateway_far_away_is_asked_after_the_transaction(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NEXT):
        renewal = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote)
        assert renewal.outcome == "asked"
        assert renewal.attempt is not None
        again = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote)
        assert (again.outcome, again.attempt) == ("asked", None)
        attempt = renewal.attempt._replace(state="done", status="success", identifier="ch_1")
        conclude_installment(tx, attempt)
        assert get_enrolment(tx, sale.enrolment_id).next_billing_at == NOW.replace(month=5)
        conclude_installment(tx, attempt)
    assert len(invoices_of_sale(tx, sale.sale_id)) == 2
    let_go = find_attempt(tx, f"{attempt.key}-refund")
    assert let_go is not None, "what came twice is given back"


def test_an_answer_that_comes_after_the_stop_lets_the_money_go(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NEXT):
        attempt = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote).attempt
        assert attempt is not None
        stop_recurring(tx, order_line_id=sale.line_id)
        conclude_installment(tx, attempt._replace(status="pending", identifier="ch_1"))
    assert invoices_of_sale(tx, sale.sale_id) == [sale.order_id]
    assert find_attempt(tx, f"{attempt.key}-void") is not None


def test_a_gateway_that_is_silent_leaves_its_attempt_open(tx: Tx) -> None:
    sale = sold(tx, card="sbx-silent")
    with at(tx, NEXT):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "asked"
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "asked"
    row = get_enrolment(tx, sale.enrolment_id)
    assert (row.failed_attempts, row.next_billing_at) == (0, NEXT)
    assert tx.all(select(GatewayAttempt.state)) == [("open",)]


def test_what_a_gateway_never_heard_of_is_no_decline(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NEXT):
        attempt = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote).attempt
        assert attempt is not None
        conclude_installment(tx, abandon_attempt(tx, attempt.id, {}))
        row = get_enrolment(tx, sale.enrolment_id)
        assert (row.failed_attempts, row.is_paid, row.due_at) == (0, True, NEXT)
        assert noted(tx, "recurring.failed") == []
        again = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote).attempt
        assert again is not None
        assert again.key != attempt.key


def test_a_promise_that_became_no_sale_is_asked_for_anew(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NEXT):
        attempt = renew(tx, enrolment_id=sale.enrolment_id, gateways=remote).attempt
        assert attempt is not None
        tx.update(GatewayAttempt, attempt.id, state="done", status="pending")
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "postponed"
    with at(tx, NEXT + DAY):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "renewed"


def test_what_cannot_be_sold_is_undone_whole_and_put_off(tx: Tx) -> None:
    broken, good = sold(tx), sold(tx)
    tx.run(update(Invoice).where(Invoice.order_id == broken.order_id).values(customer_currency="XTS"))
    with at(tx, NEXT):
        assert renew_due(tx) == 2
    row = get_enrolment(tx, broken.enrolment_id)
    assert row.due_at == NEXT + DAY
    assert get_enrolment(tx, good.enrolment_id).next_billing_at == NOW.replace(month=5)
    (change,) = noted(tx, "enrolment.postponed")
    assert "XTS" in change.after["problem"]
    assert invoices_of_sale(tx, broken.sale_id) == [broken.order_id]


def test_twelve_months_on_the_clock_are_twelve_invoices(shop: OpenShop) -> None:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, time_zone="America/New_York"))
    start = datetime(2026, 3, 31, 23, 30, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    shop.write(lambda tx: freeze_clock(tx, at=start))
    sale = shop.write(lambda tx: sold(tx, monthly(duration=Every(1, "year")), monthly("3")))
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=366)))
    rounds = []
    while count := shop.write(renew_due):
        rounds.append(count)
    assert rounds == [2] * 11 + [1]

    def seen(tx: Tx) -> list[Any]:
        statement = select(Order.created_at).where(Order.parent_id == sale.order_id, Order.total_minor == 300)
        return [tx.shop.local(row[0]) for row in tx.all(statement.order_by(Order.created_at))]

    dates = shop.read(seen)
    assert [(one.month, one.day) for one in dates] == [
        (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31), (1, 31), (2, 28),
        (3, 31),
    ]  # fmt: skip
    assert {(one.hour, one.minute) for one in dates} == {(23, 30)}
    statuses = select(RecurringItem.status, RecurringItem.installments).order_by(RecurringItem.enrolment_id)
    assert shop.read(lambda tx: tx.all(statuses)) == [("completed", 12), ("live", 13)]
    assert shop.read(check_books) == []
