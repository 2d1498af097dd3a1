"""What the console needs of rooms above it: put in where the application is joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Actor, Tx


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


class SnapshotRow(NamedTuple):
    """What is known of a snapshot without opening it."""

    name: str
    created_at: datetime
    engine: str
    last_seq: int
    byte_size: int


class Snapshots(Protocol):
    """Shops as they were at one moment."""

    def rows(self, home: Any) -> Sequence[SnapshotRow]:
        """A shop's snapshots, the newest first."""

    def why_not_served(self, home: Any, facts: ShopFacts) -> str:
        """Why none can be put back while the shop is served; nothing, when it can be."""

    def create(self, home: Any, actor: Actor, name: str) -> SnapshotRow:
        """Make one. Refuses: ComptoirError, with a sentence."""

    def pack(self, home: Any, actor: Actor, name: str) -> Iterator[bytes]:
        """One as a file, a piece at a time. Refuses: ComptoirError, with a sentence."""

    def remove(self, home: Any, actor: Actor, name: str) -> None:
        """Remove one. Refuses: ComptoirError, with a sentence."""

    def restore(self, home: Any, actor: Actor, name: str) -> None:
        """Put one back while the shop is served. Refuses: ComptoirError, with a sentence."""


class Proof(NamedTuple):
    """What the last proof of the books found: after which event, when by the machine's clock."""

    problems: Sequence[str]
    cents: int
    seq: int
    at: datetime


class Books(Protocol):
    """The proof of the books, which goes on beside the pages."""

    def proof(self, shop: str) -> Proof | None:
        """The last proof of a shop's books, or None while the first is still being made."""


@dataclass(frozen=True)
class Ports:
    """What is put in; None where the application was joined without it."""

    three_ways: ThreeWays | None = None
    snapshots: Snapshots | None = None
    books: Books | None = None
