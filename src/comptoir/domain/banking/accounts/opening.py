"""Opening deposit accounts."""

from datetime import date, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, func, select, update

from comptoir.domain.banking.accounts.choosing import choose_product, new_number, number_faults
from comptoir.domain.banking.accounts.contributions import NO_CONTRIBUTION, contribution_faults
from comptoir.domain.banking.accounts.errors import Fault, refuse_faulty
from comptoir.domain.banking.accounts.models import (
    CLOSED,
    FULL,
    OPEN,
    PENDING_OPEN,
    UNLOCKED,
    AccountAccess,
    BankAccount,
)
from comptoir.domain.banking.accounts.queries import TAG_TAKEN
from comptoir.domain.banking.customers.models import (
    MANUAL_REVIEW,
    VERIFIED,
    BankCustomer,
    CustomerRelationship,
)
from comptoir.domain.banking.customers.queries import CustomerRow, require_customer
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.queries import ProductRow, ProgramFacts, get_program
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.models import LIABILITY
from comptoir.domain.tx import Tx

# What anybody may ever have, closed ones too, so that no list grows without end.
ACCOUNTS_MAX = 1000


class AccountFields(TypedDict, total=False):
    """What may be said of an account, when it is opened and later; amounts are minor units."""

    tag: str | None
    name: str
    category: str
    sub_category: str
    legal_name1: str
    legal_name2: str
    miscellaneous: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    is_closeable: bool
    is_primary: bool
    target_minor: int | None
    target_on: date | None
    contribution_type: str
    contribution_minor: int | None
    contribution_external_account_id: int | None
    contribution_starts_on: date | None
    contribution_ends_on: date | None


NEW_ACCOUNT: dict[str, Any] = {
    "tag": None, "name": "", "category": "", "sub_category": "", "legal_name1": "", "legal_name2": "",
    "miscellaneous": "", "external_program_tag": "", "custom1": "", "custom2": "", "custom3": "", "custom4": "",
    "custom5": "", "is_closeable": True, "is_primary": False, "lock_type": UNLOCKED, "lock_reason": "",
    "locked_at": None, "target_minor": None, "target_on": None, "target_met_at": None,
    "contribution_type": NO_CONTRIBUTION, "contribution_minor": None, "contribution_external_account_id": None,
    "contribution_starts_on": None, "contribution_ends_on": None, "minimum_balance_minor": 0, "accrued_e8": 0,
    "interest_paid_on": None, "closed_at": None, "closed_reason": "", "closed_notes": "", "closed_minor": None,
    "closed_transaction_id": None,
}  # fmt: skip

_LOCK = select(BankCustomer.customer_id).where(BankCustomer.customer_id == bindparam("customer_id"))
LOCK_CUSTOMER = {"sqlite": _LOCK, "postgres": _LOCK.with_for_update(key_share=True)}
COUNTS = select(func.count(), func.count().filter(BankAccount.status != CLOSED)).where(
    BankAccount.customer_id == bindparam("customer_id")
)
NAMED = select(BankAccount.account_id).where(
    BankAccount.customer_id == bindparam("customer_id"),
    BankAccount.name == bindparam("name"),
    BankAccount.status != CLOSED,
)
MAY_OPEN = (
    select(CustomerRelationship.id)
    .where(
        CustomerRelationship.primary_id == bindparam("customer_id"),
        CustomerRelationship.is_active.is_(True),
        CustomerRelationship.can_open_accounts.is_(True),
    )
    .limit(1)
)
NO_OTHER_PRIMARY = (
    update(BankAccount)
    .where(
        BankAccount.customer_id == bindparam("of_customer"),
        BankAccount.account_id != bindparam("but"),
        BankAccount.is_primary.is_(True),
    )
    .values(is_primary=False)
)


def open_bank_account(
    tx: Tx,
    *,
    customer_id: int,
    product_id: int | None = None,
    type: str = "",
    account_number: str = "",
    ledger_account_id: int | None = None,
    **fields: Unpack[AccountFields],
) -> int:
    """Open an account for a customer and give its id; without product and type it is of the default product.

    One that stands in the ledger already, such as the merchant's own, is named by its id there.
    Refuses: NoProgram, CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, NotEnabled (numbers
    of one's own), AccountFaulty.
    """
    program = get_program(tx)
    customer = require_customer(tx, customer_id, is_verified=False)
    lock_customer(tx, customer_id)
    values: dict[str, Any] = {**NEW_ACCOUNT, **fields}
    product = choose_product(tx, program, product_id=product_id, type=type, is_business=customer.is_business)
    faults = number_faults(tx, program, account_number) if account_number else []
    faults = [*_faults(tx, program, customer, values, product), *faults]
    refuse_faulty(faults)
    assert isinstance(product, ProductRow)
    account_id = _ledger_account(tx) if ledger_account_id is None else ledger_account_id
    # What the merchant's own account bears is nobody's debt.
    earns = product.is_interest_enabled and ledger_account_id is None
    values |= {
        "account_number": account_number or new_number(tx),
        "status": OPEN if customer.status == VERIFIED else PENDING_OPEN,
        "accrued_through": bank_today(tx, program) - timedelta(days=1) if earns else None,
    }
    _write(tx, account_id, customer_id, product, values)
    return account_id


def lock_customer(tx: Tx, customer_id: int) -> None:
    """Let nobody else open, name or hand over this customer's accounts until the transaction ends."""
    tx.one(LOCK_CUSTOMER[tx.engine], customer_id=customer_id)


def make_only_primary(tx: Tx, customer_id: int, account_id: int) -> None:
    """Leave no other account of the customer the primary one."""
    tx.run(NO_OTHER_PRIMARY, of_customer=customer_id, but=account_id)


def name_faults(tx: Tx, customer_id: int, name: str, own_id: int | None = None) -> list[Fault]:
    """What is wrong with an account's name among the open accounts of its owner."""
    if not name.strip():
        return [Fault("name_missing", "name", "is required")]
    if any(account_id != own_id for (account_id,) in tx.all(NAMED, customer_id=customer_id, name=name)):
        return [Fault("name_taken", "name", "is that of another account of the customer")]
    return []


def tag_faults(tx: Tx, tag: str | None, own_id: int | None = None) -> list[Fault]:
    """What is wrong with a tag: it is unique over all accounts, closed ones too."""
    taken = None if tag is None else tx.value(TAG_TAKEN, tag=tag)
    return [] if taken in {None, own_id} else [Fault("tag_taken", "tag", "is that of another account")]


def target_faults(program: ProgramFacts, target_minor: int | None) -> list[Fault]:
    """What is wrong with the amount of a goal."""
    most = program.target_max_minor
    if target_minor is not None and (target_minor < 0 or (most is not None and target_minor > most)):
        return [Fault("target_too_large", "target_minor", "is too large, or below zero")]
    return []


def _faults(
    tx: Tx, program: ProgramFacts, customer: CustomerRow, values: dict[str, Any], product: ProductRow | Fault
) -> list[Fault]:
    """Everything that is wrong with a new account, its number apart."""
    faults = [
        *_customer_faults(tx, program, customer),
        *name_faults(tx, customer.customer_id, values["name"]),
        *_product_faults(product, customer),
        *tag_faults(tx, values["tag"]),
        *target_faults(program, values["target_minor"]),
    ]
    if isinstance(product, ProductRow):
        faults += contribution_faults(
            tx, values, customer_id=customer.customer_id, program=program, product=product
        )
    return faults


def _customer_faults(tx: Tx, program: ProgramFacts, customer: CustomerRow) -> list[Fault]:
    """What keeps a customer from having one more account."""
    if customer.status not in {VERIFIED, MANUAL_REVIEW}:
        return [Fault("customer_status", "customer_id", "must be one who is Verified or in Manual Review")]
    total, opened = tx.one(COUNTS, customer_id=customer.customer_id) or (0, 0)
    if customer.status == MANUAL_REVIEW and total:
        return [Fault("one_in_review", "customer_id", "may have one account only while in Manual Review")]
    if total >= ACCOUNTS_MAX:
        return [Fault("accounts_full", "customer_id", f"has the maximum of {ACCOUNTS_MAX} accounts")]
    most = program.account_count_max
    if most is not None and opened >= most:
        return [Fault("open_accounts_full", "customer_id", f"has the maximum of {most} open accounts")]
    if customer.is_business and tx.value(MAY_OPEN, customer_id=customer.customer_id) is None:
        return [Fault("no_individual", "customer_id", "has nobody who may open accounts for the business")]
    return []


def _product_faults(product: ProductRow | Fault, customer: CustomerRow) -> list[Fault]:
    if isinstance(product, Fault):
        return [product]
    if product.is_business and not customer.is_business:
        return [Fault("type_wrong", "type", f"{product.type} is for businesses only")]
    return []


def _ledger_account(tx: Tx) -> int:
    """The account in the books, which takes no more than is on it."""
    account_id = tx.ids.next("account")
    return open_account(
        tx,
        id=account_id,
        code=f"deposit:{account_id}",
        name=f"Deposit account {account_id}",
        kind=LIABILITY,
        floor_minor=0,
    )


def _write(tx: Tx, account_id: int, customer_id: int, product: ProductRow, values: dict[str, Any]) -> None:
    at = tx.now
    tx.insert(
        BankAccount,
        **values,
        account_id=account_id,
        customer_id=customer_id,
        product_id=product.id,
        type=product.type,
        created_at=at,
        updated_at=at,
    )
    tx.insert(
        AccountAccess,
        account_id=account_id,
        customer_id=customer_id,
        access_type=FULL,
        priority=1,
        created_at=at,
    )
    if values["is_primary"]:
        make_only_primary(tx, customer_id, account_id)
    after = {"customer_id": customer_id, "product_id": product.id, "status": values["status"]}
    tx.note("bank_account.opened", "bank_account", account_id, after=after)
