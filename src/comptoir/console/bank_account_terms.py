"""On which terms an account is kept: what is paid in regularly, of which product it is, whose it is, its number."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_account_acts import back, holder
from comptoir.console.bank_choices import Choices, line, product_choices
from comptoir.console.bank_parts import AskedForm, Section, amount, day, fact, forms, masked, thing
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.contributions import (
    BIWEEKLY,
    CONTRIBUTION_FIELDS,
    MONTHLY,
    NO_CONTRIBUTION,
    next_contribution,
)
from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.accounts.sharing import list_access
from comptoir.domain.banking.external.models import VERIFIED
from comptoir.domain.banking.external.queries import find_external_account, list_external_accounts
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.queries import get_product, get_program

OWN_NUMBERS = "custom_account_numbers"
HOW_OFTEN = {NO_CONTRIBUTION: "not at all", BIWEEKLY: "every two weeks", MONTHLY: "every month"}


def proven_choices(visit: Visit) -> Choices:
    """The holder's accounts at other banks of which the bank knows that they are theirs."""
    account = get_bank_account(visit.tx, visit.id)
    return [
        (str(one.id), f"{one.nick_name or one.name or 'Account'} {masked(one.account_number)}")
        for one in list_external_accounts(visit.tx, account.customer_id)
        if one.status == VERIFIED and one.is_active
    ]


def heir_choices(visit: Visit) -> Choices:
    """The other holders with full access."""
    account = get_bank_account(visit.tx, visit.id)
    return [
        (str(one.customer_id), f"{one.first_name} {one.last_name}".strip() or f"customer {one.customer_id}")
        for one in list_access(visit.tx, visit.id)
        if one.access_type == FULL and one.customer_id != account.customer_id
    ]


CONTRIBUTION = Form(
    "contribution",
    (
        Field("contribution_type", "Paid in", kinds.choice(HOW_OFTEN), required=True),
        Field("contribution_minor", "Amount", kinds.AMOUNT),
        Field(
            "contribution_external_account_id", "From the account at another bank",
            kinds.choice(proven_choices, kinds.INTEGER), hint="Only accounts that were proven are offered.",
        ),
        Field("contribution_starts_on", "First on", kinds.DAY, hint="Every month: one of the days 1 to 28."),
        Field("contribution_ends_on", "Last before", kinds.DAY),
    ),
    "Agree on it",
)  # fmt: skip
PRODUCT = Form(
    "product",
    (Field("product_id", "Product", kinds.choice(product_choices, kinds.INTEGER), required=True),),
    "Change the product",
)
OWNER = Form(
    "owner",
    (Field("primary_customer_id", "New owner", kinds.choice(heir_choices, kinds.INTEGER), required=True),),
    "Hand it over",
)
NUMBER = Form(
    "number",
    (Field("account_number", "New number", line(17), required=True, hint="Digits alone."),),
    "Give it this number",
)


def contribution_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section | None:
    """What is paid in regularly, and the form to agree on it; None where nothing ever is."""
    program, shop, values = get_program(visit.tx), visit.shop, account._asdict()
    product = get_product(visit.tx, account.product_id)
    is_agreed = account.contribution_type not in {"", NO_CONTRIBUTION}
    is_offered = program.is_recurring_contribution_enabled and product.is_recurring_contribution_enabled
    if not is_agreed and not is_offered:
        return None
    facts = [fact("Paid in", HOW_OFTEN.get(account.contribution_type, account.contribution_type))]
    if is_agreed:
        external = find_external_account(visit.tx, account.contribution_external_account_id or 0)
        facts += [
            amount(shop, "Amount", account.contribution_minor),
            thing("From", "external_account", external.id, external.nick_name or external.name or "Account")
            if external is not None else fact("From", ""),
            day("First on", account.contribution_starts_on), day("Last before", account.contribution_ends_on),
            day("Next", next_contribution(values, bank_today(visit.tx, program))),
        ]  # fmt: skip
    asked = (
        "Agree on regular contributions",
        CONTRIBUTION,
        f"/bank/accounts/{account.account_id}/contribution",
        values,
    )
    note = "Nothing is paid in by itself: it is agreed here, and asked for by a transfer when it is due."
    return Section("Regular contributions", facts=facts, note=note, forms=forms(visit, asked) if may else ())


def terms_asked(visit: Visit, account: BankAccountRow) -> list[AskedForm]:
    """What may be changed of the terms."""
    path, found = f"/bank/accounts/{account.account_id}", list[AskedForm]()
    found.append(("Change the product", PRODUCT, f"{path}/product", {"product_id": account.product_id}))
    if heir_choices(visit):
        found.append(("Hand it over to another holder", OWNER, f"{path}/owner", None))
    if OWN_NUMBERS in get_program(visit.tx).features:
        found.append(("Give it a number of your own", NUMBER, f"{path}/number", None))
    return found


def agree(visit: Visit) -> Answer:
    """Agree on a regular contribution, on another, or on none."""
    account = get_bank_account(visit.tx, visit.id)
    changes: dict[str, Any] = CONTRIBUTION.changes(
        visit, {name: getattr(account, name) for name in CONTRIBUTION_FIELDS}
    )
    if changes:
        update_bank_account(visit.tx, **holder(visit), **changes)
    return back(visit, "The contribution was agreed on." if changes else "Nothing was changed.")


def change_product(visit: Visit) -> Answer:
    """Let the account be of another product, which pays what it earned so far."""
    product_id = PRODUCT.read(visit)["product_id"]
    if product_id == get_bank_account(visit.tx, visit.id).product_id:
        return back(visit, "Nothing was changed.")
    update_bank_account(visit.tx, **holder(visit), product_id=product_id)
    return back(visit, "The account is of another product now.")


def hand_over(visit: Visit) -> Answer:
    """Let another holder be the owner."""
    update_bank_account(visit.tx, **holder(visit), **OWNER.read(visit))
    return back(visit, "The account was handed over.")


def renumber(visit: Visit) -> Answer:
    """Give the account another number."""
    update_bank_account(visit.tx, **holder(visit), **NUMBER.read(visit))
    return back(visit, "The account has another number now.")
