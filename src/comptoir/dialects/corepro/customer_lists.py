"""What hangs on a customer that other resources show: accounts, external accounts, cards."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro import card_shown, external_shown
from comptoir.dialects.corepro.shapes import Schema, an_object
from comptoir.domain.banking.cards.queries import list_cards
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

ACCOUNT: Schema = an_object({})
EXTERNAL_ACCOUNT: Schema = external_shown.EXTERNAL_ACCOUNT
CARD: Schema = card_shown.CARD


def accounts(_tx: Tx, _program: ProgramFacts, _customer_id: int) -> list[Mapping[str, Any]]:
    """The accounts that a customer owns."""
    return []


def external_accounts(tx: Tx, program: ProgramFacts, customer_id: int) -> list[Mapping[str, Any]]:
    """The customer's accounts at other banks."""
    return [external_shown.shown(row, program) for row in list_external_accounts(tx, customer_id)]


def cards(tx: Tx, customer_id: int) -> list[Mapping[str, Any]]:
    """The cards that the customer ordered or holds."""
    return card_shown.shown(tx, list_cards(tx, customer_id))
