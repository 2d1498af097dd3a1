"""Commands on files to and from other banks: which there are, writing them out, reading those that came."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.banking.clearing.keeping import FileRow

FileId = Annotated[int, typer.Argument(help="The file's number.")]
Kind = Annotated[
    str | None, typer.Option(help="ach_out, ach_returns, ach_in, events, transactions or balances.")
]
Limit = Annotated[int, typer.Option(help="How many at most, the newest first.", min=1, max=10_000)]
Content = Annotated[bool, typer.Option("--content", help="Print the file as it is, account numbers and all.")]
Folder = Annotated[Path, typer.Argument(help="Where the files go.")]
Again = Annotated[bool, typer.Option("--again", help="Also those that were written out before.")]
Came = Annotated[Path, typer.Argument(help="A file of returns, corrections or entries from another bank.")]
COLUMNS = ("id", "kind", "name", "state", "effective_on", "entries", "debits", "credits", "created_at")
ENTRY_COLUMNS = ("trace_number", "code", "routing_number", "account", "amount", "name", "answer")
SHOWN_DIGITS = 4
# Who may read a file of account numbers: whoever wrote it out.
OWNER_ONLY = 0o600


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Files to and from other banks: list, show, write, read, run.", no_args_is_help=True
    )
    command(group, "list")(list_all)
    command(group, "show")(show)
    command(group, "write")(write)
    command(group, "read")(read)
    command(group, "run")(run)
    app.add_typer(group, name="files")


def list_all(desk: Desk, *, kind: Kind = None, limit: Limit = 100) -> None:
    """The files that were written or read, the newest first."""
    with desk.opened() as home:
        rows, currency = _rows(desk, home, kind, limit), home.shop.read(lambda tx: tx.shop.currency)
    desk.tell_table([_told(row, currency) for row in rows], COLUMNS, "There are no such files.")


def show(desk: Desk, file_id: FileId, *, content: Content = False) -> None:
    """One file: what is known of it and what came of it, its entries, or all of it as it is."""
    from comptoir.cli.desk import table
    from comptoir.domain.banking.clearing.keeping import content_of, get_file

    with desk.opened() as home:
        row, text, currency = home.shop.read(
            lambda tx: (get_file(tx, file_id), content_of(tx, file_id), tx.shop.currency)
        )
    told = _told(row, currency) | {"outcome": row.outcome}
    if content:
        desk.tell(told | {"content": text}, [text.rstrip("\r\n")])
        return
    entries = _entries(row, text, currency)
    lines = [f"{name:<13} {value}" for name, value in told.items()]
    listed = ["", *table(entries, ENTRY_COLUMNS)] if entries else []
    desk.tell(told | {"entries_listed": entries}, [*lines, *listed])


def write(desk: Desk, folder: Folder, *, kind: Kind = None, again: Again = False) -> None:
    """Write out the files that go to others and have not been written out before, each under its name.

    A file that is there is not overwritten unless it is the same.
    """
    from comptoir.domain.banking.clearing.keeping import ID_MAX, content_of, hand_over
    from comptoir.domain.banking.files.models import ACH_OUT, TOLD_KINDS, WRITTEN

    written: list[str] = []
    with desk.opened() as home:
        folder.mkdir(parents=True, exist_ok=True)
        for row in reversed(_rows(desk, home, kind, ID_MAX)):
            if row.kind not in {ACH_OUT, *TOLD_KINDS} or not (again or row.state == WRITTEN):
                continue
            text = home.shop.read(partial(content_of, file_id=row.id))
            written.append(_put(desk, folder, row, text))
            home.shop.write(partial(hand_over, file_id=row.id), operator_at_the_desk())
    told: dict[str, Any] = {"written": written, "folder": str(folder)}
    desk.tell(told, [*written, f"{len(written)} files written to {folder}"])


def read(desk: Desk, file: Came) -> None:
    """Read a file that came: all of it or nothing, and once."""
    from comptoir.domain.banking.clearing.reading import read_file

    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        desk.refuse(f"{file} cannot be read: {error}", MISUSED)
    with desk.opened() as home:
        outcome = home.shop.write(lambda tx: read_file(tx, text, name=file.name), operator_at_the_desk())
    told = outcome._asdict() | {"problems": list(outcome.problems)}
    if not outcome.is_new:
        desk.tell(told, [f"{file.name} was read before, as file {outcome.file_id}: nothing was changed"])
        return
    counts = f"{outcome.returned} returned, {outcome.corrected} corrected, {outcome.posted} posted"
    problems = [f"  {problem}" for problem in outcome.problems]
    desk.tell(told, [f"file {outcome.file_id}: {counts}, {outcome.sent_back} sent back", *problems])


def run(desk: Desk) -> None:
    """Do now what the worker does each minute: cut files, let a simulated bank answer, settle, tell of events."""
    from comptoir.chores.banking_files import run_files, write_days, write_events

    with desk.opened() as home:
        done, told, days = run_files(home), write_events(home), write_days(home)
    said = f"{done} files and transfers moved on, {told} events told, {days} rows of days that are over"
    desk.tell({"done": done, "events": told, "days": days}, [said])


def _rows(desk: Desk, home: "ServedShop", kind: str | None, limit: int) -> "list[FileRow]":
    from comptoir.domain.banking.clearing.keeping import list_files
    from comptoir.domain.banking.files.models import FILE_KINDS

    if kind is not None and kind not in FILE_KINDS:
        desk.refuse(f"{kind!r} is none of {', '.join(FILE_KINDS)}", MISUSED)
    return home.shop.read(lambda tx: list_files(tx, kind=kind, limit=limit))


def _told(row: "FileRow", currency: str) -> dict[str, Any]:
    from comptoir.domain.money import decimal_of_minor

    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "state": row.state,
        "effective_on": row.effective_on,
        "entries": row.entry_count,
        "debits": str(decimal_of_minor(row.debit_minor, currency)),
        "credits": str(decimal_of_minor(row.credit_minor, currency)),
        "created_at": row.created_at,
    }


def _entries(row: "FileRow", text: str, currency: str) -> list[dict[str, Any]]:
    """The entries of an ACH file, their account numbers masked."""
    from comptoir.domain.banking.files.ach_reading import read_ach
    from comptoir.domain.banking.files.models import TOLD_KINDS
    from comptoir.domain.money import decimal_of_minor

    if row.kind in TOLD_KINDS:
        return []
    return [
        {
            "trace_number": entry.trace_number,
            "code": entry.transaction_code,
            "routing_number": entry.routing_number,
            "account": f"******{entry.account_number[-SHOWN_DIGITS:]}",
            "amount": str(decimal_of_minor(entry.amount_minor, currency)),
            "name": entry.name,
            "answer": None if entry.answer is None else f"{entry.answer.code} {entry.answer.original_trace}",
        }
        for batch in read_ach(text).batches
        for entry in batch.entries
    ]


def _put(desk: Desk, folder: Path, row: "FileRow", text: str) -> str:
    """Write one file out, whole or not at all; files of one minute may have one name."""
    path = folder / row.name
    if path.exists() and path.read_bytes() != text.encode():
        path = folder / f"{path.stem}_{row.id}{path.suffix}"
        if path.exists() and path.read_bytes() != text.encode():
            desk.refuse(f"{path} is there and says something else")
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.touch(mode=OWNER_ONLY)
    unfinished.write_bytes(text.encode())
    unfinished.replace(path)
    return path.name
