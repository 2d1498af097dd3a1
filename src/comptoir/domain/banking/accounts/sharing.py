"""Who shares an account: giving access, taking it, handing the account over (reference 3.4.7)."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.banking.accounts.errors import AccessRefused, AccountNotOpen
from comptoir.domain.banking.accounts.models import (
    ACCOUNT_ACCESS_TYPES,
    AUTHSIGNER,
    CLOSED,
    FULL,
    NONE,
    AccountAccess,
    BankAccount,
)
from comptoir.domain.banking.accounts.queries import (
    ACCESS_RANKS,
    AccessRow,
    BankAccountRow,
    access_of,
    find_access,
    list_holders,
    take_bank_account,
)
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.models import (
    DECEASED,
    DENIED,
    INITIATED,
    MANUAL_REVIEW,
    VERIFIED,
    BankCustomer,
)
from comptoir.domain.banking.customers.queries import CustomerRow, get_customer, require_customer
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.queries import get_product, get_program
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx

PRIORITY_MAX = 1000
MINOR_AGE_MIN, ADULT_AGE = 13, 18
# What keeps a customer from having a part in an account, by status.
STANDINGS = {
    INITIATED: ("onboarding", "onboarding of the customer is incomplete"),
    MANUAL_REVIEW: ("unverified", "the customer has not been verified yet"),
    DENIED: ("denied", "verification of the customer was denied"),
}


class HolderRow(NamedTuple):
    """Somebody who has a part in an account, with the name."""

    customer_id: int
    access_type: str
    priority: int
    tag: str | None
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    email: str


class Wanted(NamedTuple):
    """The access that somebody is to have; without a priority the one that there is stays."""

    customer_id: int
    code: str
    priority: int | None


HOLDERS = (
    select(
        AccountAccess.customer_id, AccountAccess.access_type, AccountAccess.priority, BankCustomer.tag,
        Customer.first_name, BankCustomer.middle_name, Customer.last_name, BankCustomer.suffix, Customer.email,
    )
    .join(BankCustomer, BankCustomer.customer_id == AccountAccess.customer_id)
    .join(Customer, Customer.id == AccountAccess.customer_id)
    .where(AccountAccess.account_id == bindparam("account_id"), AccountAccess.access_type != NONE)
    .order_by(AccountAccess.priority, AccountAccess.customer_id)
)  # fmt: skip
CHANGE = (
    update(AccountAccess)
    .where(
        AccountAccess.account_id == bindparam("of_account"),
        AccountAccess.customer_id == bindparam("of_customer"),
    )
    .values(access_type=bindparam("access_type"), priority=bindparam("priority"))
)
HAND_OVER = (
    update(BankAccount)
    .where(BankAccount.account_id == bindparam("of_account"))
    .values(customer_id=bindparam("customer_id"), is_primary=False, updated_at=bindparam("updated_at"))
)
BORN_ON = select(Customer.birth_date).where(Customer.id == bindparam("customer_id"))
ORPHANS = (
    select(BankAccount.account_id)
    .join(BankCustomer, BankCustomer.customer_id == BankAccount.customer_id)
    .where(BankCustomer.status == DECEASED, BankAccount.status != CLOSED)
    .order_by(BankAccount.account_id)
)


def list_access(tx: Tx, account_id: int) -> list[HolderRow]:
    """Everybody who has a part in an account, the owner first."""
    return [HolderRow(*row) for row in tx.all(HOLDERS, account_id=account_id)]


def set_access(
    tx: Tx,
    *,
    customer_id: int,
    target_customer_id: int,
    account_id: int,
    access_type: str | None,
    priority: int | None = None,
) -> None:
    """Let a customer give somebody access to an account, take it, or change who comes before whom.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked (who asks),
    BankAccountNotFound, AccountNotOpen, AccessRefused (by kind: code_missing, code_unknown, priority, customer,
    raise, full_missing, primary_missing, keeps_full, signer, the standing of whom it is given to, too_young,
    minor_product, minor_signs).
    """
    require_customer(tx, customer_id, is_verified=False)
    account = take_bank_account(tx, account_id)
    if account.is_closed:
        raise AccountNotOpen(account_id, account.status)
    code = _access_code(access_type, priority)
    target = _target(tx, target_customer_id)
    known = find_access(tx, account_id, target.customer_id)
    if known is not None and priority == known.priority:
        priority = None
    wanted = Wanted(target.customer_id, code, priority)
    _refuse_unentitled(tx, account, customer_id, wanted)
    _refuse_owner_lowered(account, wanted)
    if code != NONE:
        _refuse_unfit(tx, account, target, code)
    _write(tx, account, known, wanted)


def hand_over(tx: Tx, account: BankAccountRow, customer_id: int) -> None:
    """Make another holder with FULL access the owner, who comes first then. Refuses: AccessRefused."""
    heir = find_access(tx, account.account_id, customer_id)
    if heir is None or heir.access_type != FULL:
        raise AccessRefused("keeps_full", "the primary customer needs FULL access")
    owner = find_access(tx, account.account_id, account.customer_id)
    assert owner is not None
    _change(tx, account.account_id, account.customer_id, owner.access_type, max(heir.priority, 2))
    _change(tx, account.account_id, customer_id, FULL, 1)
    tx.run(HAND_OVER, of_account=account.account_id, customer_id=customer_id, updated_at=tx.now)
    tx.note(
        "bank_account.handed_over", "bank_account", account.account_id,
        before={"customer_id": account.customer_id}, after={"customer_id": customer_id},
    )  # fmt: skip


def inherit(tx: Tx) -> int:
    """Hand the accounts of those who died over to whoever comes next; gives how many were."""
    count = 0
    for (account_id,) in tx.all(ORPHANS):
        account = take_bank_account(tx, account_id)
        others = [one for one in list_holders(tx, account_id) if one.customer_id != account.customer_id]
        heirs = (one.customer_id for one in others if one.access_type == FULL)
        heir = next((one for one in heirs if get_customer(tx, one).status == VERIFIED), None)
        if heir is not None:
            hand_over(tx, account, heir)
            count += 1
    return count


def _access_code(access_type: str | None, priority: int | None) -> str:
    if not access_type:
        raise AccessRefused("code_missing", "accessTypeCode is required")
    code = access_type.strip().upper()
    if code not in ACCOUNT_ACCESS_TYPES:
        words = f"accessTypeCode must be one of {', '.join(ACCOUNT_ACCESS_TYPES)}"
        raise AccessRefused("code_unknown", words)
    if priority is not None and not 0 < priority <= PRIORITY_MAX:
        raise AccessRefused("priority", f"customerPriority must be above zero, and at most {PRIORITY_MAX}")
    return code


def _target(tx: Tx, customer_id: int) -> CustomerRow:
    try:
        return get_customer(tx, customer_id)
    except CustomerNotFound:
        raise AccessRefused("customer", f"targetCustomerId {customer_id} is invalid") from None


def _refuse_unentitled(tx: Tx, account: BankAccountRow, customer_id: int, wanted: Wanted) -> None:
    """Nobody raises the own access; the primary customer alone changes that of others, and the order."""
    own = access_of(tx, account.account_id, customer_id)
    is_self = customer_id == wanted.customer_id
    if is_self and ACCESS_RANKS[wanted.code] > ACCESS_RANKS[own]:
        raise AccessRefused("raise", "nobody may raise the own access")
    if not is_self and own != FULL:
        raise AccessRefused("full_missing", "FULL access is needed to change that of others")
    if (not is_self or wanted.priority is not None) and customer_id != account.customer_id:
        raise AccessRefused("primary_missing", "the primary customer alone may do this")


def _refuse_owner_lowered(account: BankAccountRow, wanted: Wanted) -> None:
    is_owner = wanted.customer_id == account.customer_id
    if is_owner and (wanted.code != FULL or wanted.priority is not None):
        words = "the primary customer keeps FULL access until another one is assigned"
        raise AccessRefused("keeps_full", words)
    if wanted.priority == 1 and wanted.code == AUTHSIGNER:
        raise AccessRefused("signer", "an AUTHSIGNER cannot be the primary customer")
    if wanted.priority == 1 and wanted.code != FULL:
        raise AccessRefused("keeps_full", "the primary customer needs FULL access")


def _refuse_unfit(tx: Tx, account: BankAccountRow, target: CustomerRow, code: str) -> None:
    """What keeps somebody from having a part in this account."""
    if target.status in STANDINGS:
        raise AccessRefused(*STANDINGS[target.status])
    if target.status != VERIFIED or not target.is_active or target.is_locked:
        raise AccessRefused("standing", "the customer's status allows NONE only")
    age = _age(tx, target.customer_id)
    if age is None or age >= ADULT_AGE:
        return
    if age < MINOR_AGE_MIN:
        raise AccessRefused("too_young", f"the customer is younger than {MINOR_AGE_MIN}")
    if get_product(tx, account.product_id).is_business:
        raise AccessRefused("minor_product", "the product is not for minors")
    if code != AUTHSIGNER:
        raise AccessRefused("minor_signs", "a minor may be an AUTHSIGNER only")


def _age(tx: Tx, customer_id: int) -> int | None:
    born_on: date | None = tx.value(BORN_ON, customer_id=customer_id)
    if born_on is None:
        return None
    today = bank_today(tx, get_program(tx))
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _write(tx: Tx, account: BankAccountRow, known: AccessRow | None, wanted: Wanted) -> None:
    is_heir = wanted.priority == 1
    if wanted.priority is not None and not is_heir:
        place = wanted.priority
    elif known is not None and known.access_type != NONE:
        place = known.priority
    else:
        place = 1 + max(one.priority for one in list_holders(tx, account.account_id))
    if known is None:
        tx.insert(
            AccountAccess, account_id=account.account_id, customer_id=wanted.customer_id,
            access_type=wanted.code, priority=place, created_at=tx.now,
        )  # fmt: skip
    else:
        _change(tx, account.account_id, wanted.customer_id, wanted.code, place)
    before = None if known is None else {"access_type": known.access_type, "priority": known.priority}
    after = {"customer_id": wanted.customer_id, "access_type": wanted.code, "priority": place}
    tx.note("account_access.changed", "bank_account", account.account_id, before=before, after=after)
    if is_heir:
        hand_over(tx, account, wanted.customer_id)


def _change(tx: Tx, account_id: int, customer_id: int, access_type: str, priority: int) -> None:
    tx.run(CHANGE, of_account=account_id, of_customer=customer_id, access_type=access_type, priority=priority)
