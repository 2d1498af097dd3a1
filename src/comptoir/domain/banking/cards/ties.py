"""Which accounts a card draws on, and in which order: four of a category at most, one of them the primary."""

from typing import Any

from sqlalchemy import bindparam, delete, update

from comptoir.domain.banking.accounts.errors import BankAccountNotFound
from comptoir.domain.banking.accounts.models import FULL, NONE, OPEN, PENDING_OPEN
from comptoir.domain.banking.accounts.queries import BankAccountRow, access_of, get_bank_account
from comptoir.domain.banking.cards.errors import (
    AccessTooSmall,
    AccountNotTied,
    AlreadyTied,
    CardAccessMissing,
    CardAccountNotFound,
    CardAccountStatusRefuses,
    CardLocked,
    CardStatusRefuses,
    CategoryFull,
    CategoryRefuses,
    PrimaryStays,
    PriorityOutOfRange,
)
from comptoir.domain.banking.cards.models import (
    ACCOUNTS_PER_CATEGORY_MAX,
    ENDED_STATUSES,
    UNLOCKED,
    Card,
    CardAccount,
)
from comptoir.domain.banking.cards.queries import CardRow, Tie, list_ties, take_card
from comptoir.domain.banking.customers.models import ACCT
from comptoir.domain.banking.customers.models import FULL as FULL_CUSTOMER
from comptoir.domain.banking.customers.queries import CustomerRow, require_customer
from comptoir.domain.banking.program.models import CHECKING, SAVINGS
from comptoir.domain.banking.program.queries import get_product
from comptoir.domain.tx import Tx

CATEGORIES = frozenset({CHECKING, SAVINGS})

UNTIE = delete(CardAccount).where(
    CardAccount.card_id == bindparam("card_id"), CardAccount.account_id == bindparam("account_id")
)
SET_PRIORITY: Any = (
    update(CardAccount)
    .where(
        CardAccount.card_id == bindparam("of_card"), CardAccount.account_id == bindparam("of_account")
    )
    .values(priority=bindparam("to_priority"))
)  # fmt: skip


def account_for_card(tx: Tx, customer: CustomerRow, account_id: int) -> tuple[BankAccountRow, str]:
    """An account that a card of this customer may draw on, and its category.

    Refuses: CardAccountNotFound, CardAccessMissing, AccessTooSmall, CardAccountStatusRefuses, CategoryRefuses.
    """
    try:
        account = get_bank_account(tx, account_id)
    except BankAccountNotFound:
        raise CardAccountNotFound(account_id) from None
    access = access_of(tx, account_id, customer.customer_id)
    if access == NONE or customer.access_type not in {FULL_CUSTOMER, ACCT}:
        raise CardAccessMissing(customer.customer_id, account_id)
    if access != FULL:
        raise AccessTooSmall(customer.customer_id, account_id)
    if account.status not in {OPEN, PENDING_OPEN}:
        raise CardAccountStatusRefuses(account_id, account.status)
    category = get_product(tx, account.product_id).category
    if category not in CATEGORIES:
        raise CategoryRefuses(account_id, category)
    return account, category


def add_account(
    tx: Tx, *, customer_id: int, card_id: int, account_id: int, priority: int | None = None
) -> CardRow:
    """Let a card draw on another account, last of its category unless its place is said.

    Refuses: as require_customer, CardNotFound, CardStatusRefuses, CardLocked, as account_for_card, AlreadyTied,
    CategoryFull, PriorityOutOfRange.
    """
    customer, card = _taken(tx, customer_id, card_id)
    _, category = account_for_card(tx, customer, account_id)
    ties = list_ties(tx, card_id)
    if any(tie.account_id == account_id for tie in ties):
        raise AlreadyTied(account_id)
    same = [tie.account_id for tie in ties if tie.category == category]
    if len(same) >= ACCOUNTS_PER_CATEGORY_MAX:
        raise CategoryFull(category)
    place = _place(priority, len(same) + 1)
    tx.insert(CardAccount, card_id=card_id, account_id=account_id, category=category, priority=place)
    same.insert(place - 1, account_id)
    _order(tx, card, same)
    tx.note("card.account_added", "card", card_id, after={"account_id": account_id, "priority": place})
    return card


def remove_account(tx: Tx, *, customer_id: int, card_id: int, account_id: int) -> CardRow:
    """Let a card draw on an account no longer.

    Refuses: as require_customer, CardNotFound, CardStatusRefuses, CardLocked, AccountNotTied, PrimaryStays.
    """
    _, card = _taken(tx, customer_id, card_id)
    ties = list_ties(tx, card_id)
    tie = _tie(ties, account_id)
    if account_id == card.primary_account_id:
        raise PrimaryStays(account_id)
    tx.run(UNTIE, card_id=card_id, account_id=account_id)
    same = [one.account_id for one in ties if one.category == tie.category and one != tie]
    _order(tx, card, same)
    tx.note("card.account_removed", "card", card_id, before={"account_id": account_id})
    return card


def prioritise_account(
    tx: Tx, *, customer_id: int, card_id: int, account_id: int, priority: int | None
) -> CardRow:
    """Give an account of a card another place in its category; the first place makes it the primary one.

    Refuses: as require_customer, CardNotFound, CardStatusRefuses, CardLocked, AccountNotTied, PriorityOutOfRange.
    """
    _, card = _taken(tx, customer_id, card_id)
    ties = list_ties(tx, card_id)
    tie = _tie(ties, account_id)
    same = [one.account_id for one in ties if one.category == tie.category and one != tie]
    place = _place(priority, len(same) + 1, is_needed=True)
    same.insert(place - 1, account_id)
    _order(tx, card, same, is_primary=place == 1)
    tx.note(
        "card.account_prioritised", "card", card_id,
        before={"account_id": account_id, "priority": tie.priority},
        after={"account_id": account_id, "priority": place},
    )  # fmt: skip
    return card


def make_primary(tx: Tx, customer: CustomerRow, card: CardRow, account_id: int) -> None:
    """Let a card draw on an account before all others; it is tied to the card if it was not.

    Refuses: as account_for_card, CategoryFull.
    """
    _, category = account_for_card(tx, customer, account_id)
    ties = list_ties(tx, card.id)
    same = [tie.account_id for tie in ties if tie.category == category and tie.account_id != account_id]
    if not any(tie.account_id == account_id for tie in ties):
        if len(same) >= ACCOUNTS_PER_CATEGORY_MAX:
            raise CategoryFull(category)
        tx.insert(CardAccount, card_id=card.id, account_id=account_id, category=category, priority=0)
    for place, tied_id in enumerate([account_id, *same], 1):
        tx.run(SET_PRIORITY, of_card=card.id, of_account=tied_id, to_priority=place)
    tx.update(Card, card.id, primary_account_id=account_id)


def _taken(tx: Tx, customer_id: int, card_id: int) -> tuple[CustomerRow, CardRow]:
    customer = require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if customer_id != card.customer_id and access_of(tx, card.primary_account_id, customer_id) != FULL:
        raise CardAccessMissing(customer_id, card.primary_account_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    if card.lock_type != UNLOCKED:
        raise CardLocked(card_id, card.lock_reason)
    return customer, card


def _tie(ties: list[Tie], account_id: int) -> Tie:
    for tie in ties:
        if tie.account_id == account_id:
            return tie
    raise AccountNotTied(account_id)


def _place(priority: int | None, most: int, *, is_needed: bool = False) -> int:
    if priority is None and not is_needed:
        return most
    if priority is None or not 1 <= priority <= most:
        raise PriorityOutOfRange(most)
    return priority


def _order(tx: Tx, card: CardRow, account_ids: list[int], *, is_primary: bool = False) -> None:
    """Number the accounts of a category; the first of the category of the primary account is the primary one."""
    for place, account_id in enumerate(account_ids, 1):
        tx.run(SET_PRIORITY, of_card=card.id, of_account=account_id, to_priority=place)
    if is_primary or card.primary_account_id in account_ids:
        tx.update(Card, card.id, primary_account_id=account_ids[0], updated_at=tx.now)
    else:
        tx.update(Card, card.id, updated_at=tx.now)
