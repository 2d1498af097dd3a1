"""Statements and tax forms: listed, shown, downloaded as PDF, CSV and JSON, and made for a period that is over."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_parts import (
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    customer_by,
    fact,
    moment,
    money,
    page,
    thing,
)
from comptoir.console.cells import Cell, Column, badge, when
from comptoir.console.filters import choice, exactly
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, listed, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.banking.beside import names_of, owner_of_statement, owners_of_statements
from comptoir.domain.banking.statements.errors import StatementNotFound
from comptoir.domain.banking.statements.making import Drafted, draft_statements, keep_statements
from comptoir.domain.banking.statements.models import (
    MONTHLY,
    QUARTERLY,
    STATEMENT_TYPES,
    TAX_1099_INT,
    Statement,
)
from comptoir.domain.banking.statements.periods import Period, period_of
from comptoir.domain.banking.statements.queries import StatementRow, get_facts, get_statement
from comptoir.domain.banking.statements.taxes import draft_tax_forms, mark_told
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Tx
from comptoir.papers.statements import ENDINGS, file_name, statement_file

PATH = "/bank/statements"
WAY = [("Statements", address_of(PATH))]
TYPES = {MONTHLY: "monthly", QUARTERLY: "quarterly", TAX_1099_INT: "1099-INT, of a year"}
FORMATS = {ending: kind for kind, ending in ENDINGS.items()}
SHOWN_MOVEMENTS = 500
OF_ACCOUNT = {
    "opening": "Opening", "in": "In", "out": "Out", "closing": "Closing", "interest": "Interest", "fees": "Fees",
    "withheld": "Tax withheld",
}  # fmt: skip
BATCH, BATCHES_MAX = 200, 10_000


STATEMENTS = Listing(
    "statements",
    "Statements",
    PATH,
    Statement,
    columns=(
        Column("Period", lambda row, _shop: Cell(f"{row[0]}-{row[1]:02}"), (Statement.year, Statement.month)),
        badge("Type", Statement.type),
        when("Made", Statement.created_at),
    ),
    sorts=newest_first(Statement.id),
    filters=(
        choice("type", "Type", Statement.type, STATEMENT_TYPES),
        exactly("year", "Year", Statement.year),
        exactly("month", "Month", Statement.month),
        exactly("customer", "Customer no.", Statement.customer_id),
    ),
    area=BANK,
    more_titles=("Customer",),
    more=customer_by(owners_of_statements),
)
MAKE = Form(
    "make",
    (
        Field("type", "Type", kinds.choice(TYPES), required=True),
        Field("year", "Year", kinds.INTEGER, required=True),
        Field(
            "month",
            "Last month of the period",
            kinds.INTEGER,
            required=True,
            hint="12 for the forms of a year.",
        ),
    ),
    "Make those that are missing",
)


def show_statements(visit: Visit) -> Answer:
    """The list, with what makes statements."""
    if visit.asked.said("format") == "csv":
        return show_list(STATEMENTS)(visit)
    over = visit.shop.local(visit.tx.now).date().replace(day=1) - timedelta(days=1)
    start = {"type": MONTHLY, "year": over.year, "month": over.month}
    filled = MAKE.filled(visit, address_of(f"{PATH}/make"), start) if visit.may(BANK) else None
    return Shown("bank_statements.html", {**listed(visit, STATEMENTS), "make": filled})


def found(visit: Visit) -> tuple[StatementRow, Mapping[str, Any]]:
    """A statement with what it says. Refuses: StatementNotFound."""
    customer_id = owner_of_statement(visit.tx, visit.id)
    return (
        get_statement(visit.tx, customer_id, visit.id),
        get_facts(visit.tx, customer_id=customer_id, statement_id=visit.id),
    )


def show_statement(visit: Visit) -> Answer:
    """One statement."""
    row, facts = found(visit)
    customer = names_of(visit.tx, [row.customer_id])[row.customer_id]
    leaf = Leaf(f"{row.type} {row.year}-{row.month:02}: {customer.text}", WAY)
    leaf.facts = [
        thing("Customer", "bank_customer", row.customer_id, customer.text),
        fact("From", facts.get("begins_on")),
        fact("To", facts.get("ends_on")),
        moment(visit.shop, "Made", row.created_at),
        *tax_facts(visit, facts),
    ]
    leaf.ways = [Way(ending.upper(), address_of(f"{PATH}/{row.id}/{ending}")) for ending in FORMATS]
    leaf.sections = [section for one in facts.get("accounts", ()) for section in account_sections(visit, one)]
    if facts.get("accounts"):
        leaf.facts = [*leaf.facts, *totals(visit, row.id, facts)]
    return page(visit, leaf)


def tax_facts(visit: Visit, facts: Mapping[str, Any]) -> list[Fact]:
    """What a tax form tells."""
    if "accounts" in facts:
        return []
    return [
        amount(visit.shop, "Interest", facts.get("interest_minor"), ("statement", visit.id, "interest")),
        amount(visit.shop, "Tax withheld", facts.get("withheld_minor"), ("statement", visit.id, "withheld")),
        fact("Tax number", facts.get("tax_id")),
    ]


def totals(visit: Visit, statement_id: int, facts: Mapping[str, Any]) -> list[Fact]:
    """All accounts together."""
    words = {"opening": "Opening", "in": "In", "out": "Out", "closing": "Closing"}
    return [
        amount(
            visit.shop, label, sum(one[f"{name}_minor"] for one in facts["accounts"]),
            ("statement", statement_id, name),
        )
        for name, label in words.items()
    ]  # fmt: skip


def account_sections(visit: Visit, one: Mapping[str, Any]) -> list[Section]:
    """One account: opening, movements with the balance after each, closing."""
    shop, name = visit.shop, f"{visit.id}.{one['account_id']}"
    rows = [
        [
            Cell(on, "when"),
            Cell(words),
            Cell(type_),
            money(shop, minor, ("posting", key, "amount")),
            money(shop, balance, ("statement_line", f"{name}.{key}", "balance")),
        ]
        for key, on, words, minor, balance, type_ in one["movements"][:SHOWN_MOVEMENTS]
    ]
    over = len(one["movements"]) - SHOWN_MOVEMENTS
    facts = [
        thing("Account", "bank_account", one["account_id"], f"{one['name']} {one['number']}"),
        *(
            amount(shop, label, one[f"{what}_minor"], ("statement_account", name, what))
            for what, label in OF_ACCOUNT.items()
        ),
    ]  # fmt: skip
    note = f"{over:,} more stand in the files above." if over > 0 else ""
    titles = ("Day", "What", "Type", "Amount", "Balance")
    return [
        Section(f"{one['name']} {one['number']}", facts=facts),
        Section(f"Movements of {one['name']}", titles=titles, rows=rows, empty="Nothing moved.", note=note),
    ]


def download(visit: Visit) -> Answer:
    """A statement as a file. Refuses: StatementNotFound (also for a format that is none)."""
    kind = FORMATS.get(visit.ids["format"])
    if kind is None:
        raise StatementNotFound(visit.ids["format"])
    row, facts = found(visit)
    return Sent(kind, statement_file(row, facts, kind), file_name(row, kind))


def make(visit: Visit) -> Answer:
    """Make those of a period for everybody who has none yet, some at a time.

    Refuses: Problems, Invalid, PeriodNotOver.
    """
    typed: dict[str, Any] = visit.read(lambda tx: typed_alone(visit, tx, MAKE))
    period = period_of(typed["type"], typed["year"], typed["month"])
    made = last = 0
    for _ in range(BATCHES_MAX):
        drafted = visit.read(partial(drafted_of, period=period, last=last))
        if drafted.last_customer == last:
            break
        made += visit.write(partial(keep_statements, drafted=drafted))
        last = drafted.last_customer
    if period.type == TAX_1099_INT:
        visit.write(lambda tx: mark_told(tx, period.year))
    return Gone(address_of(PATH), f"{made} statements were made.")


def drafted_of(tx: Tx, period: Period, last: int) -> Drafted:
    """The next statements of a period, not written down yet."""
    draft = draft_tax_forms if period.type == TAX_1099_INT else draft_statements
    return draft(tx, period=period, after_id=last, limit=BATCH)


def typed_alone(visit: Visit, tx: Tx, form: Form) -> dict[str, Any]:
    """What was typed, for an act that makes its own transactions."""
    visit.inside(tx)
    try:
        return form.read(visit)
    finally:
        visit.leave()


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_statements, BANK),
    Act(f"{PATH}/make", make, BANK, show_statements, alone=True),
    Page(ONE, show_statement, BANK),
    Page(f"{ONE}/{{format}}", download, BANK),
)
