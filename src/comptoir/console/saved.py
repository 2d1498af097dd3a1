"""Filters of lists that an operator keeps, and the choice of light or dark."""

from comptoir.console.cookies import THEME
from comptoir.console.listing import queried
from comptoir.console.places import BASE
from comptoir.console.visits import Act, Answer, Gone, Sent, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.saved_filters import forget_filter, save_filter


def back_of(visit: Visit) -> str:
    """The page that a small form stood on; only ever one of ours."""
    back = visit.asked.posted("back")
    is_plain = back.isascii() and back.isprintable() and "\\" not in back
    return back if is_plain and (back == BASE or back.startswith(f"{BASE}/")) else BASE


def keep(visit: Visit) -> Answer:
    """Keep a filter by a name."""
    query = queried(visit.asked.posted("query"))
    if not query:
        raise Invalid("query", "narrows nothing")
    save_filter(
        visit.tx, operator_id=visit.who.operator_id, list_name=visit.asked.posted("list")[:80],
        name=visit.asked.posted("name"), query=query,
    )  # fmt: skip
    return Gone(f"{back_of(visit)}?{query}", "The filter is kept.")


def forget(visit: Visit) -> Answer:
    """Forget a filter."""
    forget_filter(visit.tx, operator_id=visit.who.operator_id, filter_id=visit.id)
    return Gone(back_of(visit), "The filter is forgotten.")


def choose_theme(visit: Visit) -> Answer:
    """Choose light or dark, or what the system has."""
    theme = visit.asked.posted("theme")
    return Gone(back_of(visit), tastes=((THEME, theme if theme in {"light", "dark"} else "system"),))


def refused(_visit: Visit) -> Answer:
    """Where a filter that cannot be kept is said: the lists themselves cannot show it."""
    return Sent(
        "text/plain; charset=utf-8", b"This filter cannot be kept: go back and give it a shorter name.\n"
    )


PAGES = (
    Act("/filters/save", keep, None, refused),
    Act("/filters/{id:digits}/forget", forget, None, refused),
    Act("/theme", choose_theme, None, refused),
)
