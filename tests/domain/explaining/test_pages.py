"""However long a list of parts is, all of them are told, page by page, and each page adds up to the whole."""

from functools import partial

import pytest

from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.banking.files.models import ACH_OUT
from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.nodes import Ask
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.refunds.actions import ItemFields, draft_refund
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import open_bank
from tests.domain.banking.statements.given import Bank
from tests.domain.explaining.given import prove, prove_everything
from tests.domain.orders.given import TEN_PERCENT, a_line, e4
from tests.domain.refunds.given import GATEWAY

OTHERS = ("before these", "more")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parts at a time."""
    monkeypatch.setattr("comptoir.domain.explaining.nodes.PARTS_MAX", 2)


def told(tx: Tx, kind: str, id: int | str, what: str) -> list[list[str]]:
    """What the parts of an amount come to, by page; sums of other pages are left out."""
    ask: Ask | None = Ask(kind, id, what)
    pages, whole = [], explain(tx, kind, id, what).made_of.amount
    while ask is not None:
        found = explain(tx, ask.kind, ask.id, ask.what, after=ask.after)
        prove(found)
        assert found.made_of.amount == whole
        parts = found.made_of.parts
        pages.append([part.amount for part in parts if not part.label.endswith(OTHERS)])
        ask = next((part.ask for part in parts if part.label.endswith("more")), None)
    return pages


def test_every_line_of_an_order_is_told(tx: Tx) -> None:
    lines = [a_line(f"{number}.00", tax_rate_ppm=TEN_PERCENT) for number in range(1, 6)]
    order_id = place_order(tx, lines=lines, discount_e4=e4("1.50"), tax_included=True)
    assert told(tx, "order", order_id, "total") == [["0.90", "1.80"], ["2.70", "3.60"], ["4.50"]]
    assert told(tx, "order", order_id, "discount") == [["0.10", "0.20"], ["0.30", "0.40"], ["0.50"]]
    assert [len(page) for page in told(tx, "order", order_id, "tax")] == [2, 2, 1]
    charge_order(tx, order_id=order_id, gateway=GATEWAY)
    items: list[ItemFields] = [
        {"type": "product", "order_line_id": line.id, "amount_e4": e4("0.50")}
        for line in list_lines(tx, order_id)
    ]
    refund_id = draft_refund(tx, order_id=order_id, items=items)
    for what in ("total", "items"):
        assert told(tx, "refund", refund_id, what) == [["0.50"] * 2, ["0.50"] * 2, ["0.50"]]
    prove_everything(tx)


def test_every_movement_of_a_statement_is_told(shop: OpenShop) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    account = bank.account(ada)
    for day in range(1, 6):
        bank.at(f"2026-01-0{day}").move(day * 100, target=account)
    bank.at("2026-02-10").make()
    january = bank.told(ada)[-1]
    name = f"{january.id}.{account}"
    pages = shop.read(partial(told, kind="statement_account", id=name, what="in"))
    assert pages == [["1.00", "2.00"], ["3.00", "4.00"], ["5.00"]]
    last = bank.facts(ada, -1)["accounts"][0]["movements"][-1][0]
    pages = shop.read(partial(told, kind="statement_line", id=f"{name}.{last}", what="balance"))
    assert pages == [["5.00", "4.00"], ["3.00", "2.00"], ["1.00"]]
    shop.read(prove_everything)


def test_every_entry_of_a_file_is_told(shop: OpenShop) -> None:
    bank = open_bank(shop)
    for minor in (100, 200, 300):
        bank.push(minor)
    bank.later(hours=12)
    bank.run()
    (row,) = shop.read(lambda tx: list_files(tx, kind=ACH_OUT))
    pages = shop.read(partial(told, kind="bank_file", id=row.id, what="credits"))
    assert pages == [["1.00", "2.00"], ["3.00"]]
    shop.read(prove_everything)
