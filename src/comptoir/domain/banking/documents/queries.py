"""Finding documents."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select

from comptoir.domain.banking.documents.errors import DocumentNotFound
from comptoir.domain.banking.documents.models import (
    OF_BANK,
    OF_CUSTOMER,
    OF_EXTERNAL_ACCOUNT,
    BankDocument,
)
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.session import Session


class DocumentRow(NamedTuple):
    """A document without its content."""

    id: int
    kind: str
    customer_id: int | None
    external_account_id: int | None
    tag: str | None
    document_type: str
    reason_type: str
    name: str
    title: str
    culture: str
    html: str
    status: str
    digest: str
    content_type: str
    byte_size: int
    custom: list[str]
    effective_at: datetime | None
    expires_at: datetime | None
    keep_until: datetime | None
    created_at: datetime
    updated_at: datetime


DOCUMENTS = select(*(getattr(BankDocument, name) for name in DocumentRow._fields))
OF_PEOPLE = DOCUMENTS.where(
    BankDocument.customer_id == bindparam("customer_id"),
    or_(BankDocument.kind == OF_CUSTOMER, BankDocument.kind == OF_EXTERNAL_ACCOUNT),
)
GET = OF_PEOPLE.where(BankDocument.id == bindparam("document_id"))
TAKE: dict[str, Any] = {"sqlite": GET, "postgres": GET.with_for_update(key_share=True)}
LIST = DOCUMENTS.where(
    BankDocument.kind == OF_CUSTOMER, BankDocument.customer_id == bindparam("customer_id")
).order_by(BankDocument.id)
BY_TAG = DOCUMENTS.where(
    BankDocument.kind == OF_CUSTOMER,
    BankDocument.customer_id == bindparam("customer_id"),
    BankDocument.tag == bindparam("tag"),
)
TAG_TAKEN = select(BankDocument.id).where(
    BankDocument.kind == bindparam("kind"), BankDocument.tag == bindparam("tag")
)
GET_ANY = DOCUMENTS.where(BankDocument.id == bindparam("document_id"), BankDocument.kind != OF_BANK)
WITH_STATUS = (
    DOCUMENTS.where(BankDocument.kind != OF_BANK, BankDocument.status == bindparam("status"))
    .order_by(BankDocument.id)
    .limit(bindparam("limit"))
)
_DISCLOSURES = DOCUMENTS.where(BankDocument.kind == OF_BANK)
IN_FORCE = _DISCLOSURES.where(
    func.lower(BankDocument.culture) == bindparam("culture"),
    or_(BankDocument.effective_at.is_(None), BankDocument.effective_at <= bindparam("now", type_=Instant())),
    or_(BankDocument.expires_at.is_(None), BankDocument.expires_at > bindparam("now", type_=Instant())),
).order_by(func.lower(BankDocument.document_type), BankDocument.id)
ALL_DISCLOSURES = _DISCLOSURES.order_by(BankDocument.culture, BankDocument.document_type, BankDocument.id)
GET_DISCLOSURE = _DISCLOSURES.where(BankDocument.id == bindparam("document_id"))
DIGESTS = select(BankDocument.digest).where(BankDocument.digest != "")


def get_document(tx: Tx, customer_id: int, document_id: int) -> DocumentRow:
    """A document of a customer, or of one of the customer's external accounts. Refuses: DocumentNotFound."""
    return _found(tx.one(GET, customer_id=customer_id, document_id=document_id), document_id)


def take_document(tx: Tx, customer_id: int, document_id: int) -> DocumentRow:
    """The same for one that is to be changed: nobody else changes it meanwhile."""
    return _found(tx.one(TAKE[tx.engine], customer_id=customer_id, document_id=document_id), document_id)


def find_document_by_tag(tx: Tx, customer_id: int, tag: str) -> DocumentRow | None:
    """The customer's document with this tag."""
    row = tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else DocumentRow(*row)


def list_documents(tx: Tx, customer_id: int) -> list[DocumentRow]:
    """A customer's documents, in the order in which they came."""
    return [DocumentRow(*row) for row in tx.all(LIST, customer_id=customer_id)]


def ids_tagged(tx: Tx, tag: str) -> list[int]:
    """The documents of whichever customer, and of their external accounts, that have a tag."""
    kinds = (OF_CUSTOMER, OF_EXTERNAL_ACCOUNT)
    return [row[0] for kind in kinds for row in tx.all(TAG_TAKEN, kind=kind, tag=tag)]


def get_any_document(tx: Tx, document_id: int) -> DocumentRow:
    """A document of whichever customer. Refuses: DocumentNotFound."""
    return _found(tx.one(GET_ANY, document_id=document_id), document_id)


def list_documents_with(tx: Tx, *, status: str, limit: int) -> list[DocumentRow]:
    """The documents of all customers that have a status, the oldest first."""
    return [DocumentRow(*row) for row in tx.all(WITH_STATUS, status=status, limit=limit)]


def list_disclosures(tx: Tx, *, culture: str, document_type: str | None = None) -> list[DocumentRow]:
    """What customers of a culture have to accept now, by type."""
    rows = [DocumentRow(*row) for row in tx.all(IN_FORCE, culture=culture.lower(), now=tx.now)]
    wanted = None if document_type is None else document_type.lower()
    return [row for row in rows if wanted in {None, row.document_type.lower()}]


def list_all_disclosures(tx: Tx) -> list[DocumentRow]:
    """Every disclosure, those to come and those that are over too."""
    return [DocumentRow(*row) for row in tx.all(ALL_DISCLOSURES)]


def get_disclosure(tx: Tx, document_id: int, *, culture: str | None = None) -> DocumentRow:
    """One of the bank's disclosures, of this culture if one is named. Refuses: DocumentNotFound."""
    row = _found(tx.one(GET_DISCLOSURE, document_id=document_id), document_id)
    if culture is not None and row.culture.lower() != culture.lower():
        raise DocumentNotFound(document_id)
    return row


def document_digests(session: Session) -> set[str]:
    """The contents that some document points at."""
    return {row[0] for row in session.all(DIGESTS)}


def _found(row: Any, document_id: int) -> DocumentRow:
    if row is None:
        raise DocumentNotFound(document_id)
    return DocumentRow(*row)
