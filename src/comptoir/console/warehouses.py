"""Warehouses: where stock lies, and what lies in each."""

from collections.abc import Iterator
from typing import Any

from comptoir.console import limits
from comptoir.console.cells import Cell, text, when
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import contains
from comptoir.console.forms import Field, Form
from comptoir.console.kinds import record_number
from comptoir.console.listing import Listing, Part, Sort, by_number, written
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Answer, Page, Sent, Visit
from comptoir.domain.catalogue.belongings import names_of
from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.inventory.actions import create_warehouse, update_warehouse
from comptoir.domain.inventory.models import Warehouse
from comptoir.domain.inventory.queries import Level, get_warehouse, list_levels_in
from comptoir.domain.tx import Tx

PAGE = 50
CSV_PAGE = 1_000
TITLES = ("Product", "Variant", "Pieces")
WAREHOUSES = Listing(
    "warehouses",
    "Warehouses",
    "/warehouses",
    Warehouse,
    columns=(
        text("Name", Warehouse.name),
        text("Code", Warehouse.code),
        text("City", Warehouse.city),
        text("Country", Warehouse.country),
        when("Changed", Warehouse.updated_at),
    ),
    sorts=(
        *by_number(Warehouse.id),
        Sort("code", "code", Warehouse.code_key),
    ),
    filters=(
        contains("name", "Name", Warehouse.name),
        contains("code", "Code", Warehouse.code),
        contains("city", "City", Warehouse.city),
    ),
    area=CATALOGUE,
    make="New warehouse",
    ways=(("Stock moves", "/stock-moves"),),
)
WAREHOUSE = Form(
    "update",
    (
        Field("name", "Name", limits.SHORT, required=True),
        Field("code", "Code", limits.SHORT, required=True, hint="Your own; no other warehouse has it."),
        Field("street", "Street", limits.SHORT, group="Address"),
        Field("suburb", "Suburb", limits.SHORT, group="Address"),
        Field("city", "City", limits.SHORT, group="Address"),
        Field("state", "State", limits.SHORT, group="Address"),
        Field("postcode", "Postcode", limits.SHORT, group="Address"),
        Field("country", "Country", limits.SHORT, group="Address"),
        Field("latitude_e6", "Latitude", limits.DEGREES, group="Where it stands"),
        Field("longitude_e6", "Longitude", limits.DEGREES, group="Where it stands"),
    ),
)


def level_cells(tx: Tx, levels: list[Level]) -> list[list[Cell]]:
    """What lies there, as rows."""
    products = names_of(tx, Product, {one.product_id for one in levels})
    variants = names_of(tx, Variant, {one.variant_id for one in levels})
    return [
        [
            _thing("product", one.product_id, products),
            _thing("variant", one.variant_id, variants) if one.variant_id else Cell(""),
            Cell(f"{one.quantity:,}", "number", str(one.quantity)),
        ]
        for one in levels
    ]


def _thing(kind: str, key: int, names: dict[int, str]) -> Cell:
    if key not in names:
        return Cell(f"{kind} {key}, which is gone")
    return Cell(names[key] or f"{kind} {key}", link=link_to(kind, key))


def past_of(visit: Visit) -> tuple[int, int]:
    """Behind which product and variant the page begins: `12-3`."""
    product, _, variant = visit.asked.said("past").partition("-")
    return record_number(product) or 0, record_number(variant) or 0


def holds(visit: Visit, _row: Row) -> dict[str, Any]:
    """A page of what the warehouse holds."""
    past = past_of(visit)
    levels = list_levels_in(visit.tx, visit.id, past=past, limit=PAGE + 1)
    following = None
    if len(levels) > PAGE:
        last = levels[PAGE - 1]
        following = visit.asked.again(past=f"{last.product_id}-{last.variant_id}")
    first = visit.asked.again(past=None) if past != (0, 0) else None
    return {
        "titles": TITLES,
        "levels": level_cells(visit.tx, levels[:PAGE]),
        "part": Part([], following, first),
        "csv": address_of(f"/warehouses/{visit.id}/stock.csv"),
        "moves_at": [
            ("What came in", address_of(f"/stock-moves?to_warehouse={visit.id}")),
            ("What went out", address_of(f"/stock-moves?from_warehouse={visit.id}")),
        ],
    }


def as_csv(visit: Visit) -> Answer:
    """All that the warehouse holds."""
    warehouse_id = visit.id
    get_warehouse(visit.tx, warehouse_id)

    def pages() -> Iterator[bytes]:
        yield written([["product_id", "variant_id", *TITLES]])
        past = (0, 0)
        while True:

            def take(tx: Tx, past: tuple[int, int] = past) -> tuple[list[Level], list[list[Cell]]]:
                levels = list_levels_in(tx, warehouse_id, past=past, limit=CSV_PAGE)
                return levels, level_cells(tx, levels)

            levels, rows = visit.read(take)
            yield written(
                [
                    [str(one.product_id), str(one.variant_id), *(cell.csv for cell in row)]
                    for one, row in zip(levels, rows, strict=True)
                ]
            )
            if len(levels) < CSV_PAGE:
                return
            past = (levels[-1].product_id, levels[-1].variant_id)

    return Sent("text/csv; charset=utf-8", pages(), f"warehouse-{warehouse_id}.csv")


EDITING = Editing(
    "warehouse", "warehouse", WAREHOUSES, WAREHOUSE, get_warehouse, create_warehouse, update_warehouse,
    key="warehouse_id", more=holds, template="warehouse.html",
)  # fmt: skip
PAGES = (*EDITING.pages(), Page("/warehouses/{id:digits}/stock.csv", as_csv, CATALOGUE))
