"""Walking through many records page by page, by key: the thousandth page costs what the first one does."""

from collections.abc import Sequence
from typing import Any

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
        driver = self._driver(session, filters)
        shape = (tuple(one.shape for one in filters), driver, by.key, falls, place is None)
        statement = self._steps.get(shape)
        if statement is None:
            make_room(self._steps, SHAPES_MAX)
            statement = self._steps[shape] = self._step(
                filters, driver, by, falls=falls, begins=place is None
            )
        values = values_of(filters, limit=limit) | ({} if place is None else {"past": past, "place": place})
        rows = fetch(session, statement, values, is_prepared=not _has_trigrams(filters))
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

    def _step(
        self, filters: Sequence[Filter], driver: int | None, by: Attribute[Any], *, falls: bool, begins: bool
    ) -> Select[Any]:
        statement, key = self._from(select(*self.columns), filters, driver)
        is_key = by.key == self.key.name
        order: list[ColumnElement[Any]] = [key] if is_key else [by.expression, self.key]
        if not begins:
            statement = statement.where(self._behind(by, falls=falls, is_key=is_key))
        turned = [one.desc() if falls else one.asc() for one in order]
        return statement.order_by(*turned).limit(bindparam("limit"))

    def _behind(self, by: Attribute[Any], *, falls: bool, is_key: bool) -> ColumnElement[bool]:
        past = bindparam("past", type_=BigInteger())
        if is_key:
            return self.key < past if falls else self.key > past
        stored = getattr(by.expression.type, "impl_instance", by.expression.type)
        here = tuple_(type_coerce(by, stored), self.key)
        there = tuple_(bindparam("place", type_=stored), past)
        return here < there if falls else here > there
