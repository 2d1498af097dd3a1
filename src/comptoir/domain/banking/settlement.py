"""The merchant as a customer of the bank, and the shop's settlement account as one of the bank's accounts.

Sales, fees, refunds and payouts stand on the settlement account as its transactions, from the first one on.
"""

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED
from comptoir.domain.banking.movements.chart import SETTLEMENT
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import ProgramPlan
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.tx import Tx

HOLDER = select(BankAccount.customer_id).where(BankAccount.account_id == bindparam("account_id"))
ACCOUNT_NAME = "Settlement"
TAG = "settlement"


def open_bank(tx: Tx, plan: ProgramPlan) -> None:
    """Make the program as it is planned, and see that the merchant banks here with the settlement account.

    Refuses: as `found_program`.
    """
    found_program(tx, plan)
    account_id = settlement_account(tx)
    if tx.value(HOLDER, account_id=account_id) is None:
        _open_settlement(tx, account_id)


def settlement_account(tx: Tx) -> int:
    """The id of the shop's settlement account, in the books and at the bank."""
    return accounts_for(tx, [SETTLEMENT], tx.shop.currency)[SETTLEMENT.code]


def _open_settlement(tx: Tx, account_id: int) -> None:
    """Take the merchant on as a customer, and show them the account."""
    merchant = get_merchant(tx)
    customer_id = enter_customer(
        tx,
        {
            "last_name": merchant.name,
            "email": merchant.service_email,
            "is_documents_accepted": True,
            "tag": TAG,
        },
        status=VERIFIED,
    )
    open_bank_account(
        tx,
        customer_id=customer_id,
        ledger_account_id=account_id,
        name=ACCOUNT_NAME,
        tag=TAG,
        is_closeable=False,
        is_primary=True,
    )
