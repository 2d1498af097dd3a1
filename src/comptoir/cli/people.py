"""Whom commands speak of: operators by their addresses, and passwords that nobody has thought of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.domain.identity.queries import OperatorRow
    from comptoir.domain.tx import Tx

PASSWORD_LETTERS = 16


def operator_called(tx: "Tx", email: str | None) -> "OperatorRow":
    """The operator with this address, or the first active one. Refuses: OperatorNotFound."""
    from comptoir.domain.identity.errors import OperatorNotFound
    from comptoir.domain.identity.queries import find_operator_by_email, list_operators

    if email is None:
        found = next((row for row in list_operators(tx) if row.is_active), None)
    else:
        found = find_operator_by_email(tx, email.lower())
    if found is None:
        raise OperatorNotFound(email or "that is active")
    return found


def made_password() -> str:
    """A password that nobody has thought of."""
    from comptoir.domain.clock import Chance

    return Chance().text(PASSWORD_LETTERS)
