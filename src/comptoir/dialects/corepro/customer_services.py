"""What later programs do with customers: businesses, onboarding, addresses, notes, tokens (reference 3.3.4)."""

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.customer_numbers import BUSINESS_NUMBERS, CREATING, UPDATING
from comptoir.dialects.corepro.customers import CUSTOMER_ONLY, TAKEN
from comptoir.dialects.corepro.customers_asked import (
    ADDRESS_TEXTS,
    BUSINESS,
    PERSON,
    address_asked,
    person_asked,
)
from comptoir.dialects.corepro.customers_shown import SCREENED
from comptoir.dialects.corepro.refusals import saying
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.attending import set_last_contact
from comptoir.domain.banking.customers.cleaning import CULTURES
from comptoir.domain.banking.customers.creating import create_business, onboard_customer
from comptoir.domain.banking.customers.models import CUSTOMER_STATUSES
from comptoir.domain.banking.customers.notes import NOTE_MAX, NoteRow, add_note, list_notes
from comptoir.domain.banking.customers.persons import get_person
from comptoir.domain.banking.customers.tokens import make_token
from comptoir.domain.banking.customers.updating import update_address
from comptoir.domain.banking.customers.verifying import list_answers
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

# How a customer was in touch; a word of the caller's own is kept as it is.
CONTACT_MAX = 50
SCREENING = an_object({"status": one_of(SCREENED)}, always=("status",))
ONBOARDED = an_object(
    {"customerId": ID, "kyc": SCREENING, "ofac": SCREENING, "status": one_of(CUSTOMER_STATUSES)},
    always=("customerId", "status"),
)
TOKEN = an_object(
    {"customerId": ID, "expireDate": MOMENT, "token": TEXT}, always=("customerId", "expireDate", "token")
)
NOTE_ONLY = an_object({"customerId": ID, "customerNoteId": ID}, always=("customerId", "customerNoteId"))
NOTE = an_object(
    {"createdBy": TEXT, "createdDate": MOMENT, "customerId": ID, "customerNoteId": ID, "note": TEXT},
    always=("createdBy", "createdDate", "customerId", "customerNoteId", "note"),
)
SECURITY_ANSWER = an_object(
    {
        "answeredDate": MOMENT, "culture": one_of(CULTURES), "prompt": TEXT, "questionAnswer": TEXT,
        "questionType": TEXT, "verificationId": TEXT,
    },
    always=("answeredDate", "culture", "prompt", "questionAnswer", "questionType", "verificationId"),
)  # fmt: skip


def create_a_business(call: Call, asked: Asked) -> Reply:
    """Take a business on."""
    with saying(TAKEN, BUSINESS_NUMBERS):
        return ok({"customerId": create_business(call.tx, person=person_asked(asked))})


def onboard(call: Call, asked: Asked) -> Reply:
    """Take somebody on and decide in the same breath; somebody who waits is looked at again."""
    with saying(TAKEN, CREATING):
        customer_id = onboard_customer(
            call.tx, person=person_asked(asked), customer_id=asked.find_id("customerId") or 0
        )
    person = get_person(call.tx, customer_id)
    screening = None if person.screened is None else {"status": person.screened[0]}
    return ok({"customerId": customer_id, "kyc": screening, "ofac": screening, "status": person.status})


def change_address(call: Call, asked: Asked) -> Reply:
    """Change one address, which stands beside the id or in an object of its own."""
    customer_id = asked.id("customerId")
    address = asked.child("address") or next(iter(asked.children("addresses")), asked)
    with saying(TAKEN, UPDATING):
        update_address(call.tx, customer_id=customer_id, address=address_asked(address))
    return ok({"customerId": customer_id})


def note_contact(call: Call, asked: Asked) -> Reply:
    """Write down when and how a customer was last in touch; now, unless it is said."""
    customer_id = asked.id("customerId")
    asked.demand("lastContactType")
    at = asked.moment("lastContactDate", get_program(call.tx).zone) or call.tx.now
    if at > call.tx.now:
        asked.refuse(59956, "lastContactDate is in the future.")
    kind = asked.text("lastContactType", most=CONTACT_MAX) or ""
    asked.settle()
    set_last_contact(call.tx, customer_id=customer_id, at=at, kind=kind)
    return ok({"customerId": customer_id})


def generate_token(call: Call, asked: Asked) -> Reply:
    """A token that speaks for one customer."""
    customer_id = asked.id("customerId")
    token = make_token(call.tx, customer_id=customer_id, secret=call.shop.secret)
    expires = moment(token.expires_at, get_program(call.tx).zone)
    return ok({"customerId": customer_id, "expireDate": expires, "token": token.text})


def note(call: Call, asked: Asked) -> Reply:
    """Write something down about a customer."""
    customer_id = asked.id("customerId")
    asked.demand("note")
    written = asked.text("note", most=NOTE_MAX) or ""
    asked.settle()
    return ok(
        {
            "customerId": customer_id,
            "customerNoteId": add_note(call.tx, customer_id=customer_id, text=written),
        }
    )


def show_notes(call: Call, asked: Asked) -> Reply:
    """What was written down about a customer."""
    customer_id, program = asked.id_place(0), get_program(call.tx)
    return ok([_note(program, customer_id, row) for row in list_notes(call.tx, customer_id)])


def show_security_answers(call: Call, asked: Asked) -> Reply:
    """What a customer answered to prove who they are; there is one language so far (reference 9, #26)."""
    person = get_person(call.tx, asked.id_place(0))
    culture = asked.choice_place(1, CULTURES, "culture") or person.culture
    zone = get_program(call.tx).zone
    return ok(
        [
            {
                "answeredDate": moment(row.at, zone),
                "culture": culture,
                "prompt": row.prompt,
                "questionAnswer": row.given,
                "questionType": row.type,
                "verificationId": row.key,
            }
            for row in list_answers(call.tx, person.customer_id)
        ]
    )


def _note(program: ProgramFacts, customer_id: int, row: NoteRow) -> dict[str, object]:
    return {
        "createdBy": row.author,
        "createdDate": moment(row.created_at, program.zone),
        "customerId": customer_id,
        "customerNoteId": row.id,
        "note": row.text,
    }


CALLS = (
    writing(
        "customer/createBusiness", create_a_business, needs="business", shows=CUSTOMER_ONLY,
        takes=(*(one for one in PERSON if one.name not in {"firstName", "lastName", "gender"}), *BUSINESS),
        codes=(
            60006, 60007, 60209, 60261, 60262, 60268, 60269, 60270, 60272, 60273, 60274, 60275, 60303, 60305, 60350,
            60351, 60352, 60353, 60354, 60355, 60356, 61400, 66801, 66802, 66901, 66902, 66903, 66904, 66905, 66906,
        ),
        text="Take a business on",
    ),
    writing(
        "customer/onboard", onboard, needs="onboard", shows=ONBOARDED,
        takes=(
            placed("vendor", TEXT, "Who looks; there is one.", is_required=False),
            placed("all", TEXT, is_required=False), given("customerId", ID, "Somebody who waits."), *PERSON,
        ),
        codes=(60001, 60201, 61400), text="Take somebody on and decide at once",
    ),
    writing(
        "customer/updateAddress", change_address, shows=CUSTOMER_ONLY,
        takes=(
            needed("customerId", ID), *(given(name, text(most)) for name, (_, most) in ADDRESS_TEXTS.items()),
            given("isActive", FLAG),
        ),
        codes=(60001, 60002, 66901, 66902, 66903, 66904, 66905, 66906, 66907), text="Change one address",
    ),
    writing(
        "customer/setLastContact", note_contact, shows=CUSTOMER_ONLY,
        takes=(
            needed("customerId", ID), needed("lastContactType", text(CONTACT_MAX)),
            given("lastContactDate", ASKED_DAY),
        ),
        codes=(59956, 60001, 61401), text="Write down when a customer was last in touch",
    ),
    writing(
        "customer/generateToken", generate_token, needs="customer_tokens", takes=(needed("customerId", ID),),
        shows=TOKEN, codes=(60001, 60002, 60003, 60004, 60005, 61400), text="Make a token that speaks for a customer",
    ),
    writing(
        "customer/note", note, needs="notes", takes=(needed("customerId", ID), needed("note", text(NOTE_MAX))),
        shows=NOTE_ONLY, codes=(60001, 61400, 61401), text="Write something down about a customer",
    ),
    reading(
        "customer/notesList", show_notes, needs="notes", takes=(placed("customerId"),), shows=a_list(NOTE),
        codes=(60001, 61400), text="List what was written down about a customer",
    ),
    reading(
        "customer/securityAnswersList", show_security_answers, needs="security_answers",
        takes=(placed("customerId"), placed("culture", one_of(CULTURES), is_required=False)),
        shows=a_list(SECURITY_ANSWER), codes=(59956, 60001, 61400),
        text="List what a customer answered to prove who they are",
    ),
)  # fmt: skip
