"""Operators: let in, changed, kept out, helped; and who may do that."""

from __future__ import annotations

from base64 import b32decode
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.queries import get_operator, list_operators
from comptoir.domain.identity.second_factor import begin_totp, confirm_totp, get_factor
from comptoir.domain.identity.sessions import list_sessions
from tests.conftest import SECRET
from tests.console.visiting import PASSWORD, Visitor, let_in, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Tx


def shown_once(page: Any) -> list[str]:
    return [one.text_content() for one in page.tree.find_class("shown-once")]


def entering(home: ServedShop, email: str, password: str) -> int:
    """The status of signing in."""
    return Visitor(home).fill("/sign-in", "/sign-in", email=email, password=password).status


def test_somebody_is_let_in_with_a_password_that_is_shown_once(visitor: Visitor, home: ServedShop) -> None:
    made = visitor.fill(
        "/operators/new", "/operators/new", name="Bob", email="Bob@Example.com", role="support"
    )
    assert made.status == 200
    email, password = shown_once(made)
    assert (email, len(password)) == ("bob@example.com", 16)
    assert password not in visitor.get("/operators/2").text
    assert entering(home, email, password) == 303
    assert visitor.get("/operators").rows[1][:5] == ["Bob", "bob@example.com", "support", "active", "off"]
    (event,) = home.shop.read(lambda tx: list_events_of(tx, subject="operator", subject_id=2))[-1:]
    assert (event.kind, event.operator_id, event.dialect) == ("operator.created", 1, "console")


def test_a_password_may_be_chosen(visitor: Visitor, home: ServedShop) -> None:
    page = visitor.done(
        "/operators/new",
        "/operators/new",
        name="Bob",
        email="bob@example.com",
        role="manager",
        password=PASSWORD,
    )
    assert "The operator was created." in page.main
    assert PASSWORD not in page.text
    assert entering(home, "bob@example.com", PASSWORD) == 303


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"email": "bob"}, "must be an e-mail address"),
        ({"email": "owner@example.com"}, "belongs to operator 1"),
        ({"name": " "}, "must not be empty"),
        ({"role": "king"}, "must be one of the choices"),
        ({"password": "short"}, "must have 8 to 1024 characters"),
        ({"name": "a\0b"}, "holds characters that cannot be kept"),
        ({"name": "x" * 300}, "is longer than 255 characters"),
    ],
)
def test_what_an_operator_may_not_be_is_said(visitor: Visitor, typed: dict[str, Any], problem: str) -> None:
    values = {"name": "Bob", "email": "bob@example.com", "role": "support", "password": PASSWORD} | typed
    said = visitor.fill("/operators/new", "/operators/new", **values)
    assert said.status == 422
    assert any(problem in one for one in said.problems)
    assert len(visitor.get("/operators").rows) == 1
    assert PASSWORD not in said.text


def test_another_role_ends_the_sessions(visitor: Visitor, home: ServedShop) -> None:
    other = signed_in(home, "support")
    page = visitor.done("/operators/2", "/update", role="accountant", name="Bobby")
    assert "The operator was saved." in page.main
    assert home.shop.read(lambda tx: get_operator(tx, 2)).role == "accountant"
    assert other.get("/profile").location.startswith("/console/sign-in")


def test_the_last_owner_stays(visitor: Visitor) -> None:
    said = visitor.fill("/operators/1", "/update", role="support")
    assert (said.status, said.problems) == (422, ["This is the last active owner."])
    assert visitor.fill("/operators/1", "/keep-out").status == 422
    assert visitor.get("/operators/1").status == 200


def test_somebody_is_kept_out_and_let_in_again(visitor: Visitor, home: ServedShop) -> None:
    other = signed_in(home, "support")
    assert "tests" in visitor.get("/operators/2").main
    page = visitor.done("/operators/2", "/keep-out")
    assert "Nowhere at the moment." in page.main
    assert other.get("/profile").status == 303
    assert entering(home, "support@example.com", PASSWORD) == 422
    visitor.done(page, "/let-in")
    assert entering(home, "support@example.com", PASSWORD) == 303


def test_somebody_is_helped_who_forgot_everything(visitor: Visitor, home: ServedShop) -> None:
    def forgetful(tx: Tx) -> None:
        operator_id = let_in(tx, "support")
        key = b32decode(begin_totp(tx, operator_id=operator_id).secret)
        code = TOTP(key, 6, SHA1(), 30).generate(int(tx.machine_now.timestamp())).decode()
        confirm_totp(tx, operator_id=operator_id, code=code, secret=SECRET)

    other = signed_in(home, "support")
    home.shop.write(forgetful)
    page = visitor.get("/operators/2")
    assert "on, with 10 recovery codes left" in page.main
    made = visitor.fill(page, "/password")
    password = shown_once(made)[1]
    assert other.get("/profile").status == 303
    visitor.done(page, "/factor-off")
    assert not home.shop.read(lambda tx: get_factor(tx, 2)).is_on
    assert entering(home, "support@example.com", password) == 303
    assert "1 sessions have ended" in visitor.done("/operators/2", "/end-sessions").main
    csrf = page.form("/factor-off").fields["csrf"]
    assert visitor.post("/console/operators/2/factor-off", {"csrf": csrf}).status == 422


def test_ones_own_session_stays_when_the_others_end(visitor: Visitor, home: ServedShop) -> None:
    signed_in(home)
    page = visitor.get("/operators/1")
    assert "This is you." in page.main
    assert "Sign out everywhere else" in page.main
    page = visitor.done(page, "/1/end-sessions")
    assert len(home.shop.read(lambda tx: list_sessions(tx, operator_id=1))) == 1
    done = visitor.done(page, "/password", current=PASSWORD, password="another long password")
    assert done.status == 200


@pytest.mark.parametrize(
    ("current", "problem"), [("", "must not be empty"), ("a guessed password", "is not your password")]
)
def test_ones_own_password_is_changed_by_who_knows_it(
    visitor: Visitor, home: ServedShop, current: str, problem: str
) -> None:
    page = visitor.get("/operators/1")
    refused = visitor.fill(page, "/1/password", current=current, password="another long password")
    assert (refused.status, problem in " ".join(refused.problems)) == (422, True)
    assert current not in refused.text or not current
    assert entering(home, "owner@example.com", PASSWORD) == 303
    # Nor is another one made and shown.
    csrf = page.form("/1/password").fields["csrf"]
    assert visitor.post("/console/operators/1/password", {"csrf": csrf, "current": current}).status == 422
    assert entering(home, "owner@example.com", PASSWORD) == 303
    made = visitor.fill(page, "/1/password", current=PASSWORD)
    assert entering(home, *shown_once(made)) == 303


def test_ones_own_second_factor_is_taken_off_by_who_knows_the_password(
    visitor: Visitor, home: ServedShop
) -> None:
    def confirm(tx: Tx) -> None:
        key = b32decode(begin_totp(tx, operator_id=1).secret)
        code = TOTP(key, 6, SHA1(), 30).generate(int(tx.machine_now.timestamp())).decode()
        own = list_sessions(tx, operator_id=1)[0].id
        confirm_totp(tx, operator_id=1, code=code, secret=SECRET, kept_session_id=own)

    home.shop.write(confirm)
    page = visitor.get("/operators/1")
    for proof in ("", "a guessed password"):
        refused = visitor.fill(page, "/factor-off", proof=proof)
        assert (refused.status, refused.problems[-1]) == (422, "is not your password")
    assert home.shop.read(lambda tx: get_factor(tx, 1)).is_on
    visitor.done(page, "/factor-off", proof=PASSWORD)
    assert not home.shop.read(lambda tx: get_factor(tx, 1)).is_on


def test_the_keys_of_an_operator_are_shown(visitor: Visitor, home: ServedShop) -> None:
    home.shop.write(
        lambda tx: create_key(
            tx, operator_id=1, name="till", dialect="coredna", scopes=["sales:see"], secret=SECRET
        )
    )
    page = visitor.get("/operators/1")
    assert "/console/keys/1" in page.links()
    assert "sales:see" in page.main


@pytest.mark.parametrize(("role", "sees"), [("manager", 200), ("support", 403), ("read-only", 403)])
def test_who_may_not_let_in_does_not(visitor: Visitor, home: ServedShop, role: str, sees: int) -> None:
    other = signed_in(home, role)
    assert (visitor.get("/operators").status, other.get("/operators").status) == (200, sees)
    csrf = other.get("/profile").form("/sign-out").fields["csrf"]
    for act in ("new", "1/update", "1/password", "1/keep-out", "1/let-in", "1/end-sessions", "1/factor-off"):
        values = {
            "csrf": csrf,
            "name": "Eve",
            "email": "eve@example.com",
            "role": "owner",
            "password": PASSWORD,
        }
        assert other.post(f"/console/operators/{act}", values).status == 403
    assert len(home.shop.read(list_operators)) == 2
    if sees == 200:
        page = other.get("/operators/1")
        assert [form.action for form in page.tree.forms if "/operators/" in (form.action or "")] == []


def test_what_roles_may_do_is_shown(visitor: Visitor) -> None:
    rows = {row[0].partition(":")[0]: row[1:] for row in visitor.get("/operators/roles").rows}
    assert rows["Sales"] == ["change", "change", "change", "see", "see"]
    assert rows["Operators, API users and keys"] == ["change", "see", "nothing", "nothing", "nothing"]


def test_hostile_names_are_only_text(visitor: Visitor) -> None:
    name = "<script>alert(1)</script>{{7*7}}\"'"
    page = visitor.done(
        "/operators/new",
        "/operators/new",
        name=name,
        email="eve@example.com",
        role="support",
        password=PASSWORD,
    )
    assert name in page.main
    assert "<script>alert" not in page.text + visitor.get("/operators").text
    assert visitor.get("/operators/99").status == 404
    assert visitor.get(f"/operators/{10**30}").status == 404
