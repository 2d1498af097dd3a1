"""Accounts at other banks (reference 3.5)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.external_shown import (
    CUSTOM,
    EXTERNAL_ACCOUNT,
    EXTERNAL_ID,
    IDS,
    SAID,
    TAKEN,
    shown,
)
from comptoir.dialects.corepro.refusals import Refusal, Refusals, Said, saying, sentence, wire_name
from comptoir.dialects.corepro.replies import failed, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    ID,
    TAG,
    TEXT,
    a_list,
    given,
    needed,
    placed,
    queried,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.external import checking
from comptoir.domain.banking.external.changing import (
    LOCKS,
    lock_external_account,
    unlock_external_account,
    update_external_account,
)
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.errors import (
    AddingDisabled,
    CustomerBusy,
    ExternalAccountBusy,
    ExternalAccountFaulty,
    ExternalAccountLocked,
    ExternalAccountNotFound,
    LockedAlready,
    LockedByBank,
    NotArchivable,
    NotVerified,
    NoVerificationFunds,
    RequesterRefused,
    TooManyArchivals,
    TooManyExternalAccounts,
    UnlockedAlready,
    VerificationNeeded,
    VerificationNotNeeded,
    VerificationOver,
    VerificationRefused,
)
from comptoir.domain.banking.external.models import DENIED, VERIFIED, VERIFY_LOCKED
from comptoir.domain.banking.external.opening import create_external_account, initiate_external_account
from comptoir.domain.banking.external.queries import (
    find_by_tag,
    get_external_account,
    list_external_accounts,
)
from comptoir.domain.banking.external.verifying import resend_verification, verify_external_account
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.retiring import archive_external_account

TEXT_MAX, BUSINESS_NAME_MAX, NUMBER_MAX = 50, 100, 4000

REFUSALS: Refusals = {
    RequesterRefused: 62618,
    ExternalAccountNotFound: 62402,
    VerificationNeeded: 59011,
    VerificationNotNeeded: 59010,
    TooManyArchivals: 62004,
    NoVerificationFunds: 59001,
}
OPENING = (60001, 60002, 60003, 60004, 60005, 62618)
# The same fault has another number in each call (reference 3.5.4).
CREATE_FAULTS = {
    checking.TYPE: 62002, checking.TAG: 62003, checking.ANY_NAME: 62005, checking.ROUTING_UNSAID: 62006,
    checking.ACCOUNT_MISSING: 62007, checking.ACCOUNT_CHARACTER: 62008, checking.ACCOUNT_LONG: 62009,
    checking.FIRST_NAME: 62011, checking.LAST_NAME: 62012, checking.BUSINESS_NAME: 62013,
    checking.NICK_NAME: 62602, checking.ROUTING_BLANK: 69203, checking.ROUTING_UNKNOWN: 69205,
    checking.ROUTING_DIGITS: 69206, checking.ROUTING_LENGTH: 69207, checking.ROUTING_INVALID: 69208,
}  # fmt: skip
INITIATE_FAULTS = CREATE_FAULTS | {
    checking.TYPE: 62601, checking.TAG: 62008, checking.ANY_NAME: 62604, checking.ROUTING_UNSAID: 69203,
    checking.ACCOUNT_MISSING: 62607, checking.ACCOUNT_CHARACTER: 62612, checking.ACCOUNT_LONG: 62613,
    checking.FIRST_NAME: 62604, checking.LAST_NAME: 62605, checking.BUSINESS_NAME: 62616,
}  # fmt: skip
VERIFY_FAULTS = {checking.NICK_NAME: 62301}
UPDATE_FAULTS = CREATE_FAULTS | {checking.NICK_NAME: 62401, checking.TAG: 62403}
VERIFY_STATUSES = {VERIFY_LOCKED: 62202, DENIED: 62203, VERIFIED: 62204}


@contextmanager
def numbered(words: Refusals, faults: Mapping[str, int]) -> Iterator[None]:
    """Let one call number what it refuses."""
    try:
        with saying(words):
            yield
    except ExternalAccountFaulty as error:
        raise Said(
            *(Refusal(faults[each.kind], f"{wire_name(each.field)} {each.problem}.") for each in error.faults)
        ) from error
    except VerificationRefused as error:
        raise Said(Refusal(VERIFY_STATUSES[error.status], sentence(error))) from error


def create(call: Call, asked: Asked) -> Reply:
    """Take in an account that is good at once."""
    with numbered({TooManyExternalAccounts: 62001, AddingDisabled: 62014}, CREATE_FAULTS):
        return _id(create_external_account(call.tx, **_opened(asked)))


def initiate(call: Call, asked: Asked) -> Reply:
    """Take in an account that trial deposits are to prove."""
    with numbered({TooManyExternalAccounts: 62609, AddingDisabled: 62617}, INITIATE_FAULTS):
        return _id(initiate_external_account(call.tx, **_opened(asked)))


def verify(call: Call, asked: Asked) -> Reply:
    """Name the amounts; a miss is refused and counted."""
    asked.demand("amount1", "amount2")
    amounts = (asked.money("amount1") or 0, asked.money("amount2") or 0)
    words: Refusals = {
        ExternalAccountNotFound: 62201, ExternalAccountLocked: 62515, VerificationOver: 62205,
    }  # fmt: skip
    with numbered(words, VERIFY_FAULTS):
        attempt = verify_external_account(call.tx, **_ids(asked), amounts=amounts)
    if attempt.is_matched:
        return _id(asked.id("externalAccountId"))
    if not attempt.attempts_left:
        return failed(Refusal(62206, "Too many failed attempts; verification is locked."))
    left = attempt.attempts_left
    return failed(Refusal(62207, f"Amounts do not match; {left} attempt{'s' * (left > 1)} remaining."))


def resend(call: Call, asked: Asked) -> Reply:
    """Begin the verification again (reference 9, #8)."""
    words: Refusals = {
        ExternalAccountNotFound: 62201, TooManyExternalAccounts: 62609, AddingDisabled: 62617,
    }  # fmt: skip
    with numbered(words, {}):
        resend_verification(call.tx, **_ids(asked))
    return _id(asked.id("externalAccountId"))


def update(call: Call, asked: Asked) -> Reply:
    """Change what is said of one; what is not said stays."""
    said = _said(asked) | {"tag": asked.tag(), "type": asked.text("type")}
    values: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    with numbered({ExternalAccountLocked: 62514}, UPDATE_FAULTS):
        update_external_account(call.tx, **_ids(asked), **values)
    return _id(asked.id("externalAccountId"))


def archive(call: Call, asked: Asked) -> Reply:
    """End one for good."""
    words: Refusals = {
        ExternalAccountNotFound: 62501, NotVerified: 62502, CustomerBusy: 62503, ExternalAccountBusy: 62505,
        NotArchivable: 62506,
    }  # fmt: skip
    return _changed(call, asked, archive_external_account, words)


def lock(call: Call, asked: Asked) -> Reply:
    """Let no money through."""
    words: Refusals = {ExternalAccountNotFound: 62501, LockedAlready: 62509, NotVerified: 62510}
    reason = asked.text("lockedReason", most=TEXT_MAX) or ""
    return _changed(call, asked, lock_external_account, words, reason=reason)


def unlock(call: Call, asked: Asked) -> Reply:
    """Let money through again."""
    words: Refusals = {
        ExternalAccountNotFound: 62501, UnlockedAlready: 62511, NotVerified: 62512, LockedByBank: 62513,
    }  # fmt: skip
    return _changed(call, asked, unlock_external_account, words)


def get(call: Call, asked: Asked) -> Reply:
    """Show one; a lone id is its own (reference 8.6)."""
    if not asked.has_place(1):
        row = get_external_account(call.tx, asked.id_place(0))
    else:
        customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
        row = get_external_account(call.tx, asked.id_place(1), customer_id=customer_id)
    return ok(shown(row, get_program(call.tx)))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """Show the one with this tag, or nothing."""
    for tag in asked.spellings("tag", place=1):
        row = find_by_tag(call.tx, asked.id_place(0), tag)
        if row is not None:
            return ok(shown(row, get_program(call.tx)))
    return ok()


def list_all(call: Call, asked: Asked) -> Reply:
    """List a customer's, or the one that is named."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    wanted = asked.find_id_place(1)
    program = get_program(call.tx)
    rows = list_external_accounts(call.tx, customer_id)
    return ok([shown(row, program) for row in rows if wanted in {None, row.id}])


def _opened(asked: Asked) -> dict[str, Any]:
    said = {name: value or "" for name, value in _said(asked).items()}
    routing_number = asked.text("routingNumber", most=NUMBER_MAX)
    details = Details(
        type=(asked.text("type") or "").strip(),
        account_number=(asked.text("accountNumber", most=NUMBER_MAX) or "").strip(),
        routing_number=None if routing_number is None else routing_number.strip(),
        tag=asked.tag(),
        **{name: said.pop(name) for name in ("first_name", "last_name", "business_name", "nick_name")},
    )
    return {
        "customer_id": asked.id("customerId"),
        "requesting_customer_id": asked.find_id("requestingCustomerId"),
        "details": details,
        "custom": said,
    }


def _said(asked: Asked) -> dict[str, str | None]:
    return {
        "first_name": asked.text("firstName", most=TEXT_MAX),
        "last_name": asked.text("lastName", most=TEXT_MAX),
        "business_name": asked.text("businessName", most=BUSINESS_NAME_MAX),
        "nick_name": asked.text("nickName", most=TEXT_MAX),
        **{f"custom{number}": asked.text(name, most=TEXT_MAX) for number, name in enumerate(CUSTOM, start=1)},
    }


def _ids(asked: Asked) -> dict[str, Any]:
    return {
        "customer_id": asked.id("customerId"),
        "external_account_id": asked.id("externalAccountId"),
        "requesting_customer_id": asked.find_id("requestingCustomerId"),
    }


def _changed(call: Call, asked: Asked, verb: Callable[..., None], words: Refusals, **values: Any) -> Reply:
    with numbered(words, {}):
        verb(call.tx, **_ids(asked), **values)
    return _id(asked.id("externalAccountId"))


def _id(external_account_id: int) -> Reply:
    return ok({"externalAccountId": external_account_id})


CHANGING = (60001, 60002, 60004, 60005, 62618)
CALLS = (
    writing(
        "externalAccount/create", create, takes=TAKEN, shows=EXTERNAL_ID, text="Take in an account at another bank",
        codes=(59011, *OPENING, 62001, 62002, 62003, 62004, 62005, 62006, 62007, 62008, 62009, 62011, 62012, 62013,
               62014, 62602, 69203, 69205, 69206, 69207, 69208),
    ),
    writing(
        "externalAccount/initiate", initiate, takes=TAKEN, shows=EXTERNAL_ID,
        text="Take in an account at another bank that trial deposits are to prove",
        codes=(59001, 59010, *OPENING, 62004, 62008, 62601, 62602, 62604, 62605, 62607, 62609, 62612, 62613, 62616,
               62617, 69203, 69205, 69206, 69207, 69208),
    ),
    writing(
        "externalAccount/verify", verify, shows=EXTERNAL_ID, text="Name the amounts of the trial deposits",
        takes=(*IDS, needed("amount1", ASKED_MONEY), needed("amount2", ASKED_MONEY)),
        codes=(*CHANGING, 61401, 62201, 62202, 62203, 62204, 62205, 62206, 62207, 62301, 62515),
    ),
    writing(
        "externalAccount/resendVerification", resend, takes=IDS, shows=EXTERNAL_ID, text="Send new trial deposits",
        codes=(*CHANGING, 59001, 59010, 62201, 62203, 62204, 62609, 62617),
    ),
    writing(
        "externalAccount/update", update, shows=EXTERNAL_ID, text="Change what is said of an account at another bank",
        takes=(needed("customerId", ID), needed("externalAccountId", ID), given("type", TEXT), *SAID),
        codes=(*CHANGING, 62401, 62402, 62403, 62514, 62002, 62005, 62011, 62012, 62013),
    ),
    writing(
        "externalAccount/archive", archive, aliases=("externalAccount/deactivate",), takes=IDS, shows=EXTERNAL_ID,
        text="End an account at another bank for good", codes=(*CHANGING, 62501, 62502, 62503, 62505, 62506),
    ),
    writing(
        "externalAccount/lock", lock, takes=(*IDS, given("lockedReason", TEXT)), shows=EXTERNAL_ID, needs=LOCKS,
        text="Lock an account at another bank", codes=(*CHANGING, 62501, 62509, 62510),
    ),
    writing(
        "externalAccount/unlock", unlock, takes=IDS, shows=EXTERNAL_ID, needs=LOCKS,
        text="Unlock an account at another bank", codes=(*CHANGING, 62501, 62511, 62512, 62513),
    ),
    reading(
        "externalAccount/get", get, takes=(placed("customerId"), placed("externalAccountId", is_required=False)),
        shows=EXTERNAL_ACCOUNT, text="Show an account at another bank", codes=(60001, 62402),
    ),
    reading(
        "externalAccount/getByTag", get_by_tag, shows=EXTERNAL_ACCOUNT, text="Find an external account by its tag",
        takes=(placed("customerId"), placed("tag", TAG, is_required=False), queried("tag", TAG)),
    ),
    reading(
        "externalAccount/list", list_all, takes=(placed("customerId"), placed("externalAccountId", is_required=False)),
        shows=a_list(EXTERNAL_ACCOUNT), text="List a customer's accounts at other banks", codes=(60001,),
    ),
)  # fmt: skip
