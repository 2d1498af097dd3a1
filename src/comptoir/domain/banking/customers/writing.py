"""How a customer is written: what follows from what is said, and the rows that hang on a customer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, update

from comptoir.domain.banking.customers.cleaning import compared_tax_id
from comptoir.domain.banking.customers.models import (
    ENDED_STATUSES,
    BankAddress,
    BankCustomer,
    BankPhone,
)
from comptoir.domain.banking.customers.persons import DETAIL_FIELDS, SEALED_FIELDS, Address, Phone
from comptoir.domain.tx import Tx

# The numbers of papers, and where they are found by.
DIGEST_OF: Mapping[str, str] = {
    "tax_id": "tax_id_digest", "passport_number": "passport_digest", "license_number": "license_digest",
}  # fmt: skip

_ADDRESS_OF = (
    BankAddress.customer_id == bindparam("of_customer"),
    BankAddress.address_type == bindparam("of_type"),
)
SET_ADDRESS = (
    update(BankAddress)
    .where(*_ADDRESS_OF)
    .values({name: bindparam(name) for name in Address.__annotations__ if name != "address_type"})
)
SET_PHONE = (
    update(BankPhone)
    .where(BankPhone.customer_id == bindparam("of_customer"), BankPhone.phone_type == bindparam("of_type"))
    .values(number=bindparam("number"), is_active=bindparam("is_active"))
)


def change_row(tx: Tx, customer_id: int, **values: Any) -> None:
    """Change columns of the bank's record of a customer, and the time of its last change."""
    tx.update(BankCustomer, customer_id, **values, updated_at=tx.now)


def held(tx: Tx, value: str | None, status: str) -> str | None:
    """What nobody else may have, of a tag or a tax id: nothing in a sandbox, and nothing of who left."""
    return None if not value or tx.shop.is_sandbox or status in ENDED_STATUSES else value


def details_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of some customers only, as it is kept; what is empty is not."""
    said = {name: person[name] for name in DETAIL_FIELDS if person.get(name) not in {None, ""}}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def bank_part(
    tx: Tx, changed: Mapping[str, Any], *, status: str, details: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of the bank's own record that change, with those that follow from them."""
    part: dict[str, Any] = {name: changed[name] for name in changed if name in BankCustomer.__table__.columns}
    part |= {name: part[name] or None for name in (*SEALED_FIELDS, "tag") if name in part}
    part |= {digest: part[name] for name, digest in DIGEST_OF.items() if name in part}
    if "tag" in part:
        part["tag_key"] = held(tx, part["tag"], status)
    if "tax_id" in part:
        part["tax_id_digest"] = compared_tax_id(part["tax_id"] or "") or None
        part["tax_id_key"] = held(tx, part["tax_id_digest"], status)
    if part.get("is_documents_accepted"):
        part["documents_accepted_at"] = tx.now
    said = {name: changed[name] for name in changed if name in DETAIL_FIELDS}
    if said:
        part["details"] = {name: each for name, each in details.items() if name not in said} | details_of(
            said
        )
    return part


def write_addresses(tx: Tx, customer_id: int, addresses: Sequence[Address]) -> None:
    """Write a customer's further addresses."""
    if addresses:
        first = tx.ids.next("bank_address", len(addresses))
        rows = [
            {"id": first + place, "customer_id": customer_id, **one} for place, one in enumerate(addresses)
        ]
        tx.insert_many(BankAddress, rows)


def write_phones(tx: Tx, customer_id: int, phones: Sequence[Phone]) -> None:
    """Write a customer's further telephones."""
    if phones:
        first = tx.ids.next("bank_phone", len(phones))
        rows = [{"id": first + place, "customer_id": customer_id, **one} for place, one in enumerate(phones)]
        tx.insert_many(BankPhone, rows)


def replace_addresses(tx: Tx, customer_id: int, addresses: Sequence[Address]) -> None:
    """Write addresses in the place of those of their types."""
    new = []
    for one in addresses:
        kept = {name: value for name, value in one.items() if name != "address_type"}
        if not tx.run(SET_ADDRESS, of_customer=customer_id, of_type=one["address_type"], **kept):
            new.append(one)
    write_addresses(tx, customer_id, new)


def replace_phones(tx: Tx, customer_id: int, phones: Sequence[Phone]) -> None:
    """Write telephones in the place of those of their types."""
    new = []
    for one in phones:
        kept = {"number": one["number"], "is_active": one["is_active"]}
        if not tx.run(SET_PHONE, of_customer=customer_id, of_type=one["phone_type"], **kept):
            new.append(one)
    write_phones(tx, customer_id, new)
