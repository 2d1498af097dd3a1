"""The worker is killed in the middle of its work, many times: nothing is lost, and no money moves twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.identity.shopkeeping import advance_clock, freeze_clock
from comptoir.domain.orders.models import Invoice, Order
from comptoir.domain.payments.models import GatewayAttempt, PaymentTransaction
from comptoir.domain.subscriptions.models import RecurringItem
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.endpoints import create_endpoint
from tests.domain.subscriptions.given import sold
from tests.domain.webhooks.given import Heard, Listener, queued
from tests.e2e.conftest import Installation, environment, wait_for
from tests.e2e.mortal import REMOTE, opened

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS = 25
MORTAL = Path(__file__).with_name("mortal.py")


class Mortals:
    """Workers that live until they are killed."""

    def __init__(self, data_dir: Path, what: str) -> None:
        self._what = what
        self._process = subprocess.Popen(
            [sys.executable, str(MORTAL), str(data_dir)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True,
        )  # fmt: skip
        self._pid = 0
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._what}\n")
        self._process.stdin.flush()
        self._pid = int(self._line())

    def kill(self) -> None:
        pid, self._pid = self._pid, 0
        os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        if self._pid:
            self.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


@pytest.fixture
def home(installation: Installation) -> Iterator[ServedShop]:
    installation.run("init", "--sandbox")
    made = opened(installation.folder / "data")
    yield made
    made.shop.database.close()


def killed(mortals: Mortals, is_busy: Callable[[], bool], is_done: Callable[[], bool]) -> int:
    """Start a worker and kill it while it is busy, again and again; then let one finish. Gives the kills."""
    kills = 0
    try:
        while kills < KILLS:
            mortals.start()
            wait_closely(is_busy)
            mortals.kill()
            kills += 1
        assert not is_done(), "the last was killed before the work was done"
        mortals.start()
        wait_for(is_done, seconds=120)
    finally:
        mortals.close()
    return kills


def wait_closely(what: Callable[[], bool]) -> None:
    """Wait until something holds that does not hold for long."""
    end = time.perf_counter() + 40
    while not what():
        assert time.perf_counter() < end, "it did not come about"
        time.sleep(0.001)


# More sales than the claims of all who are killed, which take a while to lapse.
SALES, STEPS = 300, "abc"


class Busy:
    """Answers slowly, and says while somebody waits for an answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting = 0

    def __call__(self, _heard: Heard) -> int:
        with self._lock:
            self.waiting += 1
        time.sleep(0.03)
        with self._lock:
            self.waiting -= 1
        return 200


def test_every_message_arrives_in_order_though_the_worker_dies_while_it_delivers(
    installation: Installation, home: ServedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    busy = Busy()
    listener = Listener(busy)
    home.shop.write(lambda tx: create_endpoint(tx, kind="standard", url=listener.url, kinds=["sale.*"]))
    for step in STEPS:

        def happen(tx: Tx, step: str = step) -> None:
            for sale in range(SALES):
                tx.note(f"sale.step_{step}", "sale", sale)

        home.shop.write(happen)

    def is_done() -> bool:
        return not queued(home.shop, state="pending")

    try:
        kills = killed(Mortals(installation.folder / "data", "deliver"), lambda: busy.waiting > 0, is_done)
    finally:
        listener.stop()
    rows = queued(home.shop)
    assert {row.state for row in rows} == {"delivered"}
    assert [row.number for row in rows] == list(range(1, SALES * len(STEPS) + 1))
    heard: dict[int, list[str]] = defaultdict(list)
    for one in listener.heard:
        heard[one.event["data"]["subject_id"]].append(one.event["type"][-1])
    assert {"".join(sorted(set(steps))) for steps in heard.values()} == {STEPS}, "each at least once"
    assert all(steps == sorted(steps) for steps in heard.values()), "and in order"
    twice = len(listener.heard) - len(rows)
    with capsys.disabled():
        sys.stdout.write(f" {kills} kills, {len(rows)} messages, {twice} of them twice ")


MONTHS, EACH = 4, 30


def test_every_installment_is_billed_once_though_the_worker_dies_while_it_renews(
    installation: Installation, home: ServedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    log = installation.folder / "data" / "gateway.log"
    log.touch()
    shop = home.shop
    shop.write(freeze_clock)
    near = [shop.write(sold).sale_id for _ in range(EACH)]
    far = [shop.write(lambda tx: sold(tx, gateway=REMOTE)).sale_id for _ in range(EACH)]
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=31 * MONTHS)))
    billed = select(RecurringItem.installments).where(RecurringItem.installments == MONTHS + 1)
    open_attempts = select(GatewayAttempt.id).where(GatewayAttempt.state == "open")
    seen = [0]

    def is_busy() -> bool:
        """Something more was charged since the last time."""
        size = log.stat().st_size
        grown, seen[0] = size > seen[0], size
        return grown

    def is_done() -> bool:
        done = shop.read(lambda tx: (len(tx.all(billed)), len(tx.all(open_attempts))))
        return done == (2 * EACH, 0)

    kills = killed(Mortals(installation.folder / "data", "renew"), is_busy, is_done)
    invoices: dict[int, list[int]] = defaultdict(list)
    for sale_id, installment, status in shop.read(lambda tx: tx.all(INVOICES)):
        assert status == "pending" or installment == 1
        invoices[sale_id].append(installment)
    assert invoices == {sale: list(range(1, MONTHS + 2)) for sale in (*near, *far)}
    paid = Counter(shop.read(lambda tx: tx.all(PAYMENTS)))
    assert set(paid.values()) == {1}, "each invoice was paid once"
    assert len(paid) == 2 * EACH * (MONTHS + 1)
    done = Counter(line.split()[0] for line in log.read_text().splitlines())
    assert done == {"authorise": EACH * MONTHS, "capture": EACH * MONTHS}, "no card was charged twice"
    with capsys.disabled():
        sys.stdout.write(f" {kills} kills, {2 * EACH * MONTHS} installments ")
    assert installation.run("books", "check")["balanced"] is True


INVOICES = (
    select(Order.sale_id, Invoice.installment, Invoice.status)
    .join(Invoice, Invoice.order_id == Order.id)
    .order_by(Order.id)
)
PAYMENTS: Any = select(PaymentTransaction.order_id).where(PaymentTransaction.status == "success")
