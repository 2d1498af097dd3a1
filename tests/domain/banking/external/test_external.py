"""What holds of external accounts beyond what the wire shows: counting, racing, secrecy, the bank's own hand."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from comptoir.domain.banking.external import counting
from comptoir.domain.banking.external.changing import (
    correct_external_account,
    lock_external_account,
    unlock_external_account,
    update_external_account,
)
from comptoir.domain.banking.external.errors import (
    ExternalAccountFaulty,
    LockedAlready,
    LockedByBank,
    TooManyExternalAccounts,
)
from comptoir.domain.banking.external.models import ARCHIVED, EXPIRED, ExternalAccount
from comptoir.domain.banking.external.opening import create_external_account, initiate_external_account
from comptoir.domain.banking.external.queries import get_external_account, list_external_accounts
from comptoir.domain.banking.external.verifying import expire_verifications, verify_external_account
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import Program
from comptoir.domain.banking.retiring import archive_external_account
from comptoir.domain.events.models import Event
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.banking.external.given import DETAILS, NUMBER
from tests.domain.banking.transfers.given import account, elsewhere, found, person


def settled(tx: Tx, account_id: int, external_id: int, at: datetime) -> None:
    """Money came from the external account and went back, once upon a time."""
    for source, target in ((IN_TRANSIT, account_id), (account_id, IN_TRANSIT)):
        moved = move_money(tx, Movement(100, source, target, "CPDEP", external_account_id=external_id))
        tx.update(BankTransfer, moved.transfer_id, settled_at=at)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (89, True), (92, False)])
def test_an_archived_one_counts_while_money_settled_through_it_lately(
    tx: Tx, days: int, *, counts: bool
) -> None:
    found(tx)
    customer_id = person(tx)
    external_id, account_id = elsewhere(tx, customer_id), account(tx, customer_id)
    settled(tx, account_id, external_id, tx.now - timedelta(days=days))
    archive_external_account(tx, customer_id=customer_id, external_account_id=external_id)
    tx.update(Program, 1, external_account_count_max=1)
    if counts:
        with pytest.raises(TooManyExternalAccounts):
            elsewhere(tx, customer_id)
    else:
        elsewhere(tx, customer_id)


def test_one_through_which_nothing_ever_went_does_not_count(tx: Tx) -> None:
    found(tx)
    customer_id = person(tx)
    archive_external_account(tx, customer_id=customer_id, external_account_id=elsewhere(tx, customer_id))
    tx.update(Program, 1, external_account_count_max=1)
    assert get_external_account(tx, elsewhere(tx, customer_id)).status != ARCHIVED


def test_no_list_grows_without_end(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tx)
    tx.update(Program, 1, external_account_count_max=None)
    monkeypatch.setattr(counting, "EVER_MAX", 2)
    customer_id = person(tx)
    for _ in range(2):
        external_id = elsewhere(tx, customer_id)
        archive_external_account(tx, customer_id=customer_id, external_account_id=external_id)
    with pytest.raises(TooManyExternalAccounts):
        elsewhere(tx, customer_id)


def test_of_many_at_once_no_more_are_taken_in_than_there_is_room_for(shop: OpenShop) -> None:
    shop.write(found)
    shop.write(lambda tx: tx.update(Program, 1, external_account_count_max=3))
    customer_id = shop.write(person)

    def take_in(_: int) -> bool:
        try:
            shop.write(partial(elsewhere, customer_id=customer_id))
        except TooManyExternalAccounts:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take_in, range(12))) == 3
    assert len(shop.read(lambda tx: list_external_accounts(tx, customer_id))) == 3


def test_misses_at_the_same_time_are_each_counted(shop: OpenShop) -> None:
    shop.write(found)
    shop.write(lambda tx: tx.update(Program, 1, verify_attempts_max=100))
    customer_id = shop.write(person)
    external_id = shop.write(
        lambda tx: initiate_external_account(tx, customer_id=customer_id, details=DETAILS)
    )

    def miss(_: int) -> int:
        return shop.write(
            lambda tx: verify_external_account(
                tx, customer_id=customer_id, external_account_id=external_id, amounts=(99, 99)
            )
        ).attempts_left

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(miss, range(20))) == list(range(80, 100))


def test_what_is_not_named_in_time_expires_in_lots_of_any_size(shop: OpenShop) -> None:
    shop.write(found)
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=9))
    customer_id = shop.write(person)

    def initiate(tx: Tx) -> list[int]:
        return [
            initiate_external_account(tx, customer_id=customer_id, details=DETAILS._replace(tag=f"t{number}"))
            for number in range(3)
        ]

    ids = shop.write(initiate)
    assert shop.write(expire_verifications) == 0
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=30)))
    assert shop.write(expire_verifications) == 3
    assert shop.write(expire_verifications) == 0
    rows = shop.read(lambda tx: [get_external_account(tx, one) for one in ids])
    assert {(row.status, row.amount1_minor) for row in rows} == {(EXPIRED, None)}


def test_numbers_and_names_are_in_no_event_and_numbers_nowhere_in_clear(shop: OpenShop) -> None:
    shop.write(found)
    customer_id = shop.write(person)
    external_id = shop.write(
        lambda tx: initiate_external_account(tx, customer_id=customer_id, details=DETAILS)
    )
    shop.write(
        lambda tx: update_external_account(
            tx, customer_id=customer_id, external_account_id=external_id, last_name="Byron"
        )
    )
    rows = shop.read(lambda tx: tx.all(select(*Event.__table__.columns)))
    told = msgspec.json.encode([list(map(str, row)) for row in rows]).decode()
    assert "external_account.updated" in told
    assert NUMBER not in told
    assert "Byron" not in told
    if isinstance(shop.database, SqliteDatabase):
        sqlite3.connect(shop.database.path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        assert NUMBER.encode() not in Path(shop.database.path).read_bytes()


def test_a_notification_of_change_is_taken_over_and_found_again(tx: Tx) -> None:
    found(tx)
    external_id = elsewhere(tx, person(tx))
    correct_external_account(
        tx, external_id, noc_code="C03", routing_number="021000021", account_number="55501"
    )
    row = get_external_account(tx, external_id)
    assert (row.noc_code, row.routing_number, row.account_number, row.type) == (
        "C03",
        "021000021",
        "55501",
        "Checking",
    )
    assert row.name == "JPMorgan Chase Bank, N.A."
    found_ids = tx.all(select(ExternalAccount.id).where(ExternalAccount.account_digest == "55501"))
    assert found_ids == [(external_id,)]


def test_what_the_bank_locks_the_customer_does_not_unlock(tx: Tx) -> None:
    found(tx)
    customer_id = person(tx)
    external_id = elsewhere(tx, customer_id)
    whose: dict[str, Any] = {"customer_id": customer_id, "external_account_id": external_id}
    lock_external_account(tx, **whose, reason="asked for")
    lock_external_account(tx, **whose, reason="fraud", is_by_bank=True)
    with pytest.raises(LockedAlready):
        lock_external_account(tx, **whose, is_by_bank=True)
    with pytest.raises(LockedAlready):
        lock_external_account(tx, **whose)
    with pytest.raises(LockedByBank):
        unlock_external_account(tx, **whose)
    assert get_external_account(tx, external_id).locked_reason == "fraud"
    unlock_external_account(tx, **whose, is_by_bank=True)
    assert not get_external_account(tx, external_id).is_locked


def test_nick_names_of_others_and_of_those_that_ended_are_free(tx: Tx) -> None:
    found(tx)
    one, other = person(tx), person(tx, "Grace", tag="other")
    details = DETAILS._replace(nick_name="Till")
    first = create_external_account(tx, customer_id=one, details=details)
    create_external_account(tx, customer_id=other, details=details)
    with pytest.raises(ExternalAccountFaulty):
        create_external_account(tx, customer_id=one, details=details)
    archive_external_account(tx, customer_id=one, external_account_id=first)
    create_external_account(tx, customer_id=one, details=details)
