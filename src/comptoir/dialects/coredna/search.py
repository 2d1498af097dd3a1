"""Searching and paging: query parameters to filters (reference 2)."""

import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from comptoir.dialects.codecs import INTEGER_MAX, flag_of, load_day, load_time
from comptoir.dialects.wire import Document, Linked, Row
from comptoir.domain.errors import Invalid
from comptoir.domain.shop import ShopFacts
from comptoir.storage.columns import micros_of
from comptoir.storage.reading import Filter, Operator, Relation, Target

PAGE_DEFAULT = 100
BRACKETED = re.compile(r"[^\[\]]+(\[[^\[\]]+\])+[^\[\]]*")
PLAIN_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)
DEPTH_MAX = 4
FIELDS_MAX = 200
OPERATORS: tuple[tuple[str, Operator], ...] = (
    ("_between", "between"), ("_notin", "notin"), ("_like", "like"), ("_in", "in"),
)  # fmt: skip
SPELLINGS = {"availability": "available", "availabilty": "available"}
PAGING = frozenset({"limit", "start", "expand"})


class Page(NamedTuple):
    """What a list was asked for."""

    filters: tuple[Filter, ...]
    limit: int
    start: int


class Searchable:
    """The searchable names of one document; subfields of other records are found when first asked for."""

    def __init__(self, document: Document[Any], aliases: Mapping[str, str] | None = None) -> None:
        self._document = document
        self._aliases = {**SPELLINGS, **(aliases or {})}
        self._targets: dict[str, Target | None] = {}

    def page(self, query: str, shop: ShopFacts) -> Page:
        """Filters, limit and start of a list. Refuses: Invalid."""
        parameters = read_query(query)
        limit, start = _paging(parameters)
        return Page(self._filters(parameters, shop), limit, start)

    def filters(self, query: str, shop: ShopFacts) -> tuple[Filter, ...]:
        """The filters of a count, to which paging does not apply. Refuses: Invalid."""
        return self._filters(read_query(query), shop)

    def _filters(self, parameters: Mapping[str, str], shop: ShopFacts) -> tuple[Filter, ...]:
        return tuple(
            self._filter(name, value, shop) for name, value in parameters.items() if name not in PAGING
        )

    def _filter(self, name: str, value: str, shop: ShopFacts) -> Filter:
        path, operator = self._named(name)
        target = self._target(path)
        assert target is not None
        try:
            return made(target, operator, value, shop)
        except ValueError as error:
            raise Invalid(name, str(error)) from None

    def _named(self, name: str) -> tuple[str, Operator]:
        """Field and operator of a parameter: first the full name is tried, then without its ending."""
        path = dotted(name)
        if self._target(path) is not None:
            return path, "eq"
        for ending, operator in OPERATORS:
            if path.endswith(ending) and self._target(path.removesuffix(ending)) is not None:
                return path.removesuffix(ending), operator
        raise Invalid(name, "is not a field that can be searched")

    def _target(self, path: str) -> Target | None:
        if path not in self._targets:
            if len(self._targets) > FIELDS_MAX * 10:
                self._targets.clear()
            head, dot, tail = path.partition(".")
            spelled = self._aliases.get(f"{head}{dot}", self._aliases.get(head, head)) + dot + tail
            self._targets[path] = target_of(self._document, spelled, ())
        return self._targets[path]


def target_of(document: Document[Any], path: str, via: tuple[Relation, ...]) -> Target | None:
    """The column behind a dotted name, through embedded records if need be."""
    if len(via) > DEPTH_MAX:
        return None
    for row in document.rows:
        if isinstance(row, Row) and row.name == path:
            codec = row.codec
            on_link = bool(via) and row.attribute.class_ is not document.record
            return Target(
                row.attribute, codec.kind, codec.scale, codec.places, via, on_link, codec.none_is_zero
            )
        if isinstance(row, Linked) and (path == row.name or path.startswith(f"{row.name}.")):
            rest = path.removeprefix(row.name).removeprefix(".")
            return target_of(row.document, rest, (*via, row.relation))
    return None


def exactly(document: Document[Any], path: str, value: int) -> Filter:
    """The filter that narrows a list to one parent record."""
    return Filter(_parent_target(document, path), "eq", (value,))


@cache
def _parent_target(document: Document[Any], path: str) -> Target:
    """The target of a parent's id; kept, since statements are found again by it."""
    target = target_of(document, path, ())
    assert target is not None
    return target


def dotted(name: str) -> str:
    """`a[b]_op`, `a[b_op]` and `a.b_op` in one spelling."""
    if "[" not in name and "]" not in name:
        return name
    if BRACKETED.fullmatch(name) is None:
        return ""
    return name.replace("][", ".").replace("[", ".").replace("]", "")


def read_query(query: str) -> dict[str, str]:
    """The parameters of a query string; of one name given twice the last counts. Refuses: Invalid."""
    if not query:
        return {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except UnicodeDecodeError:
        raise Invalid("query", "is not UTF-8 text") from None
    except ValueError:
        raise Invalid("query", f"has more than {FIELDS_MAX} parameters") from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise Invalid("query", "must not hold NUL characters")
    return dict(pairs)


def _paging(parameters: Mapping[str, str]) -> tuple[int, int]:
    limit = _natural(parameters, "limit", PAGE_DEFAULT)
    if "start" in parameters and "limit" not in parameters:
        raise Invalid("start", "needs a limit")
    return limit, _natural(parameters, "start", 0)


def _natural(parameters: Mapping[str, str], name: str, default: int) -> int:
    written = parameters.get(name)
    if written is None:
        return default
    if not written.isascii() or not written.isdigit() or len(written) > len(str(INTEGER_MAX)):
        raise Invalid(name, "must be a whole number of 0 or more")
    return min(int(written), INTEGER_MAX)


def made(target: Target, operator: Operator, value: str, shop: ShopFacts) -> Filter:
    """The filter of one parameter. Raises ValueError for a value that the field's type cannot be."""
    if operator == "like":
        return Filter(target, "like", (value.lower(), shop.zone.key))
    if (
        operator == "eq"
        and target.kind not in {"flag", "presence"}
        and (value == "" or (value.lower() == "null" and target.column.expression.nullable))
    ):
        return Filter(target, "empty")
    if operator == "between":
        return _between(target, value, shop)
    if operator in {"in", "notin"}:
        items = [_exact(target, item.strip(), shop) for item in value.split(",")]
        return Filter(target, operator, tuple(item for item in items if item is not None))
    exact = _exact(target, value, shop)
    if exact == 0 and target.none_is_zero:
        return Filter(target, "empty")
    if exact is None:  # a number that no column can hold, or a time of blanks
        return Filter(target, "never")
    if target.kind == "time":
        return Filter(target, "between", (exact, exact + 999_999))
    return Filter(target, "eq", (exact,))


def _between(target: Target, value: str, shop: ShopFacts) -> Filter:
    bounds = value.split(",")
    if len(bounds) != 2:
        raise ValueError("takes exactly two values with a comma between them")
    low, high = (bound.strip() for bound in bounds)
    if target.kind == "number":
        return Filter(
            target, "between", (_scaled(target, low, ROUND_CEILING), _scaled(target, high, ROUND_FLOOR))
        )
    first, last = _exact(target, low, shop), _exact(target, high, shop)
    if first is None or last is None:
        raise ValueError("takes exactly two values with a comma between them")
    if target.kind == "time":
        last = last + 999_999
    return Filter(target, "between", (first, last))


def _scaled(target: Target, written: str, rounding: str) -> int:
    value = _number(target, written)
    if abs(value) > INTEGER_MAX:
        return INTEGER_MAX if value > 0 else -INTEGER_MAX
    scaled = int((value * target.scale).to_integral_value(rounding))
    return max(-INTEGER_MAX, min(INTEGER_MAX, scaled))


def _number(target: Target, written: str) -> Decimal:
    """A number written in digits, whole where the field is."""
    if PLAIN_NUMBER.fullmatch(written) is None:
        raise ValueError("must be a number")
    value = Decimal(written)
    if target.scale == 1 and value != value.to_integral_value():
        raise ValueError("must be a whole number")
    return value


def _exact(target: Target, written: str, shop: ShopFacts) -> Any:
    """The stored value that equals the written one; None when no stored value can."""
    match target.kind:
        case "text":
            return written.lower()
        case "number":
            value = _number(target, written)
            if abs(value) > INTEGER_MAX:
                return None
            scaled = value * Decimal(target.scale)
            fits = scaled == scaled.to_integral_value() and abs(scaled) <= INTEGER_MAX
            return int(scaled) if fits else None
        case "flag" | "presence":
            return flag_of(written)
        case "day":
            day = load_day(written, shop)
            return None if day is None else day.isoformat()
        case "time":
            at = load_time(written, shop)
            return None if at is None else micros_of(at)
