"""JSON bodies as CorePro's clients send them: keys in any case, labels that lie, nothing at all (1.8)."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from comptoir.dialects.bodies import BOM, BodyLimits, BodyRefused
from comptoir.dialects.corepro.words import CONVERT, ENDED

NUMBER_CHARACTERS_MAX = 1000
TRUNCATED = "truncated"
# Half a character that no other half follows; the decoder takes it for the end when little comes after it.
_HALF = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u|\\?\Z)")


class BodyMisread(BodyRefused):
    """The body is no JSON object that can be read: the code for it, and what is wrong."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__(problem)
        self.code = code


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > NUMBER_CHARACTERS_MAX or abs(number.adjusted()) > NUMBER_CHARACTERS_MAX:
        raise BodyMisread(CONVERT, "holds a number that is too long")
    return number


_JSON = msgspec.json.Decoder(float_hook=_number)


def read_members(body: bytes, limits: BodyLimits) -> dict[str, Any]:
    """The members of a body by their names in lower case, at every level. Refuses: BodyMisread."""
    if len(body) > limits.max_bytes:
        raise BodyMisread(CONVERT, f"is larger than {limits.max_bytes} bytes")
    body = body.removeprefix(BOM)
    if not body or body.isspace():
        return {}
    try:
        members = _JSON.decode(body)
    except BodyMisread:
        raise
    except (msgspec.MsgspecError, InvalidOperation, UnicodeDecodeError, RecursionError) as problem:
        raise _misread(problem, body) from problem
    if members is None:
        return {}
    if not isinstance(members, dict):
        raise BodyMisread(CONVERT, "is not a JSON object")
    lowered, _ = _lowered(members, limits, limits.max_depth, limits.max_fields)
    assert isinstance(lowered, dict)
    return lowered


def _misread(problem: Exception, body: bytes) -> BodyMisread:
    if TRUNCATED in str(problem):
        if _HALF.search(body):
            return BodyMisread(CONVERT, "holds half a character")
        return BodyMisread(ENDED, "ends before its object does")
    if isinstance(problem, UnicodeDecodeError):
        return BodyMisread(CONVERT, "is not valid UTF-8")
    if isinstance(problem, RecursionError):
        return BodyMisread(CONVERT, "is nested too deeply")
    if isinstance(problem, msgspec.ValidationError | InvalidOperation):
        return BodyMisread(CONVERT, "holds a number that is too long")
    return BodyMisread(CONVERT, f"is not JSON: {str(problem).removeprefix('JSON is malformed: ')}")


def _lowered(value: Any, limits: BodyLimits, depth: int, left: int) -> tuple[Any, int]:
    """The value with lower-case names, of which a later one wins, and how many more members may come."""
    if not isinstance(value, dict | list) or _is_bytes(value):
        return value, left
    left -= len(value)
    if left < 0:
        raise BodyMisread(CONVERT, f"holds more than {limits.max_fields} members")
    if depth == 0:
        raise BodyMisread(CONVERT, f"is nested more than {limits.max_depth} levels deep")
    if isinstance(value, list):
        items = []
        for each in value:
            item, left = _lowered(each, limits, depth - 1, left)
            items.append(item)
        return items, left
    members = {}
    for name, each in value.items():
        members[name.lower()], left = _lowered(each, limits, depth - 1, left)
    return members, left


def _is_bytes(value: Any) -> bool:
    """Whether a list is a file's content as numbers, as typed clients send it: long, and nothing in it is nested."""
    return isinstance(value, list) and len(value) > 0 and all(type(each) is int for each in value)
