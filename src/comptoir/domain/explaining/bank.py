"""What makes the amounts of an account at the bank, and what is held on it."""

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.ledger import explain_account
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.ledger.models import Account, Hold
from comptoir.domain.tx import Tx

CLOSED = "closed"
GET_HOLD = (
    select(Hold.account_id, Hold.amount_minor, Hold.subject, Hold.subject_id, Hold.placed_at, Account.currency)
    .join(Account, Account.id == Hold.account_id)
    .where(Hold.id == bindparam("hold_id"))
)  # fmt: skip


def explain_bank_account(tx: Tx, account_id: int, what: str, after: int = 0) -> Explanation:
    """An amount of a deposit account: it is the ledger's account of the same id. Of one that is closed, what was on it.

    Refuses: BankAccountNotFound, NotExplained.
    """
    account = get_bank_account(tx, account_id)
    if what == CLOSED and account.closed_minor is not None:
        return Explanation(_closed(account, account.closed_minor))
    return explain_account(tx, account_id, what, after)


def _closed(account: BankAccountRow, amount: int) -> Node:
    """What was on an account when it was closed left it then."""
    currency, parts = account.standing.currency, list[Node]()
    if account.closed_transaction_id is not None:
        ask = Ask("posting", account.closed_transaction_id, "amount")
        parts = [minor("moved away by its closing", amount, currency, ask=ask)]
    link = Link("bank_account", account.account_id)
    return minor("was on it when it was closed", amount, currency, link=link, parts=parts)


def explain_hold(tx: Tx, hold_id: int, what: str) -> Explanation:
    """What is held, and for what: it was said so, and is no sum. Refuses: NotExplained."""
    row = tx.one(GET_HOLD, hold_id=hold_id)
    if row is None or what != "amount":
        raise NotExplained(what if row else f"of hold {hold_id}")
    account_id, amount, subject, subject_id, placed_at, currency = row
    why = f"for {subject.replace('_', ' ')} {subject_id}, since {placed_at:%Y-%m-%d}"
    return Explanation(minor("held", amount, currency, why=why, link=Link("account", account_id)))
