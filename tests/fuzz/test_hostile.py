"""Hostile requests: none is answered with a 5xx, and every answer is as described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, seed
from hypothesis import strategies as st

from tests.dialects.described import faults_of
from tests.fuzz.drawing import SETTINGS
from tests.fuzz.hostile import TYPES, Attack, attacks

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import World
    from tests.fuzz.tally import Tally


def test_hostile(hostile_run: int, wire: LocalWire, world: World, tally: Tally) -> None:
    world("documented")

    @seed(hostile_run)
    @SETTINGS
    @given(attack=attacks(), content_type=st.sampled_from([None, None, *TYPES]))
    def send(attack: Attack, content_type: str | None) -> None:
        label = content_type if attack.raw is not None else None
        answer = wire.request(
            attack.method, attack.path, headers=attack.headers, content_type=label,
            form=attack.form, multipart=attack.multipart, json=attack.json, raw=attack.raw,
        )  # fmt: skip
        # Another verb, or a word for an id, may make another route of it.
        is_aimed = answer.status not in {404, 405} and attack.is_aimed
        faults = faults_of(attack.route, answer) if is_aimed else []
        if answer.status >= 500:
            faults = [answer.body.decode()]
        tally.note(answer.status, attack.route, faults, f"{attack!s:.900} {label}")

    send()
    tally.hold()
