"""What a call is asked with: members of its body, places of its path and its query, by name and kind.

A value that cannot be read is noted, and counts as not said; what was noted refuses the call in the end, all at
once and before anything that the domain says. So a verb reads what it needs without asking after each value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from comptoir.dialects.corepro import words
from comptoir.dialects.corepro.paths import Way, query_values, supplied, tag_spellings
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, Said
from comptoir.dialects.corepro.words import INT32, INT64, TEXT_MAX, Misread, is_unsaid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one call, or one object within its body, is asked with. `where` is the object's place: `phones[0].`."""

    members: Mapping[str, Any]
    way: Way = field(default_factory=Way)
    problems: list[Refusal] = field(default_factory=list)
    where: str = ""

    # ---------------------------------------------------------------------------------- problems

    def refuse(self, code: int, message: str) -> None:
        """Note a problem of our own; it is said with all others."""
        self.problems.append(Refusal(code, message))

    def settle(self) -> None:
        """Refuses: all that was noted so far. It is asked at the end in any case; sooner, it saves work."""
        if self.problems:
            raise Said(*dict.fromkeys(self.problems))

    def demand(self, *names: str, code: int = REQUIRED) -> None:
        """Note each name that is not said, or says nothing."""
        for name in names:
            if is_unsaid(self.members.get(name.lower())):
                self.refuse(code, f"Required parameter {self.where}{name} is missing.")

    # ------------------------------------------------------------------------------------ members

    def has(self, name: str) -> bool:
        """Whether the body says anything of this name; null says nothing, an empty text is a value."""
        return self.members.get(name.lower()) is not None

    def raw(self, name: str) -> Any:
        """The value as it came, None when it was not said: for what has no kind, such as a file's content."""
        return self.members.get(name.lower())

    def text(self, name: str, *, most: int = TEXT_MAX) -> str | None:
        """A text, cut off at what is kept of it; None when it was not said. An empty one is a value."""
        value = self.members.get(name.lower())
        return None if value is None else self._read(name, lambda: words.read_text(value, most))

    def tag(self, name: str = "tag") -> str | None:
        """A caller's own id; None when it was not said, or says nothing. A longer one is refused, never cut off."""
        value = self.members.get(name.lower())
        return None if value is None else self._read(name, lambda: words.read_tag(value))

    def id(self, name: str, *, most: int = INT32) -> int:
        """The id of a record; 0, which no record has, when it was not said."""
        return self.find_id(name, most=most) or 0

    def find_id(self, name: str, *, most: int = INT32) -> int | None:
        """The id of a record; None when it was not said."""
        return self._said(name, lambda value: words.read_whole(value, most=most))

    def whole(self, name: str, *, least: int = -INT64, most: int = INT64) -> int | None:
        """A whole number within bounds."""
        return self._said(name, lambda value: words.read_whole(value, least=least, most=most))

    def money(self, name: str) -> int | None:
        """An amount, in minor units."""
        return self._said(name, words.read_money)

    def rate(self, name: str) -> Decimal | None:
        """A rate of interest, with up to eleven places."""
        return self._said(name, lambda value: words.read_decimal(value, words.RATE_PLACES))

    def percent(self, name: str) -> Decimal | None:
        """A percentage, with up to two places."""
        return self._said(name, lambda value: words.read_decimal(value, words.MONEY_PLACES))

    def flag(self, name: str) -> bool | None:
        """A yes or no."""
        return self._said(name, words.read_flag)

    def day(self, name: str) -> date | None:
        """A day, in any of the ways that clients write one."""
        return self._said(name, words.read_day)

    def moment(self, name: str, days_of: tzinfo = UTC) -> datetime | None:
        """A moment, in UTC unless it says another zone; a day alone is its beginning in `days_of`."""
        return self._said(name, lambda value: words.read_moment(value, days_of))

    def choice(self, name: str, known: Iterable[str]) -> str | None:
        """One of these words in any case, spelt as here; another one is noted as not acceptable."""
        return self._said(name, lambda value: words.read_choice(value, known))

    def child(self, name: str) -> "Asked | None":
        """The object under this name."""
        value = self.members.get(name.lower())
        if value is None:
            return None
        return self._read(name, lambda: self._within(value, f"{name}."))

    def children(self, name: str) -> "list[Asked]":
        """The objects in the list under this name; null among them is left out."""
        return self._each(name, lambda value, where: self._within(value, f"{where}."))

    def texts(self, name: str, *, most: int = TEXT_MAX) -> list[str]:
        """The texts in the list under this name."""
        return self._each(name, lambda value, _: words.read_text(value, most))

    def ids(self, name: str, *, most: int = INT32) -> list[int]:
        """The ids in the list under this name."""
        return self._each(name, lambda value, _: words.read_whole(value, most=most))

    # ----------------------------------------------------------------------- the path, the query

    def place(self, number: int) -> str | None:
        """What stands in a place of the path, after the action; None when that stands for nothing."""
        places = self.way.places
        return supplied(places[number]) if number < len(places) else None

    def has_place(self, number: int) -> bool:
        """Whether the path goes on to this place and says something there."""
        return self.place(number) is not None

    def id_place(self, number: int, *, most: int = INT64) -> int:
        """The id in a place of the path; 0, which no record has, when there is none or it is no number."""
        value = self.place(number)
        if value is None:
            return 0
        try:
            return words.read_whole(value, most=most)
        except Misread:
            return 0

    def find_id_place(self, number: int) -> int | None:
        """The id in a place of the path that may be left out; None when it is."""
        return self.id_place(number) if self.has_place(number) else None

    def day_place(self, number: int) -> date | None:
        """The day in a place of the path; None when there is none."""
        return self._of_way(self.place(number), "date", words.read_day)

    def moment_place(self, number: int) -> datetime | None:
        """The moment in a place of the path; None when there is none."""
        return self._of_way(self.place(number), "date", words.read_moment)

    def choice_place(self, number: int, known: Iterable[str], name: str = "status") -> str | None:
        """The word in a place of the path; None when there is none."""
        return self._of_way(self.place(number), name, lambda value: words.read_choice(value, known))

    def whole_place(self, number: int, name: str, *, least: int = 0, most: int = INT32) -> int | None:
        """A whole number in a place of the path; None when there is none."""
        return self._of_way(
            self.place(number), name, lambda value: words.read_whole(value, least=least, most=most)
        )

    def query(self, name: str) -> str | None:
        """A value of the query, `+` read as a blank; None when it stands for nothing."""
        found = query_values(self.way.query).get(name.lower())
        return None if found is None else self._of_way(supplied(found[-1]), name, words.read_text)

    def query_whole(self, name: str, *, least: int = 0, most: int = INT32) -> int | None:
        """A whole number of the query."""
        return self._of_way(
            self.query(name), name, lambda value: words.read_whole(value, least=least, most=most)
        )

    def query_choice(self, name: str, known: Iterable[str]) -> str | None:
        """One of these words, in the query."""
        return self._of_way(self.query(name), name, lambda value: words.read_choice(value, known))

    def query_day(self, name: str) -> date | None:
        """A day of the query."""
        return self._of_way(self.query(name), name, words.read_day)

    def spellings(self, name: str, place: int = 0) -> tuple[str, ...]:
        """A tag or an address as it may have been meant, to be looked up one after the other (9, #27; 8.3).

        It is the rest of the path from a place on, slashes and all, or a value of the query.
        """
        found = tag_spellings(self.way.places[place:], is_slashed=self.way.is_slashed)
        found = found or query_values(self.way.query).get(name.lower(), ())
        return tuple(
            text for each in found if supplied(each) and (text := self._of_way(each, name, words.read_text))
        )

    # ------------------------------------------------------------------------------------- within

    def _said(self, name: str, read: Callable[[Any], T]) -> T | None:
        value = self.members.get(name.lower())
        return None if is_unsaid(value) else self._read(name, lambda: read(value))

    def _of_way(self, value: str | None, name: str, read: Callable[[str], T]) -> T | None:
        return None if value is None else self._read(name, lambda: read(value))

    def _read(self, name: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Misread as problem:
            self.refuse(problem.code, f"{self.where}{name} {problem}.")
            return None

    def _within(self, value: Any, where: str) -> "Asked | None":
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Misread(words.CONVERT, "is not an object")
        return Asked(value, self.way, self.problems, f"{self.where}{where}")

    def _each(self, name: str, read: Callable[[Any, str], T | None]) -> list[T]:
        """What the items of a list read as, each known by its place in problems; null is left out."""
        value = self.members.get(name.lower())
        if is_unsaid(value):
            return []
        if not isinstance(value, list):
            self.refuse(words.CONVERT, f"{self.where}{name} is not a list.")
            return []
        places = [(each, f"{name}[{number}]") for number, each in enumerate(value) if each is not None]
        found = [self._read(where, partial(read, each, where)) for each, where in places]
        return [each for each in found if each is not None]
