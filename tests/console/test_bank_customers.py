"""Customers of the bank: found, taken on, changed, decided on, locked, archived; who belongs to them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.creating import initiate_customer
from comptoir.domain.banking.customers.notes import list_notes
from comptoir.domain.banking.customers.persons import PersonFacts, get_person, list_addresses, list_phones
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer

HOSTILE = "<script>alert(1)</script>"
NEW: dict[str, Any] = {
    "first_name": "Grace", "last_name": "Hopper", "birth_date": "1985-12-09", "gender": "F", "culture": "en-US",
    "email": "grace@example.com", "tax_id": "900-00-0283", "is_documents_accepted": "1", "is_opted_in": "1",
    "is_backup_withholding": "1",
    "address_type": "Residence", "line1": "1 Main Street", "city": "Ames", "state": "IA", "postal_code": "50010",
    "phone_type": "Mobile", "number": "515 555 1234",
}  # fmt: skip


@pytest.fixture
def bank(shop: OpenShop) -> OpenShop:
    shop.write(found_bank)
    return shop


@pytest.fixture
def ada(bank: OpenShop) -> int:
    return bank.write(lambda tx: make_customer(tx, "Ada"))


def person(shop: OpenShop, customer_id: int) -> PersonFacts:
    return shop.read(lambda tx: get_person(tx, customer_id))


def events(shop: OpenShop, kind: str) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in shop.read(lambda tx: tx.all(query))]


def test_somebody_is_taken_on_and_found(bank: OpenShop, visitor: Visitor) -> None:
    page = visitor.done("/bank/customers/new", "/customers/new", **NEW)
    assert "The customer was taken on." in page.main
    assert "Verified" in page.main
    assert "…0283" in page.main
    assert "900000283" not in page.text
    (row,) = visitor.get("/bank/customers?who=hop+grace").rows
    assert row[:4] == ["Grace Hopper", "grace@example.com", "Verified", "person"]
    assert visitor.get("/bank/customers?who=hopper+nobody").rows == []
    assert visitor.get("/bank/customers?status=Denied").rows == []
    assert "at least 3 letters" in visitor.get("/bank/customers?who=ho").main
    assert visitor.get("/bank/customers?who=%00%00%00").rows == []
    assert events(bank, "bank_customer.created") == [("Ada", "console")]
    lines = visitor.get("/bank/customers?format=csv").text.splitlines()
    assert lines[0] == "id,Name,E-mail,Status,Kind,Tag,Locked,Since"
    assert "Grace Hopper" in lines[1]


def test_what_is_missing_is_said_beside_its_fields(bank: OpenShop, visitor: Visitor) -> None:
    wrong = visitor.fill("/bank/customers/new", "/customers/new", **(NEW | {"last_name": "", "tax_id": "-"}))
    assert wrong.status == 422
    assert "is required" in wrong.problems
    assert "900" not in wrong.form("/customers/new").fields["tax_id"]
    place = visitor.fill(
        "/bank/customers/new", "/customers/new", **(NEW | {"postal_code": "12", "line1": ""})
    )
    assert {"must be 5 or 9 digits", "is required"} <= set(place.problems)
    young = visitor.fill("/bank/customers/new", "/customers/new", **(NEW | {"birth_date": "1885-12-09"}))
    assert "must be after 01/01/1900 and in the past" in young.problems
    assert visitor.get("/bank/customers").rows == []


def test_somebody_is_asked_questions_and_answers_them(bank: OpenShop, visitor: Visitor) -> None:
    page = visitor.done("/bank/customers/new", "/customers/new", **(NEW | {"how": "by questions"}))
    (row,) = visitor.get("/bank/customers").rows
    assert row[2] == "Initiated"
    form = page.form("/verify")
    answers = {name: form.inputs[name].value_options[-1] for name in form.fields if name.startswith("q")}
    assert answers
    done = visitor.done(page, "/verify", **answers)
    assert "The customer is " in done.main
    again = visitor.post(form.action, {"csrf": done.form("/sign-out").fields["csrf"]})
    assert again.status == 422


def test_a_customer_is_changed_and_their_numbers_replaced(bank: OpenShop, ada: int, visitor: Visitor) -> None:
    path = f"/bank/customers/{ada}"
    assert "The customer was saved." in visitor.done(path, "/change", email="ada@new.example").main
    assert person(bank, ada).email == "ada@new.example"
    assert events(bank, "bank_customer.updated") == [("Ada", "console")]
    visitor.done(path, "/numbers", passport_number="X1234567", passport_country="US")
    assert person(bank, ada).passport_number == "X1234567"
    assert "X1234567" not in visitor.get(path).text
    wrong = visitor.fill(path, "/change", email="no address")
    assert wrong.status == 422
    visitor.done(
        path,
        "/address",
        **{name: NEW[name] for name in ("address_type", "line1", "city", "state", "postal_code")},
    )
    visitor.done(path, "/phone", phone_type="Home", number="515 555 0000")
    assert bank.read(lambda tx: list_addresses(tx, ada))[0]["line1"] == "1 Main Street"
    assert bank.read(lambda tx: list_phones(tx, ada))[0]["number"] == "5155550000"
    bad = visitor.fill(path, "/address", address_type="Residence", line1="PO Box 1", city="Ames", state="I")
    assert bad.status == 422
    assert "is a PO box, where nobody lives" in bad.problems


def test_a_customer_is_locked_and_unlocked(bank: OpenShop, ada: int, visitor: Visitor) -> None:
    page = visitor.done(f"/bank/customers/{ada}", "/lock", reason=HOSTILE)
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    refused = visitor.fill(page, "/change", email="x@example.com")
    assert refused.status == 422
    visitor.done(page, "/unlock")
    assert not person(bank, ada).is_locked
    assert events(bank, "bank_customer.locked") == [("Ada", "console")]


def test_the_bank_decides_of_who_waits(bank: OpenShop, visitor: Visitor) -> None:
    who: Any = {name: value for name, value in NEW.items() if name in PersonFacts._fields} | {
        "tax_id": "900000283"
    }
    who |= dict.fromkeys(("is_documents_accepted", "is_opted_in", "is_backup_withholding"), True)
    who["birth_date"] = date(1985, 12, 9)
    waiting = bank.write(lambda tx: initiate_customer(tx, person=who)).customer_id
    page = visitor.done(f"/bank/customers/{waiting}", "/decide", status="Denied")
    assert "The customer is Denied now." in page.main
    assert person(bank, waiting).status == "Denied"
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/decide")]
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console/bank/customers/{waiting}/decide", {"csrf": csrf, "status": "Verified"})
    assert refused.status == 422
    assert person(bank, waiting).status == "Denied"


def test_a_customer_leaves_only_once_nothing_is_left(bank: OpenShop, ada: int, visitor: Visitor) -> None:
    bank.write(lambda tx: make_account(tx, ada, balance_minor=100))
    refused = visitor.fill(f"/bank/customers/{ada}", "/archive")
    assert refused.status == 422
    assert person(bank, ada).status == "Verified"
    bob = bank.write(lambda tx: make_customer(tx, "Bob"))
    page = visitor.done(f"/bank/customers/{bob}", "/archive")
    assert "The customer has left." in page.main
    assert person(bank, bob).status == "Archived"


def test_notes_and_contacts_are_written_down(bank: OpenShop, ada: int, visitor: Visitor) -> None:
    page = visitor.done(f"/bank/customers/{ada}/papers", "/note", text=f"Called. {HOSTILE}")
    assert HOSTILE not in page.text
    assert [row[:2] for row in page.rows] == [[f"Called. {HOSTILE}", "Ada"]]
    assert len(bank.read(lambda tx: list_notes(tx, ada))) == 1
    assert visitor.fill(page, "/note", text="").status == 422
    visitor.done(page, "/contact", at="2026-02-03T10:00", kind="letter")
    assert person(bank, ada).last_contact_type == "letter"


def test_who_may_only_see_changes_nothing(bank: OpenShop, ada: int, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/customers/{ada}")
    for ending in ("", "/money", "/papers", "/relations"):
        page = reader.get(f"/bank/customers/{ada}{ending}")
        assert page.status == 200
        assert [one.action for one in page.tree.forms if "/bank/" in (one.action or "")] == []
    csrf = page.form("/sign-out").fields["csrf"]
    verbs = (
        "change", "numbers", "address", "phone", "verify", "look-up", "decide", "lock", "unlock", "archive", "contact",
        "note",
    )  # fmt: skip
    for verb in verbs:
        assert reader.post(f"/console/bank/customers/{ada}/{verb}", {"csrf": csrf}).status == 403, verb
    assert reader.post("/console/bank/customers/new", {"csrf": csrf}).status == 403


def test_a_customer_of_the_shop_alone_is_none_of_the_bank(bank: OpenShop, visitor: Visitor) -> None:
    for ending in ("", "/money", "/papers", "/relations"):
        assert visitor.get(f"/bank/customers/4711{ending}").status == 404
    assert bank.name == "test"
