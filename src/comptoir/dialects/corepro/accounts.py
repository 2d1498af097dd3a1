"""Accounts: opened, changed, shown (reference 3.4)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.account_faults import CHANGING, CREATING, numbered
from comptoir.dialects.corepro.account_shown import ACCOUNT, shown_accounts
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import Refusal
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    ASKED_MONEY,
    FLAG,
    ID,
    TAG,
    TEXT,
    Taken,
    a_list,
    an_object,
    given,
    needed,
    placed,
    queried,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.contributions import CONTRIBUTION_TYPES
from comptoir.domain.banking.accounts.errors import (
    AccessMissing,
    AccountLocked,
    AccountNotOpen,
    BankAccountNotFound,
)
from comptoir.domain.banking.accounts.models import RDONLY
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    find_by_tag,
    get_bank_account,
    list_bank_accounts,
    require_access,
)
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import get_program

REFUSALS = {
    BankAccountNotFound: Refusal(61101, "Account id {account_id} is invalid."),
    AccessMissing: Refusal(63502, "Customer {customer_id} lacks {wanted} access to account {account_id}."),
    AccountLocked: Refusal(63613, "Account {account_id} is locked ({reason})."),
    AccountNotOpen: Refusal(61111, "Account {account_id} is {status}."),
}
# The wire's texts: the domain's names of them, and how much of them is kept.
TEXTS = {
    "name": ("name", 50), "category": ("category", 50), "subCategory": ("sub_category", 50),
    "legalName1": ("legal_name1", 100), "legalName2": ("legal_name2", 100), "miscellaneous": ("miscellaneous", 255),
    **{f"customField{number}": (f"custom{number}", 50) for number in range(1, 6)},
}  # fmt: skip
NUMBER_MAX = 50


def create(call: Call, asked: Asked) -> Reply:
    """Open an account; old clients name its type, newer ones its product (reference 3.4.1)."""
    customer_id = asked.id("customerId")
    type_, product_id = (asked.text("type", most=50) or "").strip(), asked.find_id("productId")
    with numbered(CREATING):
        account_id = open_bank_account(
            call.tx,
            customer_id=customer_id,
            product_id=product_id or None,
            type=type_,
            account_number=(asked.text("accountNumber", most=NUMBER_MAX + 1) or "").strip(),
            **_said(asked),
        )
    return ok({"accountId": account_id, "customerId": customer_id})


def update(call: Call, asked: Asked) -> Reply:
    """Change what is said of an account; what cannot be changed is passed over (8.2)."""
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    with numbered(CHANGING):
        update_bank_account(
            call.tx,
            customer_id=customer_id,
            account_id=account_id,
            product_id=asked.find_id("productId") or None,
            account_number=(asked.text("accountNumber", most=NUMBER_MAX + 1) or "").strip(),
            primary_customer_id=asked.find_id("primaryCustomerId") or None,
            **_said(asked),
        )
    return ok({"accountId": account_id, "customerId": customer_id})


def get(call: Call, asked: Asked) -> Reply:
    """One account as one of its customers sees it; a lone id is the account's (8.6)."""
    tx = call.tx
    if not asked.has_place(1):
        account = get_bank_account(tx, asked.id_place(0))
        return ok(shown_accounts(tx, get_program(tx), [account])[0])
    customer_id = get_customer(tx, asked.id_place(0)).customer_id
    account = get_bank_account(tx, asked.id_place(1))
    require_access(tx, account.account_id, customer_id, RDONLY)
    return ok(shown_accounts(tx, get_program(tx), [account], customer_id)[0])


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The customer's account with a tag; no data when there is none (reference 2.2)."""
    tx = call.tx
    customer_id = get_customer(tx, asked.id_place(0)).customer_id
    found = (find_by_tag(tx, customer_id, tag) for tag in asked.spellings("tag", place=1))
    account = next((one for one in found if one is not None), None)
    if account is None:
        return ok()
    return ok(shown_accounts(tx, get_program(tx), [account], customer_id)[0])


def show_all(call: Call, asked: Asked) -> Reply:
    """All accounts that a customer has a part in, or one of them."""
    tx = call.tx
    customer_id = get_customer(tx, asked.id_place(0)).customer_id
    only = asked.find_id_place(1)
    accounts: list[BankAccountRow] = [
        one for one in list_bank_accounts(tx, customer_id) if only in {None, one.account_id}
    ]
    return ok(list(shown_accounts(tx, get_program(tx), accounts, customer_id)))


def _said(asked: Asked) -> dict[str, Any]:
    """What is said of an account, as keywords of its verbs; what is null or missing stays as it is (1.8)."""
    said: Mapping[str, Any] = {
        **{name: asked.text(wire, most=most) for wire, (name, most) in TEXTS.items()},
        "tag": asked.tag(),
        "is_closeable": asked.flag("isCloseable"),
        "is_primary": asked.flag("isPrimary"),
        "target_minor": asked.money("targetAmount"),
        "target_on": asked.day("targetDate"),
        "contribution_type": _contribution_type(asked),
        "contribution_minor": asked.money("recurringContributionAmount"),
        "contribution_external_account_id": asked.find_id("recurringContributionFromExternalAccountId") or None,
        "contribution_starts_on": asked.day("recurringContributionStartDate"),
        "contribution_ends_on": asked.day("recurringContributionEndDate"),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _contribution_type(asked: Asked) -> str | None:
    """The word for how often, in any case; the domain says what is none of its words."""
    said = (asked.text("recurringContributionType", most=50) or "").strip()
    return {word.lower(): word for word in CONTRIBUTION_TYPES}.get(said.lower(), said) or None


FIELDS: tuple[Taken, ...] = (
    *(given(wire, text(most)) for wire, (_, most) in TEXTS.items() if wire != "name"),
    given("tag", TAG, "The caller's own id; no two accounts have the same."),
    given("isCloseable", FLAG, "Whether account/close may close it; it may unless said otherwise."),
    given("isPrimary", FLAG, "The one account of the customer that stays open longest."),
    given("targetAmount", ASKED_MONEY, "What is saved for."),
    given("targetDate", ASKED_DAY, "When it is to be there."),
    given("recurringContributionType", TEXT, "None, BiWeekly or Monthly."),
    given("recurringContributionAmount", ASKED_MONEY),
    given("recurringContributionFromExternalAccountId", ID),
    given("recurringContributionStartDate", ASKED_DAY, "Of one that is Monthly, a day from 1 to 28."),
    given("recurringContributionEndDate", ASKED_DAY),
    given(
        "accountNumber", text(NUMBER_MAX), "A number of the caller's choice, where the program may choose."
    ),
    given("productId", ID, "What kind of account it is; `type` says it to older programs."),
)
MADE = an_object({"accountId": ID, "customerId": ID}, always=("accountId", "customerId"))
STANDING_CODES = (60001, 60002, 60004, 60005)

CALLS = (
    writing(
        "account/create", create, shows=MADE,
        takes=(
            needed("customerId", ID), needed("name", text(50), "No two open accounts of a customer have the same."),
            given("type", text(50), "Checking, Savings and the like; the default product's when left out."), *FIELDS,
        ),
        codes=(*STANDING_CODES, *sorted(set(CREATING.values())), 61400), text="Open an account",
    ),
    writing(
        "account/update", update, shows=MADE,
        takes=(
            needed("customerId", ID), needed("accountId", ID), given("name", text(50)), *FIELDS,
            given("primaryCustomerId", ID, "Another holder with FULL access, who takes the account over."),
        ),
        codes=(*STANDING_CODES, 61101, *sorted(set(CHANGING.values()))), text="Change an account",
    ),
    reading(
        "account/get", get, shows=ACCOUNT, takes=(placed("customerId"), placed("accountId")),
        codes=(60001, 61101, 63502), text="Show an account",
    ),
    reading(
        "account/getByTag", get_by_tag, shows=ACCOUNT,
        takes=(placed("customerId"), placed("tag", TAG, is_required=False), queried("tag", TAG)),
        codes=(60001,), text="Show the account with a tag",
    ),
    reading(
        "account/list", show_all, shows=a_list(ACCOUNT),
        takes=(placed("customerId"), placed("accountId", is_required=False)),
        codes=(60001,), text="List the accounts of a customer",
    ),
)  # fmt: skip
