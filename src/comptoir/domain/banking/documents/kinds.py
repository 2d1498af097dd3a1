"""What documents there are, why they are sent, and what becomes of them (reference 3.6)."""

# Of a customer who is a person, of one who is a minor, of a business.
CUSTOMER_DOCUMENTS = (
    "DriversLicense", "UtilityBill", "BankStatement", "NameChangeAffidavit",
    "WrittenStatementOfUnauthorizedDebit", "Unspecified", "VerificationSummary", "DisputeDocumentation",
    "HoldNotice", "DriversLicenseBack", "PassportFront", "PassportBack", "UnspecifiedIdCardFront",
    "UnspecifiedIdCardBack", "SelfPortrait",
    "BirthCertificate", "SocialSecurityCardFront", "SocialSecurityCardBack", "SchoolIDFront", "SchoolIDBack",
    "DBAStatementOfFiling", "FictitiousBusinessName", "BusinessLicenseShowingCurrent", "AttestationDocument",
    "CertificateOfPartnership", "PartnershipAgreement", "ProofOfAddress", "ArticlesOfOrganization",
    "CertificateOfFormation", "CertificateOfOrganization", "SecretaryOfStateRegistration",
    "ProofOfGoodStanding", "CorporateAuthorization", "EINLetter", "ArticlesOfIncorporation", "Charter",
    "TrustDocuments", "CurrentSecretaryOfStateRegistration", "CourtDocuments", "TrustCertificate",
)  # fmt: skip
CUSTOMER_REASONS = (
    "NameChange", "AddressChange", "RequestForNewExternalAccount", "Unspecified", "ManualReview",
    "ReturnOnTransaction", "VerificationSummary", "DisputeDocumentation", "HoldPlaced", "AutomatedReview",
    "Remediation Document",
)  # fmt: skip
EXTERNAL_DOCUMENTS = ("DriversLicense", "BankStatement")
EXTERNAL_REASONS = ("NameChange", "AddressChange", "Unspecified")
UNSPECIFIED = "Unspecified"

DISCLOSURES = (
    "TermsAndConditions", "PrivacyPolicy", "TruthInSavings", "eStatement", "ConsumerDepositAgreement",
    "FeeSchedule", "ReferAFriend", "EftInfo", "ProductInfo", "CardInfo", "FeeDisclosure",
)  # fmt: skip

# A document is looked at once, and what is decided then stays.
IN_REVIEW, APPROVED, REJECTED = "inReview", "approved", "rejected"
DOCUMENT_STATUSES = (IN_REVIEW, APPROVED, REJECTED)


def spelt(word: str | None, known: tuple[str, ...]) -> str | None:
    """A word in any case as it is spelt here; None when it is not known."""
    return {each.lower(): each for each in known}.get((word or "").strip().lower())
