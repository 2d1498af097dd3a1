"""Walking through many records page by page, by key: the thousandth page costs what the first one does."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Select,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.sql import Subquery

from comptoir.storage.reading import SHAPES_MAX, Filter, Reader, Target, fetch, live_of, values_of
from comptoir.storage.schema import Attribute, Record, key_of
from comptoir.storage.session import Session
from comptoir.storage.statements import make_room
from comptoir.storage.substring import is_kept

Row = tuple[Any, ...]
Part: TypeAlias = Literal["first", "behind", "same", "others"]
# How many rows are looked at, at most, to count those that pass several conditions.
LOOKED_AT_MAX = 5_000
# How an index says that it leaves out what was removed, as every walk does.
LIVE = "removed_at IS NULL"


def _begins_with(index: Index, column: Any, record: type[Record]) -> bool:
    """Whether an index of all rows, or of all that were not removed, is ordered by a column first."""
    first, where = next(iter(index.columns), None), index.dialect_options["sqlite"]["where"]
    is_of_all = where is None or (str(where) == LIVE and live_of(record) is not None)
    return first is column and is_of_all


def _has_trigrams(filters: Sequence[Filter]) -> bool:
    return any(one.has_trigrams for one in filters)


class _Order(NamedTuple):
    """What rows are walked by, whether it falls, whether it is the key itself, and whose trigrams lead to them."""

    by: Attribute[Any]
    falls: bool
    is_key: bool
    driver: int | None


class Walker(Reader):
    """Pages of one record in the order of a column, each beginning behind a record that was seen last.

    Columns to order by are never empty, and are the key or stand in an index, or the walk is slow.
    """

    def __init__(self, record: type[Record], columns: Sequence[Attribute[Any]]) -> None:
        super().__init__(record, columns)
        self._steps: dict[tuple[Any, ...], Select[Any]] = {}
        self._places: dict[str, Select[Any]] = {}
        self._capped: dict[tuple[Any, ...], Select[Any]] = {}
        self._keys: dict[tuple[Any, ...], Select[Any]] = {}
        self._by_key = Target(key_of(record), "number")

    def step(
        self,
        session: Session,
        filters: Sequence[Filter],
        *,
        by: Attribute[Any],
        falls: bool,
        limit: int,
        past: int | None = None,
    ) -> list[Row]:
        """The next rows behind the record `past`, or the first ones, rising or falling by a column."""
        filters = self._among_few(session, filters)
        place = None if past is None else self._place(session, by, past)
        order = _Order(by, falls, by.key == self.key.name, self._driver(session, filters))
        if place is None:
            return self._part(session, filters, order, "first", limit=limit)
        values = {"past": past, "place": place}
        if session.engine != "sqlite" or order.is_key or order.driver is not None:
            return self._part(session, filters, order, "behind", limit=limit, **values)
        # SQLite compares pairs within an index by their first half only: of a million that have the same in the
        # column, it would look at each. So those that have the same come first, and then the others.
        rows = self._part(session, filters, order, "same", limit=limit, **values)
        if len(rows) < limit:
            del values["past"]
            rows += self._part(session, filters, order, "others", limit=limit - len(rows), **values)
        return rows

    def _part(
        self, session: Session, filters: Sequence[Filter], order: _Order, part: Part, **values: Any
    ) -> list[Row]:
        shape = (tuple(one.shape for one in filters), order.driver, order.by.key, order.falls, part)
        statement = self._steps.get(shape)
        if statement is None:
            make_room(self._steps, SHAPES_MAX)
            statement = self._steps[shape] = self._step(filters, order, part)
        rows = fetch(session, statement, values_of(filters) | values, is_prepared=not _has_trigrams(filters))
        compiled = session.statements.get(statement)
        return [compiled.read(row) for row in rows] if compiled.readers else rows

    def count_up_to(self, session: Session, filters: Sequence[Filter], most: int) -> int:
        """How many records pass the filters, counted no further than `most`."""
        driver = self._driver(session, filters)
        shape = (tuple(one.shape for one in filters), driver)
        statement = self._capped.get(shape)
        if statement is None:
            make_room(self._capped, SHAPES_MAX)
            found, _ = self._from(select(literal(1).label("one")), filters, driver)
            rows: Subquery = found.limit(bindparam("limit")).subquery()
            statement = self._capped[shape] = select(func.count()).select_from(rows)
        values = values_of(filters, limit=most)
        return int(fetch(session, statement, values, is_prepared=not _has_trigrams(filters))[0][0])

    def count_quickly(self, session: Session, filters: Sequence[Filter], most: int) -> int | None:
        """How many records pass, counted no further than `most`; None where too many would have to be looked at.

        Without a condition, or with one that an index answers, each row that is looked at counts, so that `most`
        bounds the work. Of several, one must lead to few rows, among which the others are then looked for; or there
        are few rows altogether.
        """
        leading = [one for one in filters if self._leads(session, one)]
        if len(filters) == len(leading) <= 1:
            return self.count_up_to(session, filters, most)
        enough = LOOKED_AT_MAX + 1
        fewer: list[list[Filter]] = [*([one] for one in leading), []]
        if any(self.count_up_to(session, some, enough) < enough for some in fewer):
            return self.count_up_to(session, filters, most)
        return None

    def _leads(self, session: Session, one: Filter) -> bool:
        """Whether an index leads to the rows that pass a condition, and to no others."""
        if one.has_trigrams:
            return session.engine != "sqlite" or is_kept(session, self.record.__tablename__, self.key.name)
        target = one.target
        is_plain = target.kind in {"number", "time"} and not target.via and not target.none_is_zero
        if one.is_narrow or not is_plain or one.operator not in {"eq", "between"}:
            return one.is_narrow
        found = target.column.expression
        return bool(found.primary_key or found.index or found.unique) or any(
            _begins_with(index, found, self.record) for index in found.table.indexes
        )

    def _among_few(self, session: Session, filters: Sequence[Filter]) -> Sequence[Filter]:
        """The filters, led by the ids of few records where one of several finds so few: others need no trigrams then.

        Trigrams of a text that is written in most records lead to all of these.
        """
        if self._driver(session, filters) is None:
            return filters
        for one in filters:
            if one.has_trigrams or not self._leads(session, one):
                continue
            if self.count_up_to(session, [one], LOOKED_AT_MAX + 1) <= LOOKED_AT_MAX:
                rows = fetch(session, self._keys_of(one), values_of([one], limit=LOOKED_AT_MAX))
                return [*filters, Filter(self._by_key, "in", tuple(row[0] for row in rows))]
        return filters

    def _keys_of(self, one: Filter) -> Select[Any]:
        """The keys of what passes a condition."""
        statement = self._keys.get(one.shape)
        if statement is None:
            make_room(self._keys, SHAPES_MAX)
            found, _ = self._from(select(self.key), [one], None)
            statement = self._keys[one.shape] = found.limit(bindparam("limit"))
        return statement

    def _place(self, session: Session, by: Attribute[Any], key: int) -> Any:
        """What a record has in the column, as the driver stores it; None when it is gone."""
        statement = self._places.get(by.key)
        if statement is None:
            statement = self._places[by.key] = select(by).where(self.key == bindparam("id"))
        rows = fetch(session, statement, {"id": key})
        return rows[0][0] if rows else None

    def _step(self, filters: Sequence[Filter], order: _Order, part: Part) -> Select[Any]:
        statement, key = self._from(select(*self.columns), filters, order.driver)
        columns: list[ColumnElement[Any]] = [key] if order.is_key else [order.by.expression, self.key]
        if part != "first":
            statement = statement.where(*self._where(order, part))
        turned = [one.desc() if order.falls else one.asc() for one in columns]
        return statement.order_by(*turned).limit(bindparam("limit"))

    def _where(self, order: _Order, part: Part) -> tuple[ColumnElement[bool], ...]:
        """What is true of the rows behind the one that was seen last."""
        past = bindparam("past", type_=BigInteger())
        behind = self.key < past if order.falls else self.key > past
        if order.is_key:
            return (behind,)
        stored = getattr(order.by.expression.type, "impl_instance", order.by.expression.type)
        here, there = type_coerce(order.by, stored), bindparam("place", type_=stored)
        if part == "same":
            return (here == there, behind)
        if part == "others":
            return (here < there if order.falls else here > there,)
        pair, last = tuple_(here, self.key), tuple_(there, past)
        return (pair < last if order.falls else pair > last,)
