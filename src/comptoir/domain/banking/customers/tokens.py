"""Tokens that speak for one customer for a short while: signed, and kept nowhere."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.tx import Tx

LIFE = timedelta(minutes=30)
SIGNATURE_BYTES = 24
PERSON = b"customer token"
PARTS = 4


class Token(NamedTuple):
    """A token, and until when it speaks."""

    text: str
    expires_at: datetime


def make_token(tx: Tx, *, customer_id: int, secret: bytes) -> Token:
    """A token for a customer who may act.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified.
    """
    require_customer(tx, customer_id)
    expires_at = (tx.now + LIFE).replace(microsecond=0)
    body = f"{customer_id}.{int(expires_at.timestamp())}.{tx.ids.secret(8)}"
    tx.note("bank_customer.token", "bank_customer", customer_id, after={"expires_at": expires_at.isoformat()})
    return Token(f"{body}.{_signature(body, secret)}", expires_at)


def customer_of(text: str, *, secret: bytes, now: datetime) -> int | None:
    """For whom a token speaks; None when it was changed, is no token, or speaks no more."""
    body, _, signature = text.rpartition(".")
    if not text.isascii() or text.count(".") != PARTS - 1:
        return None
    if not hmac.compare_digest(signature, _signature(body, secret)):
        return None
    customer_id, expires, _ = body.split(".")
    return int(customer_id) if datetime.fromtimestamp(int(expires), UTC) > now else None


def _signature(body: str, secret: bytes) -> str:
    key = blake2b(secret, digest_size=32, person=PERSON).digest()
    return blake2b(body.encode(), digest_size=SIGNATURE_BYTES, key=key).hexdigest()
