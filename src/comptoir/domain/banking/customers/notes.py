"""What somebody wrote down about a customer."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.models import CustomerNote
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.identity.texts import refuse, text_problem
from comptoir.domain.tx import Tx

NOTE_MAX = 4000
NOTES = (
    select(CustomerNote.id, CustomerNote.text, CustomerNote.author, CustomerNote.created_at)
    .where(CustomerNote.customer_id == bindparam("customer_id"))
    .order_by(CustomerNote.id.desc())
)


class NoteRow(NamedTuple):
    """A note."""

    id: int
    text: str
    author: str
    created_at: datetime


def add_note(tx: Tx, *, customer_id: int, text: str) -> int:
    """Write something down about a customer, whatever their status. Refuses: CustomerNotFound, Invalid (text)."""
    get_customer(tx, customer_id)
    problem = text_problem(text, NOTE_MAX) or ("" if text.strip() else "is required")
    refuse([("text", problem)] if problem else [])
    note_id = tx.ids.next("customer_note")
    tx.insert(
        CustomerNote, id=note_id, customer_id=customer_id, text=text, author=tx.actor.name, created_at=tx.now
    )
    tx.note("bank_customer.noted", "bank_customer", customer_id, after={"note": note_id})
    return note_id


def list_notes(tx: Tx, customer_id: int) -> list[NoteRow]:
    """What was written down about a customer, the last first. Refuses: CustomerNotFound."""
    get_customer(tx, customer_id)
    return [NoteRow(*row) for row in tx.all(NOTES, customer_id=customer_id)]
