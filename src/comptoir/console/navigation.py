"""What the console is made of, as it stands at the side of every page: only what the operator may see."""

from collections.abc import Sequence
from typing import NamedTuple

from comptoir.console.places import address_of
from comptoir.console.visits import Visit
from comptoir.domain.identity.permissions import (
    AUDIT,
    BANK,
    BOOKS,
    CATALOGUE,
    CUSTOMERS,
    FILES,
    MESSAGES,
    PEOPLE,
    SALES,
    SANDBOX,
    SEE,
    SETTINGS,
)


class Entry(NamedTuple):
    """One way from the side of the page; `also` are pages that have no way of their own and belong to it."""

    title: str
    path: str
    area: str | None = None
    also: Sequence[str] = ()

    def length_on(self, here: str) -> int:
        """How much of an address this way covers: of several the longest is the one that leads there."""
        if not self.path:
            return 1 if here == address_of("") else 0
        covering = [path for path in (self.path, *self.also) if _covers(address_of(path), here)]
        return max(map(len, covering), default=0)


class Group(NamedTuple):
    """Ways that belong together."""

    title: str
    entries: Sequence[Entry]


GROUPS = (
    Group("", (Entry("Home", ""),)),
    Group(
        "Selling",
        (
            Entry("Orders", "/orders", SALES),
            Entry("Refunds", "/refunds", SALES),
            Entry("Payments", "/payments", SALES),
            Entry("Subscriptions", "/subscriptions", SALES),
            Entry("Coupons", "/coupons", SALES),
        ),
    ),
    Group(
        "Catalogue",
        (
            Entry("Products", "/products", CATALOGUE, also=("/variants", "/pricings")),
            Entry("Options", "/options", CATALOGUE),
            Entry("Brands", "/brands", CATALOGUE),
            Entry("Categories", "/categories", CATALOGUE),
            Entry("Custom fields", "/custom-fields", CATALOGUE),
            Entry("Stock", "/warehouses", CATALOGUE, also=("/stock-moves",)),
            Entry("Media", "/media", FILES),
        ),
    ),
    Group(
        "People",
        (
            Entry("Customers", "/customers", CUSTOMERS),
            Entry("Groups", "/groups", CUSTOMERS),
            Entry("Notifications", "/notifications", MESSAGES),
        ),
    ),
    Group(
        "Bank",
        (
            Entry("Program", "/bank", BANK),
            Entry("Bank customers", "/bank/customers", BANK),
            Entry("Accounts", "/bank/accounts", BANK),
            Entry("Transfers", "/bank/transfers", BANK),
            Entry("Holds", "/bank/holds", BANK),
            Entry("External accounts", "/bank/external-accounts", BANK),
            Entry("Cards", "/bank/cards", BANK),
            Entry("Gift codes", "/bank/gift-codes", BANK),
            Entry("Bank files", "/bank/files", BANK),
            Entry("Statements", "/bank/statements", BANK),
            Entry("Documents", "/bank/documents", BANK),
        ),
    ),
    Group(
        "Money",
        (
            Entry("Ledger", "/ledger", BOOKS),
            Entry("Payouts", "/payouts", BOOKS),
        ),
    ),
    Group(
        "Back office",
        (
            Entry("Webhooks", "/webhooks", MESSAGES),
            Entry("Deliveries", "/deliveries", MESSAGES),
            Entry("Import and export", "/files", FILES),
            Entry("Events", "/events", AUDIT),
            Entry("Operators", "/operators", PEOPLE),
            Entry("API users and keys", "/keys", PEOPLE),
            Entry("Settings", "/settings", SETTINGS),
            Entry("Clock", "/clock", SANDBOX),
            Entry("Snapshots", "/snapshots", SANDBOX),
        ),
    ),
)


class Way(NamedTuple):
    """A way as it is shown."""

    title: str
    address: str
    is_here: bool


def ways(visit: Visit) -> list[tuple[str, list[Way]]]:
    """The groups of ways that are open to the operator."""
    here = visit.asked.path.rstrip("/")
    entries = [entry for group in GROUPS for entry in group.entries]
    current = max(entries, key=lambda one: one.length_on(here))
    shown = []
    for group in GROUPS:
        open_ = [one for one in group.entries if one.area is None or visit.may(one.area, SEE)]
        if open_:
            shown.append(
                (
                    group.title,
                    [
                        Way(one.title, address_of(one.path), one is current and one.length_on(here) > 0)
                        for one in open_
                    ],
                )
            )
    return shown


def _covers(address: str, here: str) -> bool:
    return here == address or here.startswith(f"{address}/")
