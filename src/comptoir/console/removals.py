"""What a link leads to when its thing was removed: a page that says so, when and by whom, from its events."""

from collections.abc import Callable
from typing import Any

from comptoir.console.places import PLACES, address_of
from comptoir.console.rendering import in_words
from comptoir.console.visits import Answer, Shown, Visit
from comptoir.domain.errors import NotFound
from comptoir.domain.events.queries import EventRow, list_events_of

PLACE = "{id:digits}"
# Where the same things are shown as each dialect has them.
THREE_WAYS = "/three-ways/"
# Where things are listed that have no list of their own.
LISTED_AT = {"/order-lines": "/orders"}
# What things are called by, in the fields that their removal keeps.
CALLED = ("name", "title", "code")


def removed(visit: Visit, asked: str) -> Shown | None:
    """The page in place of one that was not found: when the thing that its address names was removed, else None."""
    head, place, _ = asked.partition(PLACE)
    if not place:
        return None
    if head.startswith(THREE_WAYS):
        head = PLACES[head.removeprefix(THREE_WAYS).removesuffix("/")].removesuffix("{}")
    for subject in (kind for kind, at in PLACES.items() if at == f"{head}{{}}"):
        happened = list_events_of(visit.tx, subject=subject, subject_id=visit.id)
        removal = next((one for one in happened if one.kind == f"{subject}.removed"), None)
        if removal is not None:
            path = head.removesuffix("/")
            return page_of(removal, happened, LISTED_AT.get(path, path))
    return None


def page_of(removal: EventRow, happened: list[EventRow], path: str) -> Shown:
    """The page, with the way back to the list and to everything that happened to the thing."""
    noun = in_words(removal.subject)
    before = removal.before or {}
    values: dict[str, Any] = {
        "title": f"{noun[:1].upper()}{noun[1:]} {removal.subject_id} was removed",
        "noun": noun,
        "called": next((before[name] for name in CALLED if before.get(name)), ""),
        "way": [(list_name(path), address_of(path))],
        "removal": removal,
        "happened": happened,
        "all_of_it": f"{address_of('/events')}?subject={removal.subject}&subject_id={removal.subject_id}",
    }
    return Shown("removed.html", values, 404)


def list_name(path: str) -> str:
    """What the list at an address is called: the end of its address in words."""
    words = path.rpartition("/")[2].replace("-", " ")
    return words[:1].upper() + words[1:]


def refusing(error: NotFound) -> Callable[[Visit], Answer]:
    """What shows a page by not finding it: so an act that finds nothing ends where its page does."""

    def show(_visit: Visit) -> Answer:
        raise error

    return show
