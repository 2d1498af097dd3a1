"""Holds answers against the served description."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs

from comptoir.dialects.twocheckout.description import description


@cache
def written() -> dict[str, Any]:
    """The description as a client reads it."""
    read: dict[str, Any] = json.loads(json.dumps(description()))
    return read


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Every described operation, by its name."""
    return {
        operation["operationId"]: operation | {"method": method.upper(), "path": path}
        for path, verbs in written()["paths"].items()
        for method, operation in verbs.items()
    }


def faults_of(call: str, document: dict[str, Any]) -> list[str]:
    """Everything in which a success is not as described."""
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in _validator(call).iter_errors(document)
    ]


@cache
def _validator(call: str) -> Any:
    responses = operations()[call.replace(".", "_")]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for(
        {**schema, "components": {"schemas": written()["components"]["schemas"]}}
    )


def faults_of_refusal(document: dict[str, Any]) -> list[str]:
    """Everything in which a refusal is not as described; all calls refuse in one form."""
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in _refusals().iter_errors(document)
    ]


@cache
def _refusals() -> Any:
    return jsonschema_rs.validator_for(written()["components"]["schemas"]["Errors"])
