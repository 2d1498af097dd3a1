"""Time that was asked for in the console is lived through step by step, and can be stopped and gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from comptoir.chores.clock import LivingThrough
from comptoir.chores.tasks import Tasks
from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events
from comptoir.domain.identity.errors import ClockMovesBack, ClockNotFrozen, NotASandbox
from comptoir.domain.identity.shopkeeping import freeze_clock
from comptoir.domain.outlook.living import KIND, ClockOnItsWay, ask_to_advance
from comptoir.domain.shop import Shop
from comptoir.domain.tasks.actions import stop_task
from comptoir.domain.tasks.models import DONE, STOPPED
from comptoir.domain.tasks.queries import TaskRow, get_task
from comptoir.domain.tx import Actor, OpenShop
from comptoir.worker import Job, jobs, jobs_by_shop
from tests.conftest import NOW
from tests.domain.webhooks.given import served

ADA = Actor(name="ada", dialect="console", operator_id=7)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Life:
    """Notes what the clock showed each time that what is due was done."""

    def __init__(self, home: ServedShop) -> None:
        self.home = home
        self.seen: list[datetime] = []
        self.stop_after = 0

    def begin(self, home: ServedShop) -> Life:
        assert home is self.home
        return self

    def __call__(self) -> Mapping[str, int]:
        self.seen.append(self.home.shop.read(lambda tx: tx.now))
        if len(self.seen) == self.stop_after:
            raise KeyboardInterrupt
        return {"renewals": 1, "captures": 0}


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    return served(shop, tmp_path)


@pytest.fixture
def life(home: ServedShop) -> Life:
    return Life(home)


def asked(home: ServedShop, by: timedelta, *, is_step: bool = False) -> int:
    return home.shop.write(lambda tx: ask_to_advance(tx, by=by, is_step=is_step), ADA)


def lived(life: Life, task_id: int) -> TaskRow:
    Tasks({KIND: LivingThrough(life.begin)})(life.home)
    return life.home.shop.read(lambda tx: get_task(tx, task_id))


@pytest.mark.parametrize("frozen", [True, False])
def test_days_go_by_one_after_the_other(life: Life, frozen: bool) -> None:
    if frozen:
        life.home.shop.write(freeze_clock)
    task = lived(life, asked(life.home, 5 * DAY))
    assert life.seen == [NOW + day * DAY for day in range(1, 6)]
    assert (task.state, task.done, task.total) == (DONE, 5, 5)
    assert task.result == {"now": (NOW + 5 * DAY).isoformat(), "done": {"renewals": 5}}
    moved = [one for one in life.home.shop.read(list_events) if one.kind == "shop.clock_advanced"]
    assert {(one.actor, one.operator_id) for one in moved} == {("ada", 7)}
    assert len(moved) == 5


def test_a_short_while_goes_by_the_hour_and_its_end_counts(life: Life) -> None:
    task = lived(life, asked(life.home, 2 * HOUR + timedelta(minutes=30)))
    assert life.seen == [NOW + HOUR, NOW + 2 * HOUR, NOW + 2.5 * HOUR]
    assert (task.done, task.total) == (3, 3)


def test_no_time_at_all_does_what_is_due_once(life: Life) -> None:
    assert lived(life, asked(life.home, timedelta(0))).state == DONE
    assert life.seen == [NOW]


def test_a_run_that_died_is_gone_on_with(life: Life) -> None:
    task_id = asked(life.home, 6 * DAY)
    life.stop_after = 3
    with pytest.raises(KeyboardInterrupt):
        lived(life, task_id)
    life.home.shop.system = lambda: NOW + timedelta(minutes=2)
    life.stop_after = 0
    task = lived(life, task_id)
    assert task.state == DONE
    assert life.seen[-1] == NOW + 6 * DAY
    assert life.seen == sorted(life.seen)


def test_somebody_stops_it(life: Life) -> None:
    task_id = asked(life.home, 300 * DAY)
    life.home.shop.write(lambda tx: stop_task(tx, task_id), ADA)
    assert lived(life, task_id).state == STOPPED
    assert life.seen == []
    assert asked(life.home, DAY) > task_id


def test_only_one_moves_the_clock(life: Life) -> None:
    asked(life.home, DAY)
    with pytest.raises(ClockOnItsWay):
        asked(life.home, DAY)


def test_a_step_needs_a_clock_that_stands(life: Life) -> None:
    with pytest.raises(ClockNotFrozen):
        asked(life.home, DAY, is_step=True)
    life.home.shop.write(freeze_clock)
    assert lived(life, asked(life.home, DAY, is_step=True)).state == DONE
    assert life.home.shop.read(lambda tx: tx.shop.clock_frozen_at) == NOW + DAY


def test_what_cannot_be_is_refused_when_it_is_asked_for(life: Life) -> None:
    with pytest.raises(ClockMovesBack):
        asked(life.home, -DAY)
    with pytest.raises(Invalid):
        asked(life.home, 100_000 * DAY)
    life.home.shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=False))
    with pytest.raises(NotASandbox):
        asked(life.home, DAY)


def test_what_goes_by_the_machine_is_left_to_it() -> None:
    def names(found: tuple[Job, ...]) -> set[str]:
        return {job.name for job in found}

    assert names(jobs()) - names(jobs_by_shop()) == {
        "sessions forgotten", "media swept", "tasks", "contents of tasks forgotten",
    }  # fmt: skip
