"""How often a key may ask (reference 1.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comptoir.dialects.corepro.throttle import KEYS_MAX, Throttle
from tests.conftest import NOW
from tests.dialects.corepro.asking import credentials
from tests.dialects.corepro.holding import numbers, read_envelope

if TYPE_CHECKING:
    from comptoir.dialects.corepro.throttle import Standing
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World


class Seconds:
    """A clock that goes on when it is told."""

    at = 100.0

    def __call__(self) -> float:
        return self.at


def asked(throttle: Throttle, times: int, key: int = 1) -> list[Standing]:
    return [throttle.note(key, 15, NOW) for _ in range(times)]


def test_a_key_is_blocked_until_its_period_ends() -> None:
    seconds = Seconds()
    throttle = Throttle(seconds)
    standings = asked(throttle, 20)
    assert [standing.is_over for standing in standings] == [False] * 15 + [True] * 5
    assert [standing.is_told for standing in standings] == [False] * 11 + [True] * 9
    assert not throttle.note(2, 15, NOW).is_over, "another key has its own period"
    seconds.at += 0.75
    (late,) = asked(throttle, 1)
    assert late.is_over
    assert (late.ends_at - NOW).total_seconds() == 0.25
    seconds.at += 0.25
    assert not asked(throttle, 1)[0].is_over


def test_keys_that_ask_no_more_are_forgotten() -> None:
    seconds = Seconds()
    throttle = Throttle(seconds)
    for key in range(KEYS_MAX):
        asked(throttle, 1, key)
    seconds.at += 1
    asked(throttle, 1, KEYS_MAX)
    assert len(throttle._periods) == 1


def test_the_limit_is_read_anew_now_and_then() -> None:
    seconds = Seconds()
    throttle = Throttle(seconds)
    assert throttle.limit(lambda: 15) == 15
    assert throttle.limit(lambda: None) == 15
    seconds.at += 1
    assert throttle.limit(lambda: None) is None


def get(wire: BankWire, path: str = "/program/get", user: str = "updating") -> dict[str, Any]:
    answer = wire.request("GET", path, headers={"Authorization": credentials(user)}, key="none")
    envelope: dict[str, Any] = numbers(read_envelope(answer))
    return envelope


def test_answers_tell_what_is_left_and_then_nothing_is_answered(wire: BankWire, world: World) -> None:
    world("empty")
    wire.limit(15)
    envelopes = [get(wire) for _ in range(17)]
    assert [envelope["status"] for envelope in envelopes] == [200] * 15 + [429] * 2
    assert [envelope.get("throttle", {}).get("requestsRemainingInPeriod") for envelope in envelopes] == [
        None, None, None, None, None, None, None, None, None, None, None, 3, 2, 1, 0, 0, 0,
    ]  # fmt: skip
    told = envelopes[-1]["throttle"]
    assert told | {"periodEndsAt": ""} == {
        "periodEndsAt": "",
        "periodLengthInSeconds": 1,
        "periodRequestLimit": 15,
        "requestsRemainingInPeriod": 0,
        "warningThreshold": 0.2,
    }
    assert "2026-03-01T12:00:00.000+00:00" < told["periodEndsAt"] <= "2026-03-01T12:00:01.000+00:00"
    assert [error["code"] for error in envelopes[-1]["errors"]] == [50429]
    # Every route is closed to this key, also those that are none; another key is not concerned.
    assert [get(wire, path)["status"] for path in ("/", "/program/nothing")] == [429, 429]
    assert get(wire, user="reading")["status"] == 200


def test_without_a_limit_nothing_is_told(wire: BankWire, world: World) -> None:
    world("empty")
    assert all("throttle" not in get(wire) for _ in range(30))


def test_a_program_may_allow_nothing(wire: BankWire, world: World) -> None:
    world("empty")
    wire.limit(0)
    assert get(wire)["status"] == 429
