"""Tables of what hangs on orders: other orders of the sale, payments, refunds, postings, payout entries."""

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.console.cells import Cell
from comptoir.console.orders import order_at
from comptoir.console.places import explain_at, link_to
from comptoir.console.rendering import in_words, written_e4, written_minor, written_when
from comptoir.console.visits import Visit
from comptoir.domain.payments.queries import PaymentRow
from comptoir.domain.payouts.queries import EntryRow
from comptoir.domain.refunds.invoices import CATEGORIES
from comptoir.domain.sales.money import Posted, list_attempts_of
from comptoir.domain.sales.whole import Given, Kin
from comptoir.domain.shop import ShopFacts


def line_title(row: Mapping[str, Any]) -> str:
    """A line by its name and its variant's, so that two of one product are told apart."""
    name = row["name"] or row["code"] or f"line {row['id']}"
    variant = row["variant_name"] or row["variant_code"]
    return f"{name}, {variant}" if variant else name


def kin_cells(kin: Iterable[Kin], shop: ShopFacts) -> list[list[Cell]]:
    """Other orders of the sale."""
    return [
        [
            Cell(one.number or str(one.id), link=order_at(one.id)),
            Cell("renewal" if one.is_renewal else "part" if one.parent_id else "first order"),
            Cell(written_when(one.created_at, shop), "when"),
            Cell(one.status, "badge"),
            money(one.total_minor, one.currency, "order", one.id, "total"),
        ]
        for one in kin
    ]


def payment_cells(payments: Iterable[PaymentRow], shop: ShopFacts) -> list[list[Cell]]:
    """Payments of an order."""
    return [
        [
            Cell(str(row.id), link=link_to("payment", row.id)),
            Cell(written_when(row.date, shop), "when"),
            Cell("received" if row.amount_e4 > 0 else "given back"),
            Cell(row.gateway),
            Cell(row.status, "badge"),
            Cell(row.identifier),
            Cell(
                written_e4(row.amount_e4, row.currency), "number",
                link=explain_at("payment", row.id, "amount"),
            ),
        ]
        for row in payments
    ]  # fmt: skip


def attempt_cells(visit: Visit, payments: Iterable[PaymentRow]) -> list[list[Cell]]:
    """What gateways were asked about payments, and what they answered."""
    return [
        [
            Cell(one.verb),
            Cell(one.gateway),
            Cell(written_when(one.created_at, visit.shop), "when"),
            Cell(one.status or one.state, "badge"),
            money(one.amount_minor, one.currency, "attempt", one.id, "amount"),
            Cell("; ".join(f"{in_words(name)}: {value}" for name, value in one.response.items())),
        ]
        for one in list_attempts_of(visit.tx, [row.id for row in payments])
    ]


def refund_cells(refunds: Iterable[Given], shop: ShopFacts) -> list[list[Cell]]:
    """Refunds of an order."""
    return [
        [
            Cell(str(row.id), link=link_to("refund", row.id)),
            Cell(written_when(row.refunded_at or row.created_at, shop), "when"),
            Cell(row.status, "badge"),
            Cell(CATEGORIES.get(row.category or 0, "")),
            Cell(row.notes),
            Cell(
                written_e4(row.total_e4, row.currency), "number", link=explain_at("refund", row.id, "total")
            ),
        ]
        for row in refunds
    ]


def money(minor: int, currency: str, kind: str, key: Any, what: str) -> Cell:
    return Cell(written_minor(minor, currency), "number", link=explain_at(kind, key, what))


def posting_cells(postings: Iterable[Posted], shop: ShopFacts) -> list[list[Cell]]:
    """Postings with their accounts, what is taken on the left and what is given on the right."""
    return [
        [
            Cell(str(row.transfer_id), link=link_to("transfer", row.transfer_id)),
            Cell(row.kind.replace("_", " ")),
            Cell(written_when(row.posted_at, shop), "when"),
            Cell(row.state, "badge"),
            Cell(row.name, link=link_to("account", row.account_id)),
            *sides(row.amount_minor, row.currency, row.id),
        ]
        for row in postings
    ]


def sides(minor: int, currency: str, posting_id: int) -> tuple[Cell, Cell]:
    """A posting's amount as debit or as credit."""
    cell, none = money(abs(minor), currency, "posting", posting_id, "amount"), Cell("", "number")
    return (cell, none) if minor > 0 else (none, cell)


def entry_cells(entries: Iterable[EntryRow], shop: ShopFacts) -> list[list[Cell]]:
    """What an order brought to payouts, and took from them."""
    return [
        [
            Cell(one.kind.replace("_", " ")),
            Cell(written_when(one.at, shop), "when"),
            Cell(one.memo),
            money(one.amount_minor, shop.currency, "payout_entry", one.id, "amount"),
        ]
        for one in entries
    ]
