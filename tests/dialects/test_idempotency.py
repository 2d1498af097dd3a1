"""One write under one idempotency key happens once, whatever is sent again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from comptoir.domain.identity.answers import GivenAnswer
from tests.conftest import NOW, SECRET

if TYPE_CHECKING:
    from tests.dialects.conftest import Got, LocalWire

ONCE = {"Idempotency-Key": "order-form-17"}
WIDGET = {"name": "Widget", "code": "W-1"}


@pytest.fixture
def shop_wire(wire: LocalWire, world: Any) -> LocalWire:
    """A client of the documented world."""
    world("documented")
    return wire


def create(wire: LocalWire, body: dict[str, str], headers: dict[str, str] = ONCE) -> Got:
    """Create a product under a key."""
    return wire.request("POST", "/products", form=body, headers=headers)


def widgets(wire: LocalWire) -> int:
    """How many products have the code."""
    return len(json.loads(wire.request("GET", "/products?code=W-1").body)["data"])


def test_a_repeated_write_gets_the_first_answer_and_changes_nothing(shop_wire: LocalWire) -> None:
    first, second = create(shop_wire, WIDGET), create(shop_wire, WIDGET)
    assert (first.status, second.status) == (201, 201)
    assert second.body == first.body
    assert second.headers.get("Idempotent-Replayed") == "true"
    assert first.headers.get("Idempotent-Replayed") is None
    assert widgets(shop_wire) == 1


def test_a_refusal_is_replayed_too_even_when_its_cause_is_gone(shop_wire: LocalWire) -> None:
    create(shop_wire, WIDGET, {"Idempotency-Key": "first"})
    refused = create(shop_wire, WIDGET, {"Idempotency-Key": "second"})
    assert refused.status == 400
    product_id = json.loads(shop_wire.request("GET", "/products?code=W-1").body)["data"][0]["id"]
    assert shop_wire.request("DELETE", f"/products/{product_id}").status == 200
    assert create(shop_wire, WIDGET, {"Idempotency-Key": "second"}).body == refused.body
    assert widgets(shop_wire) == 0


def test_another_request_under_the_same_key_is_refused_and_changes_nothing(shop_wire: LocalWire) -> None:
    create(shop_wire, WIDGET)
    other = create(shop_wire, {**WIDGET, "name": "Another"})
    assert other.status == 409
    assert "idempotency key" in json.loads(other.body)["error"]
    elsewhere = shop_wire.request("PUT", "/products/1234", form=WIDGET, headers=ONCE)
    assert elsewhere.status == 409


@pytest.mark.parametrize("key", ["", "k" * 256, "tab\there"])
def test_a_malformed_key_is_refused(shop_wire: LocalWire, key: str) -> None:
    assert create(shop_wire, WIDGET, {"Idempotency-Key": key}).status == 400
    assert widgets(shop_wire) == 0


def test_twins_in_flight_write_once_and_get_one_answer(shop_wire: LocalWire) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: create(shop_wire, WIDGET), range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert widgets(shop_wire) == 1


def test_a_key_is_forgotten_after_a_day_on_the_shops_clock(shop_wire: LocalWire) -> None:
    create(shop_wire, WIDGET)
    shop_wire.shop.system = lambda: NOW + timedelta(hours=24)
    again = create(shop_wire, {**WIDGET, "code": "W-2"})
    assert again.status == 201
    assert again.headers.get("Idempotent-Replayed") is None


def test_a_reading_request_takes_no_notice_of_the_header(shop_wire: LocalWire) -> None:
    for _ in range(2):
        answer = shop_wire.request("GET", "/products/1234", headers=ONCE)
        assert answer.status == 200
        assert answer.headers.get("Idempotent-Replayed") is None


def test_what_is_kept_of_a_request_is_no_mark_to_try_secrets_on(shop_wire: LocalWire) -> None:
    """Who has the database and guesses what was sent is told nothing: the installation's key is in the mark."""
    create(shop_wire, WIDGET)
    (kept,) = shop_wire.shop.read(lambda tx: [row[0] for row in tx.all(select(GivenAnswer.fingerprint))])
    guessed = f"POST /products?\n{urlencode(WIDGET)}".encode()
    assert kept == blake2b(guessed, digest_size=16, key=SECRET).hexdigest()
    assert kept != blake2b(guessed, digest_size=16).hexdigest()
