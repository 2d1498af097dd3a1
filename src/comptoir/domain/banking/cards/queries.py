"""Reading cards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from comptoir.domain.banking.accounts.models import NONE
from comptoir.domain.banking.accounts.queries import access_of
from comptoir.domain.banking.cards.errors import CardNotFound
from comptoir.domain.banking.cards.models import IN_USE_STATUSES, RETURNING_STATUSES, Card, CardAccount
from comptoir.domain.tx import Tx


class CardRow(NamedTuple):
    """A card as it stands."""

    id: int
    customer_id: int
    holder_customer_id: int
    primary_account_id: int
    bin_id: int | None
    tag: str | None
    nick_name: str
    first_name: str
    middle_name: str
    last_name: str
    status: str
    type_code: str
    network: str
    last_four: str
    expire_month: int | None
    expire_year: int | None
    lock_type: str
    lock_reason: str
    reissue_reason: str
    is_digital_only: bool
    is_dual_issuance: bool
    limits: dict[str, Any]
    details: dict[str, Any]
    pin_set_at: datetime | None
    requested_at: datetime | None
    verified_at: datetime | None
    reissued_at: datetime | None
    archived_at: datetime | None
    denied_at: datetime | None
    expired_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_in_use(self) -> bool:
        """Whether there is something to pay with: of a card that is issued again, the old one, if it is good."""
        if self.status in RETURNING_STATUSES:
            return self.verified_at is not None
        return self.status in IN_USE_STATUSES


class Tie(NamedTuple):
    """An account that a card draws on."""

    card_id: int
    account_id: int
    category: str
    priority: int


CARDS = select(*[getattr(Card, name) for name in CardRow._fields])
GET_CARD = CARDS.where(Card.id == bindparam("card_id"))
TAKE_CARD = {"sqlite": GET_CARD, "postgres": GET_CARD.with_for_update(key_share=True)}
CARD_TAGGED = CARDS.where(Card.tag == bindparam("tag"))
_OF_CUSTOMER = or_(
    Card.customer_id == bindparam("customer_id"), Card.holder_customer_id == bindparam("customer_id")
)
CARDS_OF_CUSTOMER = CARDS.where(_OF_CUSTOMER).order_by(Card.id)
CARDS_OF_ACCOUNT = (
    CARDS.join(CardAccount, CardAccount.card_id == Card.id)
    .where(CardAccount.account_id == bindparam("account_id"), _OF_CUSTOMER)
    .order_by(Card.id)
)
NICK_NAMED = select(Card.id).where(
    Card.customer_id == bindparam("customer_id"),
    Card.nick_name == bindparam("nick_name"),
    Card.archived_at.is_(None),
)
TIES = (
    select(CardAccount.card_id, CardAccount.account_id, CardAccount.category, CardAccount.priority)
    .where(CardAccount.card_id == bindparam("card_id"))
    .order_by(CardAccount.category, CardAccount.priority)
)


def get_card(tx: Tx, customer_id: int, card_id: int) -> CardRow:
    """A card that the customer has to do with. Refuses: CardNotFound."""
    return _associated(tx, customer_id, card_id, tx.one(GET_CARD, card_id=card_id))


def take_card(tx: Tx, customer_id: int, card_id: int) -> CardRow:
    """The same, locked until the transaction ends. Refuses: CardNotFound."""
    return _associated(tx, customer_id, card_id, tx.one(TAKE_CARD[tx.engine], card_id=card_id))


def find_card_by_tag(tx: Tx, customer_id: int, tag: str) -> CardRow | None:
    """The card of this tag, if the customer has to do with it."""
    row = tx.one(CARD_TAGGED, tag=tag)
    if row is None or not is_associated(tx, customer_id, CardRow(*row)):
        return None
    return CardRow(*row)


def list_cards(tx: Tx, customer_id: int) -> list[CardRow]:
    """The cards that the customer ordered or holds, in order of their ids."""
    return [CardRow(*row) for row in tx.all(CARDS_OF_CUSTOMER, customer_id=customer_id)]


def list_cards_on(tx: Tx, account_id: int, customer_id: int) -> list[CardRow]:
    """The cards of a customer that draw on an account, in order of their ids."""
    return [CardRow(*row) for row in tx.all(CARDS_OF_ACCOUNT, account_id=account_id, customer_id=customer_id)]


def list_ties(tx: Tx, card_id: int) -> list[Tie]:
    """The accounts that a card draws on, by category and priority."""
    return [Tie(*row) for row in tx.all(TIES, card_id=card_id)]


def is_tied(ties: Sequence[Tie], account_id: int) -> bool:
    """Whether a card draws on this account."""
    return any(tie.account_id == account_id for tie in ties)


def is_associated(tx: Tx, customer_id: int, card: CardRow) -> bool:
    """Whether a customer ordered or holds the card, or may see the account that it draws on first."""
    if customer_id in {card.customer_id, card.holder_customer_id}:
        return True
    return access_of(tx, card.primary_account_id, customer_id) != NONE


def _associated(tx: Tx, customer_id: int, card_id: int, row: Any) -> CardRow:
    if row is None:
        raise CardNotFound(card_id, customer_id)
    card = CardRow(*row)
    if not is_associated(tx, customer_id, card):
        raise CardNotFound(card_id, customer_id)
    return card
