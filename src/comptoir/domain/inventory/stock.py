"""Moving pieces: every move leaves one place and reaches another; no warehouse holds less than none."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, refuse, text_problems
from comptoir.domain.inventory.errors import OutOfStock
from comptoir.domain.inventory.models import (
    ADJUSTED,
    NO_VARIANT,
    OUTSIDE,
    PLACES,
    SOLD,
    WAREHOUSE,
    StockLevel,
    StockMove,
)
from comptoir.domain.inventory.queries import get_warehouse, level_of
from comptoir.domain.tx import Tx

QUANTITY_MAX = 10**12

Key = tuple[int, int, int]
"""A warehouse, a product, and its variant or none."""


class Place(NamedTuple):
    """Where pieces are: in a warehouse, or where nobody counts them."""

    kind: str
    warehouse_id: int | None = None


FROM_OUTSIDE, TO_BUYERS, BY_COUNT = Place(OUTSIDE), Place(SOLD), Place(ADJUSTED)

HAS_PRODUCT = select(Product.id).where(Product.id == bindparam("product_id"))
HAS_VARIANT = select(Variant.id).where(
    Variant.id == bindparam("variant_id"), Variant.product_id == bindparam("product_id")
)
TAKE = (
    update(StockLevel)
    .where(
        StockLevel.warehouse_id == bindparam("from_id"),
        StockLevel.product_id == bindparam("of_product"),
        StockLevel.variant_id == bindparam("of_variant"),
        StockLevel.quantity >= bindparam("pieces"),
    )
    .values(quantity=StockLevel.quantity - bindparam("pieces"))
)


def _upsert(dialect: Any) -> Any:
    insert = dialect.insert(StockLevel).values(
        {name: bindparam(name) for name in ("warehouse_id", "product_id", "variant_id", "quantity")}
    )
    return insert.on_conflict_do_update(
        index_elements=[StockLevel.warehouse_id, StockLevel.product_id, StockLevel.variant_id],
        set_={"quantity": StockLevel.quantity + insert.excluded.quantity},
    )


PUT = {"sqlite": _upsert(sqlite), "postgres": _upsert(postgresql)}

_SAME = (StockMove.product_id, StockMove.variant_id)
ARRIVED = (
    select(StockMove.to_warehouse_id, *_SAME, func.sum(StockMove.quantity))
    .where(StockMove.to_warehouse_id.is_not(None))
    .group_by(StockMove.to_warehouse_id, *_SAME)
)
LEFT = (
    select(StockMove.from_warehouse_id, *_SAME, func.sum(StockMove.quantity))
    .where(StockMove.from_warehouse_id.is_not(None))
    .group_by(StockMove.from_warehouse_id, *_SAME)
)
HELD = select(StockLevel.warehouse_id, StockLevel.product_id, StockLevel.variant_id, StockLevel.quantity)


def in_warehouse(warehouse_id: int) -> Place:
    """The place of a warehouse."""
    return Place(WAREHOUSE, warehouse_id)


def move_stock(
    tx: Tx,
    *,
    product_id: int,
    quantity: int,
    origin: Place,
    destination: Place,
    variant_id: int = NO_VARIANT,
    reason: str = "",
    subject: str = "",
    subject_id: int = 0,
    at: datetime | None = None,
) -> int:
    """Move pieces from one place to another and give the move's id.

    Refuses: Invalid (quantity, reason, subject, origin, destination), WarehouseNotFound,
    Invalid (product_id, variant_id), OutOfStock.
    """
    _refuse_malformed(quantity, origin, destination)
    refuse(text_problems({"reason": reason, "subject": subject}, short=("reason", "subject")))
    for place in (origin, destination):
        if place.warehouse_id is not None:
            get_warehouse(tx, place.warehouse_id)
    # What left the catalogue may still leave the warehouse, but nothing more of it comes in.
    if destination.warehouse_id is not None:
        _refuse_unknown(tx, product_id, variant_id)
    if origin.warehouse_id is not None:
        _take(tx, origin.warehouse_id, product_id, variant_id, quantity)
    if destination.warehouse_id is not None:
        _put_down(tx, destination.warehouse_id, product_id, variant_id, quantity)
    said = {
        "product_id": product_id,
        "variant_id": variant_id,
        "quantity": quantity,
        "from_place": origin.kind,
        "from_warehouse_id": origin.warehouse_id,
        "to_place": destination.kind,
        "to_warehouse_id": destination.warehouse_id,
        "reason": reason,
        "subject": subject,
        "subject_id": subject_id,
    }
    move_id = tx.ids.next("stock_move")
    tx.insert(StockMove, **said, id=move_id, at=at or tx.now, actor=tx.actor.name[:SHORT_TEXT_MAX])
    tx.note("stock.moved", "stock_move", move_id, after=said)
    return move_id


def count_stock(
    tx: Tx,
    *,
    warehouse_id: int,
    product_id: int,
    counted: int,
    variant_id: int = NO_VARIANT,
    reason: str = "",
) -> int:
    """Make a warehouse's level what was counted there, by a move; gives how many pieces it came to differ.

    Refuses: Invalid (counted), and as `move_stock` does.
    """
    if not 0 <= counted <= QUANTITY_MAX:
        raise Invalid("counted", f"must be between 0 and {QUANTITY_MAX}")
    here = in_warehouse(warehouse_id)
    get_warehouse(tx, warehouse_id)
    more = counted - level_of(tx, warehouse_id=warehouse_id, product_id=product_id, variant_id=variant_id)
    if more:
        move_stock(
            tx,
            product_id=product_id,
            variant_id=variant_id,
            quantity=abs(more),
            origin=BY_COUNT if more > 0 else here,
            destination=here if more > 0 else BY_COUNT,
            reason=reason,
        )
    return more


def check_stock(tx: Tx) -> list[str]:
    """Everything that is wrong with the levels, in words: each is what arrived less what left."""
    moved: dict[Key, int] = {}
    for statement, sign in ((ARRIVED, 1), (LEFT, -1)):
        for warehouse_id, product_id, variant_id, quantity in tx.all(statement):
            assert warehouse_id is not None
            key = (warehouse_id, product_id, variant_id)
            moved[key] = moved.get(key, 0) + sign * int(quantity)
    held = {(row[0], row[1], row[2]): row[3] for row in tx.all(HELD)}
    return list(_differences(moved, held))


def _differences(moved: dict[Key, int], held: dict[Key, int]) -> Iterator[str]:
    for key in sorted(moved.keys() | held.keys()):
        here, there = held.get(key, 0), moved.get(key, 0)
        if here != there or here < 0:
            warehouse_id, product_id, variant_id = key
            what = f"product {product_id}" + (f" variant {variant_id}" if variant_id else "")
            yield f"warehouse {warehouse_id} holds {here} of {what}, but its moves come to {there}"


def _refuse_malformed(quantity: int, origin: Place, destination: Place) -> None:
    if not 0 < quantity <= QUANTITY_MAX:
        raise Invalid("quantity", f"must be between 1 and {QUANTITY_MAX}")
    for field, place in (("origin", origin), ("destination", destination)):
        if place.kind not in PLACES or (place.kind == WAREHOUSE) != (place.warehouse_id is not None):
            raise Invalid(field, f"must be a warehouse or one of {', '.join(PLACES[1:])}")
    if origin == destination or (origin.warehouse_id is None and destination.warehouse_id is None):
        raise Invalid("destination", "must be another place, and a warehouse at one end")


def _refuse_unknown(tx: Tx, product_id: int, variant_id: int) -> None:
    if tx.value(HAS_PRODUCT, product_id=product_id) is None:
        raise Invalid("product_id", f"names product {product_id}, which does not exist")
    if (
        variant_id != NO_VARIANT
        and tx.value(HAS_VARIANT, variant_id=variant_id, product_id=product_id) is None
    ):
        raise Invalid("variant_id", f"names variant {variant_id}, which is none of product {product_id}")


def _take(tx: Tx, warehouse_id: int, product_id: int, variant_id: int, quantity: int) -> None:
    taken = tx.run(TAKE, from_id=warehouse_id, of_product=product_id, of_variant=variant_id, pieces=quantity)
    if not taken:
        held = level_of(tx, warehouse_id=warehouse_id, product_id=product_id, variant_id=variant_id)
        raise OutOfStock(warehouse_id, product_id, variant_id, quantity, held)


def _put_down(tx: Tx, warehouse_id: int, product_id: int, variant_id: int, quantity: int) -> None:
    key = {"warehouse_id": warehouse_id, "product_id": product_id, "variant_id": variant_id}
    tx.run(PUT[tx.engine], **key, quantity=quantity)
