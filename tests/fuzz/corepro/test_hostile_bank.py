"""Hostile requests to the bank: none is answered with a 5xx, and every answer is as described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, seed

from tests.dialects.corepro.described import faults_of
from tests.dialects.corepro.holding import read_envelope
from tests.fuzz.corepro.hostile import Attack, attacks
from tests.fuzz.corepro.records import known_in
from tests.fuzz.drawing import SETTINGS

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import Answer, World
    from tests.fuzz.tally import Tally


def test_hostile_bank(hostile_bank_run: int, wire: BankWire, world: World, tally: Tally) -> None:
    world("everything")
    known = known_in(wire.shop)

    @seed(hostile_bank_run)
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
    if attack.method == "HEAD" or (attack.call == "welcome" and answer.status != 200):
        return []
    if (answer.headers.get("Content-Type") or "") == "application/pdf":
        return []
    try:
        envelope = read_envelope(answer)
    except (AssertionError, ValueError) as error:
        return [f"not in shape: {error!r:.300}"]
    faults = []
    if (answer.status == 401) == attack.is_known:
        faults.append("let in a stranger, or kept out a key")
    if answer.status == 200 and attack.call != "welcome":
        faults += faults_of(attack.call, envelope.get("data"))
    return faults
