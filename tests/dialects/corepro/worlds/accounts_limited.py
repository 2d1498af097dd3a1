"""The accounts of `accounts`, in a program with limits of its own on what a customer withdraws, and on balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import read_plan
from tests.dialects.corepro.worlds import accounts

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = None
LIMITS = (
    ("[limits]\n", '[limits]\nuser_daily_withdraw = { maximum = "500.00" }\n'),
    ('balance = { maximum = "999999999" }', 'balance = { maximum = "5000.00" }'),
)


def load(shop: OpenShop) -> None:
    accounts.load(shop)
    shop.write(lambda tx: found_program(tx, read_plan(accounts.plan(*LIMITS))))
