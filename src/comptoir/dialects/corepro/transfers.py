"""Transfers: money from one account to another, entries of the clearing house, wires, and undoing them (3.8)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import writing
from comptoir.dialects.corepro.refusals import Refusal, Refusals, Said, saying
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    ASKED_MONEY,
    BIG_ID,
    FLAG,
    ID,
    TAG,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    text,
)
from comptoir.dialects.corepro.words import INT64
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.movements.errors import (
    AlreadySo,
    Reason,
    TransactionLocked,
    TransactionNotFound,
    TransferRefused,
)
from comptoir.domain.banking.transfers.originating import (
    CREDIT,
    DIRECTIONS,
    ENTRY_CLASSES,
    RECEIVER_TYPES,
    Entry,
    Wire,
    originate,
    wire,
)
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import TransferResult, create_transfer
from comptoir.domain.banking.transfers.voiding import void_transfer_of
from comptoir.domain.ledger.errors import AccountClosed, InsufficientFunds

DESCRIPTION_MAX, PURPOSE_MAX = 255, 10
NO_ACCESS = 63502
Codes = Mapping[Reason, int]

# What each rule is numbered as; 63670 says what has no number of its own about the destination (9, #3).
CODES: Codes = {
    Reason.SOURCE: 63601,
    Reason.DESTINATION: 63610,
    Reason.PEER_TO_PEER: 59109,
    Reason.SOURCE_INACTIVE: 63611,
    Reason.SOURCE_FROZEN: 63612,
    Reason.SOURCE_UNVERIFIED: 63603,
    Reason.SOURCE_LOCKED: 63613,
    Reason.DESTINATION_CLOSED: 63602,
    Reason.DESTINATION_NOT_OPEN: 63670,
    Reason.DESTINATION_LOCKED: 63613,
    Reason.KINDS: 63670,
    Reason.INTERNAL: 59007,
    Reason.WITHDRAW_ACCESS: NO_ACCESS,
    Reason.REQUESTER: 67504,
    Reason.DEPOSIT_ACCESS: 63664,
    Reason.WITHDRAW_RANGE: 63641,
    Reason.DEPOSIT_RANGE: 63650,
    Reason.DEPOSIT_CAP: 63663,
    Reason.WITHDRAW_PER_DAY: 63642,
    Reason.WITHDRAW_PER_MONTH: 63643,
    Reason.DEPOSIT_PER_DAY: 63651,
    Reason.DEPOSIT_PER_MONTH: 63652,
    Reason.CUSTOMER_PER_DAY: 63661,
    Reason.CUSTOMER_PER_MONTH: 63662,
    Reason.PROGRAM_WITHDRAW_PER_DAY: 63644,
    Reason.PROGRAM_DEPOSIT_PER_DAY: 63653,
    Reason.CUSTOMER_BALANCE: 63654,
    Reason.ACCOUNT_BALANCE: 63655,
    Reason.FUNDS: 70204,
    Reason.SAME_DAY_LATE: 63665,
    Reason.SAME_DAY_LARGE: 63666,
    Reason.SAME_DAY_UNKNOWN: 63667,
    Reason.SAME_DAY_CLOSED: 63668,
    Reason.SAME_DAY_LARGE_BUSINESS: 63669,
    Reason.WITHDRAWAL_COUNT: 63743,
    Reason.TAG: 63660,
}
# The parallel set of the family of entries; what it has no number for is numbered as above.
ENTRY_CODES: Codes = {
    **CODES,
    Reason.SOURCE: 70200,
    Reason.WITHDRAW_ACCESS: 70201,
    Reason.REQUESTER: 70201,
    Reason.SOURCE_INACTIVE: 70202,
    Reason.SOURCE_UNVERIFIED: 70202,
    Reason.PROGRAM_WITHDRAW_PER_DAY: 70203,
    Reason.WITHDRAW_RANGE: 70205,
    Reason.CUSTOMER_PER_DAY: 70206,
    Reason.CUSTOMER_PER_MONTH: 70207,
    Reason.WITHDRAW_PER_DAY: 70208,
    Reason.WITHDRAW_PER_MONTH: 70209,
    Reason.SOURCE_FROZEN: 70211,
    Reason.SOURCE_LOCKED: 70211,
    Reason.DESTINATION: 70300,
    Reason.DEPOSIT_ACCESS: 70301,
    Reason.DESTINATION_CLOSED: 70302,
    Reason.DESTINATION_NOT_OPEN: 70302,
    Reason.DEPOSIT_CAP: 70303,
    Reason.TAG: 65005,
}
NEITHER = Refusal(191401, "Either transactionId or tag is required.")
REFUSALS = {TransferRefused: 60000, InsufficientFunds: 70204, AccountClosed: 63611}

RESPONSE = an_object(
    {"customerId": ID, "masterId": BIG_ID, "tag": TAG, "transactionId": BIG_ID},
    always=("customerId", "masterId", "transactionId"),
)
MONEY_MOVES = (
    needed("customerId", ID, "Who asks."),
    needed("fromId", ID, "An account, an external account or a program account."),
    needed("toId", ID, "The same; not both external."),
    needed("amount", ASKED_MONEY),
    given("description", text(DESCRIPTION_MAX)),
    given("nachaDescription", text(DESCRIPTION_MAX), "Deprecated: the description."),
    given("tag", TAG, "The caller's own id, of this transfer alone."),
    given("purposeCode", text(PURPOSE_MAX)),
    given("requestingCustomerId", ID, "The person who asks for a business."),
)
CUSTOMER_CODES = (60001, 60002, 60003, 60004, 60005)


def create(call: Call, asked: Asked) -> Reply:
    """Move money; the transactions that came of it, that of the source first."""
    order = order_of(asked)._replace(
        is_same_day=asked.flag("isSameDaySettle") or False,
        to_customer_id=asked.find_id("toCustomerId"),
        to_customer_tag=asked.tag("toCustomerTag"),
        to_tag=asked.tag("toTransactionTag"),
    )
    asked.settle()
    with numbered(CODES):
        return ok(responses(create_transfer(call.tx, order)))


def void(call: Call, asked: Asked) -> Reply:
    """Undo a transfer that no bank file holds yet."""
    customer_id, tag = asked.id("customerId"), asked.tag()
    transaction_id = asked.find_id("transactionId", most=INT64)
    asked.settle()
    lines: Refusals = {
        TransactionNotFound: 191401 if transaction_id or tag else NEITHER,
        TransactionLocked: 191402,
        AlreadySo: 191403,
        AccessMissing: NO_ACCESS,
    }
    with saying(lines):
        results = void_transfer_of(
            call.tx, customer_id=customer_id, transaction_id=transaction_id or None, tag=tag
        )
    return ok(responses(results))


def create_entry(call: Call, asked: Asked) -> Reply:
    """Send an entry to the clearing house."""
    asked.demand("direction")
    entry = Entry(
        direction=asked.choice("direction", DIRECTIONS) or CREDIT,
        entry_class=asked.choice("standardEntryClassCode", ENTRY_CLASSES) or "PPD",
        is_reversal=asked.flag("isReversal") or False,
        effective_on=asked.day("effectiveEntryDate"),
        receiver_type=asked.choice("receiverAccountType", RECEIVER_TYPES) or "Checking",
    )
    if asked.flag("isPrenote"):
        asked.refuse(59956, "isPrenote: entries without an amount are not sent.")
    here, there = ("fromId", "toId") if entry.direction == CREDIT else ("toId", "fromId")
    order = order_of(
        asked,
        "accountId" if asked.has("accountId") else here,
        "externalAccountId" if asked.has("externalAccountId") else there,
    )
    order = order._replace(is_same_day=asked.flag("isSameDaySettle") or False)
    asked.settle()
    with numbered(ENTRY_CODES):
        return ok(responses(originate(call.tx, order=order, entry=entry))[0])


def create_wire(call: Call, asked: Asked) -> Reply:
    """Send money by wire: it settles at once."""
    order = order_of(asked)
    told = Wire(
        message=asked.text("message", most=140) or "",
        beneficiary=asked.text("beneficiaryName", most=100) or "",
        beneficiary_address=asked.text("beneficiaryAddress", most=DESCRIPTION_MAX) or "",
    )
    asked.settle()
    with numbered(CODES):
        return ok(responses(wire(call.tx, order=order, wire=told))[0])


def order_of(asked: Asked, from_name: str = "fromId", to_name: str = "toId") -> TransferOrder:
    """What every way of moving money is asked with."""
    return TransferOrder(
        customer_id=asked.id("customerId"),
        from_id=asked.id(from_name),
        to_id=asked.id(to_name),
        amount_minor=asked.money("amount") or 0,
        tag=asked.tag(),
        description=asked.text("description", most=DESCRIPTION_MAX)
        or asked.text("nachaDescription", most=DESCRIPTION_MAX)
        or "",
        purpose_code=asked.text("purposeCode", most=PURPOSE_MAX) or "",
        requesting_customer_id=asked.find_id("requestingCustomerId"),
    )


def responses(results: Iterable[TransferResult]) -> list[Mapping[str, Any]]:
    """Transactions as a transfer answers them."""
    return [
        {
            "customerId": result.customer_id,
            "masterId": result.master_id,
            "tag": result.tag,
            "transactionId": result.transaction_id,
        }
        for result in results
    ]


@contextmanager
def numbered(codes: Codes) -> Iterator[None]:
    """Say every problem of a transfer with its number, all that were found at once."""
    try:
        yield
    except TransferRefused as error:
        lines = (Refusal(codes[one.reason], sentence(one.words)) for one in error.problems)
        raise Said(*dict.fromkeys(lines)) from error


def sentence(words: str) -> str:
    """Words as a sentence."""
    return f"{words[0].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


CALLS = (
    writing(
        "transfer/create", create,
        takes=(
            *MONEY_MOVES,
            given("isSameDaySettle", FLAG, "Whether it is to settle today."),
            given("toCustomerId", ID, "Another customer, whom the money is for."),
            given("toCustomerTag", TAG, "The same, by the customer's tag."),
            given("toTransactionTag", TAG, "The tag of the transaction that the other customer sees."),
        ),
        shows=a_list(RESPONSE),
        codes=(*CUSTOMER_CODES, NO_ACCESS, *sorted(set(CODES.values()) - {NO_ACCESS})),
        text="Move money from one account to another",
    ),
    writing(
        "transfer/void", void,
        takes=(
            needed("customerId", ID),
            given("transactionId", BIG_ID, "The transaction, unless its tag is given."),
            given("tag", TAG),
        ),
        shows=a_list(RESPONSE), codes=(60001, 60002, 60003, 60004, 60005, NO_ACCESS, 191401, 191402, 191403),
        text="Undo a transfer that was not sent yet",
    ),
    writing(
        "transfer/achOrigination/create", create_entry, needs="ach_origination",
        takes=(
            needed("customerId", ID),
            given("accountId", ID, "The account here; or it is what the direction says of fromId and toId."),
            given("externalAccountId", ID, "The account at the other bank, likewise."),
            given("fromId", ID), given("toId", ID),
            needed("amount", ASKED_MONEY),
            needed("direction", one_of(DIRECTIONS), "Credit pays the other bank, Debit takes from there."),
            given("standardEntryClassCode", one_of(ENTRY_CLASSES)),
            given("isReversal", FLAG),
            given("isPrenote", FLAG, "Not offered: an entry moves an amount."),
            given("effectiveEntryDate", ASKED_DAY),
            given("receiverAccountType", one_of(RECEIVER_TYPES)),
            given("isSameDaySettle", FLAG),
            *(one for one in MONEY_MOVES if one.name in {"description", "tag", "purposeCode"}),
        ),
        shows=RESPONSE, codes=(61400, 61401, *sorted(set(ENTRY_CODES.values()) - set(CODES.values()))),
        text="Send an entry to the clearing house",
    ),
    writing(
        "transfer/wire/create", create_wire, needs="wires",
        takes=(
            *MONEY_MOVES,
            given("message", text(140), "What the other bank is told."),
            given("beneficiaryName", text(100)),
            given("beneficiaryAddress", text(DESCRIPTION_MAX)),
        ),
        shows=RESPONSE, codes=(61400, 63601, 63610, 63670, 70204),
        text="Send money by wire",
    ),
)  # fmt: skip
