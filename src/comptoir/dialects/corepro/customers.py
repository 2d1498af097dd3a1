"""Customers: taken on, verified, found, changed, archived (reference 3.3)."""

from typing import Any

from comptoir.dialects.corepro import customer_lists
from comptoir.dialects.corepro import customers_shown as shown
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.customer_numbers import CREATING, UPDATING
from comptoir.dialects.corepro.customers_asked import BUSINESS, PERSON, person_asked
from comptoir.dialects.corepro.paging import PAGING, page_asked
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, Refusals, Said, saying
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import ID, TAG, TEXT, a_list, an_object, needed, one_of, placed
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.cleaning import cleaned
from comptoir.domain.banking.customers.creating import create_customer, initiate_customer
from comptoir.domain.banking.customers.errors import (
    BusinessTaken,
    MustInitiate,
    NoQuestions,
    TagTaken,
    TaxIdTaken,
    TooManyRegistrations,
    VerificationEnded,
    VerificationNotFound,
)
from comptoir.domain.banking.customers.models import CUSTOMER_STATUSES
from comptoir.domain.banking.customers.persons import PersonFacts, get_person
from comptoir.domain.banking.customers.searching import (
    SEARCHED,
    find_by_email,
    find_by_tag,
    list_people,
    search_people,
)
from comptoir.domain.banking.customers.updating import update_customer
from comptoir.domain.banking.customers.verifying import Verification, verify_customer
from comptoir.domain.banking.leaving import (
    AccountNotClosed,
    BalanceLeft,
    CardActive,
    TransactionsPending,
    archive_customer,
)
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.customers.errors import CustomerNotFound as ShopCustomerNotFound

CUSTOMER_ONLY = an_object({"customerId": ID}, always=("customerId",))
QUESTION = an_object(
    {"answers": a_list(TEXT), "prompt": TEXT, "type": TEXT}, always=("answers", "prompt", "type")
)
MESSAGE = an_object({"verificationId": TEXT, "verificationMessage": TEXT}, always=("verificationId",))
RESPONSE = an_object(
    {
        "customerId": ID, "messages": a_list(MESSAGE), "questions": a_list(QUESTION), "verificationId": TEXT,
        "verificationStatus": one_of(CUSTOMER_STATUSES),
    },
    always=("customerId", "messages", "questions", "verificationId", "verificationStatus"),
)  # fmt: skip
ANSWER = an_object({"questionAnswer": TEXT, "questionType": TEXT}, always=("questionAnswer", "questionType"))

# What is somebody else's, which the numbers of fields do not know.
TAKEN: Refusals = {
    BusinessTaken: Refusal(60270, "A business with this taxId exists already."),
    TagTaken: Refusal(60303, "Tag is used by another customer."),
    TaxIdTaken: Refusal(60224, "taxId belongs to another customer."),
}
# The numbers 60224, 60225, 60501 and 60502 are our own (reference 9, #5 and #16).
REFUSALS: Refusals = {
    **TAKEN,
    ShopCustomerNotFound: Refusal(60001, "Customer id {key} is invalid."),
    MustInitiate: 60213,
    NoQuestions: 60106,
    TooManyRegistrations: 60225,
    VerificationNotFound: Refusal(60501, "Verification id {key} is invalid."),
    VerificationEnded: 60502,
    TransactionsPending: 67201,
    BalanceLeft: 67202,
    AccountNotClosed: 67203,
    CardActive: 67204,
}


def create(call: Call, asked: Asked) -> Reply:
    """Take a customer on without questions."""
    person = person_asked(asked)
    _judge_status(asked)
    with saying(TAKEN, CREATING):
        return ok({"customerId": create_customer(call.tx, person=person)})


def initiate(call: Call, asked: Asked) -> Reply:
    """Take a customer on and put questions to them."""
    person = person_asked(asked)
    _judge_status(asked)
    with saying(TAKEN, CREATING):
        return ok(_response(initiate_customer(call.tx, person=person)))


def verify(call: Call, asked: Asked) -> Reply:
    """Judge the answers."""
    asked.demand("verificationId")
    answers = {
        (one.text("questionType") or "").strip(): one.text("questionAnswer") or ""
        for one in asked.children("answers")
    }
    if not answers:
        asked.refuse(REQUIRED, "Required parameter answers is missing.")
    asked.settle()
    key = (asked.text("verificationId") or "").strip()
    return ok(
        _response(verify_customer(call.tx, customer_id=asked.id("customerId"), key=key, answers=answers))
    )


def update(call: Call, asked: Asked) -> Reply:
    """Change what is said of a customer."""
    customer_id = asked.id("customerId")
    with saying(TAKEN, UPDATING):
        update_customer(call.tx, customer_id=customer_id, person=person_asked(asked))
    return ok({"customerId": customer_id})


def archive(call: Call, asked: Asked) -> Reply:
    """Let a customer leave, for good."""
    customer_id = asked.id("customerId")
    archive_customer(call.tx, customer_id=customer_id)
    return ok({"customerId": customer_id})


def get(call: Call, asked: Asked) -> Reply:
    """One customer with all that is theirs."""
    return _shown(call, get_person(call.tx, asked.id_place(0)))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The customer of a tag, which may hold slashes (9, #27)."""
    for tag in asked.spellings("tag"):
        if (person := find_by_tag(call.tx, tag)) is not None:
            return _shown(call, person)
    return _get_by_id_and_tag(call, asked)


def _get_by_id_and_tag(call: Call, asked: Asked) -> Reply:
    """One client puts the customer's id before the tag, also where an account's is meant (8.6)."""
    customer_id = asked.id_place(0)
    for tag in asked.spellings("tag", place=1) if asked.has_place(1) else ():
        person = find_by_tag(call.tx, tag, customer_id=customer_id)
        if person is None and customer_lists.has_tag(call.tx, customer_id, tag):
            person = get_person(call.tx, customer_id)
        if person is not None:
            return _shown(call, person)
    return ok()


def get_by_email(call: Call, asked: Asked) -> Reply:
    """The customer of an e-mail address, which stands in the path or in the query."""
    for email in asked.spellings("emailAddress"):
        if (person := find_by_email(call.tx, email)) is not None:
            return _shown(call, person)
    return ok()


def show_all(call: Call, asked: Asked) -> Reply:
    """All customers, of every status, by name."""
    page = page_asked(asked)
    people = list_people(call.tx, limit=page.size, offset=page.start)
    return ok(shown.found(get_program(call.tx), people.page, people.total))


def search(call: Call, asked: Asked) -> Reply:
    """The customers of whom all is true that is said."""
    said = person_asked(asked)
    wanted: Any = {name: value for name, value in cleaned(said).items() if name in SEARCHED and value != ""}
    asked.settle()
    if not wanted:
        raise Said(Refusal(60401, "At least one field to search by is required."))
    page = page_asked(asked)
    people = search_people(call.tx, wanted, limit=page.size, offset=page.start)
    return ok(shown.found(get_program(call.tx), people.page, people.total))


def _shown(call: Call, person: PersonFacts) -> Reply:
    # The client that names no agent stumbles over any card here (1.3, 8.2).
    is_carded = bool(call.request.headers.get("user-agent"))
    return ok(shown.whole(call.tx, get_program(call.tx), person, is_carded=is_carded))


def _response(verification: Verification) -> dict[str, Any]:
    return {
        "customerId": verification.customer_id,
        "messages": [{"verificationId": verification.key, "verificationMessage": verification.message}],
        "questions": [
            {"answers": list(one.answers), "prompt": one.prompt, "type": one.type}
            for one in verification.questions
        ],
        "verificationId": verification.key,
        "verificationStatus": verification.status,
    }


def _judge_status(asked: Asked) -> None:
    """A status is given by nobody but the bank; a word that is none is refused all the same."""
    status = (asked.text("status") or "").strip().lower()
    if status and status not in {known.lower() for known in CUSTOMER_STATUSES}:
        asked.refuse(60208, "Status is invalid.")


_CREATE_CODES = (
    60006, 60007, 60201, 60202, 60203, 60204, 60205, 60206, 60207, 60208, 60209, 60210, 60211, 60212, 60215, 60216,
    60217, 60218, 60219, 60220, 60221, 60222, 60223, 60224, 60225, 60263, 60264, 60265, 60266, 60303, 60305, 60350,
    60351, 60352, 60353, 60354, 60355, 60356, 66908,
)  # fmt: skip
CALLS = (
    writing(
        "customer/create", create, takes=(*PERSON, *BUSINESS), shows=CUSTOMER_ONLY,
        codes=(*_CREATE_CODES, 60213, 60214), text="Take a customer on without questions",
    ),
    writing(
        "customer/initiate", initiate, takes=PERSON, shows=RESPONSE, codes=(60106, 60111, 60112),
        text="Take a customer on and put questions to them",
    ),
    writing(
        "customer/verify", verify,
        takes=(needed("customerId", ID), needed("verificationId", TEXT), needed("answers", a_list(ANSWER))),
        shows=RESPONSE, codes=(60001, 60002, 60004, 60501, 60502, 61401), text="Judge a customer's answers",
    ),
    writing(
        "customer/update", update, takes=(needed("customerId", ID), *PERSON, *BUSINESS), shows=CUSTOMER_ONLY,
        codes=(
            60001, 60002, 60004, 60005, 60006, 60007, 60201, 60202, 60207, 60209, 60224, 60263, 60264, 60265, 60266,
            60301, 60302, 60303, 60304, 60305, 60306, 60307, 60308, 60350, 60351, 60352, 60353, 60354, 60355, 60356,
            60450, 66801, 66802, 66901, 66902, 66903, 66904, 66905, 66906, 66907, 66908,
        ),
        text="Change what is said of a customer",
    ),
    writing(
        "customer/archive", archive, takes=(needed("customerId", ID),), shows=CUSTOMER_ONLY,
        aliases=("customer/deactivate",), codes=(60001, 60002, 67201, 67202, 67203, 67204),
        text="Let a customer leave, for good",
    ),
    reading(
        "customer/get", get, takes=(placed("customerId"),), shows=shown.CUSTOMER, codes=(60001,),
        text="Show a customer",
    ),
    reading(
        "customer/getByTag", get_by_tag, takes=(placed("tag", TAG, "May hold slashes.", is_required=False),),
        shows=shown.CUSTOMER, text="Show the customer of a tag",
    ),
    reading(
        "customer/getByEmail", get_by_email, takes=(placed("emailAddress", TEXT, is_required=False),),
        shows=shown.CUSTOMER, text="Show the customer of an e-mail address",
    ),
    reading(
        "customer/list", show_all, takes=PAGING, shows=a_list(shown.CUSTOMER_FOUND),
        text="List all customers by name",
    ),
    reading(
        "customer/search", search, method="POST", takes=(*(one for one in PERSON if one.name != "addresses"), *PAGING),
        shows=a_list(shown.CUSTOMER_FOUND), codes=(60401,), text="Find customers",
    ),
)  # fmt: skip
