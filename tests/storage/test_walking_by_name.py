"""Lists by name are walked within an index on both engines, page after page, also through many of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.console.bank_customers import PEOPLE
from comptoir.console.customers import _listing
from comptoir.console.products import PRODUCTS
from comptoir.domain.banking.customers.models import VERIFIED, BankCustomer
from comptoir.domain.catalogue.importing import import_products
from comptoir.domain.catalogue.models import Product
from comptoir.domain.customers.importing import import_customers
from comptoir.domain.customers.models import Customer
from comptoir.storage.reading import Filter, Target
from tests.domain.banking.accounts.people import NO_DETAILS

if TYPE_CHECKING:
    from comptoir.console.listing import Listing
    from comptoir.domain.tx import Tx

CUSTOMERS = _listing(Customer.created_at)
LISTS = {"product": PRODUCTS, "customer": CUSTOMERS, "bank_customer": PEOPLE}
MANY = 1_500
PAGE = 50
SAME = 400
PUBLISHED = Filter(Target(Product.is_published, "flag"), "eq", (True,))


class Heard:
    """A cursor that keeps what it is asked."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.asked: list[tuple[str, Any]] = []

    def execute(self, sql: str, values: Any = (), **more: Any) -> Any:
        self.asked.append((sql, values))
        return self._cursor.execute(sql, values, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@pytest.fixture
def full(tx: Tx) -> Tx:
    """Many of each, of whom some hundreds have one name."""
    names = ["same" if number < SAME else f"name {number * 7919 % MANY:04}" for number in range(MANY)]
    import_products(tx, [{"name": name} for name in names])
    rows: Any = [{"email": f"c{place}@example.com", "last_name": name} for place, name in enumerate(names)]
    import_customers(tx, rows)
    banking = {**NO_DETAILS, "status": VERIFIED, "created_at": tx.now, "updated_at": tx.now}
    tx.insert_many(
        BankCustomer,
        [{**banking, "customer_id": place, "name_key": name} for place, name in enumerate(names, 1)],
    )
    if tx.engine == "postgres":
        for table in LISTS:
            tx.script(f"ANALYZE {table}")
    return tx


def steps_of(tx: Tx, listing: Listing, sort: str, past: int | None, *filters: Filter) -> list[str]:
    """How the engine comes to a page."""
    by = next(one for one in listing.sorts if one.name == sort)
    cursor, tx.cursor = tx.cursor, Heard(tx.cursor)
    heard = tx.cursor
    listing.walker.step(tx, filters, by=by.by, falls=by.falls, limit=PAGE, past=past)
    tx.cursor = cursor
    pages = [(sql, values) for sql, values in heard.asked if "ORDER BY" in sql]
    assert pages
    if tx.engine == "sqlite":
        return [
            str(row[3]) for asked in pages for row in tx.script(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])
        ]
    return [str(row[0]) for asked in pages for row in tx.script(f"EXPLAIN {asked[0]}", asked[1])]


@pytest.mark.parametrize("past", [None, SAME // 2, MANY // 2])
@pytest.mark.parametrize("sort", ["name", "name-back"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_by_name_is_read_off_an_index(full: Tx, name: str, sort: str, past: int | None) -> None:
    steps = " ".join(steps_of(full, LISTS[name], sort, past))
    assert f"ix_{name}_name" in steps
    assert not any(word in steps for word in ("TEMP B-TREE", "Sort", "Seq Scan")), steps


@pytest.mark.parametrize("past", [None, MANY // 2])
def test_so_it_is_where_the_list_is_narrowed(full: Tx, past: int | None) -> None:
    steps = " ".join(steps_of(full, PRODUCTS, "name", past, PUBLISHED))
    assert "ix_product_name" in steps
    assert not any(word in steps for word in ("TEMP B-TREE", "Sort", "Seq Scan")), steps


def test_sqlite_goes_through_those_of_one_name_by_their_ids(full: Tx) -> None:
    if full.engine != "sqlite":
        pytest.skip("PostgreSQL compares pairs within an index")
    steps = steps_of(full, PRODUCTS, "name", SAME // 2)
    assert steps == ["SEARCH product USING INDEX ix_product_name (name_key=? AND id>?)"]
    steps = steps_of(full, PRODUCTS, "name", SAME)
    assert steps[-1] == "SEARCH product USING INDEX ix_product_name (name_key>?)"


@pytest.mark.parametrize("size", [PAGE, 7, SAME - 1, MANY])
@pytest.mark.parametrize("sort", ["name", "name-back"])
@pytest.mark.parametrize("name", LISTS)
def test_nobody_is_left_out_or_met_twice(full: Tx, name: str, sort: str, size: int) -> None:
    listing = LISTS[name]
    by = next(one for one in listing.sorts if one.name == sort)
    seen: list[int] = []
    while rows := listing.walker.step(
        full, (), by=by.by, falls=by.falls, limit=size, past=seen[-1] if seen else None
    ):
        assert len(rows) <= size
        seen += [row[0] for row in rows]
    key = "customer_id" if name == "bank_customer" else "id"
    ordered = full.script(f"SELECT {key} FROM {name} ORDER BY name_key, {key}")
    assert seen == [row[0] for row in (reversed(ordered) if by.falls else ordered)]
