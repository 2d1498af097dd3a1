"""Codecs take what clients send and refuse the rest with ValueError, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comptoir.dialects import codecs
from comptoir.dialects.codecs import Codec
from comptoir.dialects.coredna.routes import RESOURCES
from comptoir.dialects.wire import Document, Linked, Row
from comptoir.domain.shop import ShopFacts
from comptoir.storage.columns import micros_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOP = ShopFacts(1, "Shop", "AUD", ZoneInfo("Australia/Melbourne"), "", "", True, None, timedelta(), {})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text()
    | st.sampled_from(
        ["1e400", "NaN", "-0", "٣", "1_0", "0x1", "9" * 30, "2026-02-30", "0000-01-01", "\ud800", "on"]
    )
)
HOSTILE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def every_codec() -> Iterator[tuple[str, Codec[Any]]]:
    """The codecs of the house and those which a dialect made for itself, each once."""
    seen: dict[int, tuple[str, Codec[Any]]] = {}
    for name, value in vars(codecs).items():
        if isinstance(value, Codec):
            seen.setdefault(id(value), (name, value))
    for resource in RESOURCES:
        for document in vars(resource).values():
            for row in document.rows if isinstance(document, Document) else ():
                if isinstance(row, Row | Linked) and row.codec is not None:
                    seen.setdefault(id(row.codec), (f"{resource.__name__}.{row.name}", row.codec))
    return iter(seen.values())


CODECS = list(every_codec())
NAMES = [f"{place}-{name}" for place, (name, _) in enumerate(CODECS)]


@pytest.mark.parametrize(
    "codec", [codec for _, codec in CODECS], ids=[f"{place}-{name}" for place, (name, _) in enumerate(CODECS)]
)
@settings(max_examples=60, deadline=None)
@given(raw=HOSTILE)
@example(raw=Decimal("1e999999"))
@example(raw=10**4000)
@example(raw=[[], {}])
def test_a_codec_refuses_with_value_error_only(codec: Codec[Any], raw: Any) -> None:
    try:
        loaded = codec.load(raw, SHOP)
    except ValueError:
        return
    if isinstance(loaded, int):
        assert abs(loaded) <= codecs.INTEGER_MAX


@given(st.integers(min_value=0, max_value=10**13))
def test_an_amount_comes_back_as_it_went_out(e4: int) -> None:
    assert codecs.AMOUNT4.load(codecs.e4_text4(e4), SHOP) == e4


@given(st.integers(min_value=-(10**13), max_value=10**13), st.sampled_from([2, 4]))
def test_a_written_amount_is_the_nearest_one_with_its_places(e4: int, places: int) -> None:
    written = Decimal(codecs.e4_text4(e4) if places == 4 else codecs.e4_text2(e4))
    assert abs(written.scaleb(4) - e4) * 2 <= 10 ** (4 - places)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - local times
def test_a_time_comes_back_as_it_went_out_on_the_shops_clock(local: datetime) -> None:
    at = local.replace(microsecond=0, tzinfo=SHOP.zone).astimezone(UTC)
    written = codecs.time_text(micros_of(at), SHOP.zone)
    loaded = codecs.load_time(written, SHOP)
    assert loaded is not None
    assert codecs.time_text(micros_of(loaded), SHOP.zone) == written


@pytest.mark.parametrize("raw", ["29.95123", "-1", "NaN", "1e400", "twelve", "99999999999999999999"])
def test_what_no_price_can_be_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"must be|decimals|large"):
        codecs.AMOUNT4.load(raw, SHOP)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [("on", True), ("YES", True), ("1", True), (True, True), ("", False), ("off", False), (0, False)],
)
def test_yes_and_no_are_read_in_every_spelling(raw: Any, meant: bool) -> None:
    assert codecs.ON_OR_EMPTY.load(raw, SHOP) is meant


def test_an_empty_text_means_no_date() -> None:
    assert codecs.DAY_OR_EMPTY.load("", SHOP) is None
    assert codecs.DAY_OR_EMPTY.load("2021-07-22", SHOP) == date(2021, 7, 22)
    assert codecs.TIME_OR_EMPTY_TEXT.load("", SHOP) is None
