"""Runs the published body vectors: however a body is sent, the same record comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.expectations import envelope_of, faults_of_part
from tests.dialects.published import facts

if TYPE_CHECKING:
    from tests.dialects.wire import Answer, Wire, World

GROUPS = {group["id"]: group for group in facts("body_vectors")["coredna_bodies"]}

# Where each group is sent, and what the answer must hold of it.
TARGETS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "product_nested": (
        "POST",
        "/products",
        {
            "name": "Widget",
            "available": {"quantity": "7"},
            "prices": {"rrp": "9.5000"},
            "categories": [{"id": "1"}, {"id": "5"}],
            "custom_fields": [
                {"name": "Top Loader", "value": "true"},
                {"name": "Front Loader", "value": "false"},
            ],
        },
    ),
    "log_two_levels": (
        "POST",
        "/orders/123/logs",
        {"action": "Sync", "data": {"status": {"old": "new", "new": "shipped"}}, "result": True},
    ),
    "put_one_utf8_field": ("PUT", "/products/1234", {"name": "Zoë Ø", "code": "SPARKLE-1234"}),
}
READABLE = [
    pytest.param(name, body, id=f"{name} {number}")
    for name in TARGETS
    for number, body in enumerate(GROUPS[name]["bodies"], 1)
]


def _send(wire: Wire, method: str, path: str, body: dict[str, Any]) -> Answer:
    if "parts" in body:
        parts = [(str(name), str(text)) for name, text in body["parts"]]
        return wire.request(method, path, multipart=parts)
    return wire.request(method, path, raw=body["text"].encode(), content_type=body["type"])


@pytest.mark.parametrize(("group", "body"), READABLE)
def test_body_is_read(group: str, body: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    method, path, told = TARGETS[group]
    answer = _send(wire, method, path, body)
    assert answer.status == (201 if method == "POST" else 200), answer.body
    assert faults_of_part(told, envelope_of(answer)["data"]) == []


@pytest.mark.parametrize("body", GROUPS["refused"]["bodies"], ids=lambda each: each["why"])
def test_body_is_refused(body: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    names_an_action = ["action", "Sync"] in body.get("parts", [])
    answer = _send(wire, "POST", "/orders/123/logs" if names_an_action else "/products", body)
    assert answer.status == GROUPS["refused"]["expect"]["status"]
    envelope_of(answer)
