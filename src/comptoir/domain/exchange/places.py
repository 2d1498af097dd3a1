"""What lies where, in files: warehouses, and their stock as it stands. The moves that led there stay behind.

Stock of what has left the catalogue is not written, since nothing more of it may come in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.errors import ComptoirError
from comptoir.domain.exchange.kinds import Kind, fields_of
from comptoir.domain.inventory.actions import import_warehouses
from comptoir.domain.inventory.models import NO_VARIANT, StockLevel, Warehouse
from comptoir.domain.inventory.stock import FROM_OUTSIDE, in_warehouse, move_stock
from comptoir.domain.tx import Tx

REASON = "import"


def import_stock(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[ComptoirError | None]:
    """Bring stock in from outside; of what is none, nothing is written. Refuses per row: as `move_stock`."""
    problems: list[ComptoirError | None] = []
    for row in rows:
        try:
            if row["quantity"]:
                move_stock(
                    tx,
                    product_id=row["product_id"],
                    variant_id=row.get("variant_id", NO_VARIANT),
                    quantity=row["quantity"],
                    origin=FROM_OUTSIDE,
                    destination=in_warehouse(row["warehouse_id"]),
                    reason=REASON,
                )
            problems.append(None)
        except ComptoirError as problem:
            problems.append(problem)
    return problems


WAREHOUSES = Kind(
    "warehouses",
    Warehouse,
    fields_of(Warehouse, names=("code",)),
    import_warehouses,
    frozenset({"name", "code"}),
)
STOCK = Kind(
    "stock",
    StockLevel,
    fields_of(StockLevel),
    import_stock,
    frozenset({"product_id", "variant_id", "warehouse_id", "quantity"}),
    key=("product_id", "variant_id", "warehouse_id"),
    live=and_(
        StockLevel.quantity > 0,
        StockLevel.product_id.in_(select(Product.id)),
        or_(StockLevel.variant_id == NO_VARIANT, StockLevel.variant_id.in_(select(Variant.id))),
    ),
)
