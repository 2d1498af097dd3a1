"""Locking accounts, and holding money on them (reference 3.4.3, 3.4.6)."""

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import writing
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, saying
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    BIG_ID,
    ID,
    TEXT,
    an_object,
    given,
    needed,
    one_of,
    text,
)
from comptoir.dialects.corepro.words import is_day, is_unsaid
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import BankAccountNotFound, HoldMissing
from comptoir.domain.banking.accounts.locking import (
    LOCK_TYPES,
    hold_account,
    lock_account,
    release_account,
    unlock_account,
)
from comptoir.domain.banking.accounts.models import LOCK_REASONS, UNLOCKED
from comptoir.domain.banking.customers.errors import CustomerNotFound

LOCKING = {
    "type": 61203, "reason_missing": 61201, "reason_unknown": 61204, "privilege": 61202, "status": 61205,
    "system": 61206, "fraud": 61208,
}  # fmt: skip
UNLOCKING = {"system": 61302, "fraud": 61303}
HOLDING = {"amount": 61402, "account": 61403, "type": 61404, "pending": 61405, "expiry": 195131}
RELEASING = {"account": 61403, "type": 61504}
LOCK_OFF, UNLOCK_OFF, RELEASE_OFF, NOTHING_HELD, NO_DATE, INVALID_IDS = (
    61207,
    61304,
    61500,
    61505,
    195149,
    61301,
)
LOCKED = an_object(
    {"accountId": ID, "customerId": ID, "lockReasonTypeCode": TEXT, "lockTypeCode": one_of((UNLOCKED, *LOCK_TYPES))},
    always=("accountId", "customerId", "lockTypeCode"),
)  # fmt: skip
HELD = an_object(
    {"accountHoldId": BIG_ID, "accountId": ID, "customerId": ID}, always=("accountId", "customerId")
)


def lock(call: Call, asked: Asked) -> Reply:
    """Lock an account."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    kind, reason = asked.text("lockTypeCode"), asked.text("lockReasonTypeCode")
    with by_kind(LOCKING):
        lock_account(
            call.tx, customer_id=customer_id, account_id=account_id, lock_type=kind, lock_reason=reason
        )
    words = {"lockTypeCode": kind, "lockReasonTypeCode": reason}
    said = {name: (word or "").strip().upper() for name, word in words.items()}
    return ok({"accountId": account_id, "customerId": customer_id, **said})


def unlock(call: Call, asked: Asked) -> Reply:
    """Unlock an account that a customer locked."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    words = Refusal(INVALID_IDS, "Customer id or account id is invalid.")
    with saying({CustomerNotFound: words, BankAccountNotFound: words}), by_kind(UNLOCKING):
        unlock_account(call.tx, customer_id=customer_id, account_id=account_id)
    return ok({"accountId": account_id, "customerId": customer_id, "lockTypeCode": UNLOCKED})


def place_hold(call: Call, asked: Asked) -> Reply:
    """Hold money on an account; one hold at a time."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    asked.demand("customerId", "accountId", "holdAmount", code=REQUIRED)
    until = asked.raw("expirationDate")
    if not is_unsaid(until) and not is_day(until if isinstance(until, str) else ""):
        asked.refuse(NO_DATE, "expirationDate is not a date.")
    amount_minor = asked.money("holdAmount")
    asked.settle()
    with by_kind(HOLDING):
        hold_id = hold_account(
            call.tx,
            customer_id=customer_id,
            account_id=account_id,
            amount_minor=amount_minor or 0,
            description=asked.text("holdDescription", most=255) or "",
            expires_on=asked.day("expirationDate"),
        )
    return ok({"accountHoldId": hold_id, "accountId": account_id, "customerId": customer_id})


def release_hold(call: Call, asked: Asked) -> Reply:
    """Release the hold of an account."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    asked.demand("customerId", "accountId", code=REQUIRED)
    asked.settle()
    with saying({HoldMissing: NOTHING_HELD}), by_kind(RELEASING):
        hold_id = release_account(call.tx, customer_id=customer_id, account_id=account_id)
    return ok({"accountHoldId": hold_id, "accountId": account_id, "customerId": customer_id})


_WHO = (needed("customerId", ID), needed("accountId", ID))
_STANDING = (60001, 60002, 60004, 60005)
CALLS = (
    writing(
        "account/lock", lock, shows=LOCKED, needs="locks", otherwise=LOCK_OFF,
        takes=(
            *_WHO, needed("lockTypeCode", one_of(LOCK_TYPES)), needed("lockReasonTypeCode", one_of(LOCK_REASONS)),
        ),
        codes=(*_STANDING, 61101, *sorted(LOCKING.values())), text="Lock an account",
    ),
    writing(
        "account/unlock", unlock, shows=LOCKED, needs="locks", otherwise=UNLOCK_OFF, takes=_WHO,
        codes=(60002, 60004, 60005, INVALID_IDS, *sorted(UNLOCKING.values()), 63502), text="Unlock an account",
    ),
    writing(
        "account/placeHold", place_hold, shows=HELD, needs="holds",
        takes=(
            *_WHO, needed("holdAmount", ASKED_MONEY), given("holdDescription", text(255)),
            given("expirationDate", TEXT, "The day at whose beginning it ends; it lasts until it is released."),
        ),
        codes=(*_STANDING, REQUIRED, *sorted(HOLDING.values()), NO_DATE, 63502, 70204), text="Hold money on an account",
    ),
    writing(
        "account/releaseHold", release_hold, shows=HELD, needs="holds", otherwise=RELEASE_OFF, takes=_WHO,
        codes=(*_STANDING, REQUIRED, *sorted(RELEASING.values()), NOTHING_HELD, 63502), text="Release a hold",
    ),
)  # fmt: skip
