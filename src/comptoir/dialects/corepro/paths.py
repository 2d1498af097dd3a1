"""Paths and queries as CorePro's clients write them: any case, doubled and trailing slashes, empty places (1.9)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from comptoir.dialects.corepro.words import NOTHING
from comptoir.dialects.edge import Route

if TYPE_CHECKING:
    from comptoir.dialects.corepro.throttle import Standing

HOSTS = frozenset({
    "api.corepro.io", "sandbox-api.corepro.io", "api.helix.q2.com", "sandbox-api.helix.q2.com",
})  # fmt: skip
# With more signs than these in a tag, not each of them is tried as a blank by itself.
SIGNS_MAX = 5
# The verbs of each path, by the path in lower case and without slashes around it.
Table = Mapping[str, Mapping[str, Route]]


@dataclass(slots=True)
class Way:
    """Where a request goes: what stands in its path after the action, its query, and its part of the rate.

    One slash at the end of a path does not count, unless it ends a tag: `is_slashed` tells that there was one.
    """

    places: tuple[str, ...] = ()
    query: str = ""
    is_slashed: bool = False
    throttle: "Standing | None" = None
    is_counted: bool = False
    routes: Mapping[str, Route] = field(default_factory=dict)


class Directory:
    """All routes of the dialect, found by paths in any case."""

    def __init__(self, table: Table) -> None:
        self.table = table
        # The first segments of all paths: what a path must begin with to be one of this dialect.
        self.objects = frozenset(path.partition("/")[0] for path in table if path)
        # How many segments name a route, the most first.
        self._depths = sorted({path.count("/") + 1 for path in table}, reverse=True)

    def way(self, path: str, query: str) -> Way:
        """Which routes live at a path, and what stands in its places."""
        segments = segments_of(path)
        for depth in self._depths:
            routes = self.table.get("/".join(segments[:depth]).lower())
            if routes is not None and len(segments) >= depth:
                places, is_slashed = tuple(segments[depth:]), path.endswith("/")
                return Way(places=places, query=query, is_slashed=is_slashed, routes=routes)
        return Way(query=query)


def object_of(path: str) -> str:
    """The first segment of a path, in lower case."""
    return path.lstrip("/").partition("/")[0].lower()


def host_of(named: str) -> str:
    """The name of a host without its port."""
    return named.partition(":")[0].strip().rstrip(".").lower()


def segments_of(path: str) -> list[str]:
    """The segments of a path as WSGI hands it over; inner empty ones stay, one slash at the end does not count."""
    text = path.encode("latin-1", "replace").decode("utf-8", "surrogateescape").lstrip("/")
    return text.removesuffix("/").split("/")


def supplied(value: str | None) -> str | None:
    """A value of a path or a query, None when it stands for nothing."""
    return None if value is None or value.strip().lower() in NOTHING else value


def query_values(query: str) -> dict[str, tuple[str, ...]]:
    """The spellings of each value by name in lower case: as it stands, and with `+` read as a blank.

    A bare `b` in `tag=a&b` belongs to the value before it: some clients leave tags as they are.
    """
    found: dict[str, str] = {}
    last = ""
    for pair in query.split("&"):
        name, sign, value = pair.partition("=")
        if sign:
            last = _plain(name).strip().lower()
            found[last] = value
        elif last and pair:
            found[last] = f"{found[last]}&{pair}"
    return {name: spellings(_plain(raw), _plain(raw.replace("+", " "))) for name, raw in found.items()}


def spellings(*texts: str) -> tuple[str, ...]:
    """The same text as it may have been meant, each once, the likelier first."""
    return tuple(dict.fromkeys(texts))


def tag_spellings(places: Sequence[str], *, is_slashed: bool = False) -> tuple[str, ...]:
    """A text that is the rest of a path, slashes and all, also the one at its end.

    A typed client writes a blank as `+` here, and a `+` as `%2B`, which a server decodes: when a text holds both,
    each sign may be either.
    """
    if not places:
        return ()
    text = "/".join(places)
    texts = (text, f"{text}/") if is_slashed else (text,)
    return spellings(*(each for text in texts if supplied(text) is not None for each in _unsigned(text)))


def _unsigned(text: str) -> Iterator[str]:
    """A text with its signs as they are, with all of them as blanks, and with some."""
    yield text
    yield text.replace("+", " ")
    first, *others = text.split("+")
    if len(others) <= SIGNS_MAX:
        for signs in product("+ ", repeat=len(others)):
            yield first + "".join(sign + other for sign, other in zip(signs, others, strict=True))


def _plain(raw: str) -> str:
    return unquote_to_bytes(raw.encode("latin-1", "replace")).decode("utf-8", "surrogateescape")


def table_of(routes: Iterable[Route]) -> Table:
    """The table of these routes; each path and each alias once."""
    table: dict[str, dict[str, Route]] = {}
    for route in routes:
        for path in (route.path.partition("/{")[0], *route.aliases):
            verbs = table.setdefault(path.strip("/").lower(), {})
            assert route.method not in verbs, f"{route.method} {path} is declared twice"
            verbs[route.method] = route
    return table
