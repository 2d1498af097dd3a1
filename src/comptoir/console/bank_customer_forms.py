"""What is asked of customers of the bank, and where a refusal belongs on the forms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import TAG, line, words
from comptoir.console.forms import Field, Form
from comptoir.domain.banking.customers.cleaning import (
    BUSINESS_ADDRESSES,
    CULTURES,
    LEGAL_ENTITY_TYPES,
    PERSONAL_ADDRESSES,
    PHONE_TYPES,
    TAX_ID_TYPES,
)
from comptoir.domain.banking.customers.models import DECEASED, DENIED, VERIFIED
from comptoir.domain.banking.customers.persons import Address, Person, Phone
from comptoir.domain.errors import Invalid, Problems

# A number is typed, and never shown again.
SECRET = replace(line(30), write=lambda _value, _shop: "")
AT_ONCE, BY_QUESTIONS = "at once", "by questions"
DECISIONS = {
    VERIFIED: "they are who they say",
    DENIED: "they are not taken on",
    DECEASED: "they have died",
}
ADDRESS_FIELDS = (
    Field(
        "address_type",
        "Kind of address",
        kinds.choice((*PERSONAL_ADDRESSES, *BUSINESS_ADDRESSES)),
        group="Address",
    ),
    Field("line1", "Street", line(100), group="Address"),
    Field("line2", "Street, second line", line(100), group="Address"),
    Field("city", "City", line(50), group="Address"),
    Field("state", "State", line(2), hint="Two letters, such as IA.", group="Address"),
    Field("postal_code", "Postcode", line(10), group="Address"),
)
PHONE_FIELDS = (
    Field("phone_type", "Kind of telephone", kinds.choice(PHONE_TYPES), group="Telephone"),
    Field("number", "Number", line(20), group="Telephone"),
)  # fmt: skip
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
)
COMPANY = (
    Field("business_legal_name", "Legal name", line(300), group="Of a business"),
    Field("doing_business_as", "Trades as", line(300), group="Of a business"),
    Field("legal_entity_type", "Legal form", kinds.choice(LEGAL_ENTITY_TYPES), group="Of a business"),
    Field("tax_id_type", "Kind of tax number", kinds.choice(TAX_ID_TYPES), group="Of a business"),
    Field("business_website", "Website", line(100), group="Of a business"),
)  # fmt: skip
PERSON = Form(
    "new",
    (
        Field(
            "how", "How they are taken on",
            kinds.choice({AT_ONCE: "at once", BY_QUESTIONS: "by questions that prove who they are"}), required=True,
        ),
        *NAMES, *FLAGS, *PAPERS, *ADDRESS_FIELDS, *PHONE_FIELDS,
    ),
    "Take them on",
)  # fmt: skip
BUSINESS = Form(
    "business", (*COMPANY, *NAMES, *FLAGS, *PAPERS, *ADDRESS_FIELDS, *PHONE_FIELDS), "Take the business on"
)
CHANGE = Form("change", (*NAMES, *FLAGS))
NUMBERS = Form("numbers", PAPERS, "Replace what is typed")
ADDRESS = Form("address", ADDRESS_FIELDS, "Keep the address")
PHONE = Form("phone", PHONE_FIELDS, "Keep the number")
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
    "address_PrimaryBusiness": "address_type",
    "address_Registered": "address_type",
    "phone_count": "phone_type",
    "phone_number": "number",
    "legal_entity_type_word": "legal_entity_type",
    "tax_id_type_word": "tax_id_type",
}


def on_form(error: Invalid) -> Problems:
    """A refusal of what is said of a customer, beside the fields of our forms."""
    found = error.problems if isinstance(error, Problems) else [(error.field, error.problem)]
    return Problems([(RENAMED.get(field, field), problem) for field, problem in found])


def person_of(typed: Mapping[str, Any]) -> Person:
    """What was typed of somebody; what is empty is not said."""
    own = {field.name for field in (*NAMES, *FLAGS, *PAPERS, *COMPANY)}
    said: Any = {name: value for name, value in typed.items() if name in own and value not in {None, ""}}
    if address := address_of_typed(typed):
        said["addresses"] = [address]
    if phone := phone_of_typed(typed):
        said["phones"] = [phone]
    person: Person = said
    return person


def address_of_typed(typed: Mapping[str, Any]) -> Address | None:
    """The address that was typed, if any part of one was."""
    texts: Sequence[str] = ("address_type", "line1", "line2", "city", "state", "postal_code")
    if not any(typed.get(name) for name in texts):
        return None
    return {
        "address_type": typed["address_type"], "line1": typed["line1"], "line2": typed["line2"], "line3": "",
        "line4": "", "city": typed["city"], "state": typed["state"], "postal_code": typed["postal_code"],
        "country": "US", "is_active": True,
    }  # fmt: skip


def phone_of_typed(typed: Mapping[str, Any]) -> Phone | None:
    """The telephone that was typed, if any part of one was."""
    if not typed.get("phone_type") and not typed.get("number"):
        return None
    return {"phone_type": typed["phone_type"], "number": typed["number"], "is_active": True}
