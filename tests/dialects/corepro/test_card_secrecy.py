"""What callers say of a card's number, its PIN and its code is heard, and neither kept nor told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import structlog

from tests.dialects.corepro.asking import credentials
from tests.domain.banking.cards.given import kept
from tests.domain.banking.cards.test_secrecy import PIN, sealed_pin

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

NUMBER, CODE = "4485901234567899", "739"


def test_no_secret_that_is_sent_stays(wire: BankWire, world: World) -> None:
    world("cards")
    pin = wire.shop.read(sealed_pin)
    said = {
        "customerId": 1, "cardId": 1, "cardNumberMasked": NUMBER, "cardNumber": NUMBER, "cvv": CODE, "newPin": pin,
        "pin": PIN, "birthDate": "1980-01-01", "expireMonth": 3, "expireYear": 2029, "firstName": "First",
        "lastName": "Last", "vendorTypeCode": "VS", "primaryAccountId": 4,
    }  # fmt: skip
    answers = []
    with structlog.testing.capture_logs() as told:
        for number, action in enumerate(
            ("initiate", "verify", "verifyByCvv", "resetPin", "createDigital", "get")
        ):
            got = wire.request(
                "POST", f"/card/{action}", key="none", raw=json.dumps(said).encode(), content_type="application/json",
                headers={"Authorization": credentials("updating"), "Idempotency-Key": f"once-{number}"},
            )  # fmt: skip
            answers.append((got.status, got.body))
    assert [status for status, _ in answers] == [200, 400, 400, 200, 200, 405]
    everything = b"\n".join([kept(wire.shop), repr(told).encode(), *(body for _, body in answers)])
    for secret in (NUMBER, NUMBER[:15], NUMBER[6:], pin, f"{NUMBER[:4]} {NUMBER[4:8]}"):
        assert secret.encode() not in everything, secret
    for word in (PIN, CODE):
        assert not re.search(rb"(?<![0-9A-Za-z.])" + word.encode() + rb"(?![0-9A-Za-z])", everything), word
