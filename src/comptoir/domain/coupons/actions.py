"""Verbs on coupons: create, change, remove."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.catalogue.models import Product
from comptoir.domain.coupons.amounts import PPM, CouponFacts
from comptoir.domain.coupons.errors import CouponCodeTaken
from comptoir.domain.coupons.models import COUPON_TYPES, PRODUCT, SHIPPING, Coupon, CouponProduct
from comptoir.domain.coupons.queries import take_coupon
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

MADE_CODE_LENGTH = 7
CODE_MAX = 255


class CouponFields(TypedDict, total=False):
    """What may be said of a coupon. `product_ids` are what one of the type product is for."""

    type: str
    percent_ppm: int | None
    value_e4: int | None
    minimum_e4: int | None
    expires_on: date
    is_for_all: bool
    product_ids: Sequence[int]


NEW_COUPON: dict[str, Any] = {
    "percent_ppm": None, "value_e4": None, "minimum_e4": None, "is_for_all": False, "product_ids": (),
}  # fmt: skip

CODE_TAKEN = select(Coupon.id).where(Coupon.code_key == bindparam("key"))
PRODUCTS_AMONG = select(Product.id).where(among(Product.id, "ids"))
UNBIND = delete(CouponProduct).where(CouponProduct.coupon_id == bindparam("id"))
REMOVE = delete(Coupon).where(Coupon.id == bindparam("id"))


def create_coupon(tx: Tx, *, code: str = "", **fields: Unpack[CouponFields]) -> str:
    """Create a coupon and return its code, which is made when none is given.

    Refuses: Invalid (type, expires_on, percent_ppm, value_e4, minimum_e4, product_ids, code), CouponCodeTaken.
    """
    values: dict[str, Any] = {**NEW_COUPON, **fields}
    _fit(tx, values)
    # First of all: whoever holds the counter is alone in looking for a free code.
    coupon_id = tx.ids.next("coupon")
    if code:
        _check_code(tx, code, None)
    else:
        code = _free_code(tx)
    product_ids = values.pop("product_ids")
    at = tx.now
    tx.insert(Coupon, **values, id=coupon_id, code=code, code_key=key_of(code), created_at=at, updated_at=at)
    _bind(tx, coupon_id, product_ids)
    tx.note("coupon.created", "coupon", coupon_id, after=_noted({"code": code, **fields}))
    return code


def update_coupon(
    tx: Tx, *, coupon_code: str, code: str | None = None, **fields: Unpack[CouponFields]
) -> str:
    """Change what is named of a coupon and return its code; `code` gives it another one.

    Of percent and value the one that is named takes the other's place; products that are named take the place
    of those it had. Refuses: CouponNotFound, Invalid (as create_coupon), CouponCodeTaken.
    """
    coupon = take_coupon(tx, coupon_code)
    old = {one.name: getattr(coupon, one.name) for one in fields_of(CouponFacts)}
    values: dict[str, Any] = {name: old[name] for name in ("type", "expires_on", *NEW_COUPON)}
    values |= _replaced(fields)
    _fit(tx, values)
    product_ids = sorted(values.pop("product_ids"))
    if code is not None:
        # Whoever holds the counter is alone in giving codes.
        tx.ids.reach("coupon", coupon.id)
        _check_code(tx, code, coupon.id)
        values |= {"code": code, "code_key": key_of(code)}
    tx.update(Coupon, coupon.id, **values, updated_at=tx.now)
    tx.run(UNBIND, id=coupon.id)
    _bind(tx, coupon.id, product_ids)
    shown = {**values, "product_ids": product_ids}
    shown.pop("code_key", None)
    changed = [name for name in shown if _plain(shown[name]) != _plain(old[name])]
    tx.note(
        "coupon.updated", "coupon", coupon.id,
        before=_noted({name: old[name] for name in changed}), after=_noted({name: shown[name] for name in changed}),
    )  # fmt: skip
    return coupon.code if code is None else code


def remove_coupon(tx: Tx, *, coupon_code: str) -> None:
    """Remove a coupon; sales that were made with it keep their discount. Refuses: CouponNotFound."""
    coupon = take_coupon(tx, coupon_code)
    tx.run(REMOVE, id=coupon.id)
    tx.note("coupon.removed", "coupon", coupon.id, before={"code": coupon.code, "type": coupon.type})


def _replaced(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, and what they push out: a percentage the value, a value the percentage."""
    values = dict(fields)
    if values.get("percent_ppm") is not None:
        values.setdefault("value_e4", None)
    if values.get("value_e4") is not None:
        values.setdefault("percent_ppm", None)
    return values


def check_coupon(values: Mapping[str, Any]) -> None:
    """Refuses: Invalid, for a coupon whose values do not fit together; every one of them is given."""
    percent, value, minimum = values["percent_ppm"], values["value_e4"], values["minimum_e4"]
    if values.get("type") not in COUPON_TYPES:
        raise Invalid("type", f"must be one of {', '.join(COUPON_TYPES)}")
    if "expires_on" not in values:
        raise Invalid("expires_on", "must be given")
    if percent is not None and not 0 < percent <= PPM:
        raise Invalid("percent_ppm", "must be above 0 and at most 100 %")
    if value is not None and value <= 0:
        raise Invalid("value_e4", "must be above 0")
    if values["type"] != SHIPPING and percent is None and value is None:
        raise Invalid("percent_ppm", "or a value must be given")
    if values["type"] != SHIPPING and percent is not None and value is not None:
        raise Invalid("value_e4", "must not be given with a percentage")
    if minimum is not None and minimum < 0:
        raise Invalid("minimum_e4", "must be 0 or more")


def _fit(tx: Tx, values: dict[str, Any]) -> None:
    """Check the values, and leave out what the type has no use for."""
    check_coupon(values)
    if values["type"] == SHIPPING:
        values |= {"percent_ppm": None, "value_e4": None}
    if values["type"] != PRODUCT:
        values |= {"is_for_all": False, "product_ids": ()}
        return
    values["product_ids"] = sorted(set(values["product_ids"]))
    known = {row[0] for row in tx.all(PRODUCTS_AMONG, ids=values["product_ids"])}
    for product_id in values["product_ids"]:
        if product_id not in known:
            raise Invalid("product_ids", f"names product {product_id}, which does not exist")


def _bind(tx: Tx, coupon_id: int, product_ids: Sequence[int]) -> None:
    tx.insert_many(CouponProduct, [{"coupon_id": coupon_id, "product_id": one} for one in product_ids])


def _check_code(tx: Tx, code: str, own_id: int | None) -> None:
    if not code.strip() or len(code) > CODE_MAX:
        raise Invalid("code", f"must be a text of 1 to {CODE_MAX} characters")
    taken = tx.one(CODE_TAKEN, key=key_of(code))
    if taken is not None and taken[0] != own_id:
        raise CouponCodeTaken("code", f"{code!r} is taken by coupon {taken[0]}")


def _free_code(tx: Tx) -> str:
    code = tx.ids.text(MADE_CODE_LENGTH)
    while tx.one(CODE_TAKEN, key=key_of(code)) is not None:
        code = tx.ids.text(MADE_CODE_LENGTH)
    return code


def _noted(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """A value as an event keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset | tuple | list) else value
