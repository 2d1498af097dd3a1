"""What a card may spend and draw in a day (reference 3.10.2, card/limit)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.cards import INCOMPLETE, INVALID, WHICH, ids
from comptoir.dialects.corepro.refusals import Fields, Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    ID,
    MONEY,
    an_object,
    given,
    needed,
    one_of,
    placed,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import limits
from comptoir.domain.banking.cards.limits import CardLimits, Daily
from comptoir.domain.banking.customers.errors import CustomerNotFound

COMMENT_MAX, CODE_MAX = 255, 20
OUTSIDE = 52998
# The reference has it as a fault of the server; it is the caller's, so it is said with their status.
WORDS: Refusals = {
    CustomerNotFound: Refusal(OUTSIDE, "CustomerId is not valid for this program."),
    limits.AboveDefault: 191300,
    limits.OutsideRaise: 191301,
    limits.NoLimitsPlanned: 191304,
    limits.ClassificationMismatch: 191311,
}
TODAY: Refusals = {**WORDS, limits.OutsideRaise: 191307, limits.NoBusinessCard: 191312}
RESET: Refusals = {**WORDS, limits.NoBusinessCard: 191313}
FIELDS: Fields = {"limits": 191302, "classification": 191303, "limit": 191308}
TODAY_FIELDS: Fields = {"limits": 191305, "comment": 191306, "limit": 191308}

DAILY = an_object({"purchaseLimit": MONEY, "withdrawalLimit": MONEY})
LIMITS = an_object(
    {
        "bankCeiling": DAILY, "cardId": ID, "customerId": ID, "effectiveDailyLimits": DAILY,
        "limitGroupOverride": DAILY, "programDefault": DAILY, "temporaryOverride": DAILY,
    },
    always=("bankCeiling", "cardId", "effectiveDailyLimits", "programDefault"),
)  # fmt: skip


def get(call: Call, asked: Asked) -> Reply:
    """The limits of a card."""
    which = {"customer_id": asked.id_place(0), "card_id": asked.id_place(1)}
    with saying(WORDS):
        found = limits.get_limits(call.tx, **which)
    return _reply(which, found)


def override(call: Call, asked: Asked) -> Reply:
    """Give a card limits of its own."""
    which, daily = ids(asked), _daily(asked)
    classification = (asked.text("classification", most=CODE_MAX) or "").strip().lower()
    asked.settle()
    with saying(WORDS, FIELDS):
        found = limits.override_limits(call.tx, **which, classification=classification, daily=daily)
    return _reply(which, found)


def override_today(call: Call, asked: Asked) -> Reply:
    """Raise the limits of a card until the bank's day is over."""
    which, daily = ids(asked), _daily(asked)
    comment = asked.text("comment", most=COMMENT_MAX) or ""
    asked.settle()
    with saying(TODAY, TODAY_FIELDS):
        found = limits.override_limits_today(call.tx, **which, comment=comment, daily=daily)
    return _reply(which, found)


def reset(call: Call, asked: Asked) -> Reply:
    """Let a card have the program's limits again."""
    which = ids(asked)
    with saying(RESET):
        found = limits.reset_limits(call.tx, **which)
    return _reply(which, found)


def _daily(asked: Asked) -> Daily:
    return Daily(asked.money("purchaseLimit"), asked.money("withdrawalLimit"))


def _reply(which: Mapping[str, int], found: CardLimits) -> Reply:
    return ok(
        {
            "bankCeiling": _shown(found.ceiling),
            "cardId": which["card_id"],
            "customerId": which["customer_id"],
            "effectiveDailyLimits": _shown(found.effective),
            "limitGroupOverride": None if found.override is None else _shown(found.override),
            "programDefault": _shown(found.default),
            "temporaryOverride": None if found.temporary is None else _shown(found.temporary),
        }
    )


def _shown(daily: Daily) -> Mapping[str, Any]:
    return {"purchaseLimit": money(daily.purchase_minor), "withdrawalLimit": money(daily.withdrawal_minor)}


_DAILY = (given("purchaseLimit", ASKED_MONEY), given("withdrawalLimit", ASKED_MONEY))
_CODES = (OUTSIDE, INVALID)
CALLS = (
    reading(
        "card/limit/get", get, shows=LIMITS, takes=(placed("customerId"), placed("cardId")), needs=limits.FEATURE,
        codes=_CODES, text="Show the limits of a card",
    ),
    writing(
        "card/limit/override", override, shows=LIMITS, needs=limits.FEATURE, text="Give a card limits of its own",
        takes=(*WHICH, needed("classification", one_of(limits.CLASSIFICATIONS)), *_DAILY),
        codes=(*_CODES, INCOMPLETE, 191300, 191301, 191302, 191303, 191304, 191308, 191311),
    ),
    writing(
        "card/limit/temporaryOverride", override_today, shows=LIMITS, needs=limits.FEATURE,
        takes=(*WHICH, needed("comment", text(COMMENT_MAX)), *_DAILY), text="Raise the limits of a card for today",
        codes=(*_CODES, INCOMPLETE, 191304, 191305, 191306, 191307, 191308, 191312),
    ),
    writing(
        "card/limit/reset", reset, shows=LIMITS, needs=limits.FEATURE, takes=WHICH,
        codes=(*_CODES, INCOMPLETE, 191313), text="Let a card have the program's limits again",
    ),
)  # fmt: skip
