"""Asking who is signed in for their password as well: for what nobody else shall do at a desk that was left."""

from comptoir.console import kinds
from comptoir.console.forms import Field
from comptoir.console.visits import Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import LoginThrottled
from comptoir.domain.identity.logins import hash_of, prove_password
from comptoir.domain.identity.passwords import Passwords, Tried

PASSWORDS = Passwords()
CURRENT = Field(
    "current", "Your password now", kinds.PASSWORD, required=True, autocomplete="current-password"
)


def prove(visit: Visit, field: str = CURRENT.name) -> None:
    """Ask for the password as well, outside the transaction of what is done with it. Refuses: Invalid (the field)."""
    own_id, password = visit.who.operator_id, visit.asked.posted(field)
    try:
        tried = Tried(PASSWORDS, password, visit.read(lambda tx: hash_of(tx, operator_id=own_id)))
        is_proved = visit.write(
            lambda tx: prove_password(tx, operator_id=own_id, password=password, passwords=tried)
        )
    except LoginThrottled as error:
        until = error.until
        at = visit.read(lambda tx: tx.shop.local(until))
        raise Invalid(field, f"was wrong too often; try again at {at:%H:%M}") from error
    if not is_proved:
        raise Invalid(field, "is not your password")
