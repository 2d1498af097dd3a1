"""What was asked for in the console is done beside the requests, and whoever asked sees how it goes."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from comptoir.chores.exchanges import RUNNERS
from comptoir.chores.tasks import FAULT, Run, Runner, Tasks
from comptoir.dialects.edge import ServedShop
from comptoir.domain.events.queries import list_events
from comptoir.domain.exchange.importing import Source as RowSource
from comptoir.domain.exchange.rehearsing import rehearse_import
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.media.errors import ContentMissing
from comptoir.domain.tasks.actions import Outcome, Source, ask_task, stop_task, take_task, tell_progress
from comptoir.domain.tasks.models import Task
from comptoir.domain.tasks.queries import SILENCE, TaskRow, get_task
from comptoir.domain.tx import Actor, OpenShop
from comptoir.worker import MediaSweep
from tests.conftest import NOW
from tests.domain.exchange.given import exported, imported, rows_of
from tests.domain.webhooks.given import served

ADA = Actor(name="ada", dialect="console", operator_id=7)
GOOD = b"id,name\r\n1,One\r\n2,Two\r\n"
BAD = b"id,name,quantity\r\n1,One,3\r\nx,Two,1\r\n3,Three,many\r\n4,Four,4\r\n"


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    return served(shop, tmp_path)


def asked(home: ServedShop, work: str, content: bytes | None = None, **arguments: Any) -> int:
    source = None if content is None else Source(home.media.put(content), "products.csv")
    given = {"kind": "products", "format": "csv"} | arguments
    return home.shop.write(
        lambda tx: ask_task(tx, kind=work, title="Products", arguments=given, source=source), ADA
    )


def seen(home: ServedShop, task_id: int) -> TaskRow:
    return home.shop.read(lambda tx: get_task(tx, task_id))


def ran(home: ServedShop, task_id: int, **runners: Runner) -> TaskRow:
    assert Tasks(RUNNERS | runners)(home) == 1
    return seen(home, task_id)


def test_nothing_is_done_when_nothing_was_asked_for(home: ServedShop) -> None:
    assert Tasks(RUNNERS)(home) == 0


def test_an_import_tells_what_became_of_each_row(home: ServedShop) -> None:
    imported(home.shop, "products", [{"id": 4, "name": "Four", "quantity": 4}])
    task = ran(home, asked(home, "import", BAD))
    assert (task.state, task.done, task.total) == ("done", 4, 4)
    assert task.result is not None
    assert {name: task.result[name] for name in ("rows", "created", "unchanged", "refused_count")} == {
        "rows": 4,
        "created": 1,
        "unchanged": 1,
        "refused_count": 2,
    }
    assert [row[:4] for row in task.result["refused"]] == [[2, 3, "x", "id"], [3, 4, "3", "quantity"]]
    assert [row["id"] for row in rows_of(home.shop, "products")] == [1, 4]


def test_the_refused_rows_are_kept_as_a_file(home: ServedShop) -> None:
    task = ran(home, asked(home, "import", BAD))
    assert task.output_name == "products-refused.csv"
    assert task.output_digest is not None
    rows = list(csv.reader(io.StringIO(home.media.get(task.output_digest).decode())))
    assert [row[0] for row in rows] == ["row", "2", "3"]


def test_an_import_is_the_act_of_who_asked(home: ServedShop) -> None:
    ran(home, asked(home, "import", GOOD))
    told = {(event.kind, event.actor, event.operator_id) for event in home.shop.read(list_events)}
    assert ("task.done", "ada", 7) in told
    assert {operator for kind, _, operator in told if kind.startswith("product")} == {7}


def test_a_preview_changes_nothing(home: ServedShop) -> None:
    task = ran(home, asked(home, "preview", BAD))
    assert task.result is not None
    assert (task.result["created"], task.result["refused_count"], task.result["tried"]) == (2, 2, 4)
    assert rows_of(home.shop, "products") == []


def test_rows_beyond_the_rehearsed_ones_are_read(home: ServedShop) -> None:
    found = rehearse_import(home.shop, RowSource(KINDS["products"], io.BytesIO(BAD), "csv"), tried_max=1)
    assert (found.rows, found.tried, found.report.created) == (4, 1, 1)
    assert [row.row_number for row in found.report.refused] == [2, 3]
    assert rows_of(home.shop, "products") == []


@pytest.mark.parametrize("content", [b"", b"id,colour\n1,red\n", b"\xff\xfe", b'id,name\n1,"\x00'])
@pytest.mark.parametrize("kind", ["preview", "import"])
def test_a_file_of_something_else_is_refused(home: ServedShop, kind: str, content: bytes) -> None:
    task = ran(home, asked(home, kind, content))
    assert task.state == "failed" or (task.result or {})["refused_count"] == 1
    assert task.problem != FAULT
    assert rows_of(home.shop, "products") == []


def test_hostile_rows_are_refused_one_by_one(home: ServedShop) -> None:
    rows = rb"""
        {"id": 1, "name": "a\u0000b"}
        {"id": 2, "name": "\ud800"}
        {"id": 99999999999999999999, "name": "c"}
        {"\u0000": 1, "name": "d"}
        {"id": 5, "name": "<script>"}
    """
    task = ran(home, asked(home, "import", rows, format="jsonl"))
    assert (task.state, task.problem) == ("done", "")
    assert [row["name"] for row in rows_of(home.shop, "products")] == ["<script>"]


def test_an_import_goes_on_where_the_last_run_ended(home: ServedShop) -> None:
    imported(home.shop, "products", [{"id": 1, "name": "One"}])
    task_id = asked(home, "import", GOOD)
    task = home.shop.write(take_task)
    assert task is not None
    so_far = {"resume_at": 1, "created": 1, "unchanged": 0, "refused_count": 0, "refused": []}
    home.shop.write(lambda tx: tell_progress(tx, task, done=1, total=2, result=so_far))
    home.shop.system = lambda: NOW + SILENCE * 2
    ended = ran(home, task_id)
    assert ended.result is not None
    assert (ended.runs, ended.result["created"], ended.result["unchanged"]) == (2, 2, 0)
    assert len(rows_of(home.shop, "products")) == 2


def test_an_export_is_the_file_that_the_command_writes(home: ServedShop) -> None:
    imported(home.shop, "products", GOOD, file_format="csv")
    task = ran(home, asked(home, "export"))
    assert (task.state, task.done, task.output_name) == ("done", 2, "products-2026-03-01.csv")
    assert task.output_digest is not None
    assert home.media.get(task.output_digest) == exported(home.shop, "products", "csv")


def test_everything_is_an_archive_of_every_kind(home: ServedShop) -> None:
    imported(home.shop, "products", GOOD, file_format="csv")
    task = ran(home, asked(home, "export", kind="everything", format="jsonl"))
    assert task.output_digest is not None
    with zipfile.ZipFile(io.BytesIO(home.media.get(task.output_digest))) as archive:
        assert archive.namelist() == [f"{kind}.jsonl" for kind in KINDS]
        assert archive.read("products.jsonl") == exported(home.shop, "products")


@pytest.mark.parametrize("arguments", [{"kind": "nonsense"}, {"format": "xml"}, {"kind": None}])
@pytest.mark.parametrize("kind", ["import", "export", "preview"])
def test_what_nobody_can_do_fails_in_words(home: ServedShop, kind: str, arguments: dict[str, Any]) -> None:
    task = ran(home, asked(home, kind, GOOD, **arguments))
    assert task.state == "failed"
    assert task.problem not in {"", FAULT}


def test_an_unknown_kind_of_work_fails(home: ServedShop) -> None:
    task = ran(home, asked(home, "dance"))
    assert (task.state, task.problem) == ("failed", "nobody here knows how to do 'dance'")


def test_a_fault_of_ours_is_told_as_one(home: ServedShop) -> None:
    def fall(_home: ServedShop, run: Run) -> Outcome:
        run.tell(3, 9)
        raise ZeroDivisionError

    task = ran(home, asked(home, "fall"), fall=fall)
    assert (task.state, task.problem, task.done, task.total) == ("failed", FAULT, 3, 9)


def test_a_run_that_is_to_stop_ends_soon(home: ServedShop) -> None:
    begun = threading.Event()

    def wait(_home: ServedShop, run: Run) -> Outcome:
        for step in range(100_000):
            run.tell(step)
            begun.set()
            threading.Event().wait(0.01)
        return Outcome(0, {})

    task_id = asked(home, "wait")
    working = threading.Thread(target=Tasks({"wait": wait}), args=(home,))
    working.start()
    assert begun.wait(10)
    home.shop.write(lambda tx: stop_task(tx, task_id), ADA)
    working.join(20)
    assert not working.is_alive()
    assert seen(home, task_id).state == "stopped"
    assert seen(home, task_id).done > 0


def test_the_sweep_leaves_what_tasks_hold(home: ServedShop) -> None:
    task = ran(home, asked(home, "import", BAD))
    sweep = MediaSweep(grace=0)
    assert sweep(home) == 0
    assert task.source_digest is not None
    assert home.media.get(task.source_digest) == BAD
    home.shop.write(lambda tx: tx.update(Task, task.id, source_digest=None, output_digest=None))
    assert sweep(home) == 2
    with pytest.raises(ContentMissing):
        home.media.get(task.source_digest)


def test_a_file_that_is_no_longer_kept_is_said_so(home: ServedShop) -> None:
    task = ran(home, asked(home, "import"))
    assert (task.state, task.problem) == ("failed", "file is no longer kept; upload it again")
