"""Holds an answer in any of the three formats against what a case says of it, once for all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comptoir.dialects.render import element_name
from tests.dialects.expectations import at, faults_of_part
from tests.dialects.twocheckout.asking import FORMATS, read_json, read_xml, read_xoxo
from tests.dialects.twocheckout.described import faults_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.wire import Answer

OWN = frozenset({"errors", "message", "user", "format", "lengths"})
_NOTHING: tuple[object, ...] = (None, [], {})


def hold(exchange: Mapping[str, Any], answer: Answer, form: str, call: str | None = None) -> None:
    """Asserts all that the exchange says of its answer, and what is true of every answer."""
    assert answer.status == exchange.get("status", 200), answer.body[:2000]
    form = exchange.get("format", form)
    assert answer.headers.get("Content-Type") == f"{FORMATS[form]}; charset=utf-8"
    assert answer.headers.get("Set-Cookie") is None
    for name, pattern in exchange.get("answer_headers", {}).items():
        assert re.search(pattern, answer.headers.get(name) or ""), (name, answer.headers.get(name))
    if exchange.get("body_empty"):
        assert answer.body == b""
        return
    told = told_of(exchange)
    match form:
        case "json":
            found = read_json(answer.body)
            _hold_places(exchange, found)
            assert ("errors" in found) == (answer.status >= 400)
            assert not (call and answer.status < 400) or faults_of(call, found) == []
            faults = faults_of_part(told, found, "document")
        case "xoxo":
            faults = faults_of_part(plain(told), read_xoxo(answer.body), "document")
        case _:
            faults = faults_of_xml(told, read_xml(answer.body), "document")
    assert not faults, "\n".join(faults)


def told_of(exchange: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the document that the exchange tells."""
    told = dict(exchange.get("data", {}))
    if "errors" in exchange:
        told["errors"] = exchange["errors"]
        told["response_code"] = exchange["errors"][0]["code"]
        told["response_message"] = exchange["errors"][0]["message"]
    elif exchange.get("status", 200) == 200:
        told["response_code"] = "OK"
    if "message" in exchange:
        told["response_message"] = exchange["message"]
    return told


def plain(value: Any) -> Any:
    """What is left of a value in an outline: objects, lists and texts."""
    if value in _NOTHING:
        return ""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value)


def faults_of_xml(told: Any, found: Any, where: str) -> list[str]:
    """The same for elements, of which every name holds a list, and an empty list is no element at all."""
    if isinstance(told, dict) and (isinstance(found, dict) or found == ""):
        found = found or {}
        return [fault for key, each in told.items() for fault in _faults_of_element(key, each, found, where)]
    text = plain(told)
    return [] if text == found else [f"{where}: {found!r}, not {text!r}"]


def _faults_of_element(key: str, told: Any, found: dict[str, Any], where: str) -> list[str]:
    name, wanted = element_name(key), told if isinstance(told, list) else [told]
    elements = found.get(name, [])
    if len(elements) != len(wanted):
        return [f"{where}.{name}: {len(elements)} elements, not {len(wanted)}"]
    return [
        fault
        for n, each in enumerate(wanted)
        for fault in faults_of_xml(each, elements[n], f"{where}.{name}.{n}")
    ]


def _hold_places(exchange: Mapping[str, Any], found: Any) -> None:
    """What can only be said of JSON, where places, lengths and nothing are told apart."""
    for place, length in exchange.get("lengths", {}).items():
        assert len(at(found, place)) == length, place
    for place in exchange.get("absent", []):
        assert at(found, place) is at(found, "no such place"), place
    for place, value in exchange.get("data_not", {}).items():
        assert at(found, place) != value, place
    for place, pattern in exchange.get("matches", {}).items():
        assert re.fullmatch(pattern, str(at(found, place))), (place, at(found, place))
    if "data_exact" in exchange:
        assert found == exchange["data_exact"] | {
            name: found[name] for name in ("response_code", "response_message")
        }
