"""Verbs on pricings."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.catalogue.models import Pricing, Product
from comptoir.domain.catalogue.noting import new_id, noted, write_change
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.money import E4_PER_UNIT
from comptoir.domain.tx import Tx

PERCENT_MAX_E4 = 100 * E4_PER_UNIT


class PricingFields(TypedDict, total=False):
    """What may be said of a pricing. `price_e4` is an amount or a percentage, as `modifier` says."""

    product_id: int | None
    name: str
    description: str
    sign: str
    price_e4: int
    modifier: str
    is_published: bool
    minimum_quantity: int


NEW_PRICING: dict[str, Any] = {
    "product_id": None, "name": "", "description": "", "sign": "", "price_e4": 0, "modifier": "$", "is_published": True,
    "minimum_quantity": 0,
}  # fmt: skip
PRODUCT_EXISTS = select(Product.id).where(Product.id == bindparam("id"))
REMOVE_PRICING = delete(Pricing).where(Pricing.id == bindparam("id"))


def create_pricing(tx: Tx, *, id: int | None = None, **fields: Unpack[PricingFields]) -> int:
    """Create a pricing and return its id. Refuses: Invalid (product, price)."""
    values: dict[str, Any] = {**NEW_PRICING, **fields}
    _check(tx, values)
    pricing_id = new_id(tx, Pricing, id)
    tx.insert(Pricing, **values, id=pricing_id)
    tx.note("pricing.created", "pricing", pricing_id, after=noted(fields))
    return pricing_id


def update_pricing(tx: Tx, *, pricing_id: int, **fields: Unpack[PricingFields]) -> None:
    """Change what is named of a pricing. Refuses: PricingNotFound, Invalid (product, price)."""
    old = take_row(tx, Pricing, pricing_id)
    values: dict[str, Any] = dict(fields)
    _check(tx, {**old, **values})
    write_change(tx, Pricing, old, values)


def remove_pricing(tx: Tx, *, pricing_id: int) -> None:
    """Remove a pricing. Refuses: PricingNotFound."""
    old = take_row(tx, Pricing, pricing_id)
    tx.run(REMOVE_PRICING, id=pricing_id)
    tx.note("pricing.removed", "pricing", pricing_id, before={"product_id": old["product_id"]})


def _check(tx: Tx, values: dict[str, Any]) -> None:
    product_id = values["product_id"]
    if product_id is None or tx.one(PRODUCT_EXISTS, id=product_id) is None:
        raise Invalid("product_id", f"names product {product_id or 0}, which does not exist in this centre")
    if values["price_e4"] <= 0:
        raise Invalid("price_e4", "must be a positive number")
    takes_percent_off = values["sign"] == "-" and values["modifier"] == "%"
    if takes_percent_off and values["price_e4"] > PERCENT_MAX_E4:
        raise Invalid("price_e4", "cannot take off more than 100 %")
