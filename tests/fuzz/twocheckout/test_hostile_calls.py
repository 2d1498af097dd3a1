"""Hostile requests to the Admin API: none is answered with a 5xx, and every answer is as described."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given, seed

from tests.dialects.twocheckout.described import faults_of, faults_of_refusal
from tests.fuzz.drawing import SETTINGS
from tests.fuzz.twocheckout.hostile import Attack, attacks
from tests.fuzz.twocheckout.records import known_in
from tests.fuzz.twocheckout.shapes import faults_in_shape

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import Answer, World
    from tests.fuzz.tally import Tally


def test_hostile_calls(hostile_calls_run: int, wire: LocalWire, world: World, tally: Tally) -> None:
    world("everything")
    known = known_in(wire.shop)

    @seed(hostile_calls_run)
    @SETTINGS
    @given(attack=attacks(known))
    def send(attack: Attack) -> None:
        answer = wire.request(
            attack.method, attack.path, headers=attack.headers, key="none", raw=attack.body,
            content_type=attack.label,
        )  # fmt: skip
        tally.note(answer.status, attack.call, faults_found(attack, answer), attack.told)

    send()
    tally.hold()


def faults_found(attack: Attack, answer: Answer) -> list[str]:
    """Everything that is wrong with an answer."""
    if answer.status >= 500:
        return [answer.body.decode()]
    if attack.method == "HEAD":
        return []
    media_type = answer.headers.get("Content-Type") or ""
    faults = faults_in_shape(answer.status, media_type, answer.body)
    if (answer.status == 401) == attack.is_known:
        faults.append("let in a stranger, or kept out a user")
    if not faults and media_type.startswith("application/json"):
        document = json.loads(answer.body)
        is_done = answer.status < 400
        faults += faults_of(attack.call, document) if is_done else faults_of_refusal(document)
    return faults
