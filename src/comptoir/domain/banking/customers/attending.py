"""What the bank does to a customer by itself: lock, unlock, note when they were last in touch."""

from datetime import datetime

from comptoir.domain.banking.customers.persons import take_person
from comptoir.domain.banking.customers.writing import change_row
from comptoir.domain.tx import Tx


def set_last_contact(tx: Tx, *, customer_id: int, at: datetime, kind: str) -> None:
    """Write down when and how a customer was last in touch. Refuses: CustomerNotFound."""
    take_person(tx, customer_id)
    change_row(tx, customer_id, last_contact_at=at, last_contact_type=kind)
    tx.note("bank_customer.contacted", "bank_customer", customer_id, after={"type": kind})


def lock_customer(tx: Tx, *, customer_id: int, reason: str) -> None:
    """Let a customer do nothing until they are unlocked. Refuses: CustomerNotFound."""
    take_person(tx, customer_id)
    change_row(tx, customer_id, is_locked=True, locked_at=tx.now, locked_reason=reason)
    tx.note("bank_customer.locked", "bank_customer", customer_id, after={"reason": reason})


def unlock_customer(tx: Tx, *, customer_id: int) -> None:
    """Let a customer act again. Refuses: CustomerNotFound."""
    take_person(tx, customer_id)
    change_row(tx, customer_id, is_locked=False, locked_at=None, locked_reason="")
    tx.note("bank_customer.unlocked", "bank_customer", customer_id)
