"""Files that are kept: as they were sent or came, never changed again."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.files.ach import Totals
from comptoir.domain.banking.files.errors import BankFileNotFound
from comptoir.domain.banking.files.models import ACH_OUT, SENT, WRITTEN, BankFile
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.tx import Tx


class FileRow(NamedTuple):
    """What is known of a file beside what it says."""

    id: int
    kind: str
    name: str
    state: str
    digest: str
    effective_on: date | None
    entry_count: int
    debit_minor: int
    credit_minor: int
    outcome: dict[str, Any]
    created_at: datetime


_ROWS = select(*(getattr(BankFile, name) for name in FileRow._fields))
GET = _ROWS.where(BankFile.id == bindparam("file_id"))
CONTENT = select(BankFile.content).where(BankFile.id == bindparam("file_id"))
SAME = (
    _ROWS.where(BankFile.kind == bindparam("kind"), BankFile.digest == bindparam("digest"))
    .order_by(BankFile.id)
    .limit(1)
)
NEWEST = _ROWS.where(BankFile.id < bindparam("before")).order_by(BankFile.id.desc()).limit(bindparam("limit"))
NEWEST_OF_KIND = (
    _ROWS.where(BankFile.kind == bindparam("kind"), BankFile.id < bindparam("before"))
    .order_by(BankFile.id.desc())
    .limit(bindparam("limit"))
)
ID_MAX = 2**62


def next_file_id(tx: Tx) -> int:
    """The number of a file that is about to be kept; whoever takes it keeps files alone until the end."""
    return tx.ids.next("bank_file")


def keep_file(
    tx: Tx,
    *,
    id: int,
    kind: str,
    name: str,
    state: str,
    content: str,
    totals: Totals,
    effective_on: date | None = None,
    outcome: dict[str, Any] | None = None,
) -> None:
    """Keep a file."""
    tx.insert(
        BankFile,
        id=id,
        kind=kind,
        name=name,
        state=state,
        content=content,
        digest=digest_of(content),
        effective_on=effective_on,
        entry_count=totals.entry_count,
        debit_minor=totals.debit_minor,
        credit_minor=totals.credit_minor,
        outcome=outcome or {},
        created_at=tx.now,
    )
    tx.note(
        f"bank_file.{state}",
        "bank_file",
        id,
        after={
            "kind": kind,
            "name": name,
            "entry_count": totals.entry_count,
            "debit_minor": totals.debit_minor,
            "credit_minor": totals.credit_minor,
        },
    )


def mark_file(tx: Tx, row: FileRow, state: str) -> None:
    """Write down how far a file has come."""
    if row.state != state:
        tx.update(BankFile, row.id, state=state)
        tx.note(
            f"bank_file.{state}", "bank_file", row.id, before={"state": row.state}, after={"state": state}
        )


def hand_over(tx: Tx, file_id: int) -> None:
    """Write down that a file was given to whom it is for; one for a simulated bank is taken by that bank itself.

    Refuses: NoProgram, BankFileNotFound.
    """
    program, row = get_program(tx), get_file(tx, file_id)
    if row.state == WRITTEN and not (row.kind == ACH_OUT and program.is_bank_simulated):
        mark_file(tx, row, SENT)


def get_file(tx: Tx, file_id: int) -> FileRow:
    """One file. Refuses: BankFileNotFound."""
    row = tx.one(GET, file_id=file_id)
    if row is None:
        raise BankFileNotFound(file_id)
    return FileRow(*row)


def content_of(tx: Tx, file_id: int) -> str:
    """What a file says. Refuses: BankFileNotFound."""
    content: str | None = tx.value(CONTENT, file_id=file_id)
    if content is None:
        raise BankFileNotFound(file_id)
    return content


def find_same(tx: Tx, kind: str, content: str) -> FileRow | None:
    """The file of a kind that says exactly this."""
    row = tx.one(SAME, kind=kind, digest=digest_of(content))
    return None if row is None else FileRow(*row)


def list_files(tx: Tx, *, kind: str | None = None, before: int = ID_MAX, limit: int = 100) -> list[FileRow]:
    """Files, of one kind or of all, the newest first."""
    if kind is None:
        return [FileRow(*row) for row in tx.all(NEWEST, before=before, limit=limit)]
    return [FileRow(*row) for row in tx.all(NEWEST_OF_KIND, kind=kind, before=before, limit=limit)]


def digest_of(content: str) -> str:
    """What tells a content from every other."""
    return sha256(content.encode()).hexdigest()
