"""What is said of a customer in a body, by the domain's names (reference 3.3.1)."""

from collections.abc import Mapping
from typing import Any, cast

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    COUNT,
    FLAG,
    TAG,
    TEXT,
    Taken,
    a_list,
    an_object,
    given,
    text,
)
from comptoir.domain.banking.customers.persons import Address, Person, Phone

# What a name on a card may be too long for is judged, not cut off; so are codes, which would be others then.
UNCUT = 200
CUSTOM_MAX = 100
LINE_MAX = 100

# Each name of the wire: the domain's, and how much of the text is kept.
TEXTS: Mapping[str, tuple[str, int]] = {
    "firstName": ("first_name", 64),
    "middleName": ("middle_name", 64),
    "lastName": ("last_name", 128),
    "suffix": ("suffix", 20),
    "gender": ("gender", 64),
    "culture": ("culture", 64),
    "emailAddress": ("email", 255),
    "taxId": ("tax_id", UNCUT),
    "driversLicenseNumber": ("license_number", 30),
    "driversLicenseState": ("license_state", UNCUT),
    "passportNumber": ("passport_number", 30),
    "passportCountry": ("passport_country", 5),
    "foreignDocumentNumber": ("foreign_number", 30),
    "foreignDocumentType": ("foreign_type", 64),
    "foreignDocumentCountryCode": ("foreign_country", 3),
    "preferredName": ("preferred_name", UNCUT),
    "customField1": ("custom1", CUSTOM_MAX),
    "customField2": ("custom2", CUSTOM_MAX),
    "customField3": ("custom3", CUSTOM_MAX),
    "customField4": ("custom4", CUSTOM_MAX),
    "customField5": ("custom5", CUSTOM_MAX),
}
DAYS: Mapping[str, str] = {
    "birthDate": "birth_date",
    "driversLicenseIssueDate": "license_issued_on",
    "driversLicenseExpireDate": "license_expires_on",
    "passportIssueDate": "passport_issued_on",
    "passportExpireDate": "passport_expires_on",
    "foreignDocumentExpirationDate": "foreign_expires_on",
}
FLAGS: Mapping[str, str] = {
    "isDocumentsAccepted": "is_documents_accepted",
    "isOptedInToBankCommunication": "is_opted_in",
    "isSubjectToBackupWithholding": "is_backup_withholding",
    "usePreferredNameOnCard": "is_preferred_on_card",
}
# What only businesses say.
BUSINESS_TEXTS: Mapping[str, tuple[str, int]] = {
    "attesterName": ("attester_name", 50),
    "attesterTitle": ("attester_title", 50),
    "businessDescription": ("business_description", 200),
    "businessLegalName": ("business_legal_name", 300),
    "businessNameOnCard": ("business_name_on_card", UNCUT),
    "businessWebsite": ("business_website", 100),
    "doingBusinessAs": ("doing_business_as", 300),
    "exemptFromBeneficialOwnershipReasonType": ("exempt_reason", 64),
    "formationState": ("formation_state", UNCUT),
    "legalEntityType": ("legal_entity_type", 64),
    "taxIdType": ("tax_id_type", 64),
}
BUSINESS_DAYS: Mapping[str, str] = {"attestationDate": "attested_on", "formationDate": "formed_on"}
BUSINESS_FLAGS: Mapping[str, str] = {"isExemptFromBeneficialOwnership": "is_exempt_from_ownership"}
ADDRESS_TEXTS: Mapping[str, tuple[str, int]] = {
    "addressType": ("address_type", 64),
    "addressLine1": ("line1", LINE_MAX),
    "addressLine2": ("line2", LINE_MAX),
    "addressLine3": ("line3", LINE_MAX),
    "addressLine4": ("line4", LINE_MAX),
    "city": ("city", 50),
    "state": ("state", UNCUT),
    "postalCode": ("postal_code", UNCUT),
    "country": ("country", UNCUT),
}

ASKED_ADDRESS = an_object(
    {**{name: text(most) for name, (_, most) in ADDRESS_TEXTS.items()}, "isActive": FLAG},
    always=("addressType", "addressLine1", "city", "state", "postalCode", "country"),
)
ASKED_PHONE = an_object(
    {"isActive": FLAG, "number": text(20), "phoneType": TEXT}, always=("number", "phoneType")
)
PERSON: tuple[Taken, ...] = (
    given("tag", TAG, "Your own id of the customer."),
    *(given(name, text(most)) for name, (_, most) in TEXTS.items()),
    *(given(name, ASKED_DAY) for name in DAYS),
    *(given(name, FLAG) for name in FLAGS),
    given("addresses", a_list(ASKED_ADDRESS), "One for each type."),
    given("phones", a_list(ASKED_PHONE), "One for each type."),
)
BUSINESS: tuple[Taken, ...] = (
    *(given(name, text(most)) for name, (_, most) in BUSINESS_TEXTS.items()),
    *(given(name, ASKED_DAY) for name in BUSINESS_DAYS),
    *(given(name, FLAG) for name in BUSINESS_FLAGS),
    given("industryClassificationCodeId", COUNT, "What the business trades in."),
)


def person_asked(asked: Asked) -> Person:
    """All that is said of a customer; what is null or missing is not said."""
    said: dict[str, Any] = {
        name: asked.text(wire, most=most) for wire, (name, most) in {**TEXTS, **BUSINESS_TEXTS}.items()
    }
    said |= {name: asked.day(wire) for wire, name in {**DAYS, **BUSINESS_DAYS}.items()}
    said |= {name: asked.flag(wire) for wire, name in {**FLAGS, **BUSINESS_FLAGS}.items()}
    said["tag"] = asked.tag()
    said["industry_code"] = asked.whole("industryClassificationCodeId", least=0)
    # Some clients send empty lists with everything (reference 8.2), which say nothing.
    said["addresses"] = [address_asked(one) for one in asked.children("addresses")] or None
    said["phones"] = [_phone(one) for one in asked.children("phones")] or None
    return cast("Person", {name: value for name, value in said.items() if value is not None})


def address_asked(asked: Asked) -> Address:
    """An address; what is not said of it is empty."""
    said: dict[str, Any] = {
        name: asked.text(wire, most=most) or "" for wire, (name, most) in ADDRESS_TEXTS.items()
    }
    return cast("Address", said | {"is_active": _is_active(asked)})


def _phone(asked: Asked) -> Phone:
    return Phone(
        phone_type=asked.text("phoneType", most=64) or "",
        number=asked.text("number", most=40) or "",
        is_active=_is_active(asked),
    )


def _is_active(asked: Asked) -> bool:
    said = asked.flag("isActive")
    return True if said is None else said
