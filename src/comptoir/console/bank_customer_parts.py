"""The parts of a bank customer's page: money, papers, and who belongs to them."""

from comptoir.console.bank_customer_acts import PATH
from comptoir.console.bank_customer_forms import CONTACT, NOTE
from comptoir.console.bank_gift_codes import FEATURE as GIFT_CODES
from comptoir.console.bank_gift_codes import gift_codes_section
from comptoir.console.bank_parts import Leaf, Section, Way, at, forms, masked, money, page, to
from comptoir.console.cells import Cell
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.accounts.queries import list_bank_accounts
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.cards.queries import list_cards
from comptoir.domain.banking.customers.notes import list_notes
from comptoir.domain.banking.customers.queries import CustomerRow, get_customer
from comptoir.domain.banking.customers.verifying import list_answers
from comptoir.domain.banking.documents.queries import list_documents
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.statements.queries import list_statements
from comptoir.domain.identity.permissions import BANK

PARTS = {
    "": "Customer", "/money": "Money", "/papers": "Papers", "/diligence": "Due diligence",
    "/relations": "Who belongs to them",
}  # fmt: skip


def tabs_of(customer_id: int, here: str) -> list[tuple[str, str, bool]]:
    """The parts of a customer's page."""
    return [
        (label, address_of(f"{PATH}/{customer_id}{ending}"), ending == here)
        for ending, label in PARTS.items()
    ]


def leaf_of(visit: Visit, customer: CustomerRow, here: str) -> Leaf:
    """A page under the customer's name."""
    name = names_of(visit.tx, [customer.customer_id])[customer.customer_id].text
    return Leaf(name, [("Bank customers", address_of(PATH))], tabs=tabs_of(customer.customer_id, here))


def show_money(visit: Visit) -> Answer:
    """Accounts here and elsewhere, and cards."""
    customer = get_customer(visit.tx, visit.id)
    leaf, key, may = leaf_of(visit, customer, "/money"), customer.customer_id, visit.may(BANK)
    accounts = [
        [
            to("bank_account", one.account_id, one.name), Cell(masked(one.account_number)), Cell(one.type),
            Cell("own" if one.customer_id == key else "shared", "badge"), Cell(one.status, "badge"),
            money(visit.shop, one.balance_minor, ("bank_account", one.account_id, "balance")),
            money(visit.shop, one.available_minor, ("bank_account", one.account_id, "available")),
        ]
        for one in list_bank_accounts(visit.tx, key)
    ]  # fmt: skip
    external = [
        [
            to("external_account", one.id, one.nick_name or one.name), Cell(masked(one.account_number)),
            Cell(one.routing_number), Cell(one.status, "badge"), Cell("locked" if one.is_locked else "", "badge"),
        ]
        for one in list_external_accounts(visit.tx, key)
    ]  # fmt: skip
    cards = [
        [
            to("card", one.id, f"{one.network} …{one.last_four}"),
            Cell(f"{one.first_name} {one.last_name}"),
            Cell(one.status, "badge"),
        ]
        for one in list_cards(visit.tx, key)
    ]
    leaf.sections = [
        Section(
            "Accounts", titles=("Account", "Number", "Type", "Part", "Status", "Balance", "Available"), rows=accounts,
            ways=[
                Way("Open an account", address_of(f"/bank/accounts/new?customer={key}")),
                Way("New transfer", address_of(f"/bank/transfers/new?customer={key}")),
            ] if may else (),
        ),
        Section(
            "Accounts at other banks", titles=("Account", "Number", "Routing number", "Status", ""), rows=external,
            ways=[Way("Add one", address_of(f"/bank/external-accounts/new?customer={key}"))] if may else (),
        ),
        Section(
            "Cards", titles=("Card", "Name on it", "Status"), rows=cards,
            ways=[Way("Order a card", address_of(f"/bank/cards/new?customer={key}"))] if may else (),
        ),
    ]  # fmt: skip
    if GIFT_CODES in get_program(visit.tx).features:
        leaf.sections.append(gift_codes_section(visit, key, may=may))
    return page(visit, leaf)


def show_papers(visit: Visit) -> Answer:
    """Documents, statements, notes, and what was answered."""
    customer = get_customer(visit.tx, visit.id)
    leaf, key, shop = leaf_of(visit, customer, "/papers"), customer.customer_id, visit.shop
    may, path = visit.may(BANK), f"{PATH}/{customer.customer_id}"
    notes = [
        [Cell(one.text), Cell(one.author), at(shop, one.created_at)] for one in list_notes(visit.tx, key)
    ]
    documents = [
        [
            to("bank_document", one.id, one.name or one.document_type), Cell(one.document_type),
            Cell(one.status, "badge"), at(shop, one.created_at),
        ]
        for one in list_documents(visit.tx, key)
    ]  # fmt: skip
    statements = [
        [to("bank_statement", one.id, f"{one.type} {one.year}-{one.month:02}"), at(shop, one.created_at)]
        for one in list_statements(visit.tx, key)
    ]
    leaf.sections = [
        Section(
            "Notes", titles=("Note", "By", "When"), rows=notes, empty="Nothing was written down.",
            forms=forms(
                visit, ("Write a note", NOTE, f"{path}/note", None),
                ("Note when they were in touch", CONTACT, f"{path}/contact", {"at": visit.tx.now}),
            ) if may else (),
        ),
        Section(
            "Documents", titles=("Document", "Type", "Status", "Sent"), rows=documents,
            ways=[Way("File a document", address_of(f"/bank/documents/new?customer={key}"))] if may else (),
        ),
        Section("Statements", titles=("Statement", "Made"), rows=statements),
        answers_section(visit, key),
    ]  # fmt: skip
    return page(visit, leaf)


def answers_section(visit: Visit, customer_id: int) -> Section:
    """What they answered to prove who they are."""
    rows = [
        [Cell(one.prompt), Cell(one.given), at(visit.shop, one.at)]
        for one in list_answers(visit.tx, customer_id)
    ]
    return Section(
        "Proof of who they are", titles=("Question", "Answer", "When"), rows=rows, empty="Nothing was asked."
    )
