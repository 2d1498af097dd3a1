"""INS messages: the sum, the order of the parameters, and what each change says (reference 7)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from comptoir.dialects.twocheckout.ins import DESCRIPTIONS, Message, ins_hash, messages_of
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.invoicing import mark_deposited, mark_pending, set_fraud_status
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.selling import Every, PlacedSale, SaleTerms
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.refunds.actions import process_refund, refund_order
from comptoir.domain.refunds.invoices import Asked, draft_invoice_refund, draft_line_refund
from comptoir.domain.subscriptions.recurring import start_recurring, stop_recurring
from comptoir.domain.tx import Tx
from tests.domain.orders.given import a_line, a_sale, a_sale_line, e4, order_value

VECTORS = [
    (4774380224, 1817037, 4774380233, "566C45D68B75357AD43F9010CFFE8CF5"),
    (4632527448, 1817037, 4632527490, "4FB7CD1CD57BBEFCCA462F3DE823C50A"),
    (4789848870, 1817037, 4789848879, "827220324C722873694758F38D8D3624"),
    (4819138002, 1817037, 4343434343, "A152B3D993B4F97E2E2A41552A4769A8"),
    (4742525399, 532001, 4759791636, "2DAE8544FA29CE313DB20582D540F133"),
]
WHOLE = """
    message_type message_description timestamp md5_hash message_id key_count vendor_id sale_id sale_date_placed
    vendor_order_id invoice_id recurring payment_type list_currency cust_currency auth_exp invoice_status
    fraud_status invoice_list_amount invoice_usd_amount invoice_cust_amount customer_first_name
    customer_last_name customer_name customer_email customer_phone customer_ip customer_ip_country
    bill_street_address bill_street_address2 bill_city bill_state bill_postal_code bill_country ship_status
    ship_tracking_number ship_name ship_street_address ship_street_address2 ship_city ship_state
    ship_postal_code ship_country item_count
""".split()
OF_INVOICE = """
    auth_exp invoice_status fraud_status invoice_list_amount invoice_usd_amount invoice_cust_amount
""".split()
ITEM = """
    item_name item_id item_list_amount item_usd_amount item_cust_amount item_type item_duration
    item_recurrence item_rec_list_amount item_rec_status item_rec_date_next item_rec_install_billed
""".split()
YEN = SaleTerms(
    customer_currency="JPY",
    customer_total_minor=16350,
    usd_total_minor=8000,
    merchant_order_id="web-1",
    sale_id=4774380224,
    placed_at=datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC),
)

NEW_SALE = {
    "message_type": "ORDER_CREATED",
    "message_description": "New order created",
    "timestamp": "2026-03-01 07:00:00",
    "md5_hash": "566C45D68B75357AD43F9010CFFE8CF5",
    "message_id": "",
    "key_count": "92",
    "vendor_id": "1817037",
    "sale_id": "4774380224",
    "sale_date_placed": "2026-03-08 01:59:59",
    "vendor_order_id": "web-1",
    "invoice_id": "4774380233",
    "recurring": "0",
    "payment_type": "credit card",
    "list_currency": "AUD",
    "cust_currency": "JPY",
    "auth_exp": "2026-03-15",
    "invoice_status": "approved",
    "fraud_status": "wait",
    "invoice_list_amount": "109.00",
    "invoice_usd_amount": "80.00",
    "invoice_cust_amount": "16350",
    "customer_first_name": "Testing",
    "customer_last_name": "Tester",
    "customer_name": "Testing  Tester",
    "customer_email": "testing@example.com",
    "customer_phone": "6145550100",
    "customer_ip": "198.51.100.7",
    "customer_ip_country": "United States",
    "bill_street_address": "123 Test St",
    "bill_street_address2": "",
    "bill_city": "Columbus",
    "bill_state": "OH",
    "bill_postal_code": "43123",
    "bill_country": "USA",
    "ship_status": "not_shipped",
    "ship_tracking_number": "",
    "ship_name": "Testing Tester",
    "ship_street_address": "123 Test St",
    "ship_street_address2": "",
    "ship_city": "Columbus",
    "ship_state": "OH",
    "ship_postal_code": "43123",
    "ship_country": "USA",
    "item_count": "4",
}


@pytest.fixture
def vendor(tx: Tx) -> Tx:
    """A transaction of the documented vendor's shop."""
    update_merchant(tx, vendor_id=1817037, secret_word="tango")
    tx.changes.clear()
    return tx


def told(tx: Tx) -> list[Message]:
    """The messages of everything that was noted since the last look."""
    messages = [message for change in tx.changes for message in messages_of(tx, change)]
    tx.changes.clear()
    return messages


def kinds(messages: list[Message]) -> list[str]:
    return [kind for kind, _, _ in messages]


def paid(tx: Tx, **fields: Any) -> PlacedSale:
    placed = a_sale(tx, **fields)
    record_payment(tx, order_id=placed.order_id, amount_e4=order_value(tx, placed.order_id, "total_e4"))
    tx.changes.clear()
    return placed


@pytest.mark.parametrize(("sale_id", "vendor_id", "invoice_id", "expected"), VECTORS)
def test_the_sum_is_the_documented_one(sale_id: int, vendor_id: int, invoice_id: int, expected: str) -> None:
    assert ins_hash(sale_id, vendor_id, invoice_id, "tango") == expected


def test_a_new_sale_is_told_with_every_parameter_in_order(vendor: Tx) -> None:
    a_sale(vendor, terms=YEN)
    ((kind, sale_id, message),) = told(vendor)

    names = [f"{name}_{number}" for number in range(1, 5) for name in ITEM]
    assert list(message) == [*WHOLE, *names]
    assert (kind, sale_id) == ("ORDER_CREATED", 4774380224)
    assert message["key_count"] == str(44 + 4 * 12)
    assert {name: message[name] for name in WHOLE} == NEW_SALE
    assert [message[f"{name}_1"] for name in ITEM] == [
        "Lamp", "LAMP", "100.00", "73.39", "15000", "bill", "", "", "", "", "", "",
    ]  # fmt: skip
    assert message["item_list_amount_3"] == "-10.00"


def test_each_change_of_an_invoice_is_told_as_it_left_it(vendor: Tx) -> None:
    placed = a_sale(vendor, lines=[a_sale_line("Ebook", "5")])
    set_fraud_status(vendor, order_id=placed.order_id, status="pass")
    mark_pending(vendor, order_id=placed.order_id)
    mark_deposited(vendor, order_id=placed.order_id)

    messages = told(vendor)
    assert kinds(messages) == [
        "ORDER_CREATED", "FRAUD_STATUS_CHANGED", "INVOICE_STATUS_CHANGED", "INVOICE_STATUS_CHANGED",
    ]  # fmt: skip
    assert [(one["invoice_status"], one["fraud_status"]) for _, _, one in messages] == [
        ("approved", "wait"), ("approved", "pass"), ("pending", "pass"), ("deposited", "pass"),
    ]  # fmt: skip
    assert {one["key_count"] for _, _, one in messages} == {"56"}
    assert {one["ship_status"] for _, _, one in messages} == {""}


def test_a_shipment_is_told(vendor: Tx) -> None:
    placed = a_sale(vendor)
    vendor.changes.clear()
    ship_sale(vendor, order_id=placed.order_id, tracking_number="1Z")
    ((kind, _, message),) = told(vendor)

    assert kind == "SHIP_STATUS_CHANGED"
    assert (message["ship_status"], message["ship_tracking_number"]) == ("shipped", "1Z")


def test_a_failed_review_is_told_before_what_it_leads_to(vendor: Tx) -> None:
    placed = a_sale(vendor)
    vendor.changes.clear()
    set_fraud_status(vendor, order_id=placed.order_id, status="fail")

    messages = told(vendor)
    assert kinds(messages) == ["FRAUD_STATUS_CHANGED", "INVOICE_STATUS_CHANGED"]
    assert [one["invoice_status"] for _, _, one in messages] == ["approved", "declined"]
    assert [one["fraud_status"] for _, _, one in messages] == ["fail", "fail"]


def test_a_refunded_line_is_told_by_itself(vendor: Tx) -> None:
    placed = paid(vendor)
    refund_id = draft_line_refund(vendor, line_id=placed.line_ids[0], category=5)
    process_refund(vendor, refund_id=refund_id)
    ((kind, _, message),) = told(vendor)

    assert kind == "REFUND_ISSUED"
    assert not set(OF_INVOICE) & set(message)
    assert message["key_count"] == str(len(message)) == "50"
    assert (message["item_count"], message["item_type_1"], message["item_name_1"]) == ("1", "refund", "Lamp")


def test_a_partial_refund_is_told_with_the_rows_of_its_invoice(vendor: Tx) -> None:
    placed = paid(vendor, lines=[a_sale_line("Lamp", "20")])
    asked = Asked(Decimal("5.00"), "vendor")
    refund_id = draft_invoice_refund(vendor, order_id=placed.order_id, category=5, asked=asked)
    process_refund(vendor, refund_id=refund_id)
    ((_, _, message),) = told(vendor)

    assert message["item_count"] == "2"
    assert [message[f"item_type_{number}"] for number in (1, 2)] == ["bill", "refund"]
    assert (message["item_name_2"], message["item_id_2"], message["item_list_amount_2"]) == (
        "Partial Refund", "", "5.00",
    )  # fmt: skip


def test_a_whole_refund_is_told_for_each_product(vendor: Tx) -> None:
    lines = [a_sale_line("Lamp", "20"), a_sale_line("Book", "5"), a_sale_line("Van", "3", type="shipping")]
    placed = paid(vendor, lines=lines)
    refund_order(vendor, order_id=placed.order_id)

    messages = told(vendor)
    assert kinds(messages) == ["REFUND_ISSUED", "REFUND_ISSUED"]
    assert {one["item_count"] for _, _, one in messages} == {"3"}
    assert {one[f"item_type_{number}"] for _, _, one in messages for number in (1, 2, 3)} == {"refund"}


def test_a_refund_of_a_part_of_an_order_is_told_on_the_whole(vendor: Tx) -> None:
    order_id = place_order(vendor, lines=[a_line("10"), a_line("20")])
    record_payment(vendor, order_id=order_id, amount_e4=e4("30"))
    lines = [[line.id] for line in list_lines(vendor, order_id)]
    children = split_order(vendor, order_id=order_id, parts=lines)
    vendor.changes.clear()
    refund_order(vendor, order_id=children[0])
    ((_, sale_id, message),) = told(vendor)

    assert (sale_id, message["invoice_id"]) == (order_id, str(order_id))
    assert (message["customer_ip"], message["bill_country"], message["ship_status"]) == ("", "", "")


def test_what_recurs_is_told_item_by_item(vendor: Tx) -> None:
    line = a_sale_line(
        "Club", "28.85", startup_fee_e4=e4("9.62"), recurrence=Every(1, "month"), duration=Every(1, "year")
    )
    placed = paid(vendor, lines=[line, a_sale_line("Mug", "5")])
    start_recurring(vendor, order_line_id=placed.line_ids[0])
    assert told(vendor) == []
    stop_recurring(vendor, order_line_id=placed.line_ids[0])
    ((kind, _, message),) = told(vendor)

    assert kind == "RECURRING_STOPPED"
    assert (message["recurring"], message["item_count"], message["key_count"]) == ("1", "1", "50")
    assert [message[f"{name}_1"] for name in ITEM[6:]] == ["1 Year", "1 Month", "19.23", "canceled", "", "1"]


def test_changes_that_concern_nobody_are_not_told(vendor: Tx) -> None:
    place_order(vendor, lines=[a_line("10")])
    vendor.note("invoice.shipped", "invoice", 404, after={})
    vendor.note("recurring.billed", "line_item", 404, after={})
    assert told(vendor) == []


def test_every_type_is_described() -> None:
    assert len(DESCRIPTIONS) == 10
    assert all(text[0].isupper() for text in DESCRIPTIONS.values())
