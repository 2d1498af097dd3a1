"""Customers of the bank taken on whole: businesses, papers, names on cards, ways of taking on, addresses, tokens."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.persons import PersonFacts, get_person, list_addresses, list_phones
from comptoir.domain.banking.customers.tokens import customer_of
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.test_bank_customers import NEW
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import become, found_bank, make_customer

HOSTILE = "<script>alert(1)</script>"
BUSINESS: dict[str, Any] = {
    "business_legal_name": f"Engines {HOSTILE}", "legal_entity_type": "SCorporation", "tax_id_type": "EIN",
    "tax_id": "12-3456789", "industry_code": "51", "formed_on": "2001-02-03", "business_name_on_card": "ENGINES INC",
    "line1": "1 Main Street", "city": "Ames", "state": "IA", "postal_code": "50010", "email": "firm@example.com",
    "is_documents_accepted": "1",
}  # fmt: skip
SEAT = {
    "registered_line1": "2 High Street", "registered_city": "Dover", "registered_state": "DE",
    "registered_postal_code": "19901",
}  # fmt: skip


@pytest.fixture
def bank(shop: OpenShop) -> OpenShop:
    shop.write(found_bank)
    return shop


def person(shop: OpenShop, customer_id: int) -> PersonFacts:
    return shop.read(lambda tx: get_person(tx, customer_id))


def made(visitor: Visitor, form: str, values: dict[str, Any]) -> int:
    answer = visitor.fill(f"/bank/customers/{form}", f"/customers/{form}", None, **values)
    assert answer.status == 303, answer.problems
    return int(answer.location.rpartition("/")[2])


def events(shop: OpenShop, kind: str) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in shop.read(lambda tx: tx.all(query))]


def test_a_business_is_taken_on_at_one_address_or_at_two(bank: OpenShop, visitor: Visitor) -> None:
    firm = made(visitor, "business", BUSINESS)
    addresses = bank.read(lambda tx: list_addresses(tx, firm))
    assert [(one["address_type"], one["line1"]) for one in addresses] == [
        ("PrimaryBusiness", "1 Main Street"), ("Registered", "1 Main Street"),
    ]  # fmt: skip
    found = person(bank, firm)
    assert (found.is_business, found.detail("industry_code")) == (True, 51)
    assert found.detail_day("formed_on") == date(2001, 2, 3)
    page = visitor.get(f"/bank/customers/{firm}")
    assert page.tree.xpath("//h1")[0].text == f"Engines {HOSTILE}"
    assert HOSTILE not in page.text
    assert "S Corporation" in page.main
    assert "Information" in page.main
    assert events(bank, "bank_customer.created") == [("Ada", "console")]
    other = made(visitor, "business", BUSINESS | SEAT | {"is_registered_here": None, "tax_id": "12-3456780"})
    assert [one["line1"] for one in bank.read(lambda tx: list_addresses(tx, other))] == [
        "1 Main Street", "2 High Street",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"line1": "", "city": "", "state": "", "postal_code": ""}, "is required"),
        ({"is_registered_here": None}, "is required"),
        ({"business_legal_name": ""}, "is required"),
        ({"legal_entity_type": "Club"}, "must be one of the choices"),
        ({"industry_code": "12"}, "must be one of the choices"),
        ({"business_name_on_card": "<b>"}, "holds characters that no card bears"),
        ({"is_preferred_on_card": "1"}, "needs a preferred name"),
        ({"formed_on": "long ago"}, "must be a day such as 2026-01-31"),
        ({"foreign_type": "ConsularIdCard"}, "is required"),
        ({"foreign_country": "MEX"}, "needs the number of the papers"),
        ({"foreign_expires_on": "2031-01-01"}, "needs the number of the papers"),
    ],
)
def test_what_is_wrong_with_a_business_is_told(
    bank: OpenShop, visitor: Visitor, wrong: dict[str, Any], problem: str
) -> None:
    answer = visitor.fill("/bank/customers/business", "/customers/business", None, **(BUSINESS | wrong))
    assert answer.status == 422
    assert problem in answer.problems, answer.problems
    assert visitor.get("/bank/customers").rows == []


def test_a_business_need_not_tell_its_owners(bank: OpenShop, visitor: Visitor) -> None:
    exempt = {"is_exempt_from_ownership": "1", "exempt_reason": "UsStateRegulatedBank"}
    firm = made(visitor, "business", BUSINESS | exempt)
    found = person(bank, firm)
    assert (found.detail("is_exempt_from_ownership"), found.detail("exempt_reason")) == (
        True, "UsStateRegulatedBank",
    )  # fmt: skip
    assert "Us State Regulated Bank" in visitor.get(f"/bank/customers/{firm}").main
    visitor.done(f"/bank/customers/{firm}", "/company", is_exempt_from_ownership=None, exempt_reason="")
    found = person(bank, firm)
    assert (found.detail("is_exempt_from_ownership"), found.detail("exempt_reason") or "") == (False, "")


def test_an_address_has_four_lines(bank: OpenShop, visitor: Visitor) -> None:
    lines = {f"line{one}": f"Line {one}" for one in range(1, 5)}
    grace = made(visitor, "new", NEW | lines)
    assert "Line 1, Line 2, Line 3, Line 4" in visitor.get(f"/bank/customers/{grace}").main
    visitor.done(
        f"/bank/customers/{grace}", "/address", **lines | {"line4": "Attic"}, address_type="Residence",
        city="Ames", state="IA", postal_code="50010",
    )  # fmt: skip
    assert [one["line4"] for one in bank.read(lambda tx: list_addresses(tx, grace))] == ["Attic"]


def test_a_business_is_changed(bank: OpenShop, visitor: Visitor) -> None:
    firm = made(visitor, "business", BUSINESS)
    path = f"/bank/customers/{firm}"
    page = visitor.done(path, "/company", doing_business_as="Difference", industry_code="54")
    assert "The customer was saved." in page.main
    assert (person(bank, firm).detail("doing_business_as"), person(bank, firm).detail("industry_code")) == (
        "Difference", 54,
    )  # fmt: skip
    assert events(bank, "bank_customer.updated") == [("Ada", "console")]
    assert "Nothing was changed." in visitor.done(path, "/company").main
    assert visitor.fill(path, "/company", business_name_on_card="\N{SNOWMAN}").status == 422
    ada = bank.write(lambda tx: make_customer(tx, "Ada"))
    page = visitor.get(f"/bank/customers/{ada}")
    assert "/company" not in page.text
    values = {"csrf": page.form("/sign-out").fields["csrf"], "doing_business_as": "x"}
    assert visitor.post(f"/console/bank/customers/{ada}/company", values).status == 422


def test_papers_names_and_own_fields_are_kept(bank: OpenShop, visitor: Visitor) -> None:
    more = {
        "passport_number": "X1234567", "passport_country": "US", "passport_expires_on": "2031-01-01",
        "custom1": HOSTILE,
    }  # fmt: skip
    grace = made(visitor, "new", NEW | more)
    found = person(bank, grace)
    assert (found.passport_expires_on, found.custom1) == (date(2031, 1, 1), HOSTILE)
    path = f"/bank/customers/{grace}"
    assert HOSTILE not in visitor.get(path).text
    visitor.done(
        path, "/numbers", foreign_type="ConsularIdCard", foreign_number="MX 99-1", foreign_country="MX"
    )
    found = person(bank, grace)
    assert (found.foreign_number, found.detail("foreign_type")) == ("MX991", "ConsularIdCard")
    assert "MX991" not in visitor.get(path).text
    visitor.done(path, "/change", custom1="", custom2="two")
    assert (person(bank, grace).custom1, person(bank, grace).custom2) == ("", "two")


def test_somebody_is_looked_up_at_once(bank: OpenShop, visitor: Visitor) -> None:
    grace = made(visitor, "new", NEW | {"how": "looked up"})
    found = person(bank, grace)
    assert (found.status, found.screened is not None) == ("Verified", True)


def test_a_program_that_does_not_look_people_up_offers_it_not(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: found_bank(tx, ('"onboard", ', "")))
    wrong = visitor.fill("/bank/customers/new", "/customers/new", None, **(NEW | {"how": "looked up"}))
    assert "must be one of the choices" in wrong.problems


def test_an_address_and_a_telephone_are_no_longer_used(bank: OpenShop, visitor: Visitor) -> None:
    grace = made(visitor, "new", NEW)
    path = f"/bank/customers/{grace}"
    address = {name: NEW[name] for name in ("address_type", "line1", "city", "state", "postal_code")}
    visitor.fill(path, "/address", None, **address, is_active=None)
    assert [one["is_active"] for one in bank.read(lambda tx: list_addresses(tx, grace))] == [False]
    visitor.done(path, "/phone", phone_type="Mobile", number="5155551234", is_active=None)
    assert [one["is_active"] for one in bank.read(lambda tx: list_phones(tx, grace))] == [False]


def test_a_token_speaks_for_the_customer_and_is_shown_once(
    bank: OpenShop, visitor: Visitor, home: ServedShop
) -> None:
    ada = bank.write(lambda tx: make_customer(tx, "Ada"))
    path = f"/bank/customers/{ada}"
    page = visitor.fill(path, "/token")
    assert page.status == 200
    (token,) = (one.text for one in page.tree.find_class("shown-once"))
    assert customer_of(token, secret=home.secret, now=bank.system()) == ada
    assert token not in visitor.get(path).text
    assert events(bank, "bank_customer.token") == [("Ada", "console")]
    bank.write(lambda tx: become(tx, ada, is_locked=True))
    assert visitor.fill(path, "/token").status == 422
    assert len(events(bank, "bank_customer.token")) == 1


def test_nobody_was_in_touch_tomorrow(bank: OpenShop, visitor: Visitor) -> None:
    ada = bank.write(lambda tx: make_customer(tx, "Ada"))
    answer = visitor.fill(f"/bank/customers/{ada}/papers", "/contact", at="2099-01-01T10:00", kind="letter")
    assert "is still to come" in answer.problems
    assert person(bank, ada).last_contact_at is None


def test_who_may_only_see_takes_nobody_on(bank: OpenShop, home: ServedShop) -> None:
    ada = bank.write(lambda tx: make_customer(tx, "Ada"))
    reader = signed_in(home, "read-only")
    csrf = reader.get("/bank").form("/sign-out").fields["csrf"]
    for verb in ("business", f"{ada}/company", f"{ada}/token"):
        assert reader.post(f"/console/bank/customers/{verb}", {"csrf": csrf}).status == 403, verb
    assert events(bank, "bank_customer.token") == []
