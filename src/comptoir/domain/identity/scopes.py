"""What a key may be used for: everything is read or write, of every dialect or of the key's own."""

from collections.abc import Sequence

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.tx import Actor

READ, WRITE, ALL = "read", "write", "*"
SCOPES = (READ, WRITE, ALL)


def covers(actor: Actor, scope: str) -> bool:
    """Whether the actor may do what asks for this scope; a scope may be narrowed, as in `coredna:read`."""
    held = actor.scopes
    return scope in held or ALL in held or f"{actor.dialect}:{scope}" in held


def require(actor: Actor, scope: str) -> None:
    """Refuses: ScopeMissing."""
    if not covers(actor, scope):
        raise ScopeMissing(scope)


def refuse_unknown_scopes(scopes: Sequence[str]) -> None:
    """Refuses: Invalid (scopes), when there are none or one is unknown."""
    if not scopes:
        raise Invalid("scopes", "are none")
    for scope in scopes:
        dialect, colon, narrow = scope.rpartition(":")
        if narrow not in SCOPES or (colon and not dialect.isidentifier()):
            raise Invalid("scopes", f"{scope[:50]!r} is none of {', '.join(SCOPES)}")
