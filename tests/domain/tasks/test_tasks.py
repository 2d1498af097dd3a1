"""Long work is taken on by one run at a time, shows how far it is, and ends in one way only."""

from datetime import datetime, timedelta

import pytest

from comptoir.domain.events.queries import list_events
from comptoir.domain.tasks.actions import (
    KEEP_CONTENTS,
    RUNS_MAX,
    Outcome,
    Source,
    ask_task,
    end_task,
    fail_task,
    forget_old_contents,
    leave_task,
    stop_task,
    take_task,
    tell_progress,
)
from comptoir.domain.tasks.errors import TaskEnded, TaskLost, TaskNotFound
from comptoir.domain.tasks.queries import (
    SILENCE,
    TaskRow,
    get_task,
    is_any_free,
    list_tasks,
    list_unended,
    task_digests,
)
from comptoir.domain.tx import Actor, OpenShop, Tx
from tests.conftest import NOW

ADA = Actor(name="ada", dialect="console", operator_id=7)
MOMENT = timedelta(microseconds=1)


class Machine:
    """The machine's clock of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def machine(shop: OpenShop) -> Machine:
    shop.system = machine = Machine()
    return machine


def ask(shop: OpenShop, kind: str = "export", source: Source | None = None) -> int:
    return shop.write(
        lambda tx: ask_task(tx, kind=kind, title="Orders", arguments={"of": "orders"}, source=source), ADA
    )


def take(shop: OpenShop) -> TaskRow:
    taken = shop.write(take_task)
    assert taken is not None
    return taken


def state(shop: OpenShop, task_id: int) -> str:
    return shop.read(lambda tx: get_task(tx, task_id)).state


def test_a_task_is_who_asked_for_what(shop: OpenShop) -> None:
    task_id = ask(shop, source=Source("aa", "orders.csv"))
    task = shop.read(lambda tx: get_task(tx, task_id))
    assert (task.kind, task.arguments, task.state) == ("export", {"of": "orders"}, "waiting")
    assert (task.operator_id, task.operator, task.asked_at) == (7, "ada", NOW)
    assert (task.source_digest, task.source_name, task.percent) == ("aa", "orders.csv", None)
    assert not task.is_over


def test_the_first_asked_is_the_first_taken_and_taken_once(shop: OpenShop) -> None:
    first, second = ask(shop), ask(shop)
    assert [take(shop).id, take(shop).id] == [first, second]
    assert shop.write(take_task) is None
    assert not shop.read(is_any_free)
    assert [task.state for task in shop.read(list_unended)] == ["running", "running"]


def test_progress_is_seen_by_others(shop: OpenShop) -> None:
    ask(shop)
    task = take(shop)
    assert not shop.write(lambda tx: tell_progress(tx, task, done=1, total=3, result={"rows": 1}))
    seen = shop.read(lambda tx: get_task(tx, task.id))
    assert (seen.done, seen.total, seen.percent, seen.result) == (1, 3, 33, {"rows": 1})


def test_a_silent_run_loses_its_task(shop: OpenShop, machine: Machine) -> None:
    ask(shop)
    lost = take(shop)
    machine.now += SILENCE
    assert shop.write(take_task) is None
    machine.now += MOMENT
    again = take(shop)
    assert (again.id, again.runs) == (lost.id, 2)
    assert again.claim != lost.claim
    for late in (
        lambda tx: tell_progress(tx, lost, done=1, total=1, result=None),
        lambda tx: end_task(tx, lost, Outcome(1, {})),
        lambda tx: fail_task(tx, lost, "late"),
        lambda tx: leave_task(tx, lost),
    ):
        with pytest.raises(TaskLost):
            shop.write(late)
    shop.write(lambda tx: end_task(tx, again, Outcome(1, {"rows": 1})))
    assert state(shop, lost.id) == "done"


def test_a_run_that_is_heard_of_keeps_its_task(shop: OpenShop, machine: Machine) -> None:
    ask(shop)
    task = take(shop)
    machine.now += SILENCE
    shop.write(lambda tx: tell_progress(tx, task, done=1, total=2, result=None))
    machine.now += SILENCE
    assert shop.write(take_task) is None


def test_what_ends_every_run_fails(shop: OpenShop, machine: Machine) -> None:
    task_id = ask(shop)
    for _ in range(RUNS_MAX):
        take(shop)
        machine.now += SILENCE + MOMENT
    assert shop.write(take_task) is None
    task = shop.read(lambda tx: get_task(tx, task_id))
    assert (task.state, task.problem) == ("failed", "was begun 5 times, and no run came to its end")


def test_what_waits_stops_at_once(shop: OpenShop) -> None:
    task_id = ask(shop)
    assert shop.write(lambda tx: stop_task(tx, task_id), ADA).state == "stopped"
    assert shop.write(take_task) is None
    with pytest.raises(TaskEnded):
        shop.write(lambda tx: stop_task(tx, task_id), ADA)


def test_what_runs_is_told_to_stop(shop: OpenShop) -> None:
    task_id = ask(shop)
    task = take(shop)
    assert shop.write(lambda tx: stop_task(tx, task_id), ADA).state == "running"
    shop.write(lambda tx: stop_task(tx, task_id), ADA)
    assert shop.write(lambda tx: tell_progress(tx, task, done=1, total=2, result=None))
    shop.write(lambda tx: leave_task(tx, task))
    assert state(shop, task_id) == "stopped"


def test_what_was_to_stop_when_it_went_silent_is_not_taken(shop: OpenShop, machine: Machine) -> None:
    task_id = ask(shop)
    take(shop)
    shop.write(lambda tx: stop_task(tx, task_id), ADA)
    machine.now += SILENCE + MOMENT
    assert shop.write(take_task) is None
    assert state(shop, task_id) == "stopped"


def test_each_change_is_an_event_of_its_actor(shop: OpenShop) -> None:
    ask(shop)
    task = take(shop)
    shop.write(lambda tx: stop_task(tx, task.id), ADA)
    shop.write(lambda tx: fail_task(tx, task, "no room"), ADA)
    events = [event for event in shop.read(list_events) if event.subject == "task"]
    assert [(event.kind, event.actor, event.operator_id) for event in events] == [
        ("task.asked", "ada", 7),
        ("task.begun", "comptoir", None),
        ("task.stop_asked", "ada", 7),
        ("task.failed", "ada", 7),
    ]
    assert events[-1].after == {"state": "failed", "problem": "no room"}


def test_nobody_knows_a_task_that_was_never_asked_for(tx: Tx) -> None:
    for work in (get_task, stop_task):
        with pytest.raises(TaskNotFound):
            work(tx, 2**63 - 1)


def test_tasks_are_listed_by_kind_the_newest_first(shop: OpenShop) -> None:
    ids = [ask(shop, kind) for kind in ("export", "import", "clock")]
    assert [task.id for task in shop.read(list_tasks)] == ids[::-1]
    assert [task.id for task in shop.read(lambda tx: list_tasks(tx, kinds=["export", "import"]))] == ids[
        1::-1
    ]
    assert [task.id for task in shop.read(lambda tx: list_tasks(tx, before=ids[1], limit=1))] == ids[:1]


def test_contents_are_held_for_a_while_after_the_end(shop: OpenShop, machine: Machine) -> None:
    ask(shop, source=Source("aa", "orders.csv"))
    task = take(shop)
    shop.write(lambda tx: end_task(tx, task, Outcome(1, {}, "bb", "orders-refused.csv")))
    assert shop.read(task_digests) == {"aa", "bb"}
    machine.now += KEEP_CONTENTS
    assert shop.write(forget_old_contents) == 0
    machine.now += MOMENT
    assert shop.write(forget_old_contents) == 1
    assert shop.read(task_digests) == set()
    assert shop.write(forget_old_contents) == 0
