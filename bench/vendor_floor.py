"""The floor of the vendor's dialect: a bare WSGI callable with hand-written SQL, for sales as a shop has them."""

import threading
from base64 import b64decode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from json import dumps
from time import time_ns
from typing import Any
from urllib.parse import parse_qs

import msgspec

from bench.facts import SECRET
from bench.floor import BEGIN, FIND_KEY, connect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BASE = "https://www.2checkout.com/api/sales"
NO_AFFILIATE = dict.fromkeys(
    "affiliate_vendor_id commission commission_affiliate_vendor_id commission_flat_rate commission_percentage "
    "commission_type commission_usd_amount flat_rate percentage usd_commission lc_affiliate_vendor_id "
    "lc_usd_amount".split()
)
ORDER = (
    "o.id, o.sale_id, o.customer_id, o.created_at, o.billing_name, o.billing_address, o.billing_city, "
    "o.billing_state, o.billing_postcode, o.billing_email, o.billing_phone, o.total_minor, i.change_number, "
    "i.status, i.merchant_order_id, i.language, i.referrer, i.ip_address, i.method, i.card_first_six, "
    "i.card_last_two, i.first_name, i.middle_initial, i.last_name, i.phone_ext, i.billing_address2, "
    "i.customer_total_minor, i.usd_total_minor, i.fee_minor, i.authorised_until, i.pending_at, "
    "i.deposited_at, i.paid_out_at"
)
INVOICES = (
    f"SELECT {ORDER} FROM orders o JOIN invoice i ON i.order_id = o.id WHERE o.sale_id = ? AND "
    "o.removed_at IS NULL AND (o.parent_id IS NULL OR o.is_renewal) ORDER BY o.created_at, o.id"
)
LINES = (
    "SELECT l.id, l.order_id, l.type, l.product_id, l.name, l.amount_minor, t.vendor_product_id, t.description, "
    "t.is_catalogue, t.is_tangible, t.is_cart, t.price_e4, t.surcharges FROM order_line l JOIN line_item t "
    "ON t.order_line_id = l.id WHERE l.order_id = ? AND l.parent_line_id IS NULL ORDER BY l.position"
)
GIVEN = (
    "SELECT x.order_line_id, x.amount_e4, r.refunded_at FROM refund_item x JOIN refund r ON r.id = x.refund_id "
    "WHERE r.order_id = ? AND r.status = 'success' AND r.removed_at IS NULL"
)
RECURRING = "SELECT enrolment_id FROM recurring_item WHERE sale_id = ?"
COMMENTS = (
    "SELECT created_at, author, ip_address, text FROM order_comment WHERE sale_id = ? "
    "ORDER BY created_at DESC, id DESC"
)
VENDOR = "SELECT vendor_id FROM merchant WHERE id = 1"
COUNT = "SELECT count(*) FROM orders WHERE parent_id IS NULL AND removed_at IS NULL"
PAGE = (
    "SELECT o.sale_id, o.billing_name, o.created_at, i.customer_total_minor, i.usd_total_minor, o.id FROM orders o "
    "LEFT JOIN invoice i ON i.order_id = o.id WHERE o.parent_id IS NULL AND o.removed_at IS NULL "
    "ORDER BY o.created_at DESC, o.id DESC LIMIT ? OFFSET ?"
)
RECURS = "SELECT order_id FROM line_item WHERE order_id = ? AND recurrence_unit IS NOT NULL"


class VendorFloor:
    """The WSGI callable: detail_sale and list_sales of a shop in dollars, all of whose sales are invoices."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._local = threading.local()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        connection = self._connection
        connection.execute(BEGIN["sqlite"])
        try:
            status, told = self._answer(connection, environ)
        finally:
            connection.execute("ROLLBACK")
        body = dumps(told, sort_keys=True, separators=(",", ":")).encode()
        headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("content-length", str(len(body))),
            ("vary", "Accept"),
        ]
        start_response(status, headers)
        return [body]

    @property
    def _connection(self) -> Any:
        found = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = connect(self._address)
        return found

    def _answer(self, connection: Any, environ: dict[str, Any]) -> tuple[str, Any]:
        scheme, _, value = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        key = b64decode(value).decode() if scheme == "Basic" else ""
        digest = blake2b(key.encode(), key=SECRET, digest_size=32).hexdigest()
        row = connection.execute(FIND_KEY, (digest,)).fetchone()
        if row is None or (row[5] is not None and row[5] <= time_ns() // 1000):
            return "401 Unauthorized", {}
        msgspec.json.decode(row[3])
        if msgspec.json.decode(row[4]):
            return "401 Unauthorized", {}
        asked = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        if environ["PATH_INFO"] == "/api/sales/list_sales":
            return "200 OK", _listed(connection, asked)
        return "200 OK", _detailed(connection, int(asked["sale_id"]))


def _listed(connection: Any, asked: dict[str, str]) -> Any:
    size, page = int(asked.get("pagesize", 20)), int(asked.get("cur_page", 1))
    total = connection.execute(COUNT).fetchone()[0]
    rows = connection.execute(PAGE, (size, (page - 1) * size)).fetchall()
    last = -(-total // size)
    link = f"{BASE}/list_sales?cur_page={{}}&pagesize={size}"
    return {
        "response_code": "OK",
        "response_message": "Sales summary retrieved",
        "page_info": {
            "cur_page": str(page), "first_entry": (page - 1) * size + 1, "first_page": 1,
            "first_page_url": link.format(1), "last_entry": str((page - 1) * size + len(rows)), "last_page": last,
            "last_page_url": link.format(last), "next_page": page + 1 if page < last else None,
            "pagesize": str(size), "previous_page": page - 1 if page > 1 else None, "total_entries": str(total),
        },
        "sale_summary": [
            {
                "customer_name": name, "customer_total": money(customer), "date_placed": moment(at)[:10],
                "decline_code": None,
                "recurring": "1" if connection.execute(RECURS, (order_id,)).fetchone() else "0",
                "recurring_declined": None, "sale_id": str(sale_id),
                "sale_url": f"{BASE}/detail_sale?sale_id={sale_id}", "usd_total": money(usd),
            }
            for sale_id, name, at, customer, usd, order_id in rows
        ],
    }  # fmt: skip


def _detailed(connection: Any, sale_id: int) -> Any:
    execute = connection.execute
    vendor_id = str(execute(VENDOR).fetchone()[0])
    rows = execute(INVOICES, (sale_id,)).fetchall()
    assert not execute(RECURRING, (sale_id,)).fetchall()
    invoices = []
    for row in rows:
        lines = execute(LINES, (row[0],)).fetchall()
        given = execute(GIVEN, (row[0],)).fetchall()
        assert not given
        invoices.append(_invoice(row, lines, vendor_id))
    comments = [
        {"changed_by_ip": ip, "comment": said, "timestamp": moment(at), "username": author}
        for at, author, ip, said in execute(COMMENTS, (sale_id,)).fetchall()
    ]
    first = rows[0]
    sale = {
        "comments": comments, "customer": _customer(first), "date_placed": moment(first[3]),
        "detail_ip": {
            "address": first[17], "area_code": 0, "city": "", "country": "", "country_code": "", "region": "",
            "zip": None,
        },
        "invoices": invoices, "ip_address": first[17], "ip_country": "", "recurring_decline": None,
        "sale_id": str(sale_id),
    }  # fmt: skip
    return {"response_code": "OK", "response_message": "Sale detail retrieved", "sale": sale}


def _customer(row: Any) -> Any:
    return {
        "address_1": row[5], "address_2": row[25] or None, "address_id": str(row[1]), "cardholder_name": row[4],
        "city": row[6], "country_code": "GBR", "country_code_2": "GB", "country_name": "United Kingdom",
        "customer_id": str(row[2]), "email_address": row[9], "first_name": row[21], "lang": row[15],
        "last_name": row[23], "middle_initial": row[22] or None,
        "pay_method": {
            "avs": None, "cvv": None, "first_six_digits": row[19] or None, "last_two_digits": row[20] or None,
            "method": row[18],
        },
        "phone": row[10], "phone_ext": row[24], "postal_code": row[8], "prefix": None, "state": row[7],
        "state_2": None,
    }  # fmt: skip


def _invoice(row: Any, lines: Any, vendor_id: str) -> Any:
    placed = moment(row[3])
    return {
        "change_id": str(row[12]), "customer_name": row[4], "customer_snapshot_id": None,
        "customer_total": money(row[26]), "date_placed": placed, "date_shipped": None,
        "date_vendor_paid": row[32] and moment(row[32])[:10], "fees_2co": money(row[28]),
        "invoice_id": str(row[0]), "lineitems": [_line(row, line) for line in lines],
        "new_customer_quote_id": "163", "new_vendor_quote_id": "163",
        "payout_status": "Paid" if row[32] else "Pending Payout", "recurring": "0", "referrer": row[16] or None,
        "sale_id": str(row[1]), "shipping": None, "status": row[13], "timestamp": placed,
        "usd_total": money(row[27]), "vendor_id": vendor_id, "vendor_order_id": row[14] or None,
        "vendor_total": money(row[11]),
    }  # fmt: skip


def _line(row: Any, line: Any) -> Any:
    line_id, order_id, kind, product_id, name, amount = line[:6]
    vendor_product_id, description, is_catalogue, tangible, cart, price, surcharges = line[6:]
    assert msgspec.json.decode(surcharges) == []
    ids = {"lineitem_id": str(line_id)}
    amounts = {
        "customer_amount": money((2 * amount * row[26] + row[11]) // (2 * row[11])),
        "usd_amount": money((2 * amount * row[27] + row[11]) // (2 * row[11])),
        "vendor_amount": money(amount),
    }
    start = moment(row[3] + 2 * 86_400_000_000)[:10]
    return {
        **NO_AFFILIATE, **ids, **amounts,
        "billing": {
            **ids, **amounts, "amount": money(amount), "bill_method": row[18].replace(" ", "_"),
            "billing_id": str(line_id), "customer_id": str(row[2]), "date_deposited": row[31] and moment(row[31])[:10],
            "date_end": moment(row[29])[:10], "date_fail": moment(row[29])[:10], "date_next": None,
            "date_pending": row[30] and moment(row[30])[:10], "date_start": start, "recurring_status": None,
            "status": "bill",
        },
        "installment": None, "invoice_id": str(order_id), "linked_id": None, "options": [],
        "product_description": description, "product_duration": None, "product_handling": None,
        "product_id": str(product_id) if is_catalogue else None, "product_is_cart": "1" if cart else "0",
        "product_name": name, "product_price": money((price + 50) // 100), "product_recurrence": None,
        "product_startup_fee": None, "product_tangible": "1" if tangible else "0", "sale_id": str(row[1]),
        "status": "bill", "type": kind, "vendor_product_id": vendor_product_id,
    }  # fmt: skip


def money(minor: int) -> str:
    """Cents with two decimals."""
    return f"{minor // 100}.{minor % 100:02d}"


@lru_cache(maxsize=16_384)
def moment(micros: int) -> str:
    """A time as the wire writes it."""
    return f"{EPOCH + timedelta(microseconds=micros):%Y-%m-%d %H:%M:%S}"
