"""The published examples, pasted against the demo, are answered as they are against the documented world."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from PIL import Image

from comptoir.demo.documented import DOCUMENTED_PLAN, FILED, FOLDER
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.tables import KINDS
from tests.dialects.expectations import envelope_of
from tests.dialects.published import documented_requests, facts, send
from tests.dialects.shapes import faults_of_shape

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop
    from tests.dialects.conftest import LocalWire

REQUESTS = documented_requests()
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each["id"])
def test_documented_request(request_: dict[str, Any], wire: LocalWire) -> None:
    answer = send(wire, request_, headers=JSON)
    envelope = envelope_of(answer)
    assert answer.status == request_["status"], envelope
    assert faults_of_shape(envelope["data"], request_["answers"], facts("shapes")) == []
    assert envelope["data"], "a printed request meets a record"


@pytest.mark.parametrize("name", FILED)
def test_documented_records_stay_as_they_are(name: str, demo: OpenShop) -> None:
    sink = BytesIO()
    demo.read(lambda tx: export_kind(tx, KINDS[name], sink))
    kept = {row["id"]: row for row in map(msgspec.json.decode, sink.getvalue().splitlines())}
    for line in FOLDER.joinpath(f"{name}.jsonl").read_bytes().splitlines():
        row = msgspec.json.decode(line)
        found = kept[row["id"]]
        if row["id"] == DOCUMENTED_PLAN:
            row |= {"is_active": False, "updated_at": found["updated_at"]}
        assert found == row


def test_documented_records_come_first(wire: LocalWire) -> None:
    for path in ("/products", "/products/brands", "/products/categories", "/orders", "/users"):
        listed = envelope_of(wire.request("GET", path, headers=JSON))["data"]
        ids = [int(one["id"]) for one in listed]
        assert ids == sorted(ids)
        assert ids[0] in {1, 10, 46, 3}


@pytest.mark.parametrize(
    ("path", "slot"),
    [("/products/1234", "image1"), ("/products/brands/10", "image1"), ("/products/categories/1", "image1")],
)
def test_pictures_of_documented_records_are_seen(wire: LocalWire, path: str, slot: str) -> None:
    images = envelope_of(wire.request("GET", path, headers=JSON))["data"]["images"]
    sides = {}
    for size, file in images[slot].items():
        answer = wire.request("GET", file["uri"], key="none")
        assert answer.status == 200
        assert answer.headers["content-type"] == "image/png"
        sides[size] = max(Image.open(BytesIO(answer.body)).size)
    assert sides == {"original": 480, "small": 150, "medium": 400, "thumbnail": 75}


def test_what_the_examples_create_has_a_picture(wire: LocalWire) -> None:
    create = next(one for one in REQUESTS if one["id"] == "products.create")
    made = envelope_of(send(wire, create, headers=JSON))["data"]
    assert made["slug"] == "mr-sparkle"
    file = made["images"]["image1"]["original"]
    assert file["filename"].endswith(".jpg")
    answer = wire.request("GET", file["uri"], key="none")
    assert Image.open(BytesIO(answer.body)).format == "JPEG"
