"""Moves of stock: which pieces went from where to where, why, and by whom; written once."""

from collections.abc import Sequence
from typing import Any

from comptoir.console.called import called
from comptoir.console.cells import Cell, Column, number, text, when
from comptoir.console.filters import choice, days, exactly, pieces
from comptoir.console.listing import Listing, Sort, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_when
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.inventory.models import PLACES, WAREHOUSE, StockMove
from comptoir.domain.inventory.queries import Move, get_move
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

MOVE_TITLES = ("When", "Pieces", "From", "To", "Reason", "For", "By")


def place_cell(row: Sequence[Any], _shop: ShopFacts | None = None) -> Cell:
    """A place: a warehouse with the way to it, or where nobody counts."""
    kind, warehouse_id = row
    if kind != WAREHOUSE:
        return Cell(kind)
    return Cell(f"warehouse {warehouse_id}", link=link_to("warehouse", warehouse_id))


def subject_cell(row: Sequence[Any], _shop: ShopFacts | None = None) -> Cell:
    """What the move was for."""
    subject, key = row
    return Cell(f"{subject} {key}", link=link_to(subject, key)) if subject else Cell("")


def move_cells(tx: Tx, moves: Sequence[Move]) -> list[list[Cell]]:
    """Some moves as rows."""
    return [
        [
            Cell(written_when(one.at, tx.shop), "when"),
            Cell(f"{one.quantity:,}", "number"),
            place_cell((one.from_place, one.from_warehouse_id)),
            place_cell((one.to_place, one.to_warehouse_id)),
            Cell(one.reason),
            subject_cell((one.subject, one.subject_id)),
            Cell(one.actor),
        ]
        for one in moves
    ]


MOVES = Listing(
    "stock-moves",
    "Stock moves",
    "/stock-moves",
    StockMove,
    columns=(
        when("When", StockMove.at),
        called("Product", StockMove.product_id, "product"),
        called("Variant", StockMove.variant_id, "variant"),
        number("Pieces", StockMove.quantity),
        Column("From", place_cell, (StockMove.from_place, StockMove.from_warehouse_id)),
        Column("To", place_cell, (StockMove.to_place, StockMove.to_warehouse_id)),
        text("Reason", StockMove.reason),
        Column("For", subject_cell, (StockMove.subject, StockMove.subject_id)),
        text("By", StockMove.actor),
    ),
    sorts=(Sort("newest", "newest first", StockMove.id, falls=True), Sort("oldest", "number", StockMove.id)),
    filters=(
        exactly("product", "Product no.", StockMove.product_id),
        exactly("variant", "Variant no. (0: none)", StockMove.variant_id),
        choice("from", "From", StockMove.from_place, PLACES),
        choice("to", "To", StockMove.to_place, PLACES),
        exactly("from_warehouse", "From warehouse no.", StockMove.from_warehouse_id),
        exactly("to_warehouse", "To warehouse no.", StockMove.to_warehouse_id),
        days("at", "When", StockMove.at),
        pieces("quantity", "Pieces", StockMove.quantity),
    ),
    area=CATALOGUE,
    about="Every move of pieces; what is wrong is moved back.",
)


def show(visit: Visit) -> Answer:
    """The page of one move."""
    move = get_move(visit.tx, visit.id)
    cells = move_cells(visit.tx, [move])[0]
    values = {
        "title": f"Stock move {move.id}",
        "way": [("Stock moves", address_of("/stock-moves"))],
        "move": move,
        "facts": list(zip(MOVE_TITLES, cells, strict=True)),
        "happened": list_events_of(visit.tx, subject="stock_move", subject_id=move.id),
    }
    return Shown("stock_move.html", values)


PAGES = (
    Page("/stock-moves", show_list(MOVES), CATALOGUE),
    Page("/stock-moves/{id:digits}", show, CATALOGUE),
)
