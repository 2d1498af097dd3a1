"""A customer's first months at the bank, through a real port: pulled, put aside, paid by card, sent back, stated."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest

from comptoir.domain.banking.program.plan import sample_text
from comptoir.storage.postgres import PostgresDatabase
from tests.e2e.conftest import Installation
from tests.engines import Engines

pytestmark = pytest.mark.e2e
KEY, SECRET = "example1", "example1"
# A Monday morning, between two full hours.
BEGIN = "2027-01-04T15:20:00Z"
PERSON = {
    "firstName": "Ruby", "lastName": "Anderson", "birthDate": "1985-01-01", "gender": "U", "culture": "en-US",
    "taxId": "900000283", "isDocumentsAccepted": True, "isOptedInToBankCommunication": True,
    "isSubjectToBackupWithholding": False, "emailAddress": "ruby@example.com", "tag": "ruby",
    "addresses": [{
        "addressType": "residence", "addressLine1": "1 Main Street", "city": "Des Moines", "state": "IA",
        "postalCode": "50309", "country": "US",
    }],
    "phones": [{"phoneType": "mobile", "number": "515-555-1234"}],
}  # fmt: skip


class Bank:
    """A running bank as a program sees it that has the documented credentials."""

    def __init__(self, cli: Installation) -> None:
        self.cli = cli
        url = cli.serve("--no-worker").url
        self.client = httpx.Client(base_url=url, auth=(KEY, SECRET), timeout=60, trust_env=False)

    def get(self, path: str) -> Any:
        """Ask, and give the data of the answer."""
        return self._data(self.client.get(path))

    def post(self, path: str, **said: Any) -> Any:
        """Say, and give the data of the answer."""
        return self._data(self.client.post(path, json=said))

    def balances(self, customer_id: int, account_id: int) -> list[str]:
        """The account's balance, what is available, and what is to come."""
        account = self.get(f"/account/get/{customer_id}/{account_id}")
        names = ("accountBalance", "availableBalance", "pendingBalance")
        return [f"{Decimal(str(account[name])):.2f}" for name in names]

    def _data(self, answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        document = answer.json()
        assert (document["status"], document["errors"]) == (200, [])
        return document.get("data")


@pytest.fixture
def bank(engine: str, engines: Engines, installation: Installation, tmp_path: Path) -> Iterator[Bank]:
    database = None
    if engine == "postgres":
        database = engines.empty(engine, tmp_path)
        assert isinstance(database, PostgresDatabase)
        installation.more["COMPTOIR_DATABASE"] = database.dsn
    installation.run("init", "--currency", "USD", "--sandbox")
    installation.run("clock", "freeze", BEGIN)
    (tmp_path / "program.toml").write_text(sample_text("example1"))
    installation.run("bank", "load", "program.toml")
    installation.run("users", "api", "create", KEY, "--dialect", "corepro", "--password", SECRET)
    opened = Bank(installation)
    yield opened
    opened.client.close()
    installation.close()
    if database is not None:
        engines.drop(database)


def test_first_months_at_the_bank(bank: Bank) -> None:
    customer = bank.post("/customer/create", **PERSON)["customerId"]
    checking = bank.post("/account/create", customerId=customer, name="Everyday", type="Checking")[
        "accountId"
    ]
    savings = bank.post("/account/create", customerId=customer, name="Rainy day", type="Savings")["accountId"]
    elsewhere = bring_a_bank(bank, customer, "40010001234")
    pull(bank, customer, elsewhere, checking)
    put_aside(bank, customer, checking, savings)
    pay_by_card(bank, customer, checking)
    be_sent_back(bank, customer, checking)
    close_the_month(bank, customer, {checking: Decimal("337.90"), savings: Decimal("120.00")})
    assert bank.cli.run("books", "check")["problems"] == []


def bring_a_bank(bank: Bank, customer: int, number: str) -> int:
    """Bring an account at another bank, and prove it by its trial deposits."""
    external: int = bank.post(
        "/externalAccount/initiate", customerId=customer, type="Checking", routingNumber="091000019",
        accountNumber=number, firstName="Ruby", lastName="Anderson", nickName=f"Old bank {number}",
    )["externalAccountId"]  # fmt: skip
    assert bank.get(f"/externalAccount/get/{customer}/{external}")["status"] == "Unverified"
    ids = {"customerId": customer, "externalAccountId": external}
    bank.post("/externalAccount/verify", **ids, amount1=0.28, amount2=0.18)
    assert bank.get(f"/externalAccount/get/{customer}/{external}")["status"] == "Verified"
    return external


def pull(bank: Bank, customer: int, elsewhere: int, checking: int) -> None:
    """Pull 500.00 by ACH: initiated, then sent in a file, then settled."""
    pulled = {
        "customerId": customer,
        "fromId": elsewhere,
        "toId": checking,
        "amount": 500.00,
        "tag": "pull-1",
    }
    (sent,) = bank.post("/transfer/create", **pulled)
    again = bank.client.post("/transfer/create", json=pulled)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (400, 63660)
    assert bank.balances(customer, checking) == ["0.00", "0.00", "500.00"]
    statuses = []
    for _ in range(3):
        (transaction,) = bank.get(f"/transaction/get/{customer}/{sent['transactionId']}")
        statuses.append(transaction["status"])
        bank.cli.run("clock", "advance", "1h")
    assert statuses == ["Initiated", "Pending", "Settled"]
    assert bank.balances(customer, checking) == ["500.00", "500.00", "0.00"]


def put_aside(bank: Bank, customer: int, checking: int, savings: int) -> None:
    """Move 120.00 to the savings account: at once, and once only above what is there."""
    moved = {"customerId": customer, "fromId": checking, "toId": savings}
    bank.post("/transfer/create", **moved, amount=120, tag="aside-1")
    assert bank.balances(customer, checking)[0] == "380.00"
    assert bank.balances(customer, savings)[0] == "120.00"
    refused = bank.client.post("/transfer/create", json=moved | {"amount": 380.01})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, 70204)


def pay_by_card(bank: Bank, customer: int, checking: int) -> None:
    """Have a card, verify it, and pay 42.10 with it: authorised first, then posted."""
    card = bank.post(
        "/card/initiate", customerId=customer, primaryAccountId=checking, firstName="Ruby", lastName="Anderson",
        vendorTypeCode="VS", nickName="Blue card",
    )["cardId"]  # fmt: skip
    ids = {"customerId": customer, "cardId": card}
    bank.post("/card/verify", **ids, cardNumberMasked="1111", birthDate="1985-01-01")
    assert bank.get(f"/card/get/{customer}/{card}")["status"] == "Verified"
    posting = {"customerId": customer, "accountId": checking, "amount": 42.10}
    authorised = bank.post("/iso8583/authorization/request", **posting, tag="shop-1")
    assert bank.balances(customer, checking)[:2] == ["380.00", "337.90"]
    authorisation = authorised["authorizationTransactionId"]
    bank.post("/iso8583/financial/request", **posting, tag="shop-2", authorizationTransactionId=authorisation)
    assert bank.balances(customer, checking)[:2] == ["337.90", "337.90"]


def be_sent_back(bank: Bank, customer: int, checking: int) -> None:
    """Pull from an account whose bank sends everything back: nothing of it is left."""
    broke = bring_a_bank(bank, customer, "40010000001")
    (sent,) = bank.post("/transfer/create", customerId=customer, fromId=broke, toId=checking, amount=60)
    bank.cli.run("clock", "advance", "5h")
    related = bank.get(f"/transaction/get/{customer}/{sent['transactionId']}")
    assert "R01" in {transaction.get("returnCode") for transaction in related}
    assert bank.balances(customer, checking) == ["337.90", "337.90", "0.00"]


def close_the_month(bank: Bank, customer: int, balances: dict[int, Decimal]) -> None:
    """Live into February, and hold January's statement against the accounts."""
    bank.cli.run("clock", "advance", "30d")
    (listed,) = bank.get(f"/statement/list/{customer}")
    assert (listed["year"], listed["month"], listed["type"]) == (2027, 1, "Monthly")
    file = bank.get(f"/statement/download/{customer}/{listed['statementId']}")
    content = b64decode(file["content"])
    assert (file["contentType"], file["contentLength"]) == ("application/pdf", len(content))
    paper = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    assert "Ruby Anderson" in text
    for account_id, balance in balances.items():
        now = Decimal(bank.balances(customer, account_id)[0])
        # Savings earned a little in January, which is paid once the month is over.
        assert balance <= now < balance + 1
        assert f"{balance:,.2f}" in text
    assert bank.get("/program/get")["name"] == "Example1"
