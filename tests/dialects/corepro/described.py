"""Holds answers against the served description."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema_rs

from comptoir.dialects.corepro.description import description


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


def faults_of(call: str, data: Any) -> list[str]:
    """Everything in which the data of a success is not as described; None is data that is absent."""
    document = {"errors": [], "requestId": "0b0e6f5c-5d0a-4f86-9f5b-6a2f9c1d7e11", "status": 200}
    return [
        f"{'.'.join(map(str, error.instance_path))}: {error.message[:300]}"
        for error in _validator(call).iter_errors(document | ({} if data is None else {"data": _plain(data)}))
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


@cache
def _validator(call: str) -> Any:
    responses = operations()[call.replace(".", "_")]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for(
        {**schema, "components": {"schemas": written()["components"]["schemas"]}}
    )
