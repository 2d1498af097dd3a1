"""Bodies and queries as the vendors' clients send them (reference 1.4, 1.5 and 10.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.bodies import BodyLimits, BodyRefused
from comptoir.dialects.twocheckout.fields import query_fields, read_fields
from tests.dialects.twocheckout.probing import Probe

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=----------------------------1f2e"
LIMITS = BodyLimits()


def parts(*pairs: tuple[str, str], extra: str = "") -> bytes:
    mark = "------------------------------1f2e"
    said = "".join(
        f'{mark}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{text}\r\n'
        for name, text in pairs
    )
    return f"{said}{mark}--\r\n".encode()


@pytest.fixture
def probe(wire: LocalWire, world: Any) -> Probe:
    world("empty")
    return Probe(wire._served)


@pytest.mark.parametrize(
    ("client", "label", "body", "told"),
    [
        ("encoded", FORM, b"sale_comment=a%20b+c%26d%3D&x=%C3%BC", {"sale_comment": ["a b c&d="], "x": ["ü"]}),
        ("not encoded", FORM, b"sale_id=1&comment=Too late, 50% & co", {
            "sale_id": ["1"], "comment": ["Too late, 50% "], " co": [None]}),
        (
            "not encoded",
            FORM,
            b"email=a+b@x.com&at=2014-08-06 10:11:12&url=http://x/?a=b&price=1,50",
            {"email": ["a+b@x.com"], "at": ["2014-08-06 10:11:12"], "url": ["http://x/?a=b"], "price": ["1,50"]},
        ),
        ("not encoded", FORM, "name=Händler & Söhne".encode(), {"name": ["Händler "], " Söhne": [None]}),
        ("not encoded", FORM, b"email=a+b@x.com", {"email": ["a+b@x.com"]}),
        ("partly encoded", FORM, b"email=a@x.com&name=a%20b+c", {"email": ["a@x.com"], "name": ["a b c"]}),
        ("partly encoded", FORM, b"name=a b%2Bc+d", {"name": ["a b+c+d"]}),
        ("repeated", FORM, b"option_id=1&option_id=2&option_id=1", {"option_id": ["1", "2", "1"]}),
        ("bare", FORM, b"name&price=null&weight=&x=1", {"name": [None], "price": ["null"], "weight": [""], "x": ["1"]}),
        ("multipart", MULTIPART, parts(("sale_id", "1"), ("x", "a&b=c ü")), {"sale_id": ["1"], "x": ["a&b=c ü"]}),
        ("multipart repeated", MULTIPART, parts(("o", "1"), ("o", "2")), {"o": ["1", "2"]}),
        ("multipart mislabelled", FORM, parts(("sale_id", "1")), {"sale_id": ["1"]}),
        ("multipart unlabelled", "", parts(("sale_id", "1")), {"sale_id": ["1"]}),
        ("multipart of nothing", MULTIPART, parts(), {}),
        ("multipart without a file", MULTIPART, parts(("f", "x"), extra='; filename="f"'), {}),
        ("form labelled as JSON", "application/json", b"sale_id=1&x=a+b", {"sale_id": ["1"], "x": ["a b"]}),
        ("form labelled as multipart", MULTIPART, b"sale_id=1", {"sale_id": ["1"]}),
        ("form labelled */*", "*/*", b"sale_id=1", {"sale_id": ["1"]}),
        ("JSON", FORM, b' {"a": 1, "b": ["x", null], "c": true, "d": 1.50}', {
            "a": ["1"], "b": ["x", None], "c": ["1"], "d": ["1.50"]}),
        ("nothing", FORM, b"", {}),
        ("nothing", "application/json", b"\r\n", {}),
        ("a mark", FORM, b"\xef\xbb\xbfsale_id=1", {"sale_id": ["1"]}),
        ("a line", FORM, b"sale_id=1\r\n", {"sale_id": ["1"]}),
        ("no names", FORM, b"&&=1&=&", {}),
    ],
)  # fmt: skip
def test_a_body_is_read_as_it_was_meant(
    client: str, label: str, body: bytes, told: Any, probe: Probe
) -> None:
    assert probe.told(body, label=label) == told


def test_query_and_body_are_one_and_the_body_wins(probe: Probe) -> None:
    found = probe.told(b"a=2&a=3", query="a=1&b=x%20y+z&c")
    assert found == {"a": ["2", "3"], "b": ["x y z"], "c": [None]}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("customer_name=John Smith&x=a:b/c", {"customer_name": ("John Smith",), "x": ("a:b/c",)}),
        ("customer_name=John%20Smith+jr", {"customer_name": ("John Smith jr",)}),
        ("a=%zz&b=100%", {"a": ("%zz",), "b": ("100%",)}),
        ("n=H\xc3\xa4ndler", {"n": ("Händler",)}),
        ("", {}),
    ],
)
def test_a_query_is_read_as_it_was_meant(query: str, told: Any) -> None:
    assert query_fields(query, LIMITS) == told


@pytest.mark.parametrize(
    "body",
    [
        b"&".join(b"a=1" for _ in range(1001)),
        b"n" * 300 + b"=1",
        b'{"a": {"b": 1}}',
        b'{"a": [[1]]}',
        b'{"a": ',
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
        b"--x\r\nno head\r\n\r\n1\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="' + b"n" * 300 + b'"\r\n\r\n1\r\n--x--\r\n',
        b"a=" + b"x" * 2_000_000,
    ],
    ids=["fields", "name", "object", "list", "cut JSON", "cut part", "no head", "part name", "size"],
)
def test_what_cannot_be_read_is_refused_with_a_reason(body: bytes) -> None:
    with pytest.raises(BodyRefused, match=r"\w+ \w+"):
        read_fields(body, LIMITS)


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        found = read_fields(body, LIMITS)
    except BodyRefused:
        return
    assert all(name and values for name, values in found.items())


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=9), max_size=4))
def test_an_encoded_form_comes_back_whole(fields: dict[str, str]) -> None:
    written = [urlencode(fields), urlencode(fields, quote_via=quote)]
    for body in written:
        found = read_fields(body.encode("utf-8", "replace"), LIMITS)
        assert found == {name: (value,) for name, value in fields.items()}
