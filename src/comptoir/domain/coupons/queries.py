"""Reading coupons."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, bindparam, select

from comptoir.domain.coupons.amounts import CouponFacts
from comptoir.domain.coupons.errors import CouponExpired, CouponNotFound
from comptoir.domain.coupons.models import Coupon, CouponProduct
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx

_COLUMNS = (
    Coupon.id, Coupon.code, Coupon.type, Coupon.percent_ppm, Coupon.value_e4, Coupon.minimum_e4,
    Coupon.expires_on, Coupon.is_for_all,
)  # fmt: skip
BY_CODE = select(*_COLUMNS).where(Coupon.code_key == bindparam("key"))
# The same, held until the transaction ends.
LOCKED_BY_CODE: Select[Any] = BY_CODE.with_for_update(key_share=True)
PRODUCTS_OF = (
    select(CouponProduct.product_id)
    .where(CouponProduct.coupon_id == bindparam("id"))
    .order_by(CouponProduct.product_id)
)
CODE = select(Coupon.code).where(Coupon.id == bindparam("id"))
EVERY = select(*_COLUMNS).order_by(Coupon.id)


def get_coupon(tx: Tx, code: str) -> CouponFacts:
    """The coupon with this code, in whatever case it is written. Refuses: CouponNotFound."""
    return _coupon(tx, code, BY_CODE)


def code_of(tx: Tx, coupon_id: int) -> str:
    """The code of a coupon by its number. Refuses: CouponNotFound."""
    code: str | None = tx.value(CODE, id=coupon_id)
    if code is None:
        raise CouponNotFound(coupon_id)
    return code


def take_coupon(tx: Tx, code: str) -> CouponFacts:
    """The same for a coupon that is to be changed: nobody else changes it meanwhile."""
    return _coupon(tx, code, LOCKED_BY_CODE)


def usable_coupon(tx: Tx, code: str) -> CouponFacts:
    """The coupon with this code, if it is still valid today on the shop's calendar.

    Refuses: CouponNotFound, CouponExpired.
    """
    coupon = get_coupon(tx, code)
    if tx.shop.local(tx.now).date() > coupon.expires_on:
        raise CouponExpired(coupon.code, coupon.expires_on)
    return coupon


def list_coupons(tx: Tx) -> list[CouponFacts]:
    """Every coupon in the order of their ids, without what it is for."""
    return [CouponFacts(*row) for row in tx.all(EVERY)]


def _coupon(tx: Tx, code: str, statement: Select[Any]) -> CouponFacts:
    row = tx.one(statement, key=key_of(code))
    if row is None:
        raise CouponNotFound(code)
    product_ids = frozenset(one[0] for one in tx.all(PRODUCTS_OF, id=row[0]))
    return replace(CouponFacts(*row), product_ids=product_ids)
