"""Imports and exports that were asked for in the console, as runners of tasks."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, BinaryIO

from comptoir.chores.tasks import Run, Runner
from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import Invalid
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.formats import FORMATS, FileFormat
from comptoir.domain.exchange.importing import ImportReport, RowProblem, Source, import_kinds
from comptoir.domain.exchange.kinds import Kind
from comptoir.domain.exchange.rehearsing import count_rows, rehearse_import
from comptoir.domain.exchange.tables import KINDS, kind_named
from comptoir.domain.tasks.actions import Outcome
from comptoir.domain.tx import Tx

PREVIEW, IMPORT, EXPORT = "preview", "import", "export"
EVERYTHING = "everything"
# So many refused rows are shown; all of them stand in the file that is kept beside the report.
SHOWN_MAX = 200
# An archive knows no time before this.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
COUNTS = ("created", "unchanged", "refused_count")


def preview(home: ServedShop, run: Run) -> Outcome:
    """Say what an import would do. Begun again, it begins anew, for it keeps nothing."""
    with closing(opened(home, run)) as stream:
        source = source_of(run, stream)
        found = rehearse_import(
            home.shop, source, actor=run.actor, on_progress=lambda report: run.tell(report.read)
        )
    result = told(found.report, rows=found.rows) | {"tried": found.tried}
    return with_refused(home, run, found.report.refused, Outcome(found.rows, result))


def take_in(home: ServedShop, run: Run) -> Outcome:
    """Import a file. Begun again, it goes on where the run before was last heard of."""
    with closing(opened(home, run)) as stream:
        source = source_of(run, stream)
        rows = count_rows(source)
        stream.seek(0)
        before = run.result or {}
        source = source._replace(resume_from=int(before.get("resume_at", 0)))

        def tell(report: ImportReport) -> None:
            run.tell(report.read + report.skipped, rows, added(before, told(report, rows=rows)))

        (report,) = import_kinds(home.shop, [source], actor=run.actor, on_progress=tell)
    result = added(before, told(report, rows=rows))
    earlier = [RowProblem(*row) for row in before.get("refused", ())]
    return with_refused(home, run, [*earlier, *report.refused], Outcome(rows, result))


def give_out(home: ServedShop, run: Run) -> Outcome:
    """Export one kind of records, or every kind as an archive. Begun again, it begins anew."""
    name, form = str(run.task.arguments.get("kind")), format_of(run)
    counts: dict[str, int] = {}

    def write(sink: BinaryIO) -> None:
        def read(tx: Tx) -> None:
            if name == EVERYTHING:
                write_archive(tx, run, sink, form, counts)
            else:
                kind = kind_named(name)
                counts[kind.name] = export_kind(tx, kind, sink, form, on_progress=run.tell)

        home.shop.read(read, run.actor)

    digest = home.media.put_written(write)
    day = home.shop.read(lambda tx: tx.shop.local(tx.now).date().isoformat())
    suffix = "zip" if name == EVERYTHING else form
    return Outcome(sum(counts.values()), {"counts": counts}, digest, f"{name}-{day}.{suffix}")


RUNNERS: dict[str, Runner] = {PREVIEW: preview, IMPORT: take_in, EXPORT: give_out}


def write_archive(tx: Tx, run: Run, sink: BinaryIO, form: FileFormat, counts: dict[str, int]) -> None:
    """Write every kind to an archive, in one transaction, so that they fit together."""
    at = max(tx.shop.local(tx.now).timetuple()[:6], FIRST_TIME)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in KINDS.values():
            entry = zipfile.ZipInfo(f"{kind.name}.{form}", at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            before = sum(counts.values())
            with archive.open(entry, "w", force_zip64=True) as file:
                counts[kind.name] = export_kind(tx, kind, file, form, on_progress=_after(run, before))


def _after(run: Run, before: int) -> Callable[[int], None]:
    return lambda count: run.tell(before + count)


def opened(home: ServedShop, run: Run) -> BinaryIO:
    """The file that a task was given. Refuses: Invalid, ContentMissing."""
    digest = run.task.source_digest
    if digest is None:
        raise Invalid("file", "is no longer kept; upload it again")
    path: Path | None = home.media.path(digest)
    return io.BytesIO(home.media.get(digest)) if path is None else path.open("rb")


def source_of(run: Run, stream: BinaryIO) -> Source:
    """What the file holds. Refuses: UnknownKind, Invalid."""
    return Source(kind_of(run), stream, format_of(run))


def kind_of(run: Run) -> Kind:
    """The kind that a task is about. Refuses: UnknownKind."""
    return kind_named(str(run.task.arguments.get("kind")))


def format_of(run: Run) -> FileFormat:
    """The format that a task is about. Refuses: Invalid."""
    for form in FORMATS:
        if form == run.task.arguments.get("format"):
            return form
    raise Invalid("format", f"must be one of {', '.join(FORMATS)}")


def told(report: ImportReport, *, rows: int) -> dict[str, Any]:
    """A report as a task's result."""
    return {
        "rows": rows,
        "read": report.read + report.skipped,
        "created": report.created,
        "unchanged": report.unchanged,
        "refused_count": report.refused_count,
        "refused": [list(row) for row in report.refused[:SHOWN_MAX]],
        "resume_at": report.resume_at,
        "is_complete": report.is_complete,
    }


def added(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The result of a run that went on with what another began."""
    sums = {name: int(before.get(name, 0)) + now[name] for name in COUNTS}
    refused = [*before.get("refused", ()), *now["refused"]][:SHOWN_MAX]
    return now | sums | {"refused": refused}


def with_refused(home: ServedShop, run: Run, rows: Sequence[RowProblem], outcome: Outcome) -> Outcome:
    """Keep the refused rows as a file beside the report."""
    if not rows:
        return outcome
    digest = home.media.put_written(lambda sink: _write_refused(sink, rows))
    name = f"{kind_of(run).name}-refused.csv"
    return outcome._replace(output_digest=digest, output_name=name)


def _write_refused(sink: IO[bytes], rows: Sequence[RowProblem]) -> None:
    text = io.TextIOWrapper(sink, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["row", "line", "id", "field", "problem"])
    writer.writerows(rows)
    text.detach()
