"""Files that come: returns and corrections of what we sent, and entries of others for accounts of ours.

A file is read whole or not at all, and once: the same file again changes nothing.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.clearing.corrections import correct_external_account
from comptoir.domain.banking.clearing.hours import Hours, hours_of
from comptoir.domain.banking.clearing.incoming import post_entry
from comptoir.domain.banking.clearing.keeping import find_same, keep_file, next_file_id
from comptoir.domain.banking.clearing.returns import SentBack, write_returns
from comptoir.domain.banking.clearing.settling import square
from comptoir.domain.banking.clearing.submitting import identity
from comptoir.domain.banking.files.ach import AchFile, Answer, Batch, Entry, file_totals
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.errors import FileMalformed
from comptoir.domain.banking.files.models import ACH_IN, ACH_OUT, ACH_RETURNS, READ, BankFile
from comptoir.domain.banking.movements.errors import AlreadyReturned, TransactionLocked
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.ledger.errors import AccountClosed
from comptoir.domain.tx import Tx

NAME_MAX = 255

# The last one that was sent under a trace number: after ten million they begin again.
BY_TRACE = (
    select(BankTransfer.transfer_id, BankTransfer.amount_minor, BankTransfer.external_account_id)
    .join(BankFile, BankFile.id == BankTransfer.file_id)
    .where(
        BankTransfer.trace_number == bindparam("trace"),
        BankTransfer.trace_number != "",
        BankFile.kind == ACH_OUT,
    )
    .order_by(BankTransfer.transfer_id.desc())
    .limit(1)
)


class Outcome(NamedTuple):
    """What came of a file; `problems` are the entries that nothing could be done about, in words."""

    file_id: int
    is_new: bool
    returned: int = 0
    corrected: int = 0
    posted: int = 0
    sent_back: int = 0
    problems: tuple[str, ...] = ()


def read_file(tx: Tx, content: str, *, name: str = "") -> Outcome:
    """Read a file of the other banks and do what it says.

    Refuses: NoProgram, FileMalformed (it is no ACH file, does not prove itself, or is not for this bank).
    """
    program = get_program(tx)
    file = read_ach(content)
    names = identity(program)
    if file.destination_id not in {names["origin_id"], program.routing_number}:
        raise FileMalformed([f"it is for {file.destination_id}, not for this bank"])
    file_id = next_file_id(tx)
    entries = [entry for batch in file.batches for entry in batch.entries]
    kind = ACH_RETURNS if all(entry.answer for entry in entries) else ACH_IN
    known = find_same(tx, kind, content)
    if known is not None:
        return _outcome(known.id, known.outcome, is_new=False)
    # The file is kept first: what it moves is written down under its number.
    totals = file_totals(file)
    outcome: dict[str, Any] = {}
    keep_file(
        tx, id=file_id, kind=kind, name=_printable(name) or f"{file.written_at}_{kind.upper()}_{file_id}.TXT",
        state=READ, content=content, totals=totals, outcome=outcome,
    )  # fmt: skip
    outcome |= _Reader(tx, program, file_id).read(file)
    square(tx)
    tx.update(BankFile, file_id, outcome=outcome)
    return _outcome(file_id, outcome, is_new=True)


class _Reader:
    """What one file does."""

    def __init__(self, tx: Tx, program: ProgramFacts, file_id: int) -> None:
        self._tx = tx
        self._program = program
        self._file_id = file_id
        self._hours: Hours = hours_of(tx, program)
        self._counts = dict.fromkeys(("returned", "corrected", "posted", "sent_back"), 0)
        self._problems: list[str] = []
        self._back: list[SentBack] = []

    def read(self, file: AchFile) -> dict[str, Any]:
        """Do what every entry says, and tell what came of it."""
        for batch, entry in _entries(file):
            if entry.answer is None:
                self._post(batch, entry)
            elif entry.answer.is_correction:
                self._correct(entry, entry.answer)
            else:
                self._return(entry, entry.answer)
        if self._back:
            write_returns(self._tx, self._program, self._hours, self._back)
        return {**self._counts, "problems": self._problems}

    def _post(self, batch: Batch, entry: Entry) -> None:
        code = post_entry(self._tx, self._hours, batch, entry, file_id=self._file_id)
        if code is None:
            self._counts["posted"] += 1
        else:
            self._back.append(SentBack(batch, entry, code))
            self._counts["sent_back"] += 1

    def _return(self, entry: Entry, answer: Answer) -> None:
        row = self._tx.one(BY_TRACE, trace=answer.original_trace)
        if row is None:
            self._problem(entry, f"{answer.code} of {answer.original_trace}, which was not sent")
            return
        transfer_id, amount_minor, _ = row
        if entry.amount_minor != amount_minor:
            self._problem(entry, f"{answer.code} of {answer.original_trace} is of another amount")
            return
        try:
            return_movement(self._tx, transfer_id, answer.code, description=answer.information)
        except (AlreadyReturned, TransactionLocked, AccountClosed) as error:
            self._problem(entry, f"{answer.code} of {answer.original_trace}: {error}")
            return
        self._counts["returned"] += 1

    def _correct(self, entry: Entry, answer: Answer) -> None:
        row = self._tx.one(BY_TRACE, trace=answer.original_trace)
        if row is None or row[2] is None:
            self._problem(entry, f"{answer.code} of {answer.original_trace}, which was not sent")
            return
        if not correct_external_account(self._tx, row[2], answer):
            self._problem(entry, f"{answer.code} of {answer.original_trace} corrects nothing that is kept")
        self._counts["corrected"] += 1

    def _problem(self, entry: Entry, words: str) -> None:
        self._problems.append(f"{entry.trace_number}: {words}")


def _entries(file: AchFile) -> Iterator[tuple[Batch, Entry]]:
    return ((batch, entry) for batch in file.batches for entry in batch.entries)


def _outcome(file_id: int, said: dict[str, Any], *, is_new: bool) -> Outcome:
    counts = {name: said.get(name, 0) for name in ("returned", "corrected", "posted", "sent_back")}
    return Outcome(file_id, is_new, **counts, problems=tuple(said.get("problems", ())))


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:NAME_MAX]
