"""The command that tells what happened."""

from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from comptoir.cli.desk import Desk, command

if TYPE_CHECKING:
    from comptoir.domain.events.queries import EventRow

PAGE = 500
FOLLOW_SECONDS = 0.5
After = Annotated[int, typer.Option(help="Only what came after this number.", min=0)]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1)]
Subject = Annotated[
    str | None, typer.Option(help="Only one kind of record, such as product.", show_default="all")
]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on telling what happens.")]


def register(app: typer.Typer) -> None:
    """Add this command."""
    command(app, "events")(events)


def events(
    desk: Desk, after: After = 0, limit: Limit = 100, subject: Subject = None, follow: Follow = False
) -> None:
    """What happened, in order: one line each, with --json one object each."""
    from comptoir.domain.events.queries import list_events

    def page(after: int, size: int) -> "list[EventRow]":
        return home.shop.read(lambda tx: list_events(tx, after=after, limit=size, subject=subject))

    with desk.opened() as home:
        left = limit
        while True:
            rows = page(after, PAGE if follow else min(PAGE, left))
            for row in rows:
                after = row.seq
                desk.tell(row._asdict() | {"at": row.at.isoformat()}, [line(row)])
            left -= len(rows)
            if not follow and (not rows or left <= 0):
                return
            if not rows:
                sleep(FOLLOW_SECONDS)


def line(row: "EventRow") -> str:
    """One event for people."""
    changes = ", ".join(f"{name}={value}" for name, value in (row.after or {}).items())
    shown = changes if len(changes) < 100 else f"{changes[:97]}..."
    what = f"{row.seq:>8}  {row.at:%Y-%m-%d %H:%M:%S}  {row.kind} {row.subject_id}"
    return f"{what}  by {row.actor}  {shown}".rstrip()
