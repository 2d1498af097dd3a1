"""A database that an earlier release left behind, with data in it, comes up to today's schema and loses nothing."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import falcon.testing
import pytest
from sqlalchemy import Boolean, Select, Table, func, select

from comptoir.app import make_app
from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.customers.naming import name_key_of
from comptoir.domain.catalogue.models import Product
from comptoir.domain.customers.models import Customer
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.permissions import ROLES
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.names import order_key
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import refund_order
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage import migration
from comptoir.storage.copying import copy_database, put_back
from comptoir.storage.database import open_database
from comptoir.storage.errors import StorageError
from comptoir.storage.fittings import mend, missing
from comptoir.storage.migration import migrate, number_of, pending, released
from comptoir.storage.postgres import PostgresDatabase
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase
from tests.conftest import NOW, SECRET
from tests.domain.orders.given import a_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comptoir.storage.database import Database
    from tests.engines import Engines

# What a release left behind, by the number of its last migration: each table's columns, then its rows.
RELEASES = sorted((Path(__file__).parent / "releases").glob("*.json"))
USER, PASSWORD = "APIuser1817037", "APIpass1817037"
SALES = select(Order.id, Order.parent_id, Order.sale_id, Order.is_renewal).order_by(Order.id)
OPERATORS = select(Operator.email, Operator.role)
NAMED: tuple[Select[Any], ...] = (
    select(Product.name, Product.name_key).order_by(Product.id),
    select(Customer.last_name, Customer.first_name, Customer.username, Customer.name_key).order_by(Customer.id),
    select(
        Customer.last_name, Customer.first_name, Customer.email, BankCustomer.is_business, BankCustomer.details,
        BankCustomer.name_key,
    ).join(BankCustomer, BankCustomer.customer_id == Customer.id),
)  # fmt: skip
POINTERS = {
    "sqlite": 'SELECT m.name, f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f '
    "WHERE m.type = 'table' ORDER BY 1, 2",
    "postgres": "SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text FROM pg_constraint c "
    "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' ORDER BY 1, 2",
}  # fmt: skip
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgres": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
}
CHANGES = ("UPDATE posting SET amount_minor = 0", "DELETE FROM posting")


def taken(value: Any, column: Any) -> Any:
    """A value as the column takes it from the file."""
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    return bool(value) if isinstance(column.type, Boolean) and value is not None else value


def fill(database: Database, tables: dict[str, list[list[Any]]]) -> None:
    """Write what a release left, those first that others point at."""
    place = "?" if database.engine == "sqlite" else "%s"

    def work(session: Any) -> None:
        for table in Record.metadata.sorted_tables:
            if table.name in tables:
                columns, *rows = tables[table.name]
                names, places = ", ".join(f'"{name}"' for name in columns), ", ".join(place for _ in columns)
                for row in ordered(table, columns, rows):
                    values = [taken(one, table.c[name]) for name, one in zip(columns, row, strict=True)]
                    session.script(f"INSERT INTO {table.name} ({names}) VALUES ({places})", tuple(values))

    database.write(work)


def ordered(table: Table, columns: Sequence[str], rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of a table, those first at which others of the same table point."""
    within = [
        name for name in columns if any(key.column.table is table for key in table.c[name].foreign_keys)
    ]
    return sorted(rows, key=lambda row: [row[columns.index(name)] is not None for name in within])


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is in a database, by tables."""
    return database.read(
        lambda session: {
            table.name: sorted(session.script(f"SELECT * FROM {table.name}"), key=repr)
            for table in Record.metadata.sorted_tables
        }
    )


def said(database: Database, sql: dict[str, str]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in database.read(lambda session: session.script(sql[database.engine]))}


def left_by(release: Path, engine: str, engines: Engines, folder: Path) -> Database:
    """A database as the release left it."""
    database = engines.empty(engine, folder)
    for name in released():
        if number_of(name) <= release.stem:
            migration._apply(database, number_of(name))
    fill(database, json.loads(release.read_text()))
    mend(database)
    return database


@pytest.fixture(params=RELEASES, ids=lambda path: path.stem)
def old(
    engine: str, engines: Engines, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Database, str]]:
    """A database as the release with this last migration left it, and the number of that."""
    database = left_by(request.param, engine, engines, tmp_path)
    yield database, request.param.stem
    engines.drop(database)


@pytest.fixture
def first(engine: str, engines: Engines, tmp_path: Path) -> Iterator[Database]:
    """A database as the first release left it."""
    database = left_by(RELEASES[0], engine, engines, tmp_path)
    yield database
    engines.drop(database)


def release_of(number: str) -> Path:
    """The dump of a release."""
    return next(path for path in RELEASES if path.stem == number)


def test_every_release_but_this_one_left_a_dump() -> None:
    assert [path.stem for path in RELEASES] == [number_of(name) for name in released()[:-1]]


def test_what_a_release_left_comes_up_and_loses_nothing(old: tuple[Database, str]) -> None:
    database, number = old
    pointers, tables = said(database, POINTERS), json.loads(release_of(number).read_text())
    assert migrate(database) == [name for name in released() if number_of(name) > number]
    assert pending(database) == []
    after = contents(database)
    assert {name: len(after[name]) for name in tables} == {
        name: len(rows) - 1 for name, rows in tables.items()
    }
    assert said(database, POINTERS) >= pointers
    absent = {one.kind for one in database.read(missing)}
    assert absent <= ({"index"} if database.engine == "postgres" else set())
    declared = {index.name for table in Record.metadata.tables.values() for index in table.indexes}
    assert declared <= {name for (name,) in said(database, INDEXES)}


def test_the_journal_is_guarded_before_and_after(old: tuple[Database, str]) -> None:
    database, _ = old
    for _ in range(2):
        for change in CHANGES:
            with pytest.raises(StorageError, match="append-only"):
                database.write(lambda session, change=change: session.script(change))  # type: ignore[misc]
        migrate(database)


def test_a_second_start_changes_nothing(old: tuple[Database, str]) -> None:
    database, _ = old
    migrate(database)
    first = contents(database)
    assert (migrate(database), mend(database)) == ([], [])
    assert contents(database) == first


def test_orders_are_sales_of_their_own_or_their_parents(first: Database) -> None:
    migrate(first)
    rows = first.read(lambda session: session.all(SALES))
    assert {order_id: sale_id for order_id, _, sale_id, _ in rows if order_id != sale_id} == {
        123: 123456, 456: 123456, 56456458: 56456457, 56456459: 56456457,
    }  # fmt: skip
    assert all(sale_id == (parent_id or order_id) for order_id, parent_id, sale_id, _ in rows)
    assert not any(is_renewal for *_, is_renewal in rows)


def test_roles_take_the_names_that_they_have_now(old: tuple[Database, str]) -> None:
    database, number = old
    migrate(database)
    rows: list[Any] = database.read(lambda session: session.all(OPERATORS))
    named = {row[0]: row[1] for row in rows}
    assert set(named.values()) <= set(ROLES)
    if number == "0003":
        assert named == {
            "demo@example.com": "owner", "editor@example.com": "manager", "viewer@example.com": "read-only",
        }  # fmt: skip


def test_what_has_a_name_stands_where_it_belongs(old: tuple[Database, str]) -> None:
    database, number = old
    migrate(database)
    products, customers, banking = (database.read(lambda session, of=of: session.all(of)) for of in NAMED)  # type: ignore[misc]
    assert [key for _, key in products] == [order_key(name) for name, _ in products]
    assert [key for _, _, _, key in customers] == [
        order_key(last, first) or order_key(username) for last, first, username, _ in customers
    ]
    assert [key for *_, key in banking] == [
        name_key_of(
            {**(details or {}), "last_name": last, "first_name": first, "email": email},
            is_business=is_business,
        )
        for last, first, email, is_business, details, _ in banking
    ]
    assert "" not in {key for _, key in products} | {key for *_, key in customers} | {
        key for *_, key in banking
    }
    if number == "0004":
        assert {"etagere a epices", "orsted lamp", "apron", "λαμπα"} <= {key for _, key in products}
        assert {"muller\tzoe", "lake\tgrace", "noname@example.com"} <= {key for *_, key in customers}
        assert banking


def test_the_books_balance_and_trade_goes_on(old: tuple[Database, str]) -> None:
    database, _ = old
    migrate(database)
    shop = OpenShop("old", database, flush, system=lambda: NOW)
    assert shop.read(prove_books) == []
    before = shop.read(lambda tx: tx.value(select(func.count(Order.id))))
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("12")]))
    shop.write(lambda tx: charge_order(tx, order_id=order_id, gateway=gateway_named("sandbox")))
    shop.write(lambda tx: refund_order(tx, order_id=56456456, gateway=gateway_named("sandbox")))
    assert shop.read(lambda tx: tx.value(select(func.count(Order.id)))) == before + 1
    assert shop.read(prove_books) == []


def let_in(tx: Tx) -> None:
    """Give the vendor's dialect a user."""
    tx.insert(
        Operator, id=1, email="tom@example.com", name="Tom Jones", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    create_api_user(
        tx, operator_id=1, name=USER, password=PASSWORD, dialect="twocheckout", may_update=True,
        networks=(), secret=SECRET,
    )  # fmt: skip


def test_the_vendors_dialect_shows_its_sales(first: Database, tmp_path: Path) -> None:
    migrate(first)
    shop = OpenShop("old", first, flush, system=lambda: NOW)
    shop.write(let_in)
    media = DirectoryStore(tmp_path / "media")
    client = falcon.testing.TestClient(make_app([ServedShop(shop, SECRET, media, Fetcher(FetchRules()))]))

    def ask(call: str) -> dict[str, Any]:
        told = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        answer = client.simulate_get(
            f"/api/sales/{call}", headers={"Authorization": f"Basic {told}", "Accept": "application/json"}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    listed = {int(sale["sale_id"]) for sale in ask("list_sales?pagesize=100")["sale_summary"]}
    assert listed == {46, 123456, 359462, 1255433, 56456456, 56456457, 56456460, 56456462, 56456463, 56456464}
    for sale_id in listed:
        (invoice,) = ask(f"detail_sale?sale_id={sale_id}")["sale"]["invoices"]
        assert int(invoice["invoice_id"]) == sale_id
    (whole,) = ask("detail_sale?sale_id=56456457")["sale"]["invoices"]
    assert (whole["vendor_total"], whole["status"]) == ("63.94", "deposited")


def test_a_copy_from_before_takes_the_place_of_what_came_after(
    old: tuple[Database, str], engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engines.programs:
        monkeypatch.setenv("PATH", engines.programs, prepend=os.pathsep)
    database, number = old
    assert isinstance(database, SqliteDatabase | PostgresDatabase)
    copy_database(database, tmp_path / "copy")
    migrate(database)
    database.write(lambda session: session.script("DELETE FROM notification"))
    put_back(database, tmp_path / "copy")
    again = open_database(
        str(database.path) if isinstance(database, SqliteDatabase) else database.dsn, secret=SECRET
    )
    assert migrate(again) == [name for name in released() if number_of(name) > number]
    assert len(contents(again)["notification"]) == 3
    assert OpenShop("old", again, flush).read(prove_books) == []
    again.close()
