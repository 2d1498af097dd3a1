"""The bank's own documents, which its customers have to accept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from comptoir.domain.banking.documents.contents import StoredFile
from comptoir.domain.banking.documents.errors import DocumentNotFound
from comptoir.domain.banking.documents.kinds import DISCLOSURES, spelt
from comptoir.domain.banking.documents.models import OF_BANK, BankDocument
from comptoir.domain.banking.documents.queries import get_disclosure
from comptoir.domain.banking.documents.sniffing import PDF
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import Problem, refuse, text_problem
from comptoir.domain.tx import Tx

DEFAULT_CULTURE = "en-US"
LONGEST = {"culture": 20, "title": 100, "html": 2 * 1024 * 1024}
# What only documents of customers have.
OF_OTHERS: dict[str, Any] = {
    "customer_id": None, "external_account_id": None, "tag": None, "reason_type": "", "name": "", "status": "",
    "custom": [], "keep_until": None,
}  # fmt: skip

ID_TAKEN = select(BankDocument.id).where(BankDocument.id == bindparam("document_id"))


def publish_disclosure(
    tx: Tx,
    *,
    document_type: str,
    title: str,
    file: StoredFile,
    culture: str = DEFAULT_CULTURE,
    html: str = "",
    effective_at: datetime | None = None,
    expires_at: datetime | None = None,
    id: int | None = None,
) -> int:
    """Publish a document that customers are to accept, and give its id.

    Refuses: Invalid or Problems (file, document_type, culture, title, html, expires_at), Invalid (id).
    """
    kind = spelt(document_type, DISCLOSURES)
    problems = [] if kind else [("document_type", f"must be one of {', '.join(DISCLOSURES)}")]
    if file.content_type != PDF.content_type:
        problems.insert(0, ("file", f"is {file.content_type}, and must be {PDF.content_type}"))
    problems += _problems_of_texts(culture=culture, title=title, html=html)
    if effective_at is not None and expires_at is not None and expires_at <= effective_at:
        problems.append(("expires_at", "must be after the day from which it holds"))
    refuse(problems)
    document_id = _id(tx, id)
    tx.insert(
        BankDocument,
        id=document_id,
        kind=OF_BANK,
        document_type=kind,
        title=title,
        culture=culture,
        html=html,
        effective_at=effective_at,
        expires_at=expires_at,
        created_at=tx.now,
        updated_at=tx.now,
        **OF_OTHERS,
        **file._asdict(),
    )
    tx.note(
        "disclosure.published", "bank_document", document_id,
        after={"document_type": kind, "culture": culture, "title": title},
    )  # fmt: skip
    return document_id


def _problems_of_texts(**texts: str) -> Iterator[Problem]:
    for field, text in texts.items():
        problem = text_problem(text, LONGEST[field])
        if not problem and not text.strip() and field != "html":
            problem = "must not be empty"
        if problem:
            yield field, problem


def withdraw_disclosure(tx: Tx, document_id: int) -> None:
    """Let a disclosure hold no longer; it stays where it can be looked up. Refuses: DocumentNotFound."""
    row = get_disclosure(tx, document_id)
    if row.expires_at is not None and row.expires_at <= tx.now:
        raise DocumentNotFound(document_id)
    tx.update(BankDocument, row.id, expires_at=tx.now, updated_at=tx.now)
    tx.note(
        "disclosure.withdrawn", "bank_document", row.id,
        before={"expires_at": row.expires_at and row.expires_at.isoformat()},
        after={"expires_at": tx.now.isoformat()},
    )  # fmt: skip


def _id(tx: Tx, wanted: int | None) -> int:
    if wanted is None:
        return tx.ids.next("bank_document")
    if wanted <= 0 or tx.value(ID_TAKEN, document_id=wanted) is not None:
        raise Invalid("id", "is taken or not above zero")
    tx.ids.reach("bank_document", wanted)
    return wanted
