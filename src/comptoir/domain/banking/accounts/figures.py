"""What is reckoned of accounts when they are shown: who shares them, what they earn, when they last changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select, type_coerce

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.queries import AccessRow, BankAccountRow, holders_of
from comptoir.domain.banking.accounts.rates import rate_in_force
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.models import SAVINGS
from comptoir.domain.banking.program.queries import (
    ProductRow,
    ProgramFacts,
    RateRow,
    list_products,
    rates_of,
)
from comptoir.domain.ledger.models import VOIDED, Hold, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.lists import among

# Among how many of an account's newest movements its last change is looked for.
RECENT = 50


class Figures(NamedTuple):
    """What is reckoned of one account."""

    product: ProductRow
    holders: list[AccessRow]
    rate: RateRow | None
    withdrawals: int
    moved_at: datetime | None


WITHDRAWALS = (
    select(Posting.account_id, func.count())
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        among(Posting.account_id, "account_ids"),
        Posting.amount_minor > 0,
        Transfer.state != VOIDED,
        Transfer.created_at >= bindparam("since", type_=Instant()),
    )
    .group_by(Posting.account_id)
)
_RECENT = (
    select(Transfer.created_at, Transfer.posted_at)
    .join(Posting, Posting.transfer_id == Transfer.id)
    .where(Posting.account_id == BankAccount.account_id)
    .order_by(Posting.transfer_id.desc())
    .limit(RECENT)
    .correlate(BankAccount)
    .subquery()
)
_LATER = case((_RECENT.c.posted_at > _RECENT.c.created_at, _RECENT.c.posted_at), else_=_RECENT.c.created_at)
MOVED_AT = select(
    BankAccount.account_id, type_coerce(select(func.max(_LATER)).scalar_subquery(), Instant())
).where(among(BankAccount.account_id, "account_ids"))
HELD_AT = (
    select(
        Hold.account_id,
        type_coerce(func.max(Hold.placed_at), Instant()),
        type_coerce(func.max(Hold.ended_at), Instant()),
    )
    .where(among(Hold.account_id, "account_ids"))
    .group_by(Hold.account_id)
)


def figures_of(tx: Tx, program: ProgramFacts, accounts: Sequence[BankAccountRow]) -> dict[int, Figures]:
    """What is reckoned of these accounts, by their ids; a handful of queries for all of them."""
    ids = [account.account_id for account in accounts]
    if not ids:
        return {}
    products = {product.id: product for product in list_products(tx)}
    rates = {id: rates_of(tx, id) for id in {one.product_id for one in accounts}}
    holders = holders_of(tx, ids)
    withdrawals = withdrawals_this_month(
        tx, program, [one.account_id for one in accounts if products[one.product_id].category == SAVINGS]
    )
    moved = _moved_at(tx, ids)
    return {
        one.account_id: Figures(
            products[one.product_id],
            holders[one.account_id],
            _rate(tx, products[one.product_id], rates[one.product_id], one.balance_minor),
            withdrawals.get(one.account_id, 0),
            moved.get(one.account_id),
        )
        for one in accounts
    }


def withdrawals_this_month(tx: Tx, program: ProgramFacts, account_ids: list[int]) -> dict[int, int]:
    """How often money left these accounts, or is about to, since the month began at the bank."""
    first = bank_today(tx, program).replace(day=1)
    since = datetime(first.year, first.month, 1, tzinfo=program.zone)
    rows: Any = tx.all(WITHDRAWALS, account_ids=account_ids, since=since) if account_ids else []
    return dict(rows)


def _rate(tx: Tx, product: ProductRow, rates: list[RateRow], balance_minor: int) -> RateRow | None:
    return rate_in_force(rates, balance_minor, tx.now) if product.is_interest_enabled else None


def _moved_at(tx: Tx, ids: list[int]) -> dict[int, datetime]:
    """When any of the balances changed last."""
    times: dict[int, list[datetime | None]] = {}
    rows: list[Any] = [*tx.all(MOVED_AT, account_ids=ids), *tx.all(HELD_AT, account_ids=ids)]
    for account_id, *found in rows:
        times.setdefault(account_id, []).extend(found)
    known = {account_id: [at for at in found if at is not None] for account_id, found in times.items()}
    return {account_id: max(found) for account_id, found in known.items() if found}
