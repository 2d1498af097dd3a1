"""Locks and holds: who may place them, and who may take them away."""

from datetime import date, timedelta

import pytest

from comptoir.domain.banking.accounts.errors import (
    AccessMissing,
    AccountLocked,
    HoldMissing,
    HoldRefused,
    LockRefused,
    UnlockRefused,
)
from comptoir.domain.banking.accounts.locking import (
    hold_account,
    lock_account,
    release_account,
    unlock_account,
)
from comptoir.domain.banking.accounts.models import LOCK_REASONS, RDONLY
from comptoir.domain.banking.accounts.queries import get_bank_account, refuse_locked
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.ledger.holds import release_expired_holds
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer, pay_out


def lock(
    tx: Tx, customer_id: int, account_id: int, kind: str | None = "CST", reason: str | None = "TMP"
) -> str:
    """Lock, and say which kind of refusal came."""
    try:
        lock_account(tx, customer_id=customer_id, account_id=account_id, lock_type=kind, lock_reason=reason)
    except LockRefused as refusal:
        return refusal.kind
    return ""


@pytest.mark.parametrize("reason", LOCK_REASONS)
def test_what_a_customer_locked_can_be_unlocked_but_for_fraud(tx: Tx, reason: str) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id)
    assert lock(tx, customer_id, account_id, "cst", reason.lower()) == ""
    account = get_bank_account(tx, account_id)
    assert (account.is_locked, account.lock_type, account.lock_reason) == (True, "CST", reason)
    with pytest.raises(AccountLocked):
        refuse_locked(account, is_credit=False)
    if reason == "CO":
        refuse_locked(account, is_credit=True)
    else:
        with pytest.raises(AccountLocked):
            refuse_locked(account, is_credit=True)
    if reason == "FRD":
        assert lock(tx, customer_id, account_id) == "fraud"
        with pytest.raises(UnlockRefused) as refusal:
            unlock_account(tx, customer_id=customer_id, account_id=account_id)
        assert refusal.value.kind == "fraud"
        return
    assert lock(tx, customer_id, account_id, reason="ADM") == ""
    unlock_account(tx, customer_id=customer_id, account_id=account_id)
    unlock_account(tx, customer_id=customer_id, account_id=account_id)
    account = get_bank_account(tx, account_id)
    assert (account.is_locked, account.lock_reason, account.locked_at) == (False, "", None)


def test_what_the_system_locked_stays_so(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id)
    assert lock(tx, customer_id, account_id, "SYS", "REC") == ""
    assert lock(tx, customer_id, account_id) == "system"
    with pytest.raises(UnlockRefused) as refusal:
        unlock_account(tx, customer_id=customer_id, account_id=account_id)
    assert refusal.value.kind == "system"


def test_how_an_account_cannot_be_locked(tx: Tx) -> None:
    found_bank(tx)
    customer_id, amy = make_customer(tx), make_customer(tx, "Amy")
    account_id = make_account(tx, customer_id)
    set_access(tx, customer_id=customer_id, target_customer_id=amy, account_id=account_id, access_type=RDONLY)
    assert lock(tx, customer_id, account_id, "UNL") == "type"
    assert lock(tx, customer_id, account_id, None) == "type"
    assert lock(tx, customer_id, account_id, "CST", None) == "reason_missing"
    assert lock(tx, customer_id, account_id, "CST", "XXX") == "reason_unknown"
    assert lock(tx, amy, account_id) == "privilege"
    with pytest.raises(AccessMissing):
        unlock_account(tx, customer_id=amy, account_id=account_id)
    change_account(tx, account_id, status="PendingOpen")
    assert lock(tx, customer_id, account_id) == "status"


def test_a_hold_lowers_what_is_available_until_it_is_released(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, balance_minor=1000)
    with pytest.raises(InsufficientFunds):
        hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=1001)
    hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=600)
    account = get_bank_account(tx, account_id)
    assert (account.balance_minor, account.available_minor) == (1000, 400)
    with pytest.raises(InsufficientFunds):
        pay_out(tx, account_id, 401)
    with pytest.raises(HoldRefused) as refusal:
        hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=1)
    assert refusal.value.kind == "pending"
    release_account(tx, customer_id=customer_id, account_id=account_id)
    assert get_bank_account(tx, account_id).available_minor == 1000
    with pytest.raises(HoldMissing):
        release_account(tx, customer_id=customer_id, account_id=account_id)
    hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=1000)


def test_how_money_cannot_be_held(tx: Tx) -> None:
    found_bank(tx, ('category = "Savings"', 'category = "Prepaid"'))
    customer_id = make_customer(tx)
    prepaid = make_account(tx, customer_id, type="Savings", balance_minor=1000)
    for account_id, kind in ((prepaid, "type"), (999, "account"), (0, "account")):
        with pytest.raises(HoldRefused) as refusal:
            hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=1)
        assert refusal.value.kind == kind
    account_id = make_account(tx, customer_id, "Other", balance_minor=1000)
    for amount, expires_on, kind in ((0, None, "amount"), (1, date(2026, 3, 1), "expiry")):
        with pytest.raises(HoldRefused) as refusal:
            hold_account(
                tx, customer_id=customer_id, account_id=account_id, amount_minor=amount, expires_on=expires_on
            )
        assert refusal.value.kind == kind


def test_a_hold_ends_by_itself_at_the_midnight_of_the_bank(shop: OpenShop) -> None:
    def opened(tx: Tx) -> int:
        found_bank(tx)
        customer_id = make_customer(tx)
        account_id = make_account(tx, customer_id, balance_minor=1000)
        hold_account(
            tx, customer_id=customer_id, account_id=account_id, amount_minor=600, expires_on=date(2026, 3, 2)
        )
        return account_id

    account_id = shop.write(opened)
    shop.system = lambda: NOW.replace(day=2, hour=6) - timedelta(seconds=1)
    assert shop.write(release_expired_holds) == 0
    shop.system = lambda: NOW.replace(day=2, hour=6)
    assert shop.write(release_expired_holds) == 1
    assert shop.read(lambda tx: get_bank_account(tx, account_id)).available_minor == 1000
