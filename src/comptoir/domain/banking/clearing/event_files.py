"""Files of events: at most every quarter of an hour, what has happened since the last one (reference 4.5, 4.6).

How far they have come is a number that rises with what they tell, in the same transaction: nothing is told twice
and nothing is left out, whatever ends the process in between.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.clearing.event_rows import (
    FILE_KIND,
    OF_CARDS,
    Moved,
    header,
    row_of_account,
    row_of_card,
    row_of_money,
)
from comptoir.domain.banking.clearing.keeping import keep_file, list_files, next_file_id
from comptoir.domain.banking.files.ach import Totals
from comptoir.domain.banking.files.models import EVENTS, WRITTEN
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.models import ProgramAccount
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.events.models import Event
from comptoir.domain.events.queries import EventRow, last_seq
from comptoir.domain.ledger.models import DEBIT_KINDS, Account, Posting
from comptoir.domain.tx import Counter, Tx
from comptoir.storage.lists import among

# So many rows in a file, and so many events looked at for one: what is left is told in the next.
EVENTS_MAX, SPAN_MAX = 5000, 50_000
QUARTER_MINUTES = 15
TOLD_THROUGH = "bank_events_told"
LINE_END = "\r\n"
OF_MONEY, OF_ACCOUNT, OF_CARD = "bank_transfer", "bank_account", "card"

THROUGH = select(Counter.value).where(Counter.kind == bindparam("kind"))
CONCERNING = (
    select(*(getattr(Event, name) for name in EventRow._fields))
    .where(
        Event.seq > bindparam("after_seq"),
        Event.seq <= bindparam("through"),
        or_(Event.subject == OF_MONEY, Event.subject == OF_ACCOUNT, Event.subject == OF_CARD),
    )
    .order_by(Event.seq)
    .limit(bindparam("limit"))
)
TRANSACTIONS = (
    select(
        Posting.transfer_id, Posting.id, Posting.account_id, BankAccount.customer_id, Posting.amount_minor,
        BankTransfer.type_code, BankTransfer.master_id, BankTransfer.card_id, BankTransfer.return_code,
        BankTransfer.status, Account.kind,
    )
    .join(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .outerjoin(BankAccount, BankAccount.account_id == Posting.account_id)
    .outerjoin(ProgramAccount, ProgramAccount.account_id == Posting.account_id)
    .where(
        among(Posting.transfer_id, "transfer_ids"),
        or_(BankAccount.account_id.is_not(None), ProgramAccount.account_id.is_not(None)),
    )
    .order_by(Posting.id)
)  # fmt: skip
OWNERS = select(BankAccount.account_id, BankAccount.customer_id).where(
    among(BankAccount.account_id, "account_ids")
)


class EventFacts(NamedTuple):
    """Events with what the rows about them need to know."""

    events: Sequence[EventRow]
    moved: dict[int, list[Moved]]
    owners: dict[int, int]

    def rows(self, zone: ZoneInfo) -> list[str]:
        """What the file says of them."""
        rows = []
        for event in self.events:
            if event.subject == OF_MONEY:
                rows += [row_of_money(event, one, zone) for one in self.moved.get(event.subject_id, [])]
            elif event.subject == OF_ACCOUNT:
                rows.append(row_of_account(event, self.owners.get(event.subject_id, 0), zone))
            elif event.kind in OF_CARDS:
                rows.append(row_of_card(event, zone))
        return rows


def write_events_file(tx: Tx, *, limit: int = EVENTS_MAX) -> int:
    """Write what has happened into a file once a quarter of an hour has begun, and say how many rows it has."""
    try:
        program = get_program(tx)
    except NoProgram:
        return 0
    if not _is_due(tx):
        return 0
    # Events are numbered at the end of a transaction: those up to the last are all that there ever will be.
    file_id, after, last = next_file_id(tx), told_through(tx), last_seq(tx)
    through = min(last, after + SPAN_MAX)
    found = [EventRow(*row) for row in tx.all(CONCERNING, after_seq=after, through=through, limit=limit)]
    if len(found) == limit:
        through = found[-1].seq
    rows = _facts(tx, found).rows(program.zone)
    tx.ids.reach(TOLD_THROUGH, through)
    if not rows:
        return 0
    lines = [header(tx.now, program.zone, program.name, len(rows)), *rows]
    keep_file(
        tx,
        id=file_id,
        kind=EVENTS,
        name=f"{tx.now.astimezone(program.zone):%Y%m%d%H%M}_{FILE_KIND}.TXT",
        state=WRITTEN,
        content="".join(line + LINE_END for line in lines),
        totals=Totals(entry_count=len(rows)),
        outcome={"after": after, "through": through, "is_full": through < last},
    )
    return len(rows)


def told_through(tx: Tx) -> int:
    """The number of the last event that the files have told, or passed over."""
    return tx.value(THROUGH, kind=TOLD_THROUGH) or 0


def _is_due(tx: Tx) -> bool:
    last = next(iter(list_files(tx, kind=EVENTS, limit=1)), None)
    return last is None or bool(last.outcome.get("is_full")) or _quarter(last.created_at) != _quarter(tx.now)


def _quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % QUARTER_MINUTES, second=0, microsecond=0)


def _facts(tx: Tx, events: Sequence[EventRow]) -> EventFacts:
    moved: defaultdict[int, list[Moved]] = defaultdict(list)
    transfers = sorted({event.subject_id for event in events if event.subject == OF_MONEY})
    for *facts, kind in tx.all(TRANSACTIONS, transfer_ids=transfers) if transfers else ():
        one = Moved(*facts)
        natural = one.natural_minor if kind in DEBIT_KINDS else -one.natural_minor
        moved[one.transfer_id].append(one._replace(natural_minor=natural))
    accounts = sorted({event.subject_id for event in events if event.subject == OF_ACCOUNT})
    rows: list[Any] = tx.all(OWNERS, account_ids=accounts) if accounts else []
    return EventFacts(events, moved, dict(rows))
