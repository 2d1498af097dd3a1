"""Customers of the bank: listed, taken on, and shown with their money, their papers and who belongs to them."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import bank_customer_acts as acts
from comptoir.console.bank_choices import spelt
from comptoir.console.bank_customer_forms import (
    ADDRESS,
    BUSINESS,
    CHANGE,
    CHANGE_COMPANY,
    DECIDE,
    LOCK,
    NUMBERS,
    PERSON,
    PHONE,
    kept_of,
)
from comptoir.console.bank_customer_parts import show_money, show_papers, tabs_of
from comptoir.console.bank_diligence import count_open
from comptoir.console.bank_gift_codes import buy
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    day,
    fact,
    forms,
    masked,
    moment,
    page,
    state,
    yes_no,
)
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.filters import (
    TEXT_MAX,
    Asking,
    Input,
    Narrowing,
    choice,
    exactly,
    findable,
    spelled,
    value_of,
)
from comptoir.console.filters import flag as flag_filter
from comptoir.console.listing import Listing, by_name, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Page, Shown, Visit
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.finding import PART_LETTERS, find_people
from comptoir.domain.banking.customers.industries import INDUSTRIES
from comptoir.domain.banking.customers.models import (
    CUSTOMER_STATUSES,
    ENDED_STATUSES,
    INITIATED,
    MANUAL_REVIEW,
    VERIFIED,
    BankCustomer,
)
from comptoir.domain.banking.customers.persons import PersonFacts, get_person, list_addresses, list_phones
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.permissions import BANK, CUSTOMERS, SEE
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target

PATH = acts.PATH
WAY = [("Bank customers", address_of(PATH))]
BY_ID = Target(BankCustomer.customer_id, "number")


def called(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """What they are called, and their e-mail addresses."""
    names = names_of(tx, ids)
    return [[Cell(names[one].text), Cell(names[one].email)] for one in ids]


def asked_who(query: Any, _shop: ShopFacts) -> Asking:
    """Parts of a name or e-mail address; the list itself looks them up."""
    value = value_of(query, "who")
    has_word = any(len(word) >= PART_LETTERS for word in value.split())
    problem = f"Name or e-mail: at least {PART_LETTERS} letters" if value and not has_word else ""
    return Asking((Input("who", "Name or e-mail", "search", value),), (), problem)


def within(visit: Visit) -> tuple[Filter, ...]:
    """Only those of whom these words are true."""
    who = value_of(visit.asked.query, "who")
    if not who:
        return ()
    try:
        found = find_people(visit.tx, findable(who)[:TEXT_MAX])
    except ValueError:
        return (Filter(BY_ID, "never"),)
    return (Filter(BY_ID, "in", tuple(found)) if found else Filter(BY_ID, "never"),)


PEOPLE = Listing(
    "bank-customers",
    "Bank customers",
    PATH,
    BankCustomer,
    columns=(
        badge("Status", BankCustomer.status),
        flag("Kind", BankCustomer.is_business, "business", "person"),
        text("Tag", BankCustomer.tag),
        flag("Locked", BankCustomer.is_locked, "locked", ""),
        when("Since", BankCustomer.created_at),
    ),
    sorts=(*newest_first(BankCustomer.customer_id), *by_name(BankCustomer.name_key, "last name or business")),
    filters=(
        Narrowing("who", asked_who),
        spelled("tag", "Tag", BankCustomer.tag),
        choice("status", "Status", BankCustomer.status, CUSTOMER_STATUSES),
        flag_filter("business", "Kind", BankCustomer.is_business, yes="businesses", no="persons"),
        exactly("number", "Number", BankCustomer.customer_id),
    ),
    area=BANK,
    make="Take somebody on",
    ways=(("Find somebody by a number of theirs", f"{PATH}/search"),),
    more_titles=("Name", "E-mail"),
    more=called,
    more_leads=True,
)


def show_new(visit: Visit) -> Answer:
    """The form for a person."""
    filled = PERSON.filled(
        visit, address_of(f"{PATH}/new"), {"how": "at once", "gender": "U", "culture": "en-US"}
    )
    return Shown("form.html", {"title": "Take somebody on", "way": WAY, "filled": filled})


def show_new_business(visit: Visit) -> Answer:
    """The form for a business."""
    filled = BUSINESS.filled(visit, address_of(f"{PATH}/business"), {"is_registered_here": True})
    return Shown("form.html", {"title": "Take a business on", "way": WAY, "filled": filled})


def show_people(visit: Visit) -> Answer:
    """The list."""
    return show_list(PEOPLE, within)(visit)


def show_customer(visit: Visit) -> Answer:
    """One customer."""
    person = get_person(visit.tx, visit.id)
    name = names_of(visit.tx, [visit.id])[visit.id].text
    leaf = Leaf(name, WAY, facts_of(visit.shop, person), tabs=tabs_of(visit.id, ""))
    leaf.subject = ("bank_customer", visit.id)
    if person.is_locked:
        leaf.warning = f"The customer is locked: {person.locked_reason or 'no reason was given'}."
    leaf.ways = ways_of(visit, person)
    leaf.sections = [numbers_section(person), where_section(visit)]
    if visit.may(BANK):
        leaf.buttons = buttons_of(visit, person)
        leaf.sections.append(Section("What can be done", forms=forms(visit, *asked_of(visit, person))))
    return page(visit, leaf)


def ways_of(visit: Visit, person: PersonFacts) -> list[Way]:
    """Where to go from here: to the customer of the shop, and to what they were not asked yet."""
    found: list[Way] = []
    if visit.may(CUSTOMERS, SEE):
        found.append(Way("In the shop", address_of(f"/customers/{visit.id}")))
    waiting = 0 if person.status in ENDED_STATUSES else count_open(visit.tx, visit.id)
    if waiting:
        label = f"{waiting} {'question' if waiting == 1 else 'questions'} of due diligence to answer"
        found.append(Way(label, address_of(f"{PATH}/{visit.id}/diligence")))
    return found


def facts_of(shop: ShopFacts, person: PersonFacts) -> list[Fact]:
    """Who they are, and how they stand with the bank."""
    return [
        state("Status", person.status),
        fact("Name", " ".join(filter(None, (person.first_name, person.middle_name, person.last_name, person.suffix)))),
        fact("E-mail", person.email), day("Born on", person.birth_date),
        fact("Preferred name", person.detail("preferred_name")), *company_facts(person),
        *(fact(f"Own field {one}", getattr(person, f"custom{one}")) for one in range(1, 6)),
        fact("Language", person.culture), fact("Tag", person.tag), fact("Access", person.access_type),
        yes_no("Business", person.is_business), yes_no("Documents accepted", person.is_documents_accepted),
        yes_no("News of the bank", person.is_opted_in), yes_no("Tax withheld", person.is_backup_withholding),
        moment(shop, "Since", person.created_at), moment(shop, "Verified", person.verified_at),
        moment(shop, "In manual review since", person.manual_review_at), moment(shop, "Expired", person.expired_at),
        moment(shop, "Died", person.deceased_at), moment(shop, "Last in touch", person.last_contact_at),
        fact("by", person.last_contact_type), moment(shop, "Last active", person.last_activity_at),
    ]  # fmt: skip


def company_facts(person: PersonFacts) -> list[Fact]:
    """What is known of a business."""
    code = person.detail("industry_code")
    return [
        fact("Trades as", person.detail("doing_business_as")),
        fact("Legal form", spelt(person.detail("legal_entity_type") or "")),
        fact("Website", person.detail("business_website")), fact("What it does", person.detail("business_description")),
        fact("Trade", "" if code is None else INDUSTRIES.get(code, str(code))),
        fact("Name on cards", person.detail("business_name_on_card")),
        fact("Founded in", person.detail("formation_state")), day("Founded on", person.detail_day("formed_on")),
        fact("Need not tell its owners", "yes" if person.detail("is_exempt_from_ownership") else ""),
        fact("being", spelt(person.detail("exempt_reason") or "")),
    ]  # fmt: skip


def numbers_section(person: PersonFacts) -> Section:
    """Numbers that identify them, of which only the ends are shown."""
    facts = [
        fact("Tax number", masked(person.tax_id)),
        fact("Driver's licence", masked(person.license_number)),
        fact("Its state", person.license_state),
        fact("Passport", masked(person.passport_number)),
        fact("Its country", person.passport_country),
        fact("Foreign papers", masked(person.foreign_number)),
    ]
    known = [one for one in facts if one.text]
    return Section("Numbers", facts=known, note="" if known else "None is known.")


def where_section(visit: Visit) -> Section:
    """Addresses and telephones."""
    rows = [
        [
            Cell(one["address_type"]),
            Cell(", ".join(filter(None, (one["line1"], one["line2"], one["line3"], one["line4"])))),
            Cell(f"{one['postal_code']} {one['city']}, {one['state']}"),
            Cell("active" if one["is_active"] else "inactive", "badge"),
        ]
        for one in list_addresses(visit.tx, visit.id)
    ]
    rows += [
        [
            Cell(f"{one['phone_type']} telephone"), Cell(one["number"]), Cell(""),
            Cell("active" if one["is_active"] else "inactive", "badge"),
        ]
        for one in list_phones(visit.tx, visit.id)
    ]  # fmt: skip
    titles = ("Kind", "Street or number", "Place", "State")
    return Section("Where they are", titles=titles, rows=rows, empty="No address is known.")


def buttons_of(visit: Visit, person: PersonFacts) -> list[Button]:
    """What a click does."""
    path, found = f"{PATH}/{person.customer_id}", []
    if person.is_locked:
        found.append(Button(f"{path}/unlock", "Unlock"))
    if person.status in {INITIATED, MANUAL_REVIEW}:
        found.append(Button(f"{path}/look-up", "Look them up"))
    if person.status == VERIFIED and acts.TOKENS in get_program(visit.tx).features:
        found.append(Button(f"{path}/token", "Make a token"))
    if person.status not in ENDED_STATUSES:
        confirm = "Let this customer leave for good?"
        found.append(Button(f"{path}/archive", "Archive", confirm=confirm, is_danger=True))
    return found


def asked_of(visit: Visit, person: PersonFacts) -> list[AskedForm]:
    """What needs to be filled in."""
    path = f"{PATH}/{person.customer_id}"
    found: list[AskedForm] = []
    questions = acts.verify_form(visit)
    if questions is not None and person.status == INITIATED:
        found.append(("Answer the questions that prove who they are", questions, f"{path}/verify", None))
    if person.status in {INITIATED, MANUAL_REVIEW, VERIFIED}:
        found.append(("Decide for the bank", DECIDE, f"{path}/decide", None))
    if person.status not in ENDED_STATUSES:
        found += [
            ("Change", CHANGE, f"{path}/change", kept_of(person, CHANGE)),
            ("Add or replace an address", ADDRESS, f"{path}/address", {"is_active": True}),
            ("Add or replace a telephone", PHONE, f"{path}/phone", {"is_active": True}),
            ("Replace numbers", NUMBERS, f"{path}/numbers", None),
        ]
        if person.is_business:
            found.append(
                ("Change the business", CHANGE_COMPANY, f"{path}/company", kept_of(person, CHANGE_COMPANY))
            )
    if not person.is_locked:
        found.append(("Lock", LOCK, f"{path}/lock", None))
    return found


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_people, BANK),
    Page(f"{PATH}/new", show_new, BANK),
    Act(f"{PATH}/new", acts.make, BANK, show_new),
    Page(f"{PATH}/business", show_new_business, BANK),
    Act(f"{PATH}/business", acts.make_business, BANK, show_new_business),
    Page(ONE, show_customer, BANK),
    Page(f"{ONE}/money", show_money, BANK),
    Page(f"{ONE}/papers", show_papers, BANK),
    Act(f"{ONE}/gift-code", buy, BANK, show_money),
    Act(f"{ONE}/change", acts.change, BANK, show_customer),
    Act(f"{ONE}/company", acts.change_company, BANK, show_customer),
    Act(f"{ONE}/token", acts.token, BANK, show_customer),
    Act(f"{ONE}/numbers", acts.change_numbers, BANK, show_customer),
    Act(f"{ONE}/address", acts.keep_address, BANK, show_customer),
    Act(f"{ONE}/phone", acts.keep_phone, BANK, show_customer),
    Act(f"{ONE}/verify", acts.verify, BANK, show_customer),
    Act(f"{ONE}/look-up", acts.look_up, BANK, show_customer),
    Act(f"{ONE}/decide", acts.decide, BANK, show_customer),
    Act(f"{ONE}/lock", acts.lock, BANK, show_customer),
    Act(f"{ONE}/unlock", acts.unlock, BANK, show_customer),
    Act(f"{ONE}/archive", acts.archive, BANK, show_customer),
    Act(f"{ONE}/contact", acts.contact, BANK, show_papers),
    Act(f"{ONE}/note", acts.note, BANK, show_papers),
)
