"""Which refusal is said with which status and words (reference 1.6)."""

import re

from comptoir.dialects.codecs import INTEGER_MAX
from comptoir.dialects.edge import PathUnknown, Stranger, VerbRefused
from comptoir.domain.errors import ComptoirError, Conflict, Forbidden, Invalid, NotFound
from comptoir.domain.identity.answers import KeyReused

NO_KEY = (
    "No API key was specified, an API key must be passed in the Authorization header "
    "or as a username if using basic authentication"
)
UNKNOWN_KEY = "The API key could not be found, check the key in the Authorization header"
FAULT = "Internal database error: there was a temporary problem, send the request again soon"


def _stranger(error: Stranger) -> str:
    return UNKNOWN_KEY if error.has_key else NO_KEY


# What the dialect calls a thing, where its word is not the trade's.
WORDS = {"customer": "user", "order log": "log", "enrolment": "subscription user"}


# An id too long for 64 bits is looked up as the greatest number there is, and shown as it was sent.
GIANT_ID = re.compile(r"/(\d{19,})(?=/|$)")


def _not_found(error: NotFound) -> str:
    thing = WORDS.get(error.thing, error.thing)
    reason = "Not found" if error.thing == "enrolment" else f"{thing[0].upper()}{thing[1:]} not found"
    return f"{reason}: there is no {thing} {error.key} in this centre"


# Looked up along the class's ancestors: the first line that fits speaks.
STATUS: dict[type[ComptoirError], int] = {
    Stranger: 401,
    PathUnknown: 404,
    VerbRefused: 405,
    NotFound: 404,
    KeyReused: 409,
    Invalid: 400,
    Conflict: 400,
    Forbidden: 401,
    ComptoirError: 400,
}


def said(error: Exception, path: str) -> tuple[int, str]:
    """The status and the one sentence of a refusal; anything that is no refusal is our fault."""
    if not isinstance(error, ComptoirError):
        return 500, FAULT
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    giant = GIANT_ID.search(path)
    sentence = _sentence(error)
    return status, sentence if giant is None else sentence.replace(str(INTEGER_MAX), giant[1])


def _sentence(error: ComptoirError) -> str:
    match error:
        case Stranger():
            return _stranger(error)
        case NotFound():
            return _not_found(error)
        case PathUnknown():
            return f"Not found: {error}"
        case VerbRefused():
            return f"Method not allowed: {error}"
        case Invalid() | Conflict():
            return f"Data validation error: {error}"
        case _:
            return str(error)
