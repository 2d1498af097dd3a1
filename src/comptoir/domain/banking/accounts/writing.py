"""Writing what changes of an account's record."""

from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.tx import Tx


@cache
def _change(names: frozenset[str]) -> Update:
    """UPDATE of the named columns of one account."""
    return (
        update(BankAccount)
        .where(BankAccount.account_id == bindparam("of_account"))
        .values({name: bindparam(name) for name in sorted(names)})
    )


def change_account(tx: Tx, account_id: int, **values: Any) -> None:
    """Change the named columns of an account, and when it was changed last."""
    values["updated_at"] = tx.now
    tx.run(_change(frozenset(values)), of_account=account_id, **values)
