"""The trial balance of each currency, and the proof of the books: asked for here, done by the worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from comptoir.console.cells import Cell
from comptoir.console.ledger import parts_of
from comptoir.console.listing import written
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import written_when
from comptoir.console.tasks import PATIENCE, TOLD
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.identity.permissions import BOOKS
from comptoir.domain.ledger.trial import TrialGroup, trial_groups
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.tasks.actions import ask_task
from comptoir.domain.tasks.models import DONE, WAITING
from comptoir.domain.tasks.queries import TaskRow, list_tasks, list_unended

KIND = "books"
LISTED = 20
TRIAL_TITLES = ("currency", "code", "name", "kind", "accounts", "debit", "credit")


class Trial(NamedTuple):
    """The trial balance of one currency."""

    currency: str
    rows: list[tuple[TrialGroup, str | None, str]]
    debit_minor: int
    credit_minor: int


class Check(NamedTuple):
    """A proof of the books that was asked for: how it stands, and what it found."""

    task: TaskRow
    parts: list[Mapping[str, Any]]
    problems: int
    took: str

    @property
    def verdict(self) -> str:
        """What it found, in a few words."""
        if self.task.state != DONE:
            return self.task.state
        return "every cent is proved" if not self.problems else f"{self.problems:,} problems"


def show_trial(visit: Visit) -> Answer:
    """Every account in its column; over each currency debits equal credits."""
    found = trial_groups(visit.tx)
    if visit.asked.said("format") == "csv":
        return Sent("text/csv; charset=utf-8", _as_csv(found), "trial-balance.csv")
    trials = [
        Trial(
            currency,
            [(row, *_ways(row)) for row in rows if row.posted_minor],
            sum(row.debit_minor for row in rows),
            sum(row.credit_minor for row in rows),
        )
        for currency, rows in found.items()
    ]
    values = {"trials": trials, "ledger_parts": parts_of(visit), "csv": visit.asked.again(format="csv")}
    return Shown("ledger_trial.html", values)


def _ways(row: TrialGroup) -> tuple[str | None, str]:
    """Where an account's page is, and where its balance is explained."""
    if row.account_id is None:
        return address_of("/bank/accounts"), explain_at("trial", row.currency, "deposits")
    return link_to("account", row.account_id), explain_at("account", row.account_id, "balance")


def _as_csv(found: Mapping[str, list[TrialGroup]]) -> bytes:
    rows = [list(TRIAL_TITLES)]
    for currency, groups in found.items():
        for one in groups:
            sides = (one.debit_minor, one.credit_minor)
            debit, credit = (f"{decimal_of_minor(minor, currency)}" for minor in sides)
            texts = (Cell(one.code).csv, Cell(one.name).csv)
            rows.append([currency, *texts, one.kind, str(one.accounts), debit, credit])
    return written(rows)


def show_books(visit: Visit) -> Answer:
    """The proofs that were asked for, the last one in full."""
    checks = [_check(task) for task in list_tasks(visit.tx, kinds=[KIND], limit=LISTED)]
    unended = [one for one in checks if not one.task.is_over]
    done = next((one for one in checks if one.task.state == DONE), None)
    waits_long = any(_is_forgotten(visit, one.task) for one in unended)
    return Shown(
        "ledger_books.html",
        {
            "ledger_parts": parts_of(visit),
            "goes_on": bool(unended),
            "waits_long": waits_long,
            "last": done,
            "lines": [_cells(visit, one) for one in checks],
        },
    )


def _is_forgotten(visit: Visit, task: TaskRow) -> bool:
    return task.state == WAITING and visit.tx.machine_now - task.asked_at > PATIENCE


def _check(task: TaskRow) -> Check:
    parts: list[Mapping[str, Any]] = list((task.result or {}).get("parts", ()))
    return Check(task, parts, sum(int(part["count"]) for part in parts), _took(task.begun_at, task.ended_at))


def _took(begun_at: datetime | None, ended_at: datetime | None) -> str:
    if begun_at is None or ended_at is None:
        return ""
    tenths = round((ended_at - begun_at).total_seconds() * 10)
    return f"{tenths // 10}.{tenths % 10} s"


def _cells(visit: Visit, one: Check) -> list[Cell]:
    task = one.task
    return [
        Cell(written_when(task.asked_at, visit.shop), "when", link=link_to("task", task.id)),
        Cell(task.operator),
        Cell(task.state, "badge"),
        Cell(one.took, "number"),
        Cell(one.verdict if task.state == DONE else task.problem),
    ]


def check(visit: Visit) -> Answer:
    """Ask for a proof of the books; one that waits or runs already will do."""
    if any(task.kind == KIND for task in list_unended(visit.tx)):
        return Gone(address_of("/ledger/books"), "The books are being checked already.")
    ask_task(visit.tx, kind=KIND, title="Check of the books", arguments={})
    return Gone(address_of("/ledger/books"), "The books will be checked.")


def told(_visit: Visit, task: TaskRow) -> Mapping[str, Any]:
    """What the page of such a task says of it."""
    return {"part": "ledger_check.html", "last": _check(task) if task.state == DONE else None}


TOLD[KIND] = told
PAGES = (
    Page("/ledger/trial", show_trial, BOOKS),
    Page("/ledger/books", show_books, BOOKS),
    Act("/ledger/books/check", check, BOOKS, show_books),
)
