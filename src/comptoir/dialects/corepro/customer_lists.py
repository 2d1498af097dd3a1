"""What hangs on a customer that other resources show: accounts, external accounts, cards."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.shapes import Schema, an_object
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

ACCOUNT: Schema = an_object({})
EXTERNAL_ACCOUNT: Schema = an_object({})
CARD: Schema = an_object({})


def accounts(_tx: Tx, _program: ProgramFacts, _customer_id: int) -> list[Mapping[str, Any]]:
    """The accounts that a customer owns."""
    return []


def external_accounts(_tx: Tx, _program: ProgramFacts, _customer_id: int) -> list[Mapping[str, Any]]:
    """The customer's accounts at other banks."""
    return []


def cards(_tx: Tx, _program: ProgramFacts, _customer_id: int) -> list[Mapping[str, Any]]:
    """The customer's cards."""
    return []
