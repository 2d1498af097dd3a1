"""Each kind of mistake in a file, and what the report says of it."""

from typing import Any

import pytest

from comptoir.domain.exchange.errors import UnreadableFile
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.payouts.models import ENTRY_KINDS
from comptoir.domain.tx import OpenShop
from tests.dialects.worlds import load_world
from tests.domain.exchange.given import all_exported, imported

# What is in the way of the rows below: the records of the documented world.
ORDER = {"id": 1, "number": "1", "created_at": "2020-01-01T00:00:00Z", "total": "10"}
LINE = {"product_id": 1, "unit_price": "10"}
PAYMENT = {
    "id": 1,
    "order_id": 46,
    "date": "2020-01-01T00:00:00Z",
    "status": "success",
    "amount": "1",
    "gateway": "G",
}
REFUND = {
    "id": 1, "order_id": 46, "status": "draft", "created_at": "2020-01-01T00:00:00Z", "items_total": "1",
    "shipping_total": "0", "total": "1", "items": [{"type": "product", "order_line_id": 46001, "amount": "1"}],
}  # fmt: skip
COMMENT = {"order_id": 46, "created_at": "2020-01-01T00:00:00Z", "author": "ann", "text": "Hm"}
COUPON = {"code": "A", "type": "sale", "expires_on": "2030-01-31"}
PLAN = {"name": "Plan", "price": "1"}
ENROLLED = {"customer_id": 3, "subscription_id": 2234, "starts_at": "2020-01-01T00:00:00Z"}
ASSET = {"path": "/web_images/x.png", "digest": "0" * 64, "content_type": "image/png"}

TAX = {"country": "USA", "rate_ppm": 1}
CHARGED_BACK = {"payment_id": 49, "identifier": "A", "amount_minor": 1, "at": "2020-01-01T00:00:00Z"}
RECURRING = {
    "enrolment_id": 424234,
    "order_line_id": 46001,
    "price": "1",
    "installments": 1,
    "status": "live",
}
OPEN_ONE = {"id": 1, "state": "open", "amount_minor": 0, "created_at": "2020-01-01T00:00:00Z"}
PAID_OUT = OPEN_ONE | {"state": "paid", "paid_at": "2020-01-08T00:00:00Z"}
ENTRY = {"kind": "adjustment", "amount_minor": 5, "at": "2020-01-01T00:00:00Z"}

BAD_ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    ("brands", {"name": " "}, "name", "must not be empty"),
    ("brands", {}, "name", "is missing"),
    ("brands", {"name": "A", "colour": "red"}, "colour", "is no field of this kind"),
    ("brands", {"name": "A", "id": 0}, "id", "must be between 1 and 1000000000000000000"),
    ("brands", {"name": "A", "id": 2**63}, "id", "must be between 1 and 1000000000000000000"),
    ("brands", {"name": "A", "id": "1e3"}, "id", "must be a whole number"),
    ("brands", {"name": "A", "id": True}, "id", "must be a whole number"),
    ("brands", {"name": "A", "id": None}, "id", "must be a whole number"),
    ("brands", {"name": "A", "id": 10}, "id", "is taken by a record that differs in name"),
    ("brands", {"name": ["A"]}, "name", "must be a text"),
    ("brands", {"name": "A\0B"}, "name", "must not hold NUL characters"),
    ("brands", {"name": "A" * 601}, "name", "must have at most 600 characters"),
    ("brands", {"name": "A", "is_published": "on"}, "is_published", "must be true or false"),
    ("brands", {"name": "A", "is_published": 1}, "is_published", "must be true or false"),
    ("brands", {"name": "A", "created_at": "yesterday"}, "created_at", "must be a time such as 2016-06-28T13:35:35Z"),
    ("brands", {"name": "A", "created_at": "2019-02-29T00:00:00Z"}, "created_at", "is no time of any calendar"),
    ("brands", {"name": "A", "image1": "../secret"}, "image1", "must be the name of a file such as 1234.png, or empty"),
    ("brands", {"name": 1, "fax": 2, "colour": 3}, "name",
     "must be a text; fax must be a text; colour is no field of this kind"),
    ("categories", {"name": "A", "slug": "HOUSEHOLD"}, "slug", "'HOUSEHOLD' is taken"),
    ("categories", {"name": "A", "status": "new"}, "status",
     "must be one of '', 'for_approval', 'approved', 'published', 'archived'"),
    ("custom_fields", {"name": "A", "status": "on"}, "status", "must be one of '', 'active'"),
    ("categories", {"name": "A", "parent_id": 2}, "parent_id", "names category 2, which does not exist"),
    ("options", {"name": "A"}, "values", "is missing"),
    ("options", {"name": " ", "values": []}, "name", "must not be empty"),
    ("options", {"name": "A", "values": [{"name": " "}]}, "values",
     "hold one whose value_name must be a text of 1 to 255 characters"),
    ("options", {"name": "A", "values": [{"name": "B", "surcharge": "-1"}]}, "values.surcharge", "must be 0 or more"),
    ("options", {"name": "A", "values": [{"name": "B", "id": 1}, {"name": "C", "id": 1}]}, "values",
     "have an id that is taken"),
    ("product_terms", {"product_id": 2}, "product_id", "names product 2, which does not exist"),
    ("product_terms", {"product_id": 1, "assigned_id": 0}, "assigned_id", "is taken or not above zero"),
    ("product_terms", {"product_id": 1, "is_recurring": True}, "recurrence_unit", "must be given for what recurs"),
    ("product_terms", {"product_id": 1, "duration_unit": "day", "duration_count": 1}, "duration_unit",
     "must be one of week, month, year"),
    ("product_terms", {"product_id": 1, "recurrence_unit": "month"}, "recurrence_count", "must be between 1 and 1000"),
    ("product_terms", {"product_id": 1, "pending_url": "ftp://x"}, "pending_url",
     "must begin with http:// or https://"),
    ("product_terms", {"product_id": 1, "commission_type": "all"}, "commission_type",
     "must be one of amount, percentage"),
    ("coupons", COUPON | {"type": "gift"}, "type", "must be one of shipping, sale, product"),
    ("coupons", COUPON, "percent_ppm", "or a value must be given"),
    ("coupons", COUPON | {"percent_ppm": 1, "value": "1"}, "value", "must not be given with a percentage"),
    ("coupons", COUPON | {"percent_ppm": 1_000_001}, "percent_ppm", "must be above 0 and at most 100 %"),
    ("coupons", COUPON | {"value": "1", "product_ids": [1]}, "type", "must be product where products are named"),
    ("coupons", COUPON | {"type": "shipping", "value": "1"}, "type", "shipping takes neither a percentage nor a value"),
    ("coupons", COUPON | {"type": "product", "value": "1", "product_ids": [2]}, "product_ids",
     "names product 2, which does not exist"),
    ("coupons", COUPON | {"value": "1", "code": " "}, "code", "must not be empty"),
    ("products", {"name": "A", "option_ids": [1]}, "option_ids", "names option 1, which does not exist"),
    ("products", {"name": "A", "code": "sparkle-1234"}, "code", "'sparkle-1234' is taken"),
    ("products", {"name": "A", "slug": "Mr-Sparkle-1234"}, "slug", "'Mr-Sparkle-1234' is taken"),
    ("products", {"name": "A", "brand_id": 11}, "brand_id", "names brand 11, which does not exist"),
    ("products", {"name": "A", "category_ids": [1, 2]}, "category_ids", "names category 2, which does not exist"),
    ("products", {"name": "A", "category_ids": "1,5"}, "category_ids", "must be a list"),
    ("products", {"name": "A", "custom_values": {"77": "x"}}, "custom_values",
     "names the custom field '77', which does not exist"),
    ("products", {"name": "A", "custom_values": {"2": 5}}, "custom_values", "must be a text"),
    ("products", {"name": "A", "quantity": -1}, "quantity", "must be between 0 and 9223372036854775807"),
    ("products", {"name": "A", "quantity": 1.5}, "quantity", "must be a whole number"),
    ("products", {"name": "A", "price_rrp": "1.00001"}, "price_rrp", "has more than four decimals"),
    ("products", {"name": "A", "price_rrp": "1" * 30}, "price_rrp", "is too large"),
    ("products", {"name": "A", "price_rrp": "-1"}, "price_rrp", "must be 0 or more"),
    ("products", {"name": "A", "price_rrp": "NaN"}, "price_rrp", "must be a decimal number such as 29.9500"),
    ("products", {"name": "A", "price_rrp": "1e400"}, "price_rrp", "must be a decimal number such as 29.9500"),
    ("products", {"name": "A", "price_rrp": "12,50"}, "price_rrp", "must be a decimal number such as 29.9500"),
    ("products", {"name": "A", "price_rrp": True}, "price_rrp", "must be a decimal number such as 29.9500"),
    ("products", {"name": "A", "limit_minimum": 3, "limit_maximum": 2}, "limit_minimum",
     "must not be above the maximum"),
    ("products", {"name": "A", "status": "gone"}, "status", "must be one of '', 'in_stock', 'out_of_stock'"),
    ("variants", {"product_id": 2}, "product_id", "names product 2, which does not exist"),
    ("pricings", {"product_id": 1, "price": "0"}, "price", "must be a positive number"),
    ("pricings", {"product_id": 1, "price": "101", "sign": "-", "modifier": "%"}, "price",
     "cannot take off more than 100 %"),
    ("pricings", {"product_id": 1, "price": "1", "sign": "*"}, "sign", "must be one of '', '+', '-'"),
    ("assets", ASSET | {"path": "/../x.png"}, "path", "must be a path such as /prodcatalogue/product/1.png"),
    ("assets", ASSET | {"digest": "0"}, "digest", "must be a SHA-256 in lower-case hexadecimal"),
    ("assets", ASSET | {"content_type": "text/html"}, "content_type",
     "must be one of image/png, image/jpeg, image/gif"),
    ("warehouses", {"name": "A", "code": "melbourne"}, "code", "'melbourne' belongs to another warehouse"),
    ("warehouses", {"name": "A", "code": "A", "latitude": "91"}, "latitude", "must be between -90000000 and 90000000"),
    ("warehouses", {"name": "A", "code": "A", "latitude": "1.0000001"}, "latitude",
     "must be degrees with at most six decimals"),
    ("stock", {"product_id": 1, "variant_id": 12, "warehouse_id": 1234, "quantity": 1}, "variant_id",
     "names variant 12, which is none of product 1"),
    ("stock", {"product_id": 1, "variant_id": 0, "warehouse_id": 9, "quantity": 1}, "", "there is no warehouse 9"),
    ("customers", {"email": "nobody"}, "email", "must be an e-mail address"),
    ("customers", {"email": "a@example.com", "birth_date": "1956-13-01"}, "birth_date", "is no day of any calendar"),
    ("customers", {"email": "a@example.com", "username": "ADA.stone@example.com"}, "username",
     "'ADA.stone@example.com' belongs to another customer"),
    ("groups", {"name": "A", "members": [1]}, "members", "name customer 1, who does not exist"),
    ("notifications", {"customer_id": 1, "content": "A"}, "customer_id", "names customer 1, who does not exist"),
    ("orders", ORDER, "lines", "is missing"),
    ("orders", ORDER | {"lines": [LINE | {"color": 1}]}, "lines.color", "is no field of this kind"),
    ("orders", ORDER | {"lines": [{"product_id": 1}]}, "lines.unit_price", "is missing"),
    ("orders", ORDER | {"lines": [LINE | {"parts": [{}]}]}, "lines.parts.product_id", "is missing"),
    ("orders", ORDER | {"lines": [1]}, "lines", "must be a list of objects"),
    ("orders", ORDER | {"lines": [LINE | {"options": "red"}]}, "lines.options", "must be an object"),
    ("orders", ORDER | {"lines": [LINE], "status": "lost"}, "status",
     "'lost' is none of cancelled, shipped, completed, declined, new, inprogress, split"),
    ("orders", ORDER | {"lines": [LINE], "total": "11"}, "total",
     "does not add up: lines, charges and discount come to 10.0000, the tax is 0.0000"),
    ("orders", ORDER | {"lines": [LINE], "parent_id": 3}, "parent_id", "there is no order 3 that could be its parent"),
    ("orders", ORDER | {"lines": [LINE | {"id": 46001}]}, "lines", "have an id that is taken or not above zero"),
    ("payments", PAYMENT | {"order_id": 3}, "order_id", "there is no order 3"),
    ("payments", PAYMENT | {"status": "paid"}, "status", "'paid' is none of pending, success, fail"),
    ("payments", PAYMENT | {"amount": "-99"}, "amount", "gives back more than was received"),
    ("payments", PAYMENT | {"amount": "0.001"}, "amount", "is no whole amount of AUD"),
    ("order_logs", {"order_id": 46, "created_at": "2020-01-01T00:00:00Z", "action": ""}, "action", "is empty"),
    ("order_logs", {"order_id": 46, "created_at": "2020-01-01T00:00:00Z", "action": "A", "data": {"x": 1}}, "data",
     "x is no object with at least new"),
    ("refunds", REFUND | {"total": "2"}, "total", "is not the sum of the items"),
    ("refunds", REFUND | {"status": "success", "items_total": "99", "total": "99",
     "items": [{"type": "product", "order_line_id": 46001, "amount": "99"}]}, "",
     "1795 is left to refund of Mr Sparkle and 9900 is wanted"),
    ("invoices", {"order_id": 3}, "order_id", "there is no order 3"),
    ("invoices", {"order_id": 46, "status": "lost"}, "status",
     "'lost' is none of approved, pending, deposited, declined"),
    ("invoices", {"order_id": 46, "fraud_status": "maybe"}, "fraud_status", "'maybe' is none of wait, pass, fail, "),
    ("invoices", {"order_id": 46, "customer_currency": "yen"}, "customer_currency", "'yen' is no currency code"),
    ("invoices", {"order_id": 46, "installment": 0}, "installment", "is not above zero"),
    ("invoices", {"order_id": 46, "line_items": [{"order_line_id": 1}]}, "line_items",
     "name line 1, which is not the order's, or twice"),
    ("order_comments", COMMENT | {"order_id": 3}, "order_id", "there is no order 3"),
    ("order_comments", COMMENT | {"text": None}, "text", "must be a text"),
    ("subscriptions", PLAN | {"interval_unit": "fortnight"}, "interval_unit",
     "must be one of day, week, month, quarter, year"),
    ("subscription_users", ENROLLED | {"subscription_id": 1}, "subscription_id", "names plan 1, which does not exist"),
    ("merchant", {"name": "A"}, "id", "is missing"),
    ("merchant", {"id": 2}, "id", "must be 1: there is one merchant"),
    ("merchant", {"id": 1, "secret_word": "tango"}, "secret_word", "is no field of this kind"),
    ("merchant", {"id": 1, "private_key": "A"}, "private_key", "is no field of this kind"),
    ("merchant", {"id": 1, "payout_weekday": 7}, "payout_weekday", "must be between 0 and 6"),
    ("exchange_rates", {"currency": "euro", "since": "2026-01-01", "rate": "1"}, "currency",
     "must be a currency code such as USD"),
    ("exchange_rates", {"currency": "AUD", "since": "2026-01-01", "rate": "1"}, "currency", "is the shop's own"),
    ("exchange_rates", {"currency": "EUR", "since": "2026-01-01", "rate": "0"}, "rate",
     "must be above zero, and no giant"),
    ("exchange_rates", {"currency": "EUR", "since": "2026-01-01", "rate": "0.000000001"}, "rate",
     "must be a rate of 0 or more with at most eight decimals"),
    ("exchange_rates", {"currency": "EUR", "since": "today", "rate": "1"}, "since",
     "must be a date such as 2016-06-28"),
    ("tax_rates", TAX | {"country": "US"}, "country", "must be a country's three letters, such as USA"),
    ("tax_rates", TAX | {"rate_ppm": 1_000_001}, "rate_ppm", "must be between 0 and 100 per cent"),
    ("tax_rates", TAX | {"state": " oh"}, "state", "must be in capitals, without spaces around it"),
    ("shipping_methods", {"name": " "}, "name", "must not be empty"),
    ("shipping_methods", {"name": "A", "countries": ["US"]}, "countries",
     "must be countries' three letters, such as USA"),
    ("recurring_items", RECURRING, "enrolment_id",
     "names enrolment 424234, which began with no invoice, or bills a line item already"),
    ("payment_methods", {"sale_id": 5, "gateway": "sandbox", "method": "x"}, "sale_id",
     "names sale 5, which does not exist or is renewed already"),
    ("payment_methods", {"sale_id": 46, "gateway": "sandbox", "method": " "}, "method", "must not be empty"),
    ("chargebacks", CHARGED_BACK | {"payment_id": 48}, "payment_id", "names payment 48, which brought no money"),
    ("chargebacks", CHARGED_BACK | {"amount_minor": 3501}, "amount_minor",
     "is not above zero, or more than the 3500 that are left"),
    ("chargebacks", CHARGED_BACK | {"identifier": " "}, "identifier", "is empty, or that of another chargeback"),
    ("payouts", OPEN_ONE | {"state": "lost"}, "state", "'lost' is none of open, paid, carried, void"),
    ("payouts", OPEN_ONE | {"amount_minor": 1}, "amount_minor", "must be between 0 and 0 of one that is open"),
    ("payouts", OPEN_ONE | {"state": "paid"}, "paid_at", "must be there if, and only if, the payout has ended"),
    ("payouts", PAID_OUT | {"state": "void"}, "voided_at",
     "must be there if, and only if, the payout was called back"),
    ("payouts", PAID_OUT | {"entries": [ENTRY]}, "amount_minor", "is not what the entries come to, 5"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"kind": "gift"}]}, "entries",
     f"hold one whose kind is none of {', '.join(ENTRY_KINDS)}"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"kind": "sale"}]}, "entries",
     "hold one whose gateway or memo is too long, or says what this kind does not"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"kind": "fee"}]}, "entries",
     "hold one whose amount_minor is nothing, a giant, or of the wrong sign"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"kind": "reserve_released", "settles_id": 9}]}, "entries",
     "name the reserve of payout 9, which was not released"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"id": 1}, ENTRY | {"id": 1}]}, "entries", "have an id that is taken"),
    ("payouts", PAID_OUT | {"entries": [ENTRY | {"kind": "sale", "gateway": "g", "order_id": 46}] * 2}, "entries",
     "settle what is settled already"),
    ("subscription_users", ENROLLED | {"ends_at": "2019-01-01T00:00:00Z"}, "ends_at", "must not be before the start"),
]  # fmt: skip


def test_each_bad_row_is_told_with_its_reason_and_changes_nothing(shop: OpenShop) -> None:
    load_world(shop, "documented")
    before = all_exported(shop)
    wrong = []
    for name, row, field, problem in BAD_ROWS:
        report = imported(shop, name, [row])
        told = [(one.row_number, one.field, one.problem) for one in report.refused]
        if told != [(1, field, problem)]:
            wrong.append((name, row, told))
    assert wrong == []
    assert all_exported(shop) == before


def test_every_kind_has_its_bad_rows() -> None:
    assert {name for name, *_ in BAD_ROWS} == KINDS.keys()


BAD_LINES = [
    (b"{\n", "is no JSON: Input data was truncated"),
    (b"[1]\n", "is no JSON object"),
    (b"7\n", "is no JSON object"),
    (b'{"name":"A"} x\n', "is no JSON: JSON is malformed: trailing characters (byte 14)"),
    (b'{"name":"\\ud800 half"}\n',
     "is no JSON: JSON is malformed: unexpected end of escaped utf-16 surrogate pair (byte 15)"),
    (b'{"a":' * 2000 + b"\n", "is no JSON: maximum recursion depth exceeded while deserializing an object"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "problem"), BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_line_that_is_no_json_is_told_and_the_next_one_taken(
    shop: OpenShop, line: bytes, problem: str
) -> None:
    report = imported(shop, "brands", b"\n" + line + b'{"name":"B"}')
    assert report.created == 1
    assert [(row.row_number, row.line, row.id, row.problem) for row in report.refused] == [
        (1, 2, None, problem)
    ]


BREAKS = [
    (
        "jsonl",
        b'{"name":"A"}\n{"name":"\xff"}\n{"name":"C"}\n',
        (2, 2),
        "byte 10 of line 2 is 0xff, which is no UTF-8",
    ),
    ("jsonl", '{"name":"A"}\n'.encode("utf-16"), (1, 1), "byte 1 of line 1 is 0xff, which is no UTF-8"),
    ("csv", b"name\r\nA\r\n\xe9\r\nC\r\n", (2, 3), "byte 1 of line 3 is 0xe9, which is no UTF-8"),
    ("csv", b'name\r\nA\r\n"never closed\r\nC\r\n', (2, 3), "unexpected end of data"),
    ("csv", b'name\r\nA\r\n"a"b\r\nC\r\n', (2, 3), "',' expected after '\"'"),
]


@pytest.mark.parametrize(("form", "content", "place", "problem"), BREAKS, ids=range(len(BREAKS)))
def test_a_file_that_breaks_is_read_up_to_there(
    shop: OpenShop, form: str, content: bytes, place: tuple[int, int], problem: str
) -> None:
    report = imported(shop, "brands", content, file_format=form)
    (told,) = report.refused
    row, line = place
    assert (told.row_number, told.line) == (row, line)
    assert told.problem.startswith(f"cannot be read from here on: {problem}")
    assert (report.created, report.resume_at, report.is_complete) == (row - 1, row - 1, False)


HEADERS = [
    (b"", "header", "is missing; the first row names the fields: id, name, description"),
    (b"name,colour\r\n", "colour", "is no field of brands; its fields are id, name, description"),
    (b"name,fax,name\r\n", "name", "stands twice in the header"),
    (b"id,fax\r\n", "name", "is missing in the header"),
    (b"name;fax\r\n", "name;fax", "is no field of brands"),
    (b"\xfe\xff\r\n", "header", "byte 1 of line 1 is 0xfe, which is no UTF-8"),
]


@pytest.mark.parametrize(("content", "field", "problem"), HEADERS, ids=range(len(HEADERS)))
def test_a_header_that_cannot_be_understood_refuses_the_file(
    shop: OpenShop, content: bytes, field: str, problem: str
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        imported(shop, "brands", content, file_format="csv")
    assert caught.value.field == field
    assert caught.value.problem.startswith(problem)
