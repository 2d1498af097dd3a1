"""Reading pages of records: only the columns asked for, filters cached by shape, deep pages kept cheap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    type_coerce,
)

from comptoir.storage.lists import among
from comptoir.storage.schema import Attribute, Record, aliased, key_of
from comptoir.storage.session import Session
from comptoir.storage.statements import make_room
from comptoir.storage.substring import (
    ROWS_PER_COLUMN,
    first_row,
    is_indexable,
    is_kept,
    like_of,
    match_of,
    searched_columns,
    trigram_table,
)
from comptoir.storage.written import folded, holds, instr, written

Kind: TypeAlias = Literal["number", "text", "time", "day", "flag", "presence"]
Operator: TypeAlias = Literal["eq", "between", "in", "like", "notin", "empty", "never"]
MICROS_PER_SECOND = 1_000_000
# Callers choose which fields they search together, so the statements made for them must not pile up.
SHAPES_MAX = 256
Live: TypeAlias = Callable[[Any], ColumnElement[bool] | None]


def live_of(record: Any) -> ColumnElement[bool] | None:
    """The condition that hides removed records, for kinds whose removal is soft."""
    removed_at = getattr(record, "removed_at", None)
    return None if removed_at is None else removed_at.is_(None)


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """How child rows hang on a parent row: `holder` (a column of the child or of `link`) equals `key`.

    `only` narrows them to a value of a column, or to one of a tuple of values.
    """

    child: type[Record]
    holder: Attribute[Any]
    key: Attribute[Any]
    link: tuple[Attribute[Any], Attribute[Any]] | None = None
    only: tuple[tuple[Attribute[Any], Any], ...] = ()
    order: tuple[Attribute[Any], ...] = ()

    def rows(self, columns: Sequence[Attribute[Any]], *, of_one: bool = False) -> Select[Any]:
        """SELECT of the child's columns, and the holder last, for the parents bound as `keys`, or for one."""
        statement = select(*columns, self.holder).select_from(self.child)
        if self.link is not None:
            statement = statement.join(self.holder.class_, self.link[0] == self.link[1])
        hangs = self.holder == bindparam("key") if of_one else among(self.holder, "keys")
        conditions = [hangs, *(_is(column, value) for column, value in self.only)]
        live = live_of(self.child)
        if live is not None:
            conditions.append(live)
        order = self.order or (key_of(self.child),)
        return statement.where(*conditions).order_by(*(() if of_one else (self.holder,)), *order)

    def holds(self, outer: Any, test: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
        """EXISTS over the children of `outer`; `test` gets the child's and the link's alias."""
        child = aliased(self.child)
        link = child if self.link is None else aliased(self.holder.class_)
        conditions = [getattr(link, self.holder.key) == getattr(outer, self.key.key)]
        conditions += [_is(getattr(child, column.key), value) for column, value in self.only]
        live = live_of(child)
        if live is not None:
            conditions.append(live)
        if self.link is not None:
            conditions.append(getattr(link, self.link[0].key) == getattr(child, self.link[1].key))
        return exists().where(and_(*conditions, test(child, link)))


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    return or_(*(column == one for one in (value if isinstance(value, tuple) else (value,))))


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
    def has_trigrams(self) -> bool:
        """Whether a trigram index finds what passes: of short or rarely written patterns it knows nothing."""
        target = self.target
        if self.operator not in {"like", "eq"} or target.kind != "text" or target.via:
            return False
        name = target.column.key
        record: Any = target.column.class_
        if name not in searched_columns(record) or (self.operator == "eq" and _has_twin(target.column)):
            return False
        return is_indexable(self.values[0])

    @property
    def shape(self) -> tuple[Any, ...]:
        """What the statement's text depends on."""
        return (self.target, self.operator, self.has_trigrams)

    def bound(self, place: int) -> dict[str, Any]:
        """The values under the names that the condition binds."""
        match self.operator:
            case "in" | "notin":
                return {f"f{place}": list(self.values)}
            case "between":
                return {f"f{place}": self.values[0], f"g{place}": self.values[1]}
            case "eq" | "like" if self.has_trigrams:
                part = self.values[0]
                return {f"f{place}": part, f"m{place}": match_of(part), f"l{place}": like_of(part)}
            case "like" if self.target.kind == "time":
                return {f"f{place}": self.values[0], f"z{place}": self.values[1]}
            case "eq" | "like":
                return {f"f{place}": self.values[0]}
            case "empty" | "never":
                return {}

    @property
    def is_narrow(self) -> bool:
        """Whether an index of the column itself leads to few rows, so that no other is worth asking."""
        if self.operator not in {"eq", "in"} or self.target.via or self.target.kind == "presence":
            return False
        found = self.target.column.expression
        if self.target.kind == "text":
            return _has_twin(self.target.column)
        return bool(found.primary_key or found.index or found.unique)


def _has_twin(attribute: Attribute[Any]) -> bool:
    """Whether the column's lower case is kept beside it, with an index."""
    return attribute.key in getattr(attribute.class_, "__folded__", {})


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
    column = _looked_at(filter_, column)
    left = folded(column) if is_text else column
    value: Any = bindparam(f"f{place}", type_=column.type if is_text else _raw(column))
    match filter_.operator:
        case "eq":
            return left == value  # type: ignore[no-any-return]
        case "between":
            return left.between(value, bindparam(f"g{place}", type_=value.type))
        case "in":
            return among(_listed(left, target), f"f{place}")
        case "notin":
            return or_(column.is_(None), not_(among(_listed(left, target), f"f{place}")))
        case "like":
            return _like(filter_, place, column, value)
        case "empty":
            return or_(column.is_(None), column == "") if is_text else column.is_(None)
        case "never":
            # Written out, since SQLAlchemy folds a constant, and an EXISTS then loses what it is about.
            return literal_column("1 = 0", Boolean())


def _looked_at(filter_: Filter, column: Any) -> Any:
    """The column as the filter's kind takes it."""
    target = filter_.target
    if target.kind == "presence":
        return column.is_not(None)
    if target.none_is_zero and filter_.operator not in {"empty", "eq"}:
        return func.coalesce(column, 0)
    return column


def _listed(left: Any, target: Target) -> Any:
    """What is compared with a list: the wire writes times in whole seconds."""
    if target.kind != "time":
        return left
    micros = type_coerce(left, BigInteger)  # a time's own type would take the second for a time as well
    return micros - micros % MICROS_PER_SECOND


def _like(filter_: Filter, place: int, column: Any, value: Any) -> ColumnElement[bool]:
    if filter_.has_trigrams:
        return holds(folded(column), value, bindparam(f"l{place}", type_=Text()))
    if filter_.target.kind == "text":
        return instr(folded(column), value) > 0
    # The part that is looked for is a text, whatever the column holds.
    zone = bindparam(f"z{place}", type_=Text())
    return instr(written(column, filter_.target, zone), bindparam(value.key, type_=Text())) > 0


def _raw(column: Any) -> Any:
    """The type under a column's decoration: filters bind what the driver stores."""
    return getattr(column.type, "impl_instance", column.type)


class Trigrams:
    """SQLite's trigrams of one filter's column. They hand out ids in order, so that a page stops early."""

    def __init__(self, record: type[Record], filter_: Filter, place: int) -> None:
        name = trigram_table(record.__tablename__)
        first = first_row(record, filter_.target.column.key)
        self.rows = table(name, column("rowid"))
        self.order = self.rows.c.rowid
        self.key = self.order - literal_column(str(first))
        self.match = and_(
            literal_column(name, Text()).bool_op("MATCH")(bindparam(f"m{place}", type_=Text())),
            self.order >= literal_column(str(first)),
            self.order < literal_column(str(first + ROWS_PER_COLUMN)),
        )


class Reader:
    """SELECTs of fixed columns of one record, by id, by ids, by page and as a count."""

    def __init__(self, record: type[Record], columns: Sequence[Attribute[Any]]) -> None:
        self.record = record
        self.columns = tuple(columns)
        self.key: ColumnElement[Any] = key_of(record)
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
        driver = self._driver(session, filters)
        shape = (tuple(one.shape for one in filters), start > 0, driver)
        statement = self._pages.get(shape)
        if statement is None:
            make_room(self._pages, SHAPES_MAX)
            statement = self._pages[shape] = self._page(filters, driver, skips=start > 0)
        values = values_of(filters, limit=limit, start=start)
        return fetch(session, statement, values, is_prepared=not _has_trigrams(filters))

    def count(self, session: Session, filters: Sequence[Filter]) -> int:
        """How many records pass the filters."""
        driver = self._driver(session, filters)
        shape = (tuple(one.shape for one in filters), driver)
        statement = self._counts.get(shape)
        if statement is None:
            make_room(self._counts, SHAPES_MAX)
            statement = self._counts[shape] = self._from(select(func.count()), filters, driver)[0]
        values = values_of(filters)
        number: int = fetch(session, statement, values, is_prepared=not _has_trigrams(filters))[0][0]
        return number

    def _driver(self, session: Session, filters: Sequence[Filter]) -> int | None:
        """The place of the filter whose trigrams lead SQLite to the rows: the longest is taken as the rarest.

        None when there is none, when another index leads to fewer rows, and while the trigrams are not kept.
        """
        if session.engine != "sqlite" or not _has_trigrams(filters) or any(one.is_narrow for one in filters):
            return None
        lengths = [len(one.values[0]) if one.has_trigrams else 0 for one in filters]
        place = lengths.index(max(lengths))
        return place if is_kept(session, self.record.__tablename__, self.key.name) else None

    def _from(
        self, columns: Select[Any], filters: Sequence[Filter], driver: int | None
    ) -> tuple[Select[Any], ColumnElement[Any]]:
        """The columns from the rows that pass the filters, and what to order them by."""
        where = [*self._live, *(condition(one, place, self.record) for place, one in enumerate(filters))]
        if driver is None:
            return columns.select_from(self.record).where(*where), self.key
        trigrams = Trigrams(self.record, filters[driver], driver)
        joined = trigrams.rows.join(self.record.__table__, trigrams.key == self.key)
        return columns.select_from(joined).where(trigrams.match, *where), trigrams.order

    def _page(self, filters: Sequence[Filter], driver: int | None, *, skips: bool) -> Select[Any]:
        limit: ColumnElement[Any] = bindparam("limit")
        if not skips:
            statement, order = self._from(select(*self.columns), filters, driver)
            return statement.order_by(order).limit(limit)
        keys, order = self._from(select(self.key), filters, driver)
        keys = keys.order_by(order).limit(limit).offset(bindparam("start"))
        return select(*self.columns).where(self.key.in_(keys)).order_by(self.key)


def _has_trigrams(filters: Sequence[Filter]) -> bool:
    return any(one.has_trigrams for one in filters)


def fetch(
    session: Session, statement: Select[Any], values: dict[str, Any], *, is_prepared: bool = True
) -> list[tuple[Any, ...]]:
    """The driver's own rows, without turning them into Python values: a Document does that itself.

    PostgreSQL plans a prepared statement without its values. Where the best plan depends on them, as it
    does on how frequent a substring is, the statement is planned anew each time.
    """
    compiled = session.statements.get(statement)
    cursor: Any = session.cursor
    if is_prepared or session.engine == "sqlite":
        cursor.execute(compiled.sql, compiled.bind(values))
    else:
        cursor.execute(compiled.sql, compiled.bind(values), prepare=False)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def values_of(filters: Sequence[Filter], **more: int) -> dict[str, Any]:
    """What a page's statement binds."""
    values: dict[str, Any] = dict(more)
    for place, one in enumerate(filters):
        values.update(one.bound(place))
    return values
