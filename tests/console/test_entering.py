"""Signing in and out: what is told, what is kept, what is refused, and for how long."""

from __future__ import annotations

from base64 import b32decode
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from comptoir.domain.events.queries import list_events
from comptoir.domain.identity.actions import deactivate, set_password
from comptoir.domain.identity.logins import EMAIL_FAILURES_MAX, PAUSE
from comptoir.domain.identity.second_factor import begin_totp, confirm_totp
from comptoir.domain.identity.sessions import AGE_MAX, FACTOR_WAIT, IDLE_MAX, list_sessions
from tests.conftest import NOW, SECRET
from tests.console.visiting import CHEAP, PASSWORD, Paper, Visitor, let_in, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

EMAIL = "owner@example.com"


class Clock:
    """The machine's clock, which tests may set on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def clock(shop: OpenShop) -> Clock:
    shop.system = made = Clock()
    return made


@pytest.fixture
def stranger(home: ServedShop) -> Visitor:
    """Somebody who is not signed in; there is an owner."""
    home.shop.write(let_in)
    return Visitor(home)


def sign_in(visitor: Visitor, password: str = PASSWORD, email: str = EMAIL, way: str = "") -> Paper:
    return visitor.fill(f"/sign-in{way}", "/sign-in", email=email, password=password)


def with_factor(shop: OpenShop) -> tuple[str, list[str]]:
    """Ask the owner for a second factor: the authenticator's secret and the recovery codes."""

    def work(tx: Tx) -> tuple[str, list[str]]:
        secret = begin_totp(tx, operator_id=1).secret
        codes = confirm_totp(
            tx, operator_id=1, code=code_at(secret, tx.machine_now - timedelta(seconds=30)), secret=SECRET
        )
        return secret, codes

    return shop.write(work)


def code_at(secret: str, at: Any) -> str:
    return TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def test_a_stranger_is_led_to_the_entrance_and_then_where_they_wanted(stranger: Visitor) -> None:
    led = stranger.get("/brands?name=x")
    assert (led.status, led.location) == (303, "/console/sign-in?next=%2Fconsole%2Fbrands%3Fname%3Dx")
    page = stranger.get(led.location)
    entered = stranger.fill(page, "/sign-in", email=f" {EMAIL.upper()} ", password=PASSWORD)
    assert (entered.status, entered.location) == (303, "/console/brands?name=x")
    assert stranger.follow(entered).status == 200


@pytest.mark.parametrize(
    "way",
    [
        "https://example.com/", "//example.com", "/consolex", "/console\\@example.com", "/console/sign-out",
        "/orders", "/console/é", "/console\r\nx", "javascript:alert(1)", "/console/" + "x" * 3000,
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(stranger: Visitor, way: str) -> None:
    page = stranger.get("/sign-in")
    entered = stranger.fill(page, "/sign-in", email=EMAIL, password=PASSWORD, next=way)
    assert (entered.status, entered.location) == (303, "/console")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("a\0b", "c\0d"),
        ("<script>alert(1)</script>", "x"),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_what_does_not_fit_is_told_in_one_way(stranger: Visitor, email: str, password: str) -> None:
    said = sign_in(stranger, password, email)
    assert (said.status, said.problems) == (422, ["E-mail address and password do not fit."])
    assert "comptoir_session" not in stranger.cookies
    assert "<script>alert" not in said.text
    assert said.form("/sign-in").fields["password"] in {None, ""}


def test_too_many_failures_are_paused_and_it_is_told_for_how_long(stranger: Visitor, clock: Clock) -> None:
    for _ in range(EMAIL_FAILURES_MAX):
        assert sign_in(stranger, "wrong").status == 422
    said = sign_in(stranger)
    assert said.status == 429
    assert said.problems == ["Too many attempts have failed. Try again in 15 minutes, at 12:15."]
    assert said.answer.headers["retry-after"] == "900"
    clock.now += PAUSE - timedelta(seconds=30)
    assert "in 1 minute, at 12:15" in sign_in(stranger).problems[0]
    clock.now += timedelta(seconds=30)
    assert sign_in(stranger).status == 303


def test_a_form_from_elsewhere_signs_nobody_in(home: ServedShop, stranger: Visitor) -> None:
    page = stranger.get("/sign-in")
    assert stranger.fill(page, "/sign-in", email=EMAIL, password=PASSWORD, mark="other").status == 403
    bare = Visitor(home)
    told = {"email": EMAIL, "password": PASSWORD, "mark": ""}
    assert bare.post("/console/sign-in", told).status == 403
    assert "comptoir_session" not in bare.cookies | stranger.cookies


def test_each_entry_has_a_new_key_and_ends_the_one_before(stranger: Visitor, home: ServedShop) -> None:
    stranger.cookies["comptoir_session"] = planted = f"{home.shop.name}.{'a' * 48}"
    sign_in(stranger)
    first = stranger.cookies["comptoir_session"]
    assert first != planted
    sign_in(stranger)
    second = stranger.cookies["comptoir_session"]
    assert second != first
    assert stranger.get("/brands").status == 200
    for old in (planted, first):
        visitor = Visitor(home)
        visitor.cookies["comptoir_session"] = old
        assert visitor.get("/brands").status == 303
    assert len(home.shop.read(lambda tx: list_sessions(tx, operator_id=1))) == 1


def test_the_browser_is_told_to_keep_the_key_to_itself(stranger: Visitor) -> None:
    entered = sign_in(stranger)
    cookie = entered.answer.cookies["comptoir_session"]
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/console")
    page = stranger.get("/sign-in")
    assert page.answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.answer.headers["content-security-policy"]
    secure = stranger.ask("GET", "/console/sign-in", protocol="https")
    assert secure.answer.cookies["comptoir_entering"].secure
    # What anybody may write makes nothing safe; what a trusted proxy writes: tests/operations/test_proxies.py.
    told = stranger.ask("GET", "/console/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert not told.answer.cookies["comptoir_entering"].secure


def test_signing_out_ends_the_session_here_and_on_the_server(stranger: Visitor, home: ServedShop) -> None:
    sign_in(stranger)
    kept = stranger.cookies["comptoir_session"]
    assert stranger.post("/console/sign-out", {"csrf": "forged"}).status == 403
    left = stranger.fill("/brands", "/sign-out")
    assert "comptoir_session" not in stranger.cookies
    assert "You are signed out." in stranger.follow(left).main
    stranger.cookies["comptoir_session"] = kept
    assert stranger.get("/brands").location.startswith("/console/sign-in")
    assert stranger.post("/console/sign-out", {"csrf": ""}).status == 303
    rows = home.shop.read(lambda tx: list_events(tx, after=0, limit=100))[-3:]
    assert [row.kind for row in rows] == [
        "operator.logged_in", "operator.session_begun", "operator.sessions_ended",
    ]  # fmt: skip
    assert {(row.actor, row.dialect, row.operator_id) for row in rows} == {("Ada", "console", 1)}


@pytest.mark.parametrize("span", [IDLE_MAX, AGE_MAX])
def test_a_session_ends_by_itself(home: ServedShop, clock: Clock, span: timedelta) -> None:
    visitor = signed_in(home)
    until = clock.now + span
    while clock.now + IDLE_MAX / 2 < until and span > IDLE_MAX:
        clock.now += IDLE_MAX / 2
        assert visitor.get("/brands").status == 200
    clock.now = until
    assert visitor.get("/brands").location.startswith("/console/sign-in")


def test_another_password_and_being_kept_out_end_sessions_at_once(home: ServedShop) -> None:
    visitor, other = signed_in(home), signed_in(home, "support")
    home.shop.write(lambda tx: set_password(tx, operator_id=1, password=PASSWORD, passwords=CHEAP))
    home.shop.write(lambda tx: deactivate(tx, operator_id=2))
    for one in (visitor, other):
        assert one.get("/brands").location.startswith("/console/sign-in")


def test_the_second_factor_is_asked_for_before_any_page(
    shop: OpenShop, stranger: Visitor, clock: Clock
) -> None:
    secret, codes = with_factor(shop)
    half = sign_in(stranger, way="?next=/console/brands")
    assert half.location == "/console/second-factor?next=%2Fconsole%2Fbrands"
    half_key = stranger.cookies["comptoir_session"]
    assert stranger.get("/brands").location.startswith("/console/second-factor")
    assert stranger.post("/console/brands/new", {"name": "x"}).location == "/console/second-factor"
    page = stranger.follow(half)
    wrong = stranger.fill(page, "/second-factor", code="000000")
    assert (wrong.status, len(wrong.problems)) == (422, 1)
    entered = stranger.fill(page, "/second-factor", code=code_at(secret, clock.now))
    assert entered.location == "/console/brands"
    assert stranger.cookies["comptoir_session"] != half_key
    assert stranger.follow(entered).status == 200
    assert stranger.get("/second-factor").location == "/console"
    stranger.cookies["comptoir_session"] = half_key
    assert stranger.get("/second-factor").location == "/console/sign-in"
    again = stranger.follow(sign_in(stranger))
    used = stranger.fill(again, "/second-factor", code=code_at(secret, clock.now))
    assert used.status == 422
    assert stranger.fill(again, "/second-factor", code=codes[0].lower()).status == 303


def test_codes_are_throttled_and_forged_forms_refused(
    shop: OpenShop, stranger: Visitor, clock: Clock
) -> None:
    secret, _ = with_factor(shop)
    page = stranger.follow(sign_in(stranger))
    forged = stranger.fill(page, "/second-factor", csrf="forged", code=code_at(secret, clock.now))
    assert forged.status == 403
    for _ in range(EMAIL_FAILURES_MAX):
        assert stranger.fill(page, "/second-factor", code="000000").status == 422
    paused = stranger.fill(page, "/second-factor", code=code_at(secret, clock.now))
    assert (paused.status, paused.answer.headers["retry-after"]) == (429, "900")
    left = stranger.fill(page, "/sign-out")
    assert left.location == "/console/sign-in"


def test_the_second_factor_is_not_waited_for_for_ever(
    shop: OpenShop, stranger: Visitor, clock: Clock
) -> None:
    secret, _ = with_factor(shop)
    page = stranger.follow(sign_in(stranger))
    clock.now += FACTOR_WAIT
    late = stranger.fill(page, "/second-factor", code=code_at(secret, clock.now))
    assert late.location == "/console/sign-in"


def test_of_several_shops_one_is_chosen(home: ServedShop, engine: str, engines: Any, tmp_path: Any) -> None:

    other = replace(home.shop, name="other")
    both = Visitor(home, replace(home, shop=other))
    home.shop.write(let_in)
    page = both.get("/sign-in?shop=other")
    assert page.form("/sign-in").fields["shop"] == "other"
    both.fill(page, "/sign-in", email=EMAIL, password=PASSWORD)
    assert both.cookies["comptoir_session"].startswith("other.")
    assert both.get("/brands").status == 200
