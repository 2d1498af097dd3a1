"""Accounts at the bank: listed, opened, shown with balances, holds and holders."""

from collections.abc import Sequence
from typing import Any

from comptoir.console.bank_account_acts import (
    CHANGE,
    CLOSE,
    FEE,
    HOLD,
    LOCK,
    LOCK_REASONS,
    LOCK_TYPES,
    change,
    charge_fee,
    close,
    hold,
    lock,
    release,
    unlock,
)
from comptoir.console.bank_account_figures import figure_facts
from comptoir.console.bank_account_terms import (
    agree,
    change_product,
    contribution_section,
    hand_over,
    renumber,
    terms_asked,
)
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    at,
    day,
    fact,
    forms,
    masked,
    moment,
    money,
    page,
    state,
    thing,
    to,
    what,
    yes_no,
)
from comptoir.console.cells import Cell, Column, badge, text, when
from comptoir.console.filters import choice, contains, exactly, spelled
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Page, Visit
from comptoir.domain.banking.accounts.models import ACCOUNT_STATUSES, BankAccount
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.beside import list_holds, names_of, owners_of, standings_of
from comptoir.domain.banking.cards.queries import list_cards_on
from comptoir.domain.banking.program.queries import get_product, get_program
from comptoir.domain.banking.transfers.account_lines import list_lines
from comptoir.domain.banking.transfers.fees import FEE_CREATION
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Tx

PATH = "/bank/accounts"
LATEST = 5
WAY = [("Accounts", address_of(PATH))]


def number_of(title: str, attribute: Any) -> Column:
    """A number of an account, of which only the end is shown."""
    return Column(title, lambda row, _shop: Cell(masked(row[0])), (attribute,))


def holders_and_balances(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """Whose the accounts are, and what is on them."""
    owners, standings = owners_of(tx, ids), standings_of(tx, ids)
    names = names_of(tx, owners.values())
    return [
        [
            to("bank_customer", owners[one], names[owners[one]].text),
            money(tx.shop, standings[one].balance_minor, ("bank_account", one, "balance")),
            money(tx.shop, standings[one].available_minor, ("bank_account", one, "available")),
        ]
        for one in ids
    ]


ACCOUNTS = Listing(
    "bank-accounts",
    "Accounts",
    PATH,
    BankAccount,
    columns=(
        text("Account", BankAccount.name),
        number_of("Number", BankAccount.account_number),
        text("Type", BankAccount.type),
        badge("Status", BankAccount.status),
        when("Opened", BankAccount.created_at),
    ),
    sorts=newest_first(BankAccount.account_id),
    filters=(
        contains("name", "Name", BankAccount.name),
        contains("number", "Number", BankAccount.account_number),
        spelled("tag", "Tag", BankAccount.tag),
        choice("status", "Status", BankAccount.status, ACCOUNT_STATUSES),
        exactly("customer", "Customer no.", BankAccount.customer_id),
        exactly("product", "Product no.", BankAccount.product_id),
    ),
    area=BANK,
    make="Open an account",
    more_titles=("Holder", "Balance", "Available"),
    more=holders_and_balances,
)


def title_of(account: BankAccountRow) -> str:
    """What an account is called at the head of a page."""
    return f"{account.name or 'Account'} {masked(account.account_number)}"


def tabs_of(account_id: int, here: str) -> list[tuple[str, str, bool]]:
    """The parts of an account's page."""
    parts = {"": "Account", "/transactions": "Transactions", "/rules": "Holders and limits"}
    tabs = [
        (label, address_of(f"{PATH}/{account_id}{ending}"), ending == here) for ending, label in parts.items()
    ]
    return [*tabs, ("Three ways", address_of(f"/three-ways/bank_account/{account_id}"), False)]


def show_account(visit: Visit) -> Answer:
    """One account: what it is and has, and what can be done with it."""
    account = get_bank_account(visit.tx, visit.id)
    leaf = Leaf(title_of(account), WAY, facts_of(visit, account), tabs=tabs_of(account.account_id, ""))
    leaf.subject = ("bank_account", account.account_id)
    leaf.warning = warning_of(account)
    leaf.sections = [
        latest_section(visit, account),
        held_section(visit, account),
        cards_section(visit, account),
    ]
    leaf.ways = [Way("Charged fees", address_of(f"/bank/fees?account={account.account_id}"))]
    may = visit.may(BANK) and not account.is_closed
    contribution = contribution_section(visit, account, may=may)
    if contribution is not None:
        leaf.sections.append(contribution)
    if may:
        path = f"{PATH}/{account.account_id}"
        way = f"/bank/transfers/new?customer={account.customer_id}&from={account.account_id}"
        leaf.ways = [Way("Transfer from here", address_of(way)), *leaf.ways]
        if account.is_locked:
            leaf.buttons = [Button(f"{path}/unlock", "Unlock")]
        kept = {field.name: getattr(account, field.name) for field in CHANGE.fields}
        asked: list[AskedForm] = [("Change", CHANGE, f"{path}/change", kept)]
        if not account.is_locked:
            asked.append(("Lock", LOCK, f"{path}/lock", None))
        if FEE_CREATION in get_program(visit.tx).features:
            asked.append(("Charge a fee", FEE, f"{path}/fee", None))
        asked += terms_asked(visit, account)
        asked.append(("Close", CLOSE, f"{path}/close", None))
        leaf.sections.append(Section("What can be done", forms=forms(visit, *asked)))
    return page(visit, leaf)


def warning_of(account: BankAccountRow) -> str:
    """What to know before anything is done."""
    if account.is_locked:
        who = LOCK_TYPES.get(account.lock_type, account.lock_type)
        why = LOCK_REASONS.get(account.lock_reason, account.lock_reason)
        return f"The account is locked {who} ({why}). Nothing moves on it."
    if account.status == "PendingClosed":
        return "The account is closing: it is closed once what is on its way has settled."
    return ""


def facts_of(visit: Visit, account: BankAccountRow) -> list[Fact]:
    """Everything known of an account."""
    shop, key, standing = visit.shop, account.account_id, account.standing
    name = names_of(visit.tx, [account.customer_id])[account.customer_id]
    product = get_product(visit.tx, account.product_id)
    return [
        amount(shop, "Balance", account.balance_minor, ("bank_account", key, "balance")),
        amount(shop, "Available", account.available_minor, ("bank_account", key, "available")),
        amount(shop, "On its way in", standing.pending_in_minor, ("bank_account", key, "pending_in")),
        amount(shop, "On its way out", standing.pending_out_minor, ("bank_account", key, "pending_out")),
        amount(shop, "Held", standing.held_minor, ("bank_account", key, "held")),
        state("Status", account.status),
        thing("Holder", "bank_customer", account.customer_id, name.text),
        Fact("Product", product.name, address_of(f"/bank/products/{product.id}")),
        fact("Type", account.type),
        Fact("Books", f"account {key}", link_to("account", key)),
        fact("Tag", account.tag),
        yes_no("Primary", account.is_primary),
        yes_no("May be closed", account.is_closeable),
        fact("Legal name", " ".join(filter(None, (account.legal_name1, account.legal_name2)))),
        fact("Category", " / ".join(filter(None, (account.category, account.sub_category)))),
        fact("Remarks", account.miscellaneous),
        *goal_facts(visit, account),
        *figure_facts(visit, account),
        moment(shop, "Opened", account.created_at),
        moment(shop, "Locked", account.locked_at),
        moment(shop, "Closed", account.closed_at),
        amount(shop, "Was on it then", account.closed_minor, ("bank_account", account.account_id, "closed")),
        fact(
            "Own fields", ", ".join(filter(None, (getattr(account, f"custom{one}") for one in range(1, 6))))
        ),
        fact("Closed because", ": ".join(filter(None, (account.closed_reason, account.closed_notes)))),
    ]


def goal_facts(visit: Visit, account: BankAccountRow) -> list[Fact]:
    """What is saved for, and what is earned."""
    shop = visit.shop
    return [
        amount(shop, "Goal", account.target_minor),
        day("Goal on", account.target_on),
        moment(shop, "Goal met", account.target_met_at),
        day("Interest reckoned to", account.accrued_through),
        day("Interest paid to", account.interest_paid_on),
    ]


def latest_section(visit: Visit, account: BankAccountRow) -> Section:
    """What moved last, with the balance after it."""
    rows = [
        [
            at(visit.shop, one.posted_at or one.created_at),
            Cell(what(one.type_code) if one.type_code else in_words(one.kind)),
            Cell(one.description or one.memo),
            money(visit.shop, one.amount_minor, ("posting", one.id, "amount")),
            money(visit.shop, one.balance_minor, ("posting", one.id, "balance")),
            Cell(one.status or one.state, "badge"),
        ]
        for one in list_lines(visit.tx, account.standing, size=LATEST).rows
    ]
    more = Way("All transactions", address_of(f"{PATH}/{account.account_id}/transactions"))
    return Section(
        "Latest",
        titles=("When", "What", "Description", "Amount", "Balance after", "Status"),
        rows=rows,
        empty="Nothing moved on it yet.",
        ways=[more] if rows else (),
    )


def held_section(visit: Visit, account: BankAccountRow) -> Section:
    """What is held, with what holds more or lets it go."""
    shop, path = visit.shop, f"{PATH}/{account.account_id}"
    held = list_holds(visit.tx, account.account_id)
    rows = [
        [
            Cell(str(one.id)),
            money(shop, one.amount_minor, ("hold", one.id, "amount")),
            Cell(one.description or in_words(one.subject)),
            at(shop, one.placed_at),
            at(shop, one.expires_at),
        ]
        for one in held
    ]
    may = visit.may(BANK) and not account.is_closed
    is_placed = any(one.description is not None for one in held)
    return Section(
        "Holds",
        titles=("Hold", "Amount", "For", "Placed", "Until"),
        rows=rows,
        empty="Nothing is held.",
        forms=forms(visit, ("Hold money", HOLD, f"{path}/hold", None)) if may and not is_placed else (),
        buttons=[Button(f"{path}/release", "Release the hold")] if may and is_placed else (),
    )


def cards_section(visit: Visit, account: BankAccountRow) -> Section:
    """The holder's cards that draw on the account."""
    rows = [
        [
            to("card", one.id, f"{one.network} …{one.last_four}"),
            Cell(f"{one.first_name} {one.last_name}"),
            Cell(one.status, "badge"),
        ]
        for one in list_cards_on(visit.tx, account.account_id, account.customer_id)
    ]
    return Section("Cards", titles=("Card", "Name on it", "Status"), rows=rows, empty="No card draws on it.")


PAGES = (
    Page(PATH, show_list(ACCOUNTS), BANK),
    Page(f"{PATH}/{{id:digits}}", show_account, BANK),
    Act(f"{PATH}/{{id:digits}}/change", change, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/lock", lock, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/unlock", unlock, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/hold", hold, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/release", release, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/fee", charge_fee, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/contribution", agree, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/product", change_product, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/owner", hand_over, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/number", renumber, BANK, show_account),
    Act(f"{PATH}/{{id:digits}}/close", close, BANK, show_account),
)
