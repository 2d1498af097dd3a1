"""Which accounts a customer's beneficiaries are to have."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.banking.accounts.models import AccountBeneficiary, BankAccount
from comptoir.domain.banking.customers.beneficiaries import deactivate_beneficiary, get_beneficiary
from comptoir.domain.banking.customers.models import CustomerBeneficiary
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.tx import Tx


class Assignment(NamedTuple):
    """That a beneficiary is to have what is on an account."""

    customer_id: int
    beneficiary_id: int
    account_id: int
    account_name: str
    account_number: str
    is_active: bool
    created_at: datetime


ASSIGNMENTS = (
    select(
        CustomerBeneficiary.customer_id, AccountBeneficiary.beneficiary_id, AccountBeneficiary.account_id,
        BankAccount.name, BankAccount.account_number, AccountBeneficiary.is_active, AccountBeneficiary.created_at,
    )
    .join(CustomerBeneficiary, CustomerBeneficiary.id == AccountBeneficiary.beneficiary_id)
    .join(BankAccount, BankAccount.account_id == AccountBeneficiary.account_id)
    .where(CustomerBeneficiary.customer_id == bindparam("customer_id"))
    .order_by(AccountBeneficiary.beneficiary_id, AccountBeneficiary.account_id)
)  # fmt: skip
ASSIGNMENTS_OF_ONE = ASSIGNMENTS.where(AccountBeneficiary.beneficiary_id == bindparam("beneficiary_id"))
END_ASSIGNMENTS = (
    update(AccountBeneficiary)
    .where(AccountBeneficiary.beneficiary_id == bindparam("of_beneficiary"))
    .values(is_active=False)
)


def list_assignments(tx: Tx, *, customer_id: int, beneficiary_id: int | None) -> list[Assignment]:
    """The accounts that a customer's beneficiaries are to have, or that one of them is.

    Refuses: CustomerNotFound, BeneficiaryNotFound.
    """
    if beneficiary_id is None:
        get_customer(tx, customer_id)
        return [Assignment(*row) for row in tx.all(ASSIGNMENTS, customer_id=customer_id)]
    get_beneficiary(tx, customer_id=customer_id, beneficiary_id=beneficiary_id)
    rows = tx.all(ASSIGNMENTS_OF_ONE, customer_id=customer_id, beneficiary_id=beneficiary_id)
    return [Assignment(*row) for row in rows]


def drop_beneficiary(tx: Tx, *, customer_id: int, beneficiary_id: int) -> None:
    """Let a beneficiary be one no more, of any account either.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    BeneficiaryNotFound.
    """
    deactivate_beneficiary(tx, customer_id=customer_id, beneficiary_id=beneficiary_id)
    tx.run(END_ASSIGNMENTS, of_beneficiary=beneficiary_id)
