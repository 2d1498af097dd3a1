"""Bodies as clients send them (reference 1.8), and what is said of those that are none."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.bodies import BodyMisread, read_members
from comptoir.dialects.corepro.refusals import Said

LIMITS = BodyLimits(max_bytes=100_000, max_fields=50, max_depth=5)
READ: dict[bytes, dict[str, Any]] = {
    b"": {},
    b" \r\n": {},
    b"null": {},
    b"\xef\xbb\xbf{}": {},
    b'{"customerId": null, "CustomerId": 2653}': {"customerid": 2653},
    b'{"CustomerId": 2653, "customerId": null}': {"customerid": None},
    b'{"phones": [{"Number": "1", "NUMBER": "2"}, null, 3]}': {"phones": [{"number": "2"}, None, 3]},
    b'{"amount": 2.750, "id": 1.0, "big": 123456789012345678901234567890}': {
        "amount": Decimal("2.750"), "id": Decimal("1.0"), "big": 123456789012345678901234567890,
    },
    b'{"name": "\\u003cb\\u003e \\u00e9 \xc3\xa9"}': {"name": "<b> é é"},
}  # fmt: skip
MISREAD = {
    b"{": 59950, b'{"a"': 59950, b'{"a": [1,': 59950, b'{"a": "x': 59950,
    b"[]": 59900, b"1": 59900, b'"x"': 59900, b"{,}": 59900, b"{} {}": 59900, b"a=1": 59900, b'{"a": 01}': 59900,
    b'{"a": \xff}': 59900, b'{"a": "\xff"}': 59900, b"{'a': 1}": 59900, b'{"a": 1e1001}': 59900,
    b'{"a": 1' + b"0" * 5000 + b"}": 59900, b'{"a":' * 6 + b"1" + b"}" * 6: 59900,
    json.dumps(dict.fromkeys(map(str, range(51)), 1)).encode(): 59900,
    rb'{"a": "\ud800"}': 59900, rb'{"a": "\uDBFFx"}': 59900, rb'{"a": "\udc00"}': 59900, rb'{"a": "\ud800\n"}': 59900,
    rb'{"a": "\ud800': 59950, rb'{"a": "\ud800\u': 59950, rb'{"a": "\\ud800': 59950, rb'{"a": "\\\ud800"}': 59900,
    b'{"a": "' + b"x" * 100_000 + b'"}': 59900,
}  # fmt: skip


@pytest.mark.parametrize("body", READ, ids=repr)
def test_a_body_is_read(body: bytes) -> None:
    assert read_members(body, LIMITS) == READ[body]


@pytest.mark.parametrize("body", MISREAD, ids=lambda body: repr(body)[:60])
def test_a_body_that_is_none_is_told_apart(body: bytes) -> None:
    with pytest.raises(BodyMisread) as refused:
        read_members(body, LIMITS)
    assert refused.value.code == MISREAD[body]


def test_a_file_as_numbers_counts_as_one_member() -> None:
    numbers = list(range(-128, 128)) * 10
    assert read_members(json.dumps({"documentContent": numbers}).encode(), LIMITS) == {
        "documentcontent": numbers
    }


@given(st.binary() | st.text().map(lambda text: json.dumps({text: [text, {text: text}]}).encode()))
def test_no_body_is_a_fault(body: bytes) -> None:
    try:
        members = read_members(body, LIMITS)
    except BodyMisread:
        return
    assert all(name == name.lower() for name in members)


def asked(**members: Any) -> Asked:
    return Asked(read_members(json.dumps(members).encode(), BodyLimits()))


def test_what_was_not_said_is_none_and_no_problem() -> None:
    said = asked(a=None, b="", c=" ")
    for name in ("a", "b", "c", "d"):
        found = (
            said.find_id(name), said.whole(name), said.money(name), said.rate(name), said.percent(name),
            said.flag(name), said.day(name), said.moment(name), said.choice(name, ("X",)), said.tag(name),
        )  # fmt: skip
        assert found == (None,) * 10
        assert said.id(name) == 0
        assert not said.texts(name)
        assert not said.ids(name)
        assert not said.children(name)
    assert (said.has("b"), said.text("b"), said.has("a"), said.text("a")) == (True, "", False, None)
    said.settle()


def test_all_that_cannot_be_read_is_said_at_once_and_once() -> None:
    said = asked(
        customerId="x", amount="1.005", birthDate="31/12/2026", isActive="maybe", tag="x" * 51, sex="?",
        phones=[{"number": []}, 5], address=[], ids=[1, "y"], names="z",
    )  # fmt: skip
    assert said.id("customerId") == 0
    assert said.money("amount") is None
    assert said.money("amount") is None
    assert said.day("birthDate") is None
    assert said.flag("isActive") is None
    assert said.tag() is None
    assert said.choice("sex", ("M", "F")) is None
    assert [phone.text("number") for phone in said.children("phones")] == [None]
    assert said.child("address") is None
    assert said.ids("ids") == [1]
    assert said.texts("names") == []
    said.demand("customerId", "nickname")
    with pytest.raises(Said) as refused:
        said.settle()
    assert [(each.code, each.message) for each in refused.value.refusals] == [
        (59900, "customerId could not be converted to a whole number."),
        (59954, "amount is not a decimal with at most 2 places."),
        (59952, "birthDate is not an ISO 8601 date-time."),
        (59953, "isActive is not a boolean."),
        (59956, "tag is longer than 50 characters."),
        (59956, "sex is none of M, F."),
        (59900, "phones[1] is not an object."),
        (59900, "phones[0].number is not a text."),
        (59900, "address is not an object."),
        (59900, "ids[1] could not be converted to a whole number."),
        (59900, "names is not a list."),
        (61401, "Required parameter nickname is missing."),
    ]


def test_what_is_within_knows_where_it_stands() -> None:
    said = asked(customer={"phones": [None, {"PhoneType": "mobile"}]}, tags=["a", 1])
    customer = said.child("customer")
    assert customer is not None
    (phone,) = customer.children("phones")
    assert phone.choice("phoneType", ("Home", "Mobile")) == "Mobile"
    phone.demand("number")
    assert said.problems[0].message == "Required parameter customer.phones[1].number is missing."
    assert said.texts("tags") == ["a", "1"]
