"""Look at the console: `python -m scripts.console_look FOLDER OUT PATH… [--width W] [--dark]`.

Takes a picture of each path of the demo shop in FOLDER (made by `comptoir demo --no-serve`), signed in as its
first operator, and says what axe finds. Pictures are written to OUT as width-path.png.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from comptoir.dialects.edge import ServedShop
from comptoir.domain.identity.queries import list_operators
from comptoir.domain.identity.sessions import begin_session
from comptoir.domain.tx import Tx
from comptoir.opening import open_shop
from comptoir.settings import read_settings
from tests.storefront.browsing import browser, running

WIDTHS = (1280,)


def main() -> int:
    """Take the pictures."""
    asked = arguments()
    settings = read_settings({"data_dir": asked.folder}, {}).settings
    home = open_shop(settings, "main")
    asked.out.mkdir(parents=True, exist_ok=True)
    with running(home) as address, browser() as chromium:
        for width in asked.width or WIDTHS:
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if asked.dark else "light"
            )
            context.add_cookies(
                [{"name": "comptoir_session", "value": entered(home), "url": f"{address}/console"}]
            )
            for path in asked.paths:
                look(context.new_page(), f"{address}/console{path}", asked.out, width)
    return 0


def look(page: Any, address: str, out: Path, width: int) -> None:
    """One page: its picture, what the browser complains of, and what axe finds."""
    page.on("console", lambda message: print("  browser:", message.text))
    answer = page.goto(address)
    name = address.partition("/console")[2].strip("/").replace("/", "-").partition("?")[0] or "home"
    page.screenshot(path=out / f"{width}-{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    print(f"{width} {address} {answer.status}", f"WIDER: {wide}" if wide > width else "")
    for one in Axe().run(page).response["violations"]:
        print("  axe:", one["id"], one["help"], [node["target"] for node in one["nodes"]][:3])
    page.close()


def entered(home: ServedShop) -> str:
    """The cookie of a session of the shop's first operator."""

    def begin(tx: Tx) -> str:
        operator = list_operators(tx)[0]
        return begin_session(tx, operator_id=operator.id, secret=home.secret).key

    return f"{home.shop.name}.{home.shop.write(begin)}"


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.console_look", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--dark", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
