"""Taking what a checkout sells from the warehouses, before it is paid for, and putting it back when it is not."""

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select

from comptoir.domain.checkout.carts import CartLine
from comptoir.domain.checkout.errors import SoldOut
from comptoir.domain.inventory.models import NO_VARIANT, SOLD, WAREHOUSE, StockMove
from comptoir.domain.inventory.queries import list_levels
from comptoir.domain.inventory.stock import TO_BUYERS, in_warehouse, move_stock
from comptoir.domain.tx import Tx

SUBJECT = "checkout"

_OF_CHECKOUT = (StockMove.subject == SUBJECT, StockMove.subject_id == bindparam("checkout_id"))
TAKEN = (
    select(StockMove.from_warehouse_id, StockMove.product_id, func.sum(StockMove.quantity))
    .where(*_OF_CHECKOUT, StockMove.to_place == SOLD)
    .group_by(StockMove.from_warehouse_id, StockMove.product_id)
    .order_by(StockMove.from_warehouse_id, StockMove.product_id)
)
PUT_BACK = (
    select(StockMove.to_warehouse_id, StockMove.product_id, func.sum(StockMove.quantity))
    .where(*_OF_CHECKOUT, StockMove.from_place == SOLD, StockMove.to_place == WAREHOUSE)
    .group_by(StockMove.to_warehouse_id, StockMove.product_id)
)


def refuse_sold_out(tx: Tx, lines: Iterable[CartLine]) -> None:
    """Refuses: SoldOut, when the warehouses hold fewer pieces of a product than are wanted."""
    for name, product_id, wanted in _wanted(lines):
        held = _held(tx, product_id)
        if held is not None and sum(held.values()) < wanted:
            raise SoldOut(name, sum(held.values()))


def take_pieces(tx: Tx, checkout_id: int, lines: Iterable[CartLine]) -> None:
    """Take the pieces from the warehouses that hold most. Refuses: SoldOut, OutOfStock (somebody was quicker)."""
    for name, product_id, wanted in _wanted(lines):
        held = _held(tx, product_id)
        if held is None:
            continue
        if sum(held.values()) < wanted:
            raise SoldOut(name, sum(held.values()))
        left = wanted
        for warehouse_id, pieces in sorted(held.items(), key=lambda each: (-each[1], each[0])):
            taken = min(left, pieces)
            if taken:
                _move(tx, checkout_id, product_id, taken, warehouse_id, is_back=False)
            left -= taken


def put_back_pieces(tx: Tx, checkout_id: int) -> None:
    """Put back what was taken and is not paid for."""
    back = {(row[0], row[1]): int(row[2]) for row in tx.all(PUT_BACK, checkout_id=checkout_id)}
    for warehouse_id, product_id, taken in tx.all(TAKEN, checkout_id=checkout_id):
        assert warehouse_id is not None
        left = int(taken) - back.get((warehouse_id, product_id), 0)
        if left:
            _move(tx, checkout_id, product_id, left, warehouse_id, is_back=True)


def _wanted(lines: Iterable[CartLine]) -> list[tuple[str, int, int]]:
    """How many pieces of each product that is counted, in the order of their ids: locks are taken so."""
    found: dict[int, tuple[str, int]] = {}
    for line in lines:
        if line.is_counted and line.quantity:
            found[line.product_id] = (line.name, found.get(line.product_id, ("", 0))[1] + line.quantity)
    return [(name, product_id, wanted) for product_id, (name, wanted) in sorted(found.items())]


def _held(tx: Tx, product_id: int) -> dict[int, int] | None:
    """What each warehouse holds of the product itself; None when no warehouse ever kept it."""
    levels = [level for level in list_levels(tx, product_id) if level.variant_id == NO_VARIANT]
    return {level.warehouse_id: level.quantity for level in levels} or None


def _move(
    tx: Tx, checkout_id: int, product_id: int, pieces: int, warehouse_id: int, *, is_back: bool
) -> None:
    here = in_warehouse(warehouse_id)
    move_stock(
        tx,
        product_id=product_id,
        quantity=pieces,
        origin=TO_BUYERS if is_back else here,
        destination=here if is_back else TO_BUYERS,
        reason="not paid" if is_back else "sold at checkout",
        subject=SUBJECT,
        subject_id=checkout_id,
    )
