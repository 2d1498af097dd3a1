"""What an import would do, found out without keeping anything, and without holding up the shop for long.

A rehearsal is one transaction that is taken back, and on SQLite nobody else writes meanwhile. So only the
first rows of a long file are rehearsed; the others are read, which finds every row that is badly written, but
not those that contradict what is kept.
"""

from itertools import islice
from typing import NamedTuple

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.exchange.formats import SourceRow, read_rows
from comptoir.domain.exchange.importing import (
    REFUSED_MAX,
    ImportReport,
    Progress,
    Source,
    import_kinds,
    told_of,
)
from comptoir.domain.exchange.kinds import Kind
from comptoir.domain.tx import SYSTEM, Actor, OpenShop

REHEARSED_MAX = 5_000
TELL_EVERY = 1_000


class Rehearsal(NamedTuple):
    """What an import would do; of `rows` rows, `tried` were tried against what is kept."""

    report: ImportReport
    rows: int
    tried: int


def rehearse_import(
    shop: OpenShop,
    source: Source,
    *,
    actor: Actor = SYSTEM,
    tried_max: int = REHEARSED_MAX,
    on_progress: Progress | None = None,
) -> Rehearsal:
    """Say what an import would do. Refuses: UnreadableFile."""
    first = source._replace(resume_from=0, rows_max=tried_max)
    (report,) = import_kinds(shop, [first], dry_run=True, actor=actor, on_progress=on_progress)
    tried = report.read
    source.stream.seek(0)
    for row in islice(read_rows(source.kind, source.stream, source.file_format), tried, None):
        _read_only(source.kind, report, row)
        if on_progress is not None and row.number % TELL_EVERY == 0:
            on_progress(report)
    return Rehearsal(report, report.read, tried)


def count_rows(source: Source) -> int:
    """How many rows a file has. Refuses: UnreadableFile."""
    return sum(1 for _ in read_rows(source.kind, source.stream, source.file_format))


def _read_only(kind: Kind, report: ImportReport, row: SourceRow) -> None:
    report.read += 1
    problem: ComptoirError | None = Invalid("", row.problem) if row.problem else None
    if problem is None:
        try:
            kind.load(row.raw)
        except Invalid as found:
            problem = found
    if problem is None:
        return
    report.is_complete = report.is_complete and not row.is_last
    report.refused_count += 1
    if len(report.refused) < REFUSED_MAX:
        report.refused.append(told_of(kind, row, problem))
