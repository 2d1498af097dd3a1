"""What is told of the pages of a list (reference 1.11)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from comptoir.dialects.twocheckout.paging import PageEmpty, page_asked, page_info, sorting_asked
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, Parameters

COLUMNS = {"sale_id": 1, "date_placed": 2}


def asked(**values: str) -> Parameters:
    return Parameters({name: (value,) for name, value in values.items()})


def call(path: str = "/api/sales/list_sales", **settings: str) -> Any:
    shop = SimpleNamespace(settings=settings)
    return SimpleNamespace(request=SimpleNamespace(path=path), tx=SimpleNamespace(shop=shop))


def test_the_documented_pages() -> None:
    base = "https://www.2checkout.com/api/sales/list_sales?cur_page="
    assert page_info(call(), page_asked(asked()), 247) == {
        "cur_page": "1", "first_entry": 1, "first_page": 1, "first_page_url": f"{base}1", "last_entry": "20",
        "last_page": 13, "last_page_url": f"{base}13", "next_page": 2, "pagesize": "20", "previous_page": None,
        "total_entries": "247",
    }  # fmt: skip
    third = page_info(call(), page_asked(asked(pagesize="3", cur_page="14")), 42)
    assert third == {
        "cur_page": "14", "first_entry": 40, "first_page": 1, "first_page_url": f"{base}1&pagesize=3",
        "last_entry": "42", "last_page": 14, "last_page_url": f"{base}14&pagesize=3", "next_page": None,
        "pagesize": "3", "previous_page": 13, "total_entries": "42",
    }  # fmt: skip
    few = page_info(call("/api/products/list_products/"), page_asked(asked()), 15)
    assert (few["last_entry"], few["last_page"], few["next_page"]) == ("15", 1, None)
    assert few["last_page_url"] == "https://www.2checkout.com/api/products/list_products?cur_page=1"


@pytest.mark.parametrize("size", range(1, 9))
def test_every_page_of_every_size_is_full_but_the_last(size: int) -> None:
    total, seen, number = 7, 0, 1
    while True:
        page = page_asked(asked(pagesize=str(size), cur_page=str(number)))
        assert page.start == seen
        told = page_info(call(), page, total)
        count = int(told["last_entry"]) - told["first_entry"] + 1
        seen += count
        if told["next_page"] is None:
            assert number == told["last_page"]
            break
        assert count == size
        number = told["next_page"]
    assert seen == total


def test_addresses_are_those_of_the_public_base() -> None:
    told = page_info(call(public_base="https://shop.example:8443/"), page_asked(asked(pagesize="20")), 1)
    assert told["first_page_url"] == "https://shop.example:8443/api/sales/list_sales?cur_page=1&pagesize=20"


@pytest.mark.parametrize(
    ("values", "total"), [({}, 0), ({"cur_page": "2"}, 20), ({"cur_page": "1000000000"}, 9)]
)
def test_a_page_of_nothing_is_not_found(values: dict[str, str], total: int) -> None:
    with pytest.raises(PageEmpty):
        page_info(call(), page_asked(asked(**values)), total)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("cur_page", value) for value in ("0", "-1", "1.5", "x", "9" * 30)],
        *[("pagesize", value) for value in ("0", "101", "-1", "x")],
    ],
)
def test_what_is_no_page_is_refused(name: str, value: str) -> None:
    with pytest.raises(ParameterInvalid) as refused:
        page_asked(asked(**{name: value}))
    assert refused.value.field == name


def test_a_list_is_ordered_as_asked() -> None:
    assert sorting_asked(asked(), COLUMNS, "sale_id").column == 1
    assert sorting_asked(asked(), COLUMNS, "sale_id", is_descending=True).is_descending
    found = sorting_asked(asked(sort_col="DATE_PLACED", sort_dir="desc"), COLUMNS, "sale_id")
    assert (found.column, found.is_descending) == (2, True)
    assert not sorting_asked(asked(sort_dir="ASC"), COLUMNS, "sale_id", is_descending=True).is_descending
    for values in ({"sort_col": "name"}, {"sort_dir": "up"}):
        with pytest.raises(ParameterInvalid):
            sorting_asked(asked(**values), COLUMNS, "sale_id")
