"""What persons may do with the account of a business: entitlements, which bring the access that they need."""

from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, or_, select, update

from comptoir.domain.banking.accounts.errors import EntitlementRefused
from comptoir.domain.banking.accounts.models import (
    AUTHSIGNER,
    FULL,
    NONE,
    RDONLY,
    AccountAccess,
    Entitlement,
)
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    find_bank_account,
    list_holders,
    take_bank_account,
)
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.models import INITIATED, MANUAL_REVIEW, CustomerRelationship
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.banking.program.queries import get_product
from comptoir.domain.tx import Tx

# The access to the account that each brings; who has the first may give others theirs.
ADMINISTRATE, TRANSACT, VIEW = "Administrate", "Transact", "View"
ENTITLEMENTS = {ADMINISTRATE: FULL, TRANSACT: AUTHSIGNER, VIEW: RDONLY}


class EntitlementRow(NamedTuple):
    """What somebody may do with an account."""

    id: int
    account_id: int
    customer_id: int
    entitlement: str


class Asker(NamedTuple):
    """Who asks for something to be done, for whom, on which account."""

    customer_id: int
    target_id: int
    account_id: int


_OF = select(*(getattr(Entitlement, name) for name in EntitlementRow._fields))
OF_ACCOUNT = _OF.where(Entitlement.account_id == bindparam("account_id")).order_by(Entitlement.id)
OF_ONE = _OF.where(
    Entitlement.account_id == bindparam("account_id"), Entitlement.customer_id == bindparam("customer_id")
)
DROP = delete(Entitlement).where(Entitlement.id == bindparam("id"))
RELATED = (
    select(CustomerRelationship.id)
    .where(
        CustomerRelationship.is_active.is_(True),
        or_(
            and_(
                CustomerRelationship.primary_id == bindparam("business_id"),
                CustomerRelationship.related_id == bindparam("person_id"),
            ),
            and_(
                CustomerRelationship.primary_id == bindparam("person_id"),
                CustomerRelationship.related_id == bindparam("business_id"),
            ),
        ),
    )
    .limit(1)
)
SET_ACCESS = (
    update(AccountAccess)
    .where(
        AccountAccess.account_id == bindparam("of_account"),
        AccountAccess.customer_id == bindparam("of_customer"),
    )
    .values(access_type=bindparam("access_type"))
)


def entitle(tx: Tx, asker: Asker, *, entitlement: str, is_new: bool) -> EntitlementRow:
    """Let a person who belongs to the business do something with its account; or something else than before.

    Refuses: EntitlementRefused (by kind: account, not_business, status, locked), CustomerNotFound,
    CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified (who asks), EntitlementRefused
    (insufficient, unknown, target, relationship, onboarding, target_customer, present, missing).
    """
    account = _account(tx, asker)
    word = {one.lower(): one for one in ENTITLEMENTS}.get(entitlement.strip().lower())
    if word is None:
        raise EntitlementRefused("unknown", f"entitlement must be one of {', '.join(ENTITLEMENTS)}")
    _refuse_unfit(tx, account, asker.target_id)
    known = _find(tx, asker)
    if is_new and known is not None:
        raise EntitlementRefused("present", "the customer has an entitlement to this account already")
    if not is_new and known is None:
        raise EntitlementRefused("missing", "the customer has no entitlement to this account")
    if known is None:
        made = EntitlementRow(tx.ids.next("entitlement"), account.account_id, asker.target_id, word)
        tx.insert(Entitlement, **made._asdict(), created_at=tx.now)
    else:
        made = known._replace(entitlement=word)
        tx.update(Entitlement, known.id, entitlement=word)
    _set_access(tx, account, asker.target_id, ENTITLEMENTS[word])
    after = {"customer_id": asker.target_id, "entitlement": word}
    before = None if known is None else {"entitlement": known.entitlement}
    tx.note("entitlement.changed", "bank_account", account.account_id, before=before, after=after)
    return made


def disentitle(tx: Tx, asker: Asker) -> EntitlementRow:
    """Let a person do nothing more with the account. Refuses: as entitle (missing)."""
    account = _account(tx, asker)
    known = _find(tx, asker)
    if known is None:
        raise EntitlementRefused("missing", "the customer has no entitlement to this account")
    tx.run(DROP, id=known.id)
    _set_access(tx, account, asker.target_id, NONE)
    before = {"customer_id": asker.target_id, "entitlement": known.entitlement}
    tx.note("entitlement.removed", "bank_account", account.account_id, before=before)
    return known


def list_entitlements(tx: Tx, *, customer_id: int, account_id: int) -> list[EntitlementRow]:
    """Who may do what with an account.

    Refuses: EntitlementRefused (account, not_business), as require_customer, EntitlementRefused (insufficient).
    """
    account = _business_account(tx, account_id)
    require_customer(tx, customer_id)
    if access_of(tx, account.account_id, customer_id) == NONE:
        raise EntitlementRefused("insufficient", "the customer has no entitlement to this account")
    return entitlements_of(tx, account_id)


def entitlements_of(tx: Tx, account_id: int) -> list[EntitlementRow]:
    """Who may do what with an account, whoever asks."""
    return [EntitlementRow(*row) for row in tx.all(OF_ACCOUNT, account_id=account_id)]


def _account(tx: Tx, asker: Asker) -> BankAccountRow:
    """The account of a business on which somebody may give entitlements, taken. Refuses: as entitle."""
    account = _business_account(tx, asker.account_id)
    if not account.is_open:
        raise EntitlementRefused("status", f"the account is {account.status}")
    if account.is_locked:
        raise EntitlementRefused("locked", "the account is locked")
    require_customer(tx, asker.customer_id)
    if access_of(tx, account.account_id, asker.customer_id) != FULL:
        raise EntitlementRefused("insufficient", "the customer may not give entitlements to this account")
    if asker.target_id in {asker.customer_id, account.customer_id}:
        raise EntitlementRefused(
            "target", "nobody changes the own entitlement, or that of the business itself"
        )
    return take_bank_account(tx, account.account_id)


def _business_account(tx: Tx, account_id: int) -> BankAccountRow:
    account = find_bank_account(tx, account_id)
    if account is None:
        raise EntitlementRefused("account", f"account id {account_id} is invalid")
    if not get_product(tx, account.product_id).is_business:
        raise EntitlementRefused("not_business", "the account is not that of a business")
    return account


def _refuse_unfit(tx: Tx, account: BankAccountRow, target_id: int) -> None:
    """The person must be one whom the bank knows, and who belongs to the business."""
    try:
        target = get_customer(tx, target_id)
    except CustomerNotFound:
        raise EntitlementRefused("target_customer", f"targetCustomerId {target_id} is invalid") from None
    if target.status in {INITIATED, MANUAL_REVIEW}:
        raise EntitlementRefused("onboarding", "onboarding of the customer is incomplete")
    require_customer(tx, target_id)
    if target.is_business:
        raise EntitlementRefused("target", "entitlements are given to individuals")
    if tx.value(RELATED, business_id=account.customer_id, person_id=target_id) is None:
        raise EntitlementRefused("relationship", "the customer has no active relationship with the business")


def _find(tx: Tx, asker: Asker) -> EntitlementRow | None:
    row = tx.one(OF_ONE, account_id=asker.account_id, customer_id=asker.target_id)
    return None if row is None else EntitlementRow(*row)


def _set_access(tx: Tx, account: BankAccountRow, customer_id: int, access_type: str) -> None:
    changed = tx.run(
        SET_ACCESS, of_account=account.account_id, of_customer=customer_id, access_type=access_type
    )
    if not changed:
        last = max(one.priority for one in list_holders(tx, account.account_id))
        tx.insert(
            AccountAccess, account_id=account.account_id, customer_id=customer_id, access_type=access_type,
            priority=last + 1, created_at=tx.now,
        )  # fmt: skip
