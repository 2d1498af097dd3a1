"""What hangs on a customer that other resources show: accounts, external accounts, cards."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro import account_shown, card_shown, external_shown
from comptoir.dialects.corepro.shapes import Schema
from comptoir.domain.banking.accounts.queries import find_by_tag as find_account_by_tag
from comptoir.domain.banking.accounts.queries import list_owned_accounts
from comptoir.domain.banking.cards.queries import list_cards
from comptoir.domain.banking.external.queries import find_by_tag as find_external_by_tag
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

ACCOUNT: Schema = account_shown.ACCOUNT
EXTERNAL_ACCOUNT: Schema = external_shown.EXTERNAL_ACCOUNT
CARD: Schema = card_shown.CARD


def accounts(tx: Tx, program: ProgramFacts, customer_id: int) -> list[Mapping[str, Any]]:
    """The accounts that a customer owns."""
    return account_shown.shown_accounts(tx, program, list_owned_accounts(tx, [customer_id]), customer_id)


def external_accounts(tx: Tx, program: ProgramFacts, customer_id: int) -> list[Mapping[str, Any]]:
    """The customer's accounts at other banks."""
    return [external_shown.shown(row, program) for row in list_external_accounts(tx, customer_id)]


def cards(tx: Tx, customer_id: int) -> list[Mapping[str, Any]]:
    """The cards that the customer ordered or holds."""
    return card_shown.shown(tx, list_cards(tx, customer_id))


def has_tag(tx: Tx, customer_id: int, tag: str) -> bool:
    """Whether an account of the customer, here or at another bank, has this tag."""
    own = find_account_by_tag(tx, customer_id, tag)
    return own is not None or find_external_by_tag(tx, customer_id, tag) is not None
