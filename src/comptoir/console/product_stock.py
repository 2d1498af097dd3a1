"""The tab of a product's stock: what is for sale, what each warehouse holds, counting, moving, and what was moved."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from comptoir.console import kinds, limits
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.moves import move_cells
from comptoir.console.places import address_of, link_to
from comptoir.console.product_tabs import FormTab, Values, address_of_product, product_row
from comptoir.console.products import STATUSES
from comptoir.console.visits import Act, Answer, Gone, Visit
from comptoir.domain.catalogue.belongings import list_variants
from comptoir.domain.catalogue.products import update_product
from comptoir.domain.catalogue.variants import update_variant
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.inventory.models import ADJUSTED, OUTSIDE, SOLD, WAREHOUSE
from comptoir.domain.inventory.queries import (
    Level,
    last_moves,
    list_levels,
    list_warehouse_names,
)
from comptoir.domain.inventory.stock import Place, count_stock, move_stock

ITSELF = "0"
OTHER_PLACES = {
    OUTSIDE: "outside (bought in, given back)",
    SOLD: "sold to buyers",
    ADJUSTED: "nowhere (a loss, a find)",
}
Choices = list[tuple[str, str]]


def warehouses(visit: Visit) -> Choices:
    """The shop's warehouses."""
    return [(str(one), name) for one, name in list_warehouse_names(visit.tx)]


def places(visit: Visit) -> Choices:
    """Where pieces may come from and go to."""
    return [*warehouses(visit), *OTHER_PLACES.items()]


def kinds_of_product(visit: Visit) -> Choices:
    """The product itself, and its variants."""
    variants = list_variants(visit.tx, visit.id)
    return [(ITSELF, "the product itself"), *((str(one.id), one.name or one.code) for one in variants)]


OF = Field("variant_id", "Of", kinds.choice(kinds_of_product, kinds.INTEGER), required=True)
REASON = Field("reason", "Reason", limits.SHORT)
FORM = Form(
    "stock",
    (
        Field("quantity", "For sale", limits.NATURAL),
        Field("status", "Buyers are told", kinds.choice(STATUSES)),
        Field("has_inventory", "Its pieces are counted: no more is sold than there is", kinds.FLAG),
    ),
)
COUNT = Form(
    "count",
    (
        Field("warehouse_id", "Warehouse", kinds.choice(warehouses, kinds.INTEGER), required=True),
        OF,
        Field("counted", "Counted", limits.NATURAL, required=True),
        REASON,
    ),
    "Keep the count",
)
MOVE = Form(
    "move",
    (
        Field("origin", "From", kinds.choice(places), required=True),
        Field("destination", "To", kinds.choice(places), required=True),
        OF,
        Field("quantity", "Pieces", limits.NATURAL, required=True),
        REASON,
    ),
    "Move",
)
LEVEL_TITLES = ("Warehouse", "Of", "Pieces")


def more(visit: Visit, _row: Values) -> dict[str, Any]:
    """What the warehouses hold, the forms to count and move, and the last moves."""
    named = dict(kinds_of_product(visit))
    variant = visit.asked.said("variant", ITSELF)
    if variant not in named:
        variant = ITSELF
    address = address_of_product(visit.id)
    may = visit.may(CATALOGUE)
    begins = {"variant_id": int(variant)}
    levels = list_levels(visit.tx, visit.id)
    return {
        "level_titles": LEVEL_TITLES,
        "levels": level_cells(visit, levels, named),
        "in_warehouses": sum(one.quantity for one in levels),
        "count_form": COUNT.filled(visit, f"{address}/count", begins) if may else None,
        "move_form": MOVE.filled(visit, f"{address}/move", {**begins, "origin": OUTSIDE}) if may else None,
        "variants": [(key, label, key == variant) for key, label in named.items()],
        "moved": move_cells(visit.tx, last_moves(visit.tx, visit.id, variant_id=int(variant))),
        "all_moves": address_of(f"/stock-moves?product={visit.id}&variant={variant}"),
    }


def level_cells(visit: Visit, levels: Sequence[Level], named: dict[str, str]) -> list[list[Cell]]:
    """What each warehouse holds."""
    called = dict(list_warehouse_names(visit.tx))
    return [
        [
            Cell(
                called.get(one.warehouse_id, str(one.warehouse_id)),
                link=link_to("warehouse", one.warehouse_id),
            ),
            Cell(named.get(str(one.variant_id), f"variant {one.variant_id}, which is gone")),
            Cell(f"{one.quantity:,}", "number"),
        ]
        for one in levels
    ]


def count(visit: Visit) -> Answer:
    """Make a warehouse's level what was counted there."""
    differs = count_stock(visit.tx, product_id=visit.id, **COUNT.read(visit))
    said = f"The count is kept: {differs:+,} pieces." if differs else "The count is what was there already."
    return Gone(back(visit), said)


def move(visit: Visit) -> Answer:
    """Move pieces. Refuses: Problems, and as move_stock does."""
    said = MOVE.read(visit)
    origin, destination = place_of(said.pop("origin")), place_of(said.pop("destination"))
    move_stock(visit.tx, product_id=visit.id, origin=origin, destination=destination, **said)
    return Gone(back(visit), f"{said['quantity']:,} pieces were moved.")


def place_of(word: str) -> Place:
    """A place by what was chosen."""
    return Place(WAREHOUSE, int(word)) if word.isdigit() else Place(word)


def take_over(visit: Visit) -> Answer:
    """Offer what the warehouses hold, of the product and of each of its variants. Refuses: Invalid (held)."""
    pieces: Counter[int] = Counter()
    for level in list_levels(visit.tx, visit.id):
        pieces[level.variant_id] += level.quantity
    held = pieces.total()
    if str(held) != visit.asked.posted("held"):
        raise Invalid("held", "is not what the warehouses hold now; look again")
    status = "in_stock" if held else "out_of_stock"
    update_product(visit.tx, product_id=visit.id, quantity=held, status=status)
    for variant in list_variants(visit.tx, visit.id):
        if variant.id in pieces and variant.stock != pieces[variant.id]:
            update_variant(visit.tx, variant_id=variant.id, stock=pieces[variant.id])
    return Gone(back(visit), f"{held:,} pieces are for sale now.")


def back(visit: Visit) -> str:
    """The tab, at the variant that was dealt with."""
    variant = visit.asked.posted("variant_id", ITSELF)
    suffix = f"?variant={variant}" if variant.isascii() and variant.isdigit() and variant != ITSELF else ""
    return address_of_product(visit.id, f"/stock{suffix}")


TAB = FormTab(
    "/stock", lambda _visit: FORM, product_row, update_product, template="product_stock.html", more=more
)
ONE = "/products/{id:digits}"
PAGES = (
    *TAB.entries(),
    Act(f"{ONE}/count", count, CATALOGUE, TAB.show),
    Act(f"{ONE}/move", move, CATALOGUE, TAB.show),
    Act(f"{ONE}/take-over", take_over, CATALOGUE, TAB.show),
)
