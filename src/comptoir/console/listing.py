"""Lists: declared as rows of a table, paged by key, sorted, narrowed, saved as filters, written as CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from comptoir.console.cells import Cell, Column
from comptoir.console.filters import Input, Narrowing, value_of
from comptoir.console.kinds import record_number
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Sent, Shown, Visit
from comptoir.domain.identity.saved_filters import list_saved_filters
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter
from comptoir.storage.schema import Attribute, Record, key_of
from comptoir.storage.walking import Row, Walker

PAGE = 50
CSV_PAGE = 1_000
CSV_ROWS_MAX = 1_000_000
COUNTED_MAX = 1_000
MOVES = ("past", "before", "page_of")
Within = Callable[[Visit], tuple[Filter, ...]]


class Sort(NamedTuple):
    """An order of a list: its name, how it is called, what it goes by, and whether it falls.

    Its column's head leads to it; `head` is the title of that, where the column shows another attribute.
    """

    name: str
    label: str
    by: Attribute[Any]
    falls: bool = False
    head: str = ""


def newest_first(by: Attribute[Any]) -> tuple[Sort, Sort]:
    """The sorts of what is looked at while it is new."""
    return (Sort("newest", "newest first", by, falls=True), Sort("oldest", "oldest first", by))


def by_name(by: Attribute[Any], label: str = "name", head: str = "Name") -> tuple[Sort, Sort]:
    """The sorts by a name's key (`names.order_key`), which two of one name share: they stand by their ids."""
    return (
        Sort("name", f"{label}, A to Z", by, head=head),
        Sort("name-back", f"{label}, Z to A", by, falls=True, head=head),
    )


def by_number(by: Attribute[Any]) -> tuple[Sort, Sort]:
    """The sorts of what is few and stays."""
    return (Sort("oldest", "number", by), Sort("newest", "newest first", by, falls=True))


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of one kind of record. The first sort is the one that is taken when none is said.

    The id of a row leads to `/path/id`; `columns` are shown behind it. `more` writes further cells of the
    rows of a page at once, under `more_titles`, which stand first where they lead. `make` is what a button
    for a new one says, at `/path/new`.
    """

    name: str
    title: str
    path: str
    record: type[Record]
    columns: Sequence[Column]
    sorts: Sequence[Sort]
    filters: Sequence[Narrowing] = ()
    area: str = ""
    make: str = ""
    empty: str = "Nothing here yet."
    about: str = ""
    ways: Sequence[tuple[str, str]] = ()
    more_titles: Sequence[str] = ()
    more: Callable[[Tx, Sequence[int]], Sequence[Sequence[Cell]]] | None = None
    more_leads: bool = False
    key: Attribute[Any] | None = None
    walker: Walker = field(init=False)

    def __post_init__(self) -> None:
        key = key_of(self.record) if self.key is None else self.key
        object.__setattr__(self, "key", key)
        attributes = [key, *(one for column in self.columns for one in column.attributes)]
        object.__setattr__(self, "walker", Walker(self.record, attributes))

    @property
    def titles(self) -> list[str]:
        """What stands above the columns."""
        own = [column.title for column in self.columns]
        return [*self.more_titles, *own] if self.more_leads else [*own, *self.more_titles]

    def sorts_under(self, title: str) -> list[Sort]:
        """The sorts by what a column shows."""
        twins: Mapping[str, str] = getattr(self.record, "__folded__", {})
        shown = [column.attributes[0].key for column in self.columns if column.title == title]
        keys = {*shown, *(twins[key] for key in shown if key in twins)}
        return [one for one in self.sorts if one.head == title or (not one.head and one.by.key in keys)]

    def link(self, key: Any) -> str:
        """Where one of the listed is shown."""
        return address_of(f"{self.path}/{key}")


class Line(NamedTuple):
    """One row of a list."""

    key: Any
    link: str
    cells: list[Cell]


class Head(NamedTuple):
    """What stands above a column: its title, the way to sort by it, and how the list is sorted by it now."""

    title: str
    link: str | None = None
    sorted: str = ""


class Part(NamedTuple):
    """A page of a list, with the ways on and back; `total` says how many there are, as far as that was counted."""

    lines: list[Line]
    following: str | None
    preceding: str | None
    total: str = ""


def show_list(listing: Listing, within: Within | None = None, **values: Any) -> Callable[[Visit], Answer]:
    """The page of a list; as CSV with `?format=csv`. `within` narrows it by the address."""

    def show(visit: Visit) -> Answer:
        base = () if within is None else within(visit)
        if visit.asked.said("format") == "csv":
            return as_csv(visit, listing, base)
        return Shown("list.html", {**listed(visit, listing, base), **values})

    return show


def listed(visit: Visit, listing: Listing, base: tuple[Filter, ...] = ()) -> dict[str, Any]:
    """What the list's template is filled with."""
    inputs, filters, problems = narrowed(visit, listing)
    sort = sort_of(visit, listing)
    saved = [
        (one, f"{visit.asked.path}?{one.query}")
        for one in list_saved_filters(visit.tx, operator_id=visit.who.operator_id, list_name=listing.name)
    ]
    return {
        "listing": listing,
        "inputs": inputs,
        "list_problems": problems,
        "is_narrowed": any(one.value for one in inputs),
        "sort": sort,
        "heads": heads_of(visit, listing, sort),
        "part": part_of(visit, listing, (*base, *filters), sort),
        "saved": saved,
        "query_now": urlencode(kept_query(visit)),
        "csv": visit.asked.again(format="csv", past=None, before=None),
    }


def kept_query(visit: Visit) -> list[tuple[str, str]]:
    """The filters and the sort of an address, without the place in the list."""
    return [
        (name, value)
        for name, values in visit.asked.query.items()
        for value in values
        if value and name not in {*MOVES, "format"}
    ]


def narrowed(visit: Visit, listing: Listing) -> tuple[list[Input], list[Filter], list[str]]:
    """The filters of a request: their fields, their conditions, and what is wrong with them."""
    asked = [one.asked(visit.tx, visit.asked.query) for one in listing.filters]
    return (
        [one for asking in asked for one in asking.inputs],
        [one for asking in asked for one in asking.filters],
        [asking.problem for asking in asked if asking.problem],
    )


def sort_of(visit: Visit, listing: Listing) -> Sort:
    """The sort that is asked for, or the first."""
    wanted = visit.asked.said("sort")
    return next((one for one in listing.sorts if one.name == wanted), listing.sorts[0])


def heads_of(visit: Visit, listing: Listing, sort: Sort) -> list[Head]:
    """The heads of the columns; each leads to the sorts by its column, one after the other, from the first page."""
    heads = []
    for title in listing.titles:
        sorts = listing.sorts_under(title)
        place = sorts.index(sort) if sort in sorts else -1
        now = "" if place < 0 else "descending" if sort.falls else "ascending"
        following = sorts[(place + 1) % len(sorts)] if sorts else sort
        link = None if following is sort else visit.asked.again(sort=following.name, past=None, before=None)
        heads.append(Head(title, link, now))
    return heads


def part_of(visit: Visit, listing: Listing, filters: Sequence[Filter], sort: Sort) -> Part:
    """A page of the list, and the addresses of the next and the one before."""
    past, before = place_of(visit, "past"), place_of(visit, "before")
    is_back = before is not None
    rows = listing.walker.step(
        visit.tx, filters, by=sort.by, falls=sort.falls != is_back, limit=PAGE + 1,
        past=before if is_back else past,
    )  # fmt: skip
    has_more = len(rows) > PAGE
    rows = rows[:PAGE]
    if is_back:
        rows.reverse()
    has_next, has_previous = (bool(rows), has_more) if is_back else (has_more, past is not None)
    following = visit.asked.again(past=str(rows[-1][0]), before=None) if has_next and rows else None
    preceding = visit.asked.again(before=str(rows[0][0]), past=None) if has_previous and rows else None
    if has_previous and not rows:
        preceding = visit.asked.again(before=None, past=None)
    is_whole = not following and not preceding
    found = len(rows) if is_whole else listing.walker.count_quickly(visit.tx, filters, COUNTED_MAX + 1)
    return Part(lines_of(visit.tx, listing, rows), following, preceding, total_of(found))


def total_of(found: int | None) -> str:
    """How many there are, in words; of more than can be counted at once, that they are more.

    Nobody counts a million rows for a page: beyond `COUNTED_MAX`, or where an index leads to none of them, it is
    enough to know that they are many.
    """
    if found is None:
        return f"more than {PAGE}"
    return f"{found:,}" if found <= COUNTED_MAX else f"more than {COUNTED_MAX:,}"


def place_of(visit: Visit, name: str) -> int | None:
    """The id of the record that a page begins behind."""
    return record_number(value_of(visit.asked.query, name))


def lines_of(tx: Tx, listing: Listing, rows: Sequence[Row]) -> list[Line]:
    """Rows as they are shown."""
    more: Sequence[Sequence[Cell]] = [()] * len(rows)
    if listing.more is not None and rows:
        more = listing.more(tx, [row[0] for row in rows])
    own = [list(cells_of(tx, listing, row)) for row in rows]
    _call(tx, listing, rows, own)
    return [
        Line(row[0], listing.link(row[0]), _in_order(listing, cells, added))
        for row, cells, added in zip(rows, own, more, strict=True)
    ]


def _call(tx: Tx, listing: Listing, rows: Sequence[Row], own: Sequence[list[Cell]]) -> None:
    """Put names in the place of ids, where a column has them."""
    place = 1
    for number, column in enumerate(listing.columns):
        if column.named is not None:
            names = column.named(tx, {row[place] for row in rows if row[place]})
            for row, cells in zip(rows, own, strict=True):
                name = names.get(row[place])
                if name:
                    cells[number] = cells[number]._replace(text=name)
        place += len(column.attributes)


def _in_order(listing: Listing, own: Sequence[Cell], added: Sequence[Cell]) -> list[Cell]:
    return [*added, *own] if listing.more_leads else [*own, *added]


def cells_of(tx: Tx, listing: Listing, row: Row) -> Iterator[Cell]:
    """The cells of a row: each column takes its own values."""
    place = 1
    for column in listing.columns:
        count = len(column.attributes)
        yield column.write(row[place : place + count], tx.shop)
        place += count


def as_csv(visit: Visit, listing: Listing, base: tuple[Filter, ...] = ()) -> Sent:
    """The whole list as it is narrowed and sorted, a page of rows at a time."""
    _, filters, _ = narrowed(visit, listing)
    sort = sort_of(visit, listing)

    def pages() -> Iterator[bytes]:
        yield written([["id", *listing.titles]])
        past: int | None = None
        for _ in range(CSV_ROWS_MAX // CSV_PAGE):

            def take(tx: Tx, past: int | None = past) -> list[Line]:
                rows = listing.walker.step(
                    tx, (*base, *filters), by=sort.by, falls=sort.falls, limit=CSV_PAGE, past=past
                )
                return lines_of(tx, listing, rows)

            lines = visit.read(take)
            yield written([[str(line.key), *(cell.csv for cell in line.cells)] for line in lines])
            if len(lines) < CSV_PAGE:
                return
            past = lines[-1].key

    return Sent("text/csv; charset=utf-8", pages(), f"{listing.name}.csv")


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8", "replace")


def queried(query: str) -> str:
    """A query as it may be kept: only names and values, none of them a place in a list."""
    pairs = parse_qsl(query, max_num_fields=50)
    return urlencode([(name, value) for name, value in pairs if name not in {*MOVES, "format"}])
