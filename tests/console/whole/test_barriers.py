"""Every page in a real browser: axe finds no barrier, nothing is wider than the screen, nothing is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.console.whole.walking import Walk, app_of
from tests.storefront.browsing import browser, running

if TYPE_CHECKING:
    from collections.abc import Iterator

# Only what is wrong is told whole, which takes half of the time.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
VIEWS = ((1280, "light"), (320, "dark"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def complain(faults: list[str], message: Any) -> None:
    """Keep what the browser complains of; what it suggests besides is no fault."""
    if message.type in {"error", "warning"}:
        faults.append(f"{message.location['url']}: {message.text}")


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_no_page_has_a_barrier(
    engine: str, request: pytest.FixtureRequest, chromium: Any, width: int, scheme: str
) -> None:
    if engine != "sqlite":
        pytest.skip("the pages are the same on both engines")
    walk: Walk = request.getfixturevalue("walk")
    faults: list[str] = []
    with running(walk.home, app_of(walk.home)) as address:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.add_cookies(
            [
                {
                    "name": "comptoir_session",
                    "value": walk.visitor.cookies["comptoir_session"],
                    "url": f"{address}/console",
                }
            ]
        )
        page = context.new_page()
        page.on("console", lambda message: complain(faults, message))
        for _, path in walk.one_of_each():
            if walk.seen[path].status != 200 or "<main" not in walk.seen[path].text:
                continue
            page.goto(f"{address}{path}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path}: {wide} wide")
            faults += [
                f"{path}: {one['id']}: {[node['target'] for node in one['nodes']][:2]}"
                for one in Axe().run(page, options=RULES).response["violations"]
            ]
        context.close()
    assert "\n".join(faults) == ""
