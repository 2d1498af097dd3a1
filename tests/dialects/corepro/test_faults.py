"""Our own faults, and a database that is away, in the dialect's shape and telling nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import literal, select

from comptoir.dialects.corepro import program
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import writing
from comptoir.dialects.corepro.paths import Directory, table_of
from comptoir.dialects.corepro.refusals import Refusal
from comptoir.dialects.corepro.replies import failed, ok
from comptoir.domain.errors import Conflict
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Counter
from comptoir.storage.errors import DatabaseAway
from tests.dialects.corepro.asking import credentials
from tests.dialects.corepro.holding import read_envelope

if TYPE_CHECKING:
    from comptoir.dialects.corepro.calls import CoreproHandler
    from comptoir.dialects.edge import Call, Reply
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

ATTEMPTS = select(Counter.value).where(Counter.kind == literal("attempt"))


def asked(wire: BankWire, method: str, path: str, body: bytes | None = None) -> list[tuple[int, str]]:
    """The codes and messages of what is refused."""
    headers = {"Authorization": credentials("updating")}
    envelope = read_envelope(wire.request(method, path, headers=headers, key="none", raw=body))
    return [(error["code"], error["message"]) for error in envelope["errors"]]


@pytest.mark.parametrize(
    ("fault", "code"), [(RuntimeError("the secret"), 50500), (DatabaseAway("the secret"), 50503)], ids=repr
)
def test_a_fault_is_told_in_the_dialects_shape(
    wire: BankWire, world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, code: int
) -> None:
    world("empty")

    def fail(_tx: object) -> None:
        raise fault

    monkeypatch.setattr(program, "get_program", fail)
    ((found, message),) = asked(wire, "GET", "/program/get")
    assert found == code
    assert "secret" not in message


def with_call(
    wire: BankWire,
    monkeypatch: pytest.MonkeyPatch,
    handler: CoreproHandler,
    **more: Any,
) -> None:
    """Let the dialect have a call of ours."""
    call = writing("attempt/make", handler, shows=None, **more)
    door = wire.door
    monkeypatch.setattr(door, "_directory", Directory(table_of([replace(call.route, area=BANK)])))
    monkeypatch.setattr(door, "_objects", frozenset({"attempt"}))


def attempts(wire: BankWire) -> int:
    """How many attempts were kept."""
    return wire.shop.read(lambda tx: tx.one(ATTEMPTS) or (0,))[0]


def test_what_was_done_before_a_refusal_is_undone_and_before_a_failure_kept(
    wire: BankWire, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world("empty")

    def make(call: Call, said: Asked) -> Reply:
        call.tx.ids.next("attempt")
        if said.flag("isCounted"):
            return failed(Refusal(62205, "Wrong."), Refusal(62206, "Locked."))
        if said.has("amount"):
            said.money("amount")
            return ok()
        raise Conflict("it is late")

    with_call(wire, monkeypatch, make)
    assert asked(wire, "POST", "/attempt/make", b'{"isCounted": 1}') == [
        (62205, "Wrong."),
        (62206, "Locked."),
    ]
    assert attempts(wire) == 1
    assert asked(wire, "POST", "/attempt/make") == [(60000, "It is late.")]
    assert attempts(wire) == 1
    # What could not be read refuses the call at its end, and before what the domain says.
    unread = [(59954, "amount is not a decimal with at most 2 places.")]
    assert asked(wire, "POST", "/attempt/make", b'{"amount": 0.001}') == unread
    assert attempts(wire) == 1
    flag = [(59953, "isCounted is not a boolean.")]
    assert asked(wire, "POST", "/attempt/make", b'{"isCounted": "perhaps"}') == flag
    assert attempts(wire) == 1
    assert asked(wire, "POST", "/attempt/make", b'{"amount": 1}') == []
    assert attempts(wire) == 2


def test_what_is_prepared_is_refused_in_the_calls_own_turn(
    wire: BankWire, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world("empty")

    def prepare(_call: Call, said: Asked) -> str:
        if said.flag("isLate"):
            raise Conflict("it is late")
        return f"prepared {said.text('name')}"

    def make(call: Call, _said: Asked) -> Reply:
        return ok({"is": call.prepared})

    with_call(wire, monkeypatch, make, prepare=prepare)
    headers = {"Authorization": credentials("updating")}
    answer = wire.request("POST", "/attempt/make", headers=headers, key="none", raw=b'{"NAME": "x"}')
    assert read_envelope(answer)["data"] == {"is": "prepared x"}
    assert asked(wire, "POST", "/attempt/make", b'{"isLate": "true"}') == [(60000, "It is late.")]
    assert asked(wire, "POST", "/attempt/make", b'{"isLate": 7}') == [(59953, "isLate is not a boolean.")]
    assert asked(wire, "POST", "/attempt/make", b'{"name": "') == [
        (59950, "The body ends before its object does.")
    ]


def test_a_body_that_is_too_large_is_not_read(
    wire: BankWire, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world("empty")
    with_call(wire, monkeypatch, lambda _call, _said: ok(), oversize=62706)
    body = b'{"documentContent": "%s"}' % (b"x" * 15_000_000)
    assert asked(wire, "POST", "/attempt/make", body) == [(62706, "The body is too large.")]
    assert asked(wire, "POST", "/attempt/make", b'{"documentContent": "%s"}' % (b"x" * 14_000_000)) == []
