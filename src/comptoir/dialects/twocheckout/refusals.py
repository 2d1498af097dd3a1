"""Which refusal is said with which code and words (reference 1.10)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, TypeAlias

from comptoir.dialects.edge import PathUnknown, Stranger, VerbRefused
from comptoir.dialects.twocheckout.parameters import ParameterMissing
from comptoir.domain.errors import ComptoirError, Conflict, Forbidden, Invalid, NotFound, Problems


class Refusal(NamedTuple):
    """A code with its message; a message of None is the domain's own sentence."""

    code: str
    message: str | None = None
    status: int = HTTPStatus.BAD_REQUEST
    parameter: str | None = None


Refusals: TypeAlias = Mapping[type[ComptoirError], Refusal]

MISSING = "Required parameter missing: {}"
INVALID = "Invalid value for parameter: {}"
NOT_FOUND = Refusal("RECORD_NOT_FOUND", "Unable to find record.")
DENIED = Refusal("FORBIDDEN", "Access denied.")
FAULT = Refusal("INTERNAL_ERROR", "Internal error.", HTTPStatus.INTERNAL_SERVER_ERROR)

# Looked up along the class's ancestors: the first line that fits speaks. What one call words in its own
# way, it says itself, by `saying`.
REFUSALS: Refusals = {
    Stranger: DENIED._replace(status=HTTPStatus.UNAUTHORIZED),
    PathUnknown: NOT_FOUND._replace(status=HTTPStatus.NOT_FOUND),
    # What a kind's refusals say that have no line of their own.
    NotFound: NOT_FOUND,
    Forbidden: DENIED,
    Conflict: Refusal("FAILED"),
    ComptoirError: Refusal("FAILED"),
}


class Said(ComptoirError):
    """A refusal whose words are settled already."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message or refusal.code)
        self.refusal = refusal


def denied(thing: str) -> Said:
    """That a record is not the caller's, or is not to be told from such a one."""
    return Said(Refusal("FORBIDDEN", f"Access denied to {thing}."))


@contextmanager
def saying(words: Refusals) -> Iterator[None]:
    """Let one call word some refusals in its own way."""
    try:
        yield
    except Said:
        raise
    except ComptoirError as error:
        own = _line_of(error, words)
        if own is None:
            raise
        message = own.message if own.message is not None else sentence(error)
        raise Said(own._replace(message=message)) from error


def said(error: Exception) -> tuple[int, list[dict[str, str]]]:
    """The status of a refusal and its elements; anything that is no refusal is our fault."""
    match error:
        case Said():
            refusals = [error.refusal]
        case ParameterMissing():
            refusals = [
                Refusal("PARAMETER_MISSING", MISSING.format(name), parameter=name) for name in error.names
            ]
        case Problems():
            refusals = [_invalid(name) for name in dict.fromkeys(name for name, _ in error.problems)]
        case Invalid():
            refusals = [_invalid(error.field)]
        case VerbRefused():
            verbs = " and ".join(verb for verb in error.allowed if verb != "HEAD")
            refusals = [Refusal("BAD_METHOD", f"This call takes {verbs} only.")]
        case ComptoirError():
            refusals = [_line_of(error, REFUSALS) or FAULT]
        case _:
            refusals = [FAULT]
    return refusals[0].status, [element(refusal, error) for refusal in refusals]


def sentence(error: Exception) -> str:
    """The domain's own words as a sentence."""
    text = str(error) or "it cannot be done"
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _line_of(error: ComptoirError, words: Refusals) -> Refusal | None:
    return next((words[kind] for kind in type(error).__mro__ if kind in words), None)


def _invalid(name: str) -> Refusal:
    return Refusal("PARAMETER_INVALID", INVALID.format(name), parameter=name)


def element(refusal: Refusal, error: Exception | None = None) -> dict[str, Any]:
    """One of the elements `errors` of a document."""
    message = refusal.message if refusal.message is not None else sentence(error or ComptoirError())
    written = {"code": refusal.code, "message": message}
    return written if refusal.parameter is None else {**written, "parameter": refusal.parameter}
