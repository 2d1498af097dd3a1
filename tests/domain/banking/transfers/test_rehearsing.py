"""What a transfer would do is told, and nothing of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from comptoir.domain.banking.movements.errors import TransferRefused
from comptoir.domain.banking.movements.models import LimitUse
from comptoir.domain.banking.transfers.rehearsing import rehearse_transfer
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.events.queries import last_seq
from comptoir.domain.ledger.models import Posting
from comptoir.domain.ledger.queries import get_account
from tests.domain.banking.transfers.given import account, elsewhere, found, person

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

COUNTS = tuple(select(func.count()).select_from(record) for record in (Posting, LimitUse))


def begin(tx: Tx) -> tuple[int, int, int, int]:
    found(tx)
    customer_id = person(tx)
    return (
        customer_id,
        account(tx, customer_id, 10_000),
        account(tx, customer_id, name="Savings"),
        elsewhere(tx, customer_id),
    )


def kept(tx: Tx) -> tuple[int, ...]:
    return (*(int(tx.value(one)) for one in COUNTS), last_seq(tx))


def test_the_postings_and_balances_are_told_and_undone(shop: OpenShop) -> None:
    customer_id, source, target, _ = shop.write(begin)
    before = shop.read(kept)
    told = shop.write(lambda tx: rehearse_transfer(tx, TransferOrder(customer_id, source, target, 2_500)))
    assert [(one.account.id, one.amount.minor, one.account.balance_minor) for one in told] == [
        (source, 2_500, 7_500),
        (target, -2_500, 2_500),
    ]
    assert shop.read(kept) == before
    assert shop.read(lambda tx: get_account(tx, source)).balance_minor == 10_000


def test_what_another_bank_gets_is_told_as_announced(shop: OpenShop) -> None:
    customer_id, source, _, external = shop.write(begin)
    told = shop.write(lambda tx: rehearse_transfer(tx, TransferOrder(customer_id, source, external, 2_500)))
    assert {one.state for one in told} == {"pending"}
    own = next(one for one in told if one.account.id == source)
    assert (own.account.balance_minor, own.account.available_minor) == (10_000, 7_500)


def test_a_refusal_is_told_and_what_comes_after_it_in_the_transaction_stays(shop: OpenShop) -> None:
    customer_id, source, target, _ = shop.write(begin)

    def work(tx: Tx) -> int:
        with pytest.raises(TransferRefused):
            rehearse_transfer(tx, TransferOrder(customer_id, source, target, 99_999))
        return account(tx, customer_id, name="After")

    made = shop.write(work)
    assert shop.read(lambda tx: get_account(tx, made)).balance_minor == 0
