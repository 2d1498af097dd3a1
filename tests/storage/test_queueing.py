"""On PostgreSQL, what nobody waits for goes along with the next question; what fails is told all the same."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import bindparam, func, select

from comptoir.domain.errors import Conflict
from comptoir.domain.tx import Counter, OpenShop, Tx
from comptoir.storage.errors import UniqueTaken
from comptoir.storage.lists import among
from comptoir.storage.postgres import PostgresDatabase
from comptoir.storage.queueing import WAITING_MAX, QueueingCursor
from comptoir.storage.session import Session

VALUE = select(Counter.value).where(Counter.kind == bindparam("of"))
HOW_MANY = select(func.count()).select_from(Counter)
PREPARED = "SELECT name FROM pg_prepared_statements"


def keep(tx: Tx, kind: str, value: int = 1) -> None:
    tx.insert(Counter, kind=kind, value=value)


@pytest.fixture
def own(engine: str, shop: OpenShop) -> OpenShop:
    if engine != "postgres":
        pytest.skip("SQLite is asked in this process: there is nothing to gather")
    assert isinstance(shop.database, PostgresDatabase)
    shop.database._size = 1  # what is prepared is so on one connection
    return shop


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went out each time that any did."""
    counts: list[int] = []
    send = QueueingCursor.send

    def counted(cursor: QueueingCursor) -> None:
        if cursor._waiting:
            counts.append(len(cursor._waiting))
        send(cursor)

    monkeypatch.setattr(QueueingCursor, "send", counted)
    return counts


def test_writes_wait_for_the_next_question_and_the_last_ones_for_the_commit(
    own: OpenShop, sent: list[int]
) -> None:
    def work(session: Session) -> int:
        session.insert(Counter, kind="a", value=1)
        session.insert_many(Counter, [{"kind": "b", "value": 2}, {"kind": "c", "value": 3}])
        total: int = session.value(HOW_MANY)
        session.insert(Counter, kind="d", value=4)
        return total

    assert own.database.write(work) == 3
    assert sent == [4, 2], "BEGIN, two inserts and the question; one insert and COMMIT"
    assert own.read(lambda tx: tx.value(VALUE, of="d")) == 4


def test_more_than_can_wait_is_written_in_its_order(shop: OpenShop) -> None:
    def job(tx: Tx) -> int:
        for number in range(WAITING_MAX * 2 + 1):
            keep(tx, f"k{number}", number)
        found: int = tx.value(HOW_MANY)
        return found

    assert shop.write(job) == WAITING_MAX * 2 + 1


def broken_last(tx: Tx) -> None:
    keep(tx, "a")
    keep(tx, "a")


def broken_before_a_question(tx: Tx) -> None:
    broken_last(tx)
    keep(tx, "b")
    tx.value(HOW_MANY)


def broken_before_a_savepoint(tx: Tx) -> None:
    broken_last(tx)
    tx.script("SAVEPOINT mark")
    tx.script("ROLLBACK TO SAVEPOINT mark")


@pytest.mark.parametrize("work", [broken_last, broken_before_a_question, broken_before_a_savepoint])
def test_what_fails_while_it_waits_is_told_and_leaves_nothing(
    shop: OpenShop, work: Callable[[Tx], None], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        with pytest.raises(UniqueTaken):
            shop.write(work)
    assert shop.read(lambda tx: tx.value(HOW_MANY)) == 0
    shop.write(lambda tx: keep(tx, "a"))
    shop.write(lambda tx: keep(tx, "b"))
    assert shop.read(lambda tx: tx.value(HOW_MANY)) == 2
    assert not caplog.records


def test_what_waits_when_a_verb_refuses_is_never_written(shop: OpenShop) -> None:
    def work(tx: Tx) -> None:
        keep(tx, "a")
        raise Conflict

    with pytest.raises(Conflict):
        shop.write(work)
    assert shop.read(lambda tx: tx.value(HOW_MANY)) == 0


def test_what_waits_before_a_savepoint_outlives_the_return_to_it(shop: OpenShop) -> None:
    def work(tx: Tx) -> None:
        keep(tx, "before")
        tx.script("SAVEPOINT mark")
        keep(tx, "inside")
        tx.script("ROLLBACK TO SAVEPOINT mark")
        keep(tx, "after")

    shop.write(work)
    rows = shop.read(lambda tx: tx.all(select(Counter.kind).order_by(Counter.kind)))
    assert [row[0] for row in rows] == ["after", "before"]


def test_a_return_to_a_savepoint_answers_nothing(shop: OpenShop) -> None:
    def work(tx: Tx) -> list[object]:
        tx.script("SAVEPOINT mark")
        tx.value(HOW_MANY)
        return tx.script("ROLLBACK TO SAVEPOINT mark")

    assert shop.write(work) == []


def refused(tx: Tx) -> None:
    tx.value(HOW_MANY)
    raise Conflict


def returned_to_a_savepoint(tx: Tx) -> None:
    tx.script("SAVEPOINT mark")
    tx.script("ROLLBACK TO SAVEPOINT mark")


@pytest.mark.parametrize("work", [refused, returned_to_a_savepoint])
def test_statements_stay_prepared_when_something_is_undone(own: OpenShop, work: Callable[[Tx], None]) -> None:
    """The driver forgets all at every ROLLBACK that it sees; each statement would be planned again."""

    def prepared() -> set[str]:
        return own.database.read(lambda session: {row[0] for row in session.script(PREPARED)})

    for _ in range(4):
        own.read(lambda tx: tx.value(HOW_MANY))
    before = prepared()
    with suppress(Conflict):
        own.write(work)
    assert before
    assert before <= prepared()


def test_a_statement_is_prepared_once_whatever_numbers_it_is_given(own: OpenShop) -> None:
    sought = "SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, 'WHERE counter.value') > 0"
    above = select(Counter.kind).where(Counter.value > bindparam("least"))
    among_them = select(Counter.kind).where(among(Counter.value, "values"))
    for least in (0, -7, 40_000, 3_000_000_000):
        for _ in range(2):
            own.read(lambda tx, least=least: tx.all(above, least=least))  # type: ignore[misc]
            own.read(lambda tx, least=least: tx.all(among_them, values=[1, least]))  # type: ignore[misc]
    assert own.database.read(lambda session: session.script(sought)) == [(2,)]


def test_a_statement_that_was_skipped_can_be_run_later(own: OpenShop) -> None:
    """What stands behind a failure is skipped with its preparation, which the driver takes for done."""
    for turn in range(4):
        with pytest.raises(UniqueTaken):
            own.write(broken_before_a_question)
        own.write(lambda tx, turn=turn: keep(tx, f"kept {turn}"))  # type: ignore[misc]
        assert own.read(lambda tx: tx.value(HOW_MANY)) == turn + 1
