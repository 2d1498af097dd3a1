"""Files to and from other banks: listed, looked into, downloaded, read when they come, and made now."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank import text_of
from comptoir.console.bank_parts import (
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    day,
    fact,
    masked,
    moment,
    money,
    page,
    state,
)
from comptoir.console.cells import Cell, badge, minor, number, text, when
from comptoir.console.cells import day as day_column
from comptoir.console.filters import choice, contains, days
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, listed, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.banking.clearing.answering import answer_files, object_to_files
from comptoir.domain.banking.clearing.daily_files import gather_day, keep_day
from comptoir.domain.banking.clearing.event_files import write_events_file
from comptoir.domain.banking.clearing.keeping import FileRow, content_of, get_file, hand_over
from comptoir.domain.banking.clearing.reading import read_file
from comptoir.domain.banking.clearing.settling import settle_due, square
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.files.ach import Entry
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.models import (
    ACH_IN,
    ACH_OUT,
    ACH_RETURNS,
    ANSWERED,
    BALANCES,
    EVENTS,
    READ,
    SENT,
    TOLD_KINDS,
    TRANSACTIONS,
    WRITTEN,
    BankFile,
)
from comptoir.domain.identity.permissions import BANK, CHANGE, require
from comptoir.domain.tx import Tx

PATH = "/bank/files"
WAY = [("Bank files", address_of(PATH))]
KINDS = {
    ACH_OUT: "ACH, out", ACH_RETURNS: "returns, out", ACH_IN: "ACH, in", EVENTS: "events", TRANSACTIONS: "transactions",
    BALANCES: "balances",
}  # fmt: skip
STATES = {WRITTEN: "written", SENT: "sent", ANSWERED: "answered", READ: "read"}
COUNTED = {"returned": "Returned", "corrected": "Corrected", "posted": "Posted", "sent_back": "Sent back"}
SHOWN_ENTRIES = 500
# What is left over is done the next time, or by the worker.
RUNS_MAX = 200
STEPS: tuple[Callable[[Tx], int], ...] = (
    submit_files, answer_files, settle_due, object_to_files, square, write_events_file,
)  # fmt: skip
FILES = Listing(
    "bank-files",
    "Bank files",
    PATH,
    BankFile,
    columns=(
        text("File", BankFile.name),
        badge("Kind", BankFile.kind),
        badge("State", BankFile.state),
        day_column("For", BankFile.effective_on),
        number("Entries", BankFile.entry_count),
        minor("Debits", BankFile.debit_minor, explain=("bank_file", "debits", BankFile.id)),
        minor("Credits", BankFile.credit_minor, explain=("bank_file", "credits", BankFile.id)),
        when("Kept", BankFile.created_at),
    ),
    sorts=newest_first(BankFile.id),
    filters=(
        choice("kind", "Kind", BankFile.kind, KINDS),
        choice("state", "State", BankFile.state, STATES),
        contains("name", "Name", BankFile.name),
        days("kept", "Kept", BankFile.created_at),
    ),
    area=BANK,
)
COME = Form(
    "read",
    (Field("file", "A file of returns, corrections or entries", kinds.FILE, required=True, hint="In ACH format."),),
    "Read it",
)  # fmt: skip


def show_files(visit: Visit) -> Answer:
    """The list, with what brings files in and out."""
    if visit.asked.said("format") == "csv":
        return show_list(FILES)(visit)
    filled = COME.filled(visit, address_of(f"{PATH}/read")) if visit.may(BANK) else None
    return Shown("bank_files.html", {**listed(visit, FILES), "come": filled})


def show_file(visit: Visit) -> Answer:
    """One file: its totals, what came of it, its entries; account numbers masked."""
    row = get_file(visit.tx, visit.id)
    leaf = Leaf(row.name or f"File {row.id}", WAY, facts_of(visit, row), subject=("bank_file", row.id))
    leaf.sections = [*outcome_section(row), *entries_section(visit, row)]
    if visit.may(BANK):
        leaf.ways = [Way("Download", address_of(f"{PATH}/{row.id}/download"))]
        if row.state == WRITTEN:
            leaf.buttons = [Button(f"{PATH}/{row.id}/hand-over", "It was sent")]
    leaf.sections.append(
        Section("", ways=[Way("Transfers in this file", address_of(f"/bank/transfers?file={row.id}"))])
    )
    return page(visit, leaf)


def facts_of(visit: Visit, row: FileRow) -> list[Fact]:
    """What is known of it."""
    return [
        fact("Kind", KINDS[row.kind]), state("State", row.state), day("For", row.effective_on),
        fact("Entries and addenda", f"{row.entry_count:,}"),
        amount(visit.shop, "Debits", row.debit_minor, ("bank_file", row.id, "debits")),
        amount(visit.shop, "Credits", row.credit_minor, ("bank_file", row.id, "credits")),
        moment(visit.shop, "Kept", row.created_at),
        fact("Digest", row.digest[:16]),
    ]  # fmt: skip


def outcome_section(row: FileRow) -> list[Section]:
    """What came of a file that was read."""
    counts = [fact(label, row.outcome[name]) for name, label in COUNTED.items() if name in row.outcome]
    problems = [[Cell(str(one))] for one in row.outcome.get("problems", ())]
    found = [Section("What came of it", facts=counts)] if counts else []
    if problems:
        found.append(Section("Problems", titles=("Entry and problem",), rows=problems))
    return found


def entries_section(visit: Visit, row: FileRow) -> list[Section]:
    """Its entries, so many at a time."""
    if row.kind in TOLD_KINDS:
        return []
    entries = list(_entries(content_of(visit.tx, row.id)))
    typed = visit.asked.said("from")
    first = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len(str(10**9)) else 0
    shown = entries[first : first + SHOWN_ENTRIES]
    rows = [
        [
            Cell(one.trace_number), Cell(str(one.transaction_code), "number"), Cell(one.routing_number),
            Cell(masked(one.account_number)),
            money(visit.shop, one.amount_minor, ("file_entry", f"{row.id}.{place}", "amount")), Cell(one.name),
            Cell("" if one.answer is None else f"{one.answer.code} {one.answer.original_trace}"),
        ]
        for place, one in enumerate(shown, first)
    ]  # fmt: skip
    ways = []
    if first + SHOWN_ENTRIES < len(entries):
        ways.append(Way("More entries", address_of(f"{PATH}/{row.id}?from={first + SHOWN_ENTRIES}")))
    titles = ("Trace number", "Code", "Routing number", "Account", "Amount", "Name", "Answers")
    note = f"{first + 1:,} to {first + len(shown):,} of {len(entries):,}" if shown else ""
    return [Section("Entries", titles=titles, rows=rows, empty="There are none.", note=note, ways=ways)]


def _entries(content: str) -> Iterator[Entry]:
    return (entry for batch in read_ach(content).batches for entry in batch.entries)


def download(visit: Visit) -> Answer:
    """The file as it is, account numbers and all: for those who may do the bank's work. Refuses: ScopeMissing."""
    require(visit.actor, BANK, CHANGE)
    row = get_file(visit.tx, visit.id)
    content = content_of(visit.tx, row.id).encode("ascii", "replace")
    return Sent("text/plain; charset=us-ascii", content, row.name or f"file-{row.id}.txt")


def given(visit: Visit) -> Answer:
    """Write down that it was given to whom it is for."""
    hand_over(visit.tx, visit.id)
    is_sent = get_file(visit.tx, visit.id).state == SENT
    said = "The file was sent." if is_sent else "The simulated bank takes this file itself."
    return Gone(address_of(f"{PATH}/{visit.id}"), said)


def come(visit: Visit) -> Answer:
    """Read a file that came: all of it or nothing, and once. Refuses: Invalid, FileMalformed."""
    upload: Any = COME.read(visit)["file"]
    outcome = read_file(visit.tx, text_of(upload.content, "file", "ascii"), name=upload.name[:200])
    to = address_of(f"{PATH}/{outcome.file_id}")
    if not outcome.is_new:
        return Gone(to, "This file was read before: nothing was changed.")
    counts = ", ".join(f"{getattr(outcome, name)} {label.lower()}" for name, label in COUNTED.items())
    return Gone(to, f"The file was read: {counts}.")


def run(visit: Visit) -> Answer:
    """Do now what the worker does each minute, some in each transaction."""
    done = sum(_all_of(visit, step) for step in STEPS)
    rows = 0
    for _ in range(RUNS_MAX):
        found = visit.read(gather_day)
        if found is None:
            break
        rows += visit.write(partial(keep_day, found=found))
    return Gone(
        address_of(PATH), f"{done} files, transfers and events moved on; {rows} rows of days that are over."
    )


def _all_of(visit: Visit, step: Callable[[Tx], int]) -> int:
    done = 0
    for _ in range(RUNS_MAX):
        some = visit.write(step)
        if not some:
            break
        done += some
    return done


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_files, BANK),
    Act(f"{PATH}/read", come, BANK, show_files),
    Act(f"{PATH}/run", run, BANK, show_files, alone=True),
    Page(ONE, show_file, BANK),
    Page(f"{ONE}/download", download, BANK),
    Act(f"{ONE}/hand-over", given, BANK, show_file),
)
