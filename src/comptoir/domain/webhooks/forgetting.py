"""Forgetting what was delivered long ago, so that the log does not grow for ever."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import PENDING, Delivery, DeliveryAttempt
from comptoir.storage.lists import among

KEPT = timedelta(days=90)
# So much in one transaction that nobody waits long for it.
PAGE, PAGES = 1000, 10

OLDEST = (
    select(Delivery.id, Delivery.created_at, Delivery.state, Delivery.ended_at)
    .where(Delivery.id > bindparam("after"))
    .order_by(Delivery.id)
    .limit(bindparam("limit"))
)
FORGET_ATTEMPTS = delete(DeliveryAttempt).where(among(DeliveryAttempt.delivery_id, "ids"))
FORGET = delete(Delivery).where(among(Delivery.id, "ids"))


def forget_old_deliveries(tx: Tx, *, kept: timedelta = KEPT) -> int:
    """Remove deliveries that ended long ago, with their attempts; returns how many. What is pending stays.

    Whoever was told reads the feed of events for what is older.
    """
    before = tx.now - kept
    after = forgotten = 0
    for _ in range(PAGES):
        rows = tx.all(OLDEST, after=after, limit=PAGE)
        # Deliveries are numbered as they are made: from the first young one on, all are.
        old = [row for row in rows if row[1] < before]
        ids = [row[0] for row in old if row[2] != PENDING and row[3] is not None and row[3] < before]
        tx.run(FORGET_ATTEMPTS, ids=ids)
        forgotten += tx.run(FORGET, ids=ids)
        if len(old) < PAGE:
            break
        after = old[-1][0]
    return forgotten
