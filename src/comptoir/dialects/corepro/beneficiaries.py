"""Who is to have a customer's money one day (reference 3.7)."""

from collections.abc import Mapping
from typing import Any, cast

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.paging import PAGING
from comptoir.dialects.corepro.refusals import Fields, Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import day, masked, moment, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    DAY,
    FLAG,
    ID,
    MOMENT,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    placed,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.assignments import Assignment, drop_beneficiary, list_assignments
from comptoir.domain.banking.customers.beneficiaries import (
    Beneficiary,
    BeneficiaryRow,
    create_beneficiary,
    find_beneficiary_by_tag,
    get_beneficiary,
    list_beneficiaries,
    update_beneficiary,
)
from comptoir.domain.banking.customers.errors import BeneficiaryNotFound, BeneficiaryTagTaken
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

# Codes are judged, not cut off: they would be others then.
UNCUT = 200
TEXTS: Mapping[str, tuple[str, int]] = {
    "firstName": ("first_name", 50),
    "middleName": ("middle_name", 50),
    "lastName": ("last_name", 50),
    "suffix": ("suffix", 20),
    "taxId": ("tax_id", UNCUT),
    "legalName1": ("legal_name1", 100),
    "legalName2": ("legal_name2", 100),
    "distributionDescription": ("distribution", 50),
    "addressLine1": ("line1", 100),
    "addressLine2": ("line2", 100),
    "addressLine3": ("line3", 100),
    "addressLine4": ("line4", 100),
    "city": ("city", 50),
    "state": ("state", UNCUT),
    "postalCode": ("postal_code", 10),
    "country": ("country", 50),
    # Signs between the digits are not kept.
    "phoneNumber": ("phone", 20),
    "emailAddress": ("email", 256),
}
BENEFICIARY = an_object(
    {
        **dict.fromkeys(TEXTS, TEXT), "birthDate": DAY, "createdDate": MOMENT, "customerBeneficiaryId": ID,
        "customerId": ID, "documentsAcceptedDate": MOMENT, "isActive": FLAG, "isDocumentsAccepted": FLAG,
        "lastModifiedDate": MOMENT, "tag": TAG, "taxIdMasked": TEXT,
    },
    always=(
        "createdDate", "customerBeneficiaryId", "customerId", "firstName", "isActive", "isDocumentsAccepted",
        "lastModifiedDate", "lastName",
    ),
)  # fmt: skip
BENEFICIARY_ONLY = an_object({"customerBeneficiaryId": ID}, always=("customerBeneficiaryId",))
ASSIGNMENT = an_object(
    {
        "accountId": ID, "accountName": TEXT, "accountNumberMasked": TEXT, "createdDate": MOMENT,
        "customerBeneficiaryId": ID, "customerId": ID, "isActive": FLAG,
    },
    always=("accountId", "createdDate", "customerBeneficiaryId", "customerId", "isActive"),
)  # fmt: skip

# 66605 and 66606 are our own numbers: those of creating were not published (reference 3.7).
REFUSALS: Refusals = {
    BeneficiaryNotFound: Refusal(66601, "Customer beneficiary id {key} is invalid."),
    BeneficiaryTagTaken: Refusal(66605, "Tag is used by another beneficiary."),
}
NUMBERS: Fields = {
    "first_name": 66606,
    "last_name": 66606,
    "tax_id": Refusal(66602, "taxId must be 2 to 30 letters and digits."),
    "birth_date": 66603,
    "legal_name2": Refusal(66604, "legalName2 needs a legalName1."),
    "email": Refusal(60114, "emailAddress is invalid."),
    "state": Refusal(66904, "state must be two letters."),
}
CREATING: Fields = {**NUMBERS, "state": Refusal(60219, "state must be two letters.")}


def create(call: Call, asked: Asked) -> Reply:
    """Write a beneficiary down."""
    with saying(REFUSALS, CREATING):
        beneficiary_id = create_beneficiary(
            call.tx, customer_id=asked.id("customerId"), beneficiary=_asked(call, asked)
        )
    return ok({"customerBeneficiaryId": beneficiary_id})


def update(call: Call, asked: Asked) -> Reply:
    """Change what is said of a beneficiary."""
    beneficiary_id = asked.id("customerBeneficiaryId")
    with saying(REFUSALS, NUMBERS):
        update_beneficiary(
            call.tx,
            customer_id=asked.id("customerId"),
            beneficiary_id=beneficiary_id,
            beneficiary=_asked(call, asked),
        )
    return ok({"customerBeneficiaryId": beneficiary_id})


def deactivate(call: Call, asked: Asked) -> Reply:
    """Let a beneficiary be one no more, of any account either."""
    beneficiary_id = asked.id("customerBeneficiaryId")
    drop_beneficiary(call.tx, customer_id=asked.id("customerId"), beneficiary_id=beneficiary_id)
    return ok({"customerBeneficiaryId": beneficiary_id})


def get(call: Call, asked: Asked) -> Reply:
    """One beneficiary."""
    row = get_beneficiary(call.tx, customer_id=asked.id_place(0), beneficiary_id=asked.id_place(1))
    return ok(_shown(get_program(call.tx), row))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The customer's beneficiary of a tag."""
    for tag in asked.spellings("tag", place=1):
        if (row := find_beneficiary_by_tag(call.tx, asked.id_place(0), tag)) is not None:
            return ok(_shown(get_program(call.tx), row))
    return ok()


def show_all(call: Call, asked: Asked) -> Reply:
    """All beneficiaries of a customer."""
    program = get_program(call.tx)
    return ok([_shown(program, row) for row in list_beneficiaries(call.tx, asked.id_place(0))])


def show_assignments(call: Call, asked: Asked) -> Reply:
    """The accounts that beneficiaries are to have; of one, where one is named."""
    program = get_program(call.tx)
    rows = list_assignments(call.tx, customer_id=asked.id_place(0), beneficiary_id=asked.find_id_place(1))
    return ok([_assignment(program, row) for row in rows])


def _asked(call: Call, asked: Asked) -> Beneficiary:
    said: dict[str, Any] = {name: asked.text(wire, most=most) for wire, (name, most) in TEXTS.items()}
    said |= {
        "tag": asked.tag(),
        "birth_date": asked.day("birthDate"),
        "is_documents_accepted": asked.flag("isDocumentsAccepted"),
        "documents_accepted_at": asked.moment("documentsAcceptedDate", get_program(call.tx).zone),
    }
    return cast("Beneficiary", {name: value for name, value in said.items() if value is not None})


def _shown(program: ProgramFacts, row: BeneficiaryRow) -> Mapping[str, Any]:
    texts = {wire: getattr(row, name) or None for wire, (name, _) in TEXTS.items()}
    return {
        **texts,
        "birthDate": day(row.birth_date),
        "createdDate": moment(row.created_at, program.zone),
        "customerBeneficiaryId": row.id,
        "customerId": row.customer_id,
        "documentsAcceptedDate": moment(row.documents_accepted_at, program.zone),
        "isActive": row.is_active,
        "isDocumentsAccepted": row.is_documents_accepted,
        "lastModifiedDate": moment(row.updated_at, program.zone),
        "tag": row.tag,
        "taxId": row.tax_id if program.is_sensitive_info_visible else None,
        "taxIdMasked": masked(row.tax_id),
    }


def _assignment(program: ProgramFacts, row: Assignment) -> Mapping[str, Any]:
    return {
        "accountId": row.account_id,
        "accountName": row.account_name or None,
        "accountNumberMasked": masked(row.account_number or None, 8),
        "createdDate": moment(row.created_at, program.zone),
        "customerBeneficiaryId": row.beneficiary_id,
        "customerId": row.customer_id,
        "isActive": row.is_active,
    }


_FIELDS = (
    *(given(name, text(most)) for name, (_, most) in TEXTS.items() if name not in {"firstName", "lastName"}),
    given("birthDate", ASKED_DAY), given("documentsAcceptedDate", ASKED_DAY), given("isDocumentsAccepted", FLAG),
    given("tag", TAG),
)  # fmt: skip
_PATH = (placed("customerId"), placed("customerBeneficiaryId"))
_BOTH = (needed("customerId", ID), needed("customerBeneficiaryId", ID))
CALLS = (
    writing(
        "customerBeneficiary/create", create,
        takes=(needed("customerId", ID), needed("firstName", text(50)), needed("lastName", text(50)), *_FIELDS),
        shows=BENEFICIARY_ONLY, codes=(60001, 60114, 60219, 66602, 66603, 66604, 66605, 66606),
        text="Write down who is to have a customer's money one day",
    ),
    writing(
        "customerBeneficiary/update", update,
        takes=(*_BOTH, given("firstName", text(50)), given("lastName", text(50)), *_FIELDS), shows=BENEFICIARY_ONLY,
        codes=(60001, 60114, 66601, 66602, 66603, 66604, 66605, 66606, 66904),
        text="Change what is said of a beneficiary",
    ),
    writing(
        "customerBeneficiary/deactivate", deactivate, takes=_BOTH, shows=BENEFICIARY_ONLY,
        aliases=("customerBeneficiary/archive",), codes=(60001, 66601), text="Let a beneficiary be one no more",
    ),
    reading(
        "customerBeneficiary/get", get, takes=_PATH, shows=BENEFICIARY, codes=(60001, 66601),
        text="Show a beneficiary",
    ),
    reading(
        "customerBeneficiary/getByTag", get_by_tag,
        takes=(placed("customerId"), placed("tag", TAG, "May hold slashes.", is_required=False)), shows=BENEFICIARY,
        text="Show the beneficiary of a tag",
    ),
    reading(
        "customerBeneficiary/list", show_all, takes=(placed("customerId"), *PAGING), shows=a_list(BENEFICIARY),
        codes=(60001,), text="List a customer's beneficiaries",
    ),
    reading(
        "customerBeneficiary/accountAssignmentList", show_assignments,
        takes=(placed("customerId"), placed("customerBeneficiaryId", is_required=False)), shows=a_list(ASSIGNMENT),
        codes=(60001, 66601), text="List the accounts that beneficiaries are to have",
    ),
)  # fmt: skip
