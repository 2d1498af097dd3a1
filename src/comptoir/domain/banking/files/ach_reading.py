"""ACH files read, strictly: whatever is not as the rules have it is told with its line.

Columns are those of the NACHA rules, counted from 1; nothing here knows how files are written.
"""

import re
from datetime import date, datetime
from typing import NoReturn

from comptoir.domain.banking.files.ach import (
    ENTRY_CLASSES,
    HASH_MODULUS,
    LOAN_DEBIT,
    MICRO_ENTRIES,
    SERVICE_CLASSES,
    TRANSACTION_CODES,
    AchFile,
    Answer,
    Batch,
    Entry,
    Totals,
    service_class_of,
    totals_of,
)
from comptoir.domain.banking.files.errors import FileMalformed
from comptoir.domain.banking.files.routing import routing_problem

LENGTH, BLOCK, CONTENT_MAX = 94, 10, 64 * 1024 * 1024
MIXED_CLASS = 200
TRACE = re.compile(r"[0-9]{15}")
ANSWER_CODE = {"98": re.compile(r"C(0[1-9]|1[0-4]|6[1-9])"), "99": re.compile(r"R(0[1-9]|[1-8][0-9])")}
NINES = "9" * LENGTH


def check_file(text: str) -> list[str]:
    """What is wrong with a file, each problem with its line; nothing when it proves itself."""
    try:
        read_ach(text)
    except FileMalformed as error:
        return error.problems
    return []


def read_ach(text: str) -> AchFile:
    """What a file says. Refuses: FileMalformed (with all its problems)."""
    if len(text) > CONTENT_MAX:
        raise FileMalformed(["it is too large"])
    return _Reading(_lines(text)).file()


def _lines(text: str) -> list[str]:
    """The records; a file may also come as one long line without ends."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) == 1 and len(text) > LENGTH and len(text) % LENGTH == 0:
        return [text[at : at + LENGTH] for at in range(0, len(text), LENGTH)]
    return lines


class _Stop(Exception):
    """What follows cannot be read."""


class _Reading:
    """One file on its way from lines to what they say."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._problems: list[str] = []
        self._totals = Totals()

    def file(self) -> AchFile:
        """The whole file, or all its problems."""
        found = None
        try:
            self._refuse_wrong_lines()
            found = self._read()
        except _Stop:
            pass
        if self._problems or found is None:
            raise FileMalformed(self._problems)
        return found

    def _refuse_wrong_lines(self) -> None:
        for number, line in enumerate(self._lines, 1):
            if len(line) != LENGTH:
                self._note(f"the record is {len(line)} characters long, not {LENGTH}", number)
            elif not (line.isascii() and line.isprintable()):
                self._note("the record holds characters that are not printable ASCII", number)
        if len(self._lines) % BLOCK:
            self._note(f"the file has {len(self._lines)} records, which makes no whole blocks of {BLOCK}", 0)
        if self._problems:
            raise _Stop

    def _read(self) -> AchFile:
        head = self._take("1", "a file header")
        for columns, wanted in (((2, 3), "01"), ((35, 37), "094"), ((38, 39), "10"), ((40, 40), "1")):
            if head[columns[0] - 1 : columns[1]] != wanted:
                self._note(f"columns {columns[0]} to {columns[1]} are not {wanted}")
        stamp = self._columns(24, 33)
        try:
            datetime.strptime(stamp, "%y%m%d%H%M")  # noqa: DTZ007 - the zone is the origin's
        except ValueError:
            self._note(f"{stamp} is no date and time")
        file = AchFile(
            destination_id=self._text(4, 13),
            destination_name=self._text(41, 63),
            origin_id=self._text(14, 23),
            origin_name=self._text(64, 86),
            written_at=stamp,
            batches=(),
            modifier=self._text(34, 34),
            reference=self._text(87, 94),
        )
        batches: list[Batch] = []
        while self._peek() == "5":
            batches.append(self._batch(batches[-1].number if batches else 0))
        self._file_control(len(batches))
        while self._at < len(self._lines):
            self._at += 1
            if self._lines[self._at - 1] != NINES:
                self._note("only records of nines may follow the file control record")
                break
        return file._replace(batches=tuple(batches))

    def _batch(self, last_number: int) -> Batch:
        self._take("5", "a batch header")
        batch = Batch(
            number=self._number(88, 94, "batch number"),
            entry_class=self._text(51, 53),
            company_name=self._text(5, 20),
            company_id=self._text(41, 50),
            description=self._text(54, 63),
            odfi=self._columns(80, 87),
            entries=(),
            effective_on=self._day(70, 75),
            descriptive_date=self._text(64, 69),
            discretionary=self._text(21, 40),
            settlement_day=self._text(76, 78),
            service_class=self._number(2, 4, "service class"),
        )
        self._check_header(batch, last_number)
        batch = batch._replace(entries=self._entries(batch))
        self._batch_control(batch)
        return batch

    def _check_header(self, batch: Batch, last_number: int) -> None:
        if batch.number <= last_number:
            self._note("the batch number is not above that of the batch before")
        if batch.entry_class not in ENTRY_CLASSES:
            self._note(f"{batch.entry_class} is none of {', '.join(ENTRY_CLASSES)}")
        if batch.service_class not in SERVICE_CLASSES:
            self._note(f"{batch.service_class} is no service class")
        if not (batch.company_name and batch.company_id and batch.description):
            self._note("the company's name, its id or the description of the entries is missing")
        if not batch.odfi.isdigit():
            self._note("the originating bank is no number of eight digits")

    def _entries(self, batch: Batch) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        last = ""
        while self._peek() == "6":
            entry = self._entry(batch)
            if entry.trace_number <= last:
                self._note("the trace number is not above that of the entry before")
            last = entry.trace_number
            entries.append(self._with_addenda(entry, batch))
        if not entries:
            self._note("the batch has no entries")
        elif batch.service_class not in {MIXED_CLASS, service_class_of(entries)}:
            self._note(f"the entries do not fit into service class {batch.service_class}")
        # What comes back comes one by one: the rule is for those who send.
        if batch.description == MICRO_ENTRIES and all(entry.answer is None for entry in entries):
            totals = totals_of(entries)
            if totals.debit_minor > totals.credit_minor:
                self._note("micro-entries take more than they give")
        return tuple(entries)

    def _entry(self, batch: Batch) -> Entry:
        self._take("6", "an entry")
        entry = Entry(
            transaction_code=self._number(2, 3, "transaction code"),
            routing_number=self._columns(4, 12),
            account_number=self._text(13, 29),
            amount_minor=self._number(30, 39, "amount"),
            name=self._text(55, 76),
            trace_number=self._columns(80, 94),
            identification=self._text(40, 54),
            discretionary=self._text(77, 78),
        )
        if entry.transaction_code not in TRANSACTION_CODES:
            self._note(f"{entry.transaction_code} is no transaction code")
        elif entry.transaction_code == LOAN_DEBIT and batch.description != "REVERSAL":
            self._note("a loan is debited by a reversal only")
        problem = routing_problem(entry.routing_number)
        if problem:
            self._note(f"the routing number {problem}")
            entry = entry._replace(routing_number="000000000")
        if not entry.account_number:
            self._note("the account number is missing")
        if not TRACE.fullmatch(entry.trace_number):
            self._note("the trace number is no number of fifteen digits")
        elif entry.trace_number[:8] != batch.odfi:
            self._note("the trace number does not begin with the originating bank")
        return entry

    def _with_addenda(self, entry: Entry, batch: Batch) -> Entry:
        """The entry with what follows it; its indicator must have announced it."""
        announced = self._columns(79, 79)
        if announced not in {"0", "1"}:
            self._note("column 79 is neither 0 nor 1")
        has_any = self._peek() == "7"
        if has_any != (announced == "1"):
            self._note("the addenda indicator is not what follows")
        notes: list[str] = []
        answer = None
        while self._peek() == "7":
            self._take("7", "an addenda")
            kind = self._columns(2, 3)
            if answer is not None:
                self._note("nothing may follow a return or correction")
            if kind == "05":
                notes.append(self._note_of(entry, len(notes) + 1))
            elif kind in ANSWER_CODE and not notes:
                answer = self._answer(entry, kind)
            else:
                self._note(f"{kind} is no kind of addenda that may come here")
        if (batch.entry_class == "COR") != (answer is not None and answer.is_correction):
            self._note("corrections stand in batches of their own")
        return entry._replace(notes=tuple(notes), answer=answer)

    def _note_of(self, entry: Entry, number: int) -> str:
        if self._number(84, 87, "sequence") != number or self._columns(88, 94) != entry.trace_number[-7:]:
            self._note("the addenda does not belong to its entry")
        return self._text(4, 83)

    def _answer(self, entry: Entry, kind: str) -> Answer:
        answer = Answer(
            code=self._columns(4, 6),
            original_trace=self._columns(7, 21),
            original_dfi=self._columns(28, 35),
            information=self._text(36, 79),
            died_on=self._day(22, 27),
        )
        if not ANSWER_CODE[kind].fullmatch(answer.code):
            self._note(f"{answer.code} is no code of an addenda {kind}")
        if not TRACE.fullmatch(answer.original_trace) or not answer.original_dfi.isdigit():
            self._note("the original entry is not told by fifteen digits and its bank by eight")
        if self._columns(80, 94) != entry.trace_number:
            self._note("the addenda does not belong to its entry")
        if answer.is_correction and not answer.information:
            self._note("what is to be corrected is missing")
        return answer

    def _batch_control(self, batch: Batch) -> None:
        self._take("8", "a batch control record")
        totals = totals_of(batch.entries)
        self._totals = self._totals.plus(totals)
        self._compare(
            ("service class", self._number(2, 4, "service class"), batch.service_class),
            ("entry count", self._number(5, 10, "entry count"), totals.entry_count),
            ("entry hash", self._number(11, 20, "entry hash"), totals.entry_hash % HASH_MODULUS),
            ("total of debits", self._number(21, 32, "total of debits"), totals.debit_minor),
            ("total of credits", self._number(33, 44, "total of credits"), totals.credit_minor),
            ("company id", self._text(45, 54), batch.company_id),
            ("originating bank", self._columns(80, 87), batch.odfi),
            ("batch number", self._number(88, 94, "batch number"), batch.number),
        )

    def _file_control(self, batch_count: int) -> None:
        self._take("9", "a batch header or the file control record")
        self._compare(
            ("batch count", self._number(2, 7, "batch count"), batch_count),
            ("block count", self._number(8, 13, "block count"), len(self._lines) // BLOCK),
            ("entry count", self._number(14, 21, "entry count"), self._totals.entry_count),
            ("entry hash", self._number(22, 31, "entry hash"), self._totals.entry_hash % HASH_MODULUS),
            ("total of debits", self._number(32, 43, "total of debits"), self._totals.debit_minor),
            ("total of credits", self._number(44, 55, "total of credits"), self._totals.credit_minor),
            ("rest of the record", self._text(56, 94), ""),
        )

    def _compare(self, *facts: tuple[str, int | str, int | str]) -> None:
        for name, told, found in facts:
            if told != found:
                self._note(f"the {name} is {told}, but should be {found}")

    def _peek(self) -> str:
        """What kind of record comes next."""
        return self._lines[self._at][0] if self._at < len(self._lines) else ""

    def _take(self, kind: str, name: str) -> str:
        if self._peek() != kind or self._lines[self._at] == NINES:
            self._at += 1
            self._stop(f"here should be {name}")
        self._at += 1
        return self._lines[self._at - 1]

    def _columns(self, first: int, last: int) -> str:
        return self._lines[self._at - 1][first - 1 : last]

    def _text(self, first: int, last: int) -> str:
        return self._columns(first, last).strip()

    def _number(self, first: int, last: int, name: str) -> int:
        text = self._columns(first, last)
        if not text.isdigit():
            self._note(f"the {name} is no number")
            return 0
        return int(text)

    def _day(self, first: int, last: int) -> date | None:
        """A day; none where there are blanks, or the noughts that some banks write."""
        text = self._columns(first, last)
        if not text.strip() or text == "000000":
            return None
        try:
            return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self._note(f"{text} is no date")
            return None

    def _note(self, problem: str, line: int | None = None) -> None:
        number = self._at if line is None else line
        self._problems.append(f"line {number}: {problem}" if number else problem)

    def _stop(self, problem: str) -> NoReturn:
        self._note(problem)
        raise _Stop
