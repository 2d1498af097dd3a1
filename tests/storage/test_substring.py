"""Substring search through the trigram indexes: the same answers as a walk through all rows."""

import sqlite3
import sys
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Text

from comptoir.domain.catalogue.models import Product
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage import fittings
from comptoir.storage.columns import EPOCH, Instant
from comptoir.storage.errors import StorageError
from comptoir.storage.fittings import bulk_load, has_substring_index, mend, missing
from comptoir.storage.reading import Filter, Operator, Reader, Target
from comptoir.storage.session import Session
from comptoir.storage.sqlite import fold
from comptoir.storage.substring import TERMS_MAX, is_indexable, match_of

EMPTY: dict[type, Any] = {Text: "", Boolean: False, Instant: EPOCH}
READER = Reader(Product, [Product.id])
TEXTS = [
    "Mr Sparkle dish soap",
    "MR SPARKLE (large)",
    "100% cotton",
    "100_ cotton",
    "100x cotton",
    "it's 5 o'clock",
    'a 12" ruler',
    "back\\slash",
    "Crème brûlée",
    "CRÈME BRÛLÉE",
    "ΟΔΟΣ ΣΑΛ",
    "İSTANBUL kahve",
    "Kelvin \u212aitchen",
    "日本語の本です",
    "😀😀😀 smiles",
    "ab",
    "",
    "NEAR(a b)",
    "name : x OR y*",
    "-- drop",
    "𐓏𐓘𐓻𐓘𐓻𐓟",
    "ქართული ᲥᲐᲠᲗᲣᲚᲘ",
]


def insert_product(session: Session, key: int, name: str, keywords: str = "") -> None:
    values: dict[str, Any] = {"id": key, "name": name, "keywords": keywords}
    values |= dict.fromkeys(("code", "code_key", "slug", "slug_key"), f"p-{key}")
    for column in Product.__table__.columns:
        if column.name not in values:
            values[column.name] = None if column.nullable else EMPTY.get(type(column.type), 0)
    session.insert(Product, **values)


def like(column: Any, part: str, operator: Operator = "like") -> Filter:
    return Filter(Target(column, "text"), operator, (fold(part),))


def found(session: Session, *filters: Filter, limit: int = 100, start: int = 0) -> list[int]:
    ids = [row[0] for row in READER.page(session, filters, limit=limit, start=start)]
    if limit == 100 and not start:
        assert READER.count(session, filters) == len(ids)
    return ids


@pytest.fixture
def stocked(tx: Tx) -> Tx:
    for key, text in enumerate(TEXTS, 1):
        insert_product(tx, key, text, keywords=text[::-1])
    return tx


def wanted(part: str) -> list[int]:
    return [key for key, text in enumerate(TEXTS, 1) if (fold(part) or "") in (fold(text) or "")]


PARTS = [
    "sparkle",
    "SPARKLE",
    "rkle d",
    "100%",
    "100_",
    "00% c",
    "it's",
    '12" r',
    "k\\s",
    "crème",
    "BRÛLÉE",
    "日本語",
    "本です",
    "😀😀😀",
    "NEAR(a b)",
    "x or y*",
    "*",
    "-- ",
    "ab",
    "a",
    '"',
    "%",
    "_",
    "no such text",
    "kitchen",
    "ქართული",
    "𐓘𐓻𐓘",
]


def test_search_finds_what_a_walk_finds(stocked: Tx) -> None:
    answers = {part: found(stocked, like(Product.name, part)) for part in PARTS}
    assert answers == {part: wanted(part) for part in PARTS}
    backwards = {part: found(stocked, like(Product.keywords, part[::-1])) for part in PARTS}
    assert backwards == answers


def test_a_whole_text_is_found_by_equality(stocked: Tx) -> None:
    # A server's lower() is not Python's for every script.
    texts = [text for text in TEXTS if text and (stocked.engine == "sqlite" or text.isascii())]
    answers = {text: found(stocked, like(Product.name, text, "eq")) for text in texts}
    assert answers == {
        text: [key for key, one in enumerate(TEXTS, 1) if fold(one) == fold(text)] for text in texts
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(data=st.data())
def test_any_piece_of_a_text_finds_it(stocked: Tx, data: st.DataObject) -> None:
    if stocked.engine != "sqlite":
        return  # lower() of a server is not Python's for every script
    text = data.draw(st.sampled_from([text for text in TEXTS if text]))
    first = data.draw(st.integers(0, len(text) - 1))
    part = text[first : data.draw(st.integers(first + 1, len(text)))]
    assert found(stocked, like(Product.name, part)) == wanted(part)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    part=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60)
)
def test_no_pattern_breaks_a_search(stocked: Tx, part: str) -> None:
    ids = found(stocked, like(Product.name, part))
    assert stocked.engine != "sqlite" or ids == wanted(part)


def test_filters_combine(stocked: Tx) -> None:
    both = [like(Product.name, "cotton"), like(Product.keywords, " %001")]
    assert found(stocked, *both) == [3]
    assert found(stocked, *both, Filter(Target(Product.id, "number"), "eq", (3,))) == [3]
    assert found(stocked, *both, Filter(Target(Product.id, "number"), "eq", (4,))) == []
    assert found(stocked, like(Product.name, "cotton"), like(Product.code, "p-5")) == [5]
    assert found(stocked, like(Product.name, "cotton"), like(Product.code, "P-5", "eq")) == [5]


def test_pages_of_a_search_follow_each_other(stocked: Tx) -> None:
    asked = like(Product.name, "cotton")
    assert found(stocked, asked, limit=2) == [3, 4]
    assert found(stocked, asked, limit=2, start=1) == [4, 5]
    assert found(stocked, asked, limit=2, start=3) == []
    assert found(stocked, asked, limit=0) == []


def test_ids_of_any_size_are_searched(tx: Tx) -> None:
    insert_product(tx, 1, "cotton one")
    assert found(tx, like(Product.name, "cotton")) == [1]
    insert_product(tx, 2**63 - 1, "cotton two")
    assert found(tx, like(Product.name, "cotton")) == [1, 2**63 - 1]


def test_changes_are_seen_at_once(stocked: Tx) -> None:
    stocked.update(Product, 3, name="pure silk")
    assert found(stocked, like(Product.name, "cotton")) == [4, 5]
    assert found(stocked, like(Product.name, "silk")) == [3]
    stocked.update(Product, 3, quantity=7)
    stocked.cursor.execute("DELETE FROM product WHERE id = 4")
    assert found(stocked, like(Product.name, "cotton")) == [5]
    assert found(stocked, like(Product.name, "silk")) == [3]


def test_a_frequent_part_is_found_in_the_order_of_ids(tx: Tx) -> None:
    for key in [*range(200, 100, -1), *range(1, 101)]:
        insert_product(tx, key, f"plain shirt {key}")
    assert found(tx, like(Product.name, "shirt"), limit=20) == list(range(1, 21))
    assert found(tx, like(Product.name, "shirt"), limit=20, start=150) == list(range(151, 171))
    assert READER.count(tx, [like(Product.name, "shirt")]) == 200


def test_sqlite_searches_through_its_trigrams(tx: Tx) -> None:
    if tx.engine != "sqlite":
        return
    asked = [like(Product.name, "shirt")]
    statement = READER._page(asked, READER._driver(tx, asked), skips=False)
    sql = tx.statements.get(statement)
    values = asked[0].bound(0) | {"limit": 100}
    plan = " ".join(row[3] for row in tx.script(f"EXPLAIN QUERY PLAN {sql.sql}", sql.bind(values)))
    assert "product_substring VIRTUAL TABLE" in plan
    assert "TEMP B-TREE" not in plan


def test_short_and_unusual_patterns_walk_through_the_rows() -> None:
    assert not is_indexable("ab")
    assert not is_indexable("ab\0cd")
    assert not is_indexable("ქართული")
    assert is_indexable("crème")
    assert len(match_of("abcdefgh" * 1000).split(" AND ")) <= TERMS_MAX + 2
    assert match_of('a"b') == '"a""b"'


def test_the_tokenizer_folds_like_us_what_it_is_asked_for() -> None:
    with_capitals = [chr(code) for code in range(1, sys.maxunicode) if chr(code).lower() != chr(code)]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, detail=none, tokenize='trigram')")
    for key, capital in enumerate(with_capitals):
        text = capital.replace("İ", "i\u0307")
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (key, f"x{text}y"))
    lost = [
        hex(ord(capital))
        for key, capital in enumerate(with_capitals)
        if is_indexable(part := f"x{capital.lower()}y")
        and not connection.execute(
            "SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?", (match_of(part), key)
        ).fetchone()
    ]
    connection.close()
    assert lost == []


def names_of(session: Session) -> list[int]:
    return found(session, like(Product.name, "cotton"))


def test_a_bulk_load_is_searchable_before_and_after(shop: OpenShop) -> None:
    shop.write(lambda tx: insert_product(tx, 1, "cotton one"))
    with bulk_load(shop.database):
        shop.write(lambda tx: insert_product(tx, 2, "cotton two"))
        assert shop.read(names_of) == [1, 2]
    assert shop.read(names_of) == [1, 2]
    assert shop.database.read(missing) == [] or shop.database.engine != "sqlite"


def test_a_failed_bulk_load_leaves_a_whole_index(shop: OpenShop) -> None:
    def fail() -> None:
        with bulk_load(shop.database):
            shop.write(lambda tx: insert_product(tx, 1, "cotton one"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert shop.read(names_of) == [1]
    assert mend(shop.database) == []


def test_a_small_load_keeps_the_triggers(shop: OpenShop) -> None:
    for key in range(10, 20):
        shop.write(partial(insert_product, key=key, name="wool"))
    with bulk_load(shop.database, rows=1):
        shop.write(lambda tx: insert_product(tx, 1, "cotton one"))
        kept = shop.database.read(lambda session: [one for one in missing(session) if one.table == "product"])
        assert kept == [] or shop.database.engine != "sqlite"
    assert shop.read(names_of) == [1]


def test_a_killed_bulk_load_is_mended_by_the_next_start(shop: OpenShop) -> None:
    if shop.database.engine != "sqlite":
        return
    shop.database.write(lambda session: fittings._drop_upkeep(session, None))
    shop.write(lambda tx: insert_product(tx, 1, "cotton one"))
    assert not shop.database.read(has_substring_index)
    assert shop.read(names_of) == [1]
    assert "product_substring_insert" in mend(shop.database)
    assert shop.database.read(has_substring_index)
    assert shop.read(names_of) == [1]
    assert mend(shop.database) == []


def test_postings_are_never_changed(shop: OpenShop) -> None:
    for change in ("UPDATE posting SET amount_minor = 0", "DELETE FROM posting"):
        with pytest.raises(StorageError, match="append-only"):
            shop.database.write(partial(_one_posting_then, change=change))


def _one_posting_then(session: Session, change: str) -> None:
    for record in (Account, Transfer, Posting):
        values = {
            column.name: None if column.nullable else EMPTY.get(type(column.type), 1)
            for column in record.__table__.columns
        }
        session.insert(record, **values)
    session.script(change)
