"""External accounts that are not needed any more: ended only once no money depends on them (reference 3.5.4)."""

from sqlalchemy import bindparam, literal, or_, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.external.changing import own_external_account
from comptoir.domain.banking.external.errors import (
    CustomerBusy,
    ExternalAccountBusy,
    NotArchivable,
    NotVerified,
)
from comptoir.domain.banking.external.models import ARCHIVED, DENIED, VERIFIED
from comptoir.domain.banking.external.noting import write_change
from comptoir.domain.banking.external.trials import TRIAL_DEPOSIT, TRIAL_WITHDRAWAL
from comptoir.domain.banking.movements.models import SETTLED, VOIDED, BankTransfer
from comptoir.domain.ledger.models import Account
from comptoir.domain.tx import Tx

# Trial deposits have done what they were for once the account is verified, wherever they are.
_UNDER_WAY = (
    BankTransfer.status != SETTLED,
    BankTransfer.status != VOIDED,
    BankTransfer.type_code != literal(TRIAL_DEPOSIT),
    BankTransfer.type_code != literal(TRIAL_WITHDRAWAL),
)
OUTSTANDING = (
    select(BankTransfer.transfer_id)
    .where(BankTransfer.external_account_id == bindparam("external_account_id"), *_UNDER_WAY)
    .limit(1)
)
PENDING_OR_FULL = (
    select(BankAccount.account_id)
    .join(Account, Account.id == BankAccount.account_id)
    .where(
        BankAccount.customer_id == bindparam("customer_id"),
        or_(
            Account.posted_minor != 0,
            Account.pending_in_minor != 0,
            Account.pending_out_minor != 0,
            Account.held_minor != 0,
        ),
    )
    .limit(1)
)


def archive_external_account(
    tx: Tx, *, customer_id: int, external_account_id: int, requesting_customer_id: int | None = None
) -> None:
    """End an external account for good, once no money depends on it.

    Refuses: CustomerNotFound and what else require_customer does, RequesterRefused, ExternalAccountNotFound,
    NotArchivable (archived, denied), NotVerified, ExternalAccountBusy, CustomerBusy.
    """
    row = own_external_account(tx, customer_id, external_account_id, requesting_customer_id)
    if row.status in {ARCHIVED, DENIED}:
        raise NotArchivable(row.status)
    if row.status != VERIFIED:
        raise NotVerified(row.status)
    if tx.one(OUTSTANDING, external_account_id=row.id) is not None:
        raise ExternalAccountBusy(row.id)
    if tx.one(PENDING_OR_FULL, customer_id=customer_id) is not None:
        raise CustomerBusy(customer_id)
    write_change(tx, row, "archived", status=ARCHIVED)
