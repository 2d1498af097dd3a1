"""The CorePro dialect described in OpenAPI 3.1, from its calls and what they say of themselves."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from comptoir import __version__
from comptoir.dialects.corepro.calls import ApiCall
from comptoir.dialects.corepro.routes import CALLS
from comptoir.dialects.corepro.shapes import MOMENT, Schema, Taken, a_list, an_object
from comptoir.dialects.corepro.words import INT32

JSON = "application/json"
GUID: Schema = {"type": "string", "format": "uuid"}
ERROR: Schema = an_object(
    {
        "code": {"type": "integer", "minimum": 1, "maximum": INT32},
        "message": {"type": "string", "minLength": 1},
    },
    always=("code", "message"),
)
THROTTLE: Schema = an_object(
    {
        "periodEndsAt": MOMENT,
        "periodLengthInSeconds": {"type": "integer"},
        "periodRequestLimit": {"type": "integer"},
        "requestsRemainingInPeriod": {"type": "integer", "minimum": 0},
        "warningThreshold": {"type": "number"},
    },
    always=("periodEndsAt", "requestsRemainingInPeriod"),
)
REFUSALS = {
    "400": (
        "Refused",
        "The request, or the present state of things, does not allow it; each of `errors` says one reason.",
    ),
    "401": ("Stranger", "No key was named, or its secret is wrong (50401)."),
    "403": ("Elsewhere", "The key may not be used at this address (50403)."),
    "429": ("TooMany", "The key has asked too often in this second (50429)."),
}
CHALLENGE = {"WWW-Authenticate": {"schema": {"const": 'Basic realm="CorePro"'}}}
INTRODUCTION = """\
The Q2 CorePro API (now Helix), answered by comptoir.

Say the key and its secret by Basic authentication. Every answer is one JSON object: `data`, when there is any,
`errors`, which is empty after a success, `requestId` and `status`, which is also the HTTP status.

Paths and the names of members are taken in any case. In a path or a query, an empty place, `null` and
`undefined` say nothing. Members that are null are left out of answers, and leave alone what they name in requests.
"""


@cache
def description() -> Mapping[str, Any]:
    """The whole description; made once, since the calls do not change while we run."""
    paths: dict[str, Any] = {}
    for call in CALLS:
        paths.setdefault(call.route.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "comptoir, CorePro dialect",
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
                "basic": {"type": "http", "scheme": "basic", "description": "A key and its secret."}
            },
            "responses": {name: _refusal(status, text) for status, (name, text) in REFUSALS.items()},
            "schemas": {"Error": ERROR, "Errors": _errors(), "Throttle": THROTTLE},
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _tag_of(call: ApiCall) -> str:
    return call.path.partition("/")[0] or "welcome"


def _operation(call: ApiCall) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.id.replace(".", "_"),
        "tags": [_tag_of(call)],
        "summary": call.text or call.path,
        "responses": _responses(call),
    }
    if parameters := [_parameter(taken) for taken in call.takes if taken.where != "body"]:
        operation["parameters"] = parameters
    if call.method == "POST":
        operation["requestBody"] = _body(call)
    return operation


def _parameter(taken: Taken) -> Schema:
    said: Schema = {
        "name": taken.name,
        "in": taken.where,
        "required": taken.is_required,
        "schema": taken.schema,
    }
    if taken.where == "path":
        # A place that may be left out is never missing from the path: `null` stands in it.
        said["required"] = True
        if not taken.is_required:
            said["schema"] = {"anyOf": [taken.schema, {"const": "null"}]}
    return said | ({"description": taken.text} if taken.text else {})


def _body(call: ApiCall) -> Schema:
    members = [taken for taken in call.takes if taken.where == "body"]
    required = [taken.name for taken in members if taken.is_required]
    schema: Schema = {
        "type": "object",
        "required": required,
        "properties": {
            taken.name: taken.schema | ({"description": taken.text} if taken.text else {})
            for taken in members
        },
    }
    return {"required": bool(required), "content": {JSON: {"schema": schema}}}


def _responses(call: ApiCall) -> dict[str, Any]:
    text = "It is done."
    if call.codes:
        text = f"{text} Codes of refusals: {', '.join(map(str, call.codes))}."
    return {
        "200": {"description": text, "content": _content(call)},
        **{status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in REFUSALS.items()},
    }


def _content(call: ApiCall) -> Schema:
    return {call.gives: {}} if call.gives else {JSON: {"schema": envelope(call)}}


def envelope(call: ApiCall) -> Schema:
    """The envelope of a call's success; a call that shows something may still have nothing to show."""
    members: dict[str, Schema] = {
        "errors": {"type": "array", "maxItems": 0}, "requestId": GUID, "status": {"const": 200},
        "throttle": _ref("Throttle"),
    }  # fmt: skip
    if call.shows is not None:
        members["data"] = call.shows
    return an_object(members, always=("errors", "requestId", "status"))


def _errors() -> Schema:
    return an_object(
        {
            "errors": {**a_list(_ref("Error")), "minItems": 1}, "requestId": GUID,
            "status": {"type": "integer", "minimum": 400}, "throttle": _ref("Throttle"),
        },
        always=("errors", "requestId", "status"),
    )  # fmt: skip


def _refusal(status: str, text: str) -> Schema:
    said: Schema = {"description": text, "content": {JSON: {"schema": _ref("Errors")}}}
    return said | ({"headers": CHALLENGE} if status == "401" else {})
