"""Changing what is said of an account: only what is named, and of that only what is new."""

from collections.abc import Mapping
from typing import Any, Unpack

from comptoir.domain.banking.accounts.choosing import number_faults
from comptoir.domain.banking.accounts.contributions import CONTRIBUTION_FIELDS, contribution_faults
from comptoir.domain.banking.accounts.earning import ONE_DAY
from comptoir.domain.banking.accounts.errors import Fault, refuse_faulty
from comptoir.domain.banking.accounts.interest import pay
from comptoir.domain.banking.accounts.models import CREDITS_ONLY, FULL, PENDING_CLOSED
from comptoir.domain.banking.accounts.opening import (
    AccountFields,
    lock_customer,
    make_only_primary,
    name_faults,
    tag_faults,
    target_faults,
)
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    get_bank_account,
    take_bank_account,
)
from comptoir.domain.banking.accounts.sharing import hand_over
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.errors import NotEnabled
from comptoir.domain.banking.program.queries import (
    ProductRow,
    ProgramFacts,
    find_product,
    get_product,
    get_program,
)
from comptoir.domain.ledger.models import LIABILITY
from comptoir.domain.tx import Tx


def update_bank_account(
    tx: Tx,
    *,
    customer_id: int,
    account_id: int,
    product_id: int | None = None,
    account_number: str = "",
    primary_customer_id: int | None = None,
    **fields: Unpack[AccountFields],
) -> None:
    """Change what is named of an account; what comes back as it was is left alone.

    Another product pays the interest of the one before; another primary customer takes the account over.
    Refuses: NoProgram, CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked,
    BankAccountNotFound, AccountFaulty.
    """
    program = get_program(tx)
    require_customer(tx, customer_id, is_verified=False)
    lock_customer(tx, get_bank_account(tx, account_id).customer_id)
    account = take_bank_account(tx, account_id)
    _refuse_untouchable(tx, account, customer_id)
    changes = {name: value for name, value in fields.items() if value != getattr(account, name)}
    if account_number and account_number != account.account_number:
        changes["account_number"] = account_number
    product = None if product_id in {None, account.product_id} else find_product(tx, product_id=product_id)
    is_handed = primary_customer_id not in {None, account.customer_id}
    faults = [
        *_field_faults(tx, program, account, customer_id, changes),
        *_heir_faults(tx, account, customer_id, primary_customer_id if is_handed else None),
        *_product_faults(tx, account, product_id, product),
    ]
    refuse_faulty(faults)
    _apply(tx, account, changes)
    if product is not None:
        _change_product(tx, program, account, product)
    if is_handed and primary_customer_id is not None:
        hand_over(tx, account, primary_customer_id)


def _refuse_untouchable(tx: Tx, account: BankAccountRow, customer_id: int) -> None:
    """Refuses: AccountFaulty, for somebody without FULL access, and for an account that ends."""
    if access_of(tx, account.account_id, customer_id) != FULL:
        refuse_faulty(
            [Fault("edit_refused", "customer_id", "does not have the privilege to edit the account")]
        )
    if account.is_closed or account.status == PENDING_CLOSED:
        refuse_faulty([Fault("closed", "account_id", "is that of a closed account")])


def _field_faults(
    tx: Tx, program: ProgramFacts, account: BankAccountRow, customer_id: int, changes: Mapping[str, Any]
) -> list[Fault]:
    """What is wrong with the new values, each judged beside those that stay."""
    faults: list[Fault] = []
    own_id = account.account_id
    if "name" in changes:
        faults += name_faults(tx, account.customer_id, changes["name"], own_id)
    if "account_number" in changes:
        faults += _number_faults(tx, program, account, customer_id, changes["account_number"])
    if "tag" in changes:
        faults += tag_faults(tx, changes["tag"], own_id)
    if "target_minor" in changes:
        faults += target_faults(program, changes["target_minor"])
    if changes.get("target_on") is not None and changes["target_on"] <= bank_today(tx, program):
        faults.append(Fault("target_past", "target_on", "must be in the future"))
    if not changes.keys().isdisjoint(CONTRIBUTION_FIELDS):
        faults += _contribution_faults(tx, program, account, changes)
    return faults


def _number_faults(
    tx: Tx, program: ProgramFacts, account: BankAccountRow, customer_id: int, number: str
) -> list[Fault]:
    """The primary customer alone may choose another number, where numbers may be chosen at all."""
    refused = Fault("number_refused", "account_number", "may not be changed")
    if customer_id != account.customer_id:
        return [refused]
    try:
        return number_faults(tx, program, number, own_id=account.account_id)
    except NotEnabled:
        return [refused]


def _contribution_faults(
    tx: Tx, program: ProgramFacts, account: BankAccountRow, changes: Mapping[str, Any]
) -> list[Fault]:
    values = {name: changes.get(name, getattr(account, name)) for name in CONTRIBUTION_FIELDS}
    product = get_product(tx, account.product_id)
    faults = list(
        contribution_faults(tx, values, customer_id=account.customer_id, program=program, product=product)
    )
    if account.is_locked and account.lock_reason != CREDITS_ONLY:
        faults.append(Fault("credit_refused", "contribution_type", "may not credit a locked account"))
    return faults


def _heir_faults(
    tx: Tx, account: BankAccountRow, customer_id: int, primary_customer_id: int | None
) -> list[Fault]:
    """The primary customer alone hands the account over, to somebody with FULL access."""
    if primary_customer_id is None:
        return []
    if customer_id == account.customer_id and access_of(tx, account.account_id, primary_customer_id) == FULL:
        return []
    return [Fault("primary_refused", "primary_customer_id", "may not be reassigned like this")]


def _product_faults(
    tx: Tx, account: BankAccountRow, product_id: int | None, product: ProductRow | None
) -> list[Fault]:
    if product_id in {None, account.product_id}:
        return []
    if product is None:
        return [Fault("type_wrong", "product_id", "is no product of this program")]
    if product.is_business != get_product(tx, account.product_id).is_business:
        words = "may not turn a personal account into one of a business, or the other way round"
        return [Fault("kind_switched", "product_id", words)]
    return []


def _apply(tx: Tx, account: BankAccountRow, changes: Mapping[str, Any]) -> None:
    if not changes:
        return
    # Whether another goal is met is found out anew.
    goal = {"target_met_at": None} if "target_minor" in changes else {}
    change_account(tx, account.account_id, **changes, **goal)
    if changes.get("is_primary"):
        make_only_primary(tx, account.customer_id, account.account_id)
    tx.note("bank_account.changed", "bank_account", account.account_id, after={"changed": sorted(changes)})


def _change_product(tx: Tx, program: ProgramFacts, account: BankAccountRow, product: ProductRow) -> None:
    """Pay what the product before has earned, and go on as the new one does."""
    pay(tx, account_id=account.account_id)
    earns = product.is_interest_enabled and account.standing.kind == LIABILITY
    through = bank_today(tx, program) - ONE_DAY if earns else None
    change_account(tx, account.account_id, product_id=product.id, type=product.type, accrued_through=through)
    before, after = {"product_id": account.product_id}, {"product_id": product.id}
    tx.note("bank_account.product_changed", "bank_account", account.account_id, before=before, after=after)
