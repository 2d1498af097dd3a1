"""What cannot be taken of what is said of a customer: all problems at once, in the order of the reference (3.3.7).

A problem names its field; what is missing is told apart from what is wrong by the words REQUIRED.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from comptoir.domain.banking.customers.cleaning import (
    BUSINESS_ADDRESSES,
    CULTURES,
    EXEMPT_REASONS,
    FOREIGN_TYPES,
    GENDERS,
    HOME_ADDRESS,
    LEGAL_ENTITY_TYPES,
    PERSONAL_ADDRESSES,
    PHONE_TYPES,
    PRIMARY,
    REGISTERED,
    TAX_ID_TYPES,
    is_state,
    is_tax_id,
)
from comptoir.domain.banking.customers.industries import INDUSTRIES
from comptoir.domain.banking.customers.persons import LIST_FIELDS, Address, Person, Phone
from comptoir.domain.identity.texts import Problem, email_problem, text_problem

REQUIRED = "is required"
EARLIEST = date(1900, 1, 1)
PERSONAL_ADDRESSES_MAX, BUSINESS_ADDRESSES_MAX, PHONES_MAX = 3, 5, 3
PHONE_DIGITS_MAX = 15
# What somebody new must say, and in which order it is asked for.
NEEDED = (
    "first_name", "last_name", "birth_date", "gender", "culture", "tax_id", "is_backup_withholding", "is_opted_in",
)  # fmt: skip
ORDER = (
    "first_name", "last_name", "birth_date", "birth_date_range", "gender", "gender_word", "culture", "culture_word",
    "tax_id", "tax_id_form", "license_state", "is_backup_withholding", "is_opted_in", "is_documents_accepted",
    "addresses",
)  # fmt: skip
# One kind of cards has room for so many characters of an address, all lines together.
CARD_ADDRESS_MAX = 76
CARD_NAME_MAX, PREFERRED_MAX = 26, 21
TAG_MAX, STATE_LETTERS = 50, 2
# Of each text at most so much is kept; the wire cuts it off before.
TEXT_MAX: Mapping[str, int] = {
    "first_name": 64, "middle_name": 64, "last_name": 128, "suffix": 20, "email": 255,
    "passport_number": 30, "passport_country": 5, "license_number": 30,
    "foreign_number": 30, "foreign_country": 3, "foreign_type": 64, "gender": 64, "culture": 64, "tag": TAG_MAX,
    "attester_name": 50, "attester_title": 50, "business_description": 200, "business_legal_name": 300,
    "business_website": 100, "doing_business_as": 300, "exempt_reason": 64, "legal_entity_type": 64,
    "tax_id_type": 64, **dict.fromkeys(("custom1", "custom2", "custom3", "custom4", "custom5"), 100),
}  # fmt: skip

_PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?|post\s+office)\s*box\b", re.IGNORECASE)
_CARD_NAME = re.compile(r"[A-Za-z0-9 &',./\-]*", re.ASCII)
_ZIP = re.compile(r"\d{5}(?:\d{4})?", re.ASCII)


def problems_of_texts(person: Mapping[str, Any]) -> Iterator[Problem]:
    """Texts that no database keeps, or that are longer than what is kept of them."""
    for name, value in person.items():
        if isinstance(value, str) and (problem := text_problem(value, TEXT_MAX.get(name, 255))):
            yield name, problem
    for name in LIST_FIELDS:
        for one in person.get(name, ()):
            values = [value for value in one.values() if isinstance(value, str)]
            if any(text_problem(value, 255) for value in values):
                yield name, "hold characters that cannot be kept"


def problems_of_new(person: Person, *, is_residence_needed: bool, today: date) -> list[Problem]:
    """What is missing of, or wrong with, somebody who is new."""
    found = [*_missing(person, *NEEDED), *problems_of_changed(person, today)]
    if not person.get("is_documents_accepted"):
        found.append(("is_documents_accepted", "must be true"))
    if is_residence_needed and not _has_residence(person.get("addresses", ())):
        found.append(("addresses", REQUIRED))
    return sorted(found, key=lambda problem: ORDER.index(problem[0]))


def problems_of_changed(person: Person, today: date) -> Iterator[Problem]:
    """What is wrong with a birth date, gender, culture, tax id or state of a license that is said."""
    born = person.get("birth_date")
    if born is not None and not EARLIEST < born < today:
        yield "birth_date_range", "must be after 01/01/1900 and in the past"
    if person.get("gender") and person["gender"] not in GENDERS:
        yield "gender_word", f"is none of {', '.join(GENDERS)}"
    if person.get("culture") and person["culture"] not in CULTURES:
        yield "culture_word", f"is none of {', '.join(CULTURES)}"
    if person.get("tax_id") and not is_tax_id(person["tax_id"]):
        yield "tax_id_form", "must be 2 to 30 letters and digits"
    if person.get("license_state") and not is_state(person["license_state"]):
        yield "license_state", "must be two letters"


def problem_of_email(email: str) -> Iterator[Problem]:
    """What is wrong with an e-mail address that is said."""
    if email and (problem := email_problem(email)):
        yield "email", problem


def problems_of_addresses(
    addresses: Sequence[Address], *, is_business: bool = False, is_on_card: bool = False
) -> Iterator[Problem]:
    """What is wrong with addresses: one for each type, and each whole."""
    kinds = BUSINESS_ADDRESSES if is_business else PERSONAL_ADDRESSES
    most = BUSINESS_ADDRESSES_MAX if is_business else PERSONAL_ADDRESSES_MAX
    if len(addresses) > most:
        yield "address_count", f"is more than {most}"
        return
    for address in addresses:
        yield from _problems_of_address(address, kinds)
        lines = sum(len(address[line]) for line in ("line1", "line2", "line3", "line4"))
        if is_on_card and lines > CARD_ADDRESS_MAX:
            yield "address_lines", f"are longer than {CARD_ADDRESS_MAX} characters in all"
    yield from _twice("address_type", [one["address_type"] for one in addresses])


def problems_of_phones(phones: Sequence[Phone]) -> Iterator[Problem]:
    """What is wrong with telephones: one for each type, each with a number."""
    if len(phones) > PHONES_MAX:
        yield "phone_count", f"is more than {PHONES_MAX}"
        return
    for phone in phones:
        if phone["phone_type"] not in PHONE_TYPES:
            yield "phone_type", f"is none of {', '.join(PHONE_TYPES)}"
        if not 0 < len(phone["number"]) <= PHONE_DIGITS_MAX:
            yield (
                "phone_number",
                REQUIRED if not phone["number"] else f"has more than {PHONE_DIGITS_MAX} digits",
            )
    yield from _twice("phone_type", [one["phone_type"] for one in phones])


def problems_of_names_on_cards(person: Mapping[str, Any], features: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the names that cards are to bear. `person` is whole: what is kept, and what is said."""
    business, preferred = person.get("business_name_on_card") or "", person.get("preferred_name") or ""
    if len(business) > CARD_NAME_MAX:
        yield "business_name_length", f"is longer than {CARD_NAME_MAX} characters"
    if not _CARD_NAME.fullmatch(business):
        yield "business_name_on_card", "holds characters that no card bears"
    if len(preferred) > PREFERRED_MAX:
        yield "preferred_name_length", f"is longer than {PREFERRED_MAX} characters"
    if not _CARD_NAME.fullmatch(preferred):
        yield "preferred_name", "holds characters that no card bears"
    if preferred and "preferred_names" not in features:
        yield "preferred_names", "are not enabled"
    if person.get("is_preferred_on_card") and not preferred:
        yield "is_preferred_on_card", "needs a preferredName"


def problems_of_foreign_papers(person: Mapping[str, Any], features: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with papers of another country. `person` is whole: what is kept, and what is said."""
    kind, number = person.get("foreign_type") or "", person.get("foreign_number") or ""
    if kind and kind not in FOREIGN_TYPES:
        yield "foreign_type", f"is none of {', '.join(FOREIGN_TYPES)}"
    if (kind or number) and "foreign_documents" not in features:
        yield "foreign_documents", "are not allowed"
    if number:
        return
    if kind:
        yield "foreign_number", REQUIRED
    if person.get("foreign_country"):
        yield "foreign_country", "needs a foreignDocumentNumber"
    if person.get("foreign_expires_on"):
        yield "foreign_expires_on", "needs a foreignDocumentNumber"


def problems_of_business(person: Mapping[str, Any], *, is_new: bool) -> Iterator[Problem]:
    """What is missing of, or wrong with, a business."""
    if is_new:
        yield from _missing(person, "business_legal_name", "legal_entity_type", "tax_id", "tax_id_type")
    for name, words in (
        ("legal_entity_type", LEGAL_ENTITY_TYPES), ("tax_id_type", TAX_ID_TYPES), ("exempt_reason", EXEMPT_REASONS),
    ):  # fmt: skip
        if person.get(name) and person[name] not in words:
            yield f"{name}_word", "is unknown"
    if len(person.get("formation_state") or "") > STATE_LETTERS:
        yield "formation_state", f"is longer than {STATE_LETTERS} letters"
    if is_new:
        kinds = {one["address_type"] for one in person.get("addresses", ()) if one["is_active"]}
        yield from ((f"address_{kind}", REQUIRED) for kind in (PRIMARY, REGISTERED) if kind not in kinds)


def problems_of_industry(person: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the code of what a business trades in."""
    code = person.get("industry_code")
    if code is not None and code not in INDUSTRIES:
        yield "industry_code", "is unknown"


def _problems_of_address(address: Address, kinds: Sequence[str]) -> Iterator[Problem]:
    if address["address_type"] not in kinds:
        yield "address_type", f"is none of {', '.join(kinds)}"
    if not address["line1"]:
        yield "address_line1", REQUIRED
    if address["address_type"] == HOME_ADDRESS and _PO_BOX.search(
        " ".join((address["line1"], address["line2"], address["line3"], address["line4"]))
    ):
        yield "address_box", "is a PO box, where nobody lives"
    if not address["city"]:
        yield "city", REQUIRED
    if not is_state(address["state"]):
        yield "state", REQUIRED if not address["state"] else "must be two letters"
    if not _ZIP.fullmatch(address["postal_code"]):
        yield "postal_code", REQUIRED if not address["postal_code"] else "must be 5 or 9 digits"
    if address["country"] != "US":
        yield "country", REQUIRED if not address["country"] else "must be US"


def _missing(person: Mapping[str, Any], *names: str) -> Iterator[Problem]:
    for name in names:
        if person.get(name) in {None, ""}:
            yield name, REQUIRED


def _twice(field: str, kinds: Sequence[str]) -> Iterator[Problem]:
    for kind, count in Counter(kinds).items():
        if count > 1:
            yield field, f"{kind} comes twice"


def _has_residence(addresses: Sequence[Address]) -> bool:
    return any(one["address_type"] == HOME_ADDRESS and one["is_active"] for one in addresses)
