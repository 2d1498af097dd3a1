"""A call of the Admin API as its resource declares it: path, handler, what it takes and what it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.dialects.edge import Call, Handler, Route
from comptoir.dialects.twocheckout.shapes import Nested, Shape, Taken


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call. `shows` are the members of its answer beside the code and the message.

    `prepare` runs before the transaction: for what asks somebody far away.
    """

    path: str
    handler: Handler
    is_write: bool
    takes: tuple[Taken, ...] = ()
    shows: Mapping[str, Shape | Nested] = field(default_factory=dict)
    text: str = ""
    prepare: Callable[[Call], Any] | None = None

    @property
    def id(self) -> str:
        """The call's name in the log, in the cases and in the description."""
        return self.path.replace("/", ".")

    @property
    def route(self) -> Route:
        """The route that asks this call."""
        method = "POST" if self.is_write else "GET"
        path = f"/api/{self.path}"
        return Route(self.id, method, path, self.handler, prepare=self.prepare, reads=not self.is_write)


def reading(
    path: str,
    handler: Handler,
    *,
    takes: tuple[Taken, ...] = (),
    shows: Mapping[str, Shape | Nested],
    text: str = "",
) -> ApiCall:
    """A call that changes nothing: asked by GET or by POST, with a user who may read."""
    return ApiCall(path, handler, is_write=False, takes=takes, shows=shows, text=text)


def writing(
    path: str,
    handler: Handler,
    *,
    takes: tuple[Taken, ...] = (),
    shows: Mapping[str, Shape | Nested] | None = None,
    text: str = "",
    prepare: Callable[[Call], Any] | None = None,
) -> ApiCall:
    """A call that changes something: asked by POST alone, with a user who may update."""
    return ApiCall(path, handler, is_write=True, takes=takes, shows=shows or {}, text=text, prepare=prepare)
