"""The whole console as one table: every page and act, and how they come to their addresses."""

from typing import Any

import falcon

from comptoir.console import (
    bank_pages,
    catalogue_pages,
    clock,
    customer_tabs,
    customers,
    deliveries,
    events,
    exchanges,
    explaining,
    groups,
    home,
    keys,
    ledger,
    ledger_books,
    ledger_transfers,
    notifications,
    payouts,
    people,
    picking,
    picking_variants,
    profile,
    saved,
    searching,
    selling,
    settings,
    settings_api,
    settings_rates,
    snapshots,
    tasks,
    three_ways,
    webhook_replays,
    webhooks,
)
from comptoir.console.answering import apologise
from comptoir.console.entering import add_entering
from comptoir.console.front import Door, front_of
from comptoir.console.places import address_of
from comptoir.console.rendering import HEADERS, STATIC, static
from comptoir.console.visits import Act, Page
from comptoir.domain.errors import NotFound

NOUNS: tuple[tuple[Page | Act, ...], ...] = (
    searching.PAGES,
    home.PAGES,
    tasks.PAGES,
    exchanges.PAGES,
    saved.PAGES,
    selling.PAGES,
    ledger_transfers.PAGES,
    ledger.PAGES,
    ledger_books.PAGES,
    payouts.PAGES,
    explaining.PAGES,
    catalogue_pages.PAGES,
    bank_pages.PAGES,
    three_ways.PAGES,
    clock.PAGES,
    snapshots.PAGES,
    settings.PAGES,
    settings_rates.PAGES,
    settings_api.PAGES,
    people.PAGES,
    picking.PAGES,
    picking_variants.PAGES,
    profile.PAGES,
    events.PAGES,
    keys.PAGES,
    webhooks.PAGES,
    webhook_replays.PAGES,
    deliveries.PAGES,
    customers.PAGES,
    customer_tabs.PAGES,
    notifications.PAGES,
    groups.PAGES,
)
ENTRIES: tuple[Page | Act, ...] = tuple(entry for pages in NOUNS for entry in pages)


class NoPage(NotFound):
    """Nothing lives at this address."""

    thing = "page"


def by_path() -> dict[str, tuple[Page | None, Act | None]]:
    """Each address with its page and its act."""
    found: dict[str, tuple[Page | None, Act | None]] = {}
    for entry in ENTRIES:
        page, act = found.get(entry.path, (None, None))
        taken = page if isinstance(entry, Page) else act
        assert taken is None, f"two entries for {entry.path}"
        found[entry.path] = (entry, act) if isinstance(entry, Page) else (page, entry)
    return found


def add_console(app: falcon.App[Any, Any]) -> None:
    """Serve the console of the shops whose front a request carries."""
    for path, (page, act) in by_path().items():
        app.add_route(address_of(path), Door(page, act))
    for path, (file, content_type) in STATIC.items():
        app.add_route(path, Static(file, content_type))
    add_entering(app)
    app.add_sink(nowhere, r"/console(/|$)")


def nowhere(req: falcon.Request, resp: falcon.Response, **_found: Any) -> None:
    """Every address below the console that is no page."""
    front_of(req).name(req.env, "none", "", "")
    resp.set_headers(HEADERS)
    apologise(resp, NoPage(req.path))


class Static:
    """A file that is the same for everybody; its address changes with it, so browsers may keep it."""

    def __init__(self, file: str, content_type: str) -> None:
        self._file = file
        self._content_type = content_type

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Give it."""
        front_of(req).name(req.env, "static", "", "")
        resp.content_type = self._content_type
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable")
        resp.data = static(self._file)
