"""What is told of a card and moves nothing: that a payment was declined, and what became of a suspicion of fraud."""

from typing import NamedTuple

from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.cards.queries import get_card
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

# The platform's number for a declined purchase (reference 4.5).
DECLINED_EVENT = 3060640
# Why a payment is declined, by the numbers that the platform gives it; an unsaid reason is 0.
BY_RULE, BY_ACCOUNT, BY_FUNDS, BY_LIMIT, BY_LOCKED_ACCOUNT, BY_CARD = (
    70201,
    70202,
    70204,
    70206,
    70211,
    150502,
)
UNSAID = 0
# The state of a fraud case, and the event that tells of it: found, no fraud, fraud, not known.
FRAUD_EVENTS = {0: 10026, 1: 10025, 2: 10024, 3: 10024}


class Told(NamedTuple):
    """Of which card something was told, and by which of the platform's events."""

    card_id: int
    customer_id: int
    event_type_id: int


def decline(tx: Tx, *, customer_id: int, card_id: int, amount_minor: int = 0, code: int = UNSAID) -> Told:
    """Tell that a purchase by card was declined; nothing else happens.

    Refuses: CustomerNotFound, CardNotFound.
    """
    get_customer(tx, customer_id)
    card = get_card(tx, customer_id, card_id)
    note_decline(tx, Message(customer_id, card.primary_account_id, amount_minor, card_id=card_id), code)
    return Told(card_id, customer_id, DECLINED_EVENT)


def suspect(tx: Tx, *, customer_id: int, card_id: int, state: int) -> Told:
    """Tell of a fraud case; nothing else happens.

    Refuses: Invalid (state), CustomerNotFound, CardNotFound.
    """
    if state not in FRAUD_EVENTS:
        raise Invalid("state", f"must be from {min(FRAUD_EVENTS)} to {max(FRAUD_EVENTS)}")
    get_customer(tx, customer_id)
    card = get_card(tx, customer_id, card_id)
    told = Told(card.id, customer_id, FRAUD_EVENTS[state])
    tx.note("card.fraud_suspected", "card", card.id, after=told._asdict())
    return told


def note_decline(tx: Tx, message: Message, code: int) -> None:
    """Tell that what the network asked with a message was declined."""
    tx.note(
        "card.declined", "card", message.card_id or 0,
        after={
            "account_id": message.account_id,
            "amount_minor": message.amount_minor,
            "code": code,
            "customer_id": message.customer_id,
            "event_type_id": DECLINED_EVENT,
        },
    )  # fmt: skip
