"""What the program holds on all its accounts together."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, literal, select

from comptoir.domain.banking.accounts.models import BankAccount, BankHold
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.lists import among


class BankHoldRow(NamedTuple):
    """Money on an account that the caller has promised elsewhere."""

    hold_id: int
    customer_id: int
    account_id: int
    amount_minor: int
    description: str
    placed_at: datetime
    expires_at: datetime | None


ACTIVE_HOLDS = (
    select(
        BankHold.hold_id, BankAccount.customer_id, BankHold.account_id, Hold.amount_minor, BankHold.description,
        Hold.placed_at, Hold.expires_at,
    )
    .join(Hold, Hold.id == BankHold.hold_id)
    .join(BankAccount, BankAccount.account_id == BankHold.account_id)
    .where(
        Hold.state == literal(ACTIVE),
        Hold.expires_at.is_(None) | (Hold.expires_at > bindparam("now", type_=Instant())),
    )
    .order_by(BankHold.hold_id)
)  # fmt: skip

HOLDS_AMONG = (
    select(
        BankHold.hold_id, BankAccount.customer_id, BankHold.account_id, Hold.amount_minor, BankHold.description,
        Hold.placed_at, Hold.expires_at,
    )
    .join(Hold, Hold.id == BankHold.hold_id)
    .join(BankAccount, BankAccount.account_id == BankHold.account_id)
    .where(among(BankHold.hold_id, "ids"))
)  # fmt: skip


def holds_among(tx: Tx, ids: Iterable[int]) -> dict[int, BankHoldRow]:
    """Holds by their ids, whether they have ended or not."""
    wanted = sorted(set(ids))
    return {row[0]: BankHoldRow(*row) for row in tx.all(HOLDS_AMONG, ids=wanted)} if wanted else {}


def list_bank_holds(tx: Tx) -> list[BankHoldRow]:
    """Every hold that a caller has placed and that has not ended, in the order in which they were placed."""
    return [BankHoldRow(*row) for row in tx.all(ACTIVE_HOLDS, now=tx.now)]
