"""XML says what JSON says: every printed reading, asked for in both, compared by the published rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from tests.dialects.expectations import envelope_of, xml_of
from tests.dialects.published import documented_requests, facts, send

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

READINGS = [request for request in documented_requests() if request["method"] == "GET"]
VECTORS = facts("body_vectors")["coredna_xml"]


def _element_name(key: str) -> str:
    name = re.sub(r"[^\w.-]", "_", key)
    return f"_{name}" if re.match(r"[\d.-]", name) else name


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _add(parent: etree._Element, key: str, value: Any, *, top: bool = False) -> None:
    if isinstance(value, list):
        for each in value or ([None] if top else []):
            _add(parent, key, each)
        return
    element = etree.SubElement(parent, _element_name(key))
    if isinstance(value, dict):
        for name, each in value.items():
            _add(element, name, each)
    else:
        element.text = _text(value)


def _written(key: str, value: Any) -> str:
    root = etree.Element("root")
    _add(root, key, value, top=True)
    return "".join(etree.tostring(each, encoding="unicode") for each in root)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["xml"])
def test_the_rules_as_tested_here_give_the_published_forms(vector: dict[str, Any]) -> None:
    key = "error" if "error" in vector else "data"
    assert _written(key, vector[key]) == vector["xml"]


@pytest.mark.parametrize("request_", READINGS, ids=lambda each: each["id"])
def test_xml_says_what_json_says(request_: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    in_json = envelope_of(send(wire, request_, headers={"Accept": "application/json"}))
    answer = send(wire, request_, headers={"Accept": "application/xml"})
    content, transaction_id = xml_of(answer)
    assert answer.status == request_["status"]
    assert content == _written("data", in_json["data"])
    assert int(transaction_id) > in_json["transaction_id"]
