"""Who is to have a customer's money one day."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypedDict, cast

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.cleaning import is_state, is_tax_id, tax_id_of
from comptoir.domain.banking.customers.errors import BeneficiaryNotFound, BeneficiaryTagTaken
from comptoir.domain.banking.customers.judging import REQUIRED
from comptoir.domain.banking.customers.models import CustomerBeneficiary
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.texts import Problem, email_problem, refuse, text_problems
from comptoir.domain.tx import Tx


class Beneficiary(TypedDict, total=False):
    """What may be said of a beneficiary. A text that is empty takes away what was said."""

    tag: str | None
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date | None
    tax_id: str
    legal_name1: str
    legal_name2: str
    distribution: str
    line1: str
    line2: str
    line3: str
    line4: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    email: str
    is_documents_accepted: bool
    documents_accepted_at: datetime | None


class BeneficiaryRow(NamedTuple):
    """A beneficiary."""

    id: int
    customer_id: int
    tag: str | None
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date | None
    tax_id: str | None
    legal_name1: str
    legal_name2: str
    distribution: str
    line1: str
    line2: str
    line3: str
    line4: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    email: str
    is_active: bool
    is_documents_accepted: bool
    documents_accepted_at: datetime | None
    created_at: datetime
    updated_at: datetime


_NO_DIGITS = re.compile(r"\D+", re.ASCII)
TEXTS = tuple(name for name, kind in Beneficiary.__annotations__.items() if kind is str and name != "tax_id")
NEEDED = ("first_name", "last_name")

BENEFICIARIES = (
    select(*(getattr(CustomerBeneficiary, name) for name in BeneficiaryRow._fields))
    .where(CustomerBeneficiary.customer_id == bindparam("customer_id"))
    .order_by(CustomerBeneficiary.id)
)
GET_BENEFICIARY = BENEFICIARIES.where(CustomerBeneficiary.id == bindparam("id"))
LOCK_BENEFICIARY = {
    "sqlite": GET_BENEFICIARY,
    "postgres": GET_BENEFICIARY.with_for_update(key_share=True),
}
BY_TAG = BENEFICIARIES.where(CustomerBeneficiary.tag == bindparam("tag"))
TAG_HELD = select(CustomerBeneficiary.id).where(CustomerBeneficiary.tag == bindparam("tag"))


def create_beneficiary(tx: Tx, *, customer_id: int, beneficiary: Beneficiary) -> int:
    """Write down who is to have a customer's money one day, and give the id.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified, Problems,
    BeneficiaryTagTaken.
    """
    require_customer(tx, customer_id)
    said = _cleaned(beneficiary)
    refuse(_problems(tx, {**dict.fromkeys(NEEDED, ""), **said}))
    _refuse_taken(tx, said.get("tag"), None)
    row: dict[str, Any] = {
        **dict.fromkeys(TEXTS, ""), "tag": None, "birth_date": None, "tax_id": None, "is_documents_accepted": False,
        "documents_accepted_at": None, **said,
    }  # fmt: skip
    beneficiary_id = tx.ids.next("customer_beneficiary")
    tx.insert(
        CustomerBeneficiary, **row, id=beneficiary_id, customer_id=customer_id, is_active=True, created_at=tx.now,
        updated_at=tx.now,
    )  # fmt: skip
    tx.note(
        "beneficiary.created",
        "beneficiary",
        beneficiary_id,
        after={"customer_id": customer_id, "tag": row["tag"]},
    )
    return beneficiary_id


def update_beneficiary(tx: Tx, *, customer_id: int, beneficiary_id: int, beneficiary: Beneficiary) -> None:
    """Change what is said of a beneficiary.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    BeneficiaryNotFound (one that is not active is none), Problems, BeneficiaryTagTaken.
    """
    require_customer(tx, customer_id)
    known = _taken(tx, customer_id, beneficiary_id)
    said = _cleaned(beneficiary)
    refuse(_problems(tx, {"legal_name1": known.legal_name1, "legal_name2": known.legal_name2, **said}))
    if "tag" in said:
        _refuse_taken(tx, said["tag"], beneficiary_id)
    tx.update(CustomerBeneficiary, beneficiary_id, **said, updated_at=tx.now)
    tx.note("beneficiary.updated", "beneficiary", beneficiary_id, after={"changed": sorted(said)})


def deactivate_beneficiary(tx: Tx, *, customer_id: int, beneficiary_id: int) -> None:
    """Let a beneficiary be one no more.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    BeneficiaryNotFound (one that is not active is none).
    """
    require_customer(tx, customer_id)
    _taken(tx, customer_id, beneficiary_id)
    tx.update(CustomerBeneficiary, beneficiary_id, is_active=False, updated_at=tx.now)
    tx.note("beneficiary.deactivated", "beneficiary", beneficiary_id, before={"is_active": True})


def get_beneficiary(tx: Tx, *, customer_id: int, beneficiary_id: int) -> BeneficiaryRow:
    """A beneficiary of a customer, active or not. Refuses: CustomerNotFound, BeneficiaryNotFound."""
    get_customer(tx, customer_id)
    row = tx.one(GET_BENEFICIARY, customer_id=customer_id, id=beneficiary_id)
    if row is None:
        raise BeneficiaryNotFound(beneficiary_id)
    return BeneficiaryRow(*row)


def find_beneficiary_by_tag(tx: Tx, customer_id: int, tag: str) -> BeneficiaryRow | None:
    """The customer's beneficiary with this tag, active or not."""
    row = tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else BeneficiaryRow(*row)


def list_beneficiaries(tx: Tx, customer_id: int) -> list[BeneficiaryRow]:
    """All beneficiaries of a customer, active or not, the first first. Refuses: CustomerNotFound."""
    get_customer(tx, customer_id)
    return [BeneficiaryRow(*row) for row in tx.all(BENEFICIARIES, customer_id=customer_id)]


def _taken(tx: Tx, customer_id: int, beneficiary_id: int) -> BeneficiaryRow:
    row = tx.one(LOCK_BENEFICIARY[tx.engine], customer_id=customer_id, id=beneficiary_id)
    found = None if row is None else BeneficiaryRow(*row)
    if found is None or not found.is_active:
        raise BeneficiaryNotFound(beneficiary_id)
    return found


def _cleaned(beneficiary: Beneficiary) -> Beneficiary:
    said: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) and name != "tag" else value
        for name, value in beneficiary.items()
    }
    if "tax_id" in said:
        said["tax_id"] = tax_id_of(said["tax_id"] or "") or None
    for name in ("phone", "postal_code"):
        if name in said:
            said[name] = _NO_DIGITS.sub("", said[name])
    for name in ("state", "country"):
        if name in said:
            said[name] = said[name].upper()
    return cast("Beneficiary", said)


def _problems(tx: Tx, said: Mapping[str, Any]) -> list[Problem]:
    return [*text_problems(said, short=[*TEXTS, "tag"]), *_problems_of(said, _today(tx))]


def _problems_of(said: Mapping[str, Any], today: date) -> Iterator[Problem]:
    for name in NEEDED:
        if name in said and not said[name]:
            yield name, REQUIRED
    born, tax_id = said.get("birth_date"), said.get("tax_id")
    if tax_id is not None and not is_tax_id(tax_id):
        yield "tax_id", "must be 2 to 30 letters and digits"
    if said.get("state") and not is_state(said["state"]):
        yield "state", "must be two letters"
    if born is not None and born >= today:
        yield "birth_date", "must be in the past"
    if said.get("legal_name2") and not said.get("legal_name1"):
        yield "legal_name2", "needs a legalName1"
    if said.get("email") and (problem := email_problem(said["email"])):
        yield "email", problem


def _today(tx: Tx) -> date:
    return tx.now.astimezone(get_program(tx).zone).date()


def _refuse_taken(tx: Tx, tag: str | None, own_id: int | None) -> None:
    holder = None if not tag else tx.value(TAG_HELD, tag=tag)
    if holder is not None and holder != own_id:
        raise BeneficiaryTagTaken
