"""The 2Checkout dialect described in OpenAPI 3.1, from its calls and what they say of themselves."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from comptoir import __version__
from comptoir.dialects.codecs import Schema
from comptoir.dialects.openapi import Schemas, ref
from comptoir.dialects.twocheckout.calls import ApiCall
from comptoir.dialects.twocheckout.routes import CALLS
from comptoir.dialects.twocheckout.shapes import Nested, OrNull, Several, Shape, Taken, an_object
from comptoir.dialects.wire import Document

JSON, XML, HTML = "application/json", "application/xml", "text/html"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TEXT: Schema = {"type": "string", "minLength": 1}
XML_ROOT: Schema = {
    "type": "object",
    "xml": {"name": "response"},
    "description": "The same members as elements below `response`; a list repeats its element.",
}
OUTLINE: Schema = {"type": "string", "description": "The same members as an outline in the microformat XOXO."}
REFUSALS = {
    "400": (
        "Refused",
        "The parameters or the present state do not allow it; the first of `errors` says why.",
    ),
    "401": ("Stranger", "No API user was named, or the password is wrong."),
}
CHALLENGE = {"WWW-Authenticate": {"schema": {"const": 'Basic realm="2CO API"'}}}
ERRORS: Schema = an_object({
    "errors": {
        "type": "array",
        "minItems": 1,
        "items": an_object({"code": TEXT, "message": TEXT, "parameter": TEXT}, optional=("parameter",)),
    },
    "response_code": TEXT,
    "response_message": TEXT,
})  # fmt: skip
INTRODUCTION = """\
The legacy 2Checkout Admin API, answered by comptoir.

Say the name and the password of an API user by Basic authentication. Answers are XML; `Accept:
application/json` asks for JSON, `Accept: text/html` for an outline in HTML. Each answer holds
`response_code` and `response_message` beside what was asked for, and `errors` when it was refused.

What is only read may be asked by GET or by POST, what changes something by POST alone. Parameters come in
the query, in a form or in both; unknown ones are left alone. Amounts and numbers of records are texts.
"""


class Names(dict[Document[Any], str]):
    """What each document is called: after the record that it shows, and a number when there are several."""

    def __missing__(self, document: Document[Any]) -> str:
        """Find a name when the document is first used."""
        stem = document.record.__name__
        taken = [name for name in self.values() if name.rstrip("0123456789") == stem]
        name = self[document] = f"{stem}{len(taken) + 1}" if taken else stem
        return name


@cache
def description() -> Mapping[str, Any]:
    """The whole description; made once, since the calls do not change while we run."""
    schemas = Schemas(Names())
    paths = {call.route.path: _operations(call, schemas) for call in CALLS}
    schemas.components["Errors"] = ERRORS
    kept = {
        name: schema for name, schema in sorted(schemas.components.items()) if _is_used(name, paths, schemas)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "comptoir, 2Checkout dialect",
            "version": __version__,
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"basic": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tag_of(call) for call in CALLS)],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "An API user and its password."}
            },
            "responses": {name: _refusal(status, text) for status, (name, text) in REFUSALS.items()},
            "schemas": kept,
        },
    }


def _is_used(name: str, paths: Mapping[str, Any], schemas: Schemas) -> bool:
    """Whether anything points at a schema; those of searches, which every description begins with, may be unused."""
    mark = f"'{ref(name)['$ref']}'"
    return name == "Errors" or mark in str(paths) or mark in str(schemas.components)


def _tag_of(call: ApiCall) -> str:
    return call.path.partition("/")[0].capitalize()


def _operations(call: ApiCall, schemas: Schemas) -> dict[str, Any]:
    name = call.id.replace(".", "_")
    said = {
        "tags": [_tag_of(call)],
        "summary": call.text or _words_of(call),
        "responses": _responses(call, schemas),
    }
    posted: dict[str, Any] = said | ({"requestBody": _body(call)} if call.takes else {})
    if call.is_write:
        return {"post": {"operationId": name, **posted}}
    asked = said | {"parameters": [_parameter(taken) for taken in call.takes]}
    return {"get": {"operationId": name, **asked}, "post": {"operationId": f"{name}_by_post", **posted}}


def _words_of(call: ApiCall) -> str:
    return call.path.partition("/")[2].replace("_", " ").capitalize()


def _taken(taken: Taken) -> Schema:
    return {"type": "array", "items": taken.schema} if taken.is_repeated else taken.schema


def _parameter(taken: Taken) -> Schema:
    said: Schema = {
        "name": taken.name, "in": "query", "required": taken.is_required, "schema": _taken(taken)
    }  # fmt: skip
    return said | ({"description": taken.text} if taken.text else {})


def _body(call: ApiCall) -> Schema:
    schema: Schema = {
        "type": "object",
        "required": [taken.name for taken in call.takes if taken.is_required],
        "properties": {
            taken.name: _taken(taken) | ({"description": taken.text} if taken.text else {})
            for taken in call.takes
        },
    }
    return {"required": bool(schema["required"]), "content": {form: {"schema": schema} for form in FORMS}}


def _responses(call: ApiCall, schemas: Schemas) -> dict[str, Any]:
    members = {name: _schema(shape, schemas) for name, shape in call.shows.items()}
    document = an_object({**members, "response_code": {"const": "OK"}, "response_message": TEXT})
    return {
        "200": {"description": "It is done.", "content": _content(document)},
        **{status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in REFUSALS.items()},
    }


def _schema(shape: Shape | Nested, schemas: Schemas) -> Schema:
    match shape:
        case Several(item):
            return {"type": "array", "items": _schema(item, schemas)}
        case OrNull(value):
            return {"anyOf": [_schema(value, schemas), {"type": "null"}]}
        case Document():
            return schemas.read(shape)
        case dict():
            return shape


def _refusal(status: str, text: str) -> Schema:
    said: Schema = {"description": text, "content": _content(ref("Errors"))}
    return said | ({"headers": CHALLENGE} if status == "401" else {})


def _content(schema: Schema) -> Schema:
    return {JSON: {"schema": schema}, XML: {"schema": XML_ROOT}, HTML: {"schema": OUTLINE}}
