"""What is asked of customers of the bank, and where a refusal belongs on the forms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import TAG, Choices, line, spelt, words
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Visit
from comptoir.domain.banking.customers.cleaning import (
    BUSINESS_ADDRESSES,
    CULTURES,
    EXEMPT_REASONS,
    FOREIGN_TYPES,
    LEGAL_ENTITY_TYPES,
    PERSONAL_ADDRESSES,
    PHONE_TYPES,
    PRIMARY,
    REGISTERED,
    TAX_ID_TYPES,
)
from comptoir.domain.banking.customers.industries import INDUSTRIES
from comptoir.domain.banking.customers.models import DECEASED, DENIED, VERIFIED
from comptoir.domain.banking.customers.persons import DETAIL_FIELDS, Address, Person, PersonFacts, Phone
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.errors import Invalid, Problems

# A number is typed, and never shown again.
SECRET = replace(line(30), write=lambda _value, _shop: "")
AT_ONCE, BY_QUESTIONS, LOOKED_UP = "at once", "by questions", "looked up"
ONBOARD = "onboard"
HOWS = {
    AT_ONCE: "at once",
    BY_QUESTIONS: "by questions that prove who they are",
    LOOKED_UP: "looked up, and decided on at once",
}
DECISIONS = {
    VERIFIED: "they are who they say",
    DENIED: "they are not taken on",
    DECEASED: "they have died",
}


def how_choices(visit: Visit) -> Choices:
    """The ways in which the program takes somebody on."""
    has = ONBOARD in get_program(visit.tx).features
    return [(how, label) for how, label in HOWS.items() if has or how != LOOKED_UP]


def place(group: str, prefix: str = "") -> tuple[Field, ...]:
    """Where an address is."""
    return (
        Field(f"{prefix}line1", "Street", line(100), group=group),
        Field(f"{prefix}line2", "Street, second line", line(100), group=group),
        Field(f"{prefix}line3", "Street, third line", line(100), group=group),
        Field(f"{prefix}line4", "Street, fourth line", line(100), group=group),
        Field(f"{prefix}city", "City", line(50), group=group),
        Field(f"{prefix}state", "State", line(2), hint="Two letters, such as IA.", group=group),
        Field(f"{prefix}postal_code", "Postcode", line(10), group=group),
    )


ADDRESS_TYPES = {one: spelt(one) for one in (*PERSONAL_ADDRESSES, *BUSINESS_ADDRESSES)}
ADDRESS_FIELDS = (
    Field("address_type", "Kind of address", kinds.choice(ADDRESS_TYPES), group="Address"), *place("Address"),
)  # fmt: skip
IN_USE = Field("is_active", "In use", kinds.FLAG)
OTHER, PARTS = "registered_", ("line1", "line2", "line3", "line4", "city", "state", "postal_code")
SEATS = (
    *place("Where it does business"),
    Field("is_registered_here", "It is registered there too", kinds.FLAG, group="Where it does business"),
    *place("Where it is registered, if elsewhere", OTHER),
)
PHONE_FIELDS = (
    Field("phone_type", "Kind of telephone", kinds.choice(PHONE_TYPES), group="Telephone"),
    Field("number", "Number", line(20), group="Telephone"),
)  # fmt: skip
FOREIGN = kinds.choice({one: spelt(one) for one in FOREIGN_TYPES})
EXEMPTIONS = {one: spelt(one) for one in EXEMPT_REASONS}
LEGAL = kinds.choice({one: spelt(one) for one in LEGAL_ENTITY_TYPES})
INDUSTRY = kinds.choice({str(code): name for code, name in INDUSTRIES.items()}, kinds.INTEGER)
NAMES = (
    Field("first_name", "First name", line(64)),
    Field("middle_name", "Middle name", line(64)),
    Field("last_name", "Last name", line(128)),
    Field("suffix", "Suffix", line(20)),
    Field("birth_date", "Born on", kinds.DAY),
    Field("gender", "Gender", kinds.choice({"F": "female", "M": "male", "U": "not said"})),
    Field("culture", "Language", kinds.choice(CULTURES)),
    Field("email", "E-mail", line()),
    Field("tag", "Tag", TAG, hint="Your own id of the customer."),
)
MORE_NAMES = (
    Field("preferred_name", "Preferred name", line(21), hint="Where the program has them.", group="On cards"),
    Field("is_preferred_on_card", "Cards bear it", kinds.FLAG, group="On cards"),
    *(Field(f"custom{one}", f"Own field {one}", line(), group="Own fields") for one in range(1, 6)),
)
FLAGS = (
    Field("is_documents_accepted", "Has accepted the bank's documents", kinds.FLAG),
    Field("is_opted_in", "Wants to be told of news of the bank", kinds.FLAG),
    Field("is_backup_withholding", "Tax is withheld from interest", kinds.FLAG),
)
PAPERS = (
    Field("tax_id", "Tax number", SECRET, group="Numbers"),
    Field("license_number", "Driver's licence", SECRET, group="Numbers"),
    Field("license_state", "Its state", line(2), group="Numbers"),
    Field("passport_number", "Passport", SECRET, group="Numbers"),
    Field("passport_country", "Its country", line(5), group="Numbers"),
    Field("license_issued_on", "Licence issued on", kinds.DAY, group="Numbers"),
    Field("license_expires_on", "Licence good until", kinds.DAY, group="Numbers"),
    Field("passport_issued_on", "Passport issued on", kinds.DAY, group="Numbers"),
    Field("passport_expires_on", "Passport good until", kinds.DAY, group="Numbers"),
    Field("foreign_type", "Papers of another country", FOREIGN, group="Numbers"),
    Field("foreign_number", "Their number", SECRET, group="Numbers"),
    Field("foreign_country", "Their country", line(5), group="Numbers"),
    Field("foreign_expires_on", "Good until", kinds.DAY, group="Numbers"),
)  # fmt: skip
COMPANY = (
    Field("business_legal_name", "Legal name", line(300), group="Of a business"),
    Field("doing_business_as", "Trades as", line(300), group="Of a business"),
    Field("legal_entity_type", "Legal form", LEGAL, group="Of a business"),
    Field("tax_id_type", "Kind of tax number", kinds.choice(TAX_ID_TYPES), group="Of a business"),
    Field("business_website", "Website", line(100), group="Of a business"),
    Field("business_description", "What it does", line(), group="Of a business"),
    Field("industry_code", "Trade", INDUSTRY, group="Of a business"),
    Field("business_name_on_card", "Name on cards", line(26), group="Of a business"),
    Field("formation_state", "Founded in the state", line(2), group="Of a business"),
    Field("formed_on", "Founded on", kinds.DAY, group="Of a business"),
    Field("attester_name", "Its owners were attested by", line(), group="Of a business"),
    Field("attester_title", "Who is its", line(), group="Of a business"),
    Field("attested_on", "Attested on", kinds.DAY, group="Of a business"),
    Field("is_exempt_from_ownership", "Need not tell its owners", kinds.FLAG, group="Of a business"),
    Field("exempt_reason", "as it is", kinds.choice(EXEMPTIONS), group="Of a business"),
)  # fmt: skip
PERSON = Form(
    "new",
    (
        Field(
            "how", "How they are taken on", kinds.choice(how_choices), required=True,
        ),
        *NAMES, *MORE_NAMES, *FLAGS, *PAPERS, *ADDRESS_FIELDS, *PHONE_FIELDS,
    ),
    "Take them on",
)  # fmt: skip
BUSINESS = Form(
    "business",
    (*COMPANY, *SEATS, *NAMES, *MORE_NAMES, *FLAGS, *PAPERS, *PHONE_FIELDS),
    "Take the business on",
)
CHANGE = Form("change", (*NAMES, *MORE_NAMES, *FLAGS))
CHANGE_COMPANY = Form("company", COMPANY)
NUMBERS = Form("numbers", PAPERS, "Replace what is typed")
ADDRESS = Form("address", (*ADDRESS_FIELDS, IN_USE), "Keep the address")
PHONE = Form("phone", (*PHONE_FIELDS, IN_USE), "Keep the number")
LOCK = Form("lock", (Field("reason", "Why", line()),), "Lock the customer")
DECIDE = Form(
    "decide",
    (
        Field(
            "status", "The bank's decision",
            kinds.choice(DECISIONS), required=True,
        ),
    ),
    "Decide for good",
)  # fmt: skip
CONTACT = Form(
    "contact",
    (
        Field("at", "When", kinds.MOMENT, required=True),
        Field("kind", "How", line(50), required=True, hint="Such as telephone or letter."),
    ),
    "Note it down",
)
NOTE = Form("note", (Field("text", "Note", words(4_000), required=True),), "Write it down")
# What the domain calls a problem, and the field of ours that it is about.
RENAMED = {
    "birth_date_range": "birth_date",
    "gender_word": "gender",
    "culture_word": "culture",
    "tax_id_form": "tax_id",
    "address_line1": "line1",
    "address_box": "line1",
    "address_lines": "line1",
    "address_count": "address_type",
    "addresses": "address_type",
    "address_PrimaryBusiness": "line1",
    "address_Registered": "registered_line1",
    "phone_count": "phone_type",
    "phone_number": "number",
    "legal_entity_type_word": "legal_entity_type",
    "tax_id_type_word": "tax_id_type",
    "preferred_name_length": "preferred_name",
    "preferred_names": "preferred_name",
    "business_name_length": "business_name_on_card",
    "foreign_documents": "foreign_type",
    "home": "address_type",
    "home_postal_code": "postal_code",
    "frozen_names": "first_name",
    "frozen_email": "email",
    "frozen_identity": "birth_date",
    "frozen_residence": "address_type",
}
# What it says in the words of the API, and ours.
WORDED = {
    "needs a preferredName": "needs a preferred name",
    "needs a foreignDocumentNumber": "needs the number of the papers",
}


def on_form(error: Invalid) -> Problems:
    """A refusal of what is said of a customer, beside the fields of our forms."""
    found = error.problems if isinstance(error, Problems) else [(error.field, error.problem)]
    return Problems([(RENAMED.get(field, field), WORDED.get(problem, problem)) for field, problem in found])


def kept_of(person: PersonFacts, form: Form) -> dict[str, Any]:
    """What is kept of somebody, by the fields of a form."""
    return {field.name: _kept(person, field.name) for field in form.fields}


def _kept(person: PersonFacts, name: str) -> Any:
    if name not in DETAIL_FIELDS:
        return getattr(person, name)
    return person.detail_day(name) if name.endswith("_on") else person.detail(name)


def person_of(typed: Mapping[str, Any]) -> Person:
    """What was typed of somebody; what is empty is not said."""
    own = {field.name for field in (*NAMES, *MORE_NAMES, *FLAGS, *PAPERS, *COMPANY)}
    said: Any = {name: value for name, value in typed.items() if name in own and value not in {None, ""}}
    if addresses := addresses_of_typed(typed):
        said["addresses"] = addresses
    if phone := phone_of_typed(typed):
        said["phones"] = [phone]
    person: Person = said
    return person


def addresses_of_typed(typed: Mapping[str, Any]) -> list[Address]:
    """The addresses that were typed: of a business where it is and where it is registered."""
    if "is_registered_here" not in typed:
        found = address_of_typed(typed)
        return [] if found is None else [found]
    elsewhere = "" if typed["is_registered_here"] else OTHER
    return [
        address_in(typed, kind, prefix)
        for kind, prefix in ((PRIMARY, ""), (REGISTERED, elsewhere))
        if any(typed[f"{prefix}{part}"] for part in PARTS)
    ]


def address_of_typed(typed: Mapping[str, Any]) -> Address | None:
    """The address that was typed, if any part of one was."""
    if not any(typed.get(name) for name in ("address_type", *PARTS)):
        return None
    return address_in(typed, typed["address_type"], "")


def address_in(typed: Mapping[str, Any], kind: str, prefix: str) -> Address:
    """The address of a kind in the fields of a prefix."""
    line1, line2, line3, line4, city, state, postal_code = (typed[f"{prefix}{part}"] for part in PARTS)
    return {
        "address_type": kind, "line1": line1, "line2": line2, "line3": line3, "line4": line4, "city": city,
        "state": state, "postal_code": postal_code, "country": "US", "is_active": typed.get("is_active", True),
    }  # fmt: skip


def phone_of_typed(typed: Mapping[str, Any]) -> Phone | None:
    """The telephone that was typed, if any part of one was."""
    if not typed.get("phone_type") and not typed.get("number"):
        return None
    return {
        "phone_type": typed["phone_type"], "number": typed["number"], "is_active": typed.get("is_active", True),
    }  # fmt: skip
