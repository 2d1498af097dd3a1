"""Pages of lists, in the order asked for, and what is told of them (reference 1.11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from comptoir.dialects.codecs import Schema
from comptoir.dialects.edge import Call
from comptoir.dialects.twocheckout.parameters import Parameters
from comptoir.dialects.twocheckout.shapes import COUNT, ID, TEXT, Taken, an_object, given, or_null
from comptoir.domain.errors import NotFound
from comptoir.domain.shop import ShopFacts

Column = TypeVar("Column")

SIZE_DEFAULT, SIZE_MAX = 20, 100
NUMBER_MAX = 1_000_000_000
PUBLIC_BASE = "https://www.2checkout.com"


class PageEmpty(NotFound):
    """The list has no such page, or nothing at all."""

    thing = "page"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    number: int
    size: int
    has_size: bool

    @property
    def start(self) -> int:
        """How many records stand before it."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Sorting(Generic[Column]):
    """By what a list is ordered, and which way."""

    column: Column
    is_descending: bool


def page_asked(asked: Parameters, *, size: int = SIZE_DEFAULT) -> Page:
    """The page that is asked for. Refuses: ParameterInvalid (cur_page, pagesize)."""
    number = asked.whole("cur_page", least=1, most=NUMBER_MAX)
    given_size = asked.whole("pagesize", least=1, most=SIZE_MAX)
    return Page(number or 1, given_size or size, given_size is not None)


def sorting_asked(
    asked: Parameters, columns: Mapping[str, Column], default: str, *, is_descending: bool = False
) -> Sorting[Column]:
    """The order that is asked for: a wire name to what it means. Refuses: ParameterInvalid (sort_col, sort_dir)."""
    name = asked.choice("sort_col", columns)
    direction = asked.choice("sort_dir", ("ASC", "DESC"))
    return Sorting(columns[name or default], is_descending if direction is None else direction == "DESC")


def page_info(call: Call, page: Page, total: int) -> dict[str, Any]:
    """What is told of a page. Refuses: PageEmpty, for a list of nothing and for a page past its end."""
    last_page = -(-total // page.size)
    if page.number > last_page:
        raise PageEmpty(page.number)
    return {
        "cur_page": str(page.number),
        "first_entry": page.start + 1,
        "first_page": 1,
        "first_page_url": _url(call, page, 1),
        "last_entry": str(min(page.start + page.size, total)),
        "last_page": last_page,
        "last_page_url": _url(call, page, last_page),
        "next_page": page.number + 1 if page.number < last_page else None,
        "pagesize": str(page.size),
        "previous_page": page.number - 1 if page.number > 1 else None,
        "total_entries": str(total),
    }


def public_base(call: Call) -> str:
    """The address under which this API is known to the world, without a slash at its end."""
    return public_base_of(call.tx.shop)


def public_base_of(shop: ShopFacts) -> str:
    """The same, where there is no call."""
    return str(shop.settings.get("public_base") or PUBLIC_BASE).rstrip("/")


def _url(call: Call, page: Page, number: int) -> str:
    size = f"&pagesize={page.size}" if page.has_size else ""
    return f"{public_base(call)}{call.request.path.rstrip('/')}?cur_page={number}{size}"


PAGE_INFO: Schema = an_object({
    "cur_page": ID, "first_entry": COUNT, "first_page": COUNT, "first_page_url": TEXT, "last_entry": ID,
    "last_page": COUNT, "last_page_url": TEXT, "next_page": or_null(COUNT), "pagesize": ID,
    "previous_page": or_null(COUNT), "total_entries": ID,
})  # fmt: skip


def paging(sortable: Iterable[str] = ()) -> tuple[Taken, ...]:
    """The parameters of a list, for its description."""
    taken = [
        given("cur_page", {"type": "integer", "minimum": 1, "maximum": NUMBER_MAX}, "Which page; 1 unless given."),
        given(
            "pagesize", {"type": "integer", "minimum": 1, "maximum": SIZE_MAX},
            f"How many to a page; {SIZE_DEFAULT} unless given.",
        ),
    ]  # fmt: skip
    if names := list(sortable):
        taken += [
            given("sort_col", {"type": "string", "enum": names}, "What to order by, in any case."),
            given("sort_dir", {"type": "string", "enum": ["ASC", "DESC"]}, "Which way, in any case."),
        ]
    return tuple(taken)
