"""People for the tests of customers: the one of the clients' own tests, and others like them."""

from datetime import date
from typing import cast

from comptoir.domain.banking.customers.persons import Address, Person

HOME: Address = {
    "address_type": "Residence", "line1": "123 Main Street", "line2": "", "line3": "", "line4": "", "city": "Anytown",
    "state": "IA", "postal_code": "55555", "country": "US", "is_active": True,
}  # fmt: skip


def person(number: int = 1, **said: object) -> Person:
    """Somebody of whom only what is needed is known, and what is said here."""
    known: Person = {
        "first_name": "Joey", "last_name": f"McTester {number}", "birth_date": date(1985, 1, 1), "gender": "M",
        "culture": "en-US", "tax_id": f"90000{number:04d}", "tag": f"tag {number}",
        "email": f"joey{number}@corepro.io", "is_documents_accepted": True, "is_backup_withholding": False,
        "is_opted_in": False,
    }  # fmt: skip
    return cast("Person", {**known, **said})
