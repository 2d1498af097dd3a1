from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.catalogue.products import create_product, remove_product
from comptoir.domain.errors import Invalid
from comptoir.domain.inventory.actions import create_warehouse
from comptoir.domain.inventory.errors import OutOfStock, WarehouseNotFound
from comptoir.domain.inventory.models import StockLevel
from comptoir.domain.inventory.queries import level_of, list_levels, list_moves, stock_of
from comptoir.domain.inventory.stock import (
    BY_COUNT,
    FROM_OUTSIDE,
    TO_BUYERS,
    Place,
    check_stock,
    count_stock,
    in_warehouse,
    move_stock,
)
from comptoir.domain.tx import OpenShop, Tx

HERE, THERE = in_warehouse(1), in_warehouse(2)


def stocked(tx: Tx, quantity: int = 10) -> int:
    product = create_product(tx, name="Lamp", code="lamp")
    for code in ("here", "there"):
        create_warehouse(tx, name=code, code=code)
    move_stock(tx, product_id=product, quantity=quantity, origin=FROM_OUTSIDE, destination=HERE)
    return product


def test_what_leaves_one_warehouse_arrives_in_the_other(tx: Tx) -> None:
    product = stocked(tx)
    move_stock(tx, product_id=product, quantity=4, origin=HERE, destination=THERE, reason="transfer")
    move_stock(
        tx,
        product_id=product,
        quantity=1,
        origin=THERE,
        destination=TO_BUYERS,
        subject="order",
        subject_id=46,
    )
    assert [(level.warehouse_id, level.quantity) for level in list_levels(tx, product)] == [(1, 6), (2, 3)]
    assert stock_of(tx, product_id=product) == 9
    assert [(move.quantity, move.from_place, move.to_place) for move in list_moves(tx, product)] == [
        (10, "outside", "warehouse"),
        (4, "warehouse", "warehouse"),
        (1, "warehouse", "sold"),
    ]
    assert list_moves(tx, product, after_id=2)[0].subject_id == 46
    assert check_stock(tx) == []


def test_no_more_leaves_than_is_there(tx: Tx) -> None:
    product = stocked(tx)
    with pytest.raises(OutOfStock) as refusal:
        move_stock(tx, product_id=product, quantity=11, origin=HERE, destination=TO_BUYERS)
    assert (refusal.value.wanted, refusal.value.held) == (11, 10)
    with pytest.raises(OutOfStock):
        move_stock(tx, product_id=product, quantity=1, origin=THERE, destination=TO_BUYERS)
    assert level_of(tx, warehouse_id=1, product_id=product) == 10


def test_a_count_is_made_true_by_a_move(tx: Tx) -> None:
    product = stocked(tx)
    assert count_stock(tx, warehouse_id=1, product_id=product, counted=7, reason="stocktaking") == -3
    assert count_stock(tx, warehouse_id=1, product_id=product, counted=7) == 0
    assert count_stock(tx, warehouse_id=2, product_id=product, counted=2) == 2
    assert stock_of(tx, product_id=product) == 9
    assert check_stock(tx) == []
    with pytest.raises(Invalid, match="counted"):
        count_stock(tx, warehouse_id=1, product_id=product, counted=-1)
    with pytest.raises(WarehouseNotFound):
        count_stock(tx, warehouse_id=3, product_id=product, counted=0)


def test_a_level_that_its_moves_do_not_explain_is_told(tx: Tx) -> None:
    product = stocked(tx)
    tx.insert(StockLevel, warehouse_id=2, product_id=product, variant_id=5, quantity=3)
    assert check_stock(tx) == [f"warehouse 2 holds 3 of product {product} variant 5, but its moves come to 0"]


def test_what_left_the_catalogue_may_leave_but_not_arrive(tx: Tx) -> None:
    product = stocked(tx)
    remove_product(tx, product_id=product)
    move_stock(tx, product_id=product, quantity=10, origin=HERE, destination=BY_COUNT)
    with pytest.raises(Invalid, match="product_id"):
        move_stock(tx, product_id=product, quantity=1, origin=FROM_OUTSIDE, destination=HERE)
    assert check_stock(tx) == []


@pytest.mark.parametrize(
    ("move", "named"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**12 + 1}, "quantity"),
        ({"destination": HERE}, "destination"),
        ({"origin": FROM_OUTSIDE, "destination": TO_BUYERS}, "destination"),
        ({"origin": Place("moon")}, "origin"),
        ({"origin": Place("warehouse")}, "origin"),
        ({"destination": Place("sold", 1)}, "destination"),
        ({"reason": "x" * 256}, "reason"),
        ({"subject": "a\0"}, "subject"),
        ({"variant_id": 9, "destination": THERE}, "variant_id"),
    ],
)
def test_what_is_no_move(tx: Tx, move: dict[str, Any], named: str) -> None:
    product = stocked(tx)
    usual: dict[str, Any] = {"quantity": 1, "origin": HERE, "destination": TO_BUYERS}
    with pytest.raises(Invalid) as refusal:
        move_stock(tx, product_id=product, **usual | move)
    assert refusal.value.field == named


def test_sellers_who_race_never_sell_more_than_there_is(shop: OpenShop) -> None:
    product = shop.write(stocked)

    def sell(_: int) -> bool:
        try:
            shop.write(
                lambda tx: move_stock(tx, product_id=product, quantity=1, origin=HERE, destination=TO_BUYERS)
            )
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        sold = sum(pool.map(sell, range(25)))
    assert sold == 10
    assert shop.read(lambda tx: stock_of(tx, product_id=product)) == 0
    assert shop.read(check_stock) == []


PLACES = [FROM_OUTSIDE, TO_BUYERS, BY_COUNT, HERE, THERE]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(1, 20)), max_size=15
    )
)
def test_levels_are_what_a_simple_count_says(tx: Tx, moves: list[tuple[Place, Place, int]]) -> None:
    number = tx.ids.next("hypothesis")
    product = create_product(tx, name="Lamp", code=f"lamp{number}")
    if number == 1:
        create_warehouse(tx, name="here", code="here")
        create_warehouse(tx, name="there", code="there")
    count: Counter[Place] = Counter()
    for origin, destination, quantity in moves:
        try:
            move_stock(tx, product_id=product, quantity=quantity, origin=origin, destination=destination)
        except (Invalid, OutOfStock):
            continue
        count[origin] -= quantity
        count[destination] += quantity
    for place in (HERE, THERE):
        assert level_of(tx, warehouse_id=place.warehouse_id or 0, product_id=product) == count[place] >= 0
    assert check_stock(tx) == []
