"""Two customers; the first has an account, which one beneficiary is to have, and another who is none any more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.models import AccountBeneficiary
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary, deactivate_beneficiary
from comptoir.domain.banking.customers.creating import create_customer
from tests.dialects.corepro.worlds.customer import JOEY

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.beneficiaries import Beneficiary
    from comptoir.domain.tx import OpenShop, Tx

FREDDIE: Beneficiary = {
    "tag": "freddie", "first_name": "Freddie", "middle_name": "F", "last_name": "Mercury", "suffix": "Sr.",
    "birth_date": date(1969, 5, 5), "tax_id": "123-41-2349", "legal_name1": "Freddie Mercury",
    "legal_name2": "Heirs of Freddie Mercury", "distribution": "All of it", "line1": "123 Main Street",
    "line2": "Floor 2", "line3": "Back", "line4": "Left", "city": "Anytown", "state": "ia",
    "postal_code": "55555-1234", "country": "us", "phone": "515-555-1234", "email": "freddie@corepro.io",
    "is_documents_accepted": True, "documents_accepted_at": datetime(2026, 2, 27, 18, tzinfo=UTC),
}  # fmt: skip
SECOND: Beneficiary = {"tag": "second", "first_name": "Second", "last_name": "Mercury"}


def load(shop: OpenShop) -> None:
    """Write them down."""
    shop.write(_load)


def _load(tx: Tx) -> None:
    for number in (1, 2):
        create_customer(tx, person={**JOEY, "tag": f"tag {number}"})
    account_id = open_bank_account(tx, customer_id=1, name="Daily")
    for beneficiary in (FREDDIE, SECOND):
        create_beneficiary(tx, customer_id=1, beneficiary=beneficiary)
    tx.insert(AccountBeneficiary, account_id=account_id, beneficiary_id=1, is_active=True, created_at=tx.now)
    deactivate_beneficiary(tx, customer_id=1, beneficiary_id=2)
