"""Builders of ACH files for tests: the smallest that can be sent, changed as a test needs it."""

from datetime import date
from typing import Any

from comptoir.domain.banking.files.ach import PPD, AchFile, Batch, Entry, service_class_of

ODFI = "09100001"


def an_entry(number: int = 1, **changes: Any) -> Entry:
    entry = Entry(
        transaction_code=22,
        routing_number="021000021",
        account_number="123456789",
        amount_minor=12500,
        name="Jane Doe",
        trace_number=f"{ODFI}{number:07}",
        identification="2701",
    )
    return entry._replace(**changes)


def a_batch(*entries: Entry, **changes: Any) -> Batch:
    batch = Batch(
        number=1,
        entry_class=PPD,
        company_name="EXAMPLE1",
        company_id="1912345678",
        description="TRANSFER",
        odfi=ODFI,
        entries=entries,
        effective_on=date(2026, 11, 24),
        descriptive_date="261123",
        service_class=service_class_of(entries),
    )
    return batch._replace(**changes)


def a_file(*batches: Batch, **changes: Any) -> AchFile:
    file = AchFile(
        destination_id="091000080",
        destination_name="FEDERAL RESERVE BANK",
        origin_id="091000019",
        origin_name="COMPTOIR SAMPLE BANK",
        written_at="2611231805",
        batches=batches,
    )
    return file._replace(**changes)
