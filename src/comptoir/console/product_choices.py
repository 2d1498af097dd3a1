"""The tab of what buyers choose of a product: its variants, and its options in their order."""

from typing import Any

from comptoir.console import choosing, kinds
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import link_to
from comptoir.console.product_tabs import address_of_product, framed, product_row
from comptoir.console.rendering import written_e4
from comptoir.console.variants import NEW_VARIANT
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.catalogue.belongings import list_variants, option_ids_of
from comptoir.domain.catalogue.options import options_of, set_options
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import CATALOGUE

OPTIONS = Form(
    "options", (Field("option_ids", "Options of this product", kinds.many(choosing.options, kinds.INTEGER)),)
)
VARIANT_TITLES = ("Name", "Code", "Stock", "Published")
VALUES_SHOWN = 12


def show(visit: Visit) -> Answer:
    """The tab."""
    row = product_row(visit.tx, visit.id)
    may = visit.may(CATALOGUE)
    option_ids = option_ids_of(visit.tx, visit.id)
    values: dict[str, Any] = {
        **framed(visit, "/choices", row),
        "variant_titles": VARIANT_TITLES,
        "variants": [
            [
                Cell(one.name or one.code or f"Variant {one.id}", link=link_to("variant", one.id)),
                Cell(one.code),
                Cell(f"{one.stock:,}", "number"),
                Cell("published" if one.is_published else "hidden", "badge"),
            ]
            for one in list_variants(visit.tx, visit.id)
        ],
        "options": offered(visit),
        "new_variant": None,
        "filled": None,
    }
    if may:
        address = address_of_product(visit.id)
        values |= {
            "new_variant": NEW_VARIANT.filled(visit, f"{address}/variants", {"is_published": True}),
            "filled": OPTIONS.filled(visit, f"{address}/options", {"option_ids": option_ids}),
        }
    return Shown("product_choices.html", values)


def offered(visit: Visit) -> list[dict[str, Any]]:
    """The product's options, each with what it offers and what that adds to the price."""
    currency = visit.shop.currency
    return [
        {
            "id": one.id,
            "name": one.name,
            "values": [
                choice.name
                + (f" (+ {written_e4(choice.surcharge_e4, currency)})" if choice.surcharge_e4 else "")
                for choice in one.choices[:VALUES_SHOWN]
            ],
            "more": max(len(one.choices) - VALUES_SHOWN, 0),
        }
        for one in options_of(visit.tx, [visit.id]).get(visit.id, [])
    ]


def add_variant(visit: Visit) -> Answer:
    """Add a variant."""
    create_variant(visit.tx, product_id=visit.id, **NEW_VARIANT.read(visit))
    return Gone(address_of_product(visit.id, "/choices"), "The variant was added.")


def set_marked(visit: Visit) -> Answer:
    """Let the product have the options that are marked: those it has stay in their order, new ones come last."""
    kept = option_ids_of(visit.tx, visit.id)
    wanted = OPTIONS.changes(visit, {"option_ids": kept}).get("option_ids")
    if wanted is None:
        return Gone(address_of_product(visit.id, "/choices"), "Nothing was changed.")
    ordered = [one for one in kept if one in wanted] + [one for one in wanted if one not in kept]
    set_options(visit.tx, product_id=visit.id, option_ids=ordered)
    return Gone(address_of_product(visit.id, "/choices"), "The options were saved.")


def raise_option(visit: Visit) -> Answer:
    """Put an option before the one above it. Refuses: Invalid (option_ids)."""
    ordered = option_ids_of(visit.tx, visit.id)
    said = visit.asked.posted("option")
    place = next((place for place, one in enumerate(ordered) if str(one) == said), None)
    if place is None:
        raise Invalid("option_ids", "is none of this product's options")
    if place:
        ordered[place - 1 : place + 1] = [ordered[place], ordered[place - 1]]
        set_options(visit.tx, product_id=visit.id, option_ids=ordered)
    return Gone(address_of_product(visit.id, "/choices"), "The options were put in order.")


ONE = "/products/{id:digits}"
PAGES = (
    Page(f"{ONE}/choices", show, CATALOGUE),
    Act(f"{ONE}/variants", add_variant, CATALOGUE, show),
    Act(f"{ONE}/options", set_marked, CATALOGUE, show),
    Act(f"{ONE}/raise-option", raise_option, CATALOGUE, show),
)
