"""What a handler takes and shows, said beside it, so that a description can be made of the running routes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from comptoir.dialects.codecs import Schema
from comptoir.dialects.edge import Handler
from comptoir.dialects.wire import Document, Mode

# One record, a list of them, their number, or the bare word true.
Form: TypeAlias = Literal["one", "many", "count", "true"]


@dataclass(frozen=True, slots=True)
class QueryField:
    """A parameter of the query that is no search."""

    name: str
    text: str
    schema: Schema
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A handler's body, query and answer."""

    form: Form
    shows: Document[Any] | None = None
    status: int = 200
    takes: Document[Any] | None = None
    mode: Mode = "c"
    searches: Document[Any] | None = None
    query: tuple[QueryField, ...] = ()


_OUTLINES: dict[Handler, Outline] = {}


def outlined(outline: Outline) -> Callable[[Handler], Handler]:
    """Note a handler's outline; the handler itself stays as it is."""

    def note(handler: Handler) -> Handler:
        _OUTLINES[handler] = outline
        return handler

    return note


def outline_of(handler: Handler) -> Outline:
    """What was noted of a handler; every handler of a route is outlined."""
    return _OUTLINES[handler]
