"""The trial balance for people to read: each account in its column, the many of account holders as one row."""

from typing import NamedTuple

from sqlalchemy import case, func, select

from comptoir.domain.ledger.models import Account
from comptoir.domain.tx import Tx

DEPOSIT = "deposit:"


class TrialGroup(NamedTuple):
    """One row: an account, or as many as share a code before its colon; `account_id` when it is one."""

    currency: str
    kind: str
    code: str
    name: str
    accounts: int
    account_id: int | None
    posted_minor: int

    @property
    def debit_minor(self) -> int:
        """What stands in the left column."""
        return max(self.posted_minor, 0)

    @property
    def credit_minor(self) -> int:
        """What stands in the right column."""
        return max(-self.posted_minor, 0)


_is_deposit = Account.code.startswith(DEPOSIT)
_code = case((_is_deposit, DEPOSIT), else_=Account.code)
GROUPS = (
    select(
        Account.currency,
        Account.kind,
        _code.label("group_code"),
        func.min(Account.name),
        func.count(),
        func.min(Account.id),
        func.sum(Account.posted_minor),
    )
    .group_by(Account.currency, Account.kind, _code)
    .order_by(Account.currency, _code, Account.kind)
)


def trial_groups(tx: Tx) -> dict[str, list[TrialGroup]]:
    """The rows of the trial balance by currency; debits equal credits over each."""
    found: dict[str, list[TrialGroup]] = {}
    for currency, kind, code, name, count, first_id, posted in tx.all(GROUPS):
        group = TrialGroup(
            currency,
            kind,
            code,
            "Deposits of account holders" if code == DEPOSIT else name,
            count,
            None if code == DEPOSIT else first_id,
            int(posted),
        )
        found.setdefault(currency, []).append(group)
    return found
