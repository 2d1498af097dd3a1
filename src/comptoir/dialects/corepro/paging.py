"""Pages of lists: `pageNumber` from 0 and `pageSize` of 200 at most, in the query (reference 1.10)."""

from typing import NamedTuple

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.shapes import COUNT, Taken, queried
from comptoir.dialects.corepro.words import INT32

SIZE = 200


class Page(NamedTuple):
    """Which part of a list is asked for."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """How many records stand before it."""
        return self.number * self.size


def page_asked(asked: Asked) -> Page:
    """The page that is asked for. A greater size than the most is that; a size of 0 says nothing."""
    number = asked.query_whole("pageNumber", most=INT32)
    size = asked.query_whole("pageSize", most=INT32)
    return Page(number or 0, min(size or SIZE, SIZE))


PAGING: tuple[Taken, ...] = (
    queried("pageNumber", COUNT, "Which page; the first is 0."),
    queried("pageSize", COUNT, f"How many to a page; {SIZE} unless given, and at most."),
)
