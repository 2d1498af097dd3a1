"""What makes the totals of a file to or from another bank: its entries, and the transfers that those are."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from comptoir.domain.banking.clearing.keeping import FileRow, content_of, get_file
from comptoir.domain.banking.files.ach import Entry
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.models import TOLD_KINDS
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor, shortened
from comptoir.domain.tx import Tx

DEBITS, CREDITS, AMOUNT = "debits", "credits", "amount"
OF_TRACE = (
    select(BankTransfer.transfer_id, BankTransfer.amount_minor)
    .where(
        BankTransfer.trace_number == bindparam("trace_number"),
        BankTransfer.file_id == bindparam("file_id"),
        # What this index leaves out.
        BankTransfer.trace_number != "",
    )
    .order_by(BankTransfer.transfer_id)
    .limit(1)
)


def explain_file(tx: Tx, file_id: int, what: str, after: int = 0) -> Explanation:
    """The debits or the credits of a file, by its entries. Refuses: BankFileNotFound, NotExplained."""
    row = get_file(tx, file_id)
    if what not in {DEBITS, CREDITS}:
        raise NotExplained(what)
    total = row.debit_minor if what == DEBITS else row.credit_minor
    parts = [
        _entry(tx, row, place, entry)
        for place, entry in enumerate(entries_of(tx, row))
        if entry.is_credit == (what == CREDITS)
    ]
    return Explanation(
        minor(
            what, total, tx.shop.currency, why=row.name, link=Link("bank_file", row.id),
            parts=shortened(parts, tx.shop.currency, Ask("bank_file", row.id, what), after),
        )
    )  # fmt: skip


def explain_file_entry(tx: Tx, id: str, what: str) -> Explanation:
    """An entry of a file (`12.0` is the first of file 12), by the transfer that it is.

    Refuses: NotExplained, BankFileNotFound.
    """
    file_id, _, place = id.partition(".")
    if what != AMOUNT or not (_is_number(file_id) and _is_number(place)):
        raise NotExplained(what if what != AMOUNT else f"of entry {id}")
    row = get_file(tx, int(file_id))
    entries = entries_of(tx, row)
    if int(place) >= len(entries):
        raise NotExplained(f"of entry {id}")
    entry = entries[int(place)]
    return Explanation(_entry(tx, row, int(place), entry, parts=_transfer(tx, row, entry)))


def entries_of(tx: Tx, row: FileRow) -> Sequence[Entry]:
    """The entries of a file, in its order; files that only tell have none."""
    if row.kind in TOLD_KINDS:
        return ()
    return [entry for batch in read_ach(content_of(tx, row.id)).batches for entry in batch.entries]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(10**18))


def _entry(tx: Tx, row: FileRow, place: int, entry: Entry, parts: Sequence[Node] = ()) -> Node:
    """An entry; of account numbers nothing is told."""
    return minor(
        f"{entry.trace_number} {entry.name}".strip(), entry.amount_minor, tx.shop.currency,
        why=f"code {entry.transaction_code}, as it stands in the file", link=Link("bank_file", row.id),
        ask=Ask("file_entry", f"{row.id}.{place}", AMOUNT), parts=parts, rest="other than the transfer",
    )  # fmt: skip


def _transfer(tx: Tx, row: FileRow, entry: Entry) -> list[Node]:
    """The transfer that an entry is, if it is one of ours."""
    if not entry.trace_number:
        return []
    found = tx.one(OF_TRACE, trace_number=entry.trace_number, file_id=row.id)
    if found is None:
        return []
    transfer_id, amount = found
    link, ask = Link("bank_transfer", transfer_id), Ask("transfer", transfer_id, AMOUNT)
    return [minor(f"transfer {transfer_id}", amount, tx.shop.currency, link=link, ask=ask)]
