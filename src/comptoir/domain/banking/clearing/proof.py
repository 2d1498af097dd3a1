"""The proof of clearing: files say what was kept of them, and every transfer that was sent is in its file."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.clearing.keeping import (
    FileRow,
    content_of,
    digest_of,
    list_files,
)
from comptoir.domain.banking.files.ach import Entry, file_totals
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.errors import FileMalformed
from comptoir.domain.banking.files.models import ACH_OUT, TOLD_KINDS
from comptoir.domain.banking.movements.models import DELAYED, INITIATED, PENDING, BankTransfer
from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.tx import Tx

# So many of the newest files are read again; all of them would take too long on a busy bank.
FILES_READ = 200

SENT_IN = select(BankTransfer.transfer_id, BankTransfer.trace_number, BankTransfer.amount_minor).where(
    BankTransfer.file_id == bindparam("file_id")
)
UNSENT = (
    select(BankTransfer.transfer_id, BankTransfer.status)
    .where(
        ((BankTransfer.status == INITIATED) | (BankTransfer.status == DELAYED))
        & BankTransfer.file_id.is_not(None)
        | (BankTransfer.status == PENDING)
        & BankTransfer.file_id.is_not(None)
        & ((BankTransfer.trace_number == "") | BankTransfer.settles_on.is_(None))
    )
    .limit(PROBLEMS_MAX)
)


class SentRow(NamedTuple):
    """A transfer as it stands in a file."""

    transfer_id: int
    trace_number: str
    amount_minor: int


def check_clearing(tx: Tx) -> list[str]:
    """What is wrong with the files and with what is on its way, in words."""
    problems = [
        f"bank transfer {transfer_id} is {status}, which does not go with its file"
        for transfer_id, status in tx.all(UNSENT)
    ]
    for row in list_files(tx, limit=FILES_READ):
        problems += _file_problems(tx, row)
    return problems


def _file_problems(tx: Tx, row: FileRow) -> Iterator[str]:
    content = content_of(tx, row.id)
    if digest_of(content) != row.digest:
        yield f"bank file {row.id} is not what it was"
        return
    if row.kind in TOLD_KINDS:
        return
    try:
        file = read_ach(content)
    except FileMalformed as error:
        yield f"bank file {row.id} does not prove itself: {error}"
        return
    totals = file_totals(file)
    if (totals.entry_count, totals.debit_minor, totals.credit_minor) != (
        row.entry_count, row.debit_minor, row.credit_minor,
    ):  # fmt: skip
        yield f"bank file {row.id} has other totals than were kept of it"
    if row.kind == ACH_OUT:
        entries = {entry.trace_number: entry for batch in file.batches for entry in batch.entries}
        yield from _sent_problems(tx, row.id, entries)


def _sent_problems(tx: Tx, file_id: int, entries: dict[str, Entry]) -> Iterator[str]:
    for sent in (SentRow(*row) for row in tx.all(SENT_IN, file_id=file_id)):
        entry = entries.get(sent.trace_number)
        if entry is None or entry.amount_minor != sent.amount_minor:
            yield f"bank transfer {sent.transfer_id} is not in bank file {file_id} as it was sent"
