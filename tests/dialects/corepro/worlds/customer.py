"""One customer, of whom little is known: the one of the clients' own tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.creating import create_customer

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Person
    from comptoir.domain.tx import OpenShop

JOEY: Person = {
    "first_name": "Joey",
    "middle_name": "Flanagan",
    "last_name": "McTester",
    "birth_date": date(1985, 1, 1),
    "gender": "M",
    "culture": "en-US",
    "tax_id": "012341234",
    "tag": "first",
    "email": "joey@corepro.io",
    "is_documents_accepted": True,
    "is_backup_withholding": False,
    "is_opted_in": False,
}


def load(shop: OpenShop) -> None:
    """Take the customer on, with the id 1."""
    shop.write(lambda tx: create_customer(tx, person=JOEY))
