"""Shapes of what calls take and show, as schemas: said at the routes, served in the description (reference 1.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from comptoir.dialects.codecs import INTEGER_MAX, Schema
from comptoir.dialects.wire import Document

# A value's schema, or the document that it is written by.
Shape: TypeAlias = Schema | Document[Any]

TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "pattern": r"^\d+$", "description": "A number in digits, as text."}
COUNT: Schema = {"type": "integer", "minimum": 0}
MONEY: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{2}$", "description": "An amount, as text."}
FLAG: Schema = {"type": "string", "enum": ["0", "1"]}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

# What may be sent, where that is more than what is shown.
ASKED_ID: Schema = {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX}
ASKED_MONEY: Schema = {"type": "string", "pattern": r"^-?\d{1,14}([.,]\d{1,2})?$"}
ASKED_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$"}


@dataclass(frozen=True, slots=True)
class Several:
    """A list, each item of one shape."""

    item: "Shape | Nested"


@dataclass(frozen=True, slots=True)
class OrNull:
    """A value that need not be there."""

    value: "Shape | Several | Nested"


Nested: TypeAlias = Several | OrNull


@dataclass(frozen=True, slots=True)
class Taken:
    """A parameter of a call."""

    name: str
    schema: Schema
    text: str
    is_required: bool = False
    is_repeated: bool = False


def needed(name: str, schema: Schema, text: str = "") -> Taken:
    """A parameter that the call cannot do without."""
    return Taken(name, schema, text, is_required=True)


def given(name: str, schema: Schema, text: str = "") -> Taken:
    """A parameter that may be left out."""
    return Taken(name, schema, text)


def repeated(name: str, schema: Schema, text: str = "") -> Taken:
    """A parameter that may be sent several times."""
    return Taken(name, schema, text, is_repeated=True)


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "enum" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def an_object(members: Mapping[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """An object with just these members, each there but the optional ones."""
    return {
        "type": "object",
        "required": sorted(set(members) - set(optional)),
        "properties": dict(sorted(members.items())),
        "additionalProperties": False,
    }


def a_list(item: Schema) -> Schema:
    """A list of such items."""
    return {"type": "array", "items": item}
