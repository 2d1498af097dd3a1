"""Walks that are narrowed by a text which nearly everything holds, and by something that few have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comptoir.domain.orders.models import Order
from comptoir.domain.orders.placing import place_order
from comptoir.storage import walking
from comptoir.storage.reading import Filter, Target
from comptoir.storage.walking import Walker
from tests.domain.orders.given import a_line

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx

WALKER = Walker(Order, [Order.id, Order.total_minor])
EMAIL = Filter(Target(Order.billing_email, "text"), "like", ("example",))
TOTAL = Target(Order.total_minor, "number")


def orders(tx: Tx) -> None:
    for number in range(1, 31):
        email = f"{number}@{'example' if number % 3 else 'elsewhere'}.com"
        place_order(tx, id=number, lines=[a_line(f"{number}.00")], billing_email=email)


def walk(tx: Tx, *filters: Filter, falls: bool = True, past: int | None = None) -> list[int]:
    rows = WALKER.step(tx, filters, by=Order.id, falls=falls, limit=50, past=past)
    return [row[0] for row in rows]


@pytest.mark.parametrize("most", [0, 2, 5_000])
def test_few_are_looked_at_before_what_all_hold(tx: Tx, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    orders(tx)
    monkeypatch.setattr(walking, "LOOKED_AT_MAX", most)
    some = Filter(TOTAL, "between", (500, 900))
    assert walk(tx, EMAIL, some) == [8, 7, 5]
    assert walk(tx, some, EMAIL, falls=False) == [5, 7, 8]
    assert walk(tx, EMAIL, some, past=8) == [7, 5]
    assert walk(tx, EMAIL, Filter(TOTAL, "between", (1, 2))) == []
    assert len(walk(tx, EMAIL)) == 20


@pytest.mark.parametrize(("least", "is_led"), [(500, True), (100, False)])
def test_trigrams_lead_only_where_nothing_leads_to_fewer(
    tx: Tx, monkeypatch: pytest.MonkeyPatch, least: int, is_led: bool
) -> None:
    orders(tx)
    monkeypatch.setattr(walking, "LOOKED_AT_MAX", 10)
    asked = WALKER._among_few(tx, [EMAIL, Filter(TOTAL, "between", (least, 1_200))])
    if tx.engine == "sqlite":
        assert (WALKER._driver(tx, asked) is None) == is_led
        assert [one.values for one in asked[2:]] == ([tuple(range(5, 13))] if is_led else [])
    else:
        assert len(asked) == 2


def test_what_was_not_removed_is_counted_within_its_index(tx: Tx) -> None:
    orders(tx)
    assert WALKER.count_quickly(tx, [Filter(TOTAL, "between", (500, 900))], 100) == 5
    assert WALKER.count_quickly(tx, [Filter(TOTAL, "between", (500, 900))], 3) == 3
