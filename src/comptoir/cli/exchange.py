"""Commands that take records in from files and give them out."""

import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from comptoir.cli import saved_sales
from comptoir.cli.demonstration import Progress, progress
from comptoir.cli.desk import MISUSED, REFUSED, Desk, command

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.exchange.importing import ImportReport
    from comptoir.domain.exchange.kinds import Kind

SHOWN_MAX = 20
FORMATS: tuple[Literal["jsonl", "csv"], ...] = ("jsonl", "csv")
What = Annotated[
    str, typer.Argument(help="A kind of record, such as products; or a folder of files, for all kinds.")
]
Source = Annotated[Path | None, typer.Argument(help="The file, KIND.jsonl or KIND.csv.", show_default=False)]
Target = Annotated[Path | None, typer.Argument(help="The file to write.", show_default="standard output")]
Format = Annotated[
    str | None, typer.Option("--format", help="jsonl or csv.", show_default="by the file's name")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")]
ResumeFrom = Annotated[int, typer.Option(help="Leave out this many rows at the beginning.", min=0)]
Stop = Annotated[bool, typer.Option("--stop-at-first", help="End at the first row that is refused.")]
Report = Annotated[
    Path | None, typer.Option(help="Write every refused row here, as JSON Lines.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    command(app, "import")(import_records)
    command(app, "export")(export_records)


def import_records(
    desk: Desk,
    *,
    what: What,
    file: Source = None,
    file_format: Format = None,
    dry_run: DryRun = False,
    resume_from: ResumeFrom = 0,
    stop_at_first: Stop = False,
    report: Report = None,
) -> None:
    """Take records in, with their ids kept. Rows that are there already and say the same are left alone.

    Ends with 1 when a row was refused; the others are in all the same. The kind vendor-sales takes what the
    2Checkout API's detail_sale answered, one document to a line.
    """
    if what == saved_sales.NAME and file is not None:
        saved_sales.import_sales(desk, file, dry_run=dry_run)
        return
    from comptoir.domain.exchange.importing import Source as RecordsOf
    from comptoir.domain.exchange.importing import import_kinds

    sources = _sources(desk, what, file, file_format)
    with desk.opened() as home, ExitStack() as files, progress("Importing") as show:
        # All at once, so that a dry run of a folder knows the records that its earlier files would bring.
        reports = import_kinds(
            home.shop,
            [
                RecordsOf(kind, files.enter_context(path.open("rb")), form, resume_from)
                for kind, path, form in sources
            ],
            dry_run=dry_run,
            stop_at_first=stop_at_first,
            on_progress=_counting(show),
        )
    _tell(desk, reports, report)


def _counting(show: Progress) -> "Callable[[ImportReport], None]":
    return lambda state: show(state.read, None, state.kind)


def _sources(desk: Desk, what: str, file: Path | None, form: str | None) -> "list[tuple[Kind, Path, Any]]":
    """Which files hold which kinds, in the order in which they point at each other."""
    from comptoir.domain.exchange.tables import KINDS, kind_named

    if file is not None:
        return [(kind_named(what), _readable(desk, file), _format(desk, file, form))]
    folder = Path(what)
    if not folder.is_dir():
        named = "say which file" if what in KINDS else f"{what!r} is no folder"
        desk.refuse(f"{named}: comptoir import KIND FILE, or comptoir import FOLDER", MISUSED)
    found = [
        (kind, path, suffix)
        for kind in KINDS.values()
        for suffix in FORMATS
        if (path := folder / f"{kind.name}.{suffix}").exists()
    ]
    if not found:
        desk.refuse(f"{folder} holds no file such as {next(iter(KINDS))}.jsonl", MISUSED)
    return found


def _readable(desk: Desk, file: Path) -> Path:
    if not file.is_file():
        desk.refuse(f"there is no file {file}", MISUSED)
    return file


def _format(desk: Desk, file: Path | None, form: str | None) -> Any:
    chosen = form or (file.suffix.removeprefix(".") if file is not None else "jsonl")
    if chosen not in FORMATS:
        desk.refuse(f"{chosen!r} is no format: say --format jsonl or --format csv", MISUSED)
    return chosen


def _tell(desk: Desk, reports: "list[ImportReport]", path: Path | None) -> None:
    """What became of the rows; of the refused ones the first few, or all in a file."""
    from comptoir.dialects.render import to_json

    refused = [{"kind": one.kind} | row._asdict() for one in reports for row in one.refused]
    if path is not None:
        path.write_bytes(b"".join(to_json(row) + b"\n" for row in refused))
    lines = []
    for one in reports:
        word = "would be created" if one.is_dry_run else "created"
        lines.append(
            f"{one.kind}: {one.created} {word}, {one.unchanged} unchanged, {one.refused_count} refused"
        )
    lines += [
        f"  {row['kind']} row {row['row_number']} (line {row['line']}): {row['field']} {row['problem']}"
        for row in refused[:SHOWN_MAX]
    ]
    if len(refused) > SHOWN_MAX:
        lines.append(f"  … and {len(refused) - SHOWN_MAX} more; --report FILE writes them all")
    desk.tell([asdict(one) | {"refused": [row._asdict() for row in one.refused]} for one in reports], lines)
    if any(one.refused_count for one in reports):
        raise typer.Exit(REFUSED)


def export_records(desk: Desk, what: What, file: Target = None, file_format: Format = None) -> None:
    """Give records out, all as they are at one moment: one kind to a file, or every kind to a folder."""
    from comptoir.domain.exchange.tables import KINDS, kind_named

    if what in KINDS:
        if desk.as_json and file is None:
            desk.refuse("with --json say which file to write", MISUSED)
        form = _format(desk, file, file_format)
        chosen = [(kind_named(what), file)]
    else:
        if file is not None:
            kind_named(what)
        form = _format(desk, None, file_format)
        folder = Path(what)
        folder.mkdir(parents=True, exist_ok=True)
        chosen = [(kind, folder / f"{kind.name}.{form}") for kind in KINDS.values()]
    with desk.opened() as home:
        counts = _written(home, chosen, form)
    if file is None and what in KINDS:
        return
    desk.tell(counts, [f"{name}: {count} written" for name, count in counts.items()])


def _written(home: "ServedShop", chosen: "list[tuple[Kind, Path | None]]", form: Any) -> dict[str, int]:
    """Write the kinds in one transaction, so that they fit together."""
    from comptoir.domain.exchange.exporting import export_kind

    with ExitStack() as stack:
        show = stack.enter_context(progress("Exporting"))
        sinks = [
            (kind, sys.stdout.buffer if path is None else stack.enter_context(path.open("wb")))
            for kind, path in chosen
        ]

        def write(tx: Any) -> dict[str, int]:
            counts = {}
            for place, (kind, sink) in enumerate(sinks):
                show(place, len(sinks), kind.name)
                counts[kind.name] = export_kind(tx, kind, sink, form)
            show(len(sinks), len(sinks))
            return counts

        return home.shop.read(write)
