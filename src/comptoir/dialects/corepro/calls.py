"""A call as its resource declares it: path, handler, what it takes, what it shows, and what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.paths import Way
from comptoir.dialects.corepro.refusals import NOT_ENABLED, Refusal, Said
from comptoir.dialects.corepro.shapes import Schema, Taken
from comptoir.dialects.corepro.words import CONVERT
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.errors import ComptoirError

Answered = TypeVar("Answered")
CoreproHandler: TypeAlias = Callable[[Call, Asked], Reply]
Preparation: TypeAlias = Callable[[Call, Asked], Any]


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call. `shows` is the shape of its data, None when there is none; `codes` are those it may refuse with.

    `needs` is the feature that the program must have, or `otherwise` is said; `prepare` runs before the
    transaction, for what takes long. `oversize` is the code for a body that is too large to be read, and `gives`
    the type of a file that is given out without an envelope.
    """

    path: str
    handler: CoreproHandler
    is_write: bool
    method: Literal["GET", "POST"]
    takes: tuple[Taken, ...] = ()
    shows: Schema | None = None
    codes: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    needs: str | None = None
    otherwise: int = NOT_ENABLED
    prepare: Preparation | None = None
    oversize: int = CONVERT
    gives: str = ""
    text: str = ""

    @property
    def id(self) -> str:
        """The call's name in the log, in the cases and in the description: `account.stopPay.list`."""
        return self.path.replace("/", ".") or "welcome"

    @property
    def route(self) -> Route:
        """The route that asks this call."""
        places = "".join(f"/{{{taken.name}}}" for taken in self.takes if taken.where == "path")
        return Route(
            self.id, self.method, f"/{self.path}{places}", self._answered(), prepare=self._prepared(),
            aliases=tuple(f"/{alias}" for alias in self.aliases), reads=not self.is_write,
        )  # fmt: skip

    def _answered(self) -> Callable[[Call], Reply]:
        """The handler with what is true of all calls."""

        def answered(call: Call) -> Reply:
            asked = self._asked(call)
            if self.needs is not None:
                require(call, self.needs, self.otherwise)
            if isinstance(call.prepared, ComptoirError):
                raise call.prepared
            return _settled(self.handler, call, asked)

        return answered

    def _prepared(self) -> Callable[[Call], Any] | None:
        prepare = self.prepare
        return None if prepare is None else lambda call: _settled(prepare, call, self._asked(call))

    def _asked(self, call: Call) -> Asked:
        """What a call is asked with. Refuses: Said (too large), Invalid, for a body that cannot be read."""
        way = call.request.own
        assert isinstance(way, Way)
        if call.request.body is None:
            raise Said(Refusal(self.oversize, "The body is too large."))
        return Asked(call.body, way)


def require(call: Call, feature: str, otherwise: int = NOT_ENABLED) -> None:
    """Refuses: the code `otherwise`, when the program has no approval for this feature; NoProgram."""
    if feature not in get_program(call.tx).features:
        raise Said(Refusal(otherwise, "Program is not authorized for this endpoint."))


def _settled(work: Callable[[Call, Asked], Answered], call: Call, asked: Asked) -> Answered:
    """Values that cannot be read are said before anything that came of taking them for unsaid."""
    try:
        done = work(call, asked)
    except Exception:
        asked.settle()
        raise
    asked.settle()
    return done


def reading(
    path: str,
    handler: CoreproHandler,
    *,
    shows: Schema | None,
    takes: tuple[Taken, ...] = (),
    codes: tuple[int, ...] = (),
    method: Literal["GET", "POST"] = "GET",
    **more: Any,
) -> ApiCall:
    """A call that changes nothing; a search is asked by POST, so that what identifies people is in no address."""
    return ApiCall(
        path, handler, is_write=False, method=method, takes=takes, shows=shows, codes=codes, **more
    )


def writing(
    path: str,
    handler: CoreproHandler,
    *,
    shows: Schema | None,
    takes: tuple[Taken, ...] = (),
    codes: tuple[int, ...] = (),
    **more: Any,
) -> ApiCall:
    """A call that changes something, with a key that may."""
    return ApiCall(path, handler, is_write=True, method="POST", takes=takes, shows=shows, codes=codes, **more)
