"""What the inventory room refuses.

ComptoirError
├─ NotFound
│  ├─ WarehouseNotFound  no warehouse has this id
│  └─ MoveNotFound       no move has this id
├─ Conflict
│  └─ OutOfStock         the warehouse holds fewer pieces than are to leave it
└─ Invalid
   └─ CodeTaken          another warehouse has this code
"""

from comptoir.domain.errors import Conflict, Invalid, NotFound


class WarehouseNotFound(NotFound):
    """No warehouse has this id."""

    thing = "warehouse"


class MoveNotFound(NotFound):
    """No move of stock has this id."""

    thing = "stock move"


class OutOfStock(Conflict):
    """The warehouse holds fewer pieces than are to leave it."""

    def __init__(self, warehouse_id: int, product_id: int, variant_id: int, wanted: int, held: int) -> None:
        super().__init__(f"warehouse {warehouse_id} holds {held} of product {product_id}, not {wanted}")
        self.warehouse_id = warehouse_id
        self.product_id = product_id
        self.variant_id = variant_id
        self.wanted = wanted
        self.held = held


class CodeTaken(Invalid):
    """Another warehouse has this code, whatever the case of its letters."""
