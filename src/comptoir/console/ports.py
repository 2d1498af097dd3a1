"""What the console needs of rooms above it: put in where the application is joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from comptoir.domain.tx import Tx


class Way(NamedTuple):
    """How one dialect shows a thing: the request, and the answer; or only a sentence, when it cannot."""

    dialect: str
    title: str
    method: str
    address: str
    curl: str
    status: int
    content_type: str
    body: str
    remark: str = ""


class ThreeWays(Protocol):
    """The same thing in every dialect."""

    def ways(self, home: Any, tx: Tx, kind: str, key: int, *, base: str, form: str = "") -> Sequence[Way]:
        """How each dialect answers for a thing; `form` chooses among the formats of a dialect."""


@dataclass(frozen=True)
class Ports:
    """What is put in; None where the application was joined without it."""

    three_ways: ThreeWays | None = None
    snapshots: Any = None
    clock: Any = None
