"""Values that no field can hold are refused or match nothing; none of them is a fault."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.money import e4_of_decimal

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire


@pytest.fixture
def documented(wire: LocalWire, world: Any) -> LocalWire:
    """A client of the documented world."""
    world("documented")
    return wire


@pytest.mark.parametrize(
    "query",
    [
        "children=99999999999999999999",
        "items.id=-9223372036854775808",
        "items.products.unit_price=0.00001",
        "items[tax]=9223372036854775807",
        "created_at=%20",
    ],
)
def test_a_search_for_what_no_column_can_hold_finds_nothing(documented: LocalWire, query: str) -> None:
    got = documented.request("GET", f"/orders?{query}")
    assert (got.status, json.loads(got.body)["data"]) == (200, [])


@pytest.mark.parametrize("bounds", ["", ",", "2020-01-01,", ",2020-01-01", "2020-01-01"])
def test_a_range_of_times_needs_both_ends(documented: LocalWire, bounds: str) -> None:
    assert documented.request("GET", f"/orders?created_at_between={bounds}").status == 400


@pytest.mark.parametrize(
    "written", ["1e999999999", "1e-999999999", "NaN", "sNaN", "-Infinity", "1e3", "٣", "1_0"]
)
@pytest.mark.parametrize(
    "name", ["brand_id", "available[quantity]", "prices[rrp]", "tax[code_id]", "categories"]
)
def test_a_number_in_text_is_written_in_digits(documented: LocalWire, name: str, written: str) -> None:
    got = documented.request("PUT", "/products/1234", form={name: written})
    assert (got.status, "must be a number" in got.body.decode()) == (400, True)


@pytest.mark.parametrize(
    "at", ["9999-12-31 23:59:59-14:00", "0001-01-01 00:00:00+14:00", "9999-12-31 24:00:00"]
)
def test_a_time_outside_the_calendar_is_refused(documented: LocalWire, at: str) -> None:
    assert documented.request("PUT", "/users/notification/5", form={"read_at": at}).status == 400
    assert documented.request("GET", "/users/notifications").status == 200


@pytest.mark.parametrize("amount", ["1.00001", "10000000000000.0000000000000000000000001", "1E-999999999"])
def test_no_decimal_is_dropped_from_an_amount(amount: str) -> None:
    with pytest.raises(ValueError, match="more than four decimals"):
        e4_of_decimal(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "e4"), [("1.50000000", 15_000), ("99999999999999.9999", 10**18 - 1), ("0E-999", 0)]
)
def test_an_amount_of_four_decimals_is_kept_exactly(amount: str, e4: int) -> None:
    assert e4_of_decimal(Decimal(amount)) == e4
