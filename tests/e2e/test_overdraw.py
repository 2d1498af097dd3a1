"""Many clients take from one account at the same time, through a real port: what it can afford passes, no more."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.e2e.test_bank_walk import KEY, PERSON, SECRET, Bank, bank

__all__ = ["bank"]

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
CLIENTS, EACH = 64, 3
# What is there, in units of what each transfer takes: fewer than are asked for.
AFFORDED = 100
INSUFFICIENT = 70204


def test_exactly_what_is_there_leaves_an_account(bank: Bank) -> None:
    customer = bank.post("/customer/create", **PERSON)["customerId"]
    full, other = (
        bank.post("/account/create", customerId=customer, name=name, type="Checking")["accountId"]
        for name in ("Full", "Other")
    )
    elsewhere = bank.post(
        "/externalAccount/create", customerId=customer, type="Checking", routingNumber="091000019",
        accountNumber="40010001234", firstName="Ruby", lastName="Anderson",
    )["externalAccountId"]  # fmt: skip
    reserve = bank.get("/program/get")["accounts"][0]["programAccountId"]
    bank.post("/transfer/create", customerId=customer, fromId=reserve, toId=full, amount=AFFORDED)
    together = Barrier(CLIENTS)

    def take(number: int) -> list[tuple[str, int]]:
        """What the answers of one client were, each with the tag that it was asked under."""
        told = []
        with httpx.Client(
            base_url=bank.client.base_url, auth=(KEY, SECRET), timeout=90, trust_env=False
        ) as client:
            together.wait()
            for place, target in enumerate((other, elsewhere, reserve)[:EACH]):
                tag = f"{number}-{place}"
                body = {"customerId": customer, "fromId": full, "toId": target, "amount": 1, "tag": tag}
                answer = client.post("/transfer/create", json=body)
                told.append((tag, code_of(answer.json())))
        return told

    with ThreadPoolExecutor(CLIENTS) as pool:
        told = [one for each in pool.map(take, range(CLIENTS)) for one in each]
    codes = Counter(code for _, code in told)
    assert codes == {200: AFFORDED, INSUFFICIENT: CLIENTS * EACH - AFFORDED}
    assert bank.balances(customer, full)[1] == "0.00"
    passed = {tag for tag, code in told if code == 200}
    assert {row["tag"] for row in transactions(bank, customer, full) if "tag" in row} == passed
    assert bank.cli.run("books", "check")["problems"] == []


def code_of(answer: dict[str, Any]) -> int:
    """200, or the code of the one error."""
    if answer["status"] == 200:
        return 200
    (error,) = answer["errors"]
    code: int = error["code"]
    return code


def transactions(bank: Bank, customer: int, account: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = bank.get(f"/transaction/list/{customer}/{account}?pageSize=200")
    assert len(rows) == rows[0]["transactionCount"]
    return rows
