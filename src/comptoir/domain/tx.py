"""The transaction that every verb takes first: statements, shop, actor, clock, ids."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.clock import Chance, Now, system_now
from comptoir.domain.errors import ComptoirError
from comptoir.domain.shop import Shop, ShopFacts, get_facts
from comptoir.storage.database import Database
from comptoir.storage.schema import Mapped, Record, mapped_column
from comptoir.storage.session import Session, Write

Result = TypeVar("Result")


class Counter(Record):
    """The last number given out for one kind of record."""

    __tablename__ = "counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and through what: written into every event."""

    name: str
    dialect: str
    operator_id: int | None = None
    scopes: frozenset[str] = frozenset()
    key_id: int | None = None


SYSTEM = Actor(name="comptoir", dialect="system", scopes=frozenset({"*"}))


class Change(NamedTuple):
    """One state change, waiting for the end of the transaction to become an event."""

    kind: str
    subject: str
    subject_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    at: datetime


class Ids:
    """Numbers and random text for new records; imported numbers push the counters on."""

    __slots__ = ("_chance", "_session")

    def __init__(self, session: Session, chance: Chance) -> None:
        self._session = session
        self._chance = chance

    def next(self, kind: str, count: int = 1) -> int:
        """The first of `count` new numbers of a kind, never given before."""
        last: int = self._session.returning(TAKE_NUMBERS[self._session.engine], kind=kind, value=count)
        return last - count + 1

    def take(self, counts: Mapping[str, int]) -> list[int]:
        """The first of so many new numbers of each of these kinds, all at once, counted up in this order."""
        values: dict[str, Any] = {}
        for place, (kind, count) in enumerate(counts.items()):
            values |= {f"kind_{place}": kind, f"value_{place}": count}
        rows = self._session.all(take_many(self._session.engine, len(counts)), **values)
        last: dict[str, int] = dict(rows)
        return [last[kind] - count + 1 for kind, count in counts.items()]

    def reach(self, kind: str, number: int) -> None:
        """Make sure that numbers given from now on are above this one."""
        self._session.run(REACH_NUMBER[self._session.engine], kind=kind, value=number)

    def text(self, length: int) -> str:
        """Random capital letters and digits."""
        return self._chance.text(length)

    def secret(self, byte_count: int) -> str:
        """Random bytes in hexadecimal."""
        return self._chance.hexadecimal(byte_count)


def _take(dialect: Any) -> Any:
    statement = dialect.insert(Counter).values(kind=bindparam("kind"), value=bindparam("value"))
    return statement.on_conflict_do_update(
        index_elements=[Counter.kind], set_={"value": Counter.value + statement.excluded.value}
    ).returning(Counter.value)


def _reach(dialect: Any) -> Write:
    statement = dialect.insert(Counter).values(kind=bindparam("kind"), value=bindparam("value"))
    raised: Write = statement.on_conflict_do_update(
        index_elements=[Counter.kind],
        set_={"value": statement.excluded.value},
        where=Counter.value < statement.excluded.value,
    )
    return raised


@cache
def take_many(engine: str, count: int) -> Any:
    """Count up so many counters in one statement, in the order in which they are bound."""
    rows: list[dict[str, Any]] = [
        {"kind": bindparam(f"kind_{place}"), "value": bindparam(f"value_{place}")} for place in range(count)
    ]
    statement = DIALECTS[engine].insert(Counter).values(rows)
    return statement.on_conflict_do_update(
        index_elements=[Counter.kind], set_={"value": Counter.value + statement.excluded.value}
    ).returning(Counter.kind, Counter.value)


DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgres": postgresql}
TAKE_NUMBERS = {"sqlite": _take(sqlite), "postgres": _take(postgresql)}
REACH_NUMBER = {"sqlite": _reach(sqlite), "postgres": _reach(postgresql)}


class Tx(Session):
    """A transaction of one shop by one actor. One request or job is one transaction."""

    __slots__ = ("_machine_now", "_now", "_system", "actor", "changes", "ids", "request_id", "shop")

    def __init__(
        self,
        session: Session,
        *,
        shop: ShopFacts,
        actor: Actor,
        system: Now,
        chance: Chance,
        request_id: str = "",
    ) -> None:
        super().__init__(session.cursor, session.statements, session.engine)
        self.shop = shop
        self.actor = actor
        # The plain session: were it this one, only the garbage collector could free a transaction.
        self.ids = Ids(session, chance)
        self.changes: list[Change] = []
        self.request_id = request_id
        self._system = system
        self._now: datetime | None = None
        self._machine_now: datetime | None = None

    @property
    def now(self) -> datetime:
        """The shop's time, one instant for the whole transaction, in UTC."""
        if self._now is None:
            self._now = self.shop.now(self._system)
        return self._now

    @property
    def machine_now(self) -> datetime:
        """The machine's time, in UTC, one instant as well, which no sandbox freezes or moves."""
        if self._machine_now is None:
            self._machine_now = self._system()
        return self._machine_now

    def note(
        self,
        kind: str,
        subject: str,
        subject_id: int,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Note a state change; the events room writes it before the transaction ends."""
        self.changes.append(Change(kind, subject, subject_id, before, after, at or self.now))


Flush = Callable[[Tx], None]


@contextmanager
def savepoint(tx: Tx) -> Iterator[None]:
    """Undo what is done inside when it is refused, and keep the transaction."""
    tx.script("SAVEPOINT refusable")
    noted = len(tx.changes)
    try:
        yield
    except ComptoirError:
        del tx.changes[noted:]
        tx.script("ROLLBACK TO SAVEPOINT refusable")
        tx.script("RELEASE SAVEPOINT refusable")
        raise
    tx.script("RELEASE SAVEPOINT refusable")


@dataclass
class OpenShop:
    """A shop whose database is open: the one place where its transactions begin."""

    name: str
    database: Database
    flush: Flush
    system: Now = system_now
    chance: Chance = field(default_factory=Chance)
    _facts: ShopFacts | None = None

    def facts(self, session: Session, version: int | None = None) -> ShopFacts:
        """The shop's facts, read again only when the given version is another one."""
        known = self._facts
        if known is None or version is None or known.version != version:
            known = self._facts = get_facts(session)
        return known

    def tx(self, session: Session, actor: Actor, *, version: int | None = None, request_id: str = "") -> Tx:
        """A transaction on an open session."""
        facts = self.facts(session, version)
        return Tx(
            session, shop=facts, actor=actor, system=self.system, chance=self.chance, request_id=request_id
        )

    def read(self, work: Callable[[Tx], Result], actor: Actor = SYSTEM) -> Result:
        """Run reading work in a transaction of its own."""
        return self.database.read(lambda session: work(self.tx(session, actor)))

    def write(self, work: Callable[[Tx], Result], actor: Actor = SYSTEM) -> Result:
        """Run writing work; its events are written last, and it is durable when this returns."""

        def job(session: Session) -> Result:
            tx = self.tx(session, actor)
            result = work(tx)
            self.flush(tx)
            return result

        return self.database.write(job)


SHOP_VERSION = select(Shop.version).where(Shop.id == literal(1)).scalar_subquery()
