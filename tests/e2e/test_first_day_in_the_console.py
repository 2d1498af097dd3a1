"""The tutorial of the console, step by step as it is printed, in a real browser in front of a real server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.storefront.browsing import browser

if TYPE_CHECKING:
    from tests.e2e.conftest import Installation

pytestmark = pytest.mark.e2e
PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-day-in-the-console.md"
PARTS = re.compile(r"^```sh\n(?P<shell>(?:(?!```).*\n)*)^```$|(?P<text>(?:^(?!```).*\n)+)", re.MULTILINE)
STEP = re.compile(
    r"\]\(http://127\.0\.0\.1:8000(?P<open>/console[^)\s]*)\)"
    r"|Fill \*\*(?P<label>[^*]+)\*\*\s+with `(?P<value>[^`]+)`"
    r"|Choose `(?P<choice>[^`]+)` for \*\*(?P<of>[^*]+)\*\*"
    r"|Tick \*\*(?P<tick>[^*]+)\*\*"
    r"|Unfold \*\*(?P<unfold>[^*]+)\*\*"
    r"|Press\s+\*\*(?P<press>[^*]+)\*\*"
    r"|Follow \*\*(?P<follow>[^*]+)\*\*"
    r"|read `(?P<read>[^`]+)`"
)
ADDRESS = "http://127.0.0.1:8000"


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, page: Any, url: str, folder: Path) -> None:
        self.page = page
        self.url = url
        self.folder = folder
        self.taken = 0
        self.key = ""

    def take(self, step: re.Match[str]) -> None:
        """Take one step; a key that is shown on the way is kept."""
        said = {name: value for name, value in step.groupdict().items() if value}
        self.taken += 1
        if "label" in said:
            self.field(said["label"]).fill(said["value"])
        elif "of" in said:
            self.field(said["of"]).select_option(label=said["choice"])
        elif "tick" in said:
            self.field(said["tick"]).check()
        else:
            self.move(said)
        shown = self.page.locator(".shown-once")
        if shown.count():
            self.key = shown.first.inner_text().strip()

    def move(self, said: dict[str, str]) -> None:
        """Go somewhere, or look for words."""
        if "open" in said:
            self.page.goto(self.url + said["open"])
        elif "unfold" in said:
            self.page.locator("summary", has_text=said["unfold"]).first.click()
        elif "press" in said:
            self.page.get_by_role("button", name=said["press"], exact=True).first.click()
        elif "follow" in said:
            self.page.get_by_role("link", name=said["follow"], exact=True).first.click()
        else:
            found = self.page.get_by_text(said["read"]).locator("visible=true")
            found.first.wait_for()

    def field(self, label: str) -> Any:
        """The field of a label in the page's main part."""
        named = re.compile(rf"^\s*{re.escape(label)}\s*(\*|\(|$)")
        return self.page.locator("main").get_by_label(named).first

    def run(self, commands: str) -> str:
        """Run commands as they are printed, against the server that is here, with the key that was shown."""
        said = commands.replace(ADDRESS, self.url).replace("$KEY", self.key)
        script = f'comptoir() {{ "{sys.executable}" -m comptoir "$@"; }}\nset -e\n{said}'
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


def test_every_step_of_the_first_day_in_the_console_can_be_taken(installation: Installation) -> None:
    parts = list(PARTS.finditer(PAGE.read_text(encoding="utf-8")))
    shells = [part["shell"] for part in parts if part["shell"]]
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.on("dialog", lambda dialog: dialog.accept())
        reader = Reader(page, "", installation.folder)
        reader.run(shells[0])
        server = installation.serve()
        reader.url = server.url
        for part in parts:
            if part["shell"] and part["shell"] != shells[0]:
                reader.run(part["shell"])
            for step in STEP.finditer(part["text"] or ""):
                reader.take(step)
    assert reader.taken > 20
    assert len(shells) > 1
