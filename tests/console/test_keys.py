"""API users and keys: made in the browser, used at once by a program, changed, rotated, revoked."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.queries import get_key, list_keys
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.merchant.actions import found_merchant
from tests.conftest import SECRET
from tests.console.visiting import Paper, Visitor, signed_in

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Tx

BASE: dict[str, Any] = {"operator_id": "1", "scopes": "*"}
PATHS = {"coredna": "/products", "twocheckout": "/api/acct/detail_company_info", "corepro": "/program/get"}


@pytest.fixture
def trading(home: ServedShop, visitor: Visitor) -> Visitor:
    """A shop in which each dialect has something to say."""

    def found(tx: Tx) -> None:
        change_shop(tx, currency="USD")
        found_merchant(tx)
        found_program(tx, sample_plan("example1"))

    home.shop.write(found)
    return visitor


def made(visitor: Visitor, dialect: str, name: str = "till", **more: Any) -> list[str]:
    """Make one in the browser: what is shown once."""
    page = visitor.fill("/keys/new", "/keys/new", **BASE | {"dialect": dialect, "name": name} | more)
    assert page.status == 200, page.problems
    return shown_once(page)


def shown_once(page: Paper) -> list[str]:
    return [str(one.text_content()) for one in page.tree.find_class("shown-once")]


def asked(visitor: Visitor, dialect: str, said: list[str], path: str = "", **more: Any) -> int:
    """The status of a program's request."""
    told = f"Basic {b64encode(':'.join(said).encode()).decode()}"
    credential = f"Bearer {said[0]}" if dialect == "coredna" else told
    headers = {"Authorization": credential, "Accept": "application/json"}
    method = more.pop("method", "GET")
    answer = visitor.client.simulate_request(
        method, path or PATHS[dialect], headers=headers, remote_addr="127.0.0.1", **more
    )
    return int(answer.status_code)


@pytest.mark.parametrize("dialect", PATHS)
def test_what_is_made_is_used_at_once(trading: Visitor, home: ServedShop, dialect: str) -> None:
    said = made(trading, dialect)
    assert len(said) == (1 if dialect == "coredna" else 2)
    assert asked(trading, dialect, said) == 200
    assert asked(trading, dialect, [*said[:-1], f"{said[-1]}x"]) == 401
    page = trading.get("/keys/1")
    assert said[-1] not in page.text + trading.get("/keys").text + trading.get("/events").text
    assert trading.get("/keys").rows[0][0:2] == ["till", dialect]
    assert trading.get("/keys").rows[0][-2:] == ["Ada", "active"]
    (event,) = home.shop.read(lambda tx: list_events_of(tx, subject="api_key", subject_id=1))
    assert (event.kind, event.operator_id, event.dialect) == ("api_key.created", 1, "console")


@pytest.mark.parametrize("dialect", PATHS)
def test_the_example_that_is_shown_is_the_one_to_paste(trading: Visitor, dialect: str) -> None:
    page = trading.fill(
        "/keys/new", "/keys/new", **BASE | {"dialect": dialect, "name": "it's", "password": "pass 'word' 1"}
    )
    (example,) = page.tree.xpath("//main//pre/text()")
    assert example.startswith("curl ")
    assert PATHS[dialect] in example
    assert asked(trading, dialect, shown_once(page)) == 200


@pytest.mark.parametrize("dialect", PATHS)
def test_one_that_only_sees_changes_nothing(trading: Visitor, dialect: str) -> None:
    said = made(trading, dialect, scopes="read")
    assert asked(trading, dialect, said) == 200
    writes = {
        "coredna": ("/products", {"name": "x"}),
        "twocheckout": ("/api/products/create_product", {"name": "x", "price": "1"}),
        "corepro": ("/customer/create", {"firstName": "x"}),
    }
    path, body = writes[dialect]
    status = asked(trading, dialect, said, path, method="POST", json=body)
    assert status in {400, 401, 403}
    assert trading.get("/keys/1").rows[0][1] == "see"


def test_one_may_be_kept_to_some_areas(trading: Visitor, home: ServedShop) -> None:
    said = made(trading, "coredna", scopes="some", sees=["catalogue", "sales"], changes=["sales"])
    assert asked(trading, "coredna", said, "/products") == 200
    assert asked(trading, "coredna", said, "/orders") == 200
    assert asked(trading, "coredna", said, "/users") == 401
    assert home.shop.read(lambda tx: get_key(tx, 1)).scopes == ["catalogue:see", "sales:change", "sales:see"]
    assert [row[1] for row in trading.get("/keys/1").rows] == ["see", "see and change"]
    none = trading.fill(
        "/keys/new", "/keys/new", **BASE | {"dialect": "coredna", "name": "x", "scopes": "some"}
    )
    assert (none.status, none.problems[-1]) == (422, "needs something marked below")


def test_one_may_no_more_than_its_operator(trading: Visitor, home: ServedShop) -> None:
    signed_in(home, "support")
    said = made(trading, "coredna", operator_id="2")
    assert asked(trading, "coredna", said, "/orders") == 200
    assert asked(trading, "coredna", said, "/feed/events") == 403
    trading.done("/operators/2", "/update", role="accountant")
    assert asked(trading, "coredna", said, "/feed/events") == 200
    trading.done("/operators/2", "/keep-out")
    assert asked(trading, "coredna", said, "/orders") == 401


def test_one_may_be_kept_to_addresses_and_a_time(trading: Visitor, home: ServedShop) -> None:
    ends = home.shop.read(lambda tx: tx.shop.local(tx.now + timedelta(days=1))).strftime("%Y-%m-%dT%H:%M")
    said = made(trading, "coredna", networks="10.0.0.0/8\r\n 192.0.2.7 ", expires_at=ends)
    assert asked(trading, "coredna", said) == 401
    page = trading.done("/keys/1", "/update", networks="127.0.0.1")
    assert "The key was saved." in page.main
    assert asked(trading, "coredna", said) == 200
    now = home.shop.system()
    home.shop.system = lambda: now + timedelta(hours=11)
    assert asked(trading, "coredna", said) == 200
    home.shop.system = lambda: now + timedelta(days=1)
    assert asked(trading, "coredna", said) == 401
    home.shop.system = lambda: now
    trading.done("/keys/1", "/update", expires_at="")
    home.shop.system = lambda: now + timedelta(days=1)
    assert asked(trading, "coredna", said) == 200


@pytest.mark.parametrize("dialect", PATHS)
def test_one_is_rotated_with_a_time_of_grace(trading: Visitor, home: ServedShop, dialect: str) -> None:
    first = made(trading, dialect, scopes="read")
    second = shown_once(trading.fill("/keys/1", "/rotate", grace="1"))
    assert second != first
    assert [asked(trading, dialect, said) for said in (first, second)] == [200, 200]
    page = trading.get("/keys/1")
    assert "replaced by number 2" in page.main
    assert home.shop.read(lambda tx: get_key(tx, 2)).scopes == ["read"]
    now = home.shop.system()
    home.shop.system = lambda: now + timedelta(hours=1)
    assert [asked(trading, dialect, said) for said in (first, second)] == [401, 200]
    third = shown_once(trading.fill("/keys/2", "/rotate", grace="0", password="my own choice"))
    assert third[-1] == "my own choice"
    assert [asked(trading, dialect, said) for said in (second, third)] == [401, 200]
    csrf = page.form("/sign-out").fields["csrf"]
    for number in (1, 2):
        again = trading.post(f"/console/keys/{number}/rotate", {"csrf": csrf, "grace": "0"})
        assert again.status == 422
    assert len(home.shop.read(list_keys)) == 3


@pytest.mark.parametrize("dialect", PATHS)
def test_one_is_revoked_at_once(trading: Visitor, dialect: str) -> None:
    said = made(trading, dialect)
    page = trading.done("/keys/1", "/revoke")
    assert "opens nothing any more" in page.main
    assert asked(trading, dialect, said) == 401
    assert [form.action for form in page.tree.forms if "/keys/" in (form.action or "")] == []
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("revoke", "update", "rotate"):
        values = {"csrf": csrf, "grace": "0", "name": "x", "scopes": "read"}
        assert trading.post(f"/console/keys/1/{act}", values).status == 422


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"dialect": "king"}, "must be one of the choices"),
        ({"name": ""}, "must not be empty"),
        ({"operator_id": "99"}, "must be one of the choices"),
        ({"scopes": "rule"}, "must be one of the choices"),
        ({"scopes": "some", "sees": ["kitchen"]}, "must be one of the choices"),
        ({"networks": "nowhere"}, "is no network"),
        ({"expires_at": "2001-01-01T00:00"}, "must be in the future"),
        ({"expires_at": "soon"}, "must be a time"),
        ({"password": "x" * 300}, "is longer than 255 characters"),
        ({"dialect": "twocheckout", "name": "a:b"}, "without a colon"),
        ({"dialect": "twocheckout", "password": "short"}, "must have 8 to 150"),
        ({"dialect": "corepro", "name": "taken"}, "there is an API user taken already"),
        ({"password": "taken by another"}, "another key has this value"),
        ({"name": "\0"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_is_said_and_makes_nothing(
    trading: Visitor, home: ServedShop, typed: dict[str, Any], problem: str
) -> None:
    made(trading, "corepro", "taken")
    made(trading, "coredna", password="taken by another")
    values = BASE | {"dialect": "coredna", "name": "till"} | typed
    said = trading.fill("/keys/new", "/keys/new", **values)
    assert said.status == 422
    assert problem.lower() in " ".join(said.problems).lower()
    assert len(home.shop.read(list_keys)) == 2
    assert "taken by another" not in said.text


def test_scopes_from_elsewhere_stay_unless_they_are_changed(trading: Visitor, home: ServedShop) -> None:
    home.shop.write(
        lambda tx: create_key(
            tx,
            operator_id=1,
            name="till",
            dialect="coredna",
            scopes=["coredna:read", "sales:change"],
            secret=SECRET,
        )
    )
    trading.done("/keys/1", "/update", name="shop")
    row = home.shop.read(lambda tx: get_key(tx, 1))
    assert (row.name, row.scopes) == ("shop", ["coredna:read", "sales:change"])
    trading.done("/keys/1", "/update", changes=["sales", "books"])
    scopes = home.shop.read(lambda tx: get_key(tx, 1)).scopes
    assert {"sales:change", "books:change", "sales:see", "bank:see"} <= set(scopes)
    assert not {"coredna:read", "bank:change"} & set(scopes)
    trading.done("/keys/1", "/update", scopes="read")
    assert home.shop.read(lambda tx: get_key(tx, 1)).scopes == ["read"]


def test_the_second_of_two_tabs_is_told(trading: Visitor) -> None:
    made(trading, "coredna")
    page = trading.get("/keys/1")
    trading.done(page, "/update", name="first")
    told = trading.post(
        page.form("/update").action, dict(page.form("/update").form_values()) | {"name": "second", "once": ""}
    )
    assert told.status == 422
    assert trading.get("/keys").rows[0][0] == "first"


@pytest.mark.parametrize(("role", "sees"), [("manager", 200), ("accountant", 403)])
def test_who_may_not_let_programs_in_does_not(
    trading: Visitor, home: ServedShop, role: str, sees: int
) -> None:
    made(trading, "coredna")
    other = signed_in(home, role)
    for path in ("/keys", "/keys/1", "/keys/new"):
        assert other.get(path).status == sees
    csrf = other.get("/profile").form("/sign-out").fields["csrf"]
    for act in ("new", "1/update", "1/rotate", "1/revoke"):
        values = BASE | {"csrf": csrf, "dialect": "coredna", "name": "x", "grace": "0"}
        assert other.post(f"/console/keys/{act}", values).status == 403
    assert [row.name for row in home.shop.read(list_keys)] == ["till"]


def test_keys_are_found_and_written_as_csv(trading: Visitor) -> None:
    made(trading, "coredna", "=till <b>")
    made(trading, "twocheckout", "APIuser1")
    assert [row[0] for row in trading.get("/keys?dialect=twocheckout").rows] == ["APIuser1"]
    assert [row[0] for row in trading.get("/keys?name=TILL").rows] == ["=till <b>"]
    assert trading.get("/keys?operator_id=2").rows == []
    lines = trading.get("/keys?format=csv").text.splitlines()
    assert lines[0] == "id,Name,Dialect,Begins with,Scopes,From,Last used,Ends,Acts for,State"
    assert lines[2].startswith("1,'=till <b>,coredna,ck_")
    assert trading.get("/keys/99").status == 404
