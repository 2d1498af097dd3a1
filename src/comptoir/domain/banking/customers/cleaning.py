"""What callers write of customers, brought into the form in which it is kept and compared (reference 2.6)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from comptoir.domain.banking.customers.persons import LIST_FIELDS, Address, Person, Phone

GENDERS = ("M", "F", "U")
CULTURES = ("en-US", "es-US")
HOME_ADDRESS, MAILING, PRIOR = "Residence", "Mailing", "Prior"
PRIMARY, REGISTERED, BUSINESS, TAX_FORMS = "PrimaryBusiness", "Registered", "Business", "TaxFormMailing"
PERSONAL_ADDRESSES = (HOME_ADDRESS, MAILING, PRIOR)
BUSINESS_ADDRESSES = (PRIMARY, REGISTERED, BUSINESS, TAX_FORMS)
PHONE_TYPES = ("Home", "Mobile", "Office")
FOREIGN_TYPES = (
    "DriversLicense", "ConsularIdCard", "Passport", "PermanentResidentCard", "EmploymentAuthorizationCard",
    "VoterRegistrationCard", "IdentificationCard",
)  # fmt: skip
TAX_ID_TYPES = ("SSN", "ITIN", "EIN")
LEGAL_ENTITY_TYPES = (
    "Individual", "SingleMemberLLC", "SCorporation", "CCorporation", "SoleProprietorship", "NonProfit",
    "Association", "Partnership", "LimitedLiabilityCompany", "LimitedLiabilityPartnership", "RevocableTrust",
    "IrrevocableTrust", "FinancialInstitutionOther", "Estate", "Trust", "Church", "Conservator", "Guardianship",
    "Government", "Cooperative", "BCorporation", "TottenTrustPOD", "LimitedPartnership", "GeneralPartnership",
    "GovernmentDepartment", "GovernmentAgency", "GovernmentAuthority",
    "GovernmentNonCommercialNonUSDepartmentOrAgency", "GovernmentOther", "RegulatedFinancialInstitution",
    "RegulatedBankLoanHoldingsCompany", "RegulatedSavingsAndLoanHoldingCompany",
    "ForeignFinancialInstitutionRegulatorKeepsUBOInfo",
)  # fmt: skip
EXEMPT_REASONS = (
    "UsStockExchangeTradedEntity", "CharityOrNonProfitEntity", "PublicAccountingFirmRegisteredUnderSection102",
    "UsStateRegulatedBank", "UsRegulatedInsuranceCompany", "UsRegulatedFinancialInstitution",
    "UsFederalGovernmentAgency", "UsStateGovernmentAgency", "UsLocalGovernmentAgency", "NonUsGovernmentAgency",
    "BankHoldingCompany", "SavingsAndLoanHoldingCompany", "FinancialMarketUtility",
    "NonUsEntityOpeningAPrivateBankingAccount", "ForeignFinancialInstitution", "ClassOfSecuritiesIssuer",
    "SecCurrentRegisteredFirm", "CommodityFuturesTradingCommissionRegisteredEntity",
    "ExcludedPooledInvestmentVehicle", "NonExludedPooledInvestmentVehicle", "UsStockExchangeMajorityEquityEntity",
)  # fmt: skip

# The words of each field; matched in any case, kept as they stand here.
WORDS: Mapping[str, tuple[str, ...]] = {
    "gender": GENDERS,
    "culture": CULTURES,
    "foreign_type": FOREIGN_TYPES,
    "tax_id_type": TAX_ID_TYPES,
    "legal_entity_type": LEGAL_ENTITY_TYPES,
    "exempt_reason": EXEMPT_REASONS,
}
UPPER = frozenset({"license_state", "passport_country", "foreign_country", "formation_state"})
# Numbers of papers are compared without blanks and signs between their characters.
NUMBERS = frozenset({"passport_number", "license_number", "foreign_number"})

_BETWEEN = re.compile(r"[\s.\-/]+")
_TAX_ID = re.compile(r"[A-Za-z0-9]{2,30}", re.ASCII)
_STATE = re.compile(r"[A-Z]{2}", re.ASCII)
_NO_DIGITS = re.compile(r"\D+", re.ASCII)


def cleaned(person: Person, *, is_business: bool = False) -> Person:
    """What is said of a customer in the form in which it is kept."""
    found: dict[str, Any] = {}
    for name, value in person.items():
        if name in LIST_FIELDS:
            continue
        found[name] = _cleaned(name, value)
    if "addresses" in person:
        found["addresses"] = [clean_address(one, is_business=is_business) for one in person["addresses"]]
    if "phones" in person:
        found["phones"] = [clean_phone(one) for one in person["phones"]]
    return cast("Person", found)


def _cleaned(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "tax_id":
        return tax_id_of(value)
    if name in NUMBERS:
        return number_of(value)
    if name in WORDS:
        return word_of(value, WORDS[name])
    if name in UPPER:
        return value.strip().upper()
    return value if name == "tag" else value.strip()


def number_of(text: str) -> str:
    """A number of papers as it is compared: capitals, and nothing between its characters."""
    return _BETWEEN.sub("", text).upper()


def tax_id_of(text: str) -> str:
    """A tax id as it is kept: its letters as they were written, since its mask shows them."""
    return _BETWEEN.sub("", text)


def compared_tax_id(text: str) -> str:
    """A kept tax id as it is compared."""
    return text.upper()


def is_tax_id(text: str) -> bool:
    """Whether a kept text can be a tax id; those of other countries have letters too."""
    return _TAX_ID.fullmatch(text) is not None


def is_state(text: str) -> bool:
    """Whether a kept text can be the code of a state."""
    return _STATE.fullmatch(text) is not None


def word_of(text: str, words: Iterable[str]) -> str:
    """The word that is meant in any case, or the text as it was written."""
    written = text.strip()
    return next((word for word in words if word.lower() == written.lower()), written)


def clean_address(address: Address, *, is_business: bool = False) -> Address:
    """An address in the form in which it is kept."""
    return Address(
        address_type=word_of(
            address["address_type"], BUSINESS_ADDRESSES if is_business else PERSONAL_ADDRESSES
        ),
        line1=address["line1"].strip(),
        line2=address["line2"].strip(),
        line3=address["line3"].strip(),
        line4=address["line4"].strip(),
        city=address["city"].strip(),
        state=address["state"].strip().upper(),
        postal_code=_BETWEEN.sub("", address["postal_code"]),
        country=address["country"].strip().upper(),
        is_active=address["is_active"],
    )


def clean_phone(phone: Phone) -> Phone:
    """A telephone in the form in which it is kept: digits alone."""
    return Phone(
        phone_type=word_of(phone["phone_type"], PHONE_TYPES),
        number=_NO_DIGITS.sub("", phone["number"]),
        is_active=phone["is_active"],
    )
