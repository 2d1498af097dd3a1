"""The bank's program: what it offers, its own accounts, its rules; how one is loaded where there is none."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_diligence import questions_section
from comptoir.console.bank_parts import (
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    fact,
    forms,
    masked,
    money,
    page,
    to,
    yes_no,
)
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.banking.beside import standings_of
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.founding import fund_program_account
from comptoir.domain.banking.program.models import OF_PRODUCT, OF_PROGRAM, PROGRAM_ACCOUNT_TYPES
from comptoir.domain.banking.program.plan import read_plan, sample_plan
from comptoir.domain.banking.program.queries import (
    ProductRow,
    ProgramFacts,
    RateRow,
    get_product,
    get_program,
    limits_of,
    list_bins,
    list_fee_types,
    list_products,
    list_program_accounts,
    list_program_externals,
    rates_of,
)
from comptoir.domain.banking.settlement import open_bank
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

BANK_WAY = ("Program", address_of("/bank"))
WAYS = {"Charged fees": "/bank/fees", "Tools": "/bank/tools"}
E9 = Decimal(10) ** 9
SAMPLES = {"example1": "Example1: accounts, ACH, cards", "prepaid": "Prepaid: small limits, no ACH"}
LOAD = Form(
    "load",
    (
        Field("sample", "A sample program", kinds.choice(SAMPLES)),
        Field(
            "plan",
            "Or a program of your own, as TOML",
            kinds.FILE,
            hint="As `comptoir bank sample` prints it.",
        ),
    ),
    "Load the program",
)
FUND = Form(
    "fund",
    (
        Field(
            "type",
            "Account of the program",
            kinds.choice(PROGRAM_ACCOUNT_TYPES),
            required=True,
        ),
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
    ),
    "Bring money in",
)
RULES = {
    "is_nacha_enabled": "Bank files (ACH)",
    "is_bank_simulated": "The other bank is simulated",
    "is_internal_transfer_enabled": "Transfers between accounts",
    "is_recurring_contribution_enabled": "Regular contributions",
    "is_interest_enabled": "Interest",
    "is_debit_rewards_enabled": "Rewards for card payments",
    "is_external_routing_needed": "External accounts need a routing number",
    "is_residence_needed": "Customers need an address of residence",
    "is_sensitive_info_visible": "Numbers may be shown in full by the API",
    "is_denied_after_attempts": "External accounts are denied after too many attempts",
}
COUNTS = {
    "deposit_available_days": "Days until a deposit is available",
    "hold_days_max": "Days that a deposit may wait at most",
    "verify_attempts_max": "Attempts to verify an external account",
    "verify_window_days": "Days to verify an external account",
    "account_count_max": "Accounts of a customer at most",
    "external_account_count_max": "External accounts of a customer at most",
    "archivals_per_day_max": "External accounts archived a day at most",
    "reg_d_count_max": "Withdrawals from savings a month at most",
    "requests_per_second": "API requests a second at most",
}


class NotASandbox(Conflict):
    """A program that is at work is changed by the command line, not by a click."""

    def __init__(self) -> None:
        super().__init__("This shop is no sandbox: its program is changed with `comptoir bank load`.")


def show_program(visit: Visit) -> Answer:
    """The program, or how to get one."""
    try:
        program = get_program(visit.tx)
    except NoProgram:
        return page(visit, nothing_yet(visit))
    leaf = Leaf(program.name, [], facts=facts_of(visit.shop, program), subject=("program", program.id))
    leaf.ways = [Way(label, address_of(path)) for label, path in WAYS.items()]
    leaf.sections = [*own_accounts(visit), *offered(visit, program), *ruled(program)]
    if visit.may(BANK) and visit.shop.is_sandbox:
        note = "Products, accounts, BINs and fees that the file names are made or changed; what it leaves out stays."
        load = forms(visit, ("Load another program, or a change of this one", LOAD, "/bank/load", None))
        leaf.sections.append(Section("Change the program", note=note, forms=load))
    return page(visit, leaf)


def nothing_yet(visit: Visit) -> Leaf:
    """What is said where there is no program."""
    about = (
        "There is no bank in this shop yet. A program says what it offers: kinds of accounts, limits, interest, "
        "cards, fees. Write one (begin with `comptoir bank sample example1`) and load it with `comptoir bank load "
        "program.toml`, or load it here."
    )
    leaf = Leaf("The bank", [], about=about)
    if visit.may(BANK):
        leaf.sections.append(
            Section(
                "Load a program", forms=forms(visit, ("From a sample or a file", LOAD, "/bank/load", None))
            )
        )
    return leaf


def facts_of(shop: ShopFacts, program: ProgramFacts) -> list[Fact]:
    """What the program is."""
    return [
        fact("Bank", program.bank_name),
        fact("Routing number", program.routing_number),
        fact("Telephone", program.bank_phone),
        fact("Website", program.website or program.bank_url),
        fact("Time zone", program.time_zone),
        fact("Customers are verified by", program.verification_type),
        fact("External accounts are verified by", program.external_verification_type),
        fact("Same day until", program.same_day_deadline),
        amount(shop, "Balance of a customer at most", program.total_balance_max_minor),
        amount(shop, "Goal of an account at most", program.target_max_minor),
        amount(shop, "Fee for withdrawals beyond the free ones", program.reg_d_fee_minor),
    ]


def own_accounts(visit: Visit) -> list[Section]:
    """The program's own accounts, here and at other banks."""
    tx, shop = visit.tx, visit.shop
    rows = list_program_accounts(tx)
    standings = standings_of(tx, [one.account_id for one in rows])
    here = [
        [
            to("account", one.account_id, one.type),
            Cell(one.description),
            Cell(masked(one.account_number)),
            money(shop, standings[one.account_id].balance_minor, ("account", one.account_id, "balance")),
            in_use(one.is_active),
        ]
        for one in rows
    ]
    elsewhere = [
        [
            Cell(one.type),
            Cell(one.description),
            Cell(one.routing_number),
            Cell(masked(one.account_number)),
            in_use(one.is_active),
        ]
        for one in list_program_externals(tx)
    ]
    fund = forms(visit, ("Bring money in to an account of the program", FUND, "/bank/fund", None))
    return [
        Section(
            "Accounts of the program",
            titles=("Account", "Description", "Number", "Balance", "State"),
            rows=here,
            forms=fund if visit.may(BANK) else (),
        ),
        Section(
            "Its accounts at other banks",
            titles=("Account", "Description", "Routing number", "Number", "State"),
            rows=elsewhere,
            empty="It has none.",
        ),
    ]


def offered(visit: Visit, program: ProgramFacts) -> list[Section]:
    """Products, cards and fees."""
    shop = visit.shop
    products = [
        [
            Cell(one.name, link=address_of(f"/bank/products/{one.id}")),
            Cell(one.category),
            Cell(one.type),
            Cell("business" if one.is_business else "personal", "badge"),
            Cell("default" if one.is_default else "", "badge"),
        ]
        for one in list_products(visit.tx)
    ]
    bins = [
        [Cell(one.prefix), Cell(one.network), Cell(one.name), in_use(one.is_active)]
        for one in list_bins(visit.tx)
    ]
    fees = [
        [
            Cell(one.name),
            Cell(one.code),
            money(shop, one.amount_minor),
            Cell(in_words(one.execution_type)),
            Cell("by hand" if one.is_manual else "by rule", "badge"),
            in_use(one.is_active),
        ]
        for one in list_fee_types(visit.tx)
    ]
    return [
        Section("Kinds of accounts", titles=("Product", "Category", "Type", "For", ""), rows=products),
        limits_section("Limits of the program", shop, limits_of(visit.tx, OF_PROGRAM, program.id)),
        rates_section(shop, rates_of(visit.tx, None)),
        Section(
            "Cards begin with",
            titles=("BIN", "Network", "Name", "State"),
            rows=bins,
            empty="It issues no cards.",
        ),
        Section(
            "Fees",
            titles=("Fee", "Code", "Amount", "When", "Charged", "State"),
            rows=fees,
            empty="It has none.",
        ),
    ]


def ruled(program: ProgramFacts) -> list[Section]:
    """What is switched on and off, and what is counted."""
    switched = [yes_no(label, getattr(program, name)) for name, label in RULES.items()]
    counted = [fact(label, getattr(program, name)) for name, label in COUNTS.items()]
    features = ", ".join(in_words(one) for one in program.features) or "none"
    found = [Section("Rules", facts=[*switched, *counted]), Section("Features", note=features)]
    if program.questions:
        found.append(questions_section(program))
    return found


def limits_section(title: str, shop: ShopFacts, limits: Any) -> Section:
    """Limits in a table."""
    rows = [
        [Cell(in_words(name)), money(shop, one.minimum_minor), money(shop, one.maximum_minor)]
        for name, one in sorted(limits.items())
    ]
    return Section(title, titles=("Limit", "Least", "Most"), rows=rows, empty="There are none.")


def rates_section(shop: ShopFacts, rates: Sequence[RateRow]) -> Section:
    """Interest rates in a table."""
    rows = [
        [
            Cell(str(one.tier), "number"),
            money(shop, one.minimum_minor),
            money(shop, one.maximum_minor),
            Cell(percent(one.apr_e11), "number"),
            Cell(percent(one.apy_e11), "number"),
            Cell(one.description),
        ]
        for one in rates
    ]
    titles = ("Tier", "Balance from", "to", "Rate a year", "Yield a year", "Description")
    return Section("Interest", titles=titles, rows=rows, empty="It pays none.")


def percent(e11: int) -> str:
    """A rate in 1e-11 as people write it."""
    return f"{(Decimal(e11) / E9).normalize():f} %"


def in_use(is_active: bool) -> Cell:  # noqa: FBT001 - the value is what is shown
    """Whether something is in use."""
    return Cell("active" if is_active else "inactive", "badge")


def show_product(visit: Visit) -> Answer:
    """One kind of account."""
    one = get_product(visit.tx, visit.id)
    leaf = Leaf(one.name, [BANK_WAY], facts=facts_of_product(one), about=one.description)
    leaf.sections = [
        limits_section("Limits", visit.shop, limits_of(visit.tx, OF_PRODUCT, one.id)),
        rates_section(visit.shop, rates_of(visit.tx, one.id)),
    ]
    return page(visit, leaf)


def facts_of_product(one: ProductRow) -> list[Fact]:
    """What a product is."""
    return [
        fact("Category", one.category),
        fact("Type", one.type),
        fact("Short name", one.short_name),
        yes_no("Default", one.is_default),
        yes_no("For businesses", one.is_business),
        yes_no("Withdrawals to other banks", one.is_external_withdraw_enabled),
        yes_no("Interest", one.is_interest_enabled),
        yes_no("Regular contributions", one.is_recurring_contribution_enabled),
        yes_no("Deposits available at once", one.is_immediate_load_enabled),
        yes_no("Minimum balance", one.is_minimum_balance_enabled),
        fact("Withdrawals a month at most", one.reg_d_count_max),
        fact("of which free", one.reg_d_count_free),
    ]


def load(visit: Visit) -> Answer:
    """Load a program. Refuses: NotASandbox, Invalid, Problems, PlanRefused."""
    typed = LOAD.read(visit)
    if not visit.shop.is_sandbox and has_program(visit.tx):
        raise NotASandbox
    upload, sample = typed["plan"], typed["sample"]
    if upload is None and not sample:
        raise Invalid("plan", "must be chosen, or a sample")
    plan = sample_plan(sample) if upload is None else read_plan(text_of(upload.content, "plan"))
    open_bank(visit.tx, plan)
    return Gone(address_of("/bank"), f"{plan.name} is the program of this shop.")


def has_program(tx: Tx) -> bool:
    """Whether there is a program."""
    try:
        get_program(tx)
    except NoProgram:
        return False
    return True


def text_of(content: bytes, field: str, encoding: str = "utf-8") -> str:
    """An uploaded file as text. Refuses: Invalid."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(field, f"is no text ({encoding})") from None
    if "\0" in text:
        raise Invalid(field, "holds characters that cannot be kept")
    return text


def fund(visit: Visit) -> Answer:
    """Bring money of the program's owner in."""
    fund_program_account(visit.tx, **FUND.read(visit))
    return Gone(address_of("/bank"), "The money was brought in.")


PAGES = (
    Page("/bank", show_program, BANK),
    Page("/bank/products/{id:digits}", show_product, BANK),
    Act("/bank/load", load, BANK, show_program),
    Act("/bank/fund", fund, BANK, show_program),
)
