"""Who belongs to customers: beneficiaries, what people are to businesses, applications, recommendations."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.inheriting import add_heir
from comptoir.domain.banking.customers.beneficiaries import BeneficiaryRow, list_beneficiaries
from comptoir.domain.banking.customers.persons import get_person
from comptoir.domain.banking.customers.referrals import list_referrals
from comptoir.domain.banking.customers.relationships import RelationshipRow, list_relationships
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import become, found_bank, make_account, make_customer

HOSTILE = "<script>alert(1)</script>"


class Bank:
    """A bank with a business and two persons."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        shop.write(found_bank)
        details = {"business_legal_name": "Engines", "legal_entity_type": "SCorporation"}
        self.firm = shop.write(lambda tx: make_customer(tx, "Engines", is_business=True, details=details))
        self.ada = shop.write(lambda tx: make_customer(tx, "Ada"))
        self.bob = shop.write(lambda tx: make_customer(tx, "Bob"))
        self.relations = f"/bank/customers/{self.firm}/relations"
        self.own = f"/bank/customers/{self.ada}/relations"

    def heirs(self) -> list[BeneficiaryRow]:
        return self.shop.read(lambda tx: list_beneficiaries(tx, self.ada))

    def roles(self) -> dict[int, RelationshipRow]:
        return {one.related_id: one for one in self.shop.read(lambda tx: list_relationships(tx, self.firm))}

    def events(self, kind: str) -> list[tuple[Any, ...]]:
        query = select(Event.actor, Event.dialect).where(Event.kind == kind)
        return [tuple(row) for row in self.shop.read(lambda tx: tx.all(query))]


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_a_beneficiary_is_written_down_changed_and_dropped(bank: Bank, visitor: Visitor) -> None:
    account = bank.shop.write(lambda tx: make_account(tx, bank.ada, "Nest"))
    page = visitor.done(
        bank.own, "/beneficiary", first_name="Eve", last_name=HOSTILE, tax_id="123-45-6789", birth_date="2010-01-02",
        line1="1 Main Street", city="Ames", state="ia", postal_code="50010", country="us", tag="eve",
    )  # fmt: skip
    assert HOSTILE not in page.text
    assert page.rows[0][0] == f"Eve {HOSTILE}"
    (heir,) = bank.heirs()
    assert (heir.tax_id, heir.birth_date, heir.state) == ("123456789", date(2010, 1, 2), "IA")
    assert bank.events("beneficiary.created") == [("Ada", "console")]
    bank.shop.write(lambda tx: add_heir(tx, customer_id=bank.ada, account_id=account, beneficiary_id=heir.id))
    here = f"/bank/customers/{bank.ada}/beneficiaries/{heir.id}"
    page = visitor.get(here)
    assert here in "".join(visitor.get(bank.own).links())
    assert "123456789" not in page.text
    assert [row[0] for row in page.rows] == ["Nest"]
    assert "Nothing was changed." in visitor.done(page, "/update").main
    page = visitor.done(
        here, "/update", distribution="50 %", tax_id="987654321", last_name="Fry", line3="Mill House",
        line4="Attic", is_documents_accepted="1", documents_accepted_at="2026-02-03T10:00",
    )  # fmt: skip
    assert "1 Main Street, Mill House, Attic" in page.main
    assert "2026-02-03 10:00" in page.main
    assert "Nothing was changed." in visitor.done(page, "/update").main
    (heir,) = bank.heirs()
    assert (heir.distribution, heir.tax_id, heir.last_name) == ("50 %", "987654321", "Fry")
    assert bank.events("beneficiary.updated") == [("Ada", "console")]
    page = visitor.done(page, "/drop")
    assert not bank.heirs()[0].is_active
    assert "/update" not in visitor.get(here).text


def test_what_is_wrong_with_a_beneficiary_is_told_beside_its_field(bank: Bank, visitor: Visitor) -> None:
    for name in ("Eve", "Max"):
        visitor.done(bank.own, "/beneficiary", first_name=name, last_name="Fry", tag=name)
    before = bank.heirs()
    page = visitor.get(f"/bank/customers/{bank.ada}/beneficiaries/{before[0].id}")
    for wrong, problem in (
        ({"first_name": ""}, "must not be empty"),
        ({"email": "nobody"}, "must be an e-mail address"),
        ({"state": "Iowa"}, "must have at most 2 letters"),
        ({"state": "1A"}, "must be two letters"),
        ({"birth_date": "2099-01-01"}, "must be in the past"),
        ({"tax_id": "1"}, "must be 2 to 30 letters and digits"),
        ({"legal_name2": "Second"}, "needs a first line"),
        ({"tag": "Max"}, "is used already"),
        ({"city": "\0"}, "holds characters that cannot be kept"),
    ):
        answer = visitor.fill(page, "/update", files=None, **dict(wrong))
        assert answer.status == 422, wrong
        assert problem in answer.problems, (wrong, answer.problems)
    assert bank.heirs() == before
    for wrong_id in (f"{bank.bob}/beneficiaries/{before[0].id}", f"{bank.ada}/beneficiaries/77"):
        assert visitor.get(f"/bank/customers/{wrong_id}").status == 404
    late = visitor.get(page.form("/update").action.removesuffix("/update"))
    visitor.done(page, "/update", distribution="1/2")
    assert visitor.fill(late, "/update", distribution="1/3").status == 422
    bank.shop.write(lambda tx: become(tx, bank.ada, is_locked=True))
    assert visitor.fill(page.form("/update").action.removesuffix("/update"), "/drop").status == 422
    assert bank.heirs()[0].is_active


def test_what_somebody_is_to_a_business_is_changed_and_ended(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(bank.relations)
    for person, percent in ((bank.ada, "60.25"), (bank.bob, "")):
        page = visitor.done(
            bank.relations, "/relation", related_id=str(person), relationship_type="Owner",
            ownership_percent=percent, is_primary_contact="1" if percent else None,
        )  # fmt: skip
    assert "60.25 %" in page.main
    here = f"{bank.relations}/{bank.bob}"
    page = visitor.done(
        here, "/update", ownership_percent="39.75", relationship_type="BeneficialOwner", tag="b"
    )
    assert "Beneficial Owner" in page.main
    role = bank.roles()[bank.bob]
    assert (role.ownership_percent_e2, role.relationship_type, role.tag) == (3_975, "BeneficialOwner", "b")
    assert bank.events("relationship.updated") == [("Ada", "console")]
    assert "Nothing was changed." in visitor.done(page, "/update").main
    visitor.done(page, "/contact")
    roles = bank.roles()
    assert (roles[bank.bob].is_primary_contact, roles[bank.ada].is_primary_contact) == (True, False)
    page = visitor.done(f"{bank.relations}/{bank.ada}", "/end")
    assert "It has ended." in page.main
    assert not bank.roles()[bank.ada].is_active
    assert bank.events("relationship.archived") == [("Ada", "console")]
    assert visitor.get(f"{bank.relations}/{bank.ada}").status == 404
    assert f"{bank.relations}/{bank.bob}" in "".join(
        visitor.get(f"/bank/customers/{bank.bob}/relations").links()
    )


def test_what_nobody_can_be_to_a_business_is_refused(bank: Bank, visitor: Visitor) -> None:
    right: dict[str, Any] = {
        "related_id": str(bank.ada),
        "relationship_type": "Owner",
        "ownership_percent": "60",
    }
    wrongs: tuple[dict[str, Any], ...] = (
        {"related_id": "4711"}, {"related_id": HOSTILE}, {"related_id": "9" * 30}, {"relationship_type": "Trustee"},
        {"relationship_type": "Uncle"}, {"ownership_percent": "160"}, {"ownership_percent": "-1"},
        {"ownership_percent": "0.001"}, {"ownership_percent": "many"},
    )  # fmt: skip
    for wrong in wrongs:
        answer = visitor.fill(bank.relations, "/relation", **(right | wrong))
        assert answer.status in {404, 422}, wrong
        assert HOSTILE not in answer.text
    assert bank.roles() == {}
    visitor.done(bank.relations, "/relation", **right, is_primary_contact="1")
    assert visitor.fill(bank.relations, "/relation", **right).status == 422
    here = f"{bank.relations}/{bank.ada}"
    for wrong in (
        {"is_primary_contact": None},
        {"relationship_type": "Guardian"},
        {"ownership_percent": "101"},
    ):
        assert visitor.fill(here, "/update", **wrong).status == 422, wrong
    end = visitor.fill(here, "/end")
    assert end.status == 422
    assert "name another first" in end.main
    assert bank.roles()[bank.ada].is_active
    assert bank.events("relationship.updated") == []


def test_an_application_is_kept(bank: Bank, visitor: Visitor) -> None:
    asked: dict[str, Any] = {
        "related_id": str(bank.ada), "relationship_type": "Signer", "can_open_accounts": "1",
        "control_person_id": str(bank.bob), "control_type": "Owner", "control_percent": "51", "control_is_owner": "1",
    }  # fmt: skip
    wrongs: tuple[dict[str, Any], ...] = (
        {"control_person_id": str(bank.firm)}, {"related_id": "4711"}, {"control_percent": "101"},
        {"exempt_reason": "UsStateRegulatedBank"}, {"exempt_reason": "x"}, {"control_type": ""},
        {"control_type": "Executor"},
    )  # fmt: skip
    for wrong in wrongs:
        assert visitor.fill(bank.relations, "/apply", **(asked | wrong)).status in {404, 422}, wrong
    assert bank.roles() == {}
    page = visitor.done(bank.relations, "/apply", **asked)
    assert "The application was kept." in page.main
    roles = bank.roles()
    assert (roles[bank.ada].relationship_type, roles[bank.ada].is_primary_contact) == ("Signer", True)
    assert (roles[bank.bob].is_control_person, roles[bank.bob].ownership_percent_e2) == (True, 5_100)
    assert bank.events("bank_customer.applied") == [("Ada", "console")]
    firm = bank.shop.read(lambda tx: get_person(tx, bank.firm))
    assert firm.details["is_exempt_from_ownership"] is False


def test_recommendations_are_written_down(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(bank.own, "/referral", referred_id=str(bank.bob), tag="first", custom2="at lunch")
    assert "Bob Fry" in page.main
    assert "at lunch" in page.main
    page = visitor.done(page, "/referral", first_name=HOSTILE, last_name="Doe", email="doe@example.com")
    assert HOSTILE not in page.text
    rows = bank.shop.read(lambda tx: list_referrals(tx, bank.ada))
    assert [(one.first_name, one.tag) for one in rows] == [("Bob", "first"), (HOSTILE, None)]
    assert rows[0].custom == ["", "at lunch", "", "", ""]
    assert bank.events("bank_customer.referred") == [("Ada", "console")] * 2
    wrongs: tuple[dict[str, Any], ...] = (
        {}, {"first_name": "Max"}, {"referred_id": "4711"}, {"referred_id": str(bank.ada)},
        {"referred_id": str(bank.bob)}, {"referred_id": str(bank.bob), "first_name": "Bob"},
        {"first_name": "Max", "last_name": "Doe", "email": "nobody"},
        {"first_name": "Max", "last_name": "Doe", "tag": "first"}, {"referred_id": "x"},
    )  # fmt: skip
    for wrong in wrongs:
        assert visitor.fill(bank.own, "/referral", **wrong).status in {404, 422}, wrong
    assert bank.shop.read(lambda tx: list_referrals(tx, bank.ada)) == rows


def test_who_may_only_see_changes_nothing(bank: Bank, visitor: Visitor, home: ServedShop) -> None:
    visitor.done(bank.own, "/beneficiary", first_name="Eve", last_name="Fry")
    visitor.done(bank.relations, "/relation", related_id=str(bank.ada), relationship_type="Owner")
    (heir,), (role,) = bank.heirs(), bank.roles().values()
    reader = signed_in(home, "read-only")
    heir_path, role_path = (
        f"/bank/customers/{bank.ada}/beneficiaries/{heir.id}", f"{bank.relations}/{bank.ada}",
    )  # fmt: skip
    page = reader.get("/bank")
    for path in (bank.own, bank.relations, heir_path, role_path):
        page = reader.get(path)
        assert page.status == 200
        assert [one.action for one in page.tree.forms if "/bank/" in (one.action or "")] == []
    csrf = page.form("/sign-out").fields["csrf"]
    customer = f"/bank/customers/{bank.firm}"
    for path in (
        *(f"{customer}/{verb}" for verb in ("beneficiary", "relation", "apply", "referral")),
        *(f"{heir_path}/{verb}" for verb in ("update", "drop")),
        *(f"{role_path}/{verb}" for verb in ("update", "contact", "end")),
    ):
        assert reader.post(f"/console{path}", {"csrf": csrf}).status == 403, path
    assert (bank.heirs(), list(bank.roles().values())) == ([heir], [role])
