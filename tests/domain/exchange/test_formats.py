"""What may stand in a file, and how it is written."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.exchange import codecs
from comptoir.domain.exchange.formats import read_rows
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.tx import OpenShop
from tests.domain.exchange.given import exported, imported, rows_of

FIELDS = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text())


def test_the_fields_of_every_kind_are_written_down() -> None:
    # A field that goes or changes its name breaks files that somebody keeps.
    assert {name: " ".join(one.name for one in kind.all_fields) for name, kind in KINDS.items()} == FIELDS


def test_a_mark_and_other_line_ends_are_taken(shop: OpenShop) -> None:
    imported(shop, "brands", b'\xef\xbb\xbf{"name":"A"}\r\n\r\n{"name":"B"}')
    imported(shop, "brands", b'\xef\xbb\xbfname,fax\n"C\nc",1\n\nD,"2"\n', file_format="csv")
    assert [row["name"] for row in rows_of(shop, "brands")] == ["A", "B", "C\nc", "D"]


def test_an_empty_cell_is_empty_text_or_null_or_nothing(shop: OpenShop) -> None:
    content = b"id,name,description,quantity,brand_id,price_rrp,category_ids,is_published\r\n,A,,,,,,\r\n"
    assert imported(shop, "products", content, file_format="csv").refused == []
    (row,) = rows_of(shop, "products")
    assert (row["id"], row["description"], row["quantity"], row["brand_id"]) == (1, "", 0, None)
    assert (row["price_rrp"], row["category_ids"], row["is_published"]) == ("0.0000", [], True)


def test_a_row_with_too_many_or_too_few_cells_is_refused(shop: OpenShop) -> None:
    report = imported(shop, "brands", b"name,fax\r\nA\r\nB,1,2\r\nC,\r\n", file_format="csv")
    assert [row.problem for row in report.refused] == [
        "has 1 cells, the header names 2", "has 3 cells, the header names 2",
    ]  # fmt: skip
    assert report.created == 1


def test_a_cell_that_should_be_json_and_is_not(shop: OpenShop) -> None:
    report = imported(shop, "products", b'name,category_ids\r\nA,"1,5"\r\n', file_format="csv")
    (told,) = report.refused
    assert told.problem.startswith("category_ids is no JSON")


def test_numbers_may_be_json_numbers(shop: OpenShop) -> None:
    imported(shop, "products", b'{"name":"A","price_rrp":29.95,"weight":3,"quantity":"007"}\n')
    (row,) = rows_of(shop, "products")
    assert (row["price_rrp"], row["weight"], row["quantity"]) == ("29.9500", "3.0000", 7)


def test_times_of_other_zones_are_written_in_utc(shop: OpenShop) -> None:
    for written in (
        "2020-01-01T02:00:00+02:00",
        "2020-01-01T00:00:00",
        "2020-01-01 00:00",
        "2020-01-01T00:00Z",
    ):
        imported(shop, "brands", [{"name": "A", "created_at": written}])
    assert {row["created_at"] for row in rows_of(shop, "brands")} == {"2020-01-01T00:00:00Z"}


def test_any_csv_reader_reads_it(shop: OpenShop) -> None:
    imported(shop, "brands", [{"name": 'He said "no",\r\nand left', "is_published": True}])
    (row,) = csv.DictReader(io.StringIO(exported(shop, "brands", "csv").decode(), newline=""))
    assert (row["name"], row["is_published"], row["fax"]) == ('He said "no",\r\nand left', "true", "")


def test_a_line_without_end_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.domain.exchange.formats.LINE_MAX", 100)
    content = b'{"name":"A"}\n{"name":"' + b"x" * 1000
    rows = list(read_rows(KINDS["brands"], io.BytesIO(content), "jsonl"))
    assert [(row.number, row.is_last) for row in rows] == [(1, False), (2, True)]
    assert "line 2 is longer than 100 bytes" in rows[1].problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ODD_TEXT = st.sampled_from(
    [
        "",
        "0",
        "-0",
        "1.",
        ".5",
        "1_0",
        " 1",
        "\uff11",
        "Infinity",
        "2020-01-01T25:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "true ",
    ]
)
CODECS = [one for one in vars(codecs).values() if isinstance(one, codecs.Codec)]


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
@given(raw=JSON | ODD_TEXT)
def test_no_value_is_more_than_refused(codec: codecs.Codec, raw: Any) -> None:
    try:
        value = codec.load(codecs.decode_json(json.dumps(raw)) if not isinstance(raw, str) else raw)
    except ValueError:
        return
    assert codec.load(codec.dump(value)) == value


@given(raw=JSON.filter(lambda raw: isinstance(raw, dict)))
def test_objects_keep_their_digits(raw: Any) -> None:
    written = json.dumps(raw)
    value = codecs.OBJECT.load(codecs.decode_json(written))
    kept = msgspec.json.encode(codecs.OBJECT.dump(value))
    assert json.loads(kept) == json.loads(written)
