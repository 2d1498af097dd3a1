"""The records of stock: where it lies, how much, and every move that made it so."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column

# Places of a move. Stock in a warehouse is counted; the other three are where it comes from and goes to.
WAREHOUSE, OUTSIDE, SOLD, ADJUSTED = "warehouse", "outside", "sold", "adjusted"
PLACES = (WAREHOUSE, OUTSIDE, SOLD, ADJUSTED)
NO_VARIANT = 0


class Warehouse(Record):
    """A place that holds stock. Coordinates are millionths of a degree, None when unknown."""

    __tablename__ = "warehouse"
    __folded__: ClassVar[dict[str, str]] = {"code": "code_key"}

    id: Mapped[Id]
    name: Mapped[str]
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(unique=True)
    street: Mapped[str]
    suburb: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    postcode: Mapped[str]
    country: Mapped[str]
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StockLevel(Record):
    """How many pieces of a product or variant lie in a warehouse: the sum of the moves, kept ready."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("quantity >= 0", name="never_negative"),)

    warehouse_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("warehouse.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False, index=True)
    variant_id: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    quantity: Mapped[int]


class StockMove(Record):
    """Pieces went from one place to another. Written once; a mistake is moved back.

    The product and variant are not references: the journal outlives what it tells of. `subject` and
    `subject_id` say what the move was for, such as order 46.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        Index("ix_stock_move_product", "product_id", "variant_id", "id"),
        Index("ix_stock_move_subject", "subject", "subject_id"),
        CheckConstraint("quantity > 0", name="something_moves"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    product_id: Mapped[int]
    variant_id: Mapped[int]
    quantity: Mapped[int]
    from_place: Mapped[str]
    from_warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    to_place: Mapped[str]
    to_warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    reason: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    actor: Mapped[str]
