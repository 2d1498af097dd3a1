from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.identity.queries import list_keys
from comptoir.storage.errors import DatabaseAway
from comptoir.worker import CLOCK, POST, SWEEPS_OF_GRACE, Job, MediaSweep, Rounds, alone, jobs
from tests.operations.conftest import Running
from tests.operations.test_files import keep


def test_every_job_can_be_done_on_an_empty_shop(home: ServedShop) -> None:
    done = Rounds([home], due=jobs()).once()
    assert set(done.values()) == {0}
    assert "renewals" in done


def test_the_use_of_a_key_is_written_down(running: Running) -> None:
    running.ask("/products")
    rounds = Rounds([running.home], uses=running.served.uses)
    rounds.stop()
    keys = running.home.shop.read(list_keys)
    assert [key.last_used_at is not None for key in keys] == [True, False]


def test_a_content_that_nothing_points_at_is_forgotten_after_a_while(running: Running) -> None:
    used = keep(running, b"used")
    unused = running.home.media.put(b"unused")
    sweep = MediaSweep()
    done = [sweep(running.home) for _ in range(SWEEPS_OF_GRACE + 1)]
    assert done == [0] * SWEEPS_OF_GRACE + [1]
    assert list(running.home.media.digests()) == [used]
    assert unused != used


def test_a_content_that_is_used_again_stays(running: Running) -> None:
    sweep = MediaSweep(grace=1)
    digest = running.home.media.put(b"content")
    sweep(running.home)
    assert keep(running, b"content") == digest
    assert [sweep(running.home) for _ in range(3)] == [0, 0, 0]


def test_a_job_that_fails_does_not_stop_the_others(running: Running) -> None:
    def away(_home: ServedShop) -> int:
        raise DatabaseAway("gone")

    def broken(_home: ServedShop) -> int:
        raise RuntimeError("a bug")

    due = (Job("a", 1, away), Job("b", 1, broken), Job("c", 1, lambda _home: 3))
    assert Rounds([running.home], due=due).once() == {"a": 0, "b": 0, "c": 3}
    assert [line["event"] for line in running.lines()] == ["job refused", "job failed", "job done"]


def test_a_job_waits_for_its_time(home: ServedShop) -> None:
    rounds = Rounds([home], due=(Job("hourly", 3600, lambda _home: 1),))
    assert rounds.once(all_jobs=False) == {"hourly": 1}
    assert rounds.once(all_jobs=False) == {}


def test_the_lock_goes_to_one(tmp_path: Path) -> None:
    lock = tmp_path / "worker.lock"
    code = (
        "import sys; from pathlib import Path; from comptoir.worker import alone\n"
        "with alone(Path(sys.argv[1])) as take: print(take())"
    )

    def other() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, str(lock)], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    with alone(lock) as take:
        assert take()
        assert take()
        assert other() == "False"
    assert other() == "True"
    with alone(None) as take:
        assert take()


def test_jobs_have_names_of_their_own() -> None:
    names = [job.name for job in jobs()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("job", jobs(), ids=lambda job: job.name)
def test_no_job_keeps_the_others_of_its_lane_waiting(job: Job) -> None:
    assert job.every_seconds >= 30 or job.lane != CLOCK


def test_lanes_do_not_wait_for_each_other(home: ServedShop) -> None:
    posted = threading.Event()

    def post(_home: ServedShop) -> int:
        posted.set()
        return 1

    two = (Job("long", 1, lambda _home: int(posted.wait(20))), Job("mail", 1, post, lane=POST))
    rounds = Rounds([home], due=two)
    threads = rounds.start()
    assert posted.wait(10), "the other lane goes on while this one is busy"
    rounds.stop()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_round_of_one_lane_leaves_the_others(home: ServedShop) -> None:
    two = (Job("a", 1, lambda _home: 1), Job("b", 1, lambda _home: 1, lane=POST))
    assert Rounds([home], due=two).once(lane=POST) == {"b": 1}
    assert Rounds([home], due=two).once() == {"a": 1, "b": 1}
