"""The floor of placing an order: the same rows as the domain's verb, written by hand and durable."""

import threading
from collections.abc import Sequence
from time import time_ns
from typing import Any

from bench.floor import BEGIN_WRITE, NEW_LOG, connect, note, take, text

OPERATOR = (0, None, "comptoir")
ACCOUNTS = ("receivable", "tax_payable", "shipping_income", "sales")
NEW_TRANSFER = (
    "INSERT INTO transfer (id, tag, kind, subject, subject_id, state, posted_at, created_at, reverses_id, memo) "
    "VALUES (?, NULL, 'sale', 'order', ?, 'posted', ?, ?, NULL, '')"
)
NEW_POSTING = (
    "INSERT INTO posting (id, transfer_id, account_id, amount_minor, currency) VALUES (?, ?, ?, ?, ?)"
)
MOVE = "UPDATE account SET posted_minor = posted_minor + ? WHERE id = ?"
FIND_ACCOUNTS = (
    "SELECT code, id, is_closed, floor_minor, posted_minor FROM account WHERE currency = ? "
    "AND code IN ('receivable', 'tax_payable', 'shipping_income', 'sales')"
)
ZERO = (
    "parent_id has_children customer_id warehouse_id removed_at shipped_at insurance_e4 surcharge_e4 discount_e4 "
    "paid_minor repaid_minor refunded_minor"
).split()
NULLS = frozenset("parent_id customer_id warehouse_id removed_at shipped_at".split())
SET = (
    "id number status created_at updated_at version currency tax_included delivery_e4 tax_e4 total_e4 total_minor "
    "charges_minor charges_tax_minor sale_transfer_id"
).split()
PARTS = "name company address suburb city state postcode email phone".split()
TEXTS = (
    *(f"billing_{part}" for part in PARTS), *(f"delivery_{part}" for part in PARTS),
    *(f"custom{number}" for number in range(1, 11)),
    "comments", "payment_method", "payment_transaction_id", "shipping_method", "tracking_id", "carrier",
)  # fmt: skip
NEW_ORDER = (
    f"INSERT INTO orders ({', '.join((*SET, *ZERO, *TEXTS))}) "
    f"VALUES ({', '.join('?' * (len(SET) + len(ZERO) + len(TEXTS)))})"
)
NOTHING = tuple(None if name in NULLS else 0 for name in ZERO)
NEW_LINE = (
    "INSERT INTO order_line (id, order_id, position, parent_line_id, type, product_id, code, variant_id, variant_code, "
    "variant_name, name, quantity, unit_price_e4, discount_e4, tax_e4, options, warehouse_id, amount_minor, "
    "discount_share_minor, tax_minor) VALUES (?, ?, ?, NULL, 'product', ?, ?, NULL, '', '', ?, ?, ?, 0, ?, '{}', NULL, "
    "?, 0, ?)"
)


class FloorOrders:
    """Places orders with tax included, one durable transaction each."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._engine = "postgres" if address.startswith("postgres") else "sqlite"
        self._local = threading.local()
        self._lock = threading.Lock()

    def place(self, fields: dict[str, Any]) -> int:
        """Place one order."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._address)
        with self._lock:
            connection.execute(BEGIN_WRITE[self._engine])
            order_id = self._place(connection, fields)
            connection.execute("COMMIT")
        return order_id

    def _place(self, connection: Any, fields: dict[str, Any]) -> int:
        now = time_ns() // 1000
        priced = [_priced(line) for line in fields["lines"]]
        delivery = fields["delivery_e4"]
        goods = sum(amount for _, amount, _ in priced)
        tax = sum(tax for _, _, tax in priced)
        total = goods + delivery // 100
        order_id = take(connection, "order")
        number = str(take(connection, "order_number"))
        sold = (
            ("receivable", total), ("tax_payable", -tax), ("shipping_income", -delivery // 100),
            ("sales", -(total - tax - delivery // 100)),
        )  # fmt: skip
        transfer_id = self._post(connection, order_id, now, sold)
        connection.execute(
            NEW_ORDER,
            (
                order_id, number, "new", now, now, 1, "AUD", True, delivery, tax * 100, total * 100, total,
                delivery // 100, 0, transfer_id, *NOTHING, *(fields.get(name, "") for name in TEXTS),
            ),
        )  # fmt: skip
        line_id = take(connection, "order_line", len(priced))
        connection.executemany(
            NEW_LINE,
            [
                (
                    line_id + place, order_id, place, line["product_id"], line["code"], line["name"], line["quantity"],
                    line["unit_price_e4"], each, amount, line_tax,
                )
                for place, (line, (each, amount, line_tax)) in enumerate(zip(fields["lines"], priced, strict=True))
            ],
        )  # fmt: skip
        connection.execute(
            NEW_LOG,
            (take(connection, "order_log"), order_id, now, "comptoir (0)", "System", "Order Create",
             text({"status": {"new": "new"}}), True),
        )  # fmt: skip
        after = {"number": number, "status": "new", "total_e4": total * 100, "currency": "AUD"}
        note(connection, OPERATOR, now, "order.placed", "order", order_id, None, after, "system")
        return order_id

    def _post(self, connection: Any, order_id: int, now: int, entries: Sequence[tuple[str, int]]) -> int:
        accounts = {row[0]: row[1:] for row in connection.execute(FIND_ACCOUNTS, ("AUD",)).fetchall()}
        assert not any(accounts[code][1] for code, _ in entries)
        assert sum(minor for _, minor in entries) == 0
        connection.executemany(MOVE, [(minor, accounts[code][0]) for code, minor in entries])
        transfer_id = take(connection, "transfer")
        posting_id = take(connection, "posting", len(entries))
        connection.execute(NEW_TRANSFER, (transfer_id, order_id, now, now))
        connection.executemany(
            NEW_POSTING,
            [
                (posting_id + place, transfer_id, accounts[code][0], minor, "AUD")
                for place, (code, minor) in enumerate(entries)
            ],
        )
        return transfer_id


def _priced(line: dict[str, Any]) -> tuple[int, int, int]:
    """Tax in one piece in ten-thousandths, and the line's amount and the tax in it in minor units."""
    amount = (line["unit_price_e4"] * line["quantity"] + 50) // 100
    rate = line["tax_rate_ppm"]
    each = (2 * line["unit_price_e4"] * rate + 1_000_000 + rate) // (2 * (1_000_000 + rate))
    tax = (2 * amount * rate + 1_000_000 + rate) // (2 * (1_000_000 + rate))
    return each, amount, tax
