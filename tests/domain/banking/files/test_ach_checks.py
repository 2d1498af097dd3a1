"""A file that does not prove itself is noticed, whatever it is that was changed in it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.domain.banking.files.ach import (
    AMOUNT_MAX,
    COR,
    ENTRY_CLASSES,
    LOAN_DEBIT,
    TRANSACTION_CODES,
    AchFile,
    Answer,
    Batch,
    Entry,
    ach_text,
    return_code_for,
    service_class_of,
)
from comptoir.domain.banking.files.ach_reading import check_file, read_ach
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.files.errors import DoesNotFit, FileMalformed
from comptoir.domain.banking.files.routing import PREFIXES, check_digit
from tests.domain.banking.files.written import ODFI, a_batch, a_file, an_entry

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def fitting(width: int, least: int = 0) -> st.SearchStrategy[str]:
    return WORDS.map(lambda text: ach_text(text, width)).filter(lambda text: len(text) >= least)


ROUTING = st.tuples(st.sampled_from(sorted(PREFIXES)), st.integers(0, 999_999)).map(
    lambda parts: f"{parts[0]:02}{parts[1]:06}" + check_digit(f"{parts[0]:02}{parts[1]:06}")
)
ENTRIES = st.builds(
    Entry,
    transaction_code=st.sampled_from(sorted(TRANSACTION_CODES - {LOAN_DEBIT})),
    routing_number=ROUTING,
    account_number=fitting(17, 1),
    amount_minor=st.integers(0, AMOUNT_MAX),
    name=fitting(22),
    trace_number=st.just(""),
    identification=fitting(15),
    discretionary=fitting(2),
    notes=st.lists(fitting(80), max_size=2).map(tuple),
    answer=st.none(),
)


@st.composite
def files(draw: st.DrawFn) -> AchFile:
    batches: list[Batch] = []
    trace = 0
    for number in range(1, draw(st.integers(1, 4)) + 1):
        entries = []
        for entry in draw(st.lists(ENTRIES, min_size=1, max_size=9)):
            trace += draw(st.integers(1, 5))
            entries.append(entry._replace(trace_number=f"{ODFI}{trace:07}"))
        batches.append(
            a_batch(
                *entries,
                number=number,
                company_name=draw(fitting(16, 1)),
                entry_class=draw(st.sampled_from([one for one in ENTRY_CLASSES if one != COR])),
                description=draw(fitting(10, 1)),
                descriptive_date=draw(fitting(6)),
                discretionary=draw(fitting(20)),
                effective_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2068, 12, 31))),
            )
        )
    return a_file(*batches, reference=draw(fitting(8)))


@given(file=files())
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_the_same(file: AchFile) -> None:
    text = write_ach(file)
    lines = text.splitlines()
    assert {len(line) for line in lines} == {94}
    assert len(lines) % 10 == 0
    assert read_ach(text) == file
    assert write_ach(read_ach(text)) == text


@given(file=files(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_flipped_digit_in_the_totals_or_amounts_is_noticed(file: AchFile, data: st.DataObject) -> None:
    lines = write_ach(file).splitlines()
    spans = {"6": (29, 39), "8": (4, 44), "9": (1, 55)}
    number = data.draw(st.sampled_from([at for at, line in enumerate(lines) if line[0] in spans]))
    start, end = spans[lines[number][0]]
    column = data.draw(st.integers(start, end - 1))
    by = data.draw(st.integers(1, 9))
    line = lines[number]
    if line == "9" * 94:
        column = data.draw(st.integers(0, 93))
    lines[number] = f"{line[:column]}{(int(line[column]) + by) % 10}{line[column + 1 :]}"
    assert check_file("\n".join(lines) + "\n") != []


@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: raw.decode("latin-1")))
def test_no_text_is_more_than_malformed(text: str) -> None:
    assert check_file(text) != []


@given(file=files(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_spoiled_file_is_more_than_malformed(file: AchFile, data: st.DataObject) -> None:
    lines = write_ach(file).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "twice", "spoil", "swap"]))
        if change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "swap":
            lines[at], lines[0] = lines[0], lines[at]
        else:
            column = data.draw(st.integers(0, 93))
            letter = data.draw(st.characters(min_codepoint=32, max_codepoint=255))
            lines[at] = lines[at][:column] + letter + lines[at][column + 1 :]
    assert isinstance(check_file("\n".join(lines)), list)


SPOILED = [
    (1, 2, "02", "line 1: columns 2 to 3 are not 01"),
    (1, 24, "999999", "line 1: 9999991805 is no date and time"),
    (1, 35, "095", "line 1: columns 35 to 37 are not 094"),
    (1, 1, "5", "line 1: here should be a file header"),
    (2, 2, "210", "line 2: 210 is no service class"),
    (2, 2, "225", "line 3: the entries do not fit into service class 225"),
    (2, 51, "XXX", "line 2: XXX is none of PPD, CCD, WEB, TEL, COR"),
    (2, 70, "261332", "line 2: 261332 is no date"),
    (2, 41, " " * 10, "line 2: the company's name, its id or the description of the entries is missing"),
    (2, 80, "0910000x", "line 2: the originating bank is no number of eight digits"),
    (2, 88, "0000000", "line 2: the batch number is not above that of the batch before"),
    (3, 2, "25", "line 3: 25 is no transaction code"),
    (3, 2, "55", "line 3: a loan is debited by a reversal only"),
    (3, 4, "021000020", "line 3: the routing number is not a valid routing number"),
    (3, 13, " " * 17, "line 3: the account number is missing"),
    (3, 30, "00000x2500", "line 3: the amount is no number"),
    (3, 79, "1", "line 3: the addenda indicator is not what follows"),
    (3, 79, "7", "line 3: column 79 is neither 0 nor 1"),
    (3, 80, "091000010000x01", "line 3: the trace number is no number of fifteen digits"),
    (3, 80, "111000010000001", "line 3: the trace number does not begin with the originating bank"),
    (4, 2, "200", "line 4: the service class is 200, but should be 220"),
    (4, 45, "1912345679", "line 4: the company id is 1912345679, but should be 1912345678"),
    (5, 94, "1", "line 5: the rest of the record is 1, but should be "),
    (5, 1, "7", "line 5: here should be a batch header or the file control record"),
    (6, 40, "8", "line 6: only records of nines may follow the file control record"),
]


@pytest.mark.parametrize(("line", "column", "text", "problem"), SPOILED)
def test_what_is_wrong_is_told_with_its_line(line: int, column: int, text: str, problem: str) -> None:
    lines = write_ach(a_file(a_batch(an_entry()))).splitlines()
    old = lines[line - 1]
    lines[line - 1] = old[: column - 1] + text + old[column - 1 + len(text) :]
    assert problem in check_file("\n".join(lines) + "\n")


def test_lengths_and_blocks_are_looked_at_first() -> None:
    lines = write_ach(a_file(a_batch(an_entry()))).splitlines()
    assert check_file("") == [
        "line 1: the record is 0 characters long, not 94",
        "the file has 1 records, which makes no whole blocks of 10",
    ]
    assert check_file("\n".join(lines[:-1])) == ["the file has 9 records, which makes no whole blocks of 10"]
    lines[2] = lines[2].replace("Jane", "Jané")
    assert check_file("\n".join(lines)) == [
        "line 3: the record holds characters that are not printable ASCII"
    ]


def test_traces_rise_within_a_batch_and_batches_within_a_file() -> None:
    with pytest.raises(FileMalformed, match="not above that of the entry before"):
        write_ach(a_file(a_batch(an_entry(2), an_entry(2))))
    with pytest.raises(FileMalformed, match="not above that of the batch before"):
        write_ach(a_file(a_batch(an_entry(1)), a_batch(an_entry(2))))
    with pytest.raises(FileMalformed, match="the batch has no entries"):
        write_ach(a_file(a_batch()))


def test_micro_entries_may_not_take_more_than_they_give() -> None:
    given_back = [
        an_entry(number, transaction_code=code, amount_minor=minor)
        for number, (code, minor) in enumerate([(22, 18), (22, 28), (27, 47)], 1)
    ]
    with pytest.raises(FileMalformed, match="micro-entries take more than they give"):
        write_ach(a_file(a_batch(*given_back, description="ACCTVERIFY")))


def test_corrections_and_returns_keep_to_their_batches() -> None:
    answer = Answer("C01", f"{ODFI}0000009", "02100002", "123")
    with pytest.raises(FileMalformed, match="corrections stand in batches of their own"):
        write_ach(a_file(a_batch(an_entry(answer=answer))))
    with pytest.raises(FileMalformed, match="corrections stand in batches of their own"):
        write_ach(a_file(a_batch(an_entry(), entry_class=COR)))
    with pytest.raises(FileMalformed, match="C15 is no code of an addenda 98"):
        write_ach(a_file(a_batch(an_entry(answer=answer._replace(code="C15")), entry_class=COR)))
    with pytest.raises(FileMalformed, match="what is to be corrected is missing"):
        write_ach(a_file(a_batch(an_entry(answer=answer._replace(information="")), entry_class=COR)))
    wrong = Answer("R01", "12345", "02100002")
    with pytest.raises(FileMalformed, match="told by fifteen digits"):
        write_ach(a_file(a_batch(an_entry(transaction_code=26, answer=wrong))))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 23},
        {"name": "Zoë"},
        {"name": " Jane"},
        {"account_number": "1" * 18},
        {"amount_minor": AMOUNT_MAX + 1},
        {"amount_minor": -1},
        {"routing_number": "0210000211"},
        {"identification": "\n"},
    ],
)
def test_what_does_not_fit_is_refused_and_not_cut(changes: dict[str, Any]) -> None:
    with pytest.raises(DoesNotFit):
        write_ach(a_file(a_batch(an_entry()._replace(**changes))))


def test_totals_that_have_no_room_are_refused() -> None:
    many = [an_entry(number, amount_minor=AMOUNT_MAX) for number in range(1, 102)]
    with pytest.raises(DoesNotFit, match="total of credits"):
        write_ach(a_file(a_batch(*many)))


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("José Núñez", 22, "Jose Nunez"),
        ("  Two\twords\n", 22, "Two words"),
        ("Straße", 22, "Stra e"),
        ("A name that is longer than the field", 22, "A name that is longer"),
        ("\x00\ud800", 5, ""),
    ],
)
def test_text_is_made_to_fit(text: str, width: int, fitted: str) -> None:
    assert ach_text(text, width) == fitted


def test_entries_come_back_under_codes_of_their_own() -> None:
    assert [return_code_for(code) for code in (22, 27, 32, 37, 23, 52, 55, 42)] == [
        21, 26, 31, 36, 21, 51, 56, 41,
    ]  # fmt: skip
    assert service_class_of([an_entry(transaction_code=27)]) == 225
