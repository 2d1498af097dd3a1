"""Reading one transfer as people look at it, with what takes it back and what it takes back."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.ledger.errors import TransferNotFound
from comptoir.domain.ledger.models import POSTED, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.schema import aliased


class TransferFacts(NamedTuple):
    """One transfer; `reversed_by_id` is what took it back, `reverses_id` what it takes back."""

    id: int
    tag: str | None
    kind: str
    subject: str
    subject_id: int
    state: str
    posted_at: datetime | None
    created_at: datetime
    reverses_id: int | None
    memo: str
    reversed_by_id: int | None

    @property
    def can_be_reversed(self) -> bool:
        """Whether it counts, and nothing has taken it back."""
        return self.state == POSTED and self.reversed_by_id is None


_opposite = aliased(Transfer)
GET_FACTS = (
    select(*(getattr(Transfer, name) for name in TransferFacts._fields[:-1]), _opposite.id)
    .outerjoin(_opposite, _opposite.reverses_id == Transfer.id)
    .where(Transfer.id == bindparam("transfer_id"))
)


def get_transfer_facts(tx: Tx, transfer_id: int) -> TransferFacts:
    """One transfer. Refuses: TransferNotFound."""
    row = tx.one(GET_FACTS, transfer_id=transfer_id)
    if row is None:
        raise TransferNotFound(transfer_id)
    return TransferFacts(*row)
