"""What the bank holds, by the names that mean it, so that requests meet records and not only refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.cards.models import Card, CardControl
from comptoir.domain.banking.customers.models import BankCustomer, CustomerBeneficiary, CustomerReferral
from comptoir.domain.banking.documents.models import BankDocument
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.program.models import BankProduct, Bin, FeeType, ProgramAccount
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.ledger.models import Posting

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

_ENDS = union(
    select(BankAccount.account_id), select(ExternalAccount.id), select(ProgramAccount.account_id)
).order_by("account_id")
_TRANSACTIONS = (
    select(Posting.id).join(BankAccount, BankAccount.account_id == Posting.account_id).order_by(Posting.id)
)
RECORDS: dict[str, Any] = {
    "customerId": select(BankCustomer.customer_id).order_by(BankCustomer.customer_id),
    "accountId": select(BankAccount.account_id).order_by(BankAccount.account_id),
    "externalAccountId": select(ExternalAccount.id).order_by(ExternalAccount.id),
    "fromId": _ENDS,
    "toId": _ENDS,
    "transactionId": _TRANSACTIONS,
    "cardId": select(Card.id).order_by(Card.id),
    "cardControlId": select(CardControl.id).order_by(CardControl.id),
    "customerBeneficiaryId": select(CustomerBeneficiary.id).order_by(CustomerBeneficiary.id),
    "referralCustomerId": select(CustomerReferral.id).order_by(CustomerReferral.id),
    "documentId": select(BankDocument.id).order_by(BankDocument.id),
    "statementId": select(Statement.id).order_by(Statement.id),
    "productId": select(BankProduct.id).order_by(BankProduct.id),
    "binId": select(Bin.id).order_by(Bin.id),
    "feeTypeId": select(FeeType.id).order_by(FeeType.id),
}
# Other names of the same things.
SAME = {
    "primaryAccountId": "accountId",
    "closeToAccountId": "toId",
    "transferToAccountId": "accountId",
    "fromAccountId": "accountId",
    "cashBoostAccountId": "accountId",
    "targetCustomerId": "customerId",
    "requestingCustomerId": "customerId",
    "toCustomerId": "customerId",
    "cardHolderCustomerId": "customerId",
    "relatedCustomerId": "customerId",
    "primaryCustomerId": "customerId",
    "businessCustomerId": "customerId",
    "controlPersonCustomerId": "customerId",
    "authorizationTransactionId": "transactionId",
    "financialTransactionId": "transactionId",
    "recurringContributionFromExternalAccountId": "externalAccountId",
}
Known = dict[str, tuple[int, ...]]


def known_in(shop: OpenShop) -> Known:
    """The numbers of what is there."""

    def read(tx: Tx) -> Known:
        found = {name: tuple(row[0] for row in tx.all(statement)) for name, statement in RECORDS.items()}
        assert all(found.values()), [name for name, numbers in found.items() if not numbers]
        return found | {name: found[same] for name, same in SAME.items()}

    return shop.read(read)


def planted(asked: Any, known: Known, pick: int) -> Any:
    """The places or the body with numbers that are there, where they name any; a customer and what is theirs."""
    if not isinstance(asked, dict):
        return asked
    return asked | {name: known[name][pick % len(known[name])] for name in known.keys() & asked.keys()}
