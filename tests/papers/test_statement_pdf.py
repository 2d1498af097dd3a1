"""The statement as PDF: every cent can be read out of it again, whatever it is about."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.papers.statement_pdf import LINES_MAX
from tests.papers.given import account, facts, pages, pdf

LINES = [
    ("Pay for March", 185_000),
    ("Rent", -125_000),
    ("Corner Grocery, Chicago IL", -6_412),
    ("Refund", 7),
]
AMOUNTS = re.compile(r"(?<![\d.,])(\N{MINUS SIGN}?[\d,]+\.\d\d) (\N{MINUS SIGN}?[\d,]+\.\d\d)(?![\d.])")


def minor(text: str) -> int:
    return int(re.sub(r"[,.$]", "", text).replace("\N{MINUS SIGN}", "-"))


def test_it_says_who_when_and_what() -> None:
    (page,) = pages(pdf(facts(account(LINES, 250_000))))
    for words in (
        "Comptoir Sample Bank", "(800) 555-0100", "bank.example.com", "Account statement", "Ada Lovelace",
        "12 St James's Square", "Chicago, IL 60601", "March 1 \N{EN DASH} 31, 2026", "Statement number 4711",
        "Customer number 17", "Everyday ending in 4821", "Page 1 of 1", "Questions about this statement",
        "03/01/2026 Opening balance $2,500.00", "03/31/2026 Closing balance $3,035.95",
    ):  # fmt: skip
        assert words in " ".join(page.split()), (words, page)


def test_what_is_read_out_adds_up_to_the_cent_over_many_pages() -> None:
    lines = [(f"Movement {number} of many", (number * 7919 % 40_000) - 15_000) for number in range(400)]
    told = facts(account(lines, 123_456))
    texts = pages(pdf(told))
    assert len(texts) > 5
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
    assert sum("Date Description Transaction Amount (USD) Balance (USD)" in text for text in texts) >= 9
    assert "Everyday ending in 4821, continued" in texts[3]
    found = [(minor(amount), minor(balance)) for text in texts for amount, balance in AMOUNTS.findall(text)]
    balance = 123_456
    for (amount, after), (_, expected) in zip(found, lines, strict=True):
        balance += amount
        assert (amount, after) == (expected, balance)
    assert balance == told["accounts"][0]["closing_minor"]
    assert f"Closing balance ${balance // 100:,}.{balance % 100:02d}" in texts[-1]


def test_several_accounts_are_summed_up() -> None:
    savings = account([("Interest", 1_083)], 500_000, name="Rainy days", number="********0073")
    (page, *_) = pages(pdf(facts(account(LINES, 250_000), savings)))
    assert "Total $7,500.00 $1,860.90 $1,314.12 $8,046.78" in " ".join(page.split())


def test_figures_of_interest_and_fees_are_shown_where_there_are_any() -> None:
    year = {"interest_minor": 320, "withheld_minor": 77, "fees_minor": 2_500}
    told = account(LINES, interest_minor=12, fees_minor=500, year=year)
    text = " ".join(" ".join(pages(pdf(facts(told)))).split())
    for words in (
        "Interest earned $0.12", "Interest this year $3.20", "Tax withheld this year $0.77", "Fees $5.00",
        "Fees this year $25.00",
    ):  # fmt: skip
        assert words in text
    assert "Interest" not in pages(pdf(facts(account([("Rent", -5)]))))[0].split("Summary")[1]


def test_an_overdrawn_account_and_one_without_movements_are_told() -> None:
    text = " ".join(
        " ".join(pages(pdf(facts(account(opening_minor=-1_250), account(closed_on="2026-03-12"))))).split()
    )
    assert "Closing balance \N{MINUS SIGN}$12.50" in text
    assert "Nothing moved on this account in this period." in text
    assert "This account was closed on March 12, 2026." in text


def test_the_same_statement_gives_the_same_bytes() -> None:
    assert pdf(facts(account(LINES))) == pdf(facts(account(LINES)))


def test_it_can_be_heard() -> None:
    """Tagged as PDF/UA-1: structure, language, title; and its fonts are in the file."""
    content = pdf(facts(account(LINES)))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/StructTreeRoot" in content
    assert b"/Lang" in content
    document = pypdfium2.PdfDocument(content)
    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "Account statement, March 1 \N{EN DASH} 31, 2026"
    width, height = document.get_page_size(0)
    assert (width, height) == (612, 792)
    document.close()


HOSTILE = {
    "markup": '#set page(fill: red) *bold* $x$ `code` <a> @ref #panic("x") ]] ) }',
    "hebrew": "\u05e2\u05d1\u05e8\u05d9\u05ea \u05e9\u05dc\u05d5\u05dd",
    "arabic": "\u0645\u062d\u0645\u062f \u0628\u0646 \u0633\u0644\u0645\u0627\u0646",
    "cyrillic": "\u0416\u0443\u043a\u043e\u0432 \u03a9 \u00d1and\u00fa \u00df",
    "chinese": "\u738b\u5c0f\u660e",
    "emoji": "party \U0001f389 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "unbroken": "X" * 255,
    "long": "word " * 51,
    "turning": "\u202egnp.exe\u2066",
    "controls": "a\x00b\x07c\td\ne\x7f",
    "surrogate": "lone \ud800 half",
    "combining": "Z\u0335\u0300\u0301\u0302\u0303" * 40,
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_breaks_it(text: str) -> None:
    told = facts(
        account([(text, -100)], 500, name=text[:50], titles=[text, text]),
        customer={"id": 17, "name": text, "address": [text, text]},
        bank={"name": text, "phone": text, "url": text},
    )
    read = "".join(pages(pdf(told)))
    assert "\N{MINUS SIGN}1.00 4.00" in read
    assert "Closing balance $4.00" in read


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=120), min_size=5, max_size=5))
def test_any_text_can_be_set(texts: list[str]) -> None:
    first, second, name, holder, bank = texts
    told = facts(
        account([(first, 5), (second, -7)], name=name, titles=[holder]),
        customer={"id": 17, "name": holder, "address": [first, second]},
        bank={"name": bank, "phone": bank, "url": second},
    )
    assert pdf(told).startswith(b"%PDF-")


def test_markup_is_shown_as_it_was_written() -> None:
    (page, *_) = pages(pdf(facts(account([(HOSTILE["markup"], 5)]))))
    assert HOSTILE["markup"] in " ".join(page.split())


def test_a_book_is_cut_and_says_so() -> None:
    lines = [("Sale", 100)] * (LINES_MAX + 25)
    text = " ".join(pages(pdf(facts(account(lines)))))
    assert "25 more transactions are in the file for spreadsheets of this statement." in text
    assert len(AMOUNTS.findall(text)) == LINES_MAX
    assert f"Closing balance ${LINES_MAX + 25:,}.00" in text
