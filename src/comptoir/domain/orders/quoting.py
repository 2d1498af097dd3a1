"""Lines of an order that somebody takes by hand: named by product, priced as the catalogue has it today."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.belongings import VariantRow, list_variants
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
ITSELF = "-"
"""Said in place of a variant: the product itself, in whatever kind."""
NUMBERED = "#"


class WantedLine(NamedTuple):
    """What somebody wants: a product by its code or id, a variant by its word; a price only when it was agreed on.

    A variant's word is its code, or `#` and its number. Of a product that is offered in variants one must be
    named, or `-` for the product itself.
    """

    product: str
    variant: str = ""
    quantity: int = 1
    price_e4: int | None = None
    discount_e4: int = 0
    tax_rate_ppm: int = 0


class Offer(NamedTuple):
    """A product by hand: what a piece costs when so many are bought, and its variants by their words."""

    product_id: int
    price_e4: int
    variants: Sequence[tuple[str, VariantRow]]
    may_be_itself: bool


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
_VARIANTS: Select[tuple[int, str, str]] = select(Variant.id, Variant.code, Variant.name).where(
    Variant.product_id == bindparam("product_id")
)
VARIANTS_BY_CODE = _VARIANTS.where(Variant.code_key == bindparam("key")).order_by(Variant.id).limit(2)
VARIANT_BY_ID = _VARIANTS.where(Variant.id == bindparam("variant_id"))
OFFERED_VARIANT = (
    select(Variant.id).where(Variant.product_id == bindparam("product_id"), Variant.is_published).limit(1)
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
    variant = _variant(tx, product, wanted.variant)
    if variant is not None:
        line |= LineFields(
            product_id=product.id, unit_price_e4=line["unit_price_e4"],
            variant_id=variant[0], variant_code=variant[1], variant_name=variant[2],
        )  # fmt: skip
    return line


def offer_of(tx: Tx, product: str, quantity: int = 1) -> Offer:
    """What may be wanted of a product, by its code or id. Refuses: Invalid (product)."""
    found = _product(tx, product)
    variants = list_variants(tx, found.id)
    shared = Counter(key_of(one.code) for one in variants)
    # Two variants may share a code, and one may have none: a number tells them apart.
    words = [
        one.code if one.code.strip() and shared[key_of(one.code)] == 1 else f"{NUMBERED}{one.id}"
        for one in variants
    ]
    return Offer(
        found.id, _price(tx, found, quantity), list(zip(words, variants, strict=True)), ITSELF not in shared
    )


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


def _variant(tx: Tx, product: _Product, said: str) -> tuple[int, str, str] | None:
    """The variant that is meant; None for the product itself. Refuses: Invalid (variant)."""
    if not said:
        if tx.one(OFFERED_VARIANT, product_id=product.id) is not None:
            raise Invalid("variant", f"must be chosen: {product.name} comes in several kinds")
        return None
    rows = tx.all(VARIANTS_BY_CODE, product_id=product.id, key=key_of(said))
    if len(rows) > 1:
        raise Invalid("variant", f"must be chosen: several variants of {product.name} have the code {said}")
    number = said.removeprefix(NUMBERED)
    if not rows and said != number and number.isascii() and number.isdigit() and len(number) <= ID_DIGITS_MAX:
        rows = tx.all(VARIANT_BY_ID, product_id=product.id, variant_id=int(number))
    if rows:
        return rows[0]
    if said == ITSELF:
        return None
    raise Invalid("variant", f"{product.name} has no variant {said}")


def _price(tx: Tx, product: _Product, quantity: int) -> int:
    """What a piece costs when so many are bought."""
    base_e4 = product.price_special_e4 or product.price_rrp_e4
    tier = tx.one(TIER, product_id=product.id, quantity=quantity)
    if tier is None:
        return base_e4
    sign, price_e4, modifier = tier
    part_e4 = rounded(base_e4 * price_e4, PERCENT_E4) if modifier == "%" else price_e4
    return max({"+": base_e4 + part_e4, "-": base_e4 - part_e4}.get(sign, part_e4), 0)
