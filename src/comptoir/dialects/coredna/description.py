"""The Core dna dialect described in OpenAPI 3.1, from its routes and their documents."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from comptoir import __version__
from comptoir.dialects.codecs import INTEGER_MAX, Schema
from comptoir.dialects.coredna import words
from comptoir.dialects.coredna.orders import LINE, ORDER, TRANSACTION
from comptoir.dialects.coredna.refunds import REFUND
from comptoir.dialects.coredna.routes import ROUTES, paths_of
from comptoir.dialects.coredna.search import PAGE_DEFAULT, PAGING
from comptoir.dialects.coredna.warehouses import WAREHOUSE
from comptoir.dialects.edge import Route
from comptoir.dialects.openapi import Schemas, ref
from comptoir.dialects.outlines import Outline, outline_of
from comptoir.domain.identity.answers import ANSWER_KEPT, KEY_MAX

JSON = "application/json"
XML = "application/xml"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
WRITING = frozenset({"POST", "PUT", "DELETE"})
XML_ROOT: Schema = {
    "type": "object",
    "xml": {"name": "root"},
    "description": "The same members as elements below `root`; a list repeats its element.",
}
ENVELOPE = {
    "transaction_id": {"type": "integer", "minimum": 1, "description": "The request's own, rising number."},
    "time": {"type": "string", "pattern": r"^\d+ms$", "description": "How long the answer took."},
}
REFUSALS = {
    "400": ("BadRequest", "The body, the query or the present state does not allow it; `error` says why."),
    "401": ("Unauthorized", "No key was given, or the key opens nothing."),
    "404": ("NotFound", "There is no such record."),
    "405": ("MethodNotAllowed", "The path does not know this verb."),
    "409": ("KeyReused", "Another request was made under this Idempotency-Key."),
}
REFUSAL_HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Asks for Basic credentials."}},
    "405": {"Allow": {"schema": {"type": "string"}, "description": "The verbs that the path knows."}},
}
PARAMETERS: dict[str, Schema] = {
    "limit": {
        "name": "limit",
        "in": "query",
        "description": f"How many records to show at most; {PAGE_DEFAULT} unless given.",
        "schema": {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX},
    },
    "start": {
        "name": "start",
        "in": "query",
        "description": "How many records to leave out first; only together with limit.",
        "schema": {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX},
    },
    "idempotency_key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "A word of your own for this write. Sent again within "
            f"{ANSWER_KEPT // timedelta(hours=1)} hours with the same request, it replays the first answer."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX, "pattern": r"^[!-~]+$"},
    },
}
SEARCH_TEXT = (
    "Each property is a parameter of the query by itself, in any number and combination. Nested fields are "
    "written with a dot (`available.quantity`) or in brackets, and so are the fields of embedded records."
)


@cache
def description() -> Mapping[str, Any]:
    """The whole description; made once, since the tables do not change while we run."""
    schemas = Schemas(words.NAMES)
    _shape_lines(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    _expand_refunds(schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "comptoir, Core dna dialect",
            "version": __version__,
            "description": words.INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"basic": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(words.tag_of(route.id) for route in ROUTES)],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "The API key."},
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The API key as the user name, no password.",
                },
            },
            "parameters": PARAMETERS,
            "responses": {name: _refusal(status, text) for status, (name, text) in REFUSALS.items()},
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    outline = outline_of(route.handler)
    operation: dict[str, Any] = {
        "operationId": route.id.replace(".", "_"),
        "tags": [words.tag_of(route.id)],
        "summary": words.summary_of(route.id),
    }
    aliases = [path for path in paths_of(route) if path != route.path]
    if aliases:
        operation["description"] = f"Also answered at {', '.join(f'`{path}`' for path in aliases)}."
        operation["x-aliases"] = aliases
    operation["parameters"] = _parameters(route, outline, schemas)
    if outline.takes is not None:
        operation["requestBody"] = _body(outline, schemas)
    operation["responses"] = _responses(route, outline, schemas)
    return operation


def _parameters(route: Route, outline: Outline, schemas: Schemas) -> list[Schema]:
    parameters: list[Schema] = [
        {
            "name": part[1:-1],
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": INTEGER_MAX},
        }
        for part in route.path.split("/")
        if part.startswith("{")
    ]
    parameters += [
        {
            "name": asked.name, "in": "query", "required": asked.is_required, "description": asked.text,
            "schema": asked.schema, "style": "form", "explode": False,
        }
        for asked in outline.query
    ]  # fmt: skip
    if outline.form == "many" and outline.searches is not None:
        parameters += [{"$ref": "#/components/parameters/limit"}, {"$ref": "#/components/parameters/start"}]
    if outline.searches is not None:
        parameters.append({
            "name": "search", "in": "query", "style": "form", "explode": True, "description": SEARCH_TEXT,
            "schema": schemas.search(outline.searches, PAGING),
        })  # fmt: skip
    if route.method in WRITING:
        parameters.append({"$ref": "#/components/parameters/idempotency_key"})
    return parameters


def _body(outline: Outline, schemas: Schemas) -> Schema:
    assert outline.takes is not None
    content = {JSON: {"schema": schemas.body(outline.takes, outline.mode, is_form=False)}}
    form = schemas.body(outline.takes, outline.mode, is_form=True)
    content |= {media_type: {"schema": form} for media_type in FORMS}
    return {"required": outline.mode == "c", "content": content}


def _responses(route: Route, outline: Outline, schemas: Schemas) -> dict[str, Any]:
    statuses = [status for status in REFUSALS if status != "409" or route.method in WRITING]
    return {
        str(outline.status): {
            "description": words.ANSWERS[outline.form],
            "content": _content("data", _data(outline, schemas)),
        },
        **{status: {"$ref": f"#/components/responses/{REFUSALS[status][0]}"} for status in statuses},
    }


def _data(outline: Outline, schemas: Schemas) -> Schema:
    match outline.form:
        case "true":
            return {"const": True}
        case "count":
            schemas.components["Count"] = {
                "type": "object",
                "required": ["count"],
                "properties": {"count": {"type": "string", "pattern": r"^\d+$"}},
                "additionalProperties": False,
            }
            return ref("Count")
        case "one" | "many":
            assert outline.shows is not None
            shown = schemas.read(outline.shows)
            return shown if outline.form == "one" else {"type": "array", "items": shown}


def _refusal(status: str, text: str) -> Schema:
    headers = REFUSAL_HEADERS.get(status)
    said: Schema = {"description": text, "content": _content("error", {"type": "string", "minLength": 1})}
    return said if headers is None else {**said, "headers": headers}


def _content(key: str, schema: Schema) -> Schema:
    envelope = {
        "type": "object",
        "required": [key, *ENVELOPE],
        "properties": {key: schema, **ENVELOPE},
        "additionalProperties": False,
    }
    return {JSON: {"schema": envelope}, XML: {"schema": XML_ROOT}}


def _shape_lines(schemas: Schemas) -> None:
    """An order's line is a product, or a bundle with products in it, told apart by its type."""
    product = schemas.without("ProductLine", LINE, ("products",))
    bundle = schemas.without("BundleLine", LINE, ("code", "variant", "options"))
    schemas.components["BundleLine"]["properties"]["type"] = {"const": "bundle"}
    schemas.components["ProductLine"]["properties"]["type"] = {"type": "string", "not": {"const": "bundle"}}
    schemas.components["OrderLine"] = {"oneOf": [product, bundle]}


def _expand_refunds(schemas: Schemas) -> None:
    """A refund may hold its transaction and its order, if `expand` asks for them."""
    schemas.read(ORDER)
    order = dict(schemas.components["Order"])
    warehouse = _or_null([schemas.read(WAREHOUSE)])
    order["required"] = [name for name in order["required"] if name != "items"]
    order["properties"] = {**order["properties"], "warehouse": warehouse}
    schemas.components["RefundedOrder"] = order
    schemas.read(REFUND)
    refund = schemas.components["Refund"]["properties"]
    refund["transaction"] = _or_null([schemas.read(TRANSACTION)])
    refund["order"] = _or_null([ref("RefundedOrder")])


def _or_null(schemas: Sequence[Schema]) -> Schema:
    return {"anyOf": [*schemas, {"type": "null"}]}
