"""Documents as JSON and XML: the reference's vectors, well-formed whatever they hold, no text lost."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from comptoir.dialects.render import element_name, to_json, to_xml

VECTORS = yaml.safe_load((Path(__file__).parent / "coredna" / "body_vectors.yaml").read_text())["coredna_xml"]
TAIL = {"transaction_id": 17, "time": "32ms"}
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def canonical(xml: bytes | str) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_reference_value_is_written_as_shown(vector: dict[str, Any]) -> None:
    members = {key: vector[key] for key in ("data", "error") if key in vector} | TAIL
    shown = f"<root>{vector['xml']}<transaction_id>17</transaction_id><time>32ms</time></root>"
    assert canonical(to_xml(members)) == canonical(shown)


def test_xml_begins_with_the_declaration_and_root() -> None:
    assert to_xml({"data": True}) == b'<?xml version="1.0"?>\n<root><data>true</data></root>'


@pytest.mark.parametrize(
    ("value", "xml"),
    [
        (False, "<a>false</a>"),
        (0, "<a>0</a>"),
        (None, "<a/>"),
        ("", "<a/>"),
        ({}, "<a/>"),
        ([], "<a/>"),
        ([[]], "<a/>"),
        ([None, ""], "<a/><a/>"),
        ([[1, 2], (3,)], "<a>1</a><a>2</a><a>3</a>"),
        ({"b": []}, "<a></a>"),
        (Decimal("32.9500"), "<a>32.9500</a>"),
        (Decimal("1E+3"), "<a>1000</a>"),
        ('a & <b> "c" ]]>', '<a>a &amp; &lt;b&gt; "c" ]]&gt;</a>'),
        ("a\r\nb\tc", "<a>a&#13;\nb\tc</a>"),
        ("a\x00\x0b\x1f\ufffe\ud800b", "<a>ab</a>"),
        ("\x08", "<a/>"),
        ("Zoë 😀 שלום", "<a>Zoë 😀 שלום</a>"),
        ({"b": {"c": [{"d": 1}, {"d": 2}]}}, "<a><b><c><d>1</d></c><c><d>2</d></c></b></a>"),
    ],
)
def test_value_is_written(value: object, xml: str) -> None:
    assert to_xml({"a": value}).decode() == f'<?xml version="1.0"?>\n<root>{xml}</root>'


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("name", "name"),
        ("Top Loader", "Top_Loader"),
        ("2nd", "_2nd"),
        (".a", "_.a"),
        ("-a", "_-a"),
        ("a.b-c_d9", "a.b-c_d9"),
        ("", "_"),
        ("a:b", "a_b"),
        ("a<b>&'\"/", "a_b_____"),
        ("Größe", "Größe"),
        ("\u0301a", "_\u0301a"),
        ("a\ud800\x00", "a__"),
        ("😀", "😀"),
        ("\U000f0000", "_"),
        ("a\n", "a_"),
    ],
)
def test_key_becomes_a_name(key: str, name: str) -> None:
    assert element_name(key) == name
    etree.fromstring(to_xml({key: 1}))


def test_json_keeps_order_and_writes_decimals_as_text() -> None:
    value = {"b": Decimal("9.50"), "a": [1, True, None, "Zoë"], "c": {"z": 1, "y": 2}}
    assert to_json(value) == '{"b":"9.50","a":[1,true,null,"Zoë"],"c":{"z":1,"y":2}}'.encode()


def test_json_of_half_a_surrogate_pair_is_a_question_mark() -> None:
    assert to_json({"a\ud800": ["b\udc00", ("c",)], "d": 1}) == b'{"a?":["b?",["c"]],"d":1}'


KEYS = st.text(max_size=8)
VALUES = st.recursive(
    st.text()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def texts(value: object) -> Iterator[str]:
    """The texts that must be found in the leaves, in order; nothing stands for an empty list."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts(member)
    elif isinstance(value, str):
        yield FORBIDDEN.sub("", value)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None:
        yield f"{value:f}" if isinstance(value, Decimal) else str(value)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_document_is_well_formed_xml_that_holds_its_texts(members: dict[str, object]) -> None:
    root = etree.fromstring(to_xml(members), etree.XMLParser(huge_tree=True))
    found = [element.text for element in root.iter() if len(element) == 0 and element.text]
    assert found == [text for text in texts(members) if text]


@given(st.text(min_size=1))
def test_any_key_becomes_a_name_that_parsers_take(key: str) -> None:
    assert etree.fromstring(to_xml({key: "x"}))[0].tag == element_name(key)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_document_is_json(members: dict[str, object]) -> None:
    read = json.loads(to_json(members))
    assert isinstance(read, dict)
    assert len(read) <= len(members)
