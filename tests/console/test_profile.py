"""One's own page: what one changes about oneself, and what is asked for before."""

from __future__ import annotations

from base64 import b32decode
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from comptoir.domain.identity.logins import EMAIL_FAILURES_MAX
from comptoir.domain.identity.queries import get_operator
from comptoir.domain.identity.second_factor import FactorState, get_factor
from comptoir.domain.identity.sessions import list_sessions
from tests.console.visiting import PASSWORD, Paper, Visitor, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop

NEW = "battery staple correct"


def shown_once(page: Any) -> list[str]:
    (told,) = page.tree.find_class("shown-once")
    return str(told.text_content()).split()


def entered(home: ServedShop, password: str) -> Paper:
    return Visitor(home).fill("/sign-in", "/sign-in", email="owner@example.com", password=password)


def with_factor(visitor: Visitor, home: ServedShop) -> list[str]:
    """Set a second factor up in the browser: its recovery codes."""
    page = visitor.done("/profile/second-factor", "/begin", current=PASSWORD)
    (secret,) = shown_once(page)
    at = int(home.shop.read(lambda tx: tx.machine_now).timestamp())
    code = TOTP(b32decode(secret), 6, SHA1(), 30).generate(at).decode()
    wrong = visitor.fill(page, "/confirm", code="000000")
    assert (wrong.status, wrong.problems[-1]) == (422, "is not the one that the authenticator shows now")
    return shown_once(visitor.fill(page, "/confirm", code=code))


def test_one_goes_by_another_name(visitor: Visitor, home: ServedShop) -> None:
    page = visitor.done("/profile", "/update", name="Ada <b>L</b>")
    assert "Ada <b>L</b>" in page.words
    assert home.shop.read(lambda tx: get_operator(tx, 1)).name == "Ada <b>L</b>"
    assert visitor.fill(page, "/update", name=" ").status == 422
    assert "Nothing was changed." in visitor.done("/profile", "/update").main


def test_another_password_needs_the_old_one_and_ends_the_other_sessions(
    visitor: Visitor, home: ServedShop
) -> None:
    other = signed_in(home)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"current": "wrong", "password": NEW, "again": NEW}, "is not your password"),
        ({"current": PASSWORD, "password": NEW, "again": "other"}, "is not the same"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "must have 8 to 1024 characters"),
    )
    for typed, problem in wrong:
        said = visitor.fill("/profile", "/password", **typed)
        assert (said.status, said.problems[-1]) == (422, problem)
        assert NEW not in said.text
    assert other.get("/profile").status == 200
    page = visitor.done("/profile", "/password", current=PASSWORD, password=NEW, again=NEW)
    assert "your other sessions have ended" in page.main
    assert other.get("/profile").status == 303
    assert (entered(home, PASSWORD).status, entered(home, NEW).status) == (422, 303)


def test_the_old_password_is_not_guessed(visitor: Visitor, home: ServedShop) -> None:
    for _ in range(EMAIL_FAILURES_MAX):
        visitor.fill("/profile", "/password", current="wrong", password=NEW, again=NEW)
    said = visitor.fill("/profile", "/password", current=PASSWORD, password=NEW, again=NEW)
    assert (said.status, said.problems[-1]) == (422, "was wrong too often; try again at 12:15")
    assert entered(home, PASSWORD).status == 303


def test_a_second_factor_is_set_up_used_renewed_and_taken_off(visitor: Visitor, home: ServedShop) -> None:
    assert visitor.fill("/profile/second-factor", "/begin", current="wrong").status == 422
    other = signed_in(home)
    codes = with_factor(visitor, home)
    assert len(codes) == 10
    assert other.get("/profile").status == 303
    assert "on, with 10 recovery codes left" in visitor.get("/profile").main
    half = entered(home, PASSWORD)
    assert half.location.startswith("/console/second-factor")
    page = visitor.get("/profile/second-factor")
    renewed = shown_once(visitor.fill(page, "/codes", current=PASSWORD))
    assert not set(renewed) & set(codes)
    assert visitor.fill(page, "/off", proof="wrong").status == 422
    assert home.shop.read(lambda tx: get_factor(tx, 1)).is_on
    assert "The second factor is off." in visitor.done(page, "/off", proof=PASSWORD).main
    assert home.shop.read(lambda tx: get_factor(tx, 1)) == FactorState(is_on=False, codes_left=0)
    assert entered(home, PASSWORD).location == "/console"


def test_the_picture_is_drawn_without_anything_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.done("/profile/second-factor", "/begin", current=PASSWORD)
    (path,) = page.tree.xpath("//*[local-name()='svg'][@class='qr']/*[local-name()='path']/@d")
    assert path.startswith("M4 4h1v1h-1z")
    assert page.tree.xpath("//*[@style] | //script[not(@src)]") == []
    (again,) = shown_once(visitor.done(page, "/begin", current=PASSWORD))
    assert [again] != shown_once(page)


def test_one_signs_out_elsewhere(visitor: Visitor, home: ServedShop) -> None:
    others = [signed_in(home) for _ in range(3)]
    page = visitor.get("/profile")
    assert [row[-1] for row in page.rows] == ["End", "End", "End", "this one"]
    visitor.done(page, "/2/end")
    assert [one.get("/profile").status for one in others] == [303, 200, 200]
    assert visitor.fill(page, "/2/end").status == 303
    assert (
        visitor.post("/console/profile/sessions/2/end", {"csrf": page.form("/2/end").fields["csrf"]}).status
        == 404
    )
    assert "2 other sessions have ended." in visitor.done(page, "/end-others").main
    assert len(home.shop.read(lambda tx: list_sessions(tx, operator_id=1))) == 1


def test_anothers_session_is_not_ones_own(visitor: Visitor, home: ServedShop) -> None:
    other = signed_in(home, "support")
    csrf = visitor.get("/profile").form("/sign-out").fields["csrf"]
    assert visitor.post("/console/profile/sessions/2/end", {"csrf": csrf}).status == 404
    assert other.get("/profile").status == 200


def test_light_or_dark_is_kept_by_the_browser(visitor: Visitor) -> None:
    page = visitor.get("/profile")
    csrf = page.form("/theme").fields["csrf"]
    for chosen, kept in (("dark", "dark"), ("light", "light"), ("system", None), ("<x>", None)):
        told = visitor.post("/console/theme", {"csrf": csrf, "theme": chosen})
        assert visitor.follow(told).tree.get("data-theme") == kept
    assert visitor.post("/console/theme", {"csrf": "forged", "theme": "dark"}).status == 403


def test_everybody_has_a_profile(home: ServedShop) -> None:
    rows = signed_in(home, "read-only").get("/profile").tree.xpath("(//tbody)[2]/tr")
    assert {row[1].text_content().strip() for row in rows} == {"see"}
    assert len(rows) == 10
