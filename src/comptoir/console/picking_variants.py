"""Picking a variant of the product that stands beside it: by its name, with its price and what is there of it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from comptoir.console import kinds
from comptoir.console.forms import CHOSEN
from comptoir.console.kinds import Kind
from comptoir.console.places import address_of
from comptoir.console.rendering import written_e4
from comptoir.console.visits import Answer, Page, Sent, Visit
from comptoir.domain.catalogue.belongings import VariantRow
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import CATALOGUE, SEE
from comptoir.domain.inventory.models import NO_VARIANT
from comptoir.domain.inventory.queries import Level, list_levels
from comptoir.domain.names import key_of
from comptoir.domain.orders.quoting import ITSELF, offer_of

FOUND_MAX = 100
WORD = re.compile(r"\w+")
Choices = list[tuple[str, str]]


def variant_of(**beside: str) -> Kind:
    """A variant; the fields beside it that name its `product`, and say the `quantity` and the `warehouse`."""

    def finds(visit: Visit, text: str) -> Choices:
        form = visit.refused.form if visit.refused is not None else {}
        return find_variants(visit, text, **{name: _said(form, field) for name, field in beside.items()})

    needs = " ".join(f"{name}={field}" for name, field in beside.items())
    return replace(
        kinds.LINE, finds=finds, attributes={"data-finds": address_of("/find/variants"), "data-beside": needs}
    )


def _said(form: Mapping[str, Sequence[str]], name: str) -> str:
    """What a field holds; or what was chosen in its place."""
    chosen = [one for one in form.get(f"{name}{CHOSEN}", ()) if one.strip()]
    return [*form.get(name, ("",)), *chosen][-1]


def find_variants(visit: Visit, text: str, product: str, quantity: str = "", warehouse: str = "") -> Choices:
    """The variants of a product that a text fits; all of them, where it fits none.

    Each is told with its code, the price of a piece when so many are bought, and what the warehouse holds of it.
    """
    if not visit.may(CATALOGUE, SEE):
        return []
    try:
        said = kinds.read_line(product, visit.shop)
        offer = offer_of(visit.tx, said, max(kinds.record_number(quantity.strip()) or 1, 1))
    except (ValueError, Invalid):
        return []
    fitting = [(word, one) for word, one in offer.variants if _fits(text, one)]
    stock = Stock(list_levels(visit.tx, offer.product_id), kinds.record_number(warehouse))
    price = written_e4(offer.price_e4, visit.shop.currency)
    found = [
        (word, _told(one.name or f"number {one.id}", one.code, price, stock.told(one.id, one.stock),
                     "" if one.is_published else "hidden"))
        for word, one in sorted(fitting or offer.variants, key=lambda row: not row[1].is_published)[:FOUND_MAX]
    ]  # fmt: skip
    if offer.may_be_itself and found and not (text.strip() and fitting):
        found.append((ITSELF, _told("the product itself", price, stock.told(NO_VARIANT))))
    return found


class Stock:
    """What is there of a product's variants: in one warehouse when that is named, or else in all of them."""

    def __init__(self, levels: Sequence[Level], warehouse_id: int | None) -> None:
        self._is_one = warehouse_id is not None
        self._is_counted = bool(levels)
        self._held: Counter[int] = Counter()
        for level in levels:
            if warehouse_id in {None, level.warehouse_id}:
                self._held[level.variant_id] += level.quantity

    def told(self, variant_id: int, for_sale: int | None = None) -> str:
        """In words. What no warehouse holds is told as it is offered to buyers."""
        if self._is_one:
            return f"{self._held[variant_id]:,} in this warehouse"
        if self._is_counted:
            return f"{self._held[variant_id]:,} in the warehouses"
        return "" if for_sale is None else f"{for_sale:,} for sale"


def _fits(text: str, variant: VariantRow) -> bool:
    """Whether a code begins so, or every word begins one of the name's."""
    said = key_of(text.strip())
    words = WORD.findall(key_of(variant.name))
    return key_of(variant.code).startswith(said) or all(
        any(word.startswith(part) for word in words) for part in WORD.findall(said) or [said]
    )


def _told(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def show(visit: Visit) -> Answer:
    """The variants of a product while somebody chooses one, for a script."""
    said = visit.asked.said
    found = find_variants(visit, said("q"), said("product"), said("quantity"), said("warehouse"))
    return Sent("application/json", msgspec.json.encode(found))


PAGES = (Page("/find/variants", show, CATALOGUE),)
