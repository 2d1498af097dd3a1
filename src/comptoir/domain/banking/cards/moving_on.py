"""What time does to cards: orders are sent and arrive, cards are renewed and end, authorisations lapse."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, text

from comptoir.domain.banking.cards.kinds import AUTHORISATION_CODES
from comptoir.domain.banking.cards.models import (
    AUTO_REISSUE_INITIATED,
    AUTO_REISSUED_PENDING,
    DIGITAL_INITIATED,
    DIGITAL_PENDING,
    ENDED_STATUSES,
    EXPIRED,
    INITIATED,
    PENDING,
    PENDING_VERIFICATION,
    REISSUED,
    REISSUED_PENDING,
    Card,
)
from comptoir.domain.banking.cards.queries import CARDS, CardRow
from comptoir.domain.banking.cards.renewing import is_to_renew, last_month_to_renew, period_of, renew
from comptoir.domain.banking.movements.models import PENDING as TRANSFER_PENDING
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import void
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

# How long a merchant may wait before what was authorised is free again.
AUTHORISATION_DAYS = 7
# What has been sent arrives on the day after, at the earliest.
ARRIVALS = {
    PENDING: PENDING_VERIFICATION,
    REISSUED: REISSUED_PENDING,
    DIGITAL_INITIATED: DIGITAL_PENDING,
    AUTO_REISSUE_INITIATED: AUTO_REISSUED_PENDING,
}

_ORDERED = CARDS.where(Card.status == INITIATED).order_by(Card.id).limit(bindparam("limit"))
_SENT = (
    CARDS.where(among(Card.status, "statuses"), Card.requested_at < bindparam("before"))
    .order_by(Card.id)
    .limit(bindparam("limit"))
)
_ENDING = (
    CARDS.where(
        or_(
            Card.expire_year < bindparam("year"),
            and_(Card.expire_year == bindparam("year"), Card.expire_month <= bindparam("month")),
        ),
        *[Card.status != status for status in sorted(ENDED_STATUSES)],
        Card.id > bindparam("after_id"),
    )
    .order_by(Card.id)
    .limit(bindparam("limit"))
)
ORDERED = {"sqlite": _ORDERED, "postgres": _ORDERED.with_for_update(skip_locked=True, key_share=True)}
SENT = {"sqlite": _SENT, "postgres": _SENT.with_for_update(skip_locked=True, key_share=True)}
ENDING = {"sqlite": _ENDING, "postgres": _ENDING.with_for_update(skip_locked=True, key_share=True)}
LAPSED = (
    select(BankTransfer.transfer_id)
    .where(
        # Said as the index of open transfers says it, so that it serves.
        text("bank_transfer.status NOT IN ('Settled', 'Voided')"),
        BankTransfer.status == TRANSFER_PENDING,
        among(BankTransfer.type_code, "codes"),
        BankTransfer.created_at <= bindparam("before"),
    )
    .order_by(BankTransfer.transfer_id)
    .limit(bindparam("limit"))
)


def send_orders(tx: Tx, *, limit: int = 500) -> int:
    """Send what was ordered to the producer; gives how many orders these are."""
    rows = [CardRow(*row) for row in tx.all(ORDERED[tx.engine], limit=limit)]
    for card in rows:
        _step(tx, card, PENDING)
    return len(rows)


def deliver(tx: Tx, *, limit: int = 500) -> int:
    """Let arrive what was sent on a day before; gives how many cards these are."""
    program = _program(tx)
    if program is None:
        return 0
    today = tx.now.astimezone(program.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [
        CardRow(*row) for row in tx.all(SENT[tx.engine], statuses=list(ARRIVALS), before=today, limit=limit)
    ]
    for card in rows:
        _step(tx, card, ARRIVALS[card.status])
    return len(rows)


def end_or_renew(tx: Tx, *, after_id: int = 0, limit: int = 500) -> tuple[int, int]:
    """Renew the cards that are to be renewed by now, and end those that have ended.

    Gives how many cards were changed, and after which card to go on; 0 when none is left.
    """
    program = _program(tx)
    if program is None:
        return 0, 0
    wall = tx.now.astimezone(program.zone)
    due = last_month_to_renew(period_of(wall))
    rows = tx.all(ENDING[tx.engine], year=due.year, month=due.month, after_id=after_id, limit=limit)
    changed = 0
    for card in (CardRow(*row) for row in rows):
        if is_to_renew(card):
            renew(tx, card, due)
            changed += 1
        elif (card.expire_year or 0, card.expire_month or 0) < (wall.year, wall.month):
            _step(tx, card, EXPIRED, expired_at=tx.now)
            changed += 1
    return changed, rows[-1][0] if len(rows) == limit else 0


def release_authorisations(tx: Tx, *, limit: int = 500) -> int:
    """Give free what merchants authorised long ago and never asked for; gives how many these are."""
    before = tx.now - timedelta(days=AUTHORISATION_DAYS)
    lapsed = tx.all(LAPSED, codes=list(AUTHORISATION_CODES), before=before, limit=limit)
    for (transfer_id,) in lapsed:
        void(tx, transfer_id)
    return len(lapsed)


def _program(tx: Tx) -> ProgramFacts | None:
    try:
        return get_program(tx)
    except NoProgram:
        return None


def _step(tx: Tx, card: CardRow, status: str, **values: Any) -> None:
    tx.update(Card, card.id, status=status, updated_at=tx.now, **values)
    tx.note(
        f"card.{'expired' if status == EXPIRED else 'advanced'}", "card", card.id,
        before={"status": card.status}, after={"status": status},
    )  # fmt: skip
