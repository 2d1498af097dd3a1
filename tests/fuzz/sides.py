"""The same shop on each engine: what is drawn once is asked of both, and answered alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemathesis import Case

    from tests.dialects.conftest import LocalWire


@dataclass
class Sides:
    """The wires, one for each engine."""

    wires: Sequence[LocalWire]

    @property
    def first(self) -> LocalWire:
        """The side that is looked at for what there is."""
        return self.wires[0]

    def enter(self, world: str) -> None:
        """Put the shop behind each wire into a named state."""
        for wire in self.wires:
            wire.enter(world)

    def leave(self) -> None:
        """End a test."""
        for wire in self.wires:
            wire.leave()

    def call(self, case: Case[Any], headers: Mapping[str, str]) -> list[Any]:
        """What each side answers to a request."""
        return [case.call(headers=dict(headers), app=wire._client.app) for wire in self.wires]


def unlike(answers: Sequence[Any]) -> list[str]:
    """The fault of sides that answer with different statuses."""
    statuses = [answer.status_code for answer in answers]
    return [f"the engines answer {statuses}"] if len(set(statuses)) > 1 else []
