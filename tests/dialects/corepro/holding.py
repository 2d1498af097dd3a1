"""Holds an answer against what a case says of it, and against what is true of every answer."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.dialects.corepro.asking import JSON_TYPE
from tests.dialects.corepro.described import faults_of
from tests.dialects.expectations import at, faults_of_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.wire import Answer

OWN = frozenset({"data_absent", "errors", "file_begins", "lengths", "throttle", "user"})
_NOWHERE = "no such place"


def hold(exchange: Mapping[str, Any], answer: Answer, call: str | None = None) -> dict[str, Any]:
    """Asserts all that the exchange says of its answer, and what is true of every answer; gives back the envelope."""
    assert answer.status == exchange.get("status", 200), answer.body[:3000]
    if "file_begins" in exchange:
        assert answer.headers.get("Content-Type") == "application/pdf"
        assert answer.body.startswith(exchange["file_begins"].encode())
        return {}
    assert answer.headers.get("Content-Type") == JSON_TYPE
    assert answer.headers.get("Set-Cookie") is None
    for name, pattern in exchange.get("answer_headers", {}).items():
        assert re.search(pattern, answer.headers.get(name) or ""), (name, answer.headers.get(name))
    if exchange.get("body_empty"):
        assert answer.body == b""
        return {}
    envelope = read_envelope(answer)
    _hold_errors(exchange, envelope["errors"])
    _hold_data(exchange, envelope)
    if call is not None and answer.status == 200:
        assert faults_of(call, envelope.get("data")) == []
    assert ("throttle" in envelope) == ("throttle" in exchange)
    if "throttle" in exchange:
        assert faults_of_part(exchange["throttle"], numbers(envelope["throttle"]), "throttle") == []
    return envelope


def read_envelope(answer: Answer) -> dict[str, Any]:
    """The envelope of an answer, what must hold for each checked (reference 1.4)."""
    envelope: dict[str, Any] = json.loads(answer.body, object_pairs_hook=_in_order, parse_float=Decimal)
    assert envelope.keys() <= {"data", "errors", "requestId", "status", "throttle"}
    assert envelope["status"] == answer.status
    assert str(UUID(envelope["requestId"])) == envelope["requestId"].lower()
    assert envelope["requestId"] == answer.headers.get("X-Request-Id")
    assert bool(envelope["errors"]) == (answer.status != 200)
    assert "data" not in envelope or answer.status == 200
    assert isinstance(envelope.get("data", {}), dict | list), "never bare"
    for error in envelope["errors"]:
        assert error.keys() == {"code", "message"}
        assert 0 < error["code"] < 2**31
        assert error["message"].strip()
    return envelope


def _in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keys stand in alphabetical order, none is null, and dates are of the one form that all clients read."""
    keys = [key for key, _ in pairs]
    assert keys == sorted(keys), keys
    for key, value in pairs:
        assert value is not None, key
        if key.endswith("Date") and isinstance(value, str):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", value), (key, value)
            datetime.fromisoformat(value)
        if key.endswith(("Amount", "Balance")) and not isinstance(value, str | dict | list):
            assert isinstance(value, Decimal), (key, value)
            assert value.as_tuple().exponent == -2, (key, value)
    return dict(pairs)


def numbers(value: Any) -> Any:
    """The value with its decimals as a case file writes them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: numbers(each) for key, each in value.items()}
    return [numbers(each) for each in value] if isinstance(value, list) else value


def _hold_errors(exchange: Mapping[str, Any], errors: list[dict[str, Any]]) -> None:
    told = exchange.get("errors", [])
    if "errors" in exchange:
        assert [error["code"] for error in errors] == [error["code"] for error in told], errors
    for wanted, found in zip(told, errors, strict=False):
        if "message" in wanted:
            assert found["message"] == wanted["message"]


def _hold_data(exchange: Mapping[str, Any], envelope: dict[str, Any]) -> None:
    data = numbers(envelope.get("data"))
    if exchange.get("data_absent"):
        assert "data" not in envelope
    faults = faults_of_part(exchange["data"], data) if "data" in exchange else []
    assert not faults, "\n".join(faults)
    if "data_exact" in exchange:
        assert data == exchange["data_exact"]
    for place, length in exchange.get("lengths", {}).items():
        assert len(at(data, place) if place else data) == length, (place, data)
    for place in exchange.get("absent", []):
        assert at(data, place) is at(data, _NOWHERE), place
    for place, value in exchange.get("data_not", {}).items():
        assert at(data, place) != value, place
    for place, pattern in exchange.get("matches", {}).items():
        assert re.fullmatch(pattern, str(at(data, place))), (place, at(data, place))
