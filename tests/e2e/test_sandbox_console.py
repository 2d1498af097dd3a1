"""A merchant tries things out in a served sandbox: makes a snapshot, advances the clock, puts the shop back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html

from tests.e2e.conftest import Installation, wait_for

pytestmark = pytest.mark.e2e
EMAIL, PASSWORD = "ada@example.com", "a long enough password"


class Console:
    """Somebody at the console of a running server."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60, trust_env=False, follow_redirects=True)

    def page(self, path: str) -> Any:
        answer = self.client.get(f"/console{path}")
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def send(self, page: Any, ending: str, **values: str) -> Any:
        """Fill in the form that posts to this ending, and give the page that it leads to."""
        (form,) = [one for one in page.forms if (one.action or "").endswith(ending)][:1]
        answer = self.client.post(
            form.action or urlsplit(ending).path, data=dict(form.form_values()) | values
        )
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def words(self, page: Any) -> str:
        return " ".join(page.get_element_by_id("main").text_content().split())


@pytest.fixture
def console(installation: Installation) -> Iterator[Console]:
    installation.run("init", "--sandbox")
    installation.run("users", "create", EMAIL, "--password", PASSWORD)
    server = installation.serve("--workers", "2")
    opened = Console(server.url)
    opened.send(opened.page("/sign-in"), "/sign-in", email=EMAIL, password=PASSWORD)
    yield opened
    opened.client.close()
    assert server.stop() == 0


def test_what_was_tried_out_is_undone(console: Console, installation: Installation) -> None:
    made = console.send(console.page("/snapshots"), "/new", name="before")
    assert "The snapshot before was made." in console.words(made)
    begun = console.words(console.page("/clock"))
    ahead = console.page("/clock?by=10&unit=days")
    console.send(ahead, "/advance")
    wait_for(lambda: "10 d ahead" in console.words(console.page("/clock")), seconds=60)
    wait_for(lambda: "done" in console.words(console.page("/clock")), seconds=60)
    console.send(console.page("/brands/new"), "/brands/new", name="Tried out")
    assert "Tried out" in console.words(console.page("/brands"))
    back = console.send(console.page("/snapshots"), "/restore")
    assert "The shop is as it was at before." in console.words(back)
    for _ in range(8):  # both processes
        assert "Tried out" not in console.words(console.page("/brands"))
        assert "10 d ahead" not in console.words(console.page("/clock"))
    assert begun.split("(")[0].split()[-2] == console.words(console.page("/clock")).split("(")[0].split()[-2]
    assert "shop.restored" in console.words(console.page("/events")).replace("shop restored", "shop.restored")
    assert installation.run("books", "check")["balanced"] is True
