"""Whatever moves in whatever order, and however the clock jumps: each movement is told once, to the cent."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.movements.chart import FEE_INCOME, INTEREST_PAID
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import settle, void
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.banking.statements.proof import check_statements
from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.tx import OpenShop
from tests.domain.banking.statements.given import Bank

FACTS = select(Statement.customer_id, Statement.year, Statement.month, Statement.facts)
POSTINGS = (
    select(Posting.id, Posting.account_id)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(BankAccount, BankAccount.account_id == Posting.account_id)
    .where(Transfer.state == POSTED)
)
STEPS = (
    "bring",
    "take",
    "announce",
    "settle",
    "void",
    "pass_on",
    "earn",
    "charge",
    "backdate",
    "wait",
    "jump",
    "open",
)


class Months:
    """Two customers whose money moves."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.customers = [bank.customer(), bank.customer("Bob")]
        self.accounts = [bank.account(customer_id) for customer_id in self.customers]
        self.announced: list[int] = []

    def do(self, step: str, number: int) -> None:
        """One step; what is refused changes nothing."""
        with suppress(ComptoirError):
            getattr(self, step)(number)

    def account(self, number: int) -> int:
        return self.accounts[number % len(self.accounts)]

    def bring(self, number: int) -> None:
        self.bank.move(1 + number, target=self.account(number))

    def take(self, number: int) -> None:
        self.bank.move(1 + number // 2, source=self.account(number), type_code="CPWTH")

    def announce(self, number: int) -> None:
        self.announced.append(
            self.bank.move(1 + number, target=self.account(number), status=INITIATED).transfer_id
        )

    def settle(self, number: int) -> None:
        if self.announced:
            transfer_id = self.announced.pop(number % len(self.announced))
            self.bank.shop.write(lambda tx: settle(tx, transfer_id))

    def void(self, number: int) -> None:
        if self.announced:
            transfer_id = self.announced.pop(number % len(self.announced))
            self.bank.shop.write(lambda tx: void(tx, transfer_id))

    def pass_on(self, number: int) -> None:
        ends: dict[str, Any] = {"source": self.account(number), "target": self.account(number + 1)}
        self.bank.move(1 + number // 3, **ends, type_code="CPXFR")

    def earn(self, number: int) -> None:
        self.bank.move(1 + number % 90, source=INTEREST_PAID, target=self.account(number), type_code="INTPAY")

    def charge(self, number: int) -> None:
        self.bank.move(
            1 + number % 50,
            source=self.account(number),
            target=FEE_INCOME,
            type_code="FEEDBT",
            is_forced=True,
        )

    def backdate(self, number: int) -> None:
        """Something that counts from up to three months ago, as what is settled for the shop may."""
        account_id = self.account(number)
        at = self.bank.now - timedelta(days=number % 90)
        self.bank.shop.write(
            lambda tx: post_transfer(
                tx, kind="adjustment", subject="payout", subject_id=number, at=at,
                postings=[(f"deposit:{account_id}", -1 - number), ("bank_cash", 1 + number)],
            )
        )  # fmt: skip

    def wait(self, number: int) -> None:
        self.bank.now += timedelta(hours=1 + number % 72)

    def jump(self, number: int) -> None:
        self.bank.now += timedelta(days=20 + number % 100)
        self.bank.make()

    def open(self, number: int) -> None:
        customer_id = self.customers[number % len(self.customers)]
        self.accounts.append(self.bank.account(customer_id, f"Another {len(self.accounts)}"))


def told_once(bank: Bank) -> None:
    """Each movement that was posted before the last statement is told exactly once, and nothing else is."""
    bank.now += timedelta(days=65)
    bank.make()
    rows = bank.shop.read(lambda tx: tx.all(FACTS))
    told = Counter(
        movement[0] for _, _, _, facts in rows for one in facts["accounts"] for movement in one["movements"]
    )
    posted = Counter(row[0] for row in bank.shop.read(lambda tx: tx.all(POSTINGS)))
    assert told == posted
    assert bank.shop.read(check_statements) == []


@pytest.fixture
def months(shop: OpenShop) -> Months:
    """One bank for all examples: its clock, and what was told, go on."""
    return Months(Bank(shop))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2_000)), max_size=40))
def test_each_movement_is_told_once(months: Months, steps: list[tuple[str, int]]) -> None:
    for step, number in steps:
        months.do(step, number)
    told_once(months.bank)
