"""Transactions: every movement on an account, found by account, day and status, by its id or its tag (3.9)."""

from datetime import UTC, datetime, time, timedelta

from comptoir.dialects.corepro import words
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.paging import PAGING, page_asked
from comptoir.dialects.corepro.refusals import Refusals, saying
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    BIG_ID,
    ID,
    MOMENT,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
    queried,
)
from comptoir.dialects.corepro.transaction_shown import TRANSACTION, WIRE, of_transaction, of_wire
from comptoir.dialects.corepro.transfers import CUSTOMER_CODES, NO_ACCESS, RESPONSE, responses
from comptoir.dialects.corepro.words import INT64
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.movements.errors import (
    AlreadyAvailable,
    AlreadySo,
    DateRefused,
    NotADeposit,
    NotAWithdrawal,
    NothingWaits,
    TransactionLocked,
    TransactionNotFound,
)
from comptoir.domain.banking.movements.models import DELAYED, INITIATED, TRANSACTION_STATUSES, VOIDED
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.banking.transfers.availability import set_available_date
from comptoir.domain.banking.transfers.originating import get_wire
from comptoir.domain.banking.transfers.transactions import (
    Wanted,
    list_transactions,
    related_transactions,
    transactions_tagged,
)
from comptoir.domain.banking.transfers.voiding import set_transfer_status

DAY = timedelta(days=1)
# Nothing was moved before, and nothing will be after.
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
# How a day alone is written; anything longer says its time.
DAY_LENGTH = len("2026-03-01")
REFUSALS = {
    TransactionNotFound: 59956,
    NotAWithdrawal: 191404,
    NothingWaits: 191407,
    NotADeposit: 160304,
    AlreadyAvailable: 160305,
    DateRefused: 160306,
}
ACCESS: Refusals = {AccessMissing: NO_ACCESS}
DATE_CODES = {"settlement": 160308, "past": 160306, "hold_days": 160307}


def list_(call: Call, asked: Asked) -> Reply:
    """Transactions of an account, or of all accounts of a customer, the newest first."""
    program = get_program(call.tx)
    customer_id, account_id = asked.id_place(0), asked.find_id_place(1)
    # PHP leaves out the place of the status: there, days follow the account directly.
    place = asked.place(2)
    status = None if place is None or words.is_day(place) else asked.choice_place(2, TRANSACTION_STATUSES)
    first = 2 if words.is_day(place) else 3
    page = page_asked(asked)
    wanted = Wanted(
        status=status,
        begin=_moment(asked, first, program, is_end=False),
        end=_moment(asked, first + 1, program, is_end=True),
        start=page.start,
        size=page.size,
    )
    asked.settle()
    with saying(ACCESS):
        found = list_transactions(call.tx, customer_id=customer_id, account_id=account_id, wanted=wanted)
    return ok([of_transaction(row, program, call.tx.now, total=found.total) for row in found.rows])


def get(call: Call, asked: Asked) -> Reply:
    """A transaction with all that belongs to it, what settled last first."""
    program = get_program(call.tx)
    rows = related_transactions(
        call.tx, customer_id=asked.id_place(0), transaction_id=asked.id_place(1, most=INT64)
    )
    return ok([of_transaction(row, program, call.tx.now) for row in rows])


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The transactions of a tag with all that belongs to them."""
    program = get_program(call.tx)
    rows = transactions_tagged(call.tx, customer_id=asked.id_place(0), tags=asked.spellings("tag", place=1))
    return ok([of_transaction(row, program, call.tx.now) for row in rows])


def set_date(call: Call, asked: Asked) -> Reply:
    """Say from which day on the money of a deposit may be spent."""
    asked.demand("availableDate", code=160300)
    asked.demand("transactionId", code=160301)
    asked.demand("customerId", code=160302)
    customer_id, day = asked.id("customerId"), asked.day("availableDate")
    transaction_id = asked.id("transactionId", most=INT64)
    asked.settle()
    assert day is not None
    with saying({TransactionNotFound: 160303, **ACCESS}):
        try:
            at = set_available_date(call.tx, customer_id=customer_id, transaction_id=transaction_id, day=day)
        except DateRefused as error:
            with saying({DateRefused: DATE_CODES[error.why]}):
                raise
    shown = moment(at, get_program(call.tx).zone)
    return ok({"availableDate": shown, "customerId": customer_id, "transactionId": transaction_id})


def set_status(call: Call, asked: Asked) -> Reply:
    """Let a withdrawal wait, let it go on, or undo it."""
    asked.demand("transactionId", code=191405)
    asked.demand("status", code=191406)
    customer_id, transaction_id = asked.find_id("customerId"), asked.id("transactionId", most=INT64)
    said = (asked.text("status") or "").strip().lower()
    status = next((each for each in TRANSACTION_STATUSES if each.lower() == said), None)
    if said and status is None:
        asked.refuse(191400, f"Status {said} is invalid.")
    elif said and status not in {INITIATED, DELAYED, VOIDED}:
        asked.refuse(191408, f"Status {status} is invalid for an update.")
    asked.settle()
    assert status is not None
    lines: Refusals = {TransactionNotFound: 191401, TransactionLocked: 191402, AlreadySo: 191403, **ACCESS}
    with saying(lines):
        results = set_transfer_status(
            call.tx, customer_id=customer_id, transaction_id=transaction_id, status=status
        )
    return ok(responses(results)[0])


def wire_get(call: Call, asked: Asked) -> Reply:
    """A wire, and what the other bank was told with it."""
    row, wire = get_wire(call.tx, customer_id=asked.id_place(0), transaction_id=asked.id_place(1, most=INT64))
    return ok(of_wire(row, wire, get_program(call.tx)))


def _moment(asked: Asked, place: int, program: ProgramFacts, *, is_end: bool) -> datetime | None:
    """The beginning of a day at the bank, or of the day after it; a moment that is said with its time is itself."""
    said = asked.place(place)
    if said is None:
        return None
    if len(said.strip()) > DAY_LENGTH and words.is_day(said):
        exact = asked.moment_place(place)
        if exact is None:
            return None
        return max(FIRST, min(exact, LAST)) + (timedelta(milliseconds=1) if is_end else timedelta(0))
    day = asked.day_place(place)
    if day is None:
        return None
    start = datetime.combine(max(FIRST.date(), min(day, LAST.date())), time(), program.zone)
    return start + DAY if is_end else start


CALLS = (
    reading(
        "transaction/list", list_,
        takes=(
            placed("customerId"),
            placed("accountId", is_required=False, text="All accounts of the customer unless given."),
            placed("status", one_of(TRANSACTION_STATUSES), is_required=False),
            placed("begin", ASKED_DAY, is_required=False, text="The first day, at the bank."),
            placed("end", ASKED_DAY, is_required=False, text="The last day."),
            *PAGING,
        ),
        shows=a_list(TRANSACTION), codes=(60001, NO_ACCESS, 59952, 59956),
        text="List the transactions of a customer",
    ),
    reading(
        "transaction/get", get, takes=(placed("customerId"), placed("transactionId", BIG_ID)),
        shows=a_list(TRANSACTION), codes=(60001,), text="Show a transaction with those that belong to it",
    ),
    reading(
        "transaction/getByTag", get_by_tag,
        takes=(
            placed("customerId"),
            placed("tag", TAG, is_required=False, text="The rest of the path, slashes and all."),
            queried("tag", TAG),
        ),
        shows=a_list(TRANSACTION), codes=(60001,), text="Show the transactions of a tag",
    ),
    writing(
        "transaction/setAvailableDate", set_date, needs="set_available_date",
        takes=(needed("customerId", ID), needed("transactionId", BIG_ID), needed("availableDate", ASKED_DAY)),
        shows=an_object(
            {"availableDate": MOMENT, "customerId": ID, "transactionId": BIG_ID},
            always=("availableDate", "customerId", "transactionId"),
        ),
        codes=(*CUSTOMER_CODES, NO_ACCESS, *range(160300, 160309)),
        text="Set the day from which a deposit may be spent",
    ),
    writing(
        "transaction/setStatus", set_status, needs="set_status",
        takes=(
            given("customerId", ID, "Who asked for it, unless another is named."),
            needed("transactionId", BIG_ID),
            needed("status", TEXT),
        ),
        shows=RESPONSE, codes=(61400, *range(191400, 191409)),
        text="Delay a withdrawal, let it go on, or undo it",
    ),
    reading(
        "transaction/wire/get", wire_get, needs="wires",
        takes=(placed("customerId"), placed("transactionId", BIG_ID)),
        shows=WIRE, codes=(60001, 59956, 61400), text="Show a wire",
    ),
)  # fmt: skip
