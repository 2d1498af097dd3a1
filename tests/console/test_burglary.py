"""What somebody tries who should not be there: large bodies, odd encodings, forms sent twice, others' sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.console.asking import BODY_MAX, SMALL_MAX
from comptoir.console.cells import Cell
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.identity.restoring import kept_of, take_up
from comptoir.domain.identity.sessions import list_sessions
from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher, FetchRules
from tests.console.visiting import FORM, Visitor, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


class Slow(Fetcher):
    """A fetcher that does something else while it is at work, and then gives up."""

    def __init__(self) -> None:
        super().__init__(FetchRules())
        self.meanwhile: Any = None
        self.told: list[Any] = []

    def fetch(self, url: str) -> Any:
        self.told.append(self.meanwhile())
        raise FetchRefused(f"{url} did not answer in time")


@pytest.mark.parametrize("encoding", ["nonsense", "base64", "punycode", "utf-16"])
def test_a_form_is_utf8_whatever_it_says(visitor: Visitor, encoding: str) -> None:
    csrf = visitor.get("/brands").form("/theme").fields["csrf"]
    parts = {"csrf": csrf, "theme": "dark", "back": "/console/brands"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"Content-Type: text/plain; charset={encoding}\r\n\r\n{value}\r\n"
        for name, value in parts.items()
    )
    for headers in (MULTIPART, {"Content-Type": f"{MULTIPART['Content-Type']}; charset={encoding}"}):
        sent = visitor.ask("POST", "/console/theme", body=f"{body}--x--\r\n".encode(), headers=headers)
        assert (sent.status, sent.location) == (303, "/console/brands")


def test_nobody_sends_much_before_signing_in(home: ServedShop, visitor: Visitor) -> None:
    much = b"a=" + b"b" * SMALL_MAX
    stranger = Visitor(home)
    page = stranger.get("/sign-in")
    for path in ("/console/sign-in", "/console/second-factor", "/console/sign-out"):
        assert stranger.ask("POST", path, body=much, headers={"Content-Type": FORM}).status == 422, path
    stranger.cookies["comptoir_session"] = f"{home.shop.name}.abc"
    sent = stranger.ask("POST", "/console/files/upload", body=much, headers={"Content-Type": FORM})
    assert (sent.status, sent.location) == (303, "/console/sign-in")
    assert stranger.fill(page, "/sign-in", email="a@example.com", password="x").status == 422
    # Who is signed in gets as far as the form's mark.
    assert visitor.ask("POST", "/console/theme", body=much, headers={"Content-Type": FORM}).status == 403


def test_what_is_too_large_is_not_even_read(visitor: Visitor) -> None:
    told = {"Content-Type": FORM, "Content-Length": str(BODY_MAX + 1)}
    assert visitor.ask("POST", "/console/theme", body=b"a=b", headers=told).status == 422


def test_an_address_to_go_back_to_fits_a_header(visitor: Visitor) -> None:
    form = visitor.get("/brands").form("/theme")
    for back in ("/console/\u4e2d", "/console/\u00fc", "/console/\u2028"):
        sent = visitor.post(form.action, {"csrf": form.fields["csrf"], "back": back, "theme": "dark"})
        assert sent.location == "/console"


def test_a_form_sent_again_while_it_is_worked_on_is_not_worked_on_twice(
    home: ServedShop, shop: OpenShop
) -> None:
    lamp = shop.write(lambda tx: create_product(tx, name="Lamp", code="lamp"))
    slow = Slow()
    visitor = signed_in(replace(home, fetcher=slow))
    page = visitor.get(f"/products/{lamp}/pictures")
    again: dict[str, Any] = {"url": "http://pictures.example/a.png", "slot": "image1"}
    slow.meanwhile = lambda: visitor.fill(page, "/fetch-picture", **again)
    first = visitor.fill(page, "/fetch-picture", **again)
    (second,) = slow.told
    assert (first.status, second.status) == (422, 422)
    assert any("still being worked on" in problem for problem in second.problems)
    # What failed may be tried again by the same form.
    slow.meanwhile = lambda: None
    assert "did not answer in time" in " ".join(visitor.fill(page, "/fetch-picture", **again).problems)
    assert len(slow.told) == 2


def test_a_session_is_nobody_elses_when_a_snapshot_is_put_back(home: ServedShop, shop: OpenShop) -> None:
    """Bob has the number that Alice had in the snapshot, and does not become Alice by it."""
    signed_in(home)
    signed_in(home, "support")
    kept = shop.read(kept_of)
    alice = {(number, email) for number, email in kept.operators if number == 1} | {(2, "alice@example.com")}
    shop.write(lambda tx: take_up(tx, kept._replace(operators=alice), snapshot="one"))
    assert len(shop.read(lambda tx: list_sessions(tx, operator_id=1))) == 1
    assert shop.read(lambda tx: list_sessions(tx, operator_id=2)) == []


@pytest.mark.parametrize("kind", ["text", "badge", "when", "picture"])
def test_no_cell_is_a_formula(kind: str) -> None:
    assert Cell("=1+1", kind).csv == "'=1+1"
    assert Cell("x", kind, "@SUM(A1)").csv == "'@SUM(A1)"
    assert Cell("-1", "number", "-1").csv == "-1"
