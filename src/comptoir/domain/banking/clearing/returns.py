"""Entries that go back to the banks that sent them, in a file of their own."""

from collections.abc import Sequence
from typing import NamedTuple

from comptoir.domain.banking.clearing.hours import Hours
from comptoir.domain.banking.clearing.keeping import keep_file, next_file_id
from comptoir.domain.banking.clearing.submitting import first_trace, identity
from comptoir.domain.banking.files.ach import (
    AchFile,
    Answer,
    Batch,
    Entry,
    file_totals,
    return_code_for,
    service_class_of,
    written_at,
)
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.files.models import ACH_OUT, WRITTEN
from comptoir.domain.banking.files.routing import check_digit
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx


class SentBack(NamedTuple):
    """An entry that came in a batch, and the code of why it goes back."""

    batch: Batch
    entry: Entry
    code: str


def write_returns(tx: Tx, program: ProgramFacts, hours: Hours, back: Sequence[SentBack]) -> None:
    """Write the file that takes entries back."""
    file_id = next_file_id(tx)
    names, odfi = identity(program), program.routing_number[:8]
    first = first_trace(tx, len(back))
    file = AchFile(
        destination_id=names["destination_id"],
        destination_name=names["destination_name"],
        origin_id=names["origin_id"],
        origin_name=names["origin_name"],
        written_at=written_at(hours.now.astimezone(hours.zone)),
        batches=tuple(
            returned_batch(one, number=at + 1, odfi=odfi, trace_number=f"{odfi}{first + at:07}")
            for at, one in enumerate(back)
        ),
    )
    keep_file(
        tx, id=file_id, kind=ACH_OUT,
        name=f"{hours.now.astimezone(hours.zone):%Y%m%d%H%M}_ACHRETURNS_{file_id}.TXT",
        state=WRITTEN, content=write_ach(file), totals=file_totals(file), outcome={"returns": len(back)},
    )  # fmt: skip


def returned_batch(back: SentBack, *, number: int, odfi: str, trace_number: str) -> Batch:
    """The batch of one entry that goes back, as the rules want it: the words of the one that it came in."""
    entry = back.entry
    sender = back.batch.odfi + check_digit(back.batch.odfi)
    returned = entry._replace(
        transaction_code=return_code_for(entry.transaction_code),
        routing_number=sender,
        trace_number=trace_number,
        notes=(),
        answer=Answer(back.code, entry.trace_number, odfi),
    )
    return back.batch._replace(
        number=number, odfi=odfi, entries=(returned,), settlement_day="",
        service_class=service_class_of([returned]),
    )  # fmt: skip
