"""Values as clients write them, and as nobody should."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.corepro import words
from comptoir.dialects.corepro.replies import day, moment, money, rate
from comptoir.dialects.corepro.words import Misread

READERS = (
    words.read_text, words.read_tag, words.read_whole, words.read_money, words.read_flag, words.read_day,
    words.read_moment, lambda value: words.read_decimal(value, 11), lambda value: words.read_choice(value, ("A",)),
)  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
DAYS = {
    "01/01/1985": date(1985, 1, 1),
    "1/2/2030": date(2030, 1, 2),
    "1969-05-05T00:00:00.000+00:00": date(1969, 5, 5),
    "1975-07-14T00:00+00:00": date(1975, 7, 14),
    "2026-03-01": date(2026, 3, 1),
    "2026-03-01T00:00:00.000": date(2026, 3, 1),
    " 2026-03-01T23:59:59.9999999-12:00 ": date(2026, 3, 1),
    "2026-03-01t10:00:00z": date(2026, 3, 1),
    "2024-02-29": date(2024, 2, 29),
    "12/31/2026 10:15:00": date(2026, 12, 31),
}
MOMENTS = {
    "2013-10-03T13:38:44.754-05:00": datetime(2013, 10, 3, 18, 38, 44, 754_000, UTC),
    "2013-10-03T13:38:44": datetime(2013, 10, 3, 13, 38, 44, 0, UTC),
    "2013-10-03T13:38:44.1234567Z": datetime(2013, 10, 3, 13, 38, 44, 123_456, UTC),
    "2013-10-03T13:38+0530": datetime(2013, 10, 3, 8, 8, 0, 0, UTC),
    "2013-10-03": datetime(2013, 10, 3, 0, 0, 0, 0, UTC),
}
NO_DAYS: tuple[Any, ...] = (
    "", "x", "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "13/13/2026", "2026-3-1", "2026-03-01T24:00",
    "2026-03-01T10:00:60", "2026-03-01T10", "\u0662\u0660\u0662\u0666-03-01", "2026-03-01T10:00:00+24:00", 20260301,
    None, True, [], {},
)  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), DAYS.items(), ids=repr)
def test_a_day_is_read_as_it_is_written(written: str, meant: date) -> None:
    assert words.read_day(written) == meant


@pytest.mark.parametrize(("written", "meant"), MOMENTS.items(), ids=repr)
def test_a_moment_is_of_utc_unless_it_says_otherwise(written: str, meant: datetime) -> None:
    assert words.read_moment(written) == meant


@pytest.mark.parametrize("written", NO_DAYS, ids=repr)
def test_what_is_no_day_is_refused(written: Any) -> None:
    with pytest.raises(Misread) as refused:
        words.read_moment(written)
    assert refused.value.code == 59952
    assert not words.is_day(written)


def test_a_moment_beyond_the_calendar_is_refused() -> None:
    for written in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        with pytest.raises(Misread):
            words.read_moment(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [(5, 5), ("5", 5), (" 5 ", 5), (Decimal("5.0"), 5), ("5.00", 5), ("+5", 5), ("-5", -5), ("0012", 12)],
    ids=repr,
)
def test_a_whole_number_comes_in_many_ways(written: Any, meant: int) -> None:
    assert words.read_whole(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        True,
        "",
        "x",
        "5.1",
        Decimal("5.1"),
        "1e3",
        2**31,
        "9" * 30,
        Decimal("1E+400"),
        None,
        [],
        {},
        "\u0665",
        "½",
    ],
    ids=repr,
)
def test_what_is_no_whole_number_is_refused(written: Any) -> None:
    with pytest.raises(Misread) as refused:
        words.read_whole(written)
    assert refused.value.code == 59900


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        (2, 200), ("2.75", 275), (Decimal("2.7"), 270), ("2.7500", 275),
        (".5", 50), ("5.", 500), (0, 0), ("-1.20", -120),
        (Decimal("1E+3"), 100_000), (Decimal("0E+400"), 0), ("0.00", 0), ("999999999999999.99", 99_999_999_999_999_999),
    ], ids=repr)  # fmt: skip
def test_an_amount_comes_in_many_ways(written: Any, minor: int) -> None:
    assert words.read_money(written) == minor


@pytest.mark.parametrize(
    "written",
    [
        "1.234", Decimal("0.001"), True, "1,50", "$5", "1e2", "NaN", "Infinity", "", ".", "-", 10**15,
        "1.000000000000000000000000000000000001", Decimal("1E-400"), Decimal("1E+900"), None, [], {},
    ], ids=repr)  # fmt: skip
def test_what_is_no_amount_is_refused(written: Any) -> None:
    with pytest.raises(Misread) as refused:
        words.read_money(written)
    assert refused.value.code == 59954


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("TRUE", True),
        (Decimal("1.0"), True),
        (0, False),
        ("false", False),
    ],
    ids=repr,
)
def test_a_flag_comes_in_many_ways(written: Any, meant: bool) -> None:
    assert words.read_flag(written) is meant


@pytest.mark.parametrize("written", [2, "yes", "", None, [], Decimal("0.5")], ids=repr)
def test_what_is_no_flag_is_refused(written: Any) -> None:
    with pytest.raises(Misread) as refused:
        words.read_flag(written)
    assert refused.value.code == 59953


def test_a_text_is_cut_off_and_a_tag_never() -> None:
    assert words.read_text("x" * 70, 64) == "x" * 64
    assert words.read_text(12) == "12"
    assert words.read_text(value=True) == "true"
    assert words.read_tag("x" * 50) == "x" * 50
    assert words.read_tag("  ") is None
    with pytest.raises(Misread) as refused:
        words.read_tag("x" * 51)
    assert refused.value.code == 59956


@pytest.mark.parametrize("written", ["\0", "a\x07b", "\ud800", "\x7f"], ids=repr)
def test_what_no_database_keeps_is_refused(written: str) -> None:
    with pytest.raises(Misread) as refused:
        words.read_text(written)
    assert refused.value.code == 59956


def test_a_choice_is_taken_in_any_case_and_told_in_one() -> None:
    assert words.read_choice(" residence", ("Residence", "Mailing")) == "Residence"
    with pytest.raises(Misread):
        words.read_choice("", ("Residence",))


@given(JSON)
def test_no_value_breaks_a_reader(value: Any) -> None:
    for read in READERS:
        with suppress(Misread):
            read(value)


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - the zone is drawn beside it
    st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_that_is_shown_is_read_as_itself(wall: datetime, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    at = wall.replace(microsecond=wall.microsecond // 1000 * 1000, tzinfo=zone)
    shown = moment(at, zone)
    assert shown is not None
    assert words.read_moment(shown) == at
    assert words.read_day(shown) == wall.date()
    assert words.read_day(day(wall.date())) == wall.date()


@given(st.integers(-(10**17), 10**17))
def test_an_amount_that_is_shown_is_read_as_itself(minor: int) -> None:
    shown = money(minor)
    if abs(minor) < 10**17:
        assert words.read_money(shown) == minor
        assert words.read_money(str(shown)) == minor


@given(st.integers(0, 10**12))
def test_a_rate_that_is_shown_is_read_as_itself(e11: int) -> None:
    shown = rate(e11)
    assert shown is not None
    assert words.read_decimal(shown, 11).scaleb(11) == e11
    assert int(shown.as_tuple().exponent) >= -11
