"""A shop with many sales, for the vendor's dialect: built set-based, beside some that the domain's verbs placed."""

import sqlite3
from collections.abc import Mapping

from sqlalchemy import Dialect

from bench.facts import API_PASSWORD, API_USER, SECRET
from bench.world import MICROS, Place, insert_statement
from comptoir.domain import records
from comptoir.domain.customers.models import Customer
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.models import Operator
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.models import Invoice, LineItem, Order, OrderLine
from comptoir.domain.orders.selling import SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.models import PaymentMethod
from comptoir.domain.payments.sandbox import APPROVED, SANDBOX
from comptoir.domain.shop import open_new_shop
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem
from comptoir.domain.subscriptions.plans import create_plan
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.columns import micros_of
from comptoir.storage.database import open_database
from comptoir.storage.fittings import bulk_load
from comptoir.storage.migration import migrate
from comptoir.storage.schema import Record

# Sales that are refunded piece by piece; each has so many pieces, and each measured refund takes one.
REFUNDABLE, PIECES = 400, 40
BATCH = 20
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
PRICE_E4, PIECE_E4 = 190_000, 10_000


def build_sales(place: Place, sales: int, due: int = 0) -> None:
    """Make the database and fill it; of so many of the sales a renewal is due."""
    database = open_database(place.address, secret=SECRET)
    assert records.ROOMS
    migrate(database)
    database.write(lambda session: open_new_shop(session, name="Bench", currency="USD", is_sandbox=True))
    shop = OpenShop("main", database, flush)
    shop.write(_let_in)
    due_at = shop.read(lambda tx: micros_of(tx.now)) - DAY
    with bulk_load(database):
        _fill(place, database.dialect, sales, due, due_at)
    shop.write(lambda tx: _count_on(tx, sales, due))
    for number in range(0, REFUNDABLE if not due else 0, BATCH):
        shop.write(lambda tx, number=number: _sell(tx, number))  # type: ignore[misc]
    database.close()


def _let_in(tx: Tx) -> None:
    tx.insert(
        Operator, id=1, email="bench@example.com", name="Bench", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    create_api_user(
        tx, operator_id=1, name=API_USER, password=API_PASSWORD, dialect="twocheckout", may_update=True,
        secret=SECRET,
    )  # fmt: skip
    update_merchant(tx, vendor_id=1817037, secret_word="tango", gateway=SANDBOX)
    create_plan(
        tx, name="Club", product_id=None, price_e4=PRICE_E4, currency="USD", interval_unit="month",
        interval_count=1,
    )  # fmt: skip


def _fill(place: Place, dialect: Dialect, sales: int, due: int, due_at: int) -> None:
    tables: list[tuple[type[Record], int, Mapping[str, str]]] = [
        (Customer, 1, {"username": "'ada'", "username_key": "'ada'", "first_name": "'Ada'"}),
        (Order, sales, _order()),
        (OrderLine, sales, _line(1, PRICE_E4)),
        (OrderLine, sales, _line(2, PIECE_E4)),
        (Invoice, sales, _invoice()),
        (LineItem, sales, _item(1, PRICE_E4, recurs=due > 0)),
        (LineItem, sales, _item(2, PIECE_E4, recurs=False)),
        (PaymentMethod, due, {"sale_id": "n * 10", "gateway": f"'{SANDBOX}'", "method": f"'{APPROVED}'"}),
        (Enrolment, due, _enrolment(due_at)),
        (RecurringItem, due, _recurring()),
    ]
    with sqlite3.connect(place.address, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -262144")
        for record, count, values in tables:
            if count:
                connection.execute(insert_statement(dialect, record, count, values))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _order() -> Mapping[str, str]:
    return {
        "id": "n * 10 + 9",
        "sale_id": "n * 10",
        "number": "n * 10",
        "customer_id": "1",
        "status": "'completed'",
        "created_at": f"{MICROS} + n * {MINUTE}",
        "version": "1",
        "billing_name": "'Ada Lovelace ' || n",
        "billing_address": "'12 St James''s Square'",
        "billing_city": "'London'",
        "billing_email": "'ada' || n || '@example.com'",
        "payment_method": "'credit card'",
        "currency": "'USD'",
        "tax_included": "TRUE",
        "total_e4": str(PRICE_E4 + PIECE_E4),
        "total_minor": str((PRICE_E4 + PIECE_E4) // 100),
        "paid_minor": str((PRICE_E4 + PIECE_E4) // 100),
    }


def _line(place: int, price_e4: int) -> Mapping[str, str]:
    return {
        "id": f"n * 10 + {place}",
        "order_id": "n * 10 + 9",
        "position": str(place - 1),
        "type": "'product'",
        "product_id": "1 + n % 500",
        "code": "'lamp'",
        "name": "'Walnut lamp'",
        "quantity": "1",
        "unit_price_e4": str(price_e4),
        "options": "'{}'",
        "amount_minor": str(price_e4 // 100),
    }


def _invoice() -> Mapping[str, str]:
    total = str((PRICE_E4 + PIECE_E4) // 100)
    return {
        "order_id": "n * 10 + 9",
        "change_number": "n * 10 + 3",
        "installment": "1",
        "status": "'deposited'",
        "fraud_status": "'pass'",
        "language": "'en'",
        "method": "'credit card'",
        "card_first_six": "'400000'",
        "card_last_two": "'02'",
        "first_name": "'Ada'",
        "last_name": "'Lovelace'",
        "billing_country": "'GBR'",
        "customer_currency": "'USD'",
        "customer_total_minor": total,
        "usd_total_minor": total,
        "fee_minor": "155",
        "authorised_at": f"{MICROS} + n * {MINUTE}",
        "authorised_until": f"{MICROS} + n * {MINUTE} + {7 * DAY}",
        "pending_at": f"{MICROS} + n * {MINUTE} + {DAY}",
        "deposited_at": f"{MICROS} + n * {MINUTE} + {2 * DAY}",
        "paid_out_at": f"{MICROS} + n * {MINUTE} + {9 * DAY}",
    }


def _item(place: int, price_e4: int, *, recurs: bool) -> Mapping[str, str]:
    again = {"recurrence_unit": "'month'", "recurrence_count": "1", "installment": "1", "enrolment_id": "n"}
    return {
        "order_line_id": f"n * 10 + {place}",
        "order_id": "n * 10 + 9",
        "vendor_product_id": "'lamp'",
        "is_catalogue": "TRUE",
        "price_e4": str(price_e4),
        "surcharges": "'[]'",
        **(again if recurs else {}),
    }


def _enrolment(due_at: int) -> Mapping[str, str]:
    return {
        "customer_id": "1",
        "subscription_id": "1",
        "parent_order_id": "n * 10 + 9",
        "starts_at": f"{MICROS} + n * {MINUTE}",
        "is_active": "TRUE",
        "is_paid": "TRUE",
        "next_billing_at": str(due_at),
        "due_at": str(due_at),
        "anchor_day": "15",
    }


def _recurring() -> Mapping[str, str]:
    return {
        "enrolment_id": "n",
        "sale_id": "n * 10",
        "order_line_id": "n * 10 + 1",
        "price_e4": str(PRICE_E4),
        "installments": "1",
        "status": "'live'",
    }


def _count_on(tx: Tx, sales: int, due: int) -> None:
    tx.ids.reach("order", sales * 10 + 9)
    tx.ids.reach("order_line", sales * 10 + 9)
    tx.ids.reach("customer", 1)
    tx.ids.reach("enrolment", due)


def _sell(tx: Tx, number: int) -> None:
    """Sales of many pieces, paid for, whose line ids are known: `first_piece` says which."""
    for place in range(number, number + BATCH):
        lines = [
            SaleLine(id=first_piece() + place * PIECES + piece, name="Candle", amount_e4=PIECE_E4)
            for piece in range(PIECES)
        ]
        sold = place_sale(tx, lines=lines, buyer=Buyer(name="Ada Lovelace", customer_id=1), terms=SaleTerms())
        record_payment(tx, order_id=sold.order_id, amount_e4=PIECE_E4 * PIECES)


def first_piece() -> int:
    """The number of the first piece that may be refunded; the others follow it."""
    return 10**12
