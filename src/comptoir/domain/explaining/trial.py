"""What makes the columns of the trial balance: accounts, and the many of account holders by themselves."""

from sqlalchemy import and_, bindparam, func, literal, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.ledger.models import Account
from comptoir.domain.ledger.trial import DEPOSIT, TrialGroup, trial_groups
from comptoir.domain.tx import Tx

DEBITS, CREDITS, DEPOSITS = "debits", "credits", "deposits"
AMOUNTS = (DEBITS, CREDITS, DEPOSITS)
SHOWN = 50

_deposits = and_(Account.code.startswith(DEPOSIT), Account.currency == bindparam("currency"))
OF_HOLDERS = (
    select(Account.id, Account.name, Account.posted_minor)
    .where(_deposits, Account.id > bindparam("after_id"))
    .order_by(Account.id)
    .limit(bindparam("limit"))
)
SUMS = select(
    func.coalesce(func.sum(Account.posted_minor), literal(0)),
    func.count(),
    func.coalesce(func.sum(Account.posted_minor).filter(Account.id <= bindparam("after_id")), literal(0)),
    func.count().filter(Account.id <= bindparam("after_id")),
).where(_deposits)


def explain_trial(tx: Tx, currency: str, what: str, after: int = 0) -> Explanation:
    """A column of the trial balance in a currency, or the deposits in it, account by account from one on.

    Refuses: NotExplained.
    """
    groups = trial_groups(tx).get(currency)
    if groups is None or what not in AMOUNTS:
        raise NotExplained(what if groups else f"of the trial balance in {currency}")
    if what == DEPOSITS:
        return Explanation(_deposits_node(tx, currency, after))
    return Explanation(_column(groups, currency, what), _column(groups, currency, _other(what)))


def _other(what: str) -> str:
    return CREDITS if what == DEBITS else DEBITS


def _column(groups: list[TrialGroup], currency: str, what: str) -> Node:
    parts = [_group(group, _minor(group, what)) for group in groups]
    return minor(what, sum(_minor(group, what) for group in groups), currency, parts=parts)


def _minor(group: TrialGroup, what: str) -> int:
    return group.debit_minor if what == DEBITS else group.credit_minor


def _group(group: TrialGroup, amount: int) -> Node:
    if group.account_id is None:
        ask, link = Ask("trial", group.currency, DEPOSITS), None
    else:
        ask, link = Ask("account", group.account_id, "balance"), Link("account", group.account_id)
    return minor(group.name or group.code, amount, group.currency, why=group.code, link=link, ask=ask)


def _deposits_node(tx: Tx, currency: str, after: int) -> Node:
    """What the bank owes its account holders: a page of them, and the others as sums."""
    values = {"currency": currency, "after_id": after}
    row = tx.one(SUMS, **values)
    assert row is not None
    total, count, before, before_count = map(int, row)
    rows = tx.all(OF_HOLDERS, **values, limit=SHOWN)
    parts = [_holder(*row, currency) for row in rows]
    if before_count:
        parts.insert(0, minor(f"{before_count:,} before these", -before, currency))
    left = count - before_count - len(rows)
    if left > 0:
        over = total - before - sum(posted for _, _, posted in rows)
        parts.append(
            minor(f"{left:,} more", -over, currency, ask=Ask("trial", currency, DEPOSITS, rows[-1][0]))
        )
    return minor("deposits of account holders", -total, currency, why=f"{count:,} accounts", parts=parts)


def _holder(account_id: int, name: str, posted: int, currency: str) -> Node:
    link, ask = Link("account", account_id), Ask("account", account_id, "balance")
    return minor(name or f"account {account_id}", -posted, currency, link=link, ask=ask)
