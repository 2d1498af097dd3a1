"""Take the pictures of the console for the documentation: `python -m scripts.console_gallery FOLDER`.

FOLDER holds a demo shop, made by `comptoir demo --no-serve`. Pictures go to docs/images/console, the page that
shows them to docs/reference/console-gallery.md.
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from comptoir.opening import open_shop
from comptoir.settings import read_settings
from scripts.console_look import entered
from tests.storefront.browsing import browser, running

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "images" / "console"
PAGE = DOCS / "reference" / "console-gallery.md"
COLOURS = 96
PROOF_MS = 2_000


class Shot(NamedTuple):
    """A page: its picture's name, its address (a star stands for the first row of the list), what it shows."""

    name: str
    path: str
    title: str


SHOTS = (
    Shot("home", "", "Home: what was taken, what waits, and the proof of the books"),
    Shot("orders", "/orders", "Orders"),
    Shot("order", "/orders/4774380224", "An order: items, invoices, payments, shipment, remarks"),
    Shot("refund", "/orders/123456/refund", "Refunding: what may still be given back, line by line"),
    Shot("explain", "/explain/order/123456/total", "Any amount, explained: what makes it, and where it went"),
    Shot("three-ways", "/three-ways/order/123456", "The same order as each of the three APIs shows it"),
    Shot("products", "/products", "Products"),
    Shot("product", "/products/1234", "A product"),
    Shot("customer", "/customers/*", "A customer"),
    Shot("bank-account", "/bank/accounts/*", "An account of the bank, with its running balance"),
    Shot("bank-transfer", "/bank/transfers/*", "A transfer of the bank, with its postings"),
    Shot("ledger", "/ledger", "The ledger's accounts"),
    Shot("ledger-account", "/ledger/accounts/*", "An account of the ledger as a T"),
    Shot("payouts", "/payouts", "Payouts: the next one, and those that left"),
    Shot("events", "/events", "Events: who did what, through which door"),
    Shot("keys", "/keys", "API users and keys of each dialect"),
    Shot("operators", "/operators", "Operators and their roles"),
    Shot("files", "/files", "Import and export"),
    Shot("clock", "/clock?by=30&unit=days", "The sandbox's clock, with what would happen"),
    Shot("settings", "/settings", "Settings"),
    Shot("search", "/search?q=sparkle", "Search over everything"),
)
PHONE = ("home", "order", "bank-account", "refund")
DARK = ("home", "explain", "ledger-account")
WIDE = ("home", "orders")


def main(folder: Path) -> int:
    """Take the pictures and write the page."""
    home = open_shop(read_settings({"data_dir": folder}, {}).settings, "main")
    PICTURES.mkdir(parents=True, exist_ok=True)
    session = entered(home)
    with running(home) as address, browser() as chromium:
        for ending, width, height, scheme, names in (
            ("", 1280, 860, "light", tuple(shot.name for shot in SHOTS)),
            ("-phone", 375, 740, "light", PHONE),
            ("-dark", 1280, 860, "dark", DARK),
            ("-wide", 2560, 1300, "light", WIDE),
        ):
            context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            context.add_cookies([{"name": "comptoir_session", "value": session, "url": f"{address}/console"}])
            page = context.new_page()
            for shot in SHOTS:
                if shot.name in names:
                    take(page, address, shot, PICTURES / f"{shot.name}{ending}.png")
            context.close()
    PAGE.write_text(written(), encoding="utf-8")
    return 0


def take(page: Any, address: str, shot: Shot, file: Path) -> None:
    """One picture, in few colours: they are pages, not photographs."""
    path = shot.path.removesuffix("/*")
    page.goto(f"{address}/console{path}")
    while page.get_by_text("being proved").count():
        page.wait_for_timeout(PROOF_MS)
        page.reload()
    if path != shot.path:
        page.goto(address + page.locator("tr[data-link]").first.get_attribute("data-link"))
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(file.name, file.stat().st_size // 1024, "KB")


def written() -> str:
    """The gallery's page."""
    parts = [
        "# The console, page by page",
        "",
        "Taken from the demo by `python -m scripts.console_gallery`.",
        "",
    ]
    for shot in SHOTS:
        parts += [f"## {shot.title}", "", f"![{shot.title}](../images/console/{shot.name}.png)", ""]
        for ending, names, word in (
            ("-dark", DARK, "dark"), ("-phone", PHONE, "on a phone"), ("-wide", WIDE, "on a large screen"),
        ):  # fmt: skip
            if shot.name in names:
                parts += [f"![{shot.title}, {word}](../images/console/{shot.name}{ending}.png)", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
