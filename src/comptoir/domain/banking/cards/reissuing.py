"""Issuing a card again: after damage and for renewal with the same number, otherwise with a new one."""

from typing import Any

from comptoir.domain.banking.cards.errors import (
    CardAccessMissing,
    CardStatusRefuses,
    IssuanceRefuses,
)
from comptoir.domain.banking.cards.issuing import expiry_of
from comptoir.domain.banking.cards.locking import refuse_system_lock
from comptoir.domain.banking.cards.models import (
    AUTO_REISSUED_PENDING,
    DAMAGED,
    DIGITAL_INITIATED,
    DIGITAL_PENDING,
    PENDING_VERIFICATION,
    REISSUE_REASONS,
    REISSUED,
    REISSUED_PENDING,
    RENEWED,
    RETURNING_STATUSES,
    UNLOCKED,
    UNSAFE_REASONS,
    VERIFIED,
    Card,
)
from comptoir.domain.banking.cards.numbers import choose_bin, draw_last_four
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

REISSUABLE = frozenset({
    VERIFIED, PENDING_VERIFICATION, REISSUED, REISSUED_PENDING, AUTO_REISSUED_PENDING, DIGITAL_INITIATED,
    DIGITAL_PENDING,
})  # fmt: skip
# What the holder has not taken into use is waited for again.
WAITING = frozenset({PENDING_VERIFICATION, REISSUED_PENDING, AUTO_REISSUED_PENDING})
SAME_NUMBER = frozenset({DAMAGED, RENEWED})


def reissue_card(tx: Tx, *, customer_id: int, card_id: int, reason: str) -> CardRow:
    """Issue a card again. A new number ends a lock of the customer's; nothing ends one of the system's.

    The old card is good until the new one is verified, unless it was lost, stolen or misused.
    Refuses: as require_customer, CardNotFound, CardAccessMissing, Invalid (reason_needed, reason), LockedBySystem,
    CardStatusRefuses, IssuanceRefuses (a digital card is not damaged), NoBin, NoNumberLeft.
    """
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if customer_id not in {card.customer_id, card.holder_customer_id}:
        raise CardAccessMissing(customer_id, card.primary_account_id)
    if not reason:
        raise Invalid("reason_needed", "is required")
    if reason not in REISSUE_REASONS:
        raise Invalid("reason", f"{reason} is none of {', '.join(REISSUE_REASONS)}")
    refuse_system_lock(card)
    if card.status not in REISSUABLE:
        raise CardStatusRefuses(card_id, card.status)
    if card.is_digital_only and reason == DAMAGED:
        raise IssuanceRefuses(card_id)
    _reissue(tx, card, reason)
    return card


def _reissue(tx: Tx, card: CardRow, reason: str) -> None:
    values: dict[str, Any] = {"status": _status(tx, card), "reissue_reason": reason}
    if reason not in SAME_NUMBER:
        chosen = choose_bin(tx, card.bin_id, None)
        values |= {"last_four": draw_last_four(tx, chosen), "lock_type": UNLOCKED, "lock_reason": ""}
    if reason != DAMAGED:
        expiry = expiry_of(tx, get_program(tx))
        values |= {"expire_year": expiry.year, "expire_month": expiry.month}
    if reason in UNSAFE_REASONS and values["status"] in RETURNING_STATUSES:
        values["verified_at"] = None
    tx.update(Card, card.id, **values, reissued_at=tx.now, requested_at=tx.now, updated_at=tx.now)
    tx.note(
        "card.reissued", "card", card.id,
        before={"status": card.status}, after={"status": values["status"], "reason": reason},
    )  # fmt: skip


def _status(tx: Tx, card: CardRow) -> str:
    """What comes of it: a sandbox sends nothing, so that what was in use stays in use (reference 6)."""
    if card.is_digital_only:
        return VERIFIED
    if tx.shop.is_sandbox:
        return REISSUED_PENDING if card.status in WAITING else VERIFIED
    if card.status in {DIGITAL_INITIATED, DIGITAL_PENDING}:
        return DIGITAL_INITIATED
    return REISSUED
