"""A transfer asks the database no more than it must: everything that it waits for is time under a lock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.counting import asked
from tests.dialects.corepro.asking import credentials

if TYPE_CHECKING:
    from tests.counting import Asked
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

# Of PostgreSQL; SQLite has a savepoint beside, and releases it.
STATEMENTS, EXCHANGES, UNDER_THE_COUNTER = 17, 11, 3


def transfer(wire: BankWire, **fields: Any) -> Any:
    body = {"customerId": 1, "fromId": 1001, "toId": 1002, "amount": 0.01} | fields
    answer = wire.request(
        "POST", "/transfer/create", key="none", raw=json.dumps(body).encode(),
        content_type="application/json", headers={"Authorization": credentials("updating")},
    )  # fmt: skip
    return json.loads(answer.body)


def counted(wire: BankWire, **fields: Any) -> Asked:
    """What a transfer asks for that is not the first."""
    assert transfer(wire, tag="the first")["data"]
    with asked(wire.shop.database) as found:
        assert transfer(wire, tag="the second", **fields)["data"]
    return found


def test_a_transfer_between_accounts_asks_little(wire: BankWire, world: World) -> None:
    world("transfers")
    found = counted(wire)
    if found.sent:
        assert len(found.statements) <= STATEMENTS, "\n".join(found.statements)
        assert sum(found.sent) == len(found.statements)
        assert len(found.sent) <= EXCHANGES, found.sent
    else:
        assert len(found.statements) <= STATEMENTS + 2, "\n".join(found.statements)


def test_a_transfer_reads_nothing_twice(wire: BankWire, world: World) -> None:
    world("transfers")
    reads = [sql for sql in counted(wire).statements if sql.startswith("SELECT")]
    assert len(reads) == len(set(reads)), "\n".join(reads)


def test_transfers_wait_for_each_others_counters_no_longer_than_they_must(
    wire: BankWire, world: World, engine: str
) -> None:
    """From the first number that is taken to the commit, all transfers of a bank stand in line."""
    world("transfers")
    found = counted(wire)
    if engine == "sqlite":
        first = next(place for place, sql in enumerate(found.statements) if "INTO counter" in sql)
        assert not [sql for sql in found.statements[first:] if sql.startswith("SELECT")]
        return
    gone, exchanges = 0, 0
    first = next(place for place, sql in enumerate(found.statements) if "INTO counter" in sql)
    for number in found.sent:
        gone += number
        exchanges += gone > first
    assert exchanges <= UNDER_THE_COUNTER, found.sent
