"""Cards tried out in a sandbox, where there is no network: paid with, declined, suspected, and what follows from it."""

from collections.abc import Callable, Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_card_acts import METHODS, PATH, back, card_of, which
from comptoir.console.bank_choices import TAG, Choices, line
from comptoir.console.bank_parts import AskedForm, Section, forms, what
from comptoir.console.forms import Field, Form
from comptoir.console.rendering import written_minor
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.beside import MovementRow, get_movement, list_moves_by_card, places_among
from comptoir.domain.banking.cards.authorising import TooMuchUndone, authorise, charge_back, post, reverse
from comptoir.domain.banking.cards.kinds import AUTHORISATION_CODES, OF_POSTED
from comptoir.domain.banking.cards.messages import (
    DepositRefused,
    Message,
    MessageTagTaken,
    TargetNotFound,
    TargetNotOpen,
)
from comptoir.domain.banking.cards.queries import CardRow, list_ties
from comptoir.domain.banking.cards.telling import (
    BY_ACCOUNT,
    BY_CARD,
    BY_FUNDS,
    BY_LIMIT,
    BY_LOCKED_ACCOUNT,
    BY_RULE,
    UNSAID,
    decline,
    suspect,
)
from comptoir.domain.banking.movements.models import VOIDED
from comptoir.domain.banking.movements.moving import Moved
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.explaining.money_rows import postings_of_transfer
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.tx import Tx

FEATURE = "card_mock"
# What a message of a kind begins with, as the network writes it.
PROCESSING = {"authorise": "", "pay": "", "cash": "010000", "return": "200000", "transfer": "400000"}
USES = {
    "authorise": "authorise a purchase, which is paid later",
    "pay": "pay for a purchase at once",
    "cash": "draw cash",
    "return": "give a purchase back",
    "transfer": "move money to another account",
}
COMPLETE, REVERSE, CHARGE_BACK = "complete", "reverse", "charge back"
FOLLOWS = {
    COMPLETE: "the merchant asks for what was authorised",
    REVERSE: "it is undone",
    CHARGE_BACK: "it is charged back",
}
# Why the network says that it declined a purchase, by the number that its event carries.
DECLINES = {
    str(BY_FUNDS): "there is not enough on the account",
    str(BY_LIMIT): "the card has spent what it may in a day",
    str(BY_RULE): "a rule of the card does not allow it",
    str(BY_CARD): "the card is locked, over or not in use",
    str(BY_ACCOUNT): "the account is not open",
    str(BY_LOCKED_ACCOUNT): "the account is locked",
}
FRAUD_STATES = {
    "0": "something was found",
    "1": "it was no fraud",
    "2": "it was fraud",
    "3": "it is not known",
}
MERCHANT = {
    "city": "City", "state": "State", "zip": "Postcode", "country": "Country", "location": "Place",
    "id": "Its number", "group_code": "Its group",
}  # fmt: skip
UNDOING: dict[str, Callable[[Tx, Message, int], Moved]] = {REVERSE: reverse, CHARGE_BACK: charge_back}


class NoSandbox(Conflict):
    """Where cards are real, the network speaks for them."""

    def __init__(self) -> None:
        super().__init__("This shop is no sandbox: its cards are paid with at merchants.")


def tie_choices(visit: Visit) -> Choices:
    """The accounts that the card draws on."""
    ties = list_ties(visit.tx, visit.id)
    places = places_among(visit.tx, [one.account_id for one in ties])
    return [(str(one.account_id), places[one.account_id].name) for one in ties]


def payment_choices(visit: Visit) -> Choices:
    """The last payments that something may follow from."""
    return [
        (
            str(one.transfer_id),
            f"{what(one.type_code)} {written_minor(one.amount_minor, visit.shop.currency)} {one.description}",
        )
        for one in list_moves_by_card(visit.tx, visit.id)
        if one.status != VOIDED and (one.type_code in AUTHORISATION_CODES or one.type_code in OF_POSTED)
    ]


TRY = Form(
    "try",
    (
        Field("use", "What is done with it", kinds.choice(USES), required=True),
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
        Field("account_id", "Account", kinds.choice(tie_choices, kinds.INTEGER), hint="Empty: its first."),
        Field("description", "Merchant", line()),
        Field("category_code", "Merchant's category", line(4), hint="Four digits."),
        Field("entry_method", "Used how", kinds.choice(METHODS)),
        Field("tag", "Tag", TAG),
        Field("to_account_id", "To the account", kinds.INTEGER, hint="Its number, when money is moved to another."),
        Field(
            "is_advice", "It has happened already", kinds.FLAG,
            hint="An advice of the network's: neither rules, limits nor the balance can speak against it.",
        ),
        *(Field(f"merchant_{name}", label, line(), group="The merchant") for name, label in MERCHANT.items()),
    ),
    "Try it",
)  # fmt: skip
FOLLOW = Form(
    "follow",
    (
        Field("payment", "Payment", kinds.choice(payment_choices, kinds.INTEGER), required=True),
        Field("then", "What follows", kinds.choice(FOLLOWS), required=True),
        Field("amount_minor", "Amount", kinds.AMOUNT, hint="Empty: all of it."),
    ),
    "Let it follow",
)
DECLINE = Form(
    "decline",
    (
        Field("amount_minor", "Amount", kinds.AMOUNT),
        Field("code", "Why", kinds.choice(DECLINES, kinds.INTEGER), hint="Empty: no reason is told."),
    ),
    "Tell that it was declined",
)
SUSPECT = Form(
    "suspect",
    (Field("state", "What is known", kinds.choice(FRAUD_STATES, kinds.INTEGER), required=True),),
    "Tell of it",
)


def is_tried(visit: Visit) -> bool:
    """Whether cards can be tried out here."""
    return visit.shop.is_sandbox and visit.may(BANK) and FEATURE in get_program(visit.tx).features


def trying_section(visit: Visit, card: CardRow) -> Section:
    """The forms to try a card out with."""
    path = f"{PATH}/{card.id}"
    asked: list[AskedForm] = [("Use the card", TRY, f"{path}/try", {"use": "pay"})]
    if payment_choices(visit):
        asked.append(("Let something follow from a payment", FOLLOW, f"{path}/follow", None))
    asked += [
        ("Tell of a declined purchase", DECLINE, f"{path}/decline", None),
        ("Tell of a suspicion of fraud", SUSPECT, f"{path}/suspect", None),
    ]
    note = "This shop is a sandbox: what the card's network would say is said here."
    return Section("Try it out", note=note, forms=forms(visit, *asked))


def tried_card(visit: Visit) -> CardRow:
    """The card of the page, in a sandbox. Refuses: NoSandbox, NotEnabled, CardNotFound."""
    if not visit.shop.is_sandbox:
        raise NoSandbox
    require_feature(get_program(visit.tx), FEATURE)
    return card_of(visit)


def try_out(visit: Visit) -> Answer:
    """Use it as a merchant's machine would."""
    card, typed = tried_card(visit), TRY.read(visit)
    if (typed["use"] == "transfer") != (typed["to_account_id"] is not None):
        raise Invalid("to_account_id", "is for moving money to another account, and is needed for that")
    message = message_of(card, typed)
    try:
        (authorise if typed["use"] == "authorise" else post)(visit.tx, message)
    except InsufficientFunds as error:
        raise Invalid("amount_minor", "is more than is available: the card is declined") from error
    except MessageTagTaken as error:
        raise Invalid("tag", "is that of another transfer") from error
    except (TargetNotFound, DepositRefused, TargetNotOpen) as error:
        raise Invalid("to_account_id", "is none that the customer may move money to") from error
    return back(visit, "It was paid." if typed["use"] == "pay" else "It was done.")


def message_of(card: CardRow, typed: Mapping[str, Any]) -> Message:
    """What the network says of a use of the card."""
    said = {name: typed[f"merchant_{name}"] for name in MERCHANT}
    return Message(
        card.customer_id,
        typed["account_id"] or card.primary_account_id,
        typed["amount_minor"],
        is_advice=typed["is_advice"],
        card_id=card.id,
        to_account_id=typed["to_account_id"],
        tag=typed["tag"],
        description=typed["description"],
        processing_code=PROCESSING[typed["use"]],
        category_code=typed["category_code"],
        entry_method=typed["entry_method"],
        merchant={name: value for name, value in said.items() if value},
    )


def tell_decline(visit: Visit) -> Answer:
    """Tell that a purchase was declined, as the network would. Refuses: Invalid (amount_minor), as tried_card."""
    card, typed = tried_card(visit), DECLINE.read(visit)
    minor = typed["amount_minor"] or 0
    if minor < 0:
        raise Invalid("amount_minor", "must not be below zero")
    decline(visit.tx, **which(visit), amount_minor=minor, code=typed["code"] or UNSAID)
    return back(visit, f"It was told that a purchase by card …{card.last_four} was declined.")


def tell_fraud(visit: Visit) -> Answer:
    """Tell of a fraud case, as the network would. Refuses: as tried_card."""
    card, typed = tried_card(visit), SUSPECT.read(visit)
    suspect(visit.tx, **which(visit), state=typed["state"])
    return back(visit, f"It was told of card …{card.last_four}: {FRAUD_STATES[str(typed['state'])]}.")


def follow(visit: Visit) -> Answer:
    """Let something follow from a payment. Refuses: Invalid (payment, then, amount_minor), and what the verbs do."""
    card, typed = tried_card(visit), FOLLOW.read(visit)
    payment = get_movement(visit.tx, typed["payment"])
    account_id, transaction_id = transaction_of(visit.tx, payment)
    if typed["then"] == COMPLETE and payment.type_code not in AUTHORISATION_CODES:
        raise Invalid("then", "is for what was authorised only")
    whole = payment.amount_minor if typed["then"] == COMPLETE else 0
    message = Message(
        card.customer_id, account_id, whole if typed["amount_minor"] is None else typed["amount_minor"],
        card_id=card.id, description=payment.description,
    )  # fmt: skip
    try:
        if typed["then"] == COMPLETE:
            post(visit.tx, message, transaction_id)
        else:
            UNDOING[typed["then"]](visit.tx, message, transaction_id)
    except (TooMuchUndone, InsufficientFunds) as error:
        raise Invalid("amount_minor", "is more than there is") from error
    return back(visit, "It was done.")


def transaction_of(tx: Tx, payment: MovementRow) -> tuple[int, int]:
    """The customer's account in a payment, and the posting on it."""
    own = {payment.from_id, payment.to_id} - {None}
    return next(
        (one.account_id, one.id)
        for one in postings_of_transfer(tx, payment.transfer_id)
        if one.account_id in own
    )
