"""Reading warehouses, what they hold and how it came there."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, func, select, tuple_

from comptoir.domain.inventory.errors import MoveNotFound, WarehouseNotFound
from comptoir.domain.inventory.models import NO_VARIANT, StockLevel, StockMove, Warehouse
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx


class Level(NamedTuple):
    """How many pieces lie in one warehouse."""

    warehouse_id: int
    product_id: int
    variant_id: int
    quantity: int


class Move(NamedTuple):
    """One move of pieces."""

    id: int
    at: datetime
    product_id: int
    variant_id: int
    quantity: int
    from_place: str
    from_warehouse_id: int | None
    to_place: str
    to_warehouse_id: int | None
    reason: str
    subject: str
    subject_id: int
    actor: str


WAREHOUSE_COLUMNS = tuple(Warehouse.__table__.columns)
GET_WAREHOUSE = select(*WAREHOUSE_COLUMNS).where(Warehouse.id == bindparam("warehouse_id"))
BY_CODE = select(Warehouse.id).where(Warehouse.code_key == bindparam("key"))
LEVEL = select(StockLevel.quantity).where(
    StockLevel.warehouse_id == bindparam("warehouse_id"),
    StockLevel.product_id == bindparam("product_id"),
    StockLevel.variant_id == bindparam("variant_id"),
)
LEVELS = (
    select(StockLevel.warehouse_id, StockLevel.product_id, StockLevel.variant_id, StockLevel.quantity)
    .where(StockLevel.product_id == bindparam("product_id"))
    .order_by(StockLevel.warehouse_id, StockLevel.variant_id)
)
STOCK = select(func.coalesce(func.sum(StockLevel.quantity), 0)).where(
    StockLevel.product_id == bindparam("product_id"), StockLevel.variant_id == bindparam("variant_id")
)
MOVES = (
    select(*(StockMove.__table__.columns[name] for name in Move._fields))
    .where(StockMove.product_id == bindparam("product_id"), StockMove.id > bindparam("after_id"))
    .order_by(StockMove.id)
    .limit(bindparam("limit"))
)

NAMES = select(Warehouse.id, Warehouse.name).order_by(Warehouse.id).limit(bindparam("limit"))
LEVELS_IN = (
    select(StockLevel.warehouse_id, StockLevel.product_id, StockLevel.variant_id, StockLevel.quantity)
    .where(
        StockLevel.warehouse_id == bindparam("warehouse_id"),
        tuple_(StockLevel.product_id, StockLevel.variant_id)
        > tuple_(
            bindparam("past_product", type_=BigInteger()), bindparam("past_variant", type_=BigInteger())
        ),
    )
    .order_by(StockLevel.product_id, StockLevel.variant_id)
    .limit(bindparam("limit"))
)
GET_MOVE = select(*(StockMove.__table__.columns[name] for name in Move._fields)).where(
    StockMove.id == bindparam("move_id")
)
LAST_MOVES = (
    select(*(StockMove.__table__.columns[name] for name in Move._fields))
    .where(StockMove.product_id == bindparam("product_id"), StockMove.variant_id == bindparam("variant_id"))
    .order_by(StockMove.id.desc())
    .limit(bindparam("limit"))
)


def get_warehouse(tx: Tx, warehouse_id: int) -> dict[str, Any]:
    """A warehouse with every column by name. Refuses: WarehouseNotFound."""
    row = tx.one(GET_WAREHOUSE, warehouse_id=warehouse_id)
    if row is None:
        raise WarehouseNotFound(warehouse_id)
    return dict(zip((column.name for column in WAREHOUSE_COLUMNS), row, strict=True))


def find_warehouse_by_code(tx: Tx, code: str) -> int | None:
    """The id of the warehouse with this code, without regard to case."""
    found: int | None = tx.value(BY_CODE, key=key_of(code))
    return found


def level_of(tx: Tx, *, warehouse_id: int, product_id: int, variant_id: int = NO_VARIANT) -> int:
    """How many pieces a warehouse holds."""
    found = tx.value(LEVEL, warehouse_id=warehouse_id, product_id=product_id, variant_id=variant_id)
    return 0 if found is None else int(found)


def list_levels(tx: Tx, product_id: int) -> list[Level]:
    """What each warehouse holds of a product and its variants."""
    return [Level(*row) for row in tx.all(LEVELS, product_id=product_id)]


def stock_of(tx: Tx, *, product_id: int, variant_id: int = NO_VARIANT) -> int:
    """How many pieces all warehouses hold together."""
    return int(tx.value(STOCK, product_id=product_id, variant_id=variant_id))


def list_moves(tx: Tx, product_id: int, *, after_id: int = 0, limit: int = 100) -> list[Move]:
    """A page of a product's moves, oldest first, after a move's id."""
    return [Move(*row) for row in tx.all(MOVES, product_id=product_id, after_id=after_id, limit=limit)]


def get_move(tx: Tx, move_id: int) -> Move:
    """One move. Refuses: MoveNotFound."""
    row = tx.one(GET_MOVE, move_id=move_id)
    if row is None:
        raise MoveNotFound(move_id)
    return Move(*row)


def last_moves(tx: Tx, product_id: int, *, variant_id: int = NO_VARIANT, limit: int = 20) -> list[Move]:
    """The last moves of a product, or of one of its variants, newest first."""
    return [
        Move(*row) for row in tx.all(LAST_MOVES, product_id=product_id, variant_id=variant_id, limit=limit)
    ]


def list_warehouse_names(tx: Tx, *, limit: int = 1_000) -> list[tuple[int, str]]:
    """The first warehouses, by their numbers."""
    return [(row[0], row[1]) for row in tx.all(NAMES, limit=limit)]


def list_levels_in(
    tx: Tx, warehouse_id: int, *, past: tuple[int, int] = (0, 0), limit: int = 100
) -> list[Level]:
    """A page of what a warehouse holds, behind a product and its variant."""
    rows = tx.all(
        LEVELS_IN, warehouse_id=warehouse_id, past_product=past[0], past_variant=past[1], limit=limit
    )
    return [Level(*row) for row in rows]
