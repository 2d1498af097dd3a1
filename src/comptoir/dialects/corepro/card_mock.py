"""Payments by card in a sandbox, where there is no network (reference 6): each as the network would have asked."""

from collections.abc import Callable

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import ApiCall, require, writing
from comptoir.dialects.corepro.card_messages import (
    DECLINED_CODES,
    MERCHANT_SHAPE,
    OWN,
    TEXT_MAX,
    amount_of,
    balances,
    code_of,
    done,
    merchant_of,
)
from comptoir.dialects.corepro.cards import INCOMPLETE, INVALID, WHICH, ids
from comptoir.dialects.corepro.refusals import NOT_ENABLED, Refusal, Said
from comptoir.dialects.corepro.replies import money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    BIG_ID,
    COUNT,
    ID,
    MONEY,
    TAG,
    TEXT,
    Taken,
    an_object,
    given,
    needed,
    one_of,
    text,
)
from comptoir.dialects.corepro.words import INT64
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import telling
from comptoir.domain.banking.cards.authorising import authorise, post, reverse
from comptoir.domain.banking.cards.controls import ENTRY_METHODS
from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.cards.queries import get_card
from comptoir.domain.banking.cards.telling import FRAUD_EVENTS
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.movements.moving import Moved, get_moved
from comptoir.domain.tx import Tx

FEATURE = "card_mock"
# What a message of a kind begins with, as the network writes it.
CASH, RETURN = "010000", "200000"

MOVED = an_object(
    {
        "accountBalance": MONEY, "accountId": ID, "amount": MONEY, "availableBalance": MONEY, "cardId": ID,
        "customerId": ID, "description": TEXT, "masterId": BIG_ID, "pendingBalance": MONEY, "status": TEXT,
        "tag": TAG, "transactionId": BIG_ID, "typeCode": TEXT,
    },
    always=("accountId", "amount", "cardId", "customerId", "masterId", "status", "transactionId", "typeCode"),
)  # fmt: skip
EVENT = an_object(
    {"cardId": ID, "customerId": ID, "userEventTypeId": COUNT}, always=("cardId", "userEventTypeId")
)

Work = Callable[[Tx, Message, int | None], Moved]


def _moving(work: Work, processing_code: str) -> Callable[[Call, Asked], Reply]:
    """The handler of a message that moves money."""

    def answer(call: Call, asked: Asked) -> Reply:
        _require_sandbox(call)
        which = ids(asked)
        get_customer(call.tx, which["customer_id"])
        card = get_card(call.tx, **which)
        message = _message(asked, asked.find_id("accountId") or card.primary_account_id, processing_code)
        about = asked.find_id("authorizationTransactionId", most=INT64) or asked.find_id(
            "transactionId", most=INT64
        )
        asked.settle()
        moved = done(call, message, lambda: work(call.tx, message, about))
        if isinstance(moved, Reply):
            return moved
        row = get_moved(call.tx, moved.transfer_id)
        return ok({
            **balances(call.tx, message.account_id, OWN),
            "accountId": message.account_id,
            "amount": money(row.amount_minor),
            "cardId": card.id,
            "customerId": message.customer_id,
            "description": message.description or None,
            "masterId": moved.master_id,
            "status": row.status,
            "tag": message.tag,
            "transactionId": moved.transactions[message.account_id],
            "typeCode": row.type_code,
        })  # fmt: skip

    return answer


def _message(asked: Asked, account_id: int, processing_code: str) -> Message:
    return Message(
        customer_id=asked.id("customerId"),
        account_id=account_id,
        amount_minor=amount_of(asked, "amount"),
        card_id=asked.id("cardId"),
        tag=asked.tag(),
        description=asked.text("description", most=TEXT_MAX) or "",
        processing_code=processing_code,
        category_code=code_of(asked, "merchantCategoryCode"),
        entry_method=code_of(asked, "entryMethod").upper(),
        merchant=merchant_of(asked),
    )


def _authorise(tx: Tx, message: Message, _about: int | None) -> Moved:
    return authorise(tx, message)


def _post(tx: Tx, message: Message, about: int | None) -> Moved:
    return post(tx, message, about)


def _at_once(tx: Tx, message: Message, _about: int | None) -> Moved:
    return post(tx, message)


def _reverse(tx: Tx, message: Message, about: int | None) -> Moved:
    return reverse(tx, message, about or 0)


def decline(call: Call, asked: Asked) -> Reply:
    """Tell that a purchase was declined; nothing else happens."""
    _require_sandbox(call)
    which = ids(asked)
    return _event(telling.decline(call.tx, **which, amount_minor=amount_of(asked, "amount")))


def suspect(call: Call, asked: Asked) -> Reply:
    """Tell of a fraud case; nothing else happens."""
    _require_sandbox(call)
    which = ids(asked)
    state = asked.whole("caseStatus", least=min(FRAUD_EVENTS), most=max(FRAUD_EVENTS)) or 0
    asked.settle()
    return _event(telling.suspect(call.tx, **which, state=state))


def _event(told: telling.Told) -> Reply:
    return ok({"cardId": told.card_id, "customerId": told.customer_id, "userEventTypeId": told.event_type_id})


def _require_sandbox(call: Call) -> None:
    """Refuses: 61400, where money is real."""
    require(call, FEATURE)
    if not call.tx.shop.is_sandbox:
        raise Said(Refusal(NOT_ENABLED, "Program is not authorized for this endpoint."))


def _mock(
    path: str, work: Work, code: str, words: str, *takes: Taken, codes: tuple[int, ...] = ()
) -> ApiCall:
    return writing(
        f"card/mock/{path}", _moving(work, code), needs=FEATURE, shows=MOVED, text=words, takes=(*_TAKES, *takes),
        codes=(60001, 63660, INVALID, INCOMPLETE, *codes),
    )  # fmt: skip


_TAKES = (
    *WHICH, needed("amount", ASKED_MONEY), given("accountId", ID, "The card's primary account unless it is said."),
    given("tag", TAG), given("description", text(TEXT_MAX)), given("merchantCategoryCode", TEXT),
    given("cardMerchantInfo", MERCHANT_SHAPE), given("entryMethod", one_of(ENTRY_METHODS)),
)  # fmt: skip
_ABOUT = (given("authorizationTransactionId", BIG_ID), given("transactionId", BIG_ID, "The same."))
CALLS = (
    _mock(
        "withdrawal/purchase/authorize", _authorise, "", "Authorise a purchase",
        codes=(*DECLINED_CODES, 70205, 150701),
    ),
    _mock(
        "withdrawal/purchase/complete", _post, "", "Complete a purchase", *_ABOUT,
        codes=(70204, 191401, 191402, 191403),
    ),
    _mock("withdrawal/cardCash", _at_once, CASH, "Draw cash", codes=(70204, 70206)),
    _mock("deposit/purchase/return", _at_once, RETURN, "Return a purchase", codes=(70205,)),
    _mock(
        "deposit/purchase/returnReversal", _reverse, RETURN, "Reverse the return of a purchase",
        given("transactionId", BIG_ID, "The return."), codes=(70204, 191401, 191402, 191403),
    ),
    writing(
        "card/mock/decline/purchase/authorize", decline, needs=FEATURE, shows=EVENT, text="Tell of a declined purchase",
        takes=(*WHICH, given("amount", ASKED_MONEY)), codes=(60001, INVALID, INCOMPLETE),
    ),
    writing(
        "card/mock/admin/falconFraud", suspect, needs=FEATURE, shows=EVENT, text="Tell of a fraud case",
        takes=(*WHICH, given("caseStatus", COUNT, "0 to 3.")), codes=(60001, INVALID, INCOMPLETE),
    ),
)  # fmt: skip
