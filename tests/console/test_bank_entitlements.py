"""What people may do with the account of a business: granted, changed and taken in the business's name."""

from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.entitling import entitlements_of
from comptoir.domain.banking.accounts.queries import access_of
from comptoir.domain.banking.customers.models import MANUAL_REVIEW
from comptoir.domain.banking.customers.relationships import create_relationship
from comptoir.domain.banking.program.queries import list_products
from comptoir.domain.customers.models import Customer
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import become, found_bank, make_account, make_customer

HOSTILE = "<b onclick=x>Mallory</b>"


class Firm(NamedTuple):
    """A business with an account, two people of it, and somebody else."""

    shop: OpenShop
    business_id: int
    account_id: int
    ada: int
    mallory: int
    stranger: int

    @property
    def path(self) -> str:
        return f"/bank/accounts/{self.account_id}/rules"

    def kept(self) -> dict[int, str]:
        rows = self.shop.read(lambda tx: entitlements_of(tx, self.account_id))
        return {one.customer_id: one.entitlement for one in rows}

    def access(self, customer_id: int) -> str:
        return self.shop.read(lambda tx: access_of(tx, self.account_id, customer_id))

    def events(self) -> list[tuple[Any, ...]]:
        query = select(Event.kind, Event.actor, Event.dialect, Event.after)
        query = query.where(Event.kind.startswith("entitlement.")).order_by(Event.seq)
        return [tuple(row) for row in self.shop.read(lambda tx: tx.all(query))]


def build(tx: Tx, *changes: tuple[str, str]) -> tuple[int, int, int, int, int]:
    found_bank(tx, *changes)
    business = make_customer(
        tx,
        "Engines",
        is_business=True,
        details={"business_legal_name": "Engines", "legal_entity_type": "LLC"},
    )
    people = [make_customer(tx, name) for name in ("Ada", "Mallory", "Eve")]
    tx.update(Customer, people[1], first_name=HOSTILE)
    for person in people[:2]:
        create_relationship(
            tx, primary_id=business, related_id=person, requester_id=None,
            role={"relationship_type": "Signer", "can_open_accounts": True},
        )  # fmt: skip
    product = next(one for one in list_products(tx) if one.is_business)
    return business, make_account(tx, business, "Till", product_id=product.id), *people  # type: ignore[return-value]


@pytest.fixture
def firm(shop: OpenShop) -> Firm:
    return Firm(shop, *shop.write(build))


def test_an_entitlement_is_granted_changed_and_taken(firm: Firm, visitor: Visitor) -> None:
    page = visitor.done(firm.path, "/entitle", person_id=str(firm.ada), entitlement="Transact")
    assert "They may act on the account now." in page.main
    assert "may look and move money" in page.main
    assert (firm.kept(), firm.access(firm.ada)) == ({firm.ada: "Transact"}, "AUTHSIGNER")
    assert firm.events() == [
        ("entitlement.changed", "Ada", "console", {"customer_id": firm.ada, "entitlement": "Transact"})
    ]
    page = visitor.done(page, "/entitlement", person_id=str(firm.ada), entitlement="View")
    assert (firm.kept(), firm.access(firm.ada)) == ({firm.ada: "View"}, "RDONLY")
    page = visitor.done(page, "/disentitle")
    assert "Nobody but the business itself." in page.main
    assert (firm.kept(), firm.access(firm.ada)) == ({}, "NONE")
    assert [row[:3] for row in firm.events()][1:] == [
        ("entitlement.changed", "Ada", "console"), ("entitlement.removed", "Ada", "console"),
    ]  # fmt: skip


def test_only_people_of_the_business_are_offered_and_taken(firm: Firm, visitor: Visitor) -> None:
    page = visitor.get(firm.path)
    offered = page.form("/entitle").inputs["person_id"].value_options
    assert offered == [str(firm.ada), str(firm.mallory)]
    assert HOSTILE not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    here = f"/console/bank/accounts/{firm.account_id}"
    for person in (firm.stranger, firm.business_id, 4711, 10**30, "x", ""):
        answer = visitor.post(f"{here}/entitle", {"csrf": csrf, "person_id": person, "entitlement": "View"})
        assert answer.status == 422, person
    for right in ("Everything", "", "\0"):
        answer = visitor.fill(page, "/entitle", person_id=str(firm.ada), entitlement=right)
        assert answer.status == 422, right
    for person in (firm.ada, 10**30, "x", ""):
        assert visitor.post(f"{here}/disentitle", {"csrf": csrf, "person": person}).status == 422, person
        values = {"csrf": csrf, "person_id": person, "entitlement": "View"}
        assert visitor.post(f"{here}/entitlement", values).status == 422, person
    assert (firm.kept(), firm.events()) == ({}, [])


def test_nothing_is_granted_to_who_waits_nor_on_what_is_locked(firm: Firm, visitor: Visitor) -> None:
    page = visitor.get(firm.path)
    firm.shop.write(lambda tx: become(tx, firm.ada, status=MANUAL_REVIEW))
    waits = visitor.fill(page, "/entitle", person_id=str(firm.ada), entitlement="View")
    assert "is not fully taken on yet" in waits.problems
    firm.shop.write(lambda tx: become(tx, firm.ada, status="Verified"))
    visitor.done(f"/bank/accounts/{firm.account_id}", "/lock", lock_type="SYS", lock_reason="ADM")
    locked = visitor.fill(page, "/entitle", person_id=str(firm.ada), entitlement="View")
    assert locked.status == 422
    assert "The account is locked." in locked.problems
    assert firm.kept() == {}


def test_accounts_of_persons_and_programs_without_them_know_none(shop: OpenShop, visitor: Visitor) -> None:
    firm = Firm(shop, *shop.write(lambda tx: build(tx, ('"entitlements", ', ""))))
    page = visitor.get(firm.path)
    assert "Who may act for the business" not in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    values = {"csrf": csrf, "person_id": firm.ada, "entitlement": "View"}
    assert visitor.post(f"/console/bank/accounts/{firm.account_id}/entitle", values).status == 422
    assert firm.kept() == {}


def test_an_account_of_a_person_knows_none(firm: Firm, visitor: Visitor) -> None:
    own = firm.shop.write(lambda tx: make_account(tx, firm.ada))
    page = visitor.get(f"/bank/accounts/{own}/rules")
    assert "Who may act for the business" not in page.main
    values = {"csrf": page.form("/sign-out").fields["csrf"], "person": firm.mallory}
    assert visitor.post(f"/console/bank/accounts/{own}/disentitle", values).status == 422


def test_who_may_only_see_grants_nothing(firm: Firm, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(firm.path)
    assert "Who may act for the business" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("entitle", "entitlement", "disentitle"):
        path = f"/console/bank/accounts/{firm.account_id}/{verb}"
        assert reader.post(path, {"csrf": csrf, "person_id": firm.ada}).status == 403, verb
    assert firm.kept() == {}
