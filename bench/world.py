"""The shop that is measured: built set-based, so that a million products take about a minute."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Boolean, Dialect, Text

from bench.facts import KEY, SECRET
from comptoir.domain import records
from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    CustomField,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
    Variant,
)
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.models import ApiKey, Operator
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.orders.placing import place_order
from comptoir.domain.shop import open_new_shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.database import open_database
from comptoir.storage.fittings import bulk_load
from comptoir.storage.migration import migrate
from comptoir.storage.schema import Record

ORDERS = 200
BRANDS, CATEGORIES, FIELDS = 50, 40, 8
MICROS = 1_700_000_000_000_000
THINGS = (
    "lamp table shelf chair mirror carpet basket candle vase clock stool frame bench tray cabinet".split()
)
STUFFS = "walnut oak linen brass marble copper wool bamboo rattan ceramic glass velvet concrete cork".split()


class Place(NamedTuple):
    """A built shop: its data folder, and the address of its database."""

    folder: Path
    address: str

    @property
    def engine(self) -> str:
        """SQLite or PostgreSQL."""
        return "postgres" if self.address.startswith("postgres") else "sqlite"


def sqlite_place(folder: Path) -> Place:
    """Where `comptoir serve` looks for its main shop below a data folder."""
    shop = folder / "shops" / "main"
    shop.mkdir(parents=True, exist_ok=True)
    (folder / "secret.key").write_text(f"{SECRET.hex()}\n")
    return Place(folder, str(shop / "shop.sqlite"))


def build(place: Place, products: int) -> None:
    """Make the database and fill it."""
    database = open_database(place.address, secret=SECRET)
    assert records.ROOMS
    migrate(database)
    database.write(lambda session: open_new_shop(session, name="Bench", currency="AUD"))
    with bulk_load(database):
        _fill(place, database.dialect, products)
    shop = OpenShop("main", database, flush)
    shop.write(lambda tx: _finish(tx, products))
    if products:
        for _ in range(ORDERS // 50):
            shop.write(_place_orders)
    database.close()


def _fill(place: Place, dialect: Dialect, products: int) -> None:
    tables: list[tuple[type[Record], int, Mapping[str, str]]] = [
        (Brand, BRANDS, {"name": "'Brand ' || n", "email": "'hello@brand.example'"}),
        (Category, CATEGORIES, _category()),
        (CustomField, FIELDS, {"name": "'field ' || n", "name_key": "'field ' || n"}),
        (Product, products, _product()),
        (ProductCategory, products, {"product_id": "n", "category_id": f"1 + n % {CATEGORIES - 1}"}),
        (ProductCategory, products, {"product_id": "n", "category_id": str(CATEGORIES)}),
        (ProductCustomField, products, _value()),
        (Pricing, products, _pricing()),
        (Variant, products, _variant()),
    ]
    statements = [
        insert_statement(dialect, record, count, values) for record, count, values in tables if count
    ]
    if place.engine == "postgres":
        with psycopg.connect(place.address, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)
            server.execute("VACUUM ANALYZE")
        return
    with sqlite3.connect(place.address, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -262144")
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _category() -> Mapping[str, str]:
    return {"name": "'Shelf ' || n", "slug": "'shelf-' || n", "slug_key": "'shelf-' || n", "seo_id": "n"}


def _value() -> Mapping[str, str]:
    return {"product_id": "n", "custom_field_id": f"1 + n % {FIELDS}", "value": "'value ' || n"}


def _variant() -> Mapping[str, str]:
    return {"product_id": "n", "code": "'v' || n", "code_key": "'v' || n", "name": "'Large'", "stock": "100"}


def _pricing() -> Mapping[str, str]:
    return {
        "product_id": "n",
        "name": "'Ten and more'",
        "price_e4": "90000 + n % 7000",
        "modifier": "'$'",
        "minimum_quantity": "10",
    }


def _product() -> Mapping[str, str]:
    name = f"{_word(STUFFS, 'n')} || ' ' || {_word(THINGS, f'n / {len(STUFFS)}')} || ' ' || n"
    return {
        "brand_id": f"1 + n % {BRANDS}",
        "code": "'p' || n",
        "code_key": "'p' || n",
        "name": name,
        "name_key": f"lower({name})",
        "slug": "'product-' || n",
        "slug_key": "'product-' || n",
        "description": "'A good thing to have at home, made by hand and built to last. Number ' || n",
        "keywords": "'home, living, handmade'",
        "quantity": "10",
        "status": "'in_stock'",
        "price_rrp_e4": "100000 + n % 90000",
        "price_cost_e4": "50000 + n % 40000",
        "weight_e4": "12500",
        "seo_id": f"{CATEGORIES} + n",
    }


def _word(words: list[str], number: str) -> str:
    """The SQL for one of some words."""
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE ({number}) % {len(words)} {cases} END"


def insert_statement(dialect: Dialect, record: type[Record], count: int, values: Mapping[str, str]) -> str:
    """INSERT of `count` records; columns that are not named hold nothing."""
    columns = {
        column.name: values.get(column.name, "n" if column.name == "id" else _nothing(column))
        for column in record.__table__.columns
    }
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    selected = f"{numbers} SELECT {', '.join(columns.values())} FROM numbers"
    table = dialect.identifier_preparer.format_table(record.__table__)
    return f"INSERT INTO {table} ({', '.join(columns)}) {selected}"


def _nothing(column: Any) -> str:
    if column.nullable:
        return "NULL"
    if column.name.endswith("_at"):
        return str(MICROS)
    if isinstance(column.type, Boolean):
        return "TRUE" if column.name == "is_published" else "FALSE"
    return "''" if isinstance(column.type, Text) else "0"


def _finish(tx: Tx, products: int) -> None:
    """Move the counters on, and let one operator in."""
    for kind in ("product", "pricing", "variant"):
        tx.ids.reach(kind, products)
    tx.ids.reach("seo", products + CATEGORIES)
    tx.insert(
        Operator, id=1, email="bench@example.com", name="Bench", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    tx.insert(
        ApiKey, id=1, operator_id=1, name="bench", dialect="coredna", key_hash=hash_key(KEY, SECRET), hint="benc",
        scopes=["read", "write"], networks=[], created_at=tx.now, expires_at=None, revoked_at=None,
        last_used_at=None, replaced_by_id=None,
    )  # fmt: skip


def order_fields(number: int) -> dict[str, Any]:
    """An order as a shop takes it: five lines, delivery, an address."""
    return {
        "billing_name": "Ada Lovelace",
        "billing_address": "12 St James's Square",
        "billing_city": "Melbourne",
        "billing_email": "ada@example.com",
        "delivery_name": "Ada Lovelace",
        "delivery_e4": 95_000,
        "payment_method": "card",
        "lines": [
            {
                "product_id": 1 + (number + line) % 500,
                "code": f"p{line}",
                "name": "walnut lamp",
                "quantity": 1 + line % 3,
                "unit_price_e4": 129_500 + 10_000 * line,
                "tax_rate_ppm": 100_000,
            }
            for line in range(5)
        ],
    }


def _place_orders(tx: Tx) -> None:
    for number in range(50):
        place_order(tx, **order_fields(number))
