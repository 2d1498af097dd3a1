"""The simulated bank of a sandbox: it reads the files that were cut and answers with files of its own.

Its answers are read in as those of any bank are. What it returns at once comes before the entries settle; what
the holder of an account would object to later comes an hour, or a bank day, after they have settled.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, func, select

from comptoir.domain.banking.clearing.corrections import corrected_data
from comptoir.domain.banking.clearing.hours import Hours, hours_of
from comptoir.domain.banking.clearing.keeping import FileRow, content_of, get_file, mark_file
from comptoir.domain.banking.clearing.magic import Magic, correction_of, magic_of
from comptoir.domain.banking.clearing.reading import read_file
from comptoir.domain.banking.clearing.returns import SentBack, returned_batch
from comptoir.domain.banking.clearing.settling import IS_DUE
from comptoir.domain.banking.files.ach import COR, AchFile, Answer, Batch, Entry, written_at
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.files.models import ACH_OUT, ANSWERED, SENT, WRITTEN, BankFile
from comptoir.domain.banking.movements.models import PENDING, SETTLED, BankTransfer
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.tx import Tx

FILES_MAX = 10
TRACE_DIGITS = 10**7
ROUTING_FIRST = 8

UNANSWERED = (
    select(BankFile.id)
    .where(
        BankFile.kind == ACH_OUT,
        BankFile.state == WRITTEN,
        BankFile.id.in_(select(BankTransfer.file_id).where(*IS_DUE)),
    )
    .order_by(BankFile.id)
    .limit(bindparam("limit"))
)
# Files of which nothing waits any more, and when the last of it settled.
ALL_SETTLED = (
    select(BankFile.id, func.max(BankTransfer.settled_at).filter(BankTransfer.status == SETTLED))
    .join(BankTransfer, BankTransfer.file_id == BankFile.id)
    .where(BankFile.kind == ACH_OUT, BankFile.state == SENT)
    .group_by(BankFile.id)
    .having(func.count().filter(BankTransfer.status == PENDING) == 0)
    .order_by(BankFile.id)
    .limit(bindparam("limit"))
)
SETTLED_TRACES = select(BankTransfer.trace_number).where(
    BankTransfer.file_id == bindparam("file_id"), BankTransfer.status == SETTLED
)


def answer_files(tx: Tx, *, limit: int = FILES_MAX) -> int:
    """Answer the files whose entries are about to settle, and say how many; nothing without a simulated bank."""
    program = _simulated(tx)
    if program is None:
        return 0
    hours = hours_of(tx, program)
    if not hours.is_open:
        return 0
    rows = tx.all(UNANSWERED, today=hours.today, settled_before=hours.settled_before, limit=limit)
    for (file_id,) in rows:
        row = get_file(tx, file_id)
        _answer(tx, hours, row, is_late=False)
        mark_file(tx, row, SENT)
    return len(rows)


def object_to_files(tx: Tx, *, limit: int = FILES_MAX) -> int:
    """Return what holders object to after it has settled, and say of how many files."""
    program = _simulated(tx)
    if program is None:
        return 0
    hours = hours_of(tx, program)
    done = 0
    for file_id, settled_at in tx.all(ALL_SETTLED, limit=limit):
        if settled_at is not None and not hours.is_over(settled_at):
            continue
        row = get_file(tx, file_id)
        _answer(tx, hours, row, is_late=True)
        mark_file(tx, row, ANSWERED)
        done += 1
    return done


def _simulated(tx: Tx) -> ProgramFacts | None:
    try:
        program = get_program(tx)
    except NoProgram:
        return None
    return program if program.is_bank_simulated else None


def _answer(tx: Tx, hours: Hours, row: FileRow, *, is_late: bool) -> None:
    """Write the file of answers to a file, if there are any, and read it in."""
    sent = read_ach(content_of(tx, row.id))
    settled = {trace for (trace,) in tx.all(SETTLED_TRACES, file_id=row.id)} if is_late else None
    answered = list(_answered(sent, settled))
    if not answered:
        return
    file = AchFile(
        destination_id=sent.origin_id,
        destination_name=sent.origin_name,
        origin_id=sent.destination_id,
        origin_name=sent.destination_name,
        written_at=written_at(hours.now.astimezone(hours.zone)),
        batches=tuple(_batches(tx, answered)),
        # What says so often the same is told apart by the file that it answers.
        reference=f"{row.id % 10**8:08}",
    )
    read_file(
        tx, write_ach(file), name=f"{hours.now.astimezone(hours.zone):%Y%m%d%H%M}_ANSWERS_TO_{row.name}"
    )


def _answered(sent: AchFile, settled: set[str] | None) -> Iterator[tuple[Batch, Entry, Magic]]:
    """The entries that are answered now: at once, or later those that have settled."""
    for batch in sent.batches:
        for entry in batch.entries:
            magic = magic_of(entry)
            if magic is None or magic.is_late != (settled is not None):
                continue
            if settled is None or entry.trace_number in settled:
                yield batch, entry, magic


def _batches(tx: Tx, answered: Sequence[tuple[Batch, Entry, Magic]]) -> Iterator[Batch]:
    for number, (batch, entry, magic) in enumerate(answered, 1):
        bank = entry.routing_number[:ROUTING_FIRST]
        trace = f"{bank}{tx.ids.next('ach_answer') % TRACE_DIGITS:07}"
        back = returned_batch(
            SentBack(batch, entry, magic.code), number=number, odfi=bank, trace_number=trace
        )
        yield _correcting(back, entry, magic) if magic.is_correction else back


def _correcting(back: Batch, entry: Entry, magic: Magic) -> Batch:
    """The same batch as a notification of change: no money, and what is right instead."""
    (returned,) = back.entries
    words = corrected_data(magic.code, correction_of(magic.code, entry))
    answer = Answer(magic.code, entry.trace_number, entry.routing_number[:ROUTING_FIRST], words)
    return back._replace(entry_class=COR, entries=(returned._replace(amount_minor=0, answer=answer),))
