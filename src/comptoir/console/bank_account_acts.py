"""What is done to accounts at the bank, in the name of their holder: changed, locked, held, shared, limited, closed."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import CUSTOMER, TAG, fee_choices, line, sweep_choices, words
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Visit
from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.errors import Refused
from comptoir.domain.banking.accounts.locking import (
    hold_account,
    lock_account,
    release_account,
    unlock_account,
)
from comptoir.domain.banking.accounts.models import (
    ACCOUNT_ACCESS_TYPES,
    LOCKED_BY_CUSTOMER,
    LOCKED_BY_SYSTEM,
)
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.accounts.restricting import AccountLimit, drop_limits, set_limits
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.transfers.fees import FeeRefused, create_fee
from comptoir.domain.errors import Invalid

LOCK_TYPES = {
    LOCKED_BY_CUSTOMER: "at the customer's wish",
    LOCKED_BY_SYSTEM: "by the bank: only the bank unlocks it",
}
LOCK_REASONS = {
    "UNK": "unknown",
    "FRD": "fraud",
    "ADM": "administrative",
    "TMP": "for a while",
    "FRZ": "frozen",
    "SUS": "suspicious",
    "CO": "credits only",
    "RTN": "returns",
    "REC": "recovery",
    "DED": "the holder has died",
    "DOR": "dormant",
}
ACCESS = dict(zip(ACCOUNT_ACCESS_TYPES, ("full", "may look", "may sign", "none: takes it away"), strict=True))
LIMIT_NAMES = {
    f"{span}_{direction}": f"{span.replace('_', ' ')} {direction}"
    for span in ("per_transaction", "daily", "monthly")
    for direction in ("deposit", "withdraw")
} | {"balance": "balance"}
CHANGE = Form(
    "change",
    (
        Field("name", "Name", line(50), required=True),
        Field("tag", "Tag", TAG),
        Field("is_primary", "The customer's primary account", kinds.FLAG),
        Field("is_closeable", "May be closed", kinds.FLAG),
        Field("target_minor", "Goal", kinds.AMOUNT),
        Field("target_on", "to be met on", kinds.DAY),
        Field("category", "Category", line(50)),
        Field("sub_category", "Subcategory", line(50)),
        Field("legal_name1", "Legal name", line(100)),
        Field("legal_name2", "Legal name, second line", line(100)),
        Field("miscellaneous", "Remarks", words()),
        *(Field(f"custom{one}", f"Own field {one}", line(), group="Own fields") for one in range(1, 6)),
    ),
)
LOCK = Form(
    "lock",
    (
        Field("lock_type", "Who locks it", kinds.choice(LOCK_TYPES), required=True),
        Field("lock_reason", "Why", kinds.choice(LOCK_REASONS), required=True),
    ),
    "Lock the account",
)
HOLD = Form(
    "hold",
    (
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
        Field("description", "What for", line()),
        Field("expires_on", "Until the beginning of", kinds.DAY, hint="Without a day, until it is released."),
    ),
    "Hold the money",
)
CLOSE = Form(
    "close",
    (
        Field(
            "close_to_id", "What is left goes to", kinds.choice(sweep_choices, kinds.INTEGER),
            hint="Needed when there is anything on it, or interest is owed.",
        ),
        Field("reason", "Why", line(50)),
        Field("notes", "Remarks", words(), hint="Needed when the reason is Other."),
        Field("tag", "Tag of the last transfer", TAG),
    ),
    "Close the account",
)  # fmt: skip
FEE = Form(
    "fee",
    (
        Field("fee_type_id", "Fee", kinds.choice(fee_choices, kinds.INTEGER), required=True),
        Field("amount_minor", "Amount", kinds.AMOUNT, hint="Empty: that of the fee; never more than that."),
        Field("tag", "Tag", TAG),
    ),
    "Charge it",
)
SHARE = Form(
    "share",
    (
        Field("target_customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number at the bank."),
        Field("access_type", "Access", kinds.choice(ACCESS), required=True),
        Field("priority", "Priority", kinds.INTEGER, hint="Who comes next, should the owner die."),
    ),
    "Set the access",
)  # fmt: skip
LIMIT = Form(
    "limit",
    (
        Field("name", "Limit", kinds.choice(LIMIT_NAMES), required=True),
        Field("minimum_minor", "Least", kinds.AMOUNT),
        Field("maximum_minor", "Most", kinds.AMOUNT),
        Field("effective_at", "From", kinds.MOMENT),
        Field("expires_at", "Until", kinds.MOMENT),
    ),
    "Set the limit",
)
# Where a refusal by its kind belongs on a form, and what it says there.
CLOSING = {
    "target_missing": ("close_to_id", "must be chosen: something is left on the account"),
    "target_unknown": ("close_to_id", "is no account of the holder"),
    "target_foreign": ("close_to_id", "is somebody else's"),
    "target_gone": ("close_to_id", "is ended"),
    "target_unverified": ("close_to_id", "is not verified"),
    "target_not_open": ("close_to_id", "is not open"),
    "reason": ("reason", "must have words"),
    "notes": ("notes", "must be filled in when the reason is Other"),
    "tag": ("tag", "was used before"),
    "linked_card": ("", "A card draws on the account: take it off the card first."),
}
CHARGING = {
    "amount": ("amount_minor", "must be above zero"),
    "amount_too_large": ("amount_minor", "is more than the fee allows"),
    "funds": ("amount_minor", "is more than is available"),
    "tag": ("tag", "was used before"),
}
HOLDING = {
    "amount": ("amount_minor", "must be above zero"),
    "expiry": ("expires_on", "must be a day to come"),
    "pending": ("", "Something is held already: release it first."),
}


def told(error: Refused, fields: Mapping[str, tuple[str, str]]) -> Exception:
    """A refusal that is told by its kind, beside the field that it is about."""
    found = fields.get(error.kind)
    return error if found is None else Invalid(*found)


def back(visit: Visit, said: str, ending: str = "") -> Gone:
    """The account's page."""
    return Gone(address_of(f"/bank/accounts/{visit.id}{ending}"), said)


def holder(visit: Visit) -> dict[str, Any]:
    """In whose name something is done, and to which account."""
    account = get_bank_account(visit.tx, visit.id)
    return {"customer_id": account.customer_id, "account_id": account.account_id}


def change(visit: Visit) -> Answer:
    """Change what differs."""
    account = get_bank_account(visit.tx, visit.id)
    changes = CHANGE.changes(visit, {field.name: getattr(account, field.name) for field in CHANGE.fields})
    if changes:
        update_bank_account(visit.tx, **holder(visit), **changes)
    return back(visit, "The account was saved." if changes else "Nothing was changed.")


def lock(visit: Visit) -> Answer:
    """Lock it."""
    lock_account(visit.tx, **holder(visit), **LOCK.read(visit))
    return back(visit, "The account is locked.")


def unlock(visit: Visit) -> Answer:
    """Unlock it."""
    unlock_account(visit.tx, **holder(visit))
    return back(visit, "The account is unlocked.")


def hold(visit: Visit) -> Answer:
    """Hold money on it."""
    try:
        hold_account(visit.tx, **holder(visit), **HOLD.read(visit))
    except Refused as error:
        raise told(error, HOLDING) from error
    return back(visit, "The money is held.")


def release(visit: Visit) -> Answer:
    """Release the hold that somebody placed."""
    release_account(visit.tx, **holder(visit))
    return back(visit, "The hold is released.")


def charge_fee(visit: Visit) -> Answer:
    """Charge a fee by hand."""
    try:
        create_fee(visit.tx, **holder(visit), **FEE.read(visit))
    except FeeRefused as error:
        found = CHARGING.get(error.reason)
        raise error if found is None else Invalid(*found) from error
    return back(visit, "The fee was charged.")


def close(visit: Visit) -> Answer:
    """Close it; what is left goes where it is said."""
    typed = CLOSE.read(visit)
    try:
        closing = close_bank_account(visit.tx, **holder(visit), **typed)
    except Refused as error:
        raise told(error, CLOSING) from error
    is_on_its_way = closing.transaction_id is not None and closing.is_external
    return back(
        visit,
        "The account is closing: its money is on its way." if is_on_its_way else "The account is closed.",
    )


def share(visit: Visit) -> Answer:
    """Give somebody access, change it, or take it."""
    set_access(visit.tx, **holder(visit), **SHARE.read(visit))
    return back(visit, "The access was set.", "/rules")


def limit(visit: Visit) -> Answer:
    """Set a limit."""
    typed: dict[str, Any] = LIMIT.read(visit)
    set_limits(visit.tx, account_id=visit.id, limits=[AccountLimit(**typed)])
    return back(visit, "The limit was set.", "/rules")


def numbered(visit: Visit, name: str) -> int:
    """A number that a button sends along. Refuses: Invalid."""
    number = kinds.record_number(visit.asked.posted(name))
    if number is None:
        raise Invalid(name, "is none of this account")
    return number


def drop_limit(visit: Visit) -> Answer:
    """Drop a limit. Refuses: Invalid (limit)."""
    if not drop_limits(visit.tx, account_id=visit.id, limit_ids=[numbered(visit, "limit")]):
        raise Invalid("limit", "is none of this account")
    return back(visit, "The limit was dropped.", "/rules")
