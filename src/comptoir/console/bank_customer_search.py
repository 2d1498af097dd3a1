"""Customers of the bank found by what is known of them: numbers of papers, birthdays, names, own fields.

What is looked for is sent as a form and stands in no address, since it tells who people are.
"""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import Choices
from comptoir.console.bank_customer_acts import PATH
from comptoir.console.bank_customer_forms import FLAGS, MORE_NAMES, NAMES, PAPERS
from comptoir.console.bank_parts import Leaf, Section, fact, forms, page, to
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Page, Shown, Visit
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.persons import Person
from comptoir.domain.banking.customers.searching import SEARCHED, search_people
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

HERE = f"{PATH}/search"
TITLE, WAY = "Find a customer of the bank", [("Bank customers", address_of(PATH))]
ABOUT = "All that is filled in must be true of them. Numbers are compared without blanks and signs."
SHOWN_MAX = 100
EITHER = {"1": "yes", "0": "no"}


def yes_or_no(_visit: Visit) -> Choices:
    """What may be true or not; empty, it is not asked for."""
    return list(EITHER.items())


SEARCH = Form(
    "search",
    (
        *(Field(one.name, one.label, one.kind, group=one.group) for one in (*PAPERS, *NAMES, *MORE_NAMES)
          if one.name in SEARCHED and one.kind.widget != "checkbox"),
        *(Field(one.name, one.label, kinds.choice(yes_or_no)) for one in FLAGS),
    ),
    "Find them",
)  # fmt: skip


def show_search(visit: Visit) -> Answer:
    """The form, for those who work at the bank."""
    if not visit.may(BANK):
        return page(
            visit,
            Leaf(TITLE, WAY, about="Looking somebody up by their numbers is for the bank's own people."),
        )
    filled = SEARCH.filled(visit, address_of(HERE))
    return Shown("form.html", {"title": TITLE, "way": WAY, "about": ABOUT, "filled": filled})


def search(visit: Visit) -> Answer:
    """Those of whom all this is true. Refuses: Invalid (tax_id), when nothing is looked for."""
    said: dict[str, Any] = {
        name: value for name, value in SEARCH.read(visit).items() if value not in {None, ""}
    }
    for one in FLAGS:
        if one.name in said:
            said[one.name] = said[one.name] == "1"
    if not said:
        raise Invalid("tax_id", "or something else must be filled in")
    person: Person = said  # type: ignore[assignment]
    people = search_people(visit.tx, person, limit=SHOWN_MAX, offset=0)
    names = names_of(visit.tx, [one.customer_id for one in people.page])
    rows = [
        [
            to("bank_customer", one.customer_id, names[one.customer_id].text), Cell(one.email), Cell(one.tag or ""),
            Cell("business" if one.is_business else "person", "badge"), Cell(one.status, "badge"),
        ]
        for one in people.page
    ]  # fmt: skip
    told = f"{people.total:,}" + (f", the first {SHOWN_MAX} of them here" if people.total > SHOWN_MAX else "")
    again = forms(visit, ("Look for somebody else", SEARCH, HERE, None))
    leaf = Leaf(TITLE, WAY, about=ABOUT)
    leaf.sections = [
        Section(
            "Found", facts=[fact("How many", told)] if rows else (), rows=rows, forms=again,
            titles=("Customer", "E-mail", "Tag", "Kind", "Status"), empty="Nobody of whom all this is true.",
        )
    ]  # fmt: skip
    return page(visit, leaf)


PAGES: tuple[Page | Act, ...] = (Page(HERE, show_search, BANK), Act(HERE, search, BANK, show_search))
