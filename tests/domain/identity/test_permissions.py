from __future__ import annotations

import pytest

from comptoir.domain.identity.actions import update_operator
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.identity.permissions import (
    AREAS,
    BOOKS,
    CHANGE,
    OWNER,
    PEOPLE,
    PERMISSIONS,
    ROLES,
    SALES,
    SEE,
    covers,
    permissions_of,
    require,
)
from comptoir.domain.identity.queries import find_credential, hash_key
from comptoir.domain.identity.scopes import granted
from comptoir.domain.tx import SYSTEM, Actor, Tx
from tests.domain.identity.given import SECRET, key, operator

# What a role may change; then what it may only see.
TOLD = {
    "owner": (set(AREAS), set()),
    "manager": (set(AREAS) - {"people"}, {"people"}),
    "support": ({"sales", "customers", "messages"}, {"catalogue", "files"}),
    "accountant": (
        {"books", "bank", "files"},
        {"catalogue", "sales", "customers", "messages", "audit", "settings"},
    ),
    "read-only": (set(), set(AREAS) - {"people"}),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_it_is_told(role: str) -> None:
    changes, only_sees = TOLD[role]
    assert permissions_of(role) == {f"{area}:see" for area in changes | only_sees} | {
        f"{area}:change" for area in changes
    }


def test_no_role_is_no_permission() -> None:
    assert permissions_of("king") == frozenset()
    assert permissions_of(OWNER) == PERMISSIONS


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (("*",), PERMISSIONS),
        (("read",), {f"{area}:see" for area in AREAS}),
        (("coredna:write",), {f"{area}:change" for area in AREAS}),
        (("coredna:*",), PERMISSIONS),
        (("corepro:*", "corepro:read"), set()),
        (("sales:see", "sales:change", "books:see"), {"sales:see", "sales:change", "books:see"}),
        (("king", "sales:rule", ":read", ""), set()),
    ],
)
def test_scopes_mean_what_they_say(scopes: tuple[str, ...], allowed: set[str]) -> None:
    assert granted(scopes, "coredna", OWNER) == allowed


@pytest.mark.parametrize("role", ROLES)
def test_a_key_may_no_more_than_its_operator(role: str) -> None:
    assert granted(("*",), "coredna", role) == permissions_of(role)
    assert granted(("books:change", "people:see"), "coredna", role) <= permissions_of(role)


def test_a_key_follows_the_role_of_its_operator(tx: Tx) -> None:
    operator(tx)
    bob = operator(tx, "bob@example.com", "support")
    made = key(tx, bob, scopes=["*"])

    def actor() -> Actor:
        found = find_credential(tx, hash_key(made.key, SECRET))
        assert found is not None
        return found.actor()

    assert covers(actor(), SALES, CHANGE)
    assert not covers(actor(), BOOKS, SEE)
    update_operator(tx, operator_id=bob, role="accountant")
    assert covers(actor(), BOOKS, CHANGE)
    with pytest.raises(ScopeMissing, match="sales:change"):
        require(actor(), SALES, CHANGE)


def test_the_house_itself_may_everything() -> None:
    for area in AREAS:
        require(SYSTEM, area, CHANGE)
    with pytest.raises(ScopeMissing):
        require(Actor("ann", "console", scopes=permissions_of("manager")), PEOPLE, CHANGE)
