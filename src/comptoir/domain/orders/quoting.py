"""Lines of an order that somebody takes by hand: named by product, priced as the catalogue has it today."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.models import Pricing, Product, Variant
from comptoir.domain.errors import Invalid
from comptoir.domain.inventory.models import NO_VARIANT
from comptoir.domain.inventory.stock import TO_BUYERS, in_warehouse, move_stock
from comptoir.domain.money import E4_PER_UNIT, rounded
from comptoir.domain.names import key_of
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.tx import Tx

SUBJECT = "order"
ID_DIGITS_MAX = 18
PERCENT_E4 = 100 * E4_PER_UNIT


class WantedLine(NamedTuple):
    """What somebody wants: a product by its code or id, a variant by its code; a price only when it was agreed on."""

    product: str
    variant: str = ""
    quantity: int = 1
    price_e4: int | None = None
    discount_e4: int = 0
    tax_rate_ppm: int = 0


class _Product(NamedTuple):
    id: int
    code: str
    name: str
    price_rrp_e4: int
    price_special_e4: int


_PRODUCTS: Select[tuple[int, str, str, int, int]] = select(
    Product.id, Product.code, Product.name, Product.price_rrp_e4, Product.price_special_e4
)
BY_CODE = _PRODUCTS.where(Product.code_key == bindparam("key"))
BY_ID = _PRODUCTS.where(Product.id == bindparam("product_id"))
VARIANTS = (
    select(Variant.id, Variant.code, Variant.name)
    .where(Variant.product_id == bindparam("product_id"), Variant.code_key == bindparam("key"))
    .order_by(Variant.id)
    .limit(1)
)
# Of the prices that count for so many pieces, the one that begins with most pieces is meant.
TIER = (
    select(Pricing.sign, Pricing.price_e4, Pricing.modifier)
    .where(
        Pricing.product_id == bindparam("product_id"),
        Pricing.is_published,
        Pricing.minimum_quantity <= bindparam("quantity"),
    )
    .order_by(Pricing.minimum_quantity.desc(), Pricing.id.desc())
    .limit(1)
)


def quote_line(tx: Tx, wanted: WantedLine) -> LineFields:
    """A line as it is sold today, at the price for so many pieces.

    Refuses: Invalid (product, variant).
    """
    product = _product(tx, wanted.product)
    price_e4 = wanted.price_e4
    line = LineFields(
        product_id=product.id,
        code=product.code,
        name=product.name,
        quantity=wanted.quantity,
        unit_price_e4=_price(tx, product, wanted.quantity) if price_e4 is None else price_e4,
        discount_e4=wanted.discount_e4,
        tax_rate_ppm=wanted.tax_rate_ppm,
    )
    if wanted.variant:
        row = tx.one(VARIANTS, product_id=product.id, key=key_of(wanted.variant))
        if row is None:
            raise Invalid("variant", f"{product.name} has no variant {wanted.variant}")
        line |= LineFields(
            product_id=product.id, unit_price_e4=line["unit_price_e4"],
            variant_id=row[0], variant_code=row[1], variant_name=row[2],
        )  # fmt: skip
    return line


def take_for_order(tx: Tx, *, order_id: int, lines: Sequence[LineFields], warehouse_id: int) -> None:
    """Take what an order sells out of a warehouse.

    Refuses: Invalid (quantity), WarehouseNotFound, OutOfStock.
    """
    wanted: dict[tuple[int, int], int] = {}
    for line in lines:
        key = (line["product_id"], line.get("variant_id") or NO_VARIANT)
        wanted[key] = wanted.get(key, 0) + line.get("quantity", 1)
    for (product_id, variant_id), quantity in sorted(wanted.items()):
        if quantity:
            move_stock(
                tx,
                product_id=product_id,
                variant_id=variant_id,
                quantity=quantity,
                origin=in_warehouse(warehouse_id),
                destination=TO_BUYERS,
                reason="sold by hand",
                subject=SUBJECT,
                subject_id=order_id,
            )


def _product(tx: Tx, said: str) -> _Product:
    """By its code, or else by its id. Refuses: Invalid (product)."""
    row = tx.one(BY_CODE, key=key_of(said))
    if row is None and said.isascii() and said.isdigit() and len(said) <= ID_DIGITS_MAX:
        row = tx.one(BY_ID, product_id=int(said))
    if row is None:
        raise Invalid("product", f"there is no product {said}")
    return _Product(*row)


def _price(tx: Tx, product: _Product, quantity: int) -> int:
    """What a piece costs when so many are bought."""
    base_e4 = product.price_special_e4 or product.price_rrp_e4
    tier = tx.one(TIER, product_id=product.id, quantity=quantity)
    if tier is None:
        return base_e4
    sign, price_e4, modifier = tier
    part_e4 = rounded(base_e4 * price_e4, PERCENT_E4) if modifier == "%" else price_e4
    return max({"+": base_e4 + part_e4, "-": base_e4 - part_e4}.get(sign, part_e4), 0)
