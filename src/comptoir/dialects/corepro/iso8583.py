"""Messages of the card network (reference 3.13): a request may be declined, an advice tells what has happened."""

from collections.abc import Callable, Mapping
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import ApiCall, writing
from comptoir.dialects.corepro.card_messages import (
    DECLINED_CODES,
    MERCHANT_SHAPE,
    OWN,
    SAID_CODES,
    TARGET,
    TEXT_MAX,
    amount_of,
    balances,
    code_of,
    done,
    merchant_of,
)
from comptoir.dialects.corepro.replies import money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    BIG_ID,
    ID,
    MONEY,
    TAG,
    TEXT,
    Taken,
    an_object,
    given,
    needed,
    text,
)
from comptoir.dialects.corepro.words import DATE, INT64
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.models import NONE
from comptoir.domain.banking.accounts.queries import access_of
from comptoir.domain.banking.cards.authorising import authorise, charge_back, post, reverse
from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.movements.moving import Moved
from comptoir.domain.tx import Tx

SETTLEMENT_DIGITS = 8
# Codes whose meaning is not published are kept with the movement, and said back.
CODES = (
    "authorizationLifeCycleCode", "cardType", "cardTypeCode", "customField1", "functionCode",
    "merchantCategoryCode", "processingCode",
)  # fmt: skip
SETTLEMENT = "settlementDate"
AUTHORISATION, FINANCIAL = "authorizationTransactionId", "financialTransactionId"
REVERSAL, CHARGEBACK = "reversalTransactionId", "chargebackTransactionId"
MESSAGE = an_object(
    {
        **dict.fromkeys(CODES, TEXT), "accountBalance": MONEY, "accountId": ID, "amount": MONEY,
        "authorizationTransactionId": BIG_ID, "availableBalance": MONEY, "cardId": ID,
        "chargebackTransactionId": BIG_ID, "customerId": ID, "description": TEXT, "financialTransactionId": BIG_ID,
        "masterId": BIG_ID, "pendingBalance": MONEY, "reversalTransactionId": BIG_ID, "tag": TAG,
        "transferToAccountBalance": MONEY, "transferToAccountId": ID, "transferToAvailableBalance": MONEY,
        "transferToPendingBalance": MONEY,
    },
    always=("accountBalance", "accountId", "availableBalance", "customerId", "masterId", "pendingBalance"),
)  # fmt: skip

# The name under which a message's own transaction is said, and what is done by it.
Work = Callable[[Tx, Message, int | None], Moved]


def _authorise(tx: Tx, message: Message, _about: int | None) -> Moved:
    return authorise(tx, message)


def _post(tx: Tx, message: Message, about: int | None) -> Moved:
    return post(tx, message, about)


def _reverse(tx: Tx, message: Message, about: int | None) -> Moved:
    return reverse(tx, message, about or 0)


def _charge_back(tx: Tx, message: Message, about: int | None) -> Moved:
    return charge_back(tx, message, about or 0)


def _answering(name: str, work: Work, *, is_advice: bool) -> Callable[[Call, Asked], Reply]:
    """The handler of one message."""

    def answer(call: Call, asked: Asked) -> Reply:
        message = _message(asked, is_advice=is_advice)
        authorisation, financial = _about(asked, AUTHORISATION), _about(asked, FINANCIAL)
        # A reversal may be of an authorisation that was never asked for.
        about = authorisation if name == FINANCIAL else financial or authorisation
        asked.settle()
        moved = done(call, message, lambda: work(call.tx, message, about))
        if isinstance(moved, Reply):
            return moved
        said = {
            AUTHORISATION: authorisation,
            FINANCIAL: financial,
            name: moved.transactions[message.account_id],
        }
        return ok(_shown(call.tx, message, moved, said))

    return answer


def _message(asked: Asked, *, is_advice: bool) -> Message:
    codes = {name: code for name in CODES if (code := code_of(asked, name))}
    day = code_of(asked, SETTLEMENT)
    if day and not (len(day) == SETTLEMENT_DIGITS and day.isascii() and day.isdigit()):
        asked.refuse(DATE, "settlementDate is not a date of the form yyyyMMdd.")
    return Message(
        customer_id=asked.id("customerId"),
        account_id=asked.id("accountId"),
        amount_minor=amount_of(asked, "amount", "authorizationAmount"),
        is_advice=is_advice,
        card_id=asked.find_id("cardId"),
        to_account_id=asked.find_id("transferToAccountId") or None,
        tag=asked.tag(),
        description=asked.text("description", most=TEXT_MAX) or "",
        processing_code=codes.get("processingCode", ""),
        category_code=codes.get("merchantCategoryCode", ""),
        entry_method=code_of(asked, "entryMethod").upper(),
        merchant=merchant_of(asked),
        codes={**codes, SETTLEMENT: day} if day else codes,
    )


def _about(asked: Asked, name: str) -> int | None:
    return asked.find_id(name, most=INT64) or None


def _shown(tx: Tx, message: Message, moved: Moved, said: Mapping[str, int | None]) -> Mapping[str, Any]:
    target = next((one for one in moved.transactions if one != message.account_id), None)
    return {
        **{name: code for name, code in message.codes.items() if name != SETTLEMENT},
        **said,
        **balances(tx, message.account_id, OWN),
        **(balances(tx, target, TARGET) if _may_see(tx, target, message.customer_id) else {}),
        "accountId": message.account_id,
        "amount": money(message.amount_minor) if message.amount_minor else None,
        "cardId": message.card_id,
        "customerId": message.customer_id,
        "description": message.description or None,
        "masterId": moved.master_id,
        "tag": message.tag,
        "transferToAccountId": target,
    }


def _may_see(tx: Tx, account_id: int | None, customer_id: int) -> bool:
    """Whether the customer may see how another account stands: what was shared once may be shared no longer."""
    return account_id is not None and access_of(tx, account_id, customer_id) != NONE


def _pair(
    path: str, name: str, work: Work, takes: tuple[Taken, ...], texts: tuple[str, str]
) -> tuple[ApiCall, ...]:
    """A message as a request and as an advice."""
    is_new = name in {AUTHORISATION, FINANCIAL}
    more = () if name == AUTHORISATION else (191401, 191402, 191403)
    said = (*SAID_CODES, 59956, 70300, 70301) if is_new else (59956, 60001, 63660, 70205)
    declined = {REVERSAL: (70204,), CHARGEBACK: ()}.get(name, (*DECLINED_CODES, 70302))
    return (
        writing(
            f"iso8583/{path}/request", _answering(name, work, is_advice=False), shows=MESSAGE, text=texts[0],
            takes=(*_TAKES, *takes), codes=(*said, *declined, *more),
        ),
        writing(
            f"iso8583/{path}/advice", _answering(name, work, is_advice=True), shows=MESSAGE, text=texts[1],
            takes=(*_TAKES, *takes), codes=(*said, *more),
        ),
    )  # fmt: skip


_TAKES = (
    needed("customerId", ID), needed("accountId", ID), given("cardId", ID),
    given("description", text(TEXT_MAX)), given("tag", TAG), given("functionCode", TEXT),
    given("processingCode", TEXT, "As in ISO 8583: begins with 01 for cash, 20 for a return, 40 for a transfer."),
    given("merchantCategoryCode", TEXT), given("settlementDate", {"type": "string", "pattern": r"^\d{8}$"}),
    given("transferToAccountId", ID, "Where the money goes: then this is a transfer."),
    given("customField1", TEXT), given("cardMerchantInfo", MERCHANT_SHAPE),
    given("entryMethod", TEXT, "CP, DP, CNP or IAP."),
)  # fmt: skip
_PART = given("amount", ASKED_MONEY, "All that is left, when it is not said.")
_FINANCIAL = given(FINANCIAL, BIG_ID, "What this is about.")
_AUTHORISATION = given(AUTHORISATION, BIG_ID, "What this is about.")
CALLS = (
    *_pair(
        "authorization", AUTHORISATION, _authorise,
        (
            given("amount", ASKED_MONEY), given("authorizationAmount", ASKED_MONEY, "The same."),
            given("cardTypeCode", TEXT), given("authorizationLifeCycleCode", TEXT),
        ),
        ("Ask whether a payment by card is good", "Tell that a payment by card was authorised"),
    ),
    *_pair(
        "financial", FINANCIAL, _post,
        (needed("amount", ASKED_MONEY), given("cardType", TEXT), given("cardTypeCode", TEXT), _AUTHORISATION),
        ("Ask for a payment by card", "Tell that a payment by card was made"),
    ),
    *_pair(
        "reversal", REVERSAL, _reverse, (_PART, _FINANCIAL, _AUTHORISATION),
        ("Ask for the reversal of a payment by card", "Tell that a payment by card was reversed"),
    ),
    *_pair(
        "chargeback", CHARGEBACK, _charge_back, (_PART, _FINANCIAL),
        ("Ask for the chargeback of a payment by card", "Tell that a payment by card was charged back"),
    ),
)  # fmt: skip
