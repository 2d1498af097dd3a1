"""Accounts that are opened: for whom, of which product, under which name, with what is paid in regularly."""

from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_account_terms import HOW_OFTEN
from comptoir.console.bank_accounts import PATH, WAY
from comptoir.console.bank_choices import CUSTOMER, TAG, line, product_choices, words
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.identity.permissions import BANK

MORE, REGULAR = "What else is known of it", "Regular contributions"
NUMBER = replace(kinds.INTEGER, attributes={"maxlength": "18"})
NEW = Form(
    "new",
    (
        Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number at the bank."),
        Field("product_id", "Product", kinds.choice(product_choices, kinds.INTEGER), required=True),
        Field(
            "name", "Name", line(50), required=True, hint="No two open accounts of a customer have the same."
        ),
        Field("tag", "Tag", TAG, hint="Your own id of it; no two accounts have the same."),
        Field("is_primary", "The customer's primary account", kinds.FLAG),
        Field("is_closeable", "May be closed", kinds.FLAG),
        Field("target_minor", "Goal", kinds.AMOUNT),
        Field("target_on", "to be met on", kinds.DAY),
        Field("account_number", "Number of your own", line(17), hint="Where the program has them.", group=MORE),
        Field("category", "Category", line(50), group=MORE),
        Field("sub_category", "Subcategory", line(50), group=MORE),
        Field("legal_name1", "Legal name", line(100), group=MORE),
        Field("legal_name2", "Legal name, second line", line(100), group=MORE),
        Field("miscellaneous", "Remarks", words(), group=MORE),
        *(Field(f"custom{one}", f"Own field {one}", line(), group=MORE) for one in range(1, 6)),
        Field("contribution_type", "Paid in", kinds.choice(HOW_OFTEN), group=REGULAR),
        Field("contribution_minor", "Amount", kinds.AMOUNT, group=REGULAR),
        Field("contribution_external_account_id", "From external account no.", NUMBER, group=REGULAR),
        Field("contribution_starts_on", "First on", kinds.DAY, group=REGULAR),
        Field("contribution_ends_on", "Last before", kinds.DAY, group=REGULAR),
    ),
    "Open the account",
)  # fmt: skip


def show_new(visit: Visit) -> Answer:
    """The empty form; `?customer=` says for whom."""
    start = {"customer_id": kinds.record_number(visit.asked.said("customer")), "is_closeable": True}
    filled = NEW.filled(visit, address_of(f"{PATH}/new"), start)
    return Shown("form.html", {"title": "Open an account", "way": WAY, "filled": filled})


def make(visit: Visit) -> Answer:
    """Open one."""
    typed: dict[str, Any] = {
        name: value for name, value in NEW.read(visit).items() if value not in {None, ""}
    }
    account_id = open_bank_account(visit.tx, **typed)
    return Gone(address_of(f"{PATH}/{account_id}"), "The account was opened.")


PAGES = (
    Page(f"{PATH}/new", show_new, BANK),
    Act(f"{PATH}/new", make, BANK, show_new),
)
