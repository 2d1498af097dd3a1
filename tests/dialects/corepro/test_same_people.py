"""A customer of the bank is a user of Core dna: the same id, name and address; and no number of theirs is logged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from structlog.testing import capture_logs

from comptoir.domain.events.models import Event
from tests.dialects.corepro.asking import COREDNA_KEY, credentials

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

JOEY = {
    "firstName": "Joey", "lastName": "McTester", "birthDate": "1985-01-01", "gender": "M", "culture": "en-US",
    "taxId": "987-65-4321", "passportNumber": "P5551234", "driversLicenseNumber": "D5559876",
    "isDocumentsAccepted": True,
    "isSubjectToBackupWithholding": False, "isOptedInToBankCommunication": False, "emailAddress": "joey@corepro.io",
    "customField3": "three", "tag": "joey",
}  # fmt: skip
SECRETS = ("987654321", "987-65-4321", "P5551234", "D5559876")


def bank(wire: BankWire, method: str, path: str, body: Any = None) -> Any:
    raw = None if body is None else json.dumps(body).encode()
    answer = wire.request(
        method, path, key="none", raw=raw, content_type="application/json",
        headers={"Authorization": credentials("updating")},
    )  # fmt: skip
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["data"]


def shop(wire: BankWire, method: str, path: str, body: Any = None) -> Any:
    answer = wire.request(method, path, key=COREDNA_KEY, json=body)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["data"]


def test_customers_of_the_bank_are_users_of_core_dna(wire: BankWire, world: World) -> None:
    world("empty")
    customer_id = bank(wire, "POST", "/customer/create", JOEY)["customerId"]
    user = shop(wire, "GET", f"/users/{customer_id}")
    assert user["id"] == str(customer_id)
    assert user["email"] == user["username"] == "joey@corepro.io"
    assert (user["name"]["firstname"], user["name"]["lastname"]) == ("Joey", "McTester")
    assert (user["dob"], user["custom"]["custom3"]) == ("1985-01-01", "three")
    shop(wire, "PUT", f"/users/{customer_id}", {"name": {"lastname": "Other"}, "email": "other@corepro.io"})
    known = bank(wire, "GET", f"/customer/get/{customer_id}")
    assert (known["lastName"], known["emailAddress"], known["firstName"]) == (
        "Other",
        "other@corepro.io",
        "Joey",
    )
    assert bank(wire, "GET", "/customer/getByEmail/OTHER@corepro.io")["customerId"] == customer_id
    bank(wire, "POST", "/customer/update", {"customerId": customer_id, "lastName": "Third"})
    assert shop(wire, "GET", f"/users/{customer_id}")["name"]["lastname"] == "Third"


def test_numbers_that_identify_people_are_in_no_log_and_no_event(wire: BankWire, world: World) -> None:
    world("empty")
    with capture_logs() as logged:
        customer_id = bank(wire, "POST", "/customer/create", JOEY)["customerId"]
        bank(wire, "POST", "/customer/update", {"customerId": customer_id, **JOEY, "firstName": "Josephine"})
        bank(wire, "POST", "/customer/search", {"taxId": "987654321", "passportNumber": "P5551234"})
        bank(wire, "GET", f"/customer/get/{customer_id}")
    events = wire.shop.read(lambda tx: repr(tx.all(select(Event.kind, Event.before, Event.after))))
    told = repr(logged) + events
    assert "bank_customer.updated" in told
    assert [secret for secret in SECRETS if secret in told] == []
