"""How long contents are kept: while somebody is a customer and some years more, as banks have to."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from comptoir.domain.banking.customers.models import ENDED_STATUSES, BankCustomer
from comptoir.domain.banking.documents.models import BankDocument
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

# Records by which a customer was identified are kept for five years after the relationship ended.
KEPT_YEARS = 5
BATCH = 500

ENDED = (
    select(BankDocument.id)
    .join(BankCustomer, BankCustomer.customer_id == BankDocument.customer_id)
    .where(
        BankDocument.keep_until.is_(None),
        BankDocument.digest != "",
        or_(*(BankCustomer.status == status for status in sorted(ENDED_STATUSES))),
    )
    .order_by(BankDocument.id)
    .limit(BATCH)
)
OVERDUE = (
    select(BankDocument.id, BankDocument.customer_id, BankDocument.keep_until)
    .where(BankDocument.keep_until <= bindparam("now", type_=Instant()), BankDocument.digest != "")
    .order_by(BankDocument.id)
    .limit(BATCH)
)


def watch_retention(tx: Tx) -> int:
    """Set the day until which papers of former customers are kept, forget what is due, and say how many.

    The record stays: that there was a document, of which kind, and what was decided about it.
    """
    until = years_later(tx.now, KEPT_YEARS)
    for (document_id,) in tx.all(ENDED):
        tx.update(BankDocument, document_id, keep_until=until, updated_at=tx.now)
        tx.note(
            "bank_document.retained", "bank_document", document_id, after={"keep_until": until.isoformat()}
        )
    overdue = tx.all(OVERDUE, now=tx.now)
    for document_id, customer_id, _ in overdue:
        tx.update(BankDocument, document_id, digest="", name="", updated_at=tx.now)
        tx.note("bank_document.forgotten", "bank_document", document_id, after={"customer_id": customer_id})
    return len(overdue)


def years_later(at: datetime, years: int) -> datetime:
    """The same day so many years later; the last of February where there is no such day."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)
