"""Sending: what waits for the other bank is put into an ACH file, which nobody can call back any more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, or_, select, update

from comptoir.domain.banking.clearing.entries import Kind, Waiting, entry_of, kind_of, why_not
from comptoir.domain.banking.clearing.hours import Hours, hours_of
from comptoir.domain.banking.clearing.keeping import keep_file, next_file_id
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.files.ach import (
    AMOUNT_MAX,
    CHECKING,
    CREDIT,
    DEBIT,
    MIXED,
    TOTAL_MAX,
    AchFile,
    Batch,
    Entry,
    ach_text,
    file_totals,
    service_class_of,
    totals_of,
    written_at,
)
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.files.models import ACH_OUT, WRITTEN, BankFile
from comptoir.domain.banking.movements.models import INITIATED, PENDING, BankTransfer
from comptoir.domain.banking.movements.moving import void
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import ProgramFacts, get_program, list_program_externals
from comptoir.domain.tx import Tx

# Few enough that nobody waits long for the file that holds them.
ENTRIES_MAX = 1000
MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TRACE_DIGITS = 10**7

_OF_TRANSFER = Waiting._fields[: Waiting._fields.index("external_type")]
_DUE = (
    select(
        *(getattr(BankTransfer, name) for name in _OF_TRANSFER),
        ExternalAccount.type, ExternalAccount.first_name, ExternalAccount.last_name,
        ExternalAccount.business_name, ExternalAccount.routing_number, ExternalAccount.account_number,
    )
    .join(ExternalAccount, ExternalAccount.id == BankTransfer.external_account_id)
    .where(
        BankTransfer.status == INITIATED,
        or_(
            BankTransfer.created_at < bindparam("taken_before"),
            and_(BankTransfer.is_same_day.is_(True), BankTransfer.created_at < bindparam("hour")),
        ),
        or_(BankTransfer.settles_on.is_(None), BankTransfer.settles_on <= bindparam("sent_until")),
    )
    .order_by(BankTransfer.transfer_id)
    .limit(bindparam("limit"))
)  # fmt: skip
DUE = {"sqlite": _DUE, "postgres": _DUE.with_for_update(of=BankTransfer, key_share=True)}
FILES_SINCE = select(BankFile.id).where(BankFile.kind == ACH_OUT, BankFile.created_at >= bindparam("since"))
SEND = (
    update(BankTransfer)
    .where(BankTransfer.transfer_id == bindparam("key"))
    .values(
        status=PENDING,
        file_id=bindparam("in_file"),
        trace_number=bindparam("trace"),
        settles_on=bindparam("on_day"),
    )
)


class Sent(NamedTuple):
    """A transfer with its entry."""

    waiting: Waiting
    kind: Kind
    entry: Entry


def submit_files(tx: Tx, *, limit: int = ENTRIES_MAX) -> int:
    """Send what is due, so many entries at most, and say how many transfers left the list of those that wait.

    What cannot be sent comes back before it has left. Refuses: FileMalformed, DoesNotFit (the file does not
    prove itself; nothing is sent).
    """
    try:
        program = get_program(tx)
    except NoProgram:
        return 0
    hours = hours_of(tx, program)
    if not (program.is_nacha_enabled and hours.is_open):
        return 0
    found = _due(tx, hours, limit)
    sendable = []
    for waiting in found:
        code = why_not(waiting)
        if code is None:
            sendable.append(waiting)
        else:
            void(tx, waiting.transfer_id, return_code=code)
    taken = _what_fits(sendable)
    if taken:
        _send(tx, program, hours, taken)
    return len(found) - len(sendable) + len(taken)


def identity(program: ProgramFacts) -> Mapping[str, str]:
    """How the bank and its company are called in files."""
    said = program.nacha
    return {
        "origin_id": said.get("origin_id") or program.routing_number,
        "origin_name": ach_text(said.get("origin_name") or program.bank_name, 23),
        "destination_id": said.get("destination_id") or program.routing_number,
        "destination_name": ach_text(said.get("destination_name") or "ACH OPERATOR", 23),
        "company_name": ach_text(said.get("company_name") or program.name, 16),
        "company_id": said.get("company_id") or f"1{program.routing_number}",
    }


def _due(tx: Tx, hours: Hours, limit: int) -> list[Waiting]:
    """What is to be sent. The trial deposits of one account go together, so none are taken in part."""
    rows = tx.all(
        DUE[tx.engine],
        taken_before=hours.taken_before, hour=hours.hour, sent_until=hours.sent_until, limit=limit,
    )  # fmt: skip
    found = [Waiting(*row) for row in rows]
    if len(found) == limit and found[-1].is_trial:
        last = found[-1].external_account_id
        whole = [one for one in found if not (one.is_trial and one.external_account_id == last)]
        return whole or found
    return found


def _what_fits(waiting: Sequence[Waiting]) -> list[Waiting]:
    """As many as the totals of one file have room for."""
    total, taken = 0, []
    for one in waiting:
        total += one.amount_minor
        if total > TOTAL_MAX:
            break
        taken.append(one)
    return taken


def _send(tx: Tx, program: ProgramFacts, hours: Hours, waiting: Sequence[Waiting]) -> None:
    file_id = next_file_id(tx)
    sent = _entries(tx, program, hours, waiting)
    file = _file(tx, program, hours, sent)
    content = write_ach(file)
    local = hours.now.astimezone(hours.zone)
    keep_file(
        tx,
        id=file_id,
        kind=ACH_OUT,
        name=f"{local:%Y%m%d%H%M}_ACH_{file_id}.TXT",
        state=WRITTEN,
        content=content,
        totals=file_totals(file),
        effective_on=min(one.kind.effective_on for one in sent),
        outcome={"batches": len(file.batches), "transfers": len(sent)},
    )
    tx.run_many(
        SEND,
        [
            {
                "key": one.waiting.transfer_id,
                "in_file": file_id,
                "trace": one.entry.trace_number,
                "on_day": one.kind.effective_on,
            }
            for one in sent
        ],
    )
    for one in sent:
        tx.note(
            "bank_transfer.pending", "bank_transfer", one.waiting.transfer_id,
            before={"status": INITIATED},
            after={
                "status": PENDING, "amount_minor": one.waiting.amount_minor,
                "type_code": one.waiting.type_code, "file_id": file_id,
            },
        )  # fmt: skip


def _entries(tx: Tx, program: ProgramFacts, hours: Hours, waiting: Sequence[Waiting]) -> list[Sent]:
    """Every transfer with its entry, batch after batch, under trace numbers that rise."""
    kinds = []
    for one in waiting:
        day = hours.effective_on(one.created_at, one.settles_on, is_same_day=one.is_same_day)
        stamp = hours.same_day_window if one.is_same_day and day == hours.today else f"{hours.today:%y%m%d}"
        kinds.append((kind_of(one, day, stamp), one))
    kinds.sort(key=lambda pair: (*pair[0], pair[1].transfer_id))
    odfi, first = program.routing_number[:8], first_trace(tx, len(kinds))
    return [
        Sent(one, kind, entry_of(one, kind, f"{odfi}{number:07}"))
        for number, (kind, one) in enumerate(kinds, first)
    ]


def first_trace(tx: Tx, count: int) -> int:
    """The first of so many trace numbers in a row; after the last that seven digits hold they begin again."""
    first = tx.ids.next("ach_trace", count) % TRACE_DIGITS
    while first == 0 or first + count > TRACE_DIGITS:
        first = tx.ids.next("ach_trace", count) % TRACE_DIGITS
    return first


def _file(tx: Tx, program: ProgramFacts, hours: Hours, sent: Sequence[Sent]) -> AchFile:
    names = identity(program)
    by_kind: dict[Kind, list[Entry]] = defaultdict(list)
    for one in sent:
        by_kind[one.kind].append(one.entry)
    batches = []
    for number, (kind, entries) in enumerate(by_kind.items(), 1):
        whole = entries + (_offset(tx, program, entries) if program.nacha.get("balanced") else [])
        batches.append(
            Batch(
                number=number,
                entry_class=kind.entry_class,
                company_name=names["company_name"],
                company_id=names["company_id"],
                description=kind.description,
                odfi=program.routing_number[:8],
                entries=tuple(whole),
                effective_on=kind.effective_on,
                descriptive_date=kind.descriptive_date,
                service_class=MIXED if len(whole) > len(entries) else service_class_of(entries),
            )
        )
    return AchFile(
        destination_id=names["destination_id"],
        destination_name=names["destination_name"],
        origin_id=names["origin_id"],
        origin_name=names["origin_name"],
        written_at=written_at(hours.now.astimezone(hours.zone)),
        batches=tuple(batches),
        modifier=MODIFIERS[len(tx.all(FILES_SINCE, since=hours.midnight)) % len(MODIFIERS)],
    )


def _offset(tx: Tx, program: ProgramFacts, entries: Sequence[Entry]) -> list[Entry]:
    """Entries on the company's own account that make a batch give as much as it takes."""
    own = next((one for one in list_program_externals(tx) if one.is_active), None)
    totals = totals_of(entries)
    rest = totals.credit_minor - totals.debit_minor
    if own is None or rest == 0:
        return []
    parts = [min(AMOUNT_MAX, abs(rest) - at) for at in range(0, abs(rest), AMOUNT_MAX)]
    first = first_trace(tx, len(parts))
    return [
        Entry(
            transaction_code=CHECKING + (DEBIT if rest > 0 else CREDIT),
            routing_number=own.routing_number,
            account_number=own.account_number,
            amount_minor=minor,
            name=ach_text(own.nacha_name or program.name, 22),
            trace_number=f"{program.routing_number[:8]}{number:07}",
            identification="OFFSET",
        )
        for number, minor in enumerate(parts, first)
    ]
