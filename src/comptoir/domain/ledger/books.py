"""The proof of the books: what the verbs assert, computed again from the postings themselves."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from comptoir.domain.ledger.models import (
    ACTIVE,
    DEBIT_KINDS,
    PENDING,
    POSTED,
    VOIDED,
    Account,
    Hold,
    Posting,
    Transfer,
)
from comptoir.domain.tx import Tx

PROBLEMS_MAX = 100

_SUM = func.sum(Posting.amount_minor)
UNBALANCED = (
    select(Posting.transfer_id, Posting.currency, _SUM)
    .group_by(Posting.transfer_id, Posting.currency)
    .having(_SUM != 0)
    .limit(PROBLEMS_MAX)
)
TOO_FEW = (
    select(Transfer.id, func.count(Posting.id))
    .outerjoin(Posting, Posting.transfer_id == Transfer.id)
    .group_by(Transfer.id)
    .having(func.count(Posting.id) < 2)
    .limit(PROBLEMS_MAX)
)
OTHER_CURRENCY = (
    select(Posting.id, Posting.currency, Account.id, Account.currency)
    .join(Account, Account.id == Posting.account_id)
    .where(Posting.currency != Account.currency)
    .limit(PROBLEMS_MAX)
)
BAD_STATE = (
    select(Transfer.id, Transfer.state)
    .where(
        or_(
            and_(*(Transfer.state != state for state in (PENDING, POSTED, VOIDED))),
            and_(Transfer.state == POSTED, Transfer.posted_at.is_(None)),
            and_(Transfer.state != POSTED, Transfer.posted_at.is_not(None)),
        )
    )
    .limit(PROBLEMS_MAX)
)


def _sum_where(condition: ColumnElement[bool], amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


def _balances() -> Select[Any]:
    """Accounts whose kept balances differ from what their postings and holds add up to."""
    on_debit_side = or_(*(Account.kind == kind for kind in sorted(DEBIT_KINDS)))
    natural = case((on_debit_side, Posting.amount_minor), else_=-Posting.amount_minor)
    pending = Transfer.state == PENDING
    sums = (
        select(
            Posting.account_id.label("account_id"),
            _sum_where(Transfer.state == POSTED, Posting.amount_minor).label("posted"),
            _sum_where(and_(pending, natural > 0), natural).label("pending_in"),
            _sum_where(and_(pending, natural < 0), -natural).label("pending_out"),
        )
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .join(Account, Account.id == Posting.account_id)
        .group_by(Posting.account_id)
        .subquery()
    )
    holds = (
        select(Hold.account_id.label("account_id"), func.sum(Hold.amount_minor).label("held"))
        .where(Hold.state == ACTIVE)
        .group_by(Hold.account_id)
        .subquery()
    )
    kept = (
        ("posted", Account.posted_minor, func.coalesce(sums.c.posted, 0)),
        ("pending in", Account.pending_in_minor, func.coalesce(sums.c.pending_in, 0)),
        ("pending out", Account.pending_out_minor, func.coalesce(sums.c.pending_out, 0)),
        ("held", Account.held_minor, func.coalesce(holds.c.held, 0)),
    )
    columns = [column for _, *pair in kept for column in pair]
    return (
        select(Account.id, Account.code, *columns)
        .outerjoin(sums, sums.c.account_id == Account.id)
        .outerjoin(holds, holds.c.account_id == Account.id)
        .where(or_(*(column != computed for _, column, computed in kept)))
        .order_by(Account.id)
        .limit(PROBLEMS_MAX)
    )


WRONG_BALANCES = _balances()
BALANCE_WORDS = ("posted", "pending in", "pending out", "held")


def check_books(tx: Tx) -> list[str]:
    """Everything that is wrong with the ledger, in words; empty when it balances."""
    return [
        *(f"transfer {row[0]} sums to {int(row[2])} in {row[1]}" for row in tx.all(UNBALANCED)),
        *(f"transfer {row[0]} has {row[1]} postings" for row in tx.all(TOO_FEW)),
        *(
            f"posting {row[0]} is in {row[1]}, its account {row[2]} in {row[3]}"
            for row in tx.all(OTHER_CURRENCY)
        ),
        *(f"transfer {row[0]} is {row[1]} at no time, or at the wrong one" for row in tx.all(BAD_STATE)),
        *(line for row in tx.all(WRONG_BALANCES) for line in _differences(row)),
    ]


def _differences(row: tuple[Any, ...]) -> Iterator[str]:
    account_id, code, *pairs = row
    for word, kept, computed in zip(BALANCE_WORDS, pairs[::2], pairs[1::2], strict=True):
        if int(kept) != int(computed):
            yield f"account {account_id} {code} keeps {word} {int(kept)}, its postings say {int(computed)}"
