"""Where a price comes from: the list price, what it is reduced to, and the prices from a quantity on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.errors import PricingNotFound, ProductNotFound
from comptoir.domain.catalogue.models import Pricing, Product
from comptoir.domain.explaining.nodes import Link, Node, exact, plain, times
from comptoir.domain.money import E4_PER_UNIT, rounded
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

PERCENT = "%"
HUNDRED_E4 = 100 * E4_PER_UNIT


class Tier(NamedTuple):
    """Another price of a product, from a quantity on."""

    id: int
    product_id: int
    name: str
    sign: str
    price_e4: int
    modifier: str
    is_published: bool
    minimum_quantity: int

    def of(self, base_e4: int) -> int:
        """What a piece costs by it."""
        part_e4 = rounded(base_e4 * self.price_e4, HUNDRED_E4) if self.modifier == PERCENT else self.price_e4
        return {"+": base_e4 + part_e4, "-": base_e4 - part_e4}.get(self.sign, part_e4)

    @property
    def words(self) -> str:
        """What it does, as it is kept: `-10 % from 5 pieces on`."""
        unit = " %" if self.modifier == PERCENT else ""
        return f"{self.sign}{plain(self.price_e4)}{unit} from {self.minimum_quantity} pieces on"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a product costs today."""

    id: int
    name: str
    rrp_e4: int
    special_e4: int
    tiers: tuple[Tier, ...] = ()

    @property
    def price_e4(self) -> int:
        """What one piece costs."""
        return self.special_e4 or self.rrp_e4

    def tiers_for(self, quantity: int) -> Iterable[Tier]:
        """The prices that count for so many pieces."""
        return (tier for tier in self.tiers if tier.is_published and tier.minimum_quantity <= quantity)


PRODUCTS = select(Product.id, Product.name, Product.price_rrp_e4, Product.price_special_e4).where(
    among(Product.id, "ids")
)
_TIERS: Select[Any] = select(*(getattr(Pricing, name) for name in Tier._fields))
TIERS = _TIERS.where(among(Pricing.product_id, "ids")).order_by(Pricing.minimum_quantity, Pricing.id)
GET_TIER = _TIERS.where(Pricing.id == bindparam("pricing_id"))


def offers_of(tx: Tx, product_ids: Iterable[int]) -> dict[int, Offer]:
    """What those of the products that exist cost today, by their ids."""
    ids = sorted({product_id for product_id in product_ids if product_id})
    if not ids:
        return {}
    tiers: defaultdict[int, list[Tier]] = defaultdict(list)
    for row in tx.all(TIERS, ids=ids):
        tiers[row[1]].append(Tier(*row))
    return {row[0]: Offer(*row, tiers=tuple(tiers[row[0]])) for row in tx.all(PRODUCTS, ids=ids)}


def price_parts(offer: Offer | None, price_e4: int, quantity: int, currency: str) -> list[Node]:
    """What makes the price of so many pieces, as far as the catalogue of today still tells it."""
    if offer is None or not offer.rrp_e4:
        return [_as_it_came(offer, price_e4, quantity, currency)]
    link = Link("product", offer.id)
    listed = exact(
        "list price", offer.rrp_e4 * quantity, currency, why=times(offer.rrp_e4, quantity), link=link
    )
    if price_e4 == offer.rrp_e4:
        return [listed]
    special = _step("special price", offer.rrp_e4, offer.special_e4 or offer.rrp_e4, quantity, currency, link)
    if price_e4 == offer.special_e4:
        return [listed, special]
    for tier in offer.tiers_for(quantity):
        if tier.of(offer.price_e4) == price_e4:
            step = _step(
                f"pricing {tier.name or tier.id}", offer.price_e4, price_e4, quantity, currency,
                Link("product", offer.id), why=tier.words,
            )  # fmt: skip
            return [listed, special, step]
    return [_as_it_came(offer, price_e4, quantity, currency)]


def explain_price(tx: Tx, product_id: int, currency: str) -> Node:
    """What one piece of a product costs. Refuses: ProductNotFound."""
    offer = offers_of(tx, [product_id]).get(product_id)
    if offer is None:
        raise ProductNotFound(product_id)
    told = [f"{tier.name or 'pricing'}: {tier.words}" for tier in offer.tiers if tier.is_published]
    return exact(
        "price of one piece", offer.price_e4, currency,
        why="; ".join(told), link=Link("product", offer.id),
        parts=price_parts(offer, offer.price_e4, 1, currency),
    )  # fmt: skip


def explain_list_price(tx: Tx, product_id: int, currency: str) -> Node:
    """What one piece costs without any reduction: it was said so. Refuses: ProductNotFound."""
    offer = offers_of(tx, [product_id]).get(product_id)
    if offer is None:
        raise ProductNotFound(product_id)
    link = Link("product", offer.id)
    return exact("list price", offer.rrp_e4, currency, why="as the catalogue has it", link=link)


def explain_tier(tx: Tx, pricing_id: int, currency: str) -> Node:
    """What one piece costs by a pricing. Refuses: PricingNotFound."""
    row = tx.one(GET_TIER, pricing_id=pricing_id)
    if row is None:
        raise PricingNotFound(pricing_id)
    tier = Tier(*row)
    base = explain_price(tx, tier.product_id, currency)
    link = Link("product", tier.product_id)
    price_e4 = tier.of(base.amount_e4)
    step = _step(f"pricing {tier.name or tier.id}", base.amount_e4, price_e4, 1, currency, link, tier.words)
    return exact("price of one piece by this pricing", price_e4, currency, link=link, parts=[base, step])


def _step(  # noqa: PLR0917 - from where to where
    label: str, from_e4: int, to_e4: int, quantity: int, currency: str, link: Link, why: str = ""
) -> Node:
    """By how much a price is changed."""
    each_e4 = to_e4 - from_e4
    return exact(label, each_e4 * quantity, currency, why=why or times(each_e4, quantity), link=link)


def _as_it_came(offer: Offer | None, price_e4: int, quantity: int, currency: str) -> Node:
    if offer is None:
        today = "the catalogue does not have it"
    else:
        today = f"the catalogue has it at {plain(offer.price_e4)} today"
    return exact(
        "price as it came with the order", price_e4 * quantity, currency,
        why=f"{times(price_e4, quantity)}; {today}",
        link=None if offer is None else Link("product", offer.id),
    )  # fmt: skip
