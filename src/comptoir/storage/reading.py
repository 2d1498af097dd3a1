"""Reading pages of records: only the columns asked for, filters cached by shape, deep pages kept cheap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from comptoir.storage.lists import among
from comptoir.storage.schema import Attribute, Record
from comptoir.storage.session import Session
from comptoir.storage.written import folded, instr, written

Kind: TypeAlias = Literal["number", "text", "time", "day", "flag", "presence"]
Operator: TypeAlias = Literal["eq", "between", "in", "like", "notin", "empty", "never"]
MICROS_PER_SECOND = 1_000_000
Live: TypeAlias = Callable[[Any], ColumnElement[bool] | None]


def live_of(record: Any) -> ColumnElement[bool] | None:
    """The condition that hides removed records, for kinds whose removal is soft."""
    removed_at = getattr(record, "removed_at", None)
    return None if removed_at is None else removed_at.is_(None)


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """How child rows hang on a parent row: `holder` (a column of the child or of `link`) equals `key`."""

    child: type[Record]
    holder: Attribute[Any]
    key: Attribute[Any]
    link: tuple[Attribute, Attribute[Any]] | None = None
    only: tuple[tuple[Attribute, Any], ...] = ()
    order: tuple[Attribute, ...] = ()

    def rows(self, columns: Sequence[Attribute[Any]]) -> Select[Any]:
        """SELECT of the child's columns, and the holder last, for the parents bound as `keys`."""
        statement = select(*columns, self.holder).select_from(self.child)
        if self.link is not None:
            statement = statement.join(self.holder.class_, self.link[0] == self.link[1])
        conditions = [among(self.holder, "keys"), *(column == value for column, value in self.only)]
        live = live_of(self.child)
        if live is not None:
            conditions.append(live)
        order = self.order or (self.child.__mapper__.primary_key[0],)
        return statement.where(*conditions).order_by(self.holder, *order)

    def holds(self, outer: Any, test: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        """EXISTS over the children of `outer`; `test` gets the child's and the link's alias."""
        child = aliased(self.child)
        link = child if self.link is None else aliased(self.holder.class_)
        conditions = [getattr(link, self.holder.key) == getattr(outer, self.key.key)]
        conditions += [getattr(child, column.key) == value for column, value in self.only]
        live = live_of(child)
        if live is not None:
            conditions.append(live)
        if self.link is not None:
            conditions.append(getattr(link, self.link[0].key) == getattr(child, self.link[1].key))
        return exists().where(and_(*conditions, test(child, link)))


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What a search parameter looks at: a column, through zero or more relations."""

    column: Attribute[Any]
    kind: Kind
    scale: int = 1
    places: int = 0
    via: tuple[Relation, ...] = ()
    on_link: bool = False
    none_is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: its shape (target and operator) is cached, its values are bound."""

    target: Target
    operator: Operator
    values: tuple[Any, ...] = ()

    @property
    def shape(self) -> tuple[Any, ...]:
        """What the statement's text depends on."""
        return (self.target, self.operator)

    def bound(self, place: int) -> dict[str, Any]:
        """The values under the names that the condition binds."""
        match self.operator:
            case "in" | "notin":
                return {f"f{place}": list(self.values)}
            case "between":
                return {f"f{place}": self.values[0], f"g{place}": self.values[1]}
            case "eq" | "like":
                return {f"f{place}": self.values[0]}
        return {}


def condition(filter_: Filter, place: int, record: Any) -> ColumnElement[bool]:
    """The SQL of one filter on a record."""
    target = filter_.target
    if filter_.operator == "notin" and target.via:
        positive = Filter(target, "in")
        return not_(_through(positive, place, record, target.via))
    return _through(filter_, place, record, target.via)


def _through(filter_: Filter, place: int, outer: Any, via: tuple[Relation, ...]) -> ColumnElement[bool]:
    if not via:
        return _test(filter_, place, getattr(outer, filter_.target.column.key))
    head, *rest = via

    def test(child: Any, link: Any) -> ColumnElement[bool]:
        if not rest and filter_.target.on_link:
            return _test(filter_, place, getattr(link, filter_.target.column.key))
        return _through(filter_, place, child, tuple(rest))

    return head.holds(outer, test)


def _test(filter_: Filter, place: int, column: Any) -> ColumnElement[bool]:
    target = filter_.target
    is_text = target.kind == "text"
    if target.kind == "presence":
        column = column.is_not(None)
    if target.none_is_zero and filter_.operator not in {"empty", "eq"}:
        column = func.coalesce(column, 0)
    left = folded(column) if is_text else column
    if target.kind == "time" and filter_.operator in {"in", "notin"}:
        left = column - column % MICROS_PER_SECOND  # the wire writes whole seconds
    value: Any = bindparam(f"f{place}", type_=column.type if is_text else _raw(column))
    match filter_.operator:
        case "eq":
            return left == value  # type: ignore[no-any-return]
        case "between":
            return left.between(value, bindparam(f"g{place}", type_=value.type))  # type: ignore[no-any-return]
        case "in":
            return among(left, f"f{place}")
        case "notin":
            return or_(column.is_(None), not_(among(left, f"f{place}")))
        case "like":
            return instr(folded(column) if is_text else written(column, target), value) > 0
        case "empty":
            return or_(column.is_(None), column == "") if is_text else column.is_(None)
        case "never":
            return false()


def _raw(column: Any) -> Any:
    """The type under a column's decoration: filters bind what the driver stores."""
    return getattr(column.type, "impl_instance", column.type)


class Reader:
    """SELECTs of fixed columns of one record, by id, by ids, by page and as a count."""

    def __init__(self, record: type[Record], columns: Sequence[Attribute[Any]]) -> None:
        self.record = record
        self.columns = tuple(columns)
        self.key = record.__mapper__.primary_key[0]
        live = live_of(record)
        self._live = () if live is None else (live,)
        self._by_id = select(*columns).where(self.key == bindparam("id"), *self._live)
        self._by_ids = select(*columns).where(among(self.key, "ids"), *self._live).order_by(self.key)
        self._pages: dict[tuple[Any, ...], Select[Any]] = {}
        self._counts: dict[tuple[Any, ...], Select[Any]] = {}

    def by_id(self, session: Session, key: int) -> tuple[Any, ...] | None:
        """The driver's own row of one record, or None."""
        compiled = session.statements.get(self._by_id)
        session.cursor.execute(compiled.sql, compiled.bind({"id": key}))
        row: tuple[Any, ...] | None = session.cursor.fetchone()
        return row

    def by_ids(self, session: Session, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        """The driver's own rows of some records, in id order."""
        return fetch(session, self._by_ids, {"ids": keys})

    def page(
        self, session: Session, filters: Sequence[Filter], *, limit: int, start: int
    ) -> list[tuple[Any, ...]]:
        """A page in id order. Skipping happens inside the index, before any row is fetched."""
        shape = (tuple(one.shape for one in filters), start > 0)
        statement = self._pages.get(shape)
        if statement is None:
            statement = self._pages[shape] = self._page(filters, skips=start > 0)
        return fetch(session, statement, values_of(filters, limit=limit, start=start))

    def count(self, session: Session, filters: Sequence[Filter]) -> int:
        """How many records pass the filters."""
        shape = tuple(one.shape for one in filters)
        statement = self._counts.get(shape)
        if statement is None:
            statement = self._counts[shape] = (
                select(func.count()).select_from(self.record).where(*self._where(filters))
            )
        number: int = fetch(session, statement, values_of(filters))[0][0]
        return number

    def _where(self, filters: Sequence[Filter]) -> list[ColumnElement[bool]]:
        return [*self._live, *(condition(one, place, self.record) for place, one in enumerate(filters))]

    def _page(self, filters: Sequence[Filter], *, skips: bool) -> Select[Any]:
        limit = bindparam("limit")
        if not skips:
            return select(*self.columns).where(*self._where(filters)).order_by(self.key).limit(limit)
        keys = select(self.key).where(*self._where(filters)).order_by(self.key)
        keys = keys.limit(limit).offset(bindparam("start"))
        return select(*self.columns).where(self.key.in_(keys)).order_by(self.key)


def fetch(session: Session, statement: Select[Any], values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The driver's own rows, without turning them into Python values: a Document does that itself."""
    compiled = session.statements.get(statement)
    session.cursor.execute(compiled.sql, compiled.bind(values))
    return session.cursor.fetchall()


def values_of(filters: Sequence[Filter], **more: int) -> dict[str, Any]:
    """What a page's statement binds."""
    values: dict[str, Any] = dict(more)
    for place, one in enumerate(filters):
        values.update(one.bound(place))
    return values

