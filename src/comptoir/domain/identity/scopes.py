"""What a key may be used for: its scopes, and no more than the role of its operator allows."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import (
    ALL,
    AREAS,
    CHANGE,
    MODES,
    PERMISSIONS,
    SEE,
    permissions_of,
)

READ, WRITE = "read", "write"
# These go for every area; a dialect before them, as in `coredna:read`, keeps them to the keys of that dialect.
SCOPES = (READ, WRITE, ALL)
_MEANT = {READ: (SEE,), WRITE: (CHANGE,), ALL: MODES}
KNOWN_MAX = 1024


@lru_cache(maxsize=KNOWN_MAX)
def granted(scopes: tuple[str, ...], dialect: str, role: str) -> frozenset[str]:
    """The permissions of a key with these scopes, of this dialect, that acts for an operator of this role."""
    meant = {permission for scope in scopes for permission in _permissions_in(scope, dialect)}
    return permissions_of(role) & meant


def _permissions_in(scope: str, dialect: str) -> Iterator[str]:
    """What a scope names; one that is narrowed to another dialect names nothing."""
    if scope in PERMISSIONS:
        yield scope
        return
    narrowed, colon, name = scope.rpartition(":")
    if not colon or narrowed == dialect:
        for mode in _MEANT.get(name, ()):
            for area in AREAS:
                yield f"{area}:{mode}"


def refuse_unknown_scopes(scopes: Sequence[str]) -> None:
    """Refuses: Invalid (scopes), when there are none or one is unknown."""
    if not scopes:
        raise Invalid("scopes", "are none")
    for scope in scopes:
        dialect, colon, name = scope.rpartition(":")
        is_narrow = bool(colon) and not dialect.isidentifier()
        if scope not in PERMISSIONS and (name not in SCOPES or is_narrow):
            known = f"{', '.join(SCOPES)}, or an area with {SEE} or {CHANGE} as in {AREAS[0]}:{SEE}"
            raise Invalid("scopes", f"{scope[:50]!r} is none of {known}")
