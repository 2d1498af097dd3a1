"""Documents: told by their content, sealed where they lie, kept as long as banks have to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.dialects.corepro.documents_sent import read_content
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.documents.contents import Contents, StoredFile
from comptoir.domain.banking.documents.disclosures import publish_disclosure, withdraw_disclosure
from comptoir.domain.banking.documents.errors import ContentForgotten, DocumentNotFound, FileRefused
from comptoir.domain.banking.documents.filing import file_document
from comptoir.domain.banking.documents.queries import (
    document_digests,
    get_disclosure,
    get_document,
    list_disclosures,
)
from comptoir.domain.banking.documents.retention import watch_retention, years_later
from comptoir.domain.banking.documents.sniffing import FILE_KINDS, kind_of, sniff
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.shop import Shop
from tests.conftest import SECRET
from tests.domain.banking.transfers.given import found, person

if TYPE_CHECKING:
    from pathlib import Path

    from comptoir.domain.tx import OpenShop, Tx

PAGE = b"%PDF-1.7\n%%EOF\n"
HEADS = {
    b"\xff\xd8\xff\xe0": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\0\0\0\x18ftypheic": "image/heic",
    b"%PDF-1.4": "application/pdf",
    b"\xef\xbb\xbf\n%PDF-2.0": "application/pdf",
}
STORED = StoredFile("0" * 64, "application/pdf", 3)


@given(st.sampled_from(sorted(HEADS)), st.binary(max_size=64))
def test_a_file_is_what_it_begins_with(head: bytes, rest: bytes) -> None:
    kind = sniff(head + rest)
    assert kind is not None
    assert kind.content_type == HEADS[head]
    assert kind_of(head + rest, f"name.{kind.extensions[0].upper()}") is kind
    for other in FILE_KINDS:
        if other is not kind:
            with pytest.raises(FileRefused):
                kind_of(head + rest, f"name.{other.extensions[0]}")


@given(st.binary(max_size=2000))
def test_anything_else_is_none_of_them(content: bytes) -> None:
    assert sniff(b"MZ" + content) is None
    assert sniff(b"<html>%PDF-1.4" + content) is None
    assert sniff(b" " * 1024 + b"%PDF-1.4" + content) is None


@given(st.binary(max_size=300))
def test_content_comes_through_in_every_way_of_writing_it(content: bytes) -> None:
    from base64 import b64encode, encodebytes, urlsafe_b64encode  # noqa: PLC0415

    for text in (
        b64encode(content),
        encodebytes(content),
        urlsafe_b64encode(content),
        b64encode(content).rstrip(b"="),
        b"data:image/png;base64," + b64encode(content),
    ):
        assert read_content(text.decode()) == content
    assert read_content(list(content)) == content
    assert read_content([one - 256 if one > 127 else one for one in content]) == content


@given(st.text() | st.lists(st.integers() | st.text() | st.none()) | st.none() | st.integers())
def test_no_content_however_odd_is_a_fault(raw: object) -> None:
    assert read_content(raw) is None or isinstance(read_content(raw), bytes)


def test_what_lies_in_the_store_tells_nothing(tmp_path: Path) -> None:
    contents = Contents(DirectoryStore(tmp_path), SECRET)
    stored = contents.put(PAGE, "page.pdf")
    assert (stored.content_type, stored.byte_size) == ("application/pdf", len(PAGE))
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"PDF" not in file.read_bytes()
    assert contents.get(1, stored.digest) == PAGE
    assert contents.put(PAGE).digest != stored.digest, "the same content twice looks like two"


def test_another_key_or_a_changed_byte_opens_nothing(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    stored = Contents(store, SECRET).put(PAGE)
    with pytest.raises(ContentForgotten):
        Contents(store, b"another").get(1, stored.digest)
    with pytest.raises(ContentForgotten):
        Contents(store, SECRET).get(1, "")
    sealed = bytearray(store.get(stored.digest))
    sealed[-1] ^= 1
    with pytest.raises(ContentForgotten):
        Contents(store, SECRET).get(1, store.put(bytes(sealed)))


def test_papers_of_a_customer_are_kept_until_five_years_after_the_end(shop: OpenShop) -> None:
    shop.write(found)
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=9))
    customer_id = shop.write(person)
    document_id = shop.write(
        lambda tx: file_document(
            tx, customer_id=customer_id, document_type="DriversLicense", file=STORED, name="a.pdf"
        )
    )
    assert shop.write(watch_retention) == 0
    assert shop.database.read(document_digests) == {STORED.digest}
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=4000)))
    assert shop.write(watch_retention) == 0, "who is a customer stays one"
    shop.write(lambda tx: tx.update(BankCustomer, customer_id, status="Archived"))
    assert shop.write(watch_retention) == 0
    until = shop.read(lambda tx: get_document(tx, customer_id, document_id).keep_until)
    assert until == years_later(shop.read(lambda tx: tx.now), 5)
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=1827)))
    assert shop.write(watch_retention) == 1
    row = shop.read(lambda tx: get_document(tx, customer_id, document_id))
    assert (row.digest, row.name, row.document_type, row.status) == ("", "", "DriversLicense", "inReview")
    assert shop.database.read(document_digests) == set()
    assert shop.write(watch_retention) == 0


def test_a_leap_day_is_kept_until_the_last_of_february() -> None:
    assert years_later(datetime(2024, 2, 29, tzinfo=UTC), 5) == datetime(2029, 2, 28, tzinfo=UTC)


def test_disclosures_hold_between_their_days(tx: Tx) -> None:
    def publish(title: str, begins: int | None, ends: int | None) -> int:
        return publish_disclosure(
            tx, document_type="estatement", title=title, file=STORED,
            effective_at=None if begins is None else tx.now + timedelta(days=begins),
            expires_at=None if ends is None else tx.now + timedelta(days=ends),
        )  # fmt: skip

    held = publish("held", None, None)
    publish("begun", 0, 1)
    publish("to come", 1, None)
    publish("over", -2, 0)
    assert [row.title for row in list_disclosures(tx, culture="EN-us")] == ["held", "begun"]
    withdraw_disclosure(tx, held)
    assert [row.title for row in list_disclosures(tx, culture="en-US")] == ["begun"]
    assert get_disclosure(tx, held).title == "held"
    with pytest.raises(DocumentNotFound):
        withdraw_disclosure(tx, held)
    with pytest.raises(DocumentNotFound):
        get_disclosure(tx, held, culture="es-US")


def test_what_no_disclosure_is_like(tx: Tx) -> None:
    with pytest.raises(Problems) as refused:
        publish_disclosure(
            tx, document_type="Diary", title=" ", culture="x" * 21, html="\0",
            file=StoredFile("0" * 64, "image/png", 3), effective_at=tx.now, expires_at=tx.now,
        )  # fmt: skip
    fields = [field for field, _ in refused.value.problems]
    assert fields == ["file", "document_type", "culture", "title", "html", "expires_at"]
    publish_disclosure(tx, document_type="CardInfo", title="Cards", file=STORED, id=40)
    with pytest.raises(Invalid):
        publish_disclosure(tx, document_type="CardInfo", title="Cards", file=STORED, id=40)
    assert publish_disclosure(tx, document_type="CardInfo", title="Cards", file=STORED) == 41
