"""Which refusal is said with which code, words and status (reference 2.5 and 5)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, TypeAlias

from comptoir.dialects.corepro.bodies import BodyMisread
from comptoir.dialects.corepro.words import CONVERT, VALUE
from comptoir.dialects.edge import FromElsewhere, PathUnknown, Stranger, VerbRefused
from comptoir.domain.banking.customers.errors import (
    CustomerDeceased,
    CustomerInactive,
    CustomerLocked,
    CustomerNotFound,
    CustomerNotVerified,
)
from comptoir.domain.errors import ComptoirError, Forbidden, Invalid, NotFound, Problems
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.storage.errors import DatabaseAway


class Refusal(NamedTuple):
    """A code with its message, in which `{key}` is a fact of the refusal; None is the domain's own sentence."""

    code: int
    message: str | None = None
    status: int = HTTPStatus.BAD_REQUEST


class Element(NamedTuple):
    """One of the `errors` of an envelope."""

    code: int
    message: str


# A refusal's answer by its class; a bare number is a code with the domain's own sentence.
Refusals: TypeAlias = Mapping[type[ComptoirError], Refusal | int]
# The same for a value that cannot be taken, by the domain's name of its field.
Fields: TypeAlias = Mapping[str, Refusal | int]

NOT_ENABLED = 61400
REQUIRED = 61401
RULE = 60000
FAULT = Refusal(50500, "Internal server error.", HTTPStatus.INTERNAL_SERVER_ERROR)
AWAY = Refusal(50503, "Service is unavailable; try again soon.", HTTPStatus.SERVICE_UNAVAILABLE)

_HOLE = re.compile(r"\{(\w+)\}")


class Said(ComptoirError):
    """Refusals whose words are settled already: one, or several at once."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(refusal.message or str(refusal.code) for refusal in refusals))
        self.refusals = refusals


class TooManyRequests(ComptoirError):
    """The key has asked more often in this period than it may."""


# Looked up along the class's ancestors: the first line that fits speaks. Resources bring lines of their own.
COMMON: dict[type[ComptoirError], Refusal | int] = {
    FromElsewhere: Refusal(50403, "IP address is not trusted.", HTTPStatus.FORBIDDEN),
    Stranger: Refusal(50401, "User is not authorized.", HTTPStatus.UNAUTHORIZED),
    PathUnknown: Refusal(50404, "Route is unknown.", HTTPStatus.NOT_FOUND),
    VerbRefused: Refusal(50405, "Method is not allowed: {problem}.", HTTPStatus.METHOD_NOT_ALLOWED),
    TooManyRequests: Refusal(50429, "Rate limit is exceeded.", HTTPStatus.TOO_MANY_REQUESTS),
    ScopeMissing: NOT_ENABLED,
    # What many routes ask of the customer first (2.5).
    CustomerNotFound: 60001,
    CustomerInactive: 60002,
    CustomerNotVerified: 60003,
    CustomerLocked: 60004,
    CustomerDeceased: 60005,
    Forbidden: NOT_ENABLED,
    NotFound: VALUE,
    # What validation and business rules say that has no number of its own (5.1: "60000 and up").
    ComptoirError: RULE,
}


@contextmanager
def saying(words: Refusals, fields: Fields | None = None) -> Iterator[None]:
    """Let one call number some refusals in its own way, and the fields that a verb refuses."""
    try:
        yield
    except Said:
        raise
    except Invalid as error:
        own = _own_line_of(error, words)
        if own is not None:
            raise Said(own) from error
        if not fields:
            raise
        raise Said(*_of_fields(error, fields)) from error
    except ComptoirError as error:
        own = _line_of(error, words)
        if own is None:
            raise
        raise Said(own) from error


def said(error: Exception, table: Refusals) -> tuple[int, list[Element]]:
    """The status of a refusal and its elements; anything that is no refusal is our fault."""
    refusals = _refusals_of(error, table)
    return refusals[0].status, [Element(each.code, each.message or "") for each in refusals]


def _refusals_of(error: Exception, table: Refusals) -> list[Refusal]:
    match error:
        case Said():
            return list(error.refusals)
        case Invalid(__cause__=BodyMisread() as cause):
            return [Refusal(cause.code, f"The body {cause}.")]
        case Invalid(field="body"):
            return [Refusal(CONVERT, f"The body {error.problem}.")]
        case Invalid() if (own := _own_line_of(error, table)) is not None:
            return [own]
        case Invalid():
            return _of_fields(error, {})
        case ComptoirError():
            return [_line_of(error, table) or FAULT]
        case DatabaseAway():
            return [AWAY]
        case _:
            return [FAULT]


def sentence(error: Exception) -> str:
    """The domain's own words as a sentence."""
    text = str(error) or "it cannot be done"
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def wire_name(field: str) -> str:
    """A field as the wire calls it: `first_name` is `firstName`."""
    head, *rest = field.split("_")
    return head + "".join(part.capitalize() for part in rest)


def filled(refusal: Refusal | int, error: Exception) -> Refusal:
    """A refusal with its message, from the facts of the error where it has none or has holes."""
    if isinstance(refusal, int):
        return Refusal(refusal, sentence(error))
    if refusal.message is None:
        return refusal._replace(message=sentence(error))
    facts: dict[str, Any] = {"problem": str(error), **vars(error)}
    return refusal._replace(message=_HOLE.sub(lambda hole: str(facts.get(hole[1], "")), refusal.message))


def _line_of(error: ComptoirError, words: Refusals) -> Refusal | None:
    line = next((words[kind] for kind in type(error).__mro__ if kind in words), None)
    return None if line is None else filled(line, error)


def _own_line_of(error: Invalid, words: Refusals) -> Refusal | None:
    """The line of a class of its own; what refuses values as such is said field by field."""
    lines = {
        kind: line for kind, line in words.items() if kind not in Invalid.__mro__ and kind is not Problems
    }
    return _line_of(error, lines)


def _of_fields(error: Invalid, fields: Fields) -> list[Refusal]:
    """Each field's own number, or the one for any value that is not acceptable; each said once."""
    problems = error.problems if isinstance(error, Problems) else [(error.field, error.problem)]
    found = []
    for field, problem in problems:
        own = fields.get(field, VALUE)
        line = Refusal(own) if isinstance(own, int) else own
        words = (
            f"{wire_name(field)} {problem}."
            if line.message is None
            else line.message.replace("{problem}", problem)
        )
        found.append(line._replace(message=words))
    return list(dict.fromkeys(found))
