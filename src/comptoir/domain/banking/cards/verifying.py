"""A card's holder says that it has come: from then on it can be used."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.cards.errors import (
    CardAccessMissing,
    CardNotSent,
    CardStatusRefuses,
    ValuesDiffer,
)
from comptoir.domain.banking.cards.locking import require_unlocked
from comptoir.domain.banking.cards.models import (
    UNSENT_STATUSES,
    VERIFIABLE_STATUSES,
    VERIFIED,
    Card,
)
from comptoir.domain.banking.cards.numbers import LAST_FOUR, Expiry, is_security_code
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx

CENTURY = 100

BIRTH_DATE = select(Customer.birth_date).where(Customer.id == bindparam("customer_id"))


class Printed(NamedTuple):
    """What is printed on a card beside its number."""

    security_code: str
    expire_year: int | None
    expire_month: int | None


def verify_card(
    tx: Tx, *, customer_id: int, card_id: int, last_four: str, birth_date: date | None
) -> CardRow:
    """Take a card into use by the end of its number and the day on which its holder was born.

    The day is not asked of a holder of whom it is not known.
    Refuses: as require_customer, CardNotFound, CardAccessMissing, LockedBySystem, LockedForGood, CardLocked,
    CardNotSent, CardStatusRefuses, ValuesDiffer.
    """
    card = _taken(tx, customer_id, card_id)
    known: date | None = tx.value(BIRTH_DATE, customer_id=card.holder_customer_id)
    digits = "".join(character for character in last_four if character.isdigit() and character.isascii())
    if digits[-LAST_FOUR:] != card.last_four or (known is not None and birth_date != known):
        raise ValuesDiffer
    _verify(tx, card)
    return card


def verify_by_code(tx: Tx, *, customer_id: int, card_id: int, printed: Printed) -> CardRow:
    """Take a card into use by what is printed on it: the month in which it ends and the security code.

    Refuses: as verify_card.
    """
    card = _taken(tx, customer_id, card_id)
    year = printed.expire_year
    if year is not None and year < CENTURY and card.expire_year is not None:
        year += card.expire_year // CENTURY * CENTURY
    is_same = (year, printed.expire_month) == (card.expire_year, card.expire_month)
    if not is_same or not is_security_code(tx, card, printed.security_code):
        raise ValuesDiffer
    _verify(tx, card)
    return card


def expiry_on(card: CardRow) -> Expiry:
    """The last month in which a card is good."""
    assert card.expire_year is not None
    assert card.expire_month is not None
    return Expiry(card.expire_year, card.expire_month)


def _taken(tx: Tx, customer_id: int, card_id: int) -> CardRow:
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if customer_id not in {card.customer_id, card.holder_customer_id}:
        raise CardAccessMissing(customer_id, card.primary_account_id)
    require_unlocked(card)
    if card.status in UNSENT_STATUSES:
        raise CardNotSent(card_id, card.status)
    if card.status not in VERIFIABLE_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    return card


def _verify(tx: Tx, card: CardRow) -> None:
    tx.update(Card, card.id, status=VERIFIED, verified_at=tx.now, updated_at=tx.now)
    tx.note("card.verified", "card", card.id, before={"status": card.status}, after={"status": VERIFIED})
