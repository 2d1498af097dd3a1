"""Killed between the steps, and asked by many at once: charged once, written once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.attempts import Attempt, list_open_attempts
from comptoir.domain.payments.charging import keep_authorisation
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.orders.given import a_line
from tests.domain.payments.dying import STEPS, FileGateway, pay
from tests.domain.payments.given import gateways

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

ROOT = Path(__file__).parents[3]
LIVES = 2


def address(shop: OpenShop) -> str:
    database = shop.database
    return str(database.path) if isinstance(database, SqliteDatabase) else database.dsn


def an_order(shop: OpenShop) -> int:
    return shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))


def statuses(shop: OpenShop, order_id: int) -> list[str]:
    return [row.status for row in shop.read(lambda tx: list_payments(tx, order_id))]


@pytest.mark.slow
@pytest.mark.parametrize("dies", STEPS)
def test_a_killed_process_charges_once(shop: OpenShop, tmp_path: Path, dies: str) -> None:
    gateway = FileGateway(tmp_path / "gateway")
    for life in range(LIVES):
        order_id = an_order(shop)
        key = f"{dies}-{life}"
        done = subprocess.run(
            [sys.executable, "-m", "tests.domain.payments.dying", address(shop), tmp_path / "gateway",
             str(order_id), key, dies],
            cwd=ROOT, check=False, capture_output=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == -9, done.stderr.decode()

        def conclude(tx: Tx, attempt: Attempt, order_id: int = order_id) -> None:
            keep_authorisation(tx, attempt, order_id=order_id)

        reconciler = Reconciler({"order": conclude}, patience_seconds=0)
        reconciler.reconcile(shop, gateways(gateway))
        assert shop.read(list_open_attempts) == []
        arrived = dies not in {"begun", "before"}
        assert gateway.lines().count(key) == int(arrived)
        assert statuses(shop, order_id) == ["pending" if arrived else "fail"]
        again = pay(shop, gateway, order_id, key if arrived else f"{key}-again")
        assert again.status == "pending"
        assert statuses(shop, order_id).count("pending") == 1
    assert len(gateway.lines()) == len(set(gateway.lines())) == LIVES


def test_many_who_pay_at_once_pay_once(shop: OpenShop, tmp_path: Path) -> None:
    gateway = FileGateway(tmp_path / "gateway")
    keys = [f"key-{number}" for number in range(12)]
    orders = {key: an_order(shop) for key in keys}
    together = Barrier(4)

    def try_to_pay(key: str) -> str:
        together.wait()
        try:
            return pay(shop, gateway, orders[key], key).status
        except AttemptInFlight:
            return "in flight"

    with ThreadPoolExecutor(4) as pool:
        told = [(key, list(pool.map(try_to_pay, [key] * 4))) for key in keys]
    for key, answers in told:
        assert set(answers) <= {"pending", "in flight"}, key
        assert "pending" in answers, key
        assert statuses(shop, orders[key]) == ["pending"]
    assert sorted(gateway.lines()) == sorted(keys)
