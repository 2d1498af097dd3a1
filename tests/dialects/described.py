"""Holds answers against the served description: their status, their media type and their JSON."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from lxml import etree

from comptoir.dialects.coredna.description import description

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.dialects.wire import Answer

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@cache
def written() -> dict[str, Any]:
    """The description as a client reads it."""
    read: dict[str, Any] = json.loads(json.dumps(description()))
    return read


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Every described operation, by the route's id."""
    return {
        operation["operationId"]: operation | {"method": method.upper(), "path": path}
        for path, verbs in written()["paths"].items()
        for method, operation in verbs.items()
    }


def operation_of(route: str) -> dict[str, Any]:
    """What is described of a route."""
    return operations()[route.replace(".", "_")]


def faults_of(route: str, answer: Answer, *, is_head: bool = False) -> list[str]:
    """Everything in which an answer is not as described."""
    content = _contents(route).get(answer.status)
    if content is None:
        return [f"status {answer.status} is not described"]
    media_type = (answer.headers.get("content-type") or "").partition(";")[0]
    if media_type not in content:
        return [f"media type {media_type} is not described"]
    if is_head:
        return []
    if media_type.endswith("xml"):
        return list(_faults_of_xml(answer.body))
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in content[media_type].iter_errors(json.loads(answer.body))
    ]


def _faults_of_xml(body: bytes) -> Iterator[str]:
    try:
        root = etree.fromstring(body, PARSER)
    except etree.XMLSyntaxError as error:
        yield str(error)
    else:
        if [child.tag for child in root][-2:] != ["transaction_id", "time"]:
            yield "the envelope is incomplete"


@cache
def _contents(route: str) -> dict[int, dict[str, Any]]:
    """The validators of a route's answers, by status and media type."""
    components = written()["components"]
    found: dict[int, dict[str, Any]] = {}
    for status, response in operation_of(route)["responses"].items():
        said = components["responses"][response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
        found[int(status)] = {
            media_type: _validator(json.dumps(each["schema"])) for media_type, each in said["content"].items()
        }
    return found


@cache
def _validator(schema: str) -> Any:
    """A schema's validator; made once for all routes, and without what is never shown, for it takes memory."""
    shown = {
        name: each
        for name, each in written()["components"]["schemas"].items()
        if not name.startswith("New") and not name.endswith(("Search", "Form", "Change"))
    }
    return jsonschema_rs.validator_for({**json.loads(schema), "components": {"schemas": shown}})
