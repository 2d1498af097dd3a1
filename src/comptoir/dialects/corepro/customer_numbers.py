"""The numbers of what cannot be taken of a customer, by the domain's name of the field (reference 3.2 and 3.3.7)."""

from comptoir.dialects.corepro.refusals import Fields, Refusal

_CARDS: Fields = {
    "business_name_length": Refusal(60006, "businessNameOnCard is longer than 26 characters."),
    "business_name_on_card": 60007,
    "preferred_name_length": Refusal(60263, "preferredName is longer than 21 characters."),
    "preferred_name": 60264,
    "preferred_names": Refusal(60265, "preferredName is not enabled for this program."),
    "is_preferred_on_card": Refusal(60266, "preferredName is required when usePreferredNameOnCard is true."),
}
_FOREIGN: Fields = {
    "foreign_type": Refusal(60352, "foreignDocumentType is invalid."),
    "foreign_documents": Refusal(60353, "Foreign documents are not allowed."),
    "foreign_number": Refusal(60354, "foreignDocumentNumber is required with a foreignDocumentType."),
    "foreign_country": Refusal(60355, "foreignDocumentCountryCode needs a foreignDocumentNumber."),
    "foreign_expires_on": Refusal(60356, "foreignDocumentExpirationDate needs a foreignDocumentNumber."),
}
_BUSINESS: Fields = {
    "tax_id_type_word": Refusal(60261, "taxIdType is invalid."),
    "legal_entity_type_word": Refusal(60269, "legalEntityType is invalid."),
    "exempt_reason_word": Refusal(196010, "exemptFromBeneficialOwnershipReasonType is invalid."),
    "formation_state": Refusal(60274, "formationState is longer than 2 letters."),
}
_BOTH: Fields = {
    **_CARDS,
    **_FOREIGN,
    **_BUSINESS,
    "first_name": 60201,
    "last_name": 60202,
    "culture": 60207,
    "culture_word": Refusal(60207, "culture must be en-US or es-US."),
    "tax_id": 60209,
    "tax_id_form": Refusal(59956, "taxId must be 2 to 30 letters and digits."),
    "industry_code": Refusal(60305, "industryClassificationCodeId is invalid."),
    "address_lines": Refusal(66908, "Address lines are longer than 76 characters in all."),
    "address_count": Refusal(60350, "Too many addresses."),
    "phone_count": Refusal(60351, "Too many phones."),
}
# 60223 is our own number (reference 9, #5).
CREATING: Fields = {
    **_BOTH,
    "birth_date": 60203,
    "birth_date_range": Refusal(60204, "birthDate must be after 01/01/1900 and in the past."),
    "gender": 60205,
    "gender_word": Refusal(60206, "gender must be M, F or U."),
    "is_backup_withholding": Refusal(60210, "isSubjectToBackupWithholding is required."),
    "is_opted_in": Refusal(60211, "isOptedInToBankCommunication is required."),
    "is_documents_accepted": Refusal(60212, "isDocumentsAccepted must be true."),
    "addresses": Refusal(60214, "Residence address is required."),
    "home": Refusal(60111, "Residence address is missing."),
    "home_postal_code": Refusal(60112, "Residence postalCode is missing."),
    "address_type": 60215,
    "address_line1": 60216,
    "address_box": Refusal(60217, "Residence address is a PO box."),
    "city": 60218,
    "state": 60219,
    "license_state": Refusal(60219, "driversLicenseState must be two letters."),
    "postal_code": 60220,
    "country": 60221,
    "phone_type": 60222,
    "phone_number": Refusal(60223, "Phone number is required."),
}
UPDATING: Fields = {
    **_BOTH,
    "birth_date_range": Refusal(60301, "birthDate must be after 01/01/1900 and in the past."),
    "gender": 60302,
    "gender_word": Refusal(60302, "gender must be M, F or U."),
    "email": Refusal(60304, "emailAddress is invalid."),
    "frozen_names": Refusal(60306, "Names cannot be updated."),
    "frozen_email": Refusal(60307, "emailAddress cannot be updated."),
    "frozen_residence": Refusal(60308, "Addresses cannot be updated."),
    "frozen_identity": Refusal(60450, "What identity was verified by cannot be updated."),
    "phone_type": 66801,
    "phone_number": Refusal(66802, "Phone number is required."),
    "address_type": 66901,
    "address_line1": 66902,
    "city": 66903,
    "state": 66904,
    "license_state": Refusal(66904, "driversLicenseState must be two letters."),
    "postal_code": 66905,
    "country": 66906,
    "address_box": Refusal(66907, "Residence address is a PO box."),
}
BUSINESS_NUMBERS: Fields = {
    **UPDATING,
    "business_legal_name": Refusal(60262, "businessLegalName is required."),
    "legal_entity_type": Refusal(60268, "legalEntityType is required."),
    "address_PrimaryBusiness": Refusal(60272, "PrimaryBusiness address is required."),
    "address_Registered": Refusal(60273, "Registered address is required."),
    "tax_id_type": Refusal(60275, "taxIdType is required."),
}
