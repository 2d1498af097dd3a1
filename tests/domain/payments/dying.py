"""A process that pays for an order and is killed on the way: run by the tests, one life at a time.

Its gateway is a file: a line for each thing it did, on the disk before it answers. So what it did outlives who asked.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.domain import records
from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.money import Money
from comptoir.domain.payments.charging import authorise, keep_authorisation
from comptoir.domain.payments.models import PENDING
from comptoir.domain.payments.port import Outcome
from comptoir.domain.tx import OpenShop
from comptoir.storage.database import open_database
from tests.conftest import NOW, SECRET
from tests.domain.payments.given import FarGateway

if TYPE_CHECKING:
    from comptoir.domain.payments.attempts import Attempt
    from comptoir.domain.payments.port import Charge
    from comptoir.domain.tx import Tx

BEGUN, BEFORE, AFTER, CONCLUDING, DONE = "begun", "before", "after", "concluding", "done"
STEPS = (BEGUN, BEFORE, AFTER, CONCLUDING, DONE)
AMOUNT = Money(2000, "AUD")


class FileGateway(FarGateway):
    """A gateway whose memory is a file, and which may take its caller down with it."""

    def __init__(self, file: Path, dies: str = "") -> None:
        super().__init__()
        self._file = file
        self._dies = dies

    def authorise(self, charge: Charge) -> Outcome:
        die(self._dies == BEFORE)
        if charge.reference not in self.lines():
            with self._file.open("a") as file:
                file.write(f"{charge.reference}\n")
                file.flush()
                os.fsync(file.fileno())
        die(self._dies == AFTER)
        return answer(charge)

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        return answer(charge) if charge.reference in self.lines() else None

    def lines(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []


def answer(charge: Charge) -> Outcome:
    return Outcome(PENDING, f"file-{charge.reference}", {"gw_Message": "authorised"})


def die(now: bool) -> None:
    """As a machine does when its power goes."""
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


def pay(shop: OpenShop, gateway: FileGateway, order_id: int, key: str, dies: str = "") -> Attempt:
    def conclude(tx: Tx, attempt: Attempt) -> None:
        keep_authorisation(tx, attempt, order_id=order_id)
        die(dies == CONCLUDING)

    class Begun(FileGateway):
        def authorise(self, charge: Charge) -> Outcome:
            die(dies == BEGUN)
            return gateway.authorise(charge)

    asked = Begun(gateway._file)
    return authorise(
        shop, asked, conclude, key=key, amount=AMOUNT, method="m", subject="order", subject_id=order_id
    )


def main(address: str, file: str, order_id: str, key: str, dies: str) -> None:
    assert records.ROOMS
    shop = OpenShop("test", open_database(address, secret=SECRET), flush, lambda: NOW, Chance())
    pay(shop, FileGateway(Path(file), dies), int(order_id), key, dies)
    die(dies == DONE)


if __name__ == "__main__":
    main(*sys.argv[1:])
