"""What is true of every call: who may ask it, by which verb, with which approval, and that nothing is a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.dialects.corepro.routes import CALLS
from tests.dialects.corepro.asking import credentials
from tests.dialects.corepro.holding import read_envelope

if TYPE_CHECKING:
    from comptoir.dialects.corepro.calls import ApiCall
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

DEEP = "[" * 200
BODIES: dict[str, bytes] = {
    "half": b'{"customerId": 1',
    "list": b"[]",
    "text": b'"customerId"',
    "number": b"1",
    "form": b"customerId=1&amount=2",
    "xml": b"<customer/>",
    "latin": b'{"tag": "\xe4"}',
    "nan": b'{"amount": NaN}',
    "giant": b'{"amount": 1e999999999, "customerId": 1' + b"0" * 5000 + b"}",
    "deep": f'{{"tag": {DEEP}'.encode(),
    "closed": f'{{"tag": {DEEP}{"]" * 200}}}'.encode(),
    "wide": json.dumps({f"m{n}": n for n in range(2000)}).encode(),
}
VALUES: tuple[Any, ...] = (
    "x", "\0", "\ud800", "é" * 300, -1, 0, 10**30, 0.001, True, [], {}, [[]], [None], [{}], {"a": None}, "", "null",
    "9" * 400, "2026-02-30", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1e5", "½",
)  # fmt: skip
PLACES = (
    "0",
    "-1",
    "99999999999999999999999",
    "x",
    "%00",
    "%ff",
    "null",
    "a%2Fb",
    "",
    "2026-13-45",
    "{}",
    "é",
)


def path_of(call: ApiCall, places: list[str] | None = None) -> str:
    wanted = [taken for taken in call.takes if taken.where == "path"]
    return "/".join(["", call.path, *(["1"] * len(wanted) if places is None else places)])


def asked(wire: BankWire, call: ApiCall, *, user: str = "updating", **said: Any) -> dict[str, Any]:
    """What a call answers, whatever it is asked with; never a fault."""
    headers = {} if user == "none" else {"Authorization": credentials(user)}
    path = said.pop("path", path_of(call))
    answer = wire.request(said.pop("method", call.method), path, headers=headers, key="none", **said)
    assert answer.status < 500, answer.body
    return read_envelope(answer)


def codes(envelope: dict[str, Any]) -> list[int]:
    return [error["code"] for error in envelope["errors"]]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_a_stranger_is_let_into_no_call(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    if call.path:
        assert codes(asked(wire, call, user="none")) == [50401]


@pytest.mark.parametrize("call", [call for call in CALLS if call.is_write], ids=lambda call: call.id)
def test_a_key_that_only_reads_changes_nothing(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    assert codes(asked(wire, call, user="reading")) == [61400]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_a_call_knows_one_verb(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    other = "POST" if call.method == "GET" else "GET"
    assert codes(asked(wire, call, method=other)) == [50405]


@pytest.mark.parametrize("call", [call for call in CALLS if call.needs], ids=lambda call: call.id)
def test_a_call_that_needs_approval_says_so(call: ApiCall, wire: BankWire, world: World) -> None:
    world("bare")
    assert codes(asked(wire, call)) == [call.otherwise]


@pytest.mark.parametrize("call", [call for call in CALLS if call.path], ids=lambda call: call.id)
def test_a_shop_without_a_program_has_no_bank(call: ApiCall, wire: BankWire, world: World) -> None:
    world("no_program")
    envelope = asked(wire, call)
    assert envelope["status"] in {200, 400}


@pytest.mark.parametrize("call", [call for call in CALLS if call.method == "POST"], ids=lambda call: call.id)
def test_a_body_that_cannot_be_read_is_told_apart(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    for name, body in BODIES.items():
        (code,) = codes(asked(wire, call, raw=body))
        assert code == (59950 if name in {"half", "deep"} else 59900), name


@pytest.mark.parametrize("call", [call for call in CALLS if call.method == "POST"], ids=lambda call: call.id)
def test_no_value_of_any_member_is_a_fault(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    names = [taken.name for taken in call.takes if taken.where == "body"]
    for value in VALUES:
        asked(wire, call, raw=json.dumps(dict.fromkeys(names, value)).encode())
    for name in names:
        asked(
            wire, call, raw=json.dumps({name: VALUES[len(name) % len(VALUES)], name.upper(): None}).encode()
        )


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_nothing_in_a_path_or_a_query_is_a_fault(call: ApiCall, wire: BankWire, world: World) -> None:
    world("empty")
    wanted = sum(taken.where == "path" for taken in call.takes)
    names = [taken.name for taken in call.takes if taken.where == "query"]
    for place in PLACES:
        query = "&".join([f"{name}={place}" for name in names] or [f"tag={place}&b"])
        asked(wire, call, path=f"{path_of(call, [place] * wanted)}?{query}")
