"""A business and its people.

Customer 1 is a business that 2 owns in part, controls and speaks for, and 3 signs for. 4 and 5 are people beside
it; 6 has left, 7 is not verified, 8 is locked, 9 has died. 10 is a trust and 11 a business of which nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.attending import lock_customer
from comptoir.domain.banking.customers.creating import create_business, create_customer, initiate_customer
from comptoir.domain.banking.customers.models import DECEASED
from comptoir.domain.banking.customers.relationships import create_relationship
from comptoir.domain.banking.customers.verifying import decide
from comptoir.domain.banking.leaving import archive_customer
from tests.dialects.corepro.worlds.customers_full import WORKS, waiting

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Person
    from comptoir.domain.banking.customers.relationships import Role
    from comptoir.domain.tx import OpenShop, Tx

OWNER: Role = {
    "relationship_type": "Owner", "can_open_accounts": True, "is_primary_contact": True, "is_control_person": True,
    "is_beneficial_owner": True, "ownership_percent_e2": 60_00, "external_access_type": "FULL", "tag": "r 2",
}  # fmt: skip
SIGNER: Role = {
    "relationship_type": "Signer", "can_open_accounts": False, "is_primary_contact": False,
    "is_control_person": False, "is_beneficial_owner": False,
}  # fmt: skip


def load(shop: OpenShop) -> None:
    """Take them all on, and let things happen to them."""
    shop.write(_load)


def _load(tx: Tx) -> None:
    create_business(tx, person=_business("works", "CCorporation"))
    for number in range(2, 10):
        if number == 7:
            initiate_customer(tx, person=waiting(number, "950000001"))
        else:
            create_customer(tx, person=waiting(number, "950000001"))
    create_business(tx, person=_business("trust", "Trust"))
    create_business(tx, person=_business("other works", "LimitedLiabilityCompany"))
    archive_customer(tx, customer_id=6)
    lock_customer(tx, customer_id=8, reason="")
    decide(tx, customer_id=9, status=DECEASED)
    for related_id, role in ((2, OWNER), (3, SIGNER)):
        create_relationship(tx, primary_id=1, related_id=related_id, requester_id=None, role=role)


def _business(tag: str, kind: str) -> Person:
    return {**WORKS, "tag": tag, "legal_entity_type": kind}
