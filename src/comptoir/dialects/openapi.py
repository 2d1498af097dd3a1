"""Documents as JSON schemas, for an OpenAPI 3.1 description of what a dialect shows and takes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from comptoir.dialects.codecs import (
    FALSE_WORDS,
    INTEGER_MAX,
    TRUE_WORDS,
    Codec,
    Schema,
    load_day,
    load_e4,
    load_flag,
    load_link,
    load_natural,
    load_time,
)
from comptoir.dialects.wire import Computed, Document, Linked, Mode, Row

DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
MOMENT = rf"{DAY}( ([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?"
NUMBER = r"-?\d{1,15}(\.\d{1,4})?"
FLAG_WORDS = sorted(TRUE_WORDS | FALSE_WORDS)

NATURAL: Schema = {
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": INTEGER_MAX,
    "pattern": r"^\d{0,18}$",
    "description": "A whole number of 0 or more; empty means 0.",
}
# What a loader accepts, as far as a schema can say it; a codec may say it itself.
ACCEPTED: dict[Callable[..., Any], Schema] = {
    load_natural: NATURAL,
    load_link: {**NATURAL, "description": "The id of another record; 0 or empty takes the link away."},
    load_e4: {
        "type": ["number", "string"],
        "minimum": 0,
        "pattern": r"^(\d{1,14}(\.\d{1,4})?)?$",
        "description": "A number of 0 or more with at most four decimals.",
    },
    load_flag: {
        "type": ["boolean", "string"],
        "enum": [True, False, *FLAG_WORDS],
        "description": "Yes or no.",
    },
    load_time: {
        "type": "string",
        "pattern": rf"^({MOMENT})?$",
        "description": "A time on the shop's clock, YYYY-MM-DD HH:MM:SS; empty means none.",
    },
    load_day: {
        "type": "string",
        "pattern": rf"^({DAY})?$",
        "description": "A date, YYYY-MM-DD; empty means none.",
    },
}

# How one value of each kind of field is written in a search, as a regular expression.
SEARCHED = {
    "text": r"[^,]*",
    "number": NUMBER,
    "time": MOMENT,
    "day": DAY,
    "flag": f"({'|'.join(FLAG_WORDS)})",
}
ENDINGS = {"": "", "_between": "Range", "_in": "List", "_like": "Part", "_notin": "List"}
WORDS_OF_ENDINGS = {
    "": "Exactly this value.",
    "Range": "From and to, both included, with a comma between them.",
    "List": "Values with commas between them.",
    "Part": "A part of the value, in any case.",
}


def accepted(codec: Codec[Any]) -> Schema:
    """What may be written for a value of this kind."""
    return codec.accepts or ACCEPTED.get(codec.load, codec.schema)


def shown(codec: Codec[Any]) -> Schema:
    """What a reader gets; the kind's name tells more than the schema where it is no plain text."""
    return codec.schema if codec.name == "text" else {"description": codec.name, **codec.schema}


def ref(name: str) -> Schema:
    """A pointer to a schema of the description."""
    return {"$ref": f"#/components/schemas/{name}"}


class Schemas:
    """Collects the schemas of one description: each document that is used, under its name."""

    def __init__(self, names: Mapping[Document[Any], str]) -> None:
        self.components: dict[str, Schema] = {
            f"{kind.capitalize()}{form}": searched(kind, form)
            for kind in SEARCHED
            for form in dict.fromkeys(ENDINGS.values())
        }
        self._names = names

    def read(self, document: Document[Any]) -> Schema:
        """A pointer to the document as it is shown."""
        name = self._names[document]
        if name not in self.components:
            self.components[name] = {}
            self.components[name] = nested(self._leaves(document), is_closed=True)
        return ref(name)

    def without(self, name: str, document: Document[Any], hidden: Iterable[str]) -> Schema:
        """The document without some of its names, kept under a name of its own."""
        leaves = {key: leaf for key, leaf in self._leaves(document).items() if key not in set(hidden)}
        self.components[name] = nested(leaves, is_closed=True)
        return ref(name)

    def body(self, document: Document[Any], mode: Mode, *, is_form: bool) -> Schema:
        """A pointer to what a body may hold; a form writes nested names in brackets."""
        name = f"New{self._names[document]}" if mode == "c" else f"{self._names[document]}Change"
        leaves = written_leaves(document, mode)
        required = [row.name for row in document.rows if isinstance(row, Row) and row.is_required]
        if mode == "u":
            required = []
        if is_form:
            name += "Form"
            self.components[name] = flat(leaves, required)
        else:
            self.components[name] = nested(leaves, required=required)
        return ref(name)

    def search(self, document: Document[Any], reserved: frozenset[str]) -> Schema:
        """A pointer to the search parameters of a list, as the properties of one object.

        A field whose name is `reserved` for something else can be searched with an operator only.
        """
        name = f"{self._names[document]}Search"
        rows = [row for row in document.rows if isinstance(row, Row) and row.name]
        fields = {row.name: "flag" if row.codec.kind == "presence" else row.codec.kind for row in rows}
        self.components[name] = {
            "type": "object",
            "properties": {
                f"{field}{ending}": ref(f"{kind.capitalize()}{form}")
                for field, kind in fields.items()
                for ending, form in ENDINGS.items()
                if f"{field}{ending}" not in reserved
            },
        }
        return ref(name)

    def _leaves(self, document: Document[Any]) -> dict[str, Schema]:
        leaves: dict[str, Schema] = {}
        for row in document.rows:
            match row:
                case Row() if "r" in row.access:
                    leaves[row.name] = shown(row.codec)
                case Computed():
                    leaves[row.name] = row.schema
                case Linked():
                    leaves[row.name] = self._linked(row)
                case Row():
                    pass
        return leaves

    def _linked(self, row: Linked) -> Schema:
        bare = row.document.rows[0]
        item = shown(bare.codec) if isinstance(bare, Row) and not bare.name else self.read(row.document)
        return {"type": "array", "items": item} if row.is_many else {"anyOf": [item, {"type": "null"}]}


def written_leaves(document: Document[Any], mode: Mode) -> dict[str, Schema]:
    """What may be written under each name."""
    leaves: dict[str, Schema] = {}
    for row in document.rows:
        match row:
            case Row() if mode in row.access:
                leaves[row.name] = accepted(row.codec)
            case Linked(codec=codec) if codec is not None:
                leaves[row.name] = accepted(codec)
            case _:
                pass
    return leaves


def nested(leaves: Mapping[str, Schema], *, is_closed: bool = False, required: Iterable[str] = ()) -> Schema:
    """An object from dotted names; a closed one holds all of them and nothing else."""
    tree: dict[str, Any] = {}
    for name, leaf in leaves.items():
        *folders, last = name.split(".")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[last] = ("leaf", leaf)
    return _object(tree, is_closed=is_closed, required=list(required))


def _object(tree: Mapping[str, Any], *, is_closed: bool, required: list[str]) -> Schema:
    properties = {
        name: value[1] if isinstance(value, tuple) else _object(value, is_closed=is_closed, required=[])
        for name, value in tree.items()
    }
    schema: Schema = {"type": "object"}
    if is_closed or required:
        schema["required"] = list(tree) if is_closed else required
    schema["properties"] = properties
    if is_closed:
        schema["additionalProperties"] = False
    return schema


def flat(leaves: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A form: `a[b]` for a nested value, `a[]` for a list; counted names and maps are patterns."""
    properties: dict[str, Schema] = {}
    patterns: dict[str, Schema] = {}
    for name, leaf in leaves.items():
        head, *rest = name.split(".")
        written = head + "".join(f"[{part}]" for part in rest)
        match leaf.get("type"):
            case "array":
                properties[f"{written}[]"] = leaf
                patterns[rf"^{written}\[\d+\]$"] = leaf["items"]
            case "object":
                patterns[rf"^{written}\[[^\[\]]+\]"] = {"type": "string"}
            case _:
                properties[written] = leaf
    schema: Schema = {"type": "object", "properties": properties}
    if patterns:
        schema["patternProperties"] = patterns
    if wanted := list(required):
        schema["required"] = wanted
    return schema


def searched(kind: str, form: str) -> Schema:
    """How a search for fields of a kind is written: one value, a range, a list or a part."""
    value = SEARCHED[kind]
    pattern = {"": f"^{value}$", "Range": f"^{value},{value}$", "List": f"^{value}(,{value})*$"}.get(form)
    if kind == "text" and form == "":
        pattern = None
    schema: Schema = {"type": "string", "description": WORDS_OF_ENDINGS[form]}
    return schema if pattern is None else {**schema, "pattern": pattern}
