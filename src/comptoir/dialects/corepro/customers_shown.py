"""A customer as it is shown: numbers of papers and taxes masked unless the program shows them (3.3.1, 4.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.dialects.corepro import customer_lists
from comptoir.dialects.corepro.replies import day, masked, moment
from comptoir.dialects.corepro.shapes import (
    COUNT,
    DAY,
    FLAG,
    ID,
    MOMENT,
    TAG,
    TEXT,
    Schema,
    a_list,
    an_object,
    one_of,
    text,
)
from comptoir.domain.banking.customers.cleaning import (
    BUSINESS_ADDRESSES,
    CULTURES,
    EXEMPT_REASONS,
    FOREIGN_TYPES,
    GENDERS,
    LEGAL_ENTITY_TYPES,
    PERSONAL_ADDRESSES,
    PHONE_TYPES,
    TAX_ID_TYPES,
)
from comptoir.domain.banking.customers.models import (
    CUSTOMER_ACCESS_TYPES,
    CUSTOMER_STATUSES,
    DENIED,
    MANUAL_REVIEW,
    VERIFIED,
)
from comptoir.domain.banking.customers.persons import Address, PersonFacts, Phone, list_addresses, list_phones
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

CUSTOM_FIELDS = ("customField1", "customField2", "customField3", "customField4", "customField5")
LINES = ("addressLine1", "addressLine2", "addressLine3", "addressLine4")
ACTIVE = "Active"
SCREENED = (VERIFIED, DENIED, MANUAL_REVIEW)

ADDRESS: Schema = an_object(
    {
        **dict.fromkeys(LINES, TEXT), "addressType": one_of((*PERSONAL_ADDRESSES, *BUSINESS_ADDRESSES)),
        "city": TEXT, "country": TEXT, "isActive": FLAG, "postalCode": TEXT, "state": TEXT,
    },
    always=("addressType", "isActive"),
)  # fmt: skip
PHONE: Schema = an_object(
    {"isActive": FLAG, "number": TEXT, "phoneType": one_of(PHONE_TYPES)},
    always=("isActive", "number", "phoneType"),
)
_ALWAYS: dict[str, Schema] = {
    "accessTypeCode": one_of(CUSTOMER_ACCESS_TYPES),
    "accounts": a_list(customer_lists.ACCOUNT),
    "addresses": a_list(ADDRESS),
    "createdDate": MOMENT,
    "culture": one_of(CULTURES),
    "customerId": ID,
    "dormancyStatus": one_of((ACTIVE,)),
    "externalAccounts": a_list(customer_lists.EXTERNAL_ACCOUNT),
    "isActive": FLAG,
    "isBusiness": FLAG,
    "isDocumentsAccepted": FLAG,
    "isLocked": FLAG,
    "isOptedInToBankCommunication": FLAG,
    "isSubjectToBackupWithholding": FLAG,
    "lastModifiedDate": MOMENT,
    "phones": a_list(PHONE),
    "status": one_of(CUSTOMER_STATUSES),
}
_SOMETIMES: dict[str, Schema] = {
    **dict.fromkeys(CUSTOM_FIELDS, TEXT),
    "attestationDate": DAY,
    "attesterName": TEXT,
    "attesterTitle": TEXT,
    "birthDate": DAY,
    "businessDescription": TEXT,
    "businessLegalName": TEXT,
    "businessNameOnCard": TEXT,
    "businessWebsite": TEXT,
    "cards": a_list(customer_lists.CARD),
    "deceasedDate": MOMENT,
    "documentsAcceptedDate": MOMENT,
    "doingBusinessAs": TEXT,
    "driversLicenseExpireDate": DAY,
    "driversLicenseIssueDate": DAY,
    "driversLicenseNumber": TEXT,
    "driversLicenseNumberMasked": TEXT,
    "driversLicenseState": TEXT,
    "emailAddress": TEXT,
    "exemptFromBeneficialOwnershipReasonType": one_of(EXEMPT_REASONS),
    "expiredDate": MOMENT,
    "firstName": TEXT,
    "foreignDocumentCountryCode": TEXT,
    "foreignDocumentExpirationDate": DAY,
    "foreignDocumentNumber": TEXT,
    "foreignDocumentNumberMasked": TEXT,
    "foreignDocumentType": one_of(FOREIGN_TYPES),
    "formationDate": DAY,
    "formationState": TEXT,
    "gender": one_of(GENDERS),
    "industryClassificationCodeId": COUNT,
    "isExemptFromBeneficialOwnership": FLAG,
    "kybDate": MOMENT,
    "kybStatus": one_of(SCREENED),
    "kycDate": MOMENT,
    "kycStatus": one_of(SCREENED),
    "lastActivityDate": MOMENT,
    "lastContactDate": MOMENT,
    "lastContactType": TEXT,
    "lastName": TEXT,
    "legalEntityType": one_of(LEGAL_ENTITY_TYPES),
    "lockedDate": MOMENT,
    "lockedReason": TEXT,
    "manualReviewDate": MOMENT,
    "middleName": TEXT,
    "ofacStatus": one_of(SCREENED),
    "passportCountry": TEXT,
    "passportExpireDate": DAY,
    "passportIssueDate": DAY,
    "passportNumber": TEXT,
    "passportNumberMasked": TEXT,
    "preferredName": TEXT,
    "suffix": TEXT,
    "tag": TAG,
    "taxId": TEXT,
    "taxIdMasked": text(10),
    "taxIdType": one_of(TAX_ID_TYPES),
    "usePreferredNameOnCard": FLAG,
}
CUSTOMER: Schema = an_object(_ALWAYS | _SOMETIMES, always=_ALWAYS)
# What is looked up for one customer alone.
_LOOKED_UP = frozenset({"cards", "lastActivityDate"})
CUSTOMER_FOUND: Schema = an_object(
    {name: shape for name, shape in (_ALWAYS | _SOMETIMES).items() if name not in _LOOKED_UP}
    | {"customerCount": COUNT},
    always=(*_ALWAYS, "customerCount"),
)


def whole(tx: Tx, program: ProgramFacts, person: PersonFacts, *, is_carded: bool = True) -> Mapping[str, Any]:
    """A customer with all that is theirs; with cards only where the client can read them (reference 8.2)."""
    customer_id = person.customer_id
    accounts = customer_lists.accounts(tx, program, customer_id)
    moved = (one["balanceLastModifiedDate"] for one in accounts)
    return {
        **_alone(program, person),
        "accounts": accounts,
        "addresses": [of_address(one) for one in list_addresses(tx, customer_id)],
        "cards": (customer_lists.cards(tx, customer_id) or None) if is_carded else None,
        "externalAccounts": customer_lists.external_accounts(tx, program, customer_id),
        # What money did is activity; what people say is modification.
        "lastActivityDate": max(moved, key=datetime.fromisoformat, default=None),
        "phones": [of_phone(one) for one in list_phones(tx, customer_id)],
    }


def found(program: ProgramFacts, people: Sequence[PersonFacts], total: int) -> list[Mapping[str, Any]]:
    """Customers in a list: what hangs on them is left out, and each says how many there are in all (1.10)."""
    nothing: dict[str, Any] = {"accounts": [], "addresses": [], "externalAccounts": [], "phones": []}
    return [{**_alone(program, one), **nothing, "customerCount": total} for one in people]


def of_address(address: Address) -> Mapping[str, Any]:
    """An address."""
    lines = (address["line1"], address["line2"], address["line3"], address["line4"])
    return {
        **{name: line or None for name, line in zip(LINES, lines, strict=True)},
        "addressType": address["address_type"],
        "city": address["city"] or None,
        "country": address["country"] or None,
        "isActive": address["is_active"],
        "postalCode": address["postal_code"] or None,
        "state": address["state"] or None,
    }


def of_phone(phone: Phone) -> Mapping[str, Any]:
    """A telephone."""
    return {"isActive": phone["is_active"], "number": phone["number"], "phoneType": phone["phone_type"]}


def _alone(program: ProgramFacts, person: PersonFacts) -> Mapping[str, Any]:
    zone = program.zone
    customs = (person.custom1, person.custom2, person.custom3, person.custom4, person.custom5)
    return {
        **_papers(person, is_clear=program.is_sensitive_info_visible),
        **_business(person),
        **_screened(program, person),
        **{name: value or None for name, value in zip(CUSTOM_FIELDS, customs, strict=True)},
        "accessTypeCode": person.access_type,
        "birthDate": day(person.birth_date),
        "createdDate": moment(person.created_at, zone),
        "culture": person.culture,
        "customerId": person.customer_id,
        "deceasedDate": moment(person.deceased_at, zone),
        "documentsAcceptedDate": moment(person.documents_accepted_at, zone),
        "dormancyStatus": ACTIVE,
        "emailAddress": person.email or None,
        "expiredDate": moment(person.expired_at, zone),
        "firstName": person.first_name or None,
        "gender": person.gender or None,
        "isActive": person.is_active,
        "isBusiness": person.is_business,
        "isDocumentsAccepted": person.is_documents_accepted,
        "isLocked": person.is_locked,
        "isOptedInToBankCommunication": person.is_opted_in,
        "isSubjectToBackupWithholding": person.is_backup_withholding,
        "lastContactDate": moment(person.last_contact_at, zone),
        "lastContactType": person.last_contact_type or None,
        "lastModifiedDate": moment(person.updated_at, zone),
        "lastName": person.last_name or None,
        "lockedDate": moment(person.locked_at, zone),
        "lockedReason": person.locked_reason or None,
        "manualReviewDate": moment(person.manual_review_at, zone),
        "middleName": person.middle_name or None,
        "preferredName": person.detail("preferred_name"),
        "status": person.status,
        "suffix": person.suffix or None,
        "tag": person.tag,
        "usePreferredNameOnCard": person.detail("is_preferred_on_card"),
    }


def _papers(person: PersonFacts, *, is_clear: bool) -> Mapping[str, Any]:
    def clear(number: str | None) -> str | None:
        return number if is_clear else None

    return {
        "driversLicenseExpireDate": day(person.license_expires_on),
        "driversLicenseIssueDate": day(person.license_issued_on),
        "driversLicenseNumber": clear(person.license_number),
        "driversLicenseNumberMasked": masked(person.license_number),
        "driversLicenseState": person.license_state or None,
        "foreignDocumentCountryCode": person.detail("foreign_country"),
        "foreignDocumentExpirationDate": day(person.detail_day("foreign_expires_on")),
        "foreignDocumentNumber": clear(person.foreign_number),
        "foreignDocumentNumberMasked": masked(person.foreign_number),
        "foreignDocumentType": person.detail("foreign_type"),
        "passportCountry": person.passport_country or None,
        "passportExpireDate": day(person.passport_expires_on),
        "passportIssueDate": day(person.passport_issued_on),
        "passportNumber": clear(person.passport_number),
        "passportNumberMasked": masked(person.passport_number),
        "taxId": clear(person.tax_id),
        "taxIdMasked": masked(person.tax_id),
        "taxIdType": person.detail("tax_id_type"),
    }


def _business(person: PersonFacts) -> Mapping[str, Any]:
    return {
        "attestationDate": day(person.detail_day("attested_on")),
        "attesterName": person.detail("attester_name"),
        "attesterTitle": person.detail("attester_title"),
        "businessDescription": person.detail("business_description"),
        "businessLegalName": person.detail("business_legal_name"),
        "businessNameOnCard": person.detail("business_name_on_card"),
        "businessWebsite": person.detail("business_website"),
        "doingBusinessAs": person.detail("doing_business_as"),
        "exemptFromBeneficialOwnershipReasonType": person.detail("exempt_reason"),
        "formationDate": day(person.detail_day("formed_on")),
        "formationState": person.detail("formation_state"),
        "industryClassificationCodeId": person.detail("industry_code"),
        "isExemptFromBeneficialOwnership": person.detail("is_exempt_from_ownership"),
        "legalEntityType": person.detail("legal_entity_type"),
    }


def _screened(program: ProgramFacts, person: PersonFacts) -> Mapping[str, Any]:
    """What a verifier found, where one was asked: of a business under one name, of people under another."""
    if person.screened is None:
        return {}
    status, at = person.screened
    if person.is_business:
        return {"kybDate": moment(at, program.zone), "kybStatus": status}
    return {"kycDate": moment(at, program.zone), "kycStatus": status, "ofacStatus": status}
