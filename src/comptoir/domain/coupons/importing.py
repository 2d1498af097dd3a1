"""Taking over coupons from elsewhere, codes and times as they are given, many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from comptoir.domain.catalogue.models import Product
from comptoir.domain.coupons.actions import NEW_COUPON, check_coupon
from comptoir.domain.coupons.errors import CouponCodeTaken
from comptoir.domain.coupons.models import PRODUCT, SHIPPING, Coupon, CouponProduct
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

Columns = dict[str, Any]
PRODUCTS_AMONG = select(Product.id).where(among(Product.id, "ids"))
IDS_AMONG = select(Coupon.id).where(among(Coupon.id, "ids"))
CODES_AMONG = select(Coupon.code_key).where(among(Coupon.code_key, "keys"))


def import_coupons(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[Invalid | None]:
    """Keep coupons from elsewhere with their `product_ids`.

    Refuses per row: Invalid (id, code, and what create_coupon refuses), CouponCodeTaken.
    """
    checks = _Checks(tx, rows)
    problems: list[Invalid | None] = []
    good: list[Columns] = []
    for row in rows:
        values = {**NEW_COUPON, **row}
        try:
            checks.check(values)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        good.append(values)
    _write(tx, good)
    return problems


class _Checks:
    """What coupons of one chunk may point at, and which ids and codes are gone."""

    def __init__(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
        ids = [row["id"] for row in rows if "id" in row]
        self._ids = {one for (one,) in tx.all(IDS_AMONG, ids=ids)}
        keys = [key_of(row["code"]) for row in rows]
        self._keys = {one for (one,) in tx.all(CODES_AMONG, keys=keys)}
        wanted = {one for row in rows for one in row.get("product_ids", ())}
        self._products = {one for (one,) in tx.all(PRODUCTS_AMONG, ids=sorted(wanted))}

    def check(self, values: Columns) -> None:
        """Refuses what `import_coupons` says; leaves nothing that the coupon's type has no use for."""
        own = values.get("id")
        if own is not None and (own <= 0 or own in self._ids):
            raise Invalid("id", "is taken or not above zero")
        if not values["code"].strip():
            raise Invalid("code", "must not be empty")
        values["code_key"] = key_of(values["code"])
        if values["code_key"] in self._keys:
            raise CouponCodeTaken("code", f"{values['code']!r} is taken")
        check_coupon(values)
        if values["type"] == SHIPPING and (values["percent_ppm"], values["value_e4"]) != (None, None):
            raise Invalid("type", "shipping takes neither a percentage nor a value")
        if values["type"] != PRODUCT and (values["is_for_all"] or values["product_ids"]):
            raise Invalid("type", "must be product where products are named")
        for product_id in values["product_ids"]:
            if product_id not in self._products:
                raise Invalid("product_ids", f"names product {product_id}, which does not exist")
        self._ids.add(own or 0)
        self._keys.add(values["code_key"])


def _write(tx: Tx, good: list[Columns]) -> None:
    own = [values["id"] for values in good if "id" in values]
    if own:
        tx.ids.reach("coupon", max(own))
    unnumbered = [values for values in good if "id" not in values]
    first = tx.ids.next("coupon", len(unnumbered)) if unnumbered else 0
    for place, values in enumerate(unnumbered):
        values["id"] = first + place
    links = [
        {"coupon_id": values["id"], "product_id": product_id}
        for values in good
        for product_id in sorted(set(values.pop("product_ids")))
    ]
    for values in good:
        created_at = values.setdefault("created_at", tx.now)
        values.setdefault("updated_at", created_at)
        tx.note(
            "coupon.imported", "coupon", values["id"], after={"code": values["code"], "type": values["type"]}
        )
    tx.insert_many(Coupon, good)
    tx.insert_many(CouponProduct, links)
