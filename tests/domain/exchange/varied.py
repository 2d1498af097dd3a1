"""A shop's worth of rows in which every text is hostile in its own way, and every field has been used."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from comptoir.domain.exchange import codecs
from comptoir.domain.exchange.tables import KINDS

HOSTILE = (
    "", " ", "plain", "007", "-1", "=1+1", "@SUM(A1)", "+49 30 1", '"', '""', "'", ",", ";", 'a,b\n"c"',
    "line\nbreak", "carriage\rreturn", "both\r\n", "\r\n", "\t tab", "null", "true", "\\N", "{}", "[1]", "\\",
    "日本語", "🎉👩‍👩‍👧", "שלום", "\u202eright to left", "\ufeffmark", "e\u0301 and é", "\x01\x1f\x7f",
    "%_", "\u2028", "<p>&amp;</p>", "x" * 255,
)  # fmt: skip
# Texts that the domain itself has a say in.
SETTLED: dict[str, dict[str, Any]] = {
    "brands": {"status": ""},
    "categories": {"status": "for_approval"},
    "custom_fields": {"status": "active"},
    "products": {"status": "out_of_stock", "code": None, "slug": None},
    "options": {},
    "product_terms": {},
    "coupons": {"code": None, "type": "product"},
    "variants": {},
    "pricings": {"sign": "-", "modifier": "%"},
    "warehouses": {"code": None, "name": None},
    "customers": {"username": None, "email": "ada@example.com", "status": "active"},
    "groups": {"status": "active", "name": None},
    "notifications": {"content": None},
    "orders": {"status": "shipped", "currency": "AUD", "number": None},
    "payments": {"status": "fail", "currency": "AUD", "gateway": None},
    "order_logs": {"action": None},
    "refunds": {"status": "draft"},
    "invoices": {"status": "pending", "fraud_status": "wait", "customer_currency": "JPY"},
    "order_comments": {},
    "subscriptions": {"currency": "KWD", "interval_unit": "quarter", "name": None},
    "subscription_users": {},
    "merchant": {
        "demo": "P",
        "gateway": "sandbox",
        "payout_method": "wire",
        "return_url": 'https://shop.example/?a=1,"b"',
        "pending_return_url": "",
        "service_email": "a@shop.example",
        "office_email": "",
        "mailing_country": "USA",
        "physical_country": "",
        "fee_ppm": 999_999,
    },
    "exchange_rates": {"currency": "JPY"},
    "tax_rates": {"country": "USA"},
    "shipping_methods": {"name": None},
    "recurring_items": {},
    "payment_methods": {"gateway": None, "method": None},
    "chargebacks": {"identifier": None},
    "payouts": {},
}
# Kinds of which some numbers have no row: there is one merchant, and what is odd was paid and recurs.
FEWER = {"merchant": (1,), "recurring_items": range(1, 999, 2), "chargebacks": range(1, 999, 2)}
FIRST_ID = 7
COUNT = len(HOSTILE)
OPTIONS = {"Größe": "XL\n", "n": 1.50, "deep": [{"a": None}], "zero": 0.0, "big": 12345678901234567890.5}


def varied_rows(name: str) -> list[dict[str, Any]]:
    """As many rows as there are hostile texts, or nearly; each text comes up in each field."""
    return [_row(name, number) for number in range(COUNT) if number in FEWER.get(name, range(COUNT))]


def _row(name: str, number: int) -> dict[str, Any]:
    kind = KINDS[name]
    texts = _texts(number)
    row: dict[str, Any] = {kind.key[0]: FIRST_ID + number * 3}
    for one in kind.fields:
        if one.codec.cell == "text" and one.codec is not codecs.FILE:
            row[one.name] = next(texts)
    for field, value in SETTLED[name].items():
        row[field] = f"{field} {number} 'ß\"" if value is None else value
    if "name" in row and not row["name"].strip():
        row["name"] = "nameless\n"
    if kind.fields[1].name == "name" or "created_at" in kind.by_name:
        row |= _times(kind.by_name)
    return row | _facts(name, number)


def _texts(number: int) -> Iterator[str]:
    return cycle(HOSTILE[number:] + HOSTILE[:number])


def _times(fields: Any) -> dict[str, str]:
    return {
        name: f"20{19 + place}-02-28T23:59:59.{place}00001Z"
        for place, name in enumerate(("created_at", "updated_at"))
        if name in fields
    }


def _facts(name: str, number: int) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case per kind
    own = FIRST_ID + number * 3
    odd = bool(number % 2)
    match name:
        case "brands" | "products" | "options" | "product_terms" | "coupons" | "variants" | "pricings":
            return _sold(name, number)
        case "warehouses":
            return {"latitude": "-37.813600" if odd else None, "longitude": "0.000001"}
        case "customers":
            return {"birth_date": "1956-05-12" if odd else None, "removed_at": None}
        case "groups":
            return {"members": [own], "owners": [FIRST_ID, own] if odd else [], "is_interest": odd}
        case "notifications":
            return {"customer_id": own, "read_at": None if odd else "2020-02-29T00:00:00Z"}
        case "orders":
            return _order(own, odd=odd)
        case "payments":
            paid = {"status": "success", "amount": "36.0000"} if odd else {"amount": "-0.0100"}
            return {"order_id": own, "date": "1999-12-31T23:59:59Z", "response": OPTIONS} | paid
        case "order_logs":
            return {"order_id": own, "data": {"status\n": {"old": None, "new": OPTIONS}}, "result": odd}
        case "refunds":
            return _refund(own, odd=odd)
        case "invoices":
            return _invoice(own, odd=odd)
        case "order_comments":
            return {"order_id": own, "category": 5 if odd else None}
        case "subscriptions":
            return {"product_id": own if odd else None, "price": "0.0001", "is_active": odd}
        case "subscription_users":
            return {
                "customer_id": own,
                "subscription_id": own,
                "starts_at": "2020-01-31T00:00:00Z",
                "gateway": (None, "", '"quoted"', "sandbox")[number % 4],
                "parent_order_id": own,
                "is_active": number % 4 < 2,
            }
        case "merchant" | "exchange_rates" | "tax_rates" | "shipping_methods":
            return _offer(name, number)
        case "recurring_items" | "payment_methods" | "chargebacks" | "payouts":
            return _settled(name, number)
        case _:
            return {}


def _offer(name: str, number: int) -> dict[str, Any]:
    match name:
        case "merchant":
            return {"id": 1}
        case "exchange_rates":
            return {"since": f"{2000 + number}-02-28", "rate": f"{number}.00000001"}
        case "tax_rates":
            return {"state": f'É "{number}",', "rate_ppm": number, "is_on_shipping": bool(number % 2)}
        case _:
            return {
                "price": "0.0001",
                "countries": ["USA", "FRA"] if number % 2 else [],
                "is_active": number % 3 > 0,
            }


def _settled(name: str, number: int) -> dict[str, Any]:
    own = FIRST_ID + number * 3
    match name:
        case "recurring_items":
            return {
                "order_line_id": own * 10,
                "price": "0.0001",
                "installments": number,
                "installments_max": number + 1 if number % 3 else None,
                "status": "live" if number % 4 < 2 else "declined",
                "declined_at": "2020-02-29T00:00:00.000001Z" if number % 3 else None,
            }
        case "payment_methods":
            return {"updated_at": "2020-02-29T00:00:00.000001Z"}
        case "chargebacks":
            return {"payment_id": own, "amount_minor": number, "at": "2020-02-29T00:00:00Z"}
        case _:
            return _payout(number)


def _payout(number: int) -> dict[str, Any]:
    own = FIRST_ID + number * 3
    at = "2020-02-29T00:00:00.000001Z"
    state = "open" if number == 0 else ("paid", "carried", "void")[number % 3]
    memo = {"at": at, "available_at": "2030-01-01T00:00:00Z", "memo": HOSTILE[number]}
    entries = [
        {
            "kind": "sale",
            "amount_minor": 100,
            "gateway": HOSTILE[number].strip() or "g",
            "order_id": own,
            "at": at,
        },
        {"kind": "reserve_held", "amount_minor": -40, **memo},
        {"kind": "adjustment", "amount_minor": -60 if state == "carried" else 60, **memo},
        {
            "id": own * 10,
            "kind": "refund",
            "amount_minor": -20,
            "gateway": "=1+1\n",
            "settles_id": own,
            "at": at,
        },
        {"kind": "balance_forward", "amount_minor": 20, "at": at},
    ]
    return {
        "state": state,
        "amount_minor": 120 if state in {"paid", "void"} else 0,
        "paid_at": None if state == "open" else at,
        "voided_at": at if state == "void" else None,
        "reserve_released_at": at if number % 2 else None,
        "entries": entries,
    }


def _invoice(own: int, *, odd: bool) -> dict[str, Any]:
    item = {
        "order_line_id": own * 10,
        "vendor_product_id": None if odd else "=1+1\n",
        "description": '"\r\n',
        "is_tangible": odd,
        "startup_fee": "-0.5000" if odd else None,
        "surcharges": [{"id": 1, "name": "Größe", "value": ",", "surcharge_e4": 10_000}],
        "recurrence_unit": "week" if odd else None,
        "recurrence_count": 2 if odd else None,
        "installment": 1 if odd else None,
        "enrolment_id": own if odd else None,
    }
    return {
        "order_id": own,
        "change_number": own,
        "installment": 1 + odd,
        "customer_total_minor": 3600,
        "usd_total_minor": 2400,
        "is_shippable": odd,
        "pending_at": "2020-02-29T12:00:00Z" if odd else None,
        "line_items": [item] if odd else [],
    }


def _sold(name: str, number: int) -> dict[str, Any]:
    own = FIRST_ID + number * 3
    odd = bool(number % 2)
    match name:
        case "brands":
            return {"is_published": odd, "image2": f"{own}_2.png"}
        case "products":
            return {
                "brand_id": own if odd else None,
                "image5": "a.gif" if odd else "",
                "quantity": number,
                "price_rrp": f"{number}.0001",
                "tax_code_id": None if odd else 3,
                "category_ids": [FIRST_ID, own] if odd else [],
                "custom_values": {str(own): HOSTILE[number] or "v"},
                "option_ids": [own, FIRST_ID] if odd and own != FIRST_ID else [],
            }
        case "options":
            return {
                "values": [
                    {"id": own * 10, "name": HOSTILE[number].strip() or "v"},
                    {"name": "two", "surcharge": "0.0001"},
                ]
            }
        case "product_terms":
            return _terms(own, odd=odd)
        case "coupons":
            return {
                "percent_ppm": 1 + number if odd else None,
                "value": None if odd else "0.0001",
                "expires_on": "9999-12-31",
                "product_ids": [FIRST_ID, own] if odd else [],
                "is_for_all": not odd,
            }
        case "variants":
            return {"product_id": own, "stock": number}
        case "pricings":
            return {"product_id": own, "price": "99.9999", "minimum_quantity": number}
        case _:
            return {}


def _terms(own: int, *, odd: bool) -> dict[str, Any]:
    recurring = {
        "is_recurring": True,
        "recurrence_unit": "week",
        "recurrence_count": 2,
        "startup_fee": "-0.5000",
    }
    return {
        "assigned_id": own if odd else own + 1000,
        "handling": None if odd else "1.0000",
        "approved_url": 'https://shop.example/?a=1,"b"' if odd else None,
        "commission_type": "amount" if odd else None,
        "commission": "99.9999" if odd else None,
        **(recurring if odd else {}),
    }


def _order(own: int, *, odd: bool) -> dict[str, Any]:
    single = {
        "product_id": own,
        "unit_price": "10.0000",
        "quantity": 2,
        "options": OPTIONS,
        "name": "=A1\r\n",
    }
    part = {"product_id": own, "unit_price": "7.5000", "variant_id": 1, "variant_name": '"'}
    bundle = {
        "type": "bundle",
        "product_id": 777,
        "unit_price": "12.0000",
        "parts": [part, part | {"quantity": 3}],
    }
    return {
        "parent_id": None,
        "customer_id": None if odd else own,
        "shipped_at": None if odd else "2020-02-29T12:00:00Z",
        "delivery": "5.0000",
        "discount": "1.0000",
        "tax": "0.3600",
        "tax_included": odd,
        "total": "36.0000" if odd else "36.3600",
        "lines": [single | {"id": own * 10}, bundle],
    }


def _refund(own: int, *, odd: bool) -> dict[str, Any]:
    items = [
        {"type": "shipping", "amount": "-1.0000"},
        {"type": "product", "order_line_id": own * 10, "amount": "3.0000"},
    ]
    return {
        "order_id": own,
        "items": items if odd else items[1:],
        "items_total": "3.0000",
        "shipping_total": "-1.0000" if odd else "0.0000",
        "total": "2.0000" if odd else "3.0000",
    }


def varied_stock() -> list[dict[str, int]]:
    """Stock of every other product and of its variant, in every third warehouse."""
    ids = [FIRST_ID + number * 3 for number in range(COUNT)]
    return [
        {"product_id": own, "variant_id": variant_id, "warehouse_id": place, "quantity": own + place}
        for own in ids[::2]
        for variant_id in (0, own)
        for place in ids[::3]
    ]
