"""What a call is asked with: its parameters by name and kind, and what is said of those that do not fit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comptoir.dialects.bodies import BodyLimits, BodyRefused
from comptoir.dialects.codecs import INTEGER_MAX, LONG_TEXT_MAX
from comptoir.dialects.edge import Call
from comptoir.dialects.twocheckout.fields import Fields, merged, query_fields
from comptoir.domain.errors import ComptoirError, Invalid, Problems

NULL = "null"
FLAGS = {"1": True, "0": False, "y": True, "n": False, "true": True, "false": False}
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_MONEY = re.compile(r"([+-]?)(\d{0,14})(?:[.,](\d{0,20}))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
MONEY_PLACES = 2


class ParameterMissing(ComptoirError):
    """What the call needs was not sent, or has no value; every such name."""

    def __init__(self, *names: str) -> None:
        super().__init__(f"required: {', '.join(names)}")
        self.names = names


class ParameterInvalid(Invalid):
    """A parameter's value cannot be taken."""

    def __init__(self, name: str, problem: str = "is invalid") -> None:
        super().__init__(name, problem)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call. A name that is sent again: the last value counts, but for lists.

    Four ways of saying nothing are told apart: a name that was not sent, a bare name without `=`, an empty
    value, and the text `null`, which some clients write for a number that they do not have (reference 10.7).
    """

    fields: Fields

    # ---------------------------------------------------------------------------- how it was sent

    def is_sent(self, name: str) -> bool:
        """Whether the name was sent at all, in whatever form."""
        return name in self.fields

    def is_cleared(self, name: str) -> bool:
        """Whether the name was sent without a value: what it names is to be taken away."""
        return self.is_sent(name) and not self.fields[name][-1]

    def is_null(self, name: str) -> bool:
        """Whether the value is the text `null`."""
        return self.is_sent(name) and self.fields[name][-1] == NULL

    def demand(self, *names: str) -> None:
        """Refuses: ParameterMissing, naming all that have no value. What is missing is said before what is wrong."""
        missing = [name for name in names if not any(value and value.strip() for value in self.all(name))]
        if missing:
            raise ParameterMissing(*missing)

    # -------------------------------------------------------------------------------------- texts

    def text(self, name: str, *, most: int = LONG_TEXT_MAX) -> str | None:
        """The value as it is, None when it was not sent; a bare name is an empty text."""
        if name not in self.fields:
            return None
        return _readable(name, self.fields[name][-1] or "", most)

    def need_text(self, name: str, *, most: int = LONG_TEXT_MAX) -> str:
        """A value that is not blank. Refuses: ParameterMissing, ParameterInvalid."""
        self.demand(name)
        return self.text(name, most=most) or ""

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name that may be repeated, in the order sent; a bare name is an empty text."""
        return tuple(_readable(name, value or "", LONG_TEXT_MAX) for value in self.fields.get(name, ()))

    def choice(self, name: str, words: Iterable[str]) -> str | None:
        """One of some words in any case, as they are given here; None without a value."""
        value = self._value(name)
        if value is None:
            return None
        found = {word.lower(): word for word in words}.get(value.lower())
        if found is None:
            raise ParameterInvalid(name, "is none of the words that it may be")
        return found

    def flag(self, name: str) -> bool | None:
        """A yes or no; None without a value."""
        value = self._value(name)
        if value is None:
            return None
        if value.lower() not in FLAGS:
            raise ParameterInvalid(name, "must be 0 or 1")
        return FLAGS[value.lower()]

    def has(self, name: str) -> bool:
        """Whether the name has a value, be it one that fits or none."""
        return self._value(name) is not None

    # ------------------------------------------------------------------------------------ numbers

    def id(self, name: str) -> int | None:
        """The number of a record; None without a value."""
        value = self._value(name)
        return None if value is None else _id(name, value)

    def need_id(self, name: str) -> int:
        """The number of a record. Refuses: ParameterMissing, ParameterInvalid."""
        self.demand(name)
        found = self.id(name)
        if found is None:
            raise ParameterMissing(name)
        return found

    def ids(self, name: str) -> tuple[int, ...]:
        """The numbers of all records that a repeated name gives, each once; values without content are left out."""
        values = (value.strip() for value in self.all(name))
        return tuple(dict.fromkeys(_id(name, value) for value in values if value not in {"", NULL}))

    def whole(self, name: str, *, least: int = 0, most: int = INTEGER_MAX) -> int | None:
        """A whole number within bounds; None without a value."""
        value = self._value(name)
        if value is None:
            return None
        if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
            raise ParameterInvalid(name, f"must be a whole number from {least} to {most}")
        return int(value)

    def money(self, name: str, *, places: int = MONEY_PLACES) -> Decimal | None:
        """An amount, with a comma for its point if need be, and any sign; None without a value."""
        value = self._value(name)
        return None if value is None else _money(name, value, places)

    def moneys(self, name: str, *, places: int = MONEY_PLACES) -> tuple[Decimal, ...]:
        """The amounts of a repeated name, in the order sent; one without a value cannot be told from its place."""
        return tuple(_money(name, value.strip(), places) for value in self.all(name))

    def day(self, name: str) -> date | None:
        """A date as YYYY-MM-DD; None without a value."""
        value = self._value(name)
        if value is None:
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ParameterInvalid(name, "must be a date as YYYY-MM-DD")

    def _value(self, name: str) -> str | None:
        """The last value without blanks around it, or None for all four ways of saying nothing."""
        value = (self.text(name) or "").strip()
        return None if value in {"", NULL} else value


def asked_of(call: Call) -> Parameters:
    """What a call is asked with, the query and the body together. Refuses: ParameterInvalid, for both as a whole."""
    try:
        query = query_fields(call.request.query, BodyLimits())
    except BodyRefused as problem:
        raise ParameterInvalid("query", str(problem)) from problem
    return Parameters(merged(query, call.body))


@contextmanager
def in_words(words: Mapping[str, str]) -> Iterator[None]:
    """Let a verb's refusal name the parameter, not the domain's word: domain name to wire name."""
    try:
        yield
    except Problems as error:
        error.problems = [(words.get(field, field), problem) for field, problem in error.problems]
        error.field = error.problems[0][0]
        raise
    except Invalid as error:
        error.field = words.get(error.field, error.field)
        raise


def _readable(name: str, value: str, most: int) -> str:
    if len(value) > most or _UNREADABLE.search(value):
        raise ParameterInvalid(name, f"must be a text of at most {most} characters")
    return value


def _id(name: str, value: str) -> int:
    if not _DIGITS.fullmatch(value) or int(value) > INTEGER_MAX:
        raise ParameterInvalid(name, "must be a number in digits")
    return int(value)


def _money(name: str, value: str, places: int) -> Decimal:
    match = _MONEY.fullmatch(value)
    if match is None or not (match[2] or match[3]) or len((match[3] or "").rstrip("0")) > places:
        raise ParameterInvalid(name, f"must be an amount with at most {places} decimals")
    return Decimal(f"{match[1]}{match[2] or '0'}.{(match[3] or '0')[: max(places, 1)]}")
