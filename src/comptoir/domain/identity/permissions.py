"""Who may see and change what: the table of roles and areas, and the questions that are asked of it.

A permission is an area with a mode, as in `sales:see`. What an actor may do is a set of them, or `*` for the
house itself; the console asks it of an operator, the dialects of a key.
"""

from functools import cache
from typing import Final

from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.tx import Actor

SEE, CHANGE = "see", "change"
MODES = (SEE, CHANGE)
ALL = "*"

CATALOGUE, SALES, CUSTOMERS, BANK, BOOKS = "catalogue", "sales", "customers", "bank", "books"
MESSAGES, FILES, AUDIT, SETTINGS = "messages", "files", "audit", "settings"
PEOPLE, SANDBOX = "people", "sandbox"

OWNER, MANAGER, SUPPORT, ACCOUNTANT, READ_ONLY = "owner", "manager", "support", "accountant", "read-only"
ROLES = (OWNER, MANAGER, SUPPORT, ACCOUNTANT, READ_ONLY)

NOTHING = ""
# What each role may do in each area; who may change may see.
TABLE: Final[dict[str, tuple[str, str, str, str, str]]] = {
    #           owner   manager support  accountant read-only
    CATALOGUE: (CHANGE, CHANGE, SEE, SEE, SEE),
    SALES: (CHANGE, CHANGE, CHANGE, SEE, SEE),
    CUSTOMERS: (CHANGE, CHANGE, CHANGE, SEE, SEE),
    BANK: (CHANGE, CHANGE, NOTHING, CHANGE, SEE),
    BOOKS: (CHANGE, CHANGE, NOTHING, CHANGE, SEE),
    MESSAGES: (CHANGE, CHANGE, CHANGE, SEE, SEE),
    FILES: (CHANGE, CHANGE, SEE, CHANGE, SEE),
    AUDIT: (CHANGE, CHANGE, NOTHING, SEE, SEE),
    SETTINGS: (CHANGE, CHANGE, NOTHING, SEE, SEE),
    PEOPLE: (CHANGE, SEE, NOTHING, NOTHING, NOTHING),
    SANDBOX: (CHANGE, CHANGE, NOTHING, NOTHING, SEE),
}
AREAS = tuple(TABLE)
PERMISSIONS = frozenset(f"{area}:{mode}" for area in AREAS for mode in MODES)


@cache
def permissions_of(role: str) -> frozenset[str]:
    """What a role may do; a role that is none may do nothing."""
    if role not in ROLES:
        return frozenset()
    column = ROLES.index(role)
    return frozenset(
        f"{area}:{mode}"
        for area, cells in TABLE.items()
        for mode in MODES
        if cells[column] == CHANGE or cells[column] == mode
    )


def covers(actor: Actor, area: str, mode: str) -> bool:
    """Whether the actor may see or change what is in an area."""
    held = actor.scopes
    return f"{area}:{mode}" in held or ALL in held


def require(actor: Actor, area: str, mode: str) -> None:
    """Refuses: ScopeMissing."""
    if not covers(actor, area, mode):
        raise ScopeMissing(f"{area}:{mode}")
