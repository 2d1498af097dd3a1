"""ACH files written: every record of 94 characters, in blocks of ten, with totals that add up.

No file leaves that has not been read back and found to say what it was to say.
"""

from collections.abc import Iterator
from datetime import date

from comptoir.domain.banking.files.ach import (
    BLOCKING_FACTOR,
    HASH_MODULUS,
    RECORD_LENGTH,
    AchFile,
    Answer,
    Batch,
    Entry,
    file_totals,
    totals_of,
)
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.errors import DoesNotFit, FileMalformed

PRIORITY, FORMAT, ORIGINATOR_STATUS = "01", "1", "1"
FILLER = "9" * RECORD_LENGTH
LINE_END = "\n"


def write_ach(file: AchFile) -> str:
    """The file as it is sent. Refuses: DoesNotFit, FileMalformed (it does not prove itself)."""
    records = list(_records(file))
    blocks = -(-len(records) // BLOCKING_FACTOR)
    # The file control record counts its blocks, and is the last one before the filler.
    records[-1] = _file_control(file, blocks)
    records += [FILLER] * (blocks * BLOCKING_FACTOR - len(records))
    text = LINE_END.join(records) + LINE_END
    if read_ach(text) != file:
        raise FileMalformed(["it does not say what it was to say"])
    return text


def _records(file: AchFile) -> Iterator[str]:
    yield _file_header(file)
    for batch in file.batches:
        yield _batch_header(batch)
        for entry in batch.entries:
            yield _entry(entry)
            yield from _addenda(entry)
        yield _batch_control(batch)
    yield ""


def _file_header(file: AchFile) -> str:
    return _record(
        "1",
        PRIORITY,
        _right("destination", file.destination_id, 10),
        _right("origin", file.origin_id, 10),
        _left("time", file.written_at, 10),
        _left("modifier", file.modifier, 1),
        f"{RECORD_LENGTH:03}",
        f"{BLOCKING_FACTOR:02}",
        FORMAT,
        _left("destination name", file.destination_name, 23),
        _left("origin name", file.origin_name, 23),
        _left("reference", file.reference, 8),
    )


def _batch_header(batch: Batch) -> str:
    return _record(
        "5",
        _digits("service class", batch.service_class, 3),
        _left("company name", batch.company_name, 16),
        _left("company discretionary data", batch.discretionary, 20),
        _left("company id", batch.company_id, 10),
        _left("entry class", batch.entry_class, 3),
        _left("entry description", batch.description, 10),
        _left("descriptive date", batch.descriptive_date, 6),
        _day(batch.effective_on),
        _left("settlement day", batch.settlement_day, 3),
        ORIGINATOR_STATUS,
        _left("originating bank", batch.odfi, 8),
        _digits("batch number", batch.number, 7),
    )


def _entry(entry: Entry) -> str:
    return _record(
        "6",
        _digits("transaction code", entry.transaction_code, 2),
        _left("routing number", entry.routing_number, 9),
        _left("account number", entry.account_number, 17),
        _digits("amount", entry.amount_minor, 10),
        _left("identification", entry.identification, 15),
        _left("name", entry.name, 22),
        _left("discretionary data", entry.discretionary, 2),
        "1" if entry.addenda_count else "0",
        _left("trace number", entry.trace_number, 15),
    )


def _addenda(entry: Entry) -> Iterator[str]:
    for number, note in enumerate(entry.notes, 1):
        yield _record(
            "7", "05", _left("note", note, 80), _digits("sequence", number, 4), entry.trace_number[-7:]
        )
    if entry.answer is not None:
        yield _answer(entry.answer, entry.trace_number)


def _answer(answer: Answer, trace_number: str) -> str:
    return _record(
        "7",
        "98" if answer.is_correction else "99",
        _left("code", answer.code, 3),
        _left("original trace number", answer.original_trace, 15),
        _day(answer.died_on),
        _left("original bank", answer.original_dfi, 8),
        _left("information", answer.information, 44),
        _left("trace number", trace_number, 15),
    )


def _batch_control(batch: Batch) -> str:
    totals = totals_of(batch.entries)
    return _record(
        "8",
        _digits("service class", batch.service_class, 3),
        _digits("entry count", totals.entry_count, 6),
        _digits("entry hash", totals.entry_hash % HASH_MODULUS, 10),
        _digits("total of debits", totals.debit_minor, 12),
        _digits("total of credits", totals.credit_minor, 12),
        _left("company id", batch.company_id, 10),
        " " * 25,
        _left("originating bank", batch.odfi, 8),
        _digits("batch number", batch.number, 7),
    )


def _file_control(file: AchFile, blocks: int) -> str:
    totals = file_totals(file)
    return _record(
        "9",
        _digits("batch count", len(file.batches), 6),
        _digits("block count", blocks, 6),
        _digits("entry count", totals.entry_count, 8),
        _digits("entry hash", totals.entry_hash % HASH_MODULUS, 10),
        _digits("total of debits", totals.debit_minor, 12),
        _digits("total of credits", totals.credit_minor, 12),
        " " * 39,
    )


def _record(*fields: str) -> str:
    record = "".join(fields)
    assert len(record) == RECORD_LENGTH, record
    return record


def _left(name: str, text: str, width: int) -> str:
    if len(text) > width or not (text.isascii() and text.isprintable()) or text != text.strip():
        raise DoesNotFit(name, f"{text!r} does not fit into {width} characters")
    return text.ljust(width)


def _right(name: str, text: str, width: int) -> str:
    return _left(name, text, width).rstrip().rjust(width)


def _digits(name: str, number: int, width: int) -> str:
    digits = f"{number:0{width}}"
    if number < 0 or len(digits) > width:
        raise DoesNotFit(name, f"{number} does not fit into {width} digits")
    return digits


def _day(day: date | None) -> str:
    return " " * 6 if day is None else f"{day:%y%m%d}"
