"""Locking and unlocking cards, hotlisting lost and stolen ones; the accounts that a card draws on (3.10.2)."""

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import writing
from comptoir.dialects.corepro.card_shown import CARD
from comptoir.dialects.corepro.cards import CODE_MAX, INCOMPLETE, INVALID, WHICH, ids, reply
from comptoir.dialects.corepro.refusals import Refusal, Refusals, saying
from comptoir.dialects.corepro.shapes import COUNT, ID, given, needed, one_of
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import errors
from comptoir.domain.banking.cards.locking import hotlist_card, lock_card, unlock_card
from comptoir.domain.banking.cards.models import HOTLIST_REASONS, LATER_HOTLIST_REASONS, LOCK_REASONS
from comptoir.domain.banking.cards.ties import add_account, prioritise_account, remove_account

NEEDED = "lockReasonTypeCode is required."
LOCK: Refusals = {errors.CardAccessMissing: 150503, errors.LockedBySystem: 150504}
UNLOCK: Refusals = {errors.LockedBySystem: 150502}
HOTLIST: Refusals = {errors.CardAccessMissing: 150503, errors.CardStatusRefuses: 150802}
ADD: Refusals = {
    errors.CardNotFound: 150601, errors.CardAccountNotFound: 150601, errors.CardStatusRefuses: 150601,
    errors.CardLocked: 150602, errors.CategoryRefuses: 150603, errors.CardAccountStatusRefuses: 150605,
    errors.AccessTooSmall: 63502,
}  # fmt: skip
REMOVE: Refusals = {
    errors.CardNotFound: 150701, errors.CardStatusRefuses: 150701, errors.CardLocked: 150602,
}  # fmt: skip


def lock(call: Call, asked: Asked) -> Reply:
    """Lock a card."""
    which = ids(asked)
    with saying(LOCK, {"reason_needed": Refusal(150405, NEEDED), "reason": 150501}):
        lock_card(call.tx, **which, reason=_reason(asked))
    return reply(call, **which)


def unlock(call: Call, asked: Asked) -> Reply:
    """Unlock a card."""
    which = ids(asked)
    if min(which.values()) <= 0:
        asked.refuse(150501, "Invalid CustomerId or CardId.")
        asked.settle()
    with saying(UNLOCK):
        unlock_card(call.tx, **which)
    return reply(call, **which)


def hotlist(call: Call, asked: Asked) -> Reply:
    """Take a card out of use that is lost, stolen or misused."""
    which = ids(asked)
    with saying(HOTLIST, {"reason_needed": Refusal(150801, NEEDED), "reason": 150501}):
        hotlist_card(call.tx, **which, reason=_reason(asked))
    return reply(call, **which)


def add(call: Call, asked: Asked) -> Reply:
    """Let a card draw on another account."""
    which = ids(asked, 150601)
    account_id, priority = asked.id("accountId"), _priority(asked)
    with saying(ADD):
        add_account(call.tx, **which, account_id=account_id, priority=priority)
    return reply(call, **which)


def remove(call: Call, asked: Asked) -> Reply:
    """Let a card draw on an account no longer."""
    which = ids(asked, 150701)
    with saying(REMOVE):
        remove_account(call.tx, **which, account_id=asked.id("accountId"))
    return reply(call, **which)


def reprioritize(call: Call, asked: Asked) -> Reply:
    """Give an account of a card another place."""
    which = ids(asked, 150701)
    account_id, priority = asked.id("accountId"), _priority(asked)
    with saying(REMOVE):
        prioritise_account(call.tx, **which, account_id=account_id, priority=priority)
    return reply(call, **which)


def _reason(asked: Asked) -> str:
    return (asked.text("lockReasonTypeCode", most=CODE_MAX) or "").strip().upper()


def _priority(asked: Asked) -> int | None:
    """The place of an account; some clients write it as they read it (3.10.2)."""
    priority = asked.whole("priority")
    return asked.whole("cardPriority") if priority is None else priority


_TIED = (*WHICH, needed("accountId", ID))
_PRIORITY = (given("priority", COUNT), given("cardPriority", COUNT, "The same."))
CALLS = (
    writing(
        "card/lock", lock, shows=CARD, text="Lock a card",
        takes=(*WHICH, needed("lockReasonTypeCode", one_of(LOCK_REASONS))),
        codes=(60001, 150404, 150405, 150501, 150502, 150503, 150504, INVALID, INCOMPLETE),
    ),
    writing(
        "card/unlock", unlock, shows=CARD, takes=WHICH, text="Unlock a card",
        codes=(60001, 150501, 150502, 150503, INVALID, INCOMPLETE),
    ),
    writing(
        "card/hotlist", hotlist, aliases=("card/lostOrStolen",), shows=CARD, text="Take a lost card out of use",
        takes=(*WHICH, needed("lockReasonTypeCode", one_of((*HOTLIST_REASONS, *LATER_HOTLIST_REASONS)))),
        codes=(60001, 150501, 150502, 150503, 150504, 150801, 150802, INVALID, INCOMPLETE),
    ),
    writing(
        "card/addAccount", add, shows=CARD, takes=(*_TIED, *_PRIORITY), text="Let a card draw on another account",
        codes=(60001, 63502, 150601, 150602, 150603, 150604, 150605, 150606, 150607),
    ),
    writing(
        "card/removeAccount", remove, shows=CARD, takes=_TIED, text="Let a card draw on an account no longer",
        codes=(60001, 63502, 150602, 150701, 150702),
    ),
    writing(
        "card/reprioritizeAccount", reprioritize, aliases=("card/reprioritize",), shows=CARD,
        takes=(*_TIED, *_PRIORITY), codes=(60001, 63502, 150602, 150607, 150701),
        text="Give an account of a card another place",
    ),
)  # fmt: skip
