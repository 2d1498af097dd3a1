"""What is done to customers of the bank: taken on, changed, verified, decided on, locked, noted down, archived."""

from collections.abc import Callable
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_customer_forms import (
    ADDRESS,
    AT_ONCE,
    BUSINESS,
    CHANGE,
    CHANGE_COMPANY,
    CONTACT,
    DECIDE,
    LOCK,
    LOOKED_UP,
    NOTE,
    NUMBERS,
    PERSON,
    PHONE,
    address_of_typed,
    kept_of,
    on_form,
    person_of,
    phone_of_typed,
)
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.rendering import written_when
from comptoir.console.visits import Answer, Gone, Shown, Visit
from comptoir.domain.banking.customers.attending import lock_customer, set_last_contact, unlock_customer
from comptoir.domain.banking.customers.creating import (
    create_business,
    create_customer,
    initiate_customer,
    onboard_customer,
)
from comptoir.domain.banking.customers.finding import open_questions
from comptoir.domain.banking.customers.notes import add_note
from comptoir.domain.banking.customers.persons import get_person
from comptoir.domain.banking.customers.relationship_errors import NotABusiness
from comptoir.domain.banking.customers.tokens import make_token
from comptoir.domain.banking.customers.updating import update_address, update_customer
from comptoir.domain.banking.customers.verifying import decide as decide_on
from comptoir.domain.banking.customers.verifying import prove, verify_customer
from comptoir.domain.banking.leaving import archive_customer
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Conflict, Invalid

PATH = "/bank/customers"


TOKENS = "customer_tokens"


class NothingAsked(Conflict):
    """No questions wait for answers."""

    def __init__(self) -> None:
        super().__init__("no questions wait for this customer's answers")


def back(visit: Visit, said: str, ending: str = "") -> Gone:
    """The customer's page."""
    return Gone(address_of(f"{PATH}/{visit.id}{ending}"), said)


def said_well(work: Callable[..., Any], *said: Any, **named: Any) -> Any:
    """Do something whose refusals name fields otherwise than our forms do. Refuses: Problems, and what it does."""
    try:
        return work(*said, **named)
    except Invalid as error:
        raise on_form(error) from error


def make(visit: Visit) -> Answer:
    """Take somebody on."""
    typed = PERSON.read(visit)
    person = person_of(typed)
    if typed["how"] == AT_ONCE:
        made = said_well(create_customer, visit.tx, person=person)
    elif typed["how"] == LOOKED_UP:
        made = said_well(onboard_customer, visit.tx, person=person)
    else:
        made = said_well(initiate_customer, visit.tx, person=person).customer_id
    return Gone(address_of(f"{PATH}/{made}"), "The customer was taken on.")


def make_business(visit: Visit) -> Answer:
    """Take a business on."""
    made = said_well(create_business, visit.tx, person=person_of(BUSINESS.read(visit)))
    return Gone(address_of(f"{PATH}/{made}"), "The business was taken on.")


def change(visit: Visit) -> Answer:
    """Change what differs."""
    return change_by(visit, CHANGE)


def change_company(visit: Visit) -> Answer:
    """Change what differs of a business. Refuses: NotABusiness, and what the verb does."""
    if not get_person(visit.tx, visit.id).is_business:
        raise NotABusiness(f"customer {visit.id} is not a business")
    return change_by(visit, CHANGE_COMPANY)


def change_by(visit: Visit, form: Form) -> Answer:
    """Change what a form says otherwise than is kept."""
    changes: Any = form.changes(visit, kept_of(get_person(visit.tx, visit.id), form))
    if changes:
        said_well(update_customer, visit.tx, customer_id=visit.id, person=changes)
    return back(visit, "The customer was saved." if changes else "Nothing was changed.")


def change_numbers(visit: Visit) -> Answer:
    """Replace the numbers that were typed; what was left empty stays."""
    said: Any = {name: value for name, value in NUMBERS.read(visit).items() if value}
    if said:
        said_well(update_customer, visit.tx, customer_id=visit.id, person=said)
    return back(visit, "The numbers were saved." if said else "Nothing was changed.")


def keep_address(visit: Visit) -> Answer:
    """Keep an address in the place of the one of its kind."""
    address = address_of_typed(ADDRESS.read(visit))
    if address is None:
        raise Invalid("line1", "must not be empty")
    said_well(update_address, visit.tx, customer_id=visit.id, address=address)
    return back(visit, "The address was saved.")


def keep_phone(visit: Visit) -> Answer:
    """Keep a telephone in the place of the one of its kind."""
    phone = phone_of_typed(PHONE.read(visit))
    if phone is None:
        raise Invalid("number", "must not be empty")
    said_well(update_customer, visit.tx, customer_id=visit.id, person={"phones": [phone]})
    return back(visit, "The telephone was saved.")


def verify_form(visit: Visit) -> Form | None:
    """The questions that wait for answers, as a form."""
    asked = open_questions(visit.tx, visit.id)
    if asked is None:
        return None
    return Form(
        "verify",
        tuple(
            Field(f"q{place}", one["prompt"], kinds.choice({each: each for each in one["answers"]}), required=True)
            for place, one in enumerate(asked[1])
        ),
        "Send the answers",
    )  # fmt: skip


def verify(visit: Visit) -> Answer:
    """Judge the answers. Refuses: NothingAsked, and what the verb does."""
    asked, form = open_questions(visit.tx, visit.id), verify_form(visit)
    if asked is None or form is None:
        raise NothingAsked
    typed = form.read(visit)
    answers = {one["type"]: typed[f"q{place}"] for place, one in enumerate(asked[1])}
    judged = verify_customer(visit.tx, customer_id=visit.id, key=asked[0], answers=answers)
    return back(visit, f"The customer is {judged.status} now.")


def look_up(visit: Visit) -> Answer:
    """Let the verifier decide about somebody who waits."""
    return back(visit, f"The customer is {prove(visit.tx, visit.id)} now.")


def decide(visit: Visit) -> Answer:
    """The bank's own decision."""
    status = DECIDE.read(visit)["status"]
    decide_on(visit.tx, customer_id=visit.id, status=status)
    return back(visit, f"The customer is {status} now.")


def lock(visit: Visit) -> Answer:
    """Let them do nothing until they are unlocked."""
    lock_customer(visit.tx, customer_id=visit.id, **LOCK.read(visit))
    return back(visit, "The customer is locked.")


def unlock(visit: Visit) -> Answer:
    """Let them act again."""
    unlock_customer(visit.tx, customer_id=visit.id)
    return back(visit, "The customer is unlocked.")


def archive(visit: Visit) -> Answer:
    """Let them leave, for good."""
    archive_customer(visit.tx, customer_id=visit.id)
    return back(visit, "The customer has left.")


def token(visit: Visit) -> Answer:
    """Make a token that speaks for the customer, and show it once. Refuses: NotEnabled, and what the verb does."""
    require_feature(get_program(visit.tx), TOKENS)
    made, here = (
        make_token(visit.tx, customer_id=visit.id, secret=visit.home.secret),
        address_of(f"{PATH}/{visit.id}"),
    )
    values: dict[str, Any] = {
        "title": "A token for the customer",
        "way": [("Bank customers", address_of(PATH)), (f"Customer {visit.id}", here)],
        "about": f"It speaks for the customer until {written_when(made.expires_at, visit.shop)}. It is kept nowhere.",
        "secrets": [("Token", made.text)],
        "examples": [],
        "onward": here,
    }
    return Shown("shown_once.html", values)


def contact(visit: Visit) -> Answer:
    """Note when and how they were last in touch. Refuses: Invalid (at), and what the verb does."""
    typed = CONTACT.read(visit)
    if typed["at"] > visit.tx.now:
        raise Invalid("at", "is still to come")
    set_last_contact(visit.tx, customer_id=visit.id, **typed)
    return back(visit, "It was noted down.", "/papers")


def note(visit: Visit) -> Answer:
    """Write something down."""
    add_note(visit.tx, customer_id=visit.id, **NOTE.read(visit))
    return back(visit, "It was written down.", "/papers")
