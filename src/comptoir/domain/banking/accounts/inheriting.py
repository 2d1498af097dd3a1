"""Who is to have what is on an account one day (reference 3.4.9)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.banking.accounts.errors import BeneficiaryRefused
from comptoir.domain.banking.accounts.models import FULL, NONE, AccountBeneficiary
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    find_bank_account,
    list_bank_accounts,
    take_bank_account,
)
from comptoir.domain.banking.customers.beneficiaries import BeneficiaryRow, list_beneficiaries
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.tx import Tx


class Heir(NamedTuple):
    """That a beneficiary is to have an account, or was once."""

    account: BankAccountRow
    beneficiary: BeneficiaryRow
    is_active: bool


LINKS = (
    select(AccountBeneficiary.beneficiary_id, AccountBeneficiary.is_active)
    .where(AccountBeneficiary.account_id == bindparam("account_id"))
    .order_by(AccountBeneficiary.beneficiary_id)
)
SET_ACTIVE = (
    update(AccountBeneficiary)
    .where(
        AccountBeneficiary.account_id == bindparam("of_account"),
        AccountBeneficiary.beneficiary_id == bindparam("of_beneficiary"),
    )
    .values(is_active=bindparam("is_active"))
)


def add_heir(tx: Tx, *, customer_id: int, account_id: int, beneficiary_id: int) -> None:
    """Name a beneficiary of an account; one who was named before is named again.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, BeneficiaryRefused (by kind:
    account, privilege, beneficiary, deactivated).
    """
    account = _account(tx, customer_id, account_id)
    _beneficiary(tx, account, beneficiary_id)
    _link(tx, account_id, {beneficiary_id: True})


def remove_heir(tx: Tx, *, customer_id: int, account_id: int, beneficiary_id: int) -> None:
    """Name a beneficiary of an account no more; who is not named is not missed.

    Refuses: as add_heir, but for deactivated.
    """
    account = _account(tx, customer_id, account_id)
    _known(tx, account, beneficiary_id)
    if beneficiary_id in dict(tx.all(LINKS, account_id=account_id)):
        _link(tx, account_id, {beneficiary_id: False})


def replace_heirs(tx: Tx, *, customer_id: int, account_id: int, beneficiary_ids: Sequence[int]) -> None:
    """Name these beneficiaries of an account and no others. Refuses: as add_heir."""
    account = _account(tx, customer_id, account_id)
    for beneficiary_id in beneficiary_ids:
        _beneficiary(tx, account, beneficiary_id)
    before: dict[int, bool] = dict(tx.all(LINKS, account_id=account_id))
    _link(tx, account_id, dict.fromkeys(before, False) | dict.fromkeys(beneficiary_ids, True))


def list_heirs(tx: Tx, *, customer_id: int, account_id: int | None = None) -> list[Heir]:
    """The beneficiaries of a customer's accounts, or of one of them, former ones too; by account."""
    accounts = [one for one in list_bank_accounts(tx, customer_id) if account_id in {None, one.account_id}]
    found: list[Heir] = []
    for account in accounts:
        links: dict[int, bool] = dict(tx.all(LINKS, account_id=account.account_id))
        if links:
            known = {one.id: one for one in list_beneficiaries(tx, account.customer_id)}
            found += [Heir(account, known[id], is_active) for id, is_active in links.items() if id in known]
    return found


def _account(tx: Tx, customer_id: int, account_id: int) -> BankAccountRow:
    require_customer(tx, customer_id, is_verified=False)
    account = find_bank_account(tx, account_id)
    access = access_of(tx, account_id, customer_id)
    if account is None or account.is_closed or access == NONE:
        raise BeneficiaryRefused("account", f"account id {account_id} is invalid")
    if access != FULL:
        raise BeneficiaryRefused("privilege", "FULL access is needed to name beneficiaries")
    return take_bank_account(tx, account_id)


def _known(tx: Tx, account: BankAccountRow, beneficiary_id: int) -> BeneficiaryRow:
    """A beneficiary of the account's owner."""
    for one in list_beneficiaries(tx, account.customer_id):
        if one.id == beneficiary_id:
            return one
    raise BeneficiaryRefused("beneficiary", f"customer beneficiary id {beneficiary_id} is invalid")


def _beneficiary(tx: Tx, account: BankAccountRow, beneficiary_id: int) -> None:
    if not _known(tx, account, beneficiary_id).is_active:
        raise BeneficiaryRefused("deactivated", "the beneficiary is deactivated")


def _link(tx: Tx, account_id: int, wanted: dict[int, bool]) -> None:
    """Write down who is named and who is no more."""
    known: dict[int, bool] = dict(tx.all(LINKS, account_id=account_id))
    for beneficiary_id, is_active in wanted.items():
        if beneficiary_id in known:
            tx.run(SET_ACTIVE, of_account=account_id, of_beneficiary=beneficiary_id, is_active=is_active)
        else:
            tx.insert(
                AccountBeneficiary, account_id=account_id, beneficiary_id=beneficiary_id, is_active=is_active,
                created_at=tx.now,
            )  # fmt: skip
    before = sorted(one for one, is_active in known.items() if is_active)
    after = sorted(one for one, is_active in (known | wanted).items() if is_active)
    tx.note(
        "account_beneficiaries.changed", "bank_account", account_id,
        before={"beneficiary_ids": before}, after={"beneficiary_ids": after},
    )  # fmt: skip
