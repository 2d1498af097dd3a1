"""Sends one exchange of a case and holds the answer against what the case says of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from tests.dialects.cases import unrolled
from tests.dialects.shapes import faults_of_shape, shapes
from tests.dialects.wire import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.wire import Answer, Wire

_MISSING = object()


def ask(wire: Wire, exchange: Mapping[str, Any]) -> Answer:
    """Sends the request of an exchange."""
    method, path = exchange["ask"].split(" ", 1)
    headers = dict(exchange.get("headers", {}))
    if "accept" in exchange:
        headers["Accept"] = exchange["accept"]
    raw = unrolled(exchange["raw"]).encode() if "raw" in exchange else None
    if "raw_bytes" in exchange:
        raw = exchange["raw_bytes"].encode("latin-1")
    form = {unrolled(key): unrolled(str(text)) for key, text in exchange.get("form", {}).items()}
    parts = [(unrolled(key), unrolled(text)) for key, text in exchange.get("multipart", [])]
    return wire.request(
        method,
        unrolled(path),
        headers=headers,
        key=exchange.get("key", KEY),
        auth=exchange.get("auth", "bearer"),
        form=form or None,
        multipart=parts or None,
        json=exchange.get("json"),
        raw=raw,
        content_type=exchange.get("content_type"),
    )


def at(value: Any, dotted: str) -> Any:
    """What stands at a dotted place, list positions included; a mark when nothing does."""
    for part in dotted.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def envelope_of(answer: Answer) -> dict[str, Any]:
    """The answer read as JSON, its envelope checked (Core dna reference, section 1.4)."""
    envelope: dict[str, Any] = json.loads(answer.body)
    first = "error" if answer.status >= 400 else "data"
    assert list(envelope) == [first, "transaction_id", "time"]
    assert type(envelope["transaction_id"]) is int
    assert re.fullmatch(r"\d+ms", envelope["time"])
    if first == "error":
        assert isinstance(envelope["error"], str)
        assert envelope["error"]
    return envelope


def xml_of(answer: Answer) -> tuple[str, str]:
    """The answer read as XML: what stands in `root` before `transaction_id` and `time`, and the former."""
    root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == "root"
    *content, transaction_id, time = list(root)
    assert (transaction_id.tag, time.tag) == ("transaction_id", "time")
    assert {element.tag for element in content} in ({"data"}, {"error"})
    return "".join(etree.tostring(each, encoding="unicode", with_tail=False) for each in content), str(
        transaction_id.text
    )


def faults_of_part(told: Any, found: Any, where: str = "data") -> list[str]:
    """In what the answer lacks what is told of it: objects may hold more, lists may not."""
    if isinstance(told, dict) and isinstance(found, dict):
        return [
            fault
            for key, each in told.items()
            for fault in faults_of_part(each, found.get(key, _MISSING), f"{where}.{key}")
        ]
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        return [
            fault for n, each in enumerate(told) for fault in faults_of_part(each, found[n], f"{where}.{n}")
        ]
    if type(told) is type(found) and told == found:
        return []
    shown = "nothing" if found is _MISSING else repr(found)
    return [f"{where}: {shown}, not {told!r}"]


def hold(exchange: Mapping[str, Any], answer: Answer) -> int | None:
    """Asserts all that the exchange says of its answer; gives back the answer's transaction id."""
    expected = exchange.get("status", [200, 201])
    assert answer.status in (expected if isinstance(expected, list) else [expected]), answer.body[:2000]
    _hold_headers(exchange, answer)
    if exchange.get("body_empty"):
        assert answer.body == b""
        return None
    if "xml" in (answer.headers.get("Content-Type") or ""):
        content, transaction_id = xml_of(answer)
        if "xml" in exchange:
            assert content == _canonical(exchange["xml"])
        for part in exchange.get("xml_contains", []):
            assert part in content
        return int(transaction_id)
    assert "xml" not in exchange, "the answer is not XML"
    assert "xml_contains" not in exchange, "the answer is not XML"
    envelope = envelope_of(answer)
    if "error" in envelope:
        _hold_error(exchange, envelope["error"])
    else:
        _hold_data(exchange, envelope["data"])
    return int(envelope["transaction_id"])


def _canonical(xml: str) -> str:
    root = etree.fromstring(f"<root>{xml}</root>".encode())
    return "".join(etree.tostring(each, encoding="unicode", with_tail=False) for each in root)


def _hold_headers(exchange: Mapping[str, Any], answer: Answer) -> None:
    for name, pattern in exchange.get("answer_headers", {}).items():
        assert re.search(pattern, answer.headers.get(name) or "", re.IGNORECASE), (
            name,
            answer.headers.get(name),
        )
    if "allow" in exchange:
        allowed = {verb.strip() for verb in (answer.headers.get("Allow") or "").split(",")}
        # HEAD and OPTIONS are no verbs of the reference; a server may name them or not.
        assert allowed - {"HEAD", "OPTIONS"} == set(exchange["allow"])


def _hold_error(exchange: Mapping[str, Any], error: str) -> None:
    if "reason" in exchange:
        assert error.startswith(exchange["reason"]), error
    for part in exchange.get("error_contains", []):
        assert part.casefold() in error.casefold(), (part, error)


def _hold_data(exchange: Mapping[str, Any], data: Any) -> None:
    faults = faults_of_part(exchange["data"], data) if "data" in exchange else []
    if "shape" in exchange:
        shape = exchange["shape"]
        listed = isinstance(shape, str) and shape.startswith("[")
        faults += faults_of_shape(data, [shape[1:-1]] if listed else shape, shapes("coredna"))
    assert not faults, "\n".join(faults)
    if "data_exact" in exchange:
        assert data == exchange["data_exact"]
    _hold_ids(exchange, data)
    _hold_places(exchange, data)


def _hold_ids(exchange: Mapping[str, Any], data: Any) -> None:
    if "ids" in exchange:
        assert [int(each["id"]) for each in data] == exchange["ids"]
    if "first_ids" in exchange:
        wanted = exchange["first_ids"]
        assert [int(each["id"]) for each in data[: len(wanted)]] == wanted


def _hold_places(exchange: Mapping[str, Any], data: Any) -> None:
    for place, value in exchange.get("data_not", {}).items():
        assert at(data, place) != value, place
    for place in exchange.get("absent", []):
        assert at(data, place) is _MISSING, place
    for place, pattern in exchange.get("matches", {}).items():
        assert re.fullmatch(pattern, str(at(data, place))), (place, at(data, place))
