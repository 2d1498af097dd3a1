"""The kinds of parameters, and what is said of values that do not fit (reference 1.10, 10.7 and 10.8)."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.twocheckout.parameters import (
    ParameterInvalid,
    ParameterMissing,
    Parameters,
    in_words,
)
from comptoir.dialects.twocheckout.refusals import Refusal, Refusals, denied, said, saying
from comptoir.domain.errors import ComptoirError, Conflict, Invalid, NotFound, Problems

if TYPE_CHECKING:
    from collections.abc import Callable


def asked(*values: str | None) -> Parameters:
    return Parameters({"x": values} if values else {})


KINDS: dict[str, Callable[[Parameters], Any]] = {
    "id": lambda given: given.id("x"),
    "whole": lambda given: given.whole("x", least=1, most=100),
    "money": lambda given: given.money("x"),
    "flag": lambda given: given.flag("x"),
    "day": lambda given: given.day("x"),
    "choice": lambda given: given.choice("x", ("ASC", "DESC")),
}


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("id", "4774380224", 4774380224),
        ("id", " 42 ", 42),
        ("id", "9223372036854775807", 2**63 - 1),
        ("whole", "100", 100),
        ("whole", "+1", 1),
        ("money", "1.50", Decimal("1.50")),
        ("money", "1,50", Decimal("1.50")),
        ("money", "1,5", Decimal("1.5")),
        ("money", ".5", Decimal("0.5")),
        ("money", "1.", Decimal(1)),
        ("money", "-3", Decimal(-3)),
        ("money", "2.5000", Decimal("2.5")),
        ("money", "99999999999999.99", Decimal("99999999999999.99")),
        ("flag", "1", True),
        ("flag", "0", False),
        ("flag", "Y", True),
        ("flag", "n", False),
        ("flag", "True", True),
        ("day", "2012-02-29", date(2012, 2, 29)),
        ("choice", "desc", "DESC"),
        ("choice", "ASC", "ASC"),
    ],
)
def test_a_value_is_read_as_its_kind(kind: str, written: str, read: Any) -> None:
    assert KINDS[kind](asked(written)) == read
    assert KINDS[kind](asked("junk", written)) == read


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *[("id", word) for word in ("-1", "1.0", "1e3", "abc", "\u0661", "9223372036854775808", "1 2", "0x1", "+1")],
        *[("whole", word) for word in ("0", "101", "1.5", "ten", "-1", "9" * 400)],
        *[("money", word) for word in ("1.005", "1,000.00", "1.000,00", "$1", "1e2", "", ".", "nan", "inf", "1" * 15)
          if word],
        *[("flag", word) for word in ("2", "maybe", "on")],
        *[("day", word) for word in ("2012-02-30", "20120229", "02/29/2012", "2012-2-9", "2012-02-29 00:00:00")],
        ("choice", "upwards"),
        *[(kind, word) for kind in KINDS for word in ("a\0b", "\udcff", "x" * 70_000)],
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_name(kind: str, written: str) -> None:
    with pytest.raises(ParameterInvalid) as refused:
        KINDS[kind](asked(written))
    assert said(refused.value) == (
        400,
        [{"code": "PARAMETER_INVALID", "message": "Invalid value for parameter: x", "parameter": "x"}],
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [(), (None,), ("",), (" ",), ("null",)])
def test_there_are_four_ways_of_saying_nothing(kind: str, values: tuple[str | None, ...]) -> None:
    assert KINDS[kind](asked(*values)) is None


def test_whether_there_is_a_value_is_told_before_it_is_read() -> None:
    asked = Parameters({"x": ("x",), "empty": ("",), "bare": (None,), "null": ("null",), "blank": ("  ",)})
    assert [name for name in ("x", "empty", "bare", "null", "blank", "gone") if asked.has(name)] == ["x"]


def test_the_four_ways_are_told_apart() -> None:
    facts = [
        (given.is_sent("x"), given.is_cleared("x"), given.is_null("x"), given.text("x"))
        for given in (asked(), asked(None), asked(""), asked("null"))
    ]
    assert facts == [
        (False, False, False, None),
        (True, True, False, ""),
        (True, True, False, ""),
        (True, False, True, "null"),
    ]


def test_repeated_values_are_all_there_in_order() -> None:
    given = asked("2", "", "1", "2", "null")
    assert given.all("x") == ("2", "", "1", "2", "null")
    assert given.ids("x") == (2, 1)
    assert asked("1,5", "-.25").moneys("x") == (Decimal("1.5"), Decimal("-0.25"))
    with pytest.raises(ParameterInvalid):
        asked("1.5", "").moneys("x")
    assert Parameters({}).all("x") == ()


def test_what_is_missing_is_said_before_what_is_wrong() -> None:
    given = Parameters({"wrong": ("abc",), "blank": (" ",)})
    with pytest.raises(ParameterMissing) as refused:
        given.demand("wrong", "blank", "absent")
    status, elements = said(refused.value)
    assert status == 400
    assert elements == [
        {"code": "PARAMETER_MISSING", "message": f"Required parameter missing: {name}", "parameter": name}
        for name in ("blank", "absent")
    ]
    with pytest.raises(ParameterMissing):
        Parameters({"id": ("null",)}).need_id("id")
    with pytest.raises(ParameterInvalid):
        given.need_id("wrong")
    assert given.need_text("wrong") == "abc"
    with pytest.raises(ParameterInvalid):
        given.need_text("wrong", most=2)


def test_a_verbs_refusal_names_the_parameter() -> None:
    with pytest.raises(Invalid) as one, in_words({"price_e4": "price"}):
        raise Invalid("price_e4", "is too low")
    assert said(one.value)[1][0]["parameter"] == "price"
    with pytest.raises(Problems) as several, in_words({"price_e4": "price"}):
        raise Problems([("price_e4", "is too low"), ("name", "is empty"), ("price_e4", "is odd")])
    assert [element["parameter"] for element in said(several.value)[1]] == ["price", "name"]


def test_a_call_words_a_refusal_in_its_own_way() -> None:
    words: Refusals = {Conflict: Refusal("TOO_LOW", "Lineitem amount must be at least 0.01.")}
    with pytest.raises(Exception, match="at least") as own, saying(words):
        raise Conflict("the amount is too low")
    assert said(own.value) == (
        400,
        [{"code": "TOO_LOW", "message": "Lineitem amount must be at least 0.01."}],
    )
    with pytest.raises(NotFound) as other, saying(words):
        raise NotFound(1)
    assert said(other.value) == (400, [{"code": "RECORD_NOT_FOUND", "message": "Unable to find record."}])
    with pytest.raises(Exception, match="denied") as settled, saying({ComptoirError: words[Conflict]}):
        raise denied("coupon")
    assert said(settled.value)[1] == [{"code": "FORBIDDEN", "message": "Access denied to coupon."}]
    assert said(Conflict("it is over"))[1] == [{"code": "FAILED", "message": "It is over."}]
    assert said(ValueError("secret")) == (500, [{"code": "INTERNAL_ERROR", "message": "Internal error."}])


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(written: str) -> None:
    for kind in KINDS.values():
        with suppress(ParameterInvalid):
            kind(asked(written))
