"""The records of coupons."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column

SHIPPING, SALE, PRODUCT = "shipping", "sale", "product"
COUPON_TYPES = (SHIPPING, SALE, PRODUCT)


class Coupon(Record):
    """A code that lowers a price until the end of `expires_on`: free shipping, or off the sale or off products.

    One of `percent_ppm` (millionths) and `value_e4` is given for the types sale and product, neither for
    shipping. `is_for_all` is for the type product: every product, whatever is assigned.
    """

    __tablename__ = "coupon"
    __folded__: ClassVar[dict[str, str]] = {"code": "code_key"}

    id: Mapped[Id]
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    percent_ppm: Mapped[int | None]
    value_e4: Mapped[int | None]
    minimum_e4: Mapped[int | None]
    expires_on: Mapped[date]
    is_for_all: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CouponProduct(Record):
    """A coupon is for a product."""

    __tablename__ = "coupon_product"

    coupon_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("coupon.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True, index=True
    )
