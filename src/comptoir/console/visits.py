"""One visit to a page: who is there, in which shop and transaction, and what the page answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from comptoir.console.asking import Asked
from comptoir.console.cookies import THEME
from comptoir.domain.identity.permissions import CHANGE, covers
from comptoir.domain.identity.sessions import SessionRow
from comptoir.domain.media.fetching import Fetcher
from comptoir.domain.media.store import MediaStore
from comptoir.domain.payments.port import Gateways
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Actor, OpenShop, Tx

if TYPE_CHECKING:
    from comptoir.console.ports import Ports

Result = TypeVar("Result")
Names = Mapping[str, str]


class Home(Protocol):
    """A shop with what its pages need besides the database."""

    @property
    def shop(self) -> OpenShop:
        """The shop, whose database is open."""

    @property
    def secret(self) -> bytes:
        """The installation's key."""

    @property
    def media(self) -> MediaStore:
        """Where files lie."""

    @property
    def fetcher(self) -> Fetcher:
        """What fetches from addresses that people give."""

    @property
    def gateways(self) -> Gateways:
        """Those through whom money comes in, by their names."""


class Sent(NamedTuple):
    """Something that is no page: a file to keep, or a part for a script."""

    content_type: str
    body: bytes | Iterable[bytes]
    filename: str = ""


class Gone(NamedTuple):
    """The way to another page, what to say there, and what the browser shall remember of the operator's taste."""

    address: str
    said: str = ""
    tastes: tuple[tuple[str, str], ...] = ()


class Shown(NamedTuple):
    """A page, made of a template and values.

    `again` answers the same form when it is sent a second time: of an act whose page is shown only once.
    """

    template: str
    values: Mapping[str, Any]
    status: int = 200
    again: Gone | None = None


Answer = Shown | Sent | Gone


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was refused, shown on the page it came from: by field, or under "" as a whole."""

    act: str
    problems: Mapping[str, str]
    form: Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Visit:
    """One request on its way through a page. `ids` are the places in the address.

    `is_told` once a form on the page says what was refused, so that the page's head need not.
    """

    asked: Asked
    home: Home
    who: SessionRow
    actor: Actor
    ports: "Ports"
    ids: Mapping[str, Any]
    refused: Refusal | None = None
    once: str = ""
    key_hash: str = ""
    is_told: bool = False
    _tx: Tx | None = None
    _facts: ShopFacts | None = None

    @property
    def tx(self) -> Tx:
        """The request's one transaction. Acts that are `alone` have none, and make their own."""
        assert self._tx is not None, "this act makes its own transactions"
        return self._tx

    @property
    def shop(self) -> ShopFacts:
        """The shop's facts; also for acts that are alone."""
        assert self._facts is not None, "somebody is signed in"
        return self._facts

    @property
    def theme(self) -> str:
        """Light or dark, when the operator has chosen; otherwise as the system has it."""
        chosen = self.asked.cookies.get(THEME, "")
        return chosen if chosen in {"light", "dark"} else ""

    @property
    def id(self) -> int:
        """The id in the address."""
        number: int = self.ids["id"]
        return number

    def inside(self, tx: Tx) -> None:
        """Enter the request's transaction."""
        self._tx, self._facts = tx, tx.shop

    def leave(self) -> None:
        """Leave the transaction: it is over."""
        self._tx = None

    def may(self, area: str, mode: str = CHANGE) -> bool:
        """Whether this operator may see or change something of an area."""
        return covers(self.actor, area, mode)

    def read(self, work: Callable[[Tx], Result]) -> Result:
        """Run reading work in a transaction of its own, in the operator's name."""
        return self.home.shop.read(work, self.actor)

    def write(self, work: Callable[[Tx], Result]) -> Result:
        """Run writing work in a transaction of its own, in the operator's name."""
        return self.home.shop.write(work, self.actor)


Show = Callable[[Visit], Answer]
ActOn = Callable[[Visit], Answer]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address below /console, what shows it, and the area one must be allowed to see."""

    path: str
    show: Show
    area: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A verb: what a form posts to, and the page that shows the form again when it is refused.

    `alone` acts make their own transactions, because they ask somebody outside in between. The operator
    must be allowed to change the area; None asks for no more than being signed in.
    """

    path: str
    act: ActOn
    area: str | None
    shows: Show
    alone: bool = False

    @property
    def name(self) -> str:
        """What a form calls the act: the end of its address."""
        return self.path.rpartition("/")[2]
