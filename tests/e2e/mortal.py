"""Starts workers from one process that has everything loaded, so that one can be killed many times.

A line in names the work; a line out is the process that does it, over and over, until it is killed.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from comptoir.chores.deliveries import deliver_due
from comptoir.chores.renewals import renewals
from comptoir.dialects.edge import ServedShop
from comptoir.domain.checkout.errors import PaymentUnclear
from comptoir.domain.checkout.models import OPEN, Checkout
from comptoir.domain.checkout.paying import pay_checkout, reopen_checkouts
from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.payments.gateways import ManualGateway, gateway_named
from comptoir.domain.payments.models import PENDING, SUCCESS
from comptoir.domain.payments.port import Card, Charge, Gateway, Outcome
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import pay_out
from comptoir.opening import open_shop
from comptoir.settings import Settings

REMOTE = "stripe"
CARD = Card("4000000000000002", 12, 2060, "123")
STILL_OPEN = select(Checkout.key).where(Checkout.state == OPEN).order_by(Checkout.id)
PAUSE_SECONDS = 0.01


class FileGateway(ManualGateway):
    """A gateway far away that remembers in a file what it did: a line for each charge, capture and so on."""

    is_remote = True

    def __init__(self, file: Path) -> None:
        super().__init__(REMOTE)
        self._file = file

    def tokenise(self, card: Card) -> str:
        return f"card-{card.number[-4:]}"

    def authorise(self, charge: Charge) -> Outcome:
        return self._do("authorise", charge, PENDING)

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        return self._do("capture", charge, SUCCESS)

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        if f"{verb} {charge.reference} " not in self._file.read_text():
            return None
        return Outcome(PENDING if verb == "authorise" else SUCCESS, charge.reference, {})

    def _do(self, verb: str, charge: Charge, status: str) -> Outcome:
        """Do what is asked, once for each reference, and take a moment before and after."""
        time.sleep(PAUSE_SECONDS)
        with self._file.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if f"{verb} {charge.reference} " not in file.read():
                file.write(f"{verb} {charge.reference} {charge.amount.minor}\n")
        time.sleep(PAUSE_SECONDS)
        return Outcome(status, charge.reference, {})


def opened(data_dir: Path) -> ServedShop:
    settings = Settings(data_dir=data_dir, allow_private_urls=True, fetch_timeout_seconds=1)
    home = open_shop(settings, "main")
    remote = FileGateway(data_dir / "gateway.log")

    def gateways(name: str) -> Gateway:
        return remote if name == REMOTE else gateway_named(name)

    home.gateways = gateways
    return home


def work(data_dir: Path, what: str) -> None:
    """Do one thing over and over."""
    home = opened(data_dir)
    reconciler = Reconciler(CONCLUDERS, patience_seconds=0)
    while True:
        if what == "deliver":
            deliver_due(home)
        elif what == "pay":
            pay_all(home, reconciler)
        elif what == "pay out":
            home.shop.write(lambda tx: gather_entries(tx, limit=2))
            home.shop.write(pay_out)
        else:
            renewals(home)
            reconciler.reconcile(home.shop, home.gateways)
        time.sleep(PAUSE_SECONDS)


def pay_all(home: ServedShop, reconciler: Reconciler) -> None:
    """Find out what became of payments that were left, and pay for every checkout that is open, as a buyer does."""
    reconciler.reconcile(home.shop, home.gateways)
    home.shop.write(reopen_checkouts)
    for (key,) in home.shop.read(lambda tx: tx.all(STILL_OPEN)):
        with suppress(PaymentUnclear):
            pay_checkout(home.shop, home.gateways(REMOTE), key=key, card=CARD)


def main(data_dir: Path) -> None:
    """Start a worker for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(data_dir, line.strip())
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
