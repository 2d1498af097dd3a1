"""Locking cards and unlocking them; taking lost and stolen ones out of use for good (reference 3.10.1)."""

from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.accounts.queries import access_of
from comptoir.domain.banking.cards.errors import (
    CardAccessMissing,
    CardLocked,
    CardStatusRefuses,
    HotlistNeeded,
    LockedByAdministrator,
    LockedBySystem,
    LockedForGood,
)
from comptoir.domain.banking.cards.models import (
    ADMINISTRATIVE,
    ENDED_STATUSES,
    HOT_LISTED,
    HOTLIST_REASONS,
    LASTING_REASONS,
    LATER_HOTLIST_REASONS,
    LOCK_REASONS,
    LOCKED_BY_CUSTOMER,
    LOCKED_BY_SYSTEM,
    LOST,
    STOLEN,
    UNLOCKED,
    Card,
)
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.customers.models import FDRY
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx


def lock_card(tx: Tx, *, customer_id: int, card_id: int, reason: str) -> CardRow:
    """Lock a card at its customer's wish; one that is locked already gets the new reason.

    What is locked because it is misused stays so: another reason could be unlocked.
    Refuses: as require_customer, CardNotFound, CardAccessMissing, CardStatusRefuses, Invalid (reason_needed),
    HotlistNeeded, Invalid (reason), LockedForGood, LockedBySystem.
    """
    card = _taken(tx, customer_id, card_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    if not reason:
        raise Invalid("reason_needed", "is required")
    if reason in {LOST, STOLEN}:
        raise HotlistNeeded
    if reason not in LOCK_REASONS:
        raise Invalid("reason", f"{reason} is none of {', '.join(LOCK_REASONS)}")
    if card.lock_reason in LASTING_REASONS:
        raise LockedForGood(card_id, card.lock_reason)
    refuse_system_lock(card)
    _set(tx, card, LOCKED_BY_CUSTOMER, reason)
    return card


def unlock_card(tx: Tx, *, customer_id: int, card_id: int) -> CardRow:
    """Unlock a card; nothing happens to one that is not locked.

    Refuses: as require_customer, CardNotFound, CardAccessMissing, LockedForGood, LockedBySystem.
    """
    card = _taken(tx, customer_id, card_id)
    if card.lock_type == UNLOCKED:
        return card
    if card.lock_reason in LASTING_REASONS or card.status == HOT_LISTED:
        raise LockedForGood(card_id, card.lock_reason)
    refuse_system_lock(card)
    _set(tx, card, UNLOCKED, "")
    return card


def hotlist_card(tx: Tx, *, customer_id: int, card_id: int, reason: str) -> CardRow:
    """Take a card out of use that is lost, stolen or misused; it never comes back.

    Refuses: as require_customer, CardNotFound, CardAccessMissing, Invalid (reason_needed), Invalid (reason),
    LockedBySystem, CardStatusRefuses.
    """
    card = _taken(tx, customer_id, card_id)
    if not reason:
        raise Invalid("reason_needed", "is required")
    if reason not in {*HOTLIST_REASONS, *LATER_HOTLIST_REASONS}:
        raise Invalid("reason", f"{reason} is none of {', '.join(HOTLIST_REASONS)}")
    refuse_system_lock(card)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    hotlist(tx, card, reason)
    return card


def hotlist(tx: Tx, card: CardRow, reason: str) -> None:
    """Take a card out of use for good."""
    tx.update(
        Card, card.id, status=HOT_LISTED, lock_type=LOCKED_BY_CUSTOMER, lock_reason=reason, updated_at=tx.now
    )  # fmt: skip
    tx.note(
        "card.hotlisted", "card", card.id,
        before={"status": card.status}, after={"status": HOT_LISTED, "lock_reason": reason},
    )  # fmt: skip


def refuse_system_lock(card: CardRow) -> None:
    """Refuses: LockedByAdministrator, LockedBySystem."""
    if card.lock_type == LOCKED_BY_SYSTEM:
        kind = LockedByAdministrator if card.lock_reason == ADMINISTRATIVE else LockedBySystem
        raise kind(card.id, card.lock_reason)


def require_unlocked(card: CardRow) -> None:
    """Refuses: LockedByAdministrator, LockedBySystem, LockedForGood, CardLocked."""
    refuse_system_lock(card)
    if card.lock_reason in LASTING_REASONS:
        raise LockedForGood(card.id, card.lock_reason)
    if card.lock_type != UNLOCKED:
        raise CardLocked(card.id, card.lock_reason)


def _taken(tx: Tx, customer_id: int, card_id: int) -> CardRow:
    customer = require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    is_own = customer_id in {card.customer_id, card.holder_customer_id}
    is_owner = is_own or access_of(tx, card.primary_account_id, customer_id) == FULL
    if customer.access_type == FDRY or not is_owner:
        raise CardAccessMissing(customer_id, card.primary_account_id)
    return card


def _set(tx: Tx, card: CardRow, lock_type: str, reason: str) -> None:
    tx.update(Card, card.id, lock_type=lock_type, lock_reason=reason, updated_at=tx.now)
    tx.note(
        "card.locked" if lock_type != UNLOCKED else "card.unlocked", "card", card.id,
        before={"lock_type": card.lock_type, "lock_reason": card.lock_reason},
        after={"lock_type": lock_type, "lock_reason": reason},
    )  # fmt: skip
