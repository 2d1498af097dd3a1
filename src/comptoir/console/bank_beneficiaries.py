"""Who is to have a customer's money one day: written down, changed, dropped, and the accounts that they are to have."""

from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import TAG, line
from comptoir.console.bank_customer_acts import PATH, back
from comptoir.console.bank_parts import (
    Button,
    Fact,
    Leaf,
    Section,
    at,
    day,
    fact,
    forms,
    masked,
    moment,
    page,
    state,
    to,
)
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.banking.assignments import drop_beneficiary, list_assignments
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.beneficiaries import (
    BeneficiaryRow,
    create_beneficiary,
    get_beneficiary,
    list_beneficiaries,
    update_beneficiary,
)
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.shop import ShopFacts

# A number that is typed, and never written into a page.
SECRET = replace(kinds.PASSWORD, read=kinds.read_line, attributes={"maxlength": "30"})
ADDRESS = "Where they live"
FIELDS = (
    Field("first_name", "First name", line(64), required=True),
    Field("middle_name", "Middle name", line(64)),
    Field("last_name", "Last name", line(128), required=True),
    Field("suffix", "Suffix", line(20)),
    Field("birth_date", "Born on", kinds.DAY),
    Field("tax_id", "Tax number", SECRET),
    Field("email", "E-mail", line()),
    Field("phone", "Telephone", line(20)),
    Field("distribution", "Share", line(50)),
    Field("tag", "Tag", TAG),
    Field("legal_name1", "Legal name", line(100), hint="Of a trust, say."),
    Field("legal_name2", "Legal name, second line", line(100)),
    Field("is_documents_accepted", "Has accepted the bank's documents", kinds.FLAG),
    Field("documents_accepted_at", "Accepted them", kinds.MOMENT),
    Field("line1", "Street", line(100), group=ADDRESS),
    Field("line2", "Street, second line", line(100), group=ADDRESS),
    Field("line3", "Street, third line", line(100), group=ADDRESS),
    Field("line4", "Street, fourth line", line(100), group=ADDRESS),
    Field("city", "City", line(50), group=ADDRESS),
    Field("state", "State", line(2), hint="Two letters, such as IA.", group=ADDRESS),
    Field("postal_code", "Postcode", line(10), group=ADDRESS),
    Field("country", "Country", line(2), group=ADDRESS),
)
NEW = Form("beneficiary", FIELDS, "Write them down")
CHANGE = Form("update", FIELDS)


def heir_path(one: BeneficiaryRow) -> str:
    """Where a beneficiary is shown."""
    return f"{PATH}/{one.customer_id}/beneficiaries/{one.id}"


def heirs_section(visit: Visit, customer_id: int, *, may: bool) -> Section:
    """All of them, former ones too, with the form for another."""
    rows = [
        [
            Cell(f"{one.first_name} {one.last_name}", link=address_of(heir_path(one))), Cell(one.distribution),
            Cell(one.email), Cell(masked(one.tax_id)), Cell("active" if one.is_active else "inactive", "badge"),
        ]
        for one in list_beneficiaries(visit.tx, customer_id)
    ]  # fmt: skip
    asked = forms(visit, ("Add a beneficiary", NEW, f"{PATH}/{customer_id}/beneficiary", None)) if may else ()
    titles = ("Name", "Share", "E-mail", "Tax number", "State")
    return Section("Beneficiaries", titles=titles, rows=rows, empty="Nobody is named.", forms=asked)


def heir_of(visit: Visit) -> BeneficiaryRow:
    """The beneficiary of the page. Refuses: CustomerNotFound, BeneficiaryNotFound."""
    return get_beneficiary(visit.tx, customer_id=visit.id, beneficiary_id=visit.ids["heir"])


def show_heir(visit: Visit) -> Answer:
    """One of them."""
    one = heir_of(visit)
    name = names_of(visit.tx, [visit.id])[visit.id].text
    way = [("Bank customers", address_of(PATH)), (name, address_of(f"{PATH}/{visit.id}/relations"))]
    leaf = Leaf(
        f"{one.first_name} {one.last_name}", way, facts_of(visit.shop, one), subject=("beneficiary", one.id)
    )
    leaf.about = f"Beneficiary of {name}."
    leaf.sections = [accounts_section(visit, one)]
    if visit.may(BANK) and one.is_active:
        leaf.buttons = [
            Button(f"{heir_path(one)}/drop", "Drop", confirm="Name them no more?", is_danger=True)
        ]
        asked = ("Change", CHANGE, f"{heir_path(one)}/update", one._asdict())
        leaf.sections.append(Section("What can be done", forms=forms(visit, asked)))
    return page(visit, leaf)


def facts_of(shop: ShopFacts, one: BeneficiaryRow) -> list[Fact]:
    """What is known of one."""
    return [
        state("State", "active" if one.is_active else "inactive"),
        fact("Name", " ".join(filter(None, (one.first_name, one.middle_name, one.last_name, one.suffix)))),
        fact("Legal name", " ".join(filter(None, (one.legal_name1, one.legal_name2)))),
        day("Born on", one.birth_date), fact("Tax number", masked(one.tax_id)), fact("Share", one.distribution),
        fact("E-mail", one.email), fact("Telephone", one.phone), fact("Tag", one.tag),
        fact("Lives at", ", ".join(filter(None, (one.line1, one.line2, one.line3, one.line4)))),
        fact("in", " ".join(filter(None, (one.postal_code, one.city, one.state, one.country)))),
        fact("Has accepted the bank's documents", "yes" if one.is_documents_accepted else ""),
        moment(shop, "Accepted them", one.documents_accepted_at),
    ]  # fmt: skip


def accounts_section(visit: Visit, one: BeneficiaryRow) -> Section:
    """The accounts that they are to have."""
    found = list_assignments(visit.tx, customer_id=one.customer_id, beneficiary_id=one.id)
    rows = [
        [
            to("bank_account", each.account_id, each.account_name), Cell(masked(each.account_number)),
            Cell("named" if each.is_active else "no more", "badge"), at(visit.shop, each.created_at),
        ]
        for each in found
    ]  # fmt: skip
    empty = "None. Beneficiaries are named on an account's page, under Holders and limits."
    return Section("Is to have", titles=("Account", "Number", "State", "Since"), rows=rows, empty=empty)


def add_heir(visit: Visit) -> Answer:
    """Write down who is to have their money."""
    said: Any = {name: value for name, value in NEW.read(visit).items() if value not in {None, "", False}}
    create_beneficiary(visit.tx, customer_id=visit.id, beneficiary=said)
    return back(visit, "The beneficiary was written down.", "/relations")


def change_heir(visit: Visit) -> Answer:
    """Change what differs. Refuses: BeneficiaryNotFound, and what the verb does."""
    one = heir_of(visit)
    changes: Any = CHANGE.changes(visit, one._asdict())
    if changes:
        try:
            update_beneficiary(visit.tx, customer_id=visit.id, beneficiary_id=one.id, beneficiary=changes)
        except Invalid as error:
            if error.field == "legal_name2" and "legalName1" in error.problem:
                raise Invalid("legal_name2", "needs a first line") from error
            raise
    said = "The beneficiary was saved." if changes else "Nothing was changed."
    return Gone(address_of(heir_path(one)), said)


def drop_heir(visit: Visit) -> Answer:
    """Let a beneficiary be one no more."""
    drop_beneficiary(visit.tx, customer_id=visit.id, beneficiary_id=heir_of(visit).id)
    return back(visit, "The beneficiary was dropped.", "/relations")


ONE = f"{PATH}/{{id:digits}}/beneficiaries/{{heir:digits}}"
PAGES = (
    Page(ONE, show_heir, BANK),
    Act(f"{ONE}/update", change_heir, BANK, show_heir),
    Act(f"{ONE}/drop", drop_heir, BANK, show_heir),
)
