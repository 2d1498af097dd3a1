"""Writing a customer down: the shop's customer and the bank's, under one id."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from comptoir.domain.banking.customers.cleaning import cleaned, compared_tax_id
from comptoir.domain.banking.customers.errors import (
    BusinessTaken,
    TagTaken,
    TaxIdTaken,
    TooManyRegistrations,
)
from comptoir.domain.banking.customers.models import (
    DENIED,
    ENDED_STATUSES,
    FULL,
    VERIFIED,
    BankCustomer,
    CustomerVerification,
)
from comptoir.domain.banking.customers.naming import name_key_of
from comptoir.domain.banking.customers.persons import SHOP_FIELDS, Person
from comptoir.domain.banking.customers.writing import (
    details_of,
    held,
    write_addresses,
    write_phones,
)
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.queries import find_customer_by_username
from comptoir.domain.names import free_slug
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Digest, Instant

DENIALS_MAX = 2
DENIALS_SINCE = timedelta(hours=48)
DEFAULT_CULTURE = "en-US"
PAPERS = ("passport_number", "license_number", "tax_id")
# Texts of the bank's own record that are empty until they are said.
TEXTS = ("middle_name", "suffix", "gender", "passport_country", "license_state")
DAYS = ("passport_issued_on", "passport_expires_on", "license_issued_on", "license_expires_on")

TAG_HELD = select(BankCustomer.customer_id).where(BankCustomer.tag_key == bindparam("tag"))
TAX_ID_HELD = select(BankCustomer.customer_id).where(
    BankCustomer.tax_id_key == bindparam("tax_id", type_=Digest())
)
DENIALS = (
    select(func.count())
    .select_from(CustomerVerification)
    .join(BankCustomer, BankCustomer.customer_id == CustomerVerification.customer_id)
    .where(
        BankCustomer.tax_id_digest == bindparam("tax_id", type_=Digest()),
        CustomerVerification.state == DENIED,
        CustomerVerification.ended_at > bindparam("since", type_=Instant()),
    )
)


def enter_customer(tx: Tx, person: Person, *, status: str, is_business: bool = False) -> int:
    """Write somebody down who was judged already, and give the id.

    Nobody is asked for anything here: whoever calls has looked at what is said. An e-mail address that is
    none is kept as it is written (reference 3.3.1).
    Refuses: TagTaken, TaxIdTaken or BusinessTaken, TooManyRegistrations (none of them in a sandbox).
    """
    person = cleaned(person, is_business=is_business)
    refuse_taken(tx, person.get("tag"), None)
    _refuse_tax_id(tx, person.get("tax_id") or "", is_business=is_business)
    customer_id = tx.ids.next("customer")
    register_customer(
        tx,
        is_email_judged=False,
        id=customer_id,
        username=_username(tx, person.get("email") or "", customer_id),
        company=person.get("business_legal_name") or "",
        **{name: person[name] for name in SHOP_FIELDS if name in person},  # type: ignore[literal-required]
    )
    tx.insert(BankCustomer, **_row(tx, person, customer_id, status, is_business=is_business))
    write_addresses(tx, customer_id, person.get("addresses", ()))
    write_phones(tx, customer_id, person.get("phones", ()))
    tx.note(
        "bank_customer.created", "bank_customer", customer_id,
        after={"status": status, "tag": person.get("tag"), "is_business": is_business},
    )  # fmt: skip
    return customer_id


def refuse_taken(tx: Tx, tag: str | None, own_id: int | None) -> None:
    """Refuses: TagTaken, when another customer has this tag; a sandbox does not mind."""
    if not tag or tx.shop.is_sandbox:
        return
    holder = tx.value(TAG_HELD, tag=tag)
    if holder is not None and holder != own_id:
        raise TagTaken


def refuse_tax_id(tx: Tx, tax_id: str, own_id: int | None, *, is_business: bool) -> None:
    """Refuses: TaxIdTaken or BusinessTaken, when another customer has it; a sandbox does not mind."""
    if not tax_id or tx.shop.is_sandbox:
        return
    holder = tx.value(TAX_ID_HELD, tax_id=compared_tax_id(tax_id))
    if holder is not None and holder != own_id:
        raise BusinessTaken if is_business else TaxIdTaken


def _refuse_tax_id(tx: Tx, tax_id: str, *, is_business: bool) -> None:
    refuse_tax_id(tx, tax_id, None, is_business=is_business)
    if not tax_id or tx.shop.is_sandbox:
        return
    if tx.value(DENIALS, tax_id=compared_tax_id(tax_id), since=tx.now - DENIALS_SINCE) >= DENIALS_MAX:
        raise TooManyRegistrations


def _username(tx: Tx, email: str, customer_id: int) -> str:
    if email and find_customer_by_username(tx, email) is None:
        return email
    return free_slug(f"customer-{customer_id}", lambda name: find_customer_by_username(tx, name) is not None)


def _row(tx: Tx, person: Person, customer_id: int, status: str, *, is_business: bool) -> dict[str, Any]:
    values: Mapping[str, Any] = person
    tag, tax_id = values.get("tag") or None, compared_tax_id(values.get("tax_id") or "") or None
    papers = {name: values.get(name) or None for name in PAPERS}
    is_accepted = bool(values.get("is_documents_accepted"))
    return {
        "customer_id": customer_id, "name_key": name_key_of(values, is_business=is_business), "status": status,
        "access_type": FULL, "is_business": is_business, "is_active": status not in ENDED_STATUSES,
        "tag": tag, "tag_key": held(tx, tag, status),
        **{name: values.get(name) or "" for name in TEXTS}, **{name: values.get(name) for name in DAYS}, **papers,
        "culture": values.get("culture") or DEFAULT_CULTURE,
        "tax_id_digest": tax_id, "tax_id_key": held(tx, tax_id, status),
        "passport_digest": papers["passport_number"], "license_digest": papers["license_number"],
        "foreign_number": values.get("foreign_number") or None,
        "is_documents_accepted": is_accepted, "documents_accepted_at": tx.now if is_accepted else None,
        "is_backup_withholding": bool(values.get("is_backup_withholding")),
        "is_opted_in": bool(values.get("is_opted_in")),
        "is_locked": False, "locked_at": None, "locked_reason": "",
        "verified_at": tx.now if status == VERIFIED else None, "manual_review_at": None,
        "expired_at": None, "deceased_at": None, "last_contact_at": None, "last_contact_type": "",
        "last_activity_at": None, "details": details_of(values), "created_at": tx.now, "updated_at": tx.now,
    }  # fmt: skip
