"""A call of the Admin API as its resource declares it: path, handler, what it takes and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comptoir.dialects.edge import Handler, Route
from comptoir.dialects.twocheckout.shapes import Nested, Shape, Taken


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call. `shows` are the members of its answer beside the code and the message."""

    path: str
    handler: Handler
    is_write: bool
    takes: tuple[Taken, ...] = ()
    shows: Mapping[str, Shape | Nested] = field(default_factory=dict)
    text: str = ""

    @property
    def id(self) -> str:
        """The call's name in the log, in the cases and in the description."""
        return self.path.replace("/", ".")

    @property
    def route(self) -> Route:
        """The route that asks this call."""
        method = "POST" if self.is_write else "GET"
        return Route(self.id, method, f"/api/{self.path}", self.handler, reads=not self.is_write)


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
) -> ApiCall:
    """A call that changes something: asked by POST alone, with a user who may update."""
    return ApiCall(path, handler, is_write=True, takes=takes, shows=shows or {}, text=text)
