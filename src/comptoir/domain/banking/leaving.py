"""Customers who leave: only once nothing of theirs is left to be done (reference 3.3.7)."""

from sqlalchemy import Select, bindparam, literal, or_, select

from comptoir.domain.banking.accounts.models import CLOSED, BankAccount
from comptoir.domain.banking.cards.models import ENDED_STATUSES, Card
from comptoir.domain.banking.customers.models import ARCHIVED
from comptoir.domain.banking.customers.persons import refuse_unchangeable, take_person
from comptoir.domain.banking.customers.verifying import set_status
from comptoir.domain.errors import Conflict
from comptoir.domain.ledger.models import Account
from comptoir.domain.tx import Tx


class TransactionsPending(Conflict):
    """Money of the customer is on its way."""


class BalanceLeft(Conflict):
    """There is money on an account of the customer, or a debt."""


class AccountNotClosed(Conflict):
    """An account of the customer is not closed."""


class CardActive(Conflict):
    """A card of the customer can be paid with."""


_OWN = (
    select(literal(1))
    .select_from(BankAccount)
    .where(BankAccount.customer_id == bindparam("customer_id"))
    .limit(1)
)
_BOOKED = _OWN.join(Account, Account.id == BankAccount.account_id)
IS_PENDING: Select[tuple[int]] = _BOOKED.where(
    or_(Account.pending_in_minor != 0, Account.pending_out_minor != 0)
)
HAS_BALANCE: Select[tuple[int]] = _BOOKED.where(Account.posted_minor != 0)
HAS_ACCOUNT: Select[tuple[int]] = _OWN.where(BankAccount.status != CLOSED)
CARDS: Select[tuple[str]] = select(Card.status).where(Card.customer_id == bindparam("customer_id"))


def archive_customer(tx: Tx, *, customer_id: int) -> None:
    """Let a customer leave, for good.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, TransactionsPending,
    BalanceLeft, AccountNotClosed, CardActive.
    """
    person = take_person(tx, customer_id)
    refuse_unchangeable(person)
    if tx.one(IS_PENDING, customer_id=customer_id):
        raise TransactionsPending(f"customer {customer_id} has pending transactions")
    if tx.one(HAS_BALANCE, customer_id=customer_id):
        raise BalanceLeft(f"customer {customer_id} has an account whose balance is not zero")
    if tx.one(HAS_ACCOUNT, customer_id=customer_id):
        raise AccountNotClosed(f"customer {customer_id} has an account that is not Closed")
    if any(status not in ENDED_STATUSES for (status,) in tx.all(CARDS, customer_id=customer_id)):
        raise CardActive(f"customer {customer_id} has an active card: archive it first")
    set_status(tx, person, ARCHIVED)
