"""Taking customers on: at once, or by questions first, as the program has it (reference 3.3.5)."""

from comptoir.domain.banking.customers.cleaning import cleaned
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.errors import MustInitiate, NoQuestions
from comptoir.domain.banking.customers.judging import (
    REQUIRED,
    problems_of_addresses,
    problems_of_business,
    problems_of_changed,
    problems_of_foreign_papers,
    problems_of_industry,
    problems_of_names_on_cards,
    problems_of_new,
    problems_of_phones,
    problems_of_texts,
)
from comptoir.domain.banking.customers.models import INITIATED, VERIFIED
from comptoir.domain.banking.customers.persons import Person
from comptoir.domain.banking.customers.updating import is_on_card
from comptoir.domain.banking.customers.verifying import Verification, begin, prove, screen
from comptoir.domain.banking.program.models import ANY, IDENTITY, NONE, OFAC_ONLY
from comptoir.domain.banking.program.queries import ProgramFacts, get_program, require_feature
from comptoir.domain.identity.texts import Problem, refuse
from comptoir.domain.tx import Tx


def create_customer(tx: Tx, *, person: Person) -> int:
    """Take somebody on without questions, and give the id.

    Verified at once, or once the lists have been looked at where the program says so.
    Refuses: NoProgram, MustInitiate, Problems (what is missing or wrong), TagTaken, TaxIdTaken,
    TooManyRegistrations.
    """
    program = get_program(tx)
    if program.verification_type == IDENTITY:
        raise MustInitiate
    person = cleaned(person)
    refuse(_problems(tx, program, person))
    if program.verification_type != OFAC_ONLY:
        return enter_customer(tx, person, status=VERIFIED)
    customer_id = enter_customer(tx, person, status=INITIATED)
    screen(tx, customer_id)
    return customer_id


def initiate_customer(tx: Tx, *, person: Person) -> Verification:
    """Take somebody on and put questions to them, which `verify_customer` judges the answers of.

    Refuses: NoProgram, NoQuestions, Problems (what is missing or wrong; where the customer lives too), TagTaken,
    TaxIdTaken, TooManyRegistrations.
    """
    program = get_program(tx)
    if program.verification_type not in {IDENTITY, ANY}:
        raise NoQuestions
    person = cleaned(person)
    problems = _problems(tx, program, person)
    if program.verification_type == IDENTITY:
        problems = [*_problems_of_home(person), *(one for one in problems if one[0] != "addresses")]
    refuse(problems)
    return begin(tx, enter_customer(tx, person, status=INITIATED))


def create_business(tx: Tx, *, person: Person) -> int:
    """Take a business on, and give its id. Nobody is asked questions of it: it is proven at once, or not.

    Refuses: NoProgram, NotEnabled, Problems (what is missing or wrong), TagTaken, BusinessTaken,
    TooManyRegistrations.
    """
    program = get_program(tx)
    require_feature(program, "business")
    person = cleaned(person, is_business=True)
    refuse([
        *problems_of_texts(person),
        *problems_of_business(person, is_new=True),
        *problems_of_changed(person, tx.now.astimezone(program.zone).date()),
        *problems_of_addresses(person.get("addresses", ()), is_business=True, is_on_card=is_on_card(tx)),
        *problems_of_phones(person.get("phones", ())),
        *problems_of_names_on_cards(person, program.features),
        *problems_of_industry(person),
        *problems_of_foreign_papers(person, program.features),
    ])  # fmt: skip
    if program.verification_type in {NONE, ANY}:
        return enter_customer(tx, person, status=VERIFIED, is_business=True)
    customer_id = enter_customer(tx, person, status=INITIATED, is_business=True)
    prove(tx, customer_id)
    return customer_id


def onboard_customer(tx: Tx, *, person: Person, customer_id: int = 0) -> int:
    """Take somebody on, or somebody who waits again, and decide in the same breath; give the id.

    Refuses: NoProgram, NotEnabled, Problems, TagTaken, TaxIdTaken, TooManyRegistrations; CustomerNotFound.
    """
    program = get_program(tx)
    require_feature(program, "onboard")
    if not customer_id:
        person = cleaned(person)
        refuse(_problems(tx, program, person))
        customer_id = enter_customer(tx, person, status=INITIATED)
    prove(tx, customer_id)
    return customer_id


def _problems(tx: Tx, program: ProgramFacts, person: Person) -> list[Problem]:
    today = tx.now.astimezone(program.zone).date()
    return [
        *problems_of_texts(person),
        *problems_of_new(person, is_residence_needed=program.is_residence_needed, today=today),
        *problems_of_addresses(person.get("addresses", ()), is_on_card=is_on_card(tx)),
        *problems_of_phones(person.get("phones", ())),
        *problems_of_names_on_cards(person, program.features),
        *problems_of_industry(person),
        *problems_of_foreign_papers(person, program.features),
    ]


def _problems_of_home(person: Person) -> list[Problem]:
    """Whoever is asked questions says where they live."""
    homes = [one for one in person.get("addresses", ()) if one["address_type"] == "Residence"]
    if not homes:
        return [("home", REQUIRED)]
    return [("home_postal_code", REQUIRED)] if not homes[0]["postal_code"] else []
