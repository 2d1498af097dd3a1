"""What somebody tries who should not be there: large bodies, odd encodings, forms sent twice, others' sessions."""

from __future__ import annotations

from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select

from comptoir.console.asking import BODY_MAX, SMALL_MAX
from comptoir.console.cells import Cell
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.events.queries import last_seq
from comptoir.domain.identity.answers import GivenAnswer
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.queries import list_keys
from comptoir.domain.identity.restoring import kept_of, take_up
from comptoir.domain.identity.second_factor import begin_totp, confirm_totp
from comptoir.domain.identity.sessions import list_sessions
from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.merchant.actions import found_merchant
from comptoir.domain.webhooks.endpoints import create_endpoint
from comptoir.domain.webhooks.models import STANDARD
from tests.conftest import SECRET
from tests.console.visiting import FORM, PASSWORD, Visitor, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

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


# Where something is shown once, by which form, and what is typed there.
ONCE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "key": ("/keys/new", "/keys/new", {"name": "till", "dialect": "coredna", "operator_id": "1"}),
    "API user": ("/keys/new", "/keys/new", {"name": "till", "dialect": "twocheckout", "operator_id": "1"}),
    "rotated": ("/keys/1", "/rotate", {"grace": "24"}),
    "operator": ("/operators/new", "/new", {"name": "Bob", "email": "bob@example.com", "role": "support"}),
    "password": ("/operators/2", "/password", {}),
    "own password": ("/operators/1", "/password", {"current": PASSWORD}),
    "endpoint": ("/webhooks/new", "/new", {"url": "https://hooks.example/"}),
    "signing secret": ("/webhooks/1", "/rotate", {"grace": "1"}),
    "payment API": ("/settings/payment-api", "/rotate", {}),
    "recovery codes": ("/profile/second-factor", "/codes", {"current": PASSWORD}),
}
# What is typed when it is made once more.
ANEW: dict[str, dict[str, Any]] = {
    "key": {}, "API user": {"name": "desk"}, "operator": {"email": "eve@example.com"}, "password": {},
    "endpoint": {}, "signing secret": {}, "payment API": {}, "recovery codes": {},
}  # fmt: skip


@pytest.fixture
def stocked(home: ServedShop, shop: OpenShop) -> Visitor:
    """The owner of a shop that has one of each thing with a secret."""
    visitor = signed_in(home)
    signed_in(home, "support")

    def stock(tx: Tx) -> None:
        found_merchant(tx)
        create_key(tx, operator_id=1, name="k", dialect="coredna", scopes=["*"], secret=SECRET)
        create_endpoint(tx, kind=STANDARD, url="https://shop.example/", kinds=["order.placed"])
        key = b32decode(begin_totp(tx, operator_id=1).secret)
        code = TOTP(key, 6, SHA1(), 30).generate(int(tx.machine_now.timestamp())).decode()
        own = list_sessions(tx, operator_id=1)[0].id
        confirm_totp(tx, operator_id=1, code=code, secret=SECRET, kept_session_id=own)

    shop.write(stock)
    return visitor


@pytest.mark.parametrize("thing", ONCE)
def test_what_is_shown_once_is_not_made_twice_by_one_form(
    stocked: Visitor, shop: OpenShop, thing: str
) -> None:
    path, ending, typed = ONCE[thing]
    page = stocked.get(path)
    first = stocked.fill(page, ending, **typed)
    secrets = [one.text_content() for one in first.tree.find_class("shown-once")]
    assert (first.status, bool(secrets)) == (200, True), first.problems
    happened = shop.read(last_seq)
    second = stocked.fill(page, ending, **typed)
    told = stocked.follow(second)
    assert "made and shown then" in told.tree.text_content()
    assert secrets[-1] not in second.text + told.text
    assert shop.read(last_seq) == happened
    if thing in ANEW:
        # A new page makes another.
        other = stocked.fill(path, ending, **typed | ANEW[thing])
        assert other.status == 200, other.problems
        assert other.tree.find_class("shown-once")[-1].text_content() != secrets[-1]


def test_two_of_one_form_at_the_same_moment_make_one_key(stocked: Visitor, shop: OpenShop) -> None:
    page = stocked.get("/keys/new")
    path, ending, typed = ONCE["key"]
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(stocked.fill, page, ending, **typed) for _ in range(4)]
        statuses = sorted(one.result().status for one in answers)
    assert statuses == [200, 303, 303, 303], path
    assert [row.name for row in shop.read(list_keys)].count("till") == 1


def test_what_is_kept_of_a_form_tells_no_password(stocked: Visitor, shop: OpenShop) -> None:
    """Who reads the database cannot try passwords on the mark of a form: the installation's key is in it."""
    page = stocked.get("/profile")
    typed = {"current": PASSWORD, "password": "another long password", "again": "another long password"}
    stocked.done(page, "/profile/password", **typed)
    (kept,) = shop.read(lambda tx: [row[0] for row in tx.all(select(GivenAnswer.fingerprint))])
    tried = blake2b(b"/console/profile/password", digest_size=16)
    for name, value in sorted({"seen": "", **typed}.items()):
        tried.update(repr((name, [value])).encode())
    assert kept != tried.hexdigest()


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
