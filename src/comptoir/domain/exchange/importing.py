"""Taking records over from a file: in chunks, each one transaction, with a report of what was wrong.

A row that is there already and says the same counts as unchanged, so that an import that was broken off can
simply be run again; a row that says something else under the same id is refused. Rows that are refused stop
nobody else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from comptoir.domain.errors import ComptoirError, Invalid, Problems
from comptoir.domain.exchange.exporting import find_kept
from comptoir.domain.exchange.formats import FileFormat, SourceRow, read_rows
from comptoir.domain.exchange.kinds import Kind, Values, differing
from comptoir.domain.tx import SYSTEM, Actor, OpenShop, Tx
from comptoir.storage.errors import StillReferenced, UniqueTaken
from comptoir.storage.fittings import bulk_load

CHUNK = 500
# The report names this many refused rows and counts the others.
REFUSED_MAX = 10_000
# From this many rows on it may pay to rebuild the search index at the end.
BULK_FROM = 1_000


class RowProblem(NamedTuple):
    """What is wrong with one row, counted from 1, the line on which it begins, and its id if it has one."""

    row_number: int
    line: int
    id: Any
    field: str
    problem: str


@dataclass(slots=True)
class ImportReport:
    """How an import went. `resume_at` is the number of rows that need not be read again."""

    kind: str
    is_dry_run: bool = False
    read: int = 0
    created: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused_count: int = 0
    refused: list[RowProblem] = field(default_factory=list)
    resume_at: int = 0
    is_complete: bool = False


class _Row(NamedTuple):
    """A row of the file with its values, or with its problem."""

    source: SourceRow
    values: Values
    problem: ComptoirError | None


class _Outcome(NamedTuple):
    """What became of a chunk."""

    created: int
    unchanged: int
    refused: list[tuple[_Row, ComptoirError]]
    put_off: list[_Row]


class _Undo(Exception):
    """Takes a transaction back; carries what would have been."""

    def __init__(self, outcome: Any = None) -> None:
        super().__init__()
        self.outcome = outcome


Progress = Callable[[ImportReport], None]
Job = Callable[[Tx], _Outcome]
Write = Callable[[Job], _Outcome]


class Source(NamedTuple):
    """A file of one kind of records, of which the first rows may be left out, and those after `rows_max`."""

    kind: Kind
    stream: BinaryIO
    file_format: FileFormat = "jsonl"
    resume_from: int = 0
    rows_max: int | None = None


def import_kind(
    shop: OpenShop,
    kind: Kind,
    source: BinaryIO,
    file_format: FileFormat = "jsonl",
    *,
    dry_run: bool = False,
    resume_from: int = 0,
    chunk: int = CHUNK,
    stop_at_first: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import a file of one kind of records, as `import_kinds` does."""
    (report,) = import_kinds(
        shop,
        [Source(kind, source, file_format, resume_from)],
        dry_run=dry_run,
        chunk=chunk,
        stop_at_first=stop_at_first,
        on_progress=on_progress,
    )
    return report


def import_kinds(
    shop: OpenShop,
    sources: Iterable[Source],
    *,
    dry_run: bool = False,
    chunk: int = CHUNK,
    stop_at_first: bool = False,
    on_progress: Progress | None = None,
    actor: Actor = SYSTEM,
) -> list[ImportReport]:
    """Import files one after the other; those that others point at come first.

    A dry run does everything in one transaction and takes it back. With `stop_at_first` the chunk in which
    a row is refused is taken back, and nothing more is read.
    Refuses: UnreadableFile.
    """
    reports: list[ImportReport] = []

    def run(write: Write, ease: Callable[[Kind, int], None]) -> None:
        for source in sources:
            report = ImportReport(source.kind.name, is_dry_run=dry_run, resume_at=source.resume_from)
            reports.append(report)
            work = _Import(source.kind, report, chunk, stop_at_first=stop_at_first, on_progress=on_progress)
            rows = islice(read_rows(*source[:3]), source.rows_max)
            work.run(_skipping(report, rows, source.resume_from), write, ease)
            if stop_at_first and report.refused_count:
                return

    def rehearse(tx: Tx) -> None:
        run(lambda job: job(tx), lambda _kind, _count: None)
        raise _Undo

    if not dry_run:
        with ExitStack() as stack:
            run(lambda job: shop.write(job, actor), lambda kind, count: _ease(stack, shop, kind, count))
        return reports
    with suppress(_Undo):
        shop.write(rehearse, actor)
    for report in reports:
        report.resume_at = report.skipped
    return reports


def _skipping(report: ImportReport, rows: Iterator[SourceRow], resume_from: int) -> Iterator[SourceRow]:
    for row in rows:
        if row.number <= resume_from:
            report.skipped += 1
        else:
            yield row


def _ease(stack: ExitStack, shop: OpenShop, kind: Kind, count: int) -> None:
    """Leave the search index for the end, once the rows are many beside those that are there."""
    if kind.record.__substring_search__:
        stack.enter_context(bulk_load(shop.database, rows=count))


class _Import:
    """One import on its way through the file."""

    def __init__(
        self,
        kind: Kind,
        report: ImportReport,
        chunk: int,
        *,
        stop_at_first: bool,
        on_progress: Progress | None,
    ) -> None:
        self.kind = kind
        self.report = report
        self.chunk = chunk
        self.stop_at_first = stop_at_first
        self.on_progress = on_progress
        self.put_off: list[_Row] = []
        self.bulk_at = BULK_FROM
        self.is_broken = False
        self.reached = report.resume_at

    def run(
        self,
        rows: Iterator[SourceRow],
        write: Write,
        ease: Callable[[Kind, int], None],
    ) -> None:
        """Take chunk after chunk, and at last those that had to wait for a later row."""
        while batch := [self._read(row) for row in islice(rows, self.chunk)]:
            self.report.read += len(batch)
            if not self._take(batch, write, may_wait=True):
                return
            if self.report.read >= self.bulk_at:
                ease(self.kind, self.report.read)
                self.bulk_at *= 2
        may_wait = True
        while self.put_off:
            waiting = len(self.put_off)
            if not self._take_waiting(write, may_wait=may_wait):
                return
            # A row may wait for one that waits itself, as long as that helps.
            may_wait = len(self.put_off) < waiting
        self.report.is_complete = not self.is_broken

    def _take_waiting(self, write: Write, *, may_wait: bool) -> bool:
        """Take those that had to wait, once each; False when the import ends here."""
        left = len(self.put_off)
        while left:
            size = min(left, self.chunk)
            left -= size
            batch, self.put_off = self.put_off[:size], self.put_off[size:]
            if not self._take(batch, write, may_wait=may_wait):
                return False
        return True

    def _read(self, row: SourceRow) -> _Row:
        self.is_broken = self.is_broken or row.is_last
        if row.problem:
            return _Row(row, {}, Invalid("", row.problem))
        try:
            return _Row(row, self.kind.load(row.raw), None)
        except Invalid as problem:
            return _Row(row, {}, problem)

    def _take(
        self,
        batch: Sequence[_Row],
        write: Write,
        *,
        may_wait: bool,
    ) -> bool:
        """Keep a chunk and report on it; False when the import ends here."""
        job = _Chunk(self.kind, batch, may_wait=may_wait, must_be_whole=self.stop_at_first)
        try:
            outcome = write(job.keep)
        except _Undo as undone:
            self._tell(undone.outcome.refused[:1])
            return False
        except (UniqueTaken, StillReferenced) as error:
            # Somebody else changed what we had just looked at: whoever is not concerned still gets in.
            if len(batch) == 1:
                self._tell([(batch[0], Invalid("", f"does not go with what is kept: {error}"))])
                return not self.stop_at_first
            middle = len(batch) // 2
            halves = (batch[:middle], batch[middle:])
            return all(self._take(half, write, may_wait=may_wait) for half in halves)
        self.report.created += outcome.created
        self.report.unchanged += outcome.unchanged
        self.put_off += outcome.put_off
        self._tell(outcome.refused)
        self._reach(max((row.source.number for row in batch if not row.source.is_last), default=0))
        return True

    def _reach(self, number: int) -> None:
        self.reached = max(number, self.reached)
        waiting = [row.source.number - 1 for row in self.put_off]
        self.report.resume_at = min([self.reached, *waiting])
        if self.on_progress is not None:
            self.on_progress(self.report)

    def _tell(self, refused: Iterable[tuple[_Row, ComptoirError]]) -> None:
        for row, problem in refused:
            self.report.refused_count += 1
            if len(self.report.refused) < REFUSED_MAX:
                self.report.refused.append(told_of(self.kind, row.source, problem))


def told_of(kind: Kind, row: SourceRow, problem: ComptoirError) -> RowProblem:
    """What is wrong with a row, in the names of its file."""
    key = row.raw.get(kind.key[0])
    where = (row.number, row.line, key if isinstance(key, int | str) else None)
    names = {one.key: one.name for one in kind.all_fields}
    if isinstance(problem, Problems):
        (field_, first), *others = problem.problems
        more = [f"{names.get(other, other)} {words}" for other, words in others]
        return RowProblem(*where, names.get(field_, field_), "; ".join([first, *more]))
    if isinstance(problem, Invalid):
        return RowProblem(*where, names.get(problem.field, problem.field), problem.problem)
    return RowProblem(*where, "", str(problem))


class _Chunk:
    """One chunk of rows, kept in one transaction; may be run again if that is lost."""

    def __init__(self, kind: Kind, batch: Sequence[_Row], *, may_wait: bool, must_be_whole: bool) -> None:
        self.kind = kind
        self.batch = batch
        self.may_wait = may_wait and bool(kind.later)
        self.must_be_whole = must_be_whole

    def keep(self, tx: Tx) -> _Outcome:
        """Keep what is new and right."""
        refused = [(row, row.problem) for row in self.batch if row.problem is not None]
        good = [row for row in self.batch if row.problem is None]
        new, told = self._new(tx, good)
        refused += told
        put_off: list[_Row] = []
        created = 0
        if new:
            for row, problem in zip(new, self.kind.importer(tx, [row.values for row in new]), strict=True):
                if problem is None:
                    created += 1
                elif self.may_wait and isinstance(problem, Invalid) and problem.field == self.kind.later:
                    put_off.append(row)
                else:
                    refused.append((row, problem))
        refused.sort(key=lambda pair: pair[0].source.number)
        outcome = _Outcome(created, len(good) - len(new) - len(told), refused, put_off)
        if refused and self.must_be_whole:
            raise _Undo(outcome)
        return outcome

    def _new(self, tx: Tx, good: Sequence[_Row]) -> tuple[list[_Row], list[tuple[_Row, ComptoirError]]]:
        """Rows that are not kept yet, and those that contradict what is."""
        head, key = self.kind.key[0], self.kind.key
        kept = find_kept(tx, self.kind, [row.values[head] for row in good if head in row.values])
        if not kept:
            return list(good), []
        new: list[_Row] = []
        told: list[tuple[_Row, ComptoirError]] = []
        for row in good:
            found = kept.get(tuple(row.values.get(name) for name in key))
            others = [] if found is None else differing(row.values, found)
            if found is None or (others and self.kind.is_replaced):
                new.append(row)
            elif others:
                names = ", ".join(one.name for one in self.kind.all_fields if one.key in others)
                told.append((row, Invalid(head, f"is taken by a record that differs in {names}")))
        return new, told
