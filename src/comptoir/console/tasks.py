"""Long work that was asked for: how far it is, what came of it, the file that it made; and how to stop it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from comptoir.console import filters
from comptoir.console.cells import badge, number, text, when
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.identity.permissions import AUDIT, BOOKS, CHANGE, FILES, MESSAGES, SANDBOX, SEE
from comptoir.domain.tasks.actions import SUBJECT, stop_task
from comptoir.domain.tasks.errors import TaskNotFound
from comptoir.domain.tasks.models import DONE, RUNNING, STATES, WAITING, Task
from comptoir.domain.tasks.queries import TaskRow, get_task

# Where a kind of work belongs; what is not named here is for those who may see everything that happens.
AREAS = {
    "preview": FILES,
    "import": FILES,
    "export": FILES,
    "clock": SANDBOX,
    "books": BOOKS,
    "resend": MESSAGES,
}
BACK = {
    FILES: ("Import and export", "/files"),
    SANDBOX: ("Clock", "/clock"),
    BOOKS: ("Books check", "/ledger/books"),
}
# What waits longer than this has nobody to take it on.
PATIENCE = timedelta(seconds=20)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "zip": "application/zip",
}
Told = Callable[[Visit, TaskRow], Mapping[str, Any]]
# What more there is to say of some kinds, said by the pages that ask for them.
TOLD: dict[str, Told] = {}
# Of some kinds, who may open the file that came of it.
OPENED: dict[str, Callable[[Visit, TaskRow], bool]] = {}

TASKS = Listing(
    "tasks",
    "Tasks",
    "/tasks",
    Task,
    columns=(
        text("Task", Task.title),
        badge("State", Task.state),
        number("Done", Task.done),
        text("Asked by", Task.operator),
        when("Asked", Task.asked_at),
        when("Ended", Task.ended_at),
    ),
    sorts=newest_first(Task.id),
    filters=(filters.choice("state", "State", Task.state, STATES),),
    empty="Nobody has asked for anything that takes long yet.",
    about="Long work is done beside the pages: nobody has to wait for it here.",
)


def area_of(task: TaskRow) -> str:
    """Which area a task belongs to."""
    return AREAS.get(task.kind, AUDIT)


def seen_task(visit: Visit, mode: str = SEE) -> TaskRow:
    """The task of the address. Refuses: TaskNotFound, ScopeMissing."""
    task = get_task(visit.tx, visit.id)
    if not visit.may(area_of(task), mode):
        raise ScopeMissing(f"{area_of(task)}:{mode}")
    return task


def show_task(visit: Visit) -> Answer:
    """A task; while it goes on, the page asks again by itself. Refuses: TaskNotFound, ScopeMissing."""
    task = seen_task(visit)
    waits_long = task.state == WAITING and visit.tx.machine_now - task.asked_at > PATIENCE
    told = TOLD.get(task.kind)
    more = dict(told(visit, task)) if told is not None else {}
    return Shown(
        "task.html",
        {
            "title": task.title,
            "way": [_way_back(task)],
            "task": task,
            "goes_on": not task.is_over,
            "waits_long": waits_long,
            "may_stop": not task.is_over and not task.is_stopping and visit.may(area_of(task)),
            "output": address_of(f"/tasks/{task.id}/output") if _may_open(visit, task) else None,
            "happened": list_events_of(visit.tx, subject=SUBJECT, subject_id=task.id),
            "running": task.state == RUNNING,
            "is_done": task.state == DONE,
            "part": "task_plain.html",
            **more,
        },
    )


def _way_back(task: TaskRow) -> tuple[str, str]:
    """The list that the task stands in."""
    title, path = BACK.get(area_of(task), ("Tasks", "/tasks"))
    return title, address_of(path)


def stop(visit: Visit) -> Answer:
    """Ask for a task's end. Refuses: TaskNotFound, ScopeMissing, TaskEnded."""
    seen_task(visit, CHANGE)
    ended = stop_task(visit.tx, visit.id)
    said = "The task is stopped." if ended.is_over else "The task will stop in a moment."
    return Gone(address_of(f"/tasks/{visit.id}"), said)


def show_output(visit: Visit) -> Answer:
    """The file that a task made. Refuses: TaskNotFound, ScopeMissing, ContentMissing."""
    task = seen_task(visit)
    if task.output_digest is None:
        raise TaskNotFound(f"{task.id} that made a file which is still kept")
    if not _may_open(visit, task):
        raise ScopeMissing(f"{area_of(task)}:{SEE}")
    content_type = CONTENT_TYPES.get(task.output_name.rpartition(".")[2], "application/octet-stream")
    path = visit.home.media.path(task.output_digest)
    if path is None:
        return Sent(content_type, visit.home.media.get(task.output_digest), task.output_name)
    return Sent(content_type, _read(path), task.output_name)


def _may_open(visit: Visit, task: TaskRow) -> bool:
    may = OPENED.get(task.kind)
    return task.output_digest is not None and (may is None or may(visit, task))


def _read(path: Any) -> Any:
    """A file in pieces, so that no memory holds it whole."""
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            yield piece


PAGES = (
    Page("/tasks", show_list(TASKS), AUDIT),
    Page("/tasks/{id:digits}", show_task, None),
    Page("/tasks/{id:digits}/output", show_output, None),
    Act("/tasks/{id:digits}/stop", stop, None, show_task),
)
