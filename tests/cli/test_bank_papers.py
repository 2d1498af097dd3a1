"""Documents, external accounts and gift codes from the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from comptoir.domain.banking.documents.contents import Contents
from comptoir.domain.banking.documents.filing import file_document
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.opening import open_shop
from comptoir.settings import read_settings
from tests.domain.banking.transfers.given import elsewhere, person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from comptoir.dialects.edge import ServedShop
    from tests.cli.conftest import Run

PAGE = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def bank(run: Run, tmp_path: Path) -> Run:
    """A shop with the sample bank."""
    program = tmp_path / "program.toml"
    program.write_text(run("bank", "sample", "example1").out)
    assert run("bank", "load", str(program)).code == 0
    return run


@pytest.fixture
def home(bank: Run) -> Iterator[ServedShop]:
    """The same shop, open."""
    opened = open_shop(read_settings({}, os.environ).settings, "main")
    yield opened
    opened.shop.database.close()


def test_a_document_is_looked_at_and_decided_about(bank: Run, home: ServedShop, tmp_path: Path) -> None:
    customer_id = home.shop.write(person)
    stored = Contents(home.media, home.secret).put(PAGE)
    document_id = home.shop.write(
        lambda tx: file_document(tx, customer_id=customer_id, document_type="UtilityBill", file=stored)
    )
    (listed,) = bank("bank", "documents", "list", "--json").told
    assert (listed["id"], listed["document_type"], listed["status"]) == (
        document_id,
        "UtilityBill",
        "inReview",
    )
    file = tmp_path / "bill.pdf"
    assert bank("bank", "documents", "write", str(document_id), str(file)).code == 0
    assert file.read_bytes() == PAGE
    assert file.stat().st_mode & 0o777 == 0o600
    assert bank("bank", "documents", "write", str(document_id), str(file)).code == 2
    assert bank("bank", "documents", "write", "99", str(tmp_path / "other")).code == 1
    assert bank("bank", "documents", "decide", str(document_id)).code == 2
    assert bank("bank", "documents", "decide", str(document_id), "--approved").code == 0
    again = bank("bank", "documents", "decide", str(document_id), "--rejected")
    assert (again.code, "approved" in again.err) == (1, True)
    assert bank("bank", "documents", "list", "--json").told == []
    assert len(bank("bank", "documents", "list", "--status", "APPROVED", "--json").told) == 1
    assert bank("bank", "documents", "list", "--status", "lost").code == 2


def test_what_customers_accept_is_published_and_withdrawn(bank: Run, tmp_path: Path) -> None:
    file, html = tmp_path / "privacy.pdf", tmp_path / "privacy.html"
    file.write_bytes(PAGE)
    html.write_text("<p>We keep it to ourselves.</p>")
    told = bank(
        "bank", "documents", "publish", "privacypolicy", str(file), "--title", "Privacy", "--html", str(html),
        "--effective", "2026-03-01", "--expires", "2099-12-31", "--json",
    ).told  # fmt: skip
    (listed,) = bank("bank", "documents", "published", "--json").told
    assert (listed["id"], listed["document_type"], listed["culture"]) == (
        told["id"],
        "PrivacyPolicy",
        "en-US",
    )
    assert listed["effective_at"] == "2026-03-01 06:00:00+00:00", "midnight in Chicago"
    assert bank("bank", "documents", "withdraw", str(told["id"])).code == 0
    assert bank("bank", "documents", "withdraw", str(told["id"])).code == 1
    picture = tmp_path / "picture.pdf"
    picture.write_bytes(b"GIF89a")
    refused = bank("bank", "documents", "publish", "PrivacyPolicy", str(picture), "--title", "Privacy")
    assert (refused.code, "image/gif" in refused.err) == (1, True)
    assert bank("bank", "documents", "publish", "Diary", str(file), "--title", "Diary").code == 1
    missing = str(tmp_path / "none.pdf")
    assert bank("bank", "documents", "publish", "Diary", missing, "--title", "Diary").code == 2


def test_the_bank_locks_an_external_account(bank: Run, home: ServedShop) -> None:
    customer_id = home.shop.write(person)
    external_id = home.shop.write(lambda tx: elsewhere(tx, customer_id))
    (listed,) = bank("bank", "external", "list", str(customer_id), "--json").told
    assert (listed["id"], listed["number"], listed["is_locked"]) == (external_id, "******0100", False)
    assert bank("bank", "external", "lock", str(external_id), "--reason", "Fraud").code == 0
    row = home.shop.read(lambda tx: get_external_account(tx, external_id))
    assert (row.is_locked_by_system, row.locked_reason) == (True, "Fraud")
    assert bank("bank", "external", "lock", str(external_id)).code == 1
    assert bank("bank", "external", "unlock", str(external_id)).code == 0
    assert bank("bank", "external", "unlock", str(external_id)).code == 1
    assert bank("bank", "external", "list", "99").code == 1


def test_gift_codes_are_offered_from_a_file(bank: Run, tmp_path: Path) -> None:
    assert bank("bank", "ecodes", "list", "--json").told == []
    file = tmp_path / "ecodes.toml"
    file.write_text(bank("bank", "ecodes", "sample").out)
    assert bank("bank", "ecodes", "offer", str(file), "--json").told["offered"] == [
        "SAMPLE-BOOKS",
        "SAMPLE-COFFEE",
    ]
    books, coffee = bank("bank", "ecodes", "list", "--json").told
    assert (books["product_code"], books["minimum"], books["percent_to_customer"]) == (
        "SAMPLE-BOOKS",
        "5.00",
        "2.50",
    )
    assert coffee["maximum"] == "100.00"
    file.write_text("products = []")
    assert bank("bank", "ecodes", "offer", str(file)).code == 0
    assert "No gift codes are sold." in bank("bank", "ecodes", "list").out
    file.write_text("products = 5")
    assert bank("bank", "ecodes", "offer", str(file)).code == 1
    assert bank("bank", "ecodes", "offer", str(tmp_path / "none")).code == 2
