"""Renewing cards before they end, by the clock; and what a program decides otherwise for one card."""

from datetime import datetime
from typing import Any, NamedTuple

from comptoir.domain.banking.cards.errors import CardStatusRefuses
from comptoir.domain.banking.cards.models import (
    AUTO_REISSUE_INITIATED,
    AUTO_REISSUED_PENDING,
    DIGITAL_INITIATED,
    DIGITAL_PENDING,
    PENDING_VERIFICATION,
    REISSUED,
    REISSUED_PENDING,
    RENEWED,
    UNLOCKED,
    VERIFIED,
    Card,
)
from comptoir.domain.banking.cards.numbers import VALID_YEARS, Expiry
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.cards.verifying import expiry_on
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.tx import Tx

# On which day of the month before a card's last one it is renewed.
RENEWAL_DAY = 15
MONTHS = 12
REASON_MAX = 20
RENEW, DO_NOT_RENEW = OVERRIDES = ("Renew", "DoNotRenew")
OVERRIDABLE = frozenset({
    VERIFIED, REISSUED, PENDING_VERIFICATION, REISSUED_PENDING, DIGITAL_INITIATED, DIGITAL_PENDING,
})  # fmt: skip


class RenewalRefused(Conflict):
    """Nothing is decided about a card's renewal now."""

    problem = "cannot be renewed"

    def __init__(self, card_id: int) -> None:
        super().__init__(f"card id {card_id} {self.problem}")


class RenewalTooEarly(RenewalRefused):
    """Its renewal is decided from the first day of the month before its last one on."""

    problem = "cannot be renewed before the renewal period"


class RenewalDone(RenewalRefused):
    """The day of renewal has come, and the month is not over."""

    problem = "cannot be used on or after the day on which cards are renewed"


class RenewalMissed(RenewalRefused):
    """The month of renewal is over."""

    problem = "was to be renewed in another month"


class RenewalTooLate(RenewalRefused):
    """The card has ended."""

    problem = "cannot be used after it has expired"


class Period(NamedTuple):
    """Where the bank's calendar stands: months counted through, and the day."""

    month: int
    day: int


def override_renewal(tx: Tx, *, customer_id: int, card_id: int, override: str, reason: str) -> CardRow:
    """Decide whether a card is to be renewed, against the rule.

    Refuses: NotEnabled, as require_customer, CardNotFound, Invalid (override, reason), CardStatusRefuses,
    RenewalTooLate, RenewalTooEarly, RenewalDone, RenewalMissed.
    """
    program = get_program(tx)
    require_feature(program, "renewal_override")
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if override not in OVERRIDES:
        raise Invalid("override", f"must be one of {', '.join(OVERRIDES)}")
    if not 0 < len(reason) <= REASON_MAX:
        raise Invalid("reason", f"must be a text of 1 to {REASON_MAX} characters")
    if card.status not in OVERRIDABLE:
        raise CardStatusRefuses(card_id, card.status)
    _refuse_untimely(card, period_of(tx.now.astimezone(program.zone)))
    decided = {"override": override, "reason": reason, "of": _written(expiry_on(card))}
    tx.update(Card, card_id, details={**card.details, "renewal": decided}, updated_at=tx.now)
    tx.note("card.renewal_decided", "card", card_id, after=decided)
    return card


def period_of(wall: datetime) -> Period:
    """Where a wall clock of the bank stands."""
    return Period(wall.year * MONTHS + wall.month, wall.day)


def last_month_to_renew(period: Period) -> Expiry:
    """Cards whose last month is this one or before are to be renewed by now."""
    month = period.month + (period.day >= RENEWAL_DAY)
    return Expiry((month - 1) // MONTHS, (month - 1) % MONTHS + 1)


def is_to_renew(card: CardRow) -> bool:
    """Whether a card is renewed: what is in use and not locked, unless it was decided otherwise."""
    decided = card.details.get("renewal") or {}
    if decided.get("of") == _written(expiry_on(card)):
        return bool(decided["override"] == RENEW)
    return card.is_in_use and card.lock_type == UNLOCKED


def renew(tx: Tx, card: CardRow, due: Expiry) -> None:
    """Let a card go on, with the same number, for as many terms as bring its last month behind what is due."""
    expiry = expiry_on(card)
    while expiry <= due:
        expiry = Expiry(expiry.year + VALID_YEARS, expiry.month)
    status = AUTO_REISSUED_PENDING if tx.shop.is_sandbox else AUTO_REISSUE_INITIATED
    values: dict[str, Any] = {
        "status": VERIFIED if card.is_digital_only else status,
        "expire_year": expiry.year,
        "reissue_reason": RENEWED,
    }
    tx.update(Card, card.id, **values, reissued_at=tx.now, requested_at=tx.now, updated_at=tx.now)
    tx.note("card.renewed", "card", card.id, before={"status": card.status}, after=values)


def _refuse_untimely(card: CardRow, period: Period) -> None:
    expiry = expiry_on(card)
    left = expiry.year * MONTHS + expiry.month - period.month
    if left < 0:
        raise RenewalTooLate(card.id)
    if left > 1:
        raise RenewalTooEarly(card.id)
    if left == 1 and period.day >= RENEWAL_DAY:
        raise RenewalDone(card.id)
    if left == 0:
        raise RenewalMissed(card.id)


def _written(expiry: Expiry) -> str:
    return f"{expiry.year}-{expiry.month:02d}"
