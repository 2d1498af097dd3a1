"""Shapes of what calls take and show, as schemas: said at the routes, served in the description (reference 1.6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from comptoir.dialects.corepro.words import INT32, INT64, MONEY_PLACES, RATE_PLACES, TAG_MAX

Schema: TypeAlias = dict[str, Any]
Place: TypeAlias = Literal["body", "path", "query"]

_TIME = r"\d{2}:\d{2}:\d{2}\.\d{3}"
TEXT: Schema = {"type": "string"}
TAG: Schema = {"type": "string", "maxLength": TAG_MAX}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": INT32}
BIG_ID: Schema = {"type": "integer", "minimum": 1, "maximum": INT64}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": INT32}
MONEY: Schema = {"type": "number", "multipleOf": 0.01}
RATE: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "pattern": rf"^\d{{4}}-\d{{2}}-\d{{2}}T{_TIME}[+-]\d{{2}}:\d{{2}}$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T00:00:00\.000\+00:00$"}
ANYTHING: Schema = {}

# What may be sent, where that is more than what is shown.
ASKED_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$"}
ASKED_MONEY: Schema = {"type": "number", "minimum": 0, "maximum": 10**12, "multipleOf": 10**-MONEY_PLACES}
ASKED_RATE: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "description": f"{RATE_PLACES} places at most.",
}


def one_of(words: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def text(most: int) -> Schema:
    """A text of which so many characters are kept."""
    return {"type": "string", "maxLength": most}


def an_object(members: Mapping[str, Schema], *, always: Iterable[str] = ()) -> Schema:
    """An object with these members at most; those that are `always` there are said, others are left out when null."""
    return {
        "type": "object",
        "required": sorted(always),
        "properties": dict(sorted(members.items())),
        "additionalProperties": False,
    }


def a_list(item: Schema) -> Schema:
    """A list of such items."""
    return {"type": "array", "items": item}


def a_map(item: Schema) -> Schema:
    """An object whose members have any names, and all one shape."""
    return {"type": "object", "additionalProperties": item}


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that a call takes: a member of its body, a place of its path, a value of its query."""

    name: str
    schema: Schema
    text: str = ""
    is_required: bool = False
    where: Place = "body"


def needed(name: str, schema: Schema, text: str = "") -> Taken:
    """A member of the body that the call cannot do without."""
    return Taken(name, schema, text, is_required=True)


def given(name: str, schema: Schema, text: str = "") -> Taken:
    """A member of the body that may be left out."""
    return Taken(name, schema, text)


def placed(name: str, schema: Schema = ID, text: str = "", *, is_required: bool = True) -> Taken:
    """A place of the path; the places stand in the order in which they are said."""
    return Taken(name, schema, text, is_required=is_required, where="path")


def queried(name: str, schema: Schema, text: str = "", *, is_required: bool = False) -> Taken:
    """A value of the query."""
    return Taken(name, schema, text, is_required=is_required, where="query")
