"""The three formats of a document (reference 1.7 to 1.9): the same content, whatever it holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.render import element_name, to_ascii_json, to_response_xml
from comptoir.dialects.twocheckout.xoxo import to_xoxo
from tests.dialects.twocheckout.asking import read_json, read_xml, read_xoxo
from tests.dialects.twocheckout.holding import faults_of_xml, plain

DOCUMENT: dict[str, Any] = {
    "sale": {"sale_id": "1", "prefix": None, "phone": "", "invoices": [{"id": "2"}, {"id": "3", "a": []}], "b": []},
    "page_info": {"first_entry": 1, "next_page": None},
    "2co_level": "3",
    "coupon": [],
}  # fmt: skip
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
# Neither XML nor HTML can say every character; what they cannot say is left out.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=9)
LEAVES = st.none() | TEXTS | st.integers(0, 10**9)
OBJECTS = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        NAMES, inner | st.lists(inner, max_size=3) | LEAVES, min_size=1, max_size=3
    ),
    max_leaves=8,
)


def test_xml_repeats_elements_and_leaves_empty_lists_out() -> None:
    assert to_response_xml(DOCUMENT).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<response><_2co_level>3</_2co_level>"
        "<page_info><first_entry>1</first_entry><next_page/></page_info>"
        "<sale><invoices><id>2</id></invoices><invoices><id>3</id></invoices>"
        "<phone/><prefix/><sale_id>1</sale_id></sale></response>"
    )


def test_json_is_alphabetical_and_ascii() -> None:
    assert to_ascii_json({"b": "Zoë 🐘", "a": [None, 1, Decimal("1.50"), {"d": 1, "c": 2}]}) == (
        b'{"a":[null,1,"1.50",{"c":2,"d":1}],"b":"Zo\\u00eb \\ud83d\\udc18"}'
    )
    assert to_ascii_json({"half": "\ud83d"}) == b'{"half":"?"}'


def test_an_outline_is_a_page_of_definition_lists() -> None:
    page = to_xoxo(DOCUMENT).decode()
    assert page.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html ')
    assert (
        '<ol class="xoxo"><li><dl><dt>2co_level</dt><dd>3</dd><dt>coupon</dt><dd></dd>'
        "<dt>page_info</dt><dd><dl><dt>first_entry</dt><dd>1</dd><dt>next_page</dt><dd></dd></dl></dd>"
        "<dt>sale</dt><dd><dl><dt>b</dt><dd></dd><dt>invoices</dt><dd><ol><li><dl><dt>id</dt><dd>2</dd></dl></li>"
        "<li><dl><dt>a</dt><dd></dd><dt>id</dt><dd>3</dd></dl></li></ol></dd>"
    ) in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror='alert(1)'>",
        "&lt;",
        "]]>",
        "a\0b\x1bc\ud800",
        "\r\n",
    ],
)
def test_markup_in_a_text_is_text(text: str) -> None:
    document = {"name": text, text.replace("\r", ""): "x"}
    page = to_xoxo(document).decode()
    assert "<script" not in page
    assert "<img" not in page
    shown = "".join(letter for letter in text if letter not in "\0\x1b\ud800")
    assert read_xoxo(page.encode())["name"].replace("?", "") == shown
    assert read_xml(to_response_xml({"name": text}))["name"] == [shown]


@given(OBJECTS)
def test_every_format_says_the_same(document: dict[str, Any]) -> None:
    assert read_json(to_ascii_json(document)) == document
    assert read_xoxo(to_xoxo(document)) == plain(document)
    assert faults_of_xml(document, read_xml(to_response_xml(document)), "document") == []


@given(st.text(max_size=20))
def test_any_name_and_text_gives_documents_that_can_be_read(text: str) -> None:
    document = {text: text, "x": {text: [text, None, {text: text}]}}
    read_json(to_ascii_json(document))
    read_xoxo(to_xoxo({"x": text}))
    read_xml(to_response_xml({element_name(text or "a"): text}))
