"""Pages of records: cheap plans on both engines, whatever the filters hold."""

import pytest

from comptoir.domain.catalogue.models import Product
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Reader, Target, values_of

PRODUCTS = Reader(Product, [Product.id, Product.name, Product.description])
CUSTOMERS = Reader(Customer, [Customer.id, Customer.username])
BY_ID = Target(Product.id, "number")
BY_CODE = Target(Product.code, "text")
BY_BRAND = Target(Product.brand_id, "number")
MANY = Filter(BY_ID, "in", tuple(range(1, 500)))


def plan(tx: Tx, reader: Reader, *filters: Filter, start: int = 0) -> str:
    """How the engine would run a page."""
    statement = reader._page(filters, reader._driver(tx, filters), skips=start > 0)
    compiled = tx.statements.get(statement)
    values = compiled.bind(values_of(filters, limit=100, start=start))
    if tx.engine == "sqlite":
        return "; ".join(row[3] for row in tx.script(f"EXPLAIN QUERY PLAN {compiled.sql}", values))
    tx.script("SET LOCAL enable_seqscan = off")
    return "; ".join(row[0] for row in tx.script(f"EXPLAIN {compiled.sql}", values))


@pytest.mark.parametrize("asked", [MANY, Filter(BY_ID, "eq", (5,)), Filter(BY_ID, "between", (5, 10))])
def test_ids_are_looked_up(tx: Tx, asked: Filter) -> None:
    how = plan(tx, PRODUCTS, asked)
    assert "SEARCH product USING INTEGER PRIMARY KEY" in how or "Index Cond: " in how or "Bitmap" in how


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Filter(BY_CODE, "eq", ("abc",)), "uq_product_code_key"),
        (Filter(BY_CODE, "in", ("abc", "def")), "uq_product_code_key"),
        (Filter(BY_BRAND, "eq", (7,)), "ix_product_brand_id"),
        (Filter(BY_BRAND, "in", (7, 8)), "ix_product_brand_id"),
    ],
)
def test_columns_with_an_index_are_looked_up(tx: Tx, asked: Filter, index: str) -> None:
    how = plan(tx, PRODUCTS, asked)
    assert index in how or "sqlite_autoindex_product" in how or tx.engine != "sqlite"


def test_a_page_is_read_in_the_order_of_the_rows(tx: Tx) -> None:
    assert "TEMP B-TREE" not in plan(tx, PRODUCTS)


def test_a_deep_page_is_skipped_to_in_a_narrow_index(tx: Tx) -> None:
    how = plan(tx, PRODUCTS, start=1000)
    deep = plan(tx, CUSTOMERS, start=1000)
    if tx.engine == "sqlite":
        assert "COVERING INDEX product_pages" in how
        assert "COVERING INDEX customer_pages" in deep
    else:
        assert "Index Only Scan" in how


def test_statements_are_made_once_for_each_shape(tx: Tx) -> None:
    reader = Reader(Product, [Product.id])
    by_name = Target(Product.name, "text")
    for part in ("abc", "abd", "ab", "a"):
        reader.page(tx, [Filter(by_name, "like", (part,))], limit=10, start=0)
    assert len(reader._pages) == 2
