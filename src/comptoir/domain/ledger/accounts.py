"""Opening and closing accounts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.errors import AccountCodeTaken, AccountNotEmpty, AccountNotFound
from comptoir.domain.ledger.models import ACCOUNT_KINDS, Account
from comptoir.domain.ledger.standing import lock_accounts, refuse_closed
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

CURRENCY_LETTERS = 3


class AccountPlan(NamedTuple):
    """What an account is when it is opened for the first time."""

    code: str
    name: str
    kind: str
    floor_minor: int | None = None


FIND_ID = select(Account.id).where(
    Account.code == bindparam("code"), Account.currency == bindparam("currency")
)
ID_TAKEN = select(Account.id).where(Account.id == bindparam("account_id"))
FIND_IDS = select(Account.code, Account.id).where(
    among(Account.code, "codes"), Account.currency == bindparam("currency")
)


def _open_if_new(dialect: Any) -> Any:
    columns: dict[str, Any] = {column.name: bindparam(column.name) for column in Account.__table__.columns}
    return dialect.insert(Account).values(columns).on_conflict_do_nothing(index_elements=["code", "currency"])


OPEN_IF_NEW = {"sqlite": _open_if_new(sqlite), "postgres": _open_if_new(postgresql)}


def open_account(
    tx: Tx,
    *,
    code: str,
    name: str,
    kind: str,
    currency: str | None = None,
    floor_minor: int | None = None,
    id: int | None = None,
) -> int:
    """Open an account, in the shop's currency unless told otherwise, and give its id.

    Refuses: Invalid (code, kind, currency, id), AccountCodeTaken.
    """
    currency = tx.shop.currency if currency is None else currency
    _refuse_malformed(code, kind, currency)
    if tx.value(FIND_ID, code=code, currency=currency) is not None:
        raise AccountCodeTaken(code, currency)
    account_id = _account_id(tx, id)
    opened = _open(tx, AccountPlan(code, name, kind, floor_minor), currency, account_id)
    if not opened:
        raise AccountCodeTaken(code, currency)
    return account_id


def accounts_for(tx: Tx, plans: Sequence[AccountPlan], currency: str) -> dict[str, int]:
    """The ids of accounts by their codes; those that do not exist yet are opened as planned.

    Refuses: Invalid (code, kind, currency).
    """
    found: dict[str, int] = _ids(tx, plans, currency)
    missing = [plan for plan in plans if plan.code not in found]
    if not missing:
        return found
    for plan in missing:
        _refuse_malformed(plan.code, plan.kind, currency)
        _open(tx, plan, currency, tx.ids.next("account"))
    return _ids(tx, plans, currency)


def account_for(tx: Tx, *, code: str, currency: str, name: str = "", kind: str = "asset") -> int:
    """The id of the account with this code; it is opened if it does not exist yet. Refuses: Invalid."""
    return accounts_for(tx, [AccountPlan(code, name or code, kind)], currency)[code]


def close_account(tx: Tx, *, account_id: int) -> None:
    """Close an account for good. Refuses: AccountNotFound, AccountClosed, AccountNotEmpty."""
    account = lock_accounts(tx, [account_id])[account_id]
    refuse_closed([account])
    if any((account.posted_minor, account.pending_in_minor, account.pending_out_minor, account.held_minor)):
        raise AccountNotEmpty(account_id)
    tx.update(Account, account_id, is_closed=True)
    tx.note("account.closed", "account", account_id, before={"is_closed": False}, after={"is_closed": True})


def find_account_id(tx: Tx, *, code: str, currency: str) -> int:
    """The id of the account with this code in this currency. Refuses: AccountNotFound."""
    found: int | None = tx.value(FIND_ID, code=code, currency=currency)
    if found is None:
        raise AccountNotFound(f"{code} in {currency}")
    return found


def _ids(tx: Tx, plans: Sequence[AccountPlan], currency: str) -> dict[str, int]:
    rows = tx.all(FIND_IDS, codes=[plan.code for plan in plans], currency=currency)
    return {code: account_id for code, account_id in rows}  # noqa: C416 - rows are more than pairs to mypy


def _account_id(tx: Tx, wanted: int | None) -> int:
    if wanted is None:
        return tx.ids.next("account")
    if wanted <= 0 or tx.value(ID_TAKEN, account_id=wanted):
        raise Invalid("id", "is taken or not above zero")
    tx.ids.reach("account", wanted)
    return wanted


def _refuse_malformed(code: str, kind: str, currency: str) -> None:
    if not code.strip():
        raise Invalid("code", "is empty")
    if kind not in ACCOUNT_KINDS:
        raise Invalid("kind", f"{kind!r} is no kind of account")
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        raise Invalid("currency", f"{currency!r} is no currency code")


def _open(tx: Tx, plan: AccountPlan, currency: str, account_id: int) -> bool:
    """Write the account unless another transaction was faster."""
    changed = tx.run(
        OPEN_IF_NEW[tx.engine],
        id=account_id,
        code=plan.code,
        name=plan.name,
        kind=plan.kind,
        currency=currency,
        is_closed=False,
        floor_minor=plan.floor_minor,
        posted_minor=0,
        pending_in_minor=0,
        pending_out_minor=0,
        held_minor=0,
        created_at=tx.now,
    )
    if changed:
        after = {"code": plan.code, "kind": plan.kind, "currency": currency}
        tx.note("account.opened", "account", account_id, after=after)
    return changed == 1
