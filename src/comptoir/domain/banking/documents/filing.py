"""Filing documents of customers and of their external accounts, and deciding about them."""

from collections.abc import Sequence
from typing import Any

from comptoir.domain.banking.customers.errors import CustomerInactive, CustomerLocked
from comptoir.domain.banking.customers.models import ARCHIVED
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.documents.contents import StoredFile
from comptoir.domain.banking.documents.errors import (
    DocumentFaulty,
    Fault,
    StatusFinal,
    StatusSame,
    StatusUnknown,
)
from comptoir.domain.banking.documents.kinds import (
    CUSTOMER_DOCUMENTS,
    CUSTOMER_REASONS,
    DOCUMENT_STATUSES,
    EXTERNAL_DOCUMENTS,
    EXTERNAL_REASONS,
    IN_REVIEW,
    UNSPECIFIED,
    spelt,
)
from comptoir.domain.banking.documents.models import OF_CUSTOMER, OF_EXTERNAL_ACCOUNT, BankDocument
from comptoir.domain.banking.documents.queries import TAG_TAKEN, take_document
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.domain.tx import Tx

# The kinds of faults.
TYPE, REASON, TAG = "type", "reason", "tag"
CUSTOM_FIELDS = 5
# What only the bank's own documents have, and what is set once the customer has left.
OF_THE_BANK: dict[str, Any] = {
    "title": "", "culture": "", "html": "", "effective_at": None, "expires_at": None, "keep_until": None,
}  # fmt: skip


def file_document(
    tx: Tx,
    *,
    customer_id: int,
    document_type: str,
    file: StoredFile,
    external_account_id: int | None = None,
    name: str = "",
    reason_type: str = "",
    tag: str | None = None,
    custom: Sequence[str] = (),
) -> int:
    """File a document whose content is kept already, of a customer or of an external account; gives its id.

    Refuses: CustomerNotFound, CustomerInactive (archived), CustomerLocked, ExternalAccountNotFound,
    DocumentFaulty (type, reason, tag).
    """
    refuse_unfit(tx, customer_id, external_account_id)
    faults = faults_of(tx, external_account_id, document_type, reason_type, tag)
    if faults:
        raise DocumentFaulty(faults)
    types, reasons = _known(external_account_id)
    kind = OF_CUSTOMER if external_account_id is None else OF_EXTERNAL_ACCOUNT
    document_id = tx.ids.next("bank_document")
    tx.insert(
        BankDocument,
        id=document_id,
        kind=kind,
        customer_id=customer_id,
        external_account_id=external_account_id,
        tag=tag,
        document_type=spelt(document_type, types),
        reason_type=spelt(reason_type, reasons) or UNSPECIFIED,
        name=name,
        status=IN_REVIEW,
        custom=[*custom, *[""] * CUSTOM_FIELDS][:CUSTOM_FIELDS],
        created_at=tx.now,
        updated_at=tx.now,
        **OF_THE_BANK,
        **file._asdict(),
    )
    after: dict[str, Any] = {
        "customer_id": customer_id, "kind": kind, "document_type": document_type, "byte_size": file.byte_size,
    }  # fmt: skip
    tx.note("bank_document.filed", "bank_document", document_id, after=after)
    return document_id


def refuse_unfit(tx: Tx, customer_id: int, external_account_id: int | None) -> None:
    """Also whoever is denied or has died may still have papers to be filed.

    Refuses: CustomerNotFound, CustomerInactive (archived), CustomerLocked, ExternalAccountNotFound.
    """
    customer = get_customer(tx, customer_id)
    if customer.status == ARCHIVED:
        raise CustomerInactive(f"customer {customer_id} is inactive")
    if customer.is_locked:
        raise CustomerLocked(f"customer {customer_id} is locked")
    if external_account_id is not None:
        get_external_account(tx, external_account_id, customer_id=customer_id)


def faults_of(
    tx: Tx, external_account_id: int | None, document_type: str, reason_type: str, tag: str | None
) -> list[Fault]:
    """What is wrong with what is said of a document, in the order of its fields."""
    types, reasons = _known(external_account_id)
    kind = OF_CUSTOMER if external_account_id is None else OF_EXTERNAL_ACCOUNT
    faults = []
    if spelt(document_type, types) is None:
        faults.append(Fault(TYPE, "document_type", "is not valid"))
    if reason_type.strip() and spelt(reason_type, reasons) is None:
        faults.append(Fault(REASON, "reason_type", "is not valid"))
    if tag is not None and tx.one(TAG_TAKEN, kind=kind, tag=tag) is not None:
        faults.append(Fault(TAG, "tag", "is used by another document"))
    return faults


def decide_document(tx: Tx, *, customer_id: int, document_id: int, status: str) -> None:
    """Decide about a document that is in review.

    Refuses: CustomerNotFound, DocumentNotFound, StatusUnknown, StatusSame, StatusFinal.
    """
    get_customer(tx, customer_id)
    row = take_document(tx, customer_id, document_id)
    wanted = spelt(status, DOCUMENT_STATUSES)
    if wanted is None:
        raise StatusUnknown(status)
    if wanted == row.status:
        raise StatusSame(wanted)
    if row.status != IN_REVIEW:
        raise StatusFinal(row.status, wanted)
    tx.update(BankDocument, row.id, status=wanted, updated_at=tx.now)
    tx.note(
        "bank_document.decided", "bank_document", row.id,
        before={"status": row.status}, after={"status": wanted, "customer_id": customer_id},
    )  # fmt: skip


def _known(external_account_id: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if external_account_id is None:
        return CUSTOMER_DOCUMENTS, CUSTOMER_REASONS
    return EXTERNAL_DOCUMENTS, EXTERNAL_REASONS
