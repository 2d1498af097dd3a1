"""Customers of the bank: found, taken on, changed, decided on, locked, archived; who belongs to them."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.banking.customers.models import MANUAL_REVIEW
from comptoir.domain.banking.customers.persons import PersonFacts, get_person, list_addresses
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer

NEW = {
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


def person(shop: OpenShop, customer_id: int) -> PersonFacts:
    return shop.read(lambda tx: get_person(tx, customer_id))


def events(shop: OpenShop, kind: str) -> list[Any]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in shop.read(lambda tx: tx.all(query))]


def test_somebody_is_taken_on_and_found(bank: OpenShop, visitor: Visitor) -> None:
    page = visitor.done("/bank/customers/new", "/customers/new", **NEW)
    assert "The customer was taken on." in page.main
    assert "Verified" in page.main
    assert "0283" in page.main
    assert "900000283" not in page.text
    (row,) = visitor.get("/bank/customers?who=hop+grace").rows
    assert row[:4] == ["Grace Hopper", "grace@example.com", "Verified", "person"]
    assert visitor.get("/bank/customers?who=hopper+nobody").rows == []
    assert visitor.get("/bank/customers?status=Denied").rows == []
    assert "at least 3 letters" in visitor.get("/bank/customers?who=ho").main
    assert events(bank, "bank_customer.created")
