"""The server is killed under a load of transfers, many times: each that was acknowledged is there once."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import select

from comptoir.domain.banking.clearing.proof import check_clearing
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.proof import prove_books
from comptoir.opening import open_shop
from comptoir.settings import Settings
from tests.e2e.conftest import free_port, wait_for
from tests.e2e.test_bank_walk import KEY, PERSON, SECRET
from tests.e2e.test_kill import Zygote, load

if TYPE_CHECKING:
    from tests.e2e.conftest import Installation

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS, WRITERS = 100, 3
# The longest that a server lives under load before it is killed: each time a little longer, over and over.
STEP_SECONDS, STEPS = 0.004, 10
TAGGED: Any = select(BankTransfer.tag, BankTransfer.amount_minor, BankTransfer.status).where(
    BankTransfer.tag.is_not(None)
)
DUPLICATE, VOID_TOO_LATE, VOID_ALREADY = 63660, 191402, 191403


@dataclass
class Payer:
    """Moves money from one account to another and back, and remembers what was acknowledged."""

    name: str
    url: str
    customer: int
    ends: tuple[int, int]
    elsewhere: int
    number: int = 0
    acknowledged: dict[str, int] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    doubtful: dict[str, int] = field(default_factory=dict)
    repeated: int = 0

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, auth=(KEY, SECRET), timeout=20, trust_env=False)

    def write_until(self, stopped: Event) -> None:
        with self.client() as client:
            while not stopped.is_set():
                try:
                    self.pay(client)
                except httpx.TransportError:
                    return

    def pay(self, client: httpx.Client) -> None:
        """A transfer inside; each third time one to another bank, which is undone at once."""
        self.number += 1
        tag = f"{self.name}-{self.number}"
        cents = 1 + self.number % 7
        self.doubtful[tag] = cents
        self.send(client, tag)
        if self.number % 3 == 0:
            answer = client.post("/transfer/void", json={"customerId": self.customer, "tag": tag})
            assert answer.status_code == 200, answer.text
            self.undone.add(tag)

    def send(self, client: httpx.Client, tag: str) -> None:
        """Ask for the transfer of a tag: it is made, or it was made before."""
        number, cents = int(tag.rpartition("-")[2]), self.doubtful[tag]
        source, target = self.ends if number % 2 else self.ends[::-1]
        to_id = self.elsewhere if number % 3 == 0 else target
        body = {
            "customerId": self.customer,
            "fromId": source,
            "toId": to_id,
            "tag": tag,
            "amount": f"0.0{cents}",
        }
        answer = client.post("/transfer/create", json=body)
        if answer.status_code != 200:
            assert [each["code"] for each in answer.json()["errors"]] == [DUPLICATE], answer.text
            self.repeated += 1
        self.acknowledged[tag] = self.doubtful.pop(tag)

    def repeat(self) -> None:
        """Ask again for what was in doubt, under its tag."""
        with self.client() as client:
            for tag in sorted(self.doubtful):
                self.send(client, tag)


def test_what_is_acknowledged_is_there_once(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    found(installation)
    zygote = Zygote(installation.folder / "data")
    port = free_port()
    try:
        zygote.start(port)
        payers = people(f"http://127.0.0.1:{port}")
        for kill in range(KILLS):
            with load(payers):  # type: ignore[arg-type]
                before = count(payers)
                wait_for(lambda before=before: count(payers) > before + WRITERS, seconds=30)  # type: ignore[misc]
                time.sleep(kill % STEPS * STEP_SECONDS)
                zygote.kill()
            zygote.start(port)
            for payer in payers:
                payer.repeat()
        zygote.kill()
    finally:
        zygote.close()
    compare(installation, payers)
    repeated = sum(payer.repeated for payer in payers)
    with capsys.disabled():
        sys.stdout.write(f" {KILLS} kills, {count(payers)} transfers, {repeated} repeated ")


def found(installation: Installation) -> None:
    """A bank with the documented credentials."""
    from comptoir.domain.banking.program.plan import sample_text  # noqa: PLC0415 - for this alone

    installation.run("init", "--currency", "USD", "--sandbox")
    (installation.folder / "program.toml").write_text(sample_text("example1"))
    installation.run("bank", "load", "program.toml")
    installation.run("users", "api", "create", KEY, "--dialect", "corepro", "--password", SECRET)


def people(url: str) -> list[Payer]:
    """One customer with two accounts and one elsewhere for each writer."""
    with httpx.Client(base_url=url, auth=(KEY, SECRET), timeout=20, trust_env=False) as client:

        def post(path: str, **said: Any) -> Any:
            answer = client.post(path, json=said)
            assert answer.status_code == 200, answer.text
            return answer.json()["data"]

        reserve = client.get("/program/get").json()["data"]["accounts"][0]["programAccountId"]
        payers = []
        for number in range(WRITERS):
            who = PERSON | {"emailAddress": f"p{number}@example.com", "tag": f"p{number}"}
            customer = post("/customer/create", **who)["customerId"]
            one, two = (
                post("/account/create", customerId=customer, name=name, type="Checking")["accountId"]
                for name in ("One", "Two")
            )
            for account in (one, two):
                post("/transfer/create", customerId=customer, fromId=reserve, toId=account, amount=500)
            elsewhere = post(
                "/externalAccount/create", customerId=customer, type="Checking", routingNumber="091000019",
                accountNumber=f"4001000{number}234", firstName="Ruby", lastName="Anderson",
            )["externalAccountId"]  # fmt: skip
            payers.append(Payer(f"p{number}", url, customer, (one, two), elsewhere))
    return payers


def count(payers: list[Payer]) -> int:
    return sum(len(payer.acknowledged) for payer in payers)


def compare(installation: Installation, payers: list[Payer]) -> None:
    """Each transfer that was acknowledged is there once, with its amount; the books prove."""
    home = open_shop(Settings(data_dir=installation.folder / "data"), "main")
    rows = home.shop.read(lambda tx: tx.all(TAGGED))
    kept = {tag: (minor, status) for tag, minor, status in rows}
    assert len(kept) == len(rows), "no tag is there twice"
    known = {tag: cents for payer in payers for tag, cents in payer.acknowledged.items()}
    assert {tag: minor for tag, (minor, _) in kept.items()} == known
    assert len(known) > KILLS
    undone = {tag for payer in payers for tag in payer.undone}
    assert {kept[tag][1] for tag in undone} == {"Voided"}
    for problems in (prove_books, check_transfers, check_clearing):
        assert home.shop.read(problems) == []
    home.shop.database.close()
    assert installation.run("books", "check")["balanced"] is True
