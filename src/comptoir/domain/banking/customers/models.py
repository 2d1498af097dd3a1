"""What the bank knows of a customer beside what the shop knows: the same customer, under the same id."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.columns import Digest, OrderKey, WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column, partial_index

INITIATED, MANUAL_REVIEW, VERIFIED, DENIED, EXPIRED, ARCHIVED, DECEASED = (
    "Initiated", "Manual Review", "Verified", "Denied", "Expired", "Archived", "Deceased",
)  # fmt: skip
CUSTOMER_STATUSES = (INITIATED, MANUAL_REVIEW, VERIFIED, DENIED, EXPIRED, ARCHIVED, DECEASED)
ENDED_STATUSES = frozenset({DENIED, EXPIRED, ARCHIVED, DECEASED})

FULL, ACCT, CARD, FDRY = "FULL", "ACCT", "CARD", "FDRY"
CUSTOMER_ACCESS_TYPES = (FULL, ACCT, CARD, FDRY)


class BankCustomer(Record):
    """A customer who banks here. Names, e-mail, birth date and free fields are those of `Customer`.

    Numbers by which a person can be known are sealed; their keyed digests serve searching. `details` holds
    what only businesses and later programs have, under the attribute's name.

    `name_key` is where the customer stands in a list by name, a business by its own.
    `tag_key` and `tax_id_key` hold what nobody else may have: in a sandbox, and of those who left, they are None.
    """

    __tablename__ = "bank_customer"
    __table_args__ = (
        Index("ix_bank_customer_name", "name_key", "customer_id"),
        partial_index(
            "ix_bank_customer_waits", "customer_id", where="status IN ('Initiated', 'Manual Review')"
        ),
    )

    customer_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("customer.id"), primary_key=True, autoincrement=False
    )
    name_key: Mapped[str] = mapped_column(OrderKey)
    tag: Mapped[str | None] = mapped_column(index=True)
    tag_key: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str]
    access_type: Mapped[str]
    is_business: Mapped[bool]
    is_active: Mapped[bool]
    middle_name: Mapped[str]
    suffix: Mapped[str]
    gender: Mapped[str]
    culture: Mapped[str]
    tax_id: Mapped[Sealed | None]
    tax_id_digest: Mapped[str | None] = mapped_column(Digest, index=True)
    tax_id_key: Mapped[str | None] = mapped_column(Digest, unique=True)
    passport_number: Mapped[Sealed | None]
    passport_digest: Mapped[str | None] = mapped_column(Digest, index=True)
    passport_country: Mapped[str]
    passport_issued_on: Mapped[date | None]
    passport_expires_on: Mapped[date | None]
    license_number: Mapped[Sealed | None]
    license_digest: Mapped[str | None] = mapped_column(Digest, index=True)
    license_state: Mapped[str]
    license_issued_on: Mapped[date | None]
    license_expires_on: Mapped[date | None]
    foreign_number: Mapped[Sealed | None]
    is_documents_accepted: Mapped[bool]
    documents_accepted_at: Mapped[datetime | None]
    is_backup_withholding: Mapped[bool]
    is_opted_in: Mapped[bool]
    is_locked: Mapped[bool]
    locked_at: Mapped[datetime | None]
    locked_reason: Mapped[str]
    verified_at: Mapped[datetime | None]
    manual_review_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    deceased_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    last_contact_type: Mapped[str]
    last_activity_at: Mapped[datetime | None]
    details: Mapped[JsonValue]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class BankAddress(Record):
    """One of a customer's addresses, one for each type."""

    __tablename__ = "bank_address"
    __table_args__ = (UniqueConstraint("customer_id", "address_type"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    address_type: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str]
    line3: Mapped[str]
    line4: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    is_active: Mapped[bool]


class BankPhone(Record):
    """One of a customer's telephones, one for each type; `number` is digits alone."""

    __tablename__ = "bank_phone"
    __table_args__ = (UniqueConstraint("customer_id", "phone_type"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    phone_type: Mapped[str]
    number: Mapped[str]
    is_active: Mapped[bool]


class CustomerVerification(Record):
    """Questions that were put to a customer to prove who they are. `key` is the wire's verificationId."""

    __tablename__ = "customer_verification"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    questions: Mapped[JsonValue]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CustomerNote(Record):
    """What somebody wrote down about a customer."""

    __tablename__ = "customer_note"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    text: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]


class DiligenceAnswer(Record):
    """A customer's answer to one question of due diligence."""

    __tablename__ = "diligence_answer"

    customer_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("bank_customer.customer_id"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(WholeNumber, primary_key=True)
    answer: Mapped[str]
    choices: Mapped[JsonValue]
    answered_at: Mapped[datetime]


class CustomerRelationship(Record):
    """What a person is to a business."""

    __tablename__ = "customer_relationship"
    __table_args__ = (
        Index("ix_customer_relationship_pair", "primary_id", "related_id"),
        Index("ix_customer_relationship_related", "related_id"),
    )

    id: Mapped[Id]
    primary_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    related_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    relationship_type: Mapped[str]
    can_open_accounts: Mapped[bool]
    is_primary_contact: Mapped[bool]
    is_control_person: Mapped[bool]
    is_beneficial_owner: Mapped[bool]
    ownership_percent_e2: Mapped[int | None]
    external_access_type: Mapped[str]
    is_active: Mapped[bool]
    tag: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CustomerReferral(Record):
    """Somebody whom a customer recommended the bank to.

    `referred_id` is a customer's, or a number of their sequence that is kept for who is none yet.
    """

    __tablename__ = "customer_referral"
    __table_args__ = (UniqueConstraint("tag"), UniqueConstraint("customer_id", "referred_id"))

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    referred_id: Mapped[int]
    tag: Mapped[str | None]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    custom: Mapped[JsonValue]
    created_at: Mapped[datetime]


class CustomerBeneficiary(Record):
    """Somebody who is to have a customer's money one day."""

    __tablename__ = "customer_beneficiary"
    __table_args__ = (UniqueConstraint("tag"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    tag: Mapped[str | None]
    first_name: Mapped[str]
    middle_name: Mapped[str]
    last_name: Mapped[str]
    suffix: Mapped[str]
    birth_date: Mapped[date | None]
    tax_id: Mapped[Sealed | None]
    legal_name1: Mapped[str]
    legal_name2: Mapped[str]
    distribution: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str]
    line3: Mapped[str]
    line4: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    is_active: Mapped[bool]
    is_documents_accepted: Mapped[bool]
    documents_accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
