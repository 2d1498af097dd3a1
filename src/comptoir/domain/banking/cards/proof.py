"""The proof of cards: they draw on accounts in order, and no more was given back than was paid."""

from sqlalchemy import case, func, or_, select

from comptoir.domain.banking.cards.kinds import CHARGEBACK_CODE, Kind
from comptoir.domain.banking.cards.models import ACCOUNTS_PER_CATEGORY_MAX, Card, CardAccount
from comptoir.domain.banking.movements.models import VOIDED, BankTransfer
from comptoir.domain.tx import Tx

_PAID = or_(*[BankTransfer.type_code == kind.value.posted for kind in Kind])
_UNDONE = or_(
    BankTransfer.type_code == CHARGEBACK_CODE,
    *[BankTransfer.type_code == kind.value.reversed for kind in Kind],
)
_LEFT = func.sum(case((_PAID, BankTransfer.amount_minor), else_=-BankTransfer.amount_minor))
OVERDONE = (
    select(BankTransfer.master_id, _LEFT)
    .where(BankTransfer.status != VOIDED, or_(_PAID, _UNDONE))
    .group_by(BankTransfer.master_id)
    .having(_LEFT < 0)
    .order_by(BankTransfer.master_id)
)
UNTIED = (
    select(Card.id)
    .outerjoin(
        CardAccount,
        (CardAccount.card_id == Card.id) & (CardAccount.account_id == Card.primary_account_id),
    )
    .where(CardAccount.card_id.is_(None))
    .order_by(Card.id)
)
_COUNT = func.count()
DISORDERED = (
    select(CardAccount.card_id, CardAccount.category)
    .group_by(CardAccount.card_id, CardAccount.category)
    .having(
        or_(
            func.max(CardAccount.priority) != _COUNT,
            func.min(CardAccount.priority) != 1,
            func.count(CardAccount.priority.distinct()) != _COUNT,
            _COUNT > ACCOUNTS_PER_CATEGORY_MAX,
        )
    )
    .order_by(CardAccount.card_id, CardAccount.category)
)


def check_cards(tx: Tx) -> list[str]:
    """Everything that is wrong with cards, in words."""
    return [
        *[f"card {card_id} does not draw on its primary account" for (card_id,) in tx.all(UNTIED)],
        *[
            f"card {card_id} draws on its {category} accounts in no order"
            for card_id, category in tx.all(DISORDERED)
        ],
        *[
            f"payment by card {master_id}: {-left} more is given back than was paid"
            for master_id, left in tx.all(OVERDONE)
        ],
    ]
