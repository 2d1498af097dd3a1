"""Customers of whom everything is known that can be, and in every status; numbers are shown in clear.

1 says all that people can say, was asked, and is locked; 2 waits for documents, 3 came too late with them, 4 has
died, 5 was denied, 6 is archived, 7 has open questions, and 8 is a business that says all that businesses can say.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.attending import lock_customer, set_last_contact
from comptoir.domain.banking.customers.creating import create_business, create_customer, initiate_customer
from comptoir.domain.banking.customers.models import DECEASED
from comptoir.domain.banking.customers.verifying import decide, expire_registrations, verify_customer
from comptoir.domain.banking.leaving import archive_customer
from comptoir.domain.banking.program.models import Program
from comptoir.domain.identity.shopkeeping import advance_clock
from tests.dialects.corepro.worlds.customer import JOEY

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Address, Person
    from comptoir.domain.tx import OpenShop, Tx

HOME: Address = {
    "address_type": "Residence", "line1": "123 Main Street", "line2": "Floor 2", "line3": "Back", "line4": "Left",
    "city": "Anytown", "state": "IA", "postal_code": "55555-1234", "country": "US", "is_active": True,
}  # fmt: skip
FULL: Person = {
    **JOEY,
    "suffix": "Jr.",
    "email": "Joey@CorePro.io",
    "license_number": "D 123-4567",
    "license_state": "ia",
    "license_issued_on": date(2020, 2, 3),
    "license_expires_on": date(2028, 2, 3),
    "passport_number": "P9876543",
    "passport_country": "USA",
    "passport_issued_on": date(2019, 5, 6),
    "passport_expires_on": date(2029, 5, 6),
    "foreign_number": "F-555 444",
    "foreign_type": "consularidcard",
    "foreign_country": "MEX",
    "foreign_expires_on": date(2027, 7, 8),
    "preferred_name": "Joe McT",
    "is_preferred_on_card": True,
    "tax_id_type": "ssn",
    "custom1": "one",
    "custom2": "two",
    "custom3": "three",
    "custom4": "four",
    "custom5": "five",
    "addresses": [HOME],
    "phones": [{"phone_type": "mobile", "number": "515-555-1234", "is_active": True}],
}
WORKS: Person = {
    "business_legal_name": "Works of Anytown",
    "business_name_on_card": "WORKS",
    "business_description": "Makes things",
    "business_website": "https://works.example.com",
    "doing_business_as": "Works",
    "legal_entity_type": "ccorporation",
    "tax_id": "12-3456789",
    "tax_id_type": "EIN",
    "tag": "works",
    "email": "office@works.example.com",
    "formation_state": "ia",
    "formed_on": date(2001, 2, 3),
    "industry_code": 31,
    "attested_on": date(2026, 2, 1),
    "attester_name": "Joey McTester",
    "attester_title": "Owner",
    "is_exempt_from_ownership": True,
    "exempt_reason": "UsStateRegulatedBank",
    "is_documents_accepted": True,
    "addresses": [{**HOME, "address_type": kind} for kind in ("Registered", "PrimaryBusiness")],
}


def load(shop: OpenShop) -> None:
    """Take them on, let two weeks go by, and let things happen to them."""
    shop.write(lambda tx: tx.update(Program, 1, is_sensitive_info_visible=True))
    shop.write(_asked)
    shop.write(lambda tx: initiate_customer(tx, person=waiting(2, "900000000")))
    shop.write(lambda tx: initiate_customer(tx, person=waiting(3, "910000000")))
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=15)))
    shop.write(lambda tx: decide(tx, customer_id=2, status="Verified"))
    shop.write(expire_registrations)
    shop.write(_others)


def waiting(number: int, tax_id: str) -> Person:
    """Somebody of whom only what is needed is known."""
    return {**JOEY, "first_name": "Joey", "last_name": f"McTester {number}", "tag": f"tag {number}", "tax_id": tax_id,
            "email": ""}  # fmt: skip


def _asked(tx: Tx) -> None:
    asked = initiate_customer(tx, person=FULL)
    answers = {one.type: one.answers[0] for one in asked.questions}
    verify_customer(tx, customer_id=asked.customer_id, key=asked.key, answers=answers)
    set_last_contact(tx, customer_id=1, at=datetime(2026, 2, 27, 18, tzinfo=UTC), kind="Phone")
    lock_customer(tx, customer_id=1, reason="Lost papers")


def _others(tx: Tx) -> None:
    create_customer(tx, person=waiting(4, "920000001"))
    decide(tx, customer_id=4, status=DECEASED)
    initiate_customer(tx, person=waiting(5, "930009999"))
    create_customer(tx, person=waiting(6, "940000001"))
    archive_customer(tx, customer_id=6)
    initiate_customer(tx, person=waiting(7, "950000001"))
    # A business is looked into only where identities are.
    tx.update(Program, 1, verification_type="ID")
    create_business(tx, person=WORKS)
    tx.update(Program, 1, verification_type="Any")
