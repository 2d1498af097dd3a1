"""One sale from the link to the payout, through a real port: the same facts on every side, and in the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir.storage.postgres import PostgresDatabase
from comptoir.storefront.passback import passback_key
from tests.dialects.twocheckout.asking import FORMATS, read_json, read_xml, read_xoxo
from tests.e2e.conftest import Installation, Server
from tests.engines import Engines
from tests.storefront.buying import BILLING, CARD, hidden

pytestmark = pytest.mark.e2e
USER, PASSWORD = "APIuser1817037", "APIpass1817037"
SELLER, SECRET_WORD = "1817037", "tango"
MERCHANT = [
    f"vendor_id={SELLER}", f"secret_word={SECRET_WORD}", "fee_percent=5.5", "fee_fixed=0.45", "reserve_percent=3",
    "payout_method=wire",
]  # fmt: skip
BEGIN = "2027-01-31T12:00:00Z"
RENEWED_ON = [
    "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31", "2027-09-30",
    "2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31",
]  # fmt: skip
LAMP, CLUB, BOTH = Decimal("24.00"), Decimal("9.99"), Decimal("33.99")
NOTHING = Decimal(0)
SOLD = BOTH + len(RENEWED_ON) * CLUB
READERS = {"json": read_json, "xml": read_xml, "xoxo": read_xoxo}


class Views:
    """A running shop as its vendor's program, another dialect's client and its buyers see it."""

    def __init__(self, cli: Installation, server: Server, key: str) -> None:
        self.cli = cli
        rest: dict[str, Any] = {"timeout": 60, "trust_env": False}
        self.vendor = httpx.Client(base_url=f"{server.url}/api", auth=(USER, PASSWORD), **rest)
        self.buyer = httpx.Client(base_url=server.url, **rest)
        self.coredna = server.client(key)

    def call(self, path: str, form: str = "json", **asked: str) -> dict[str, Any]:
        """Ask the Admin API."""
        answer = self.vendor.post(path, data=asked, headers={"Accept": FORMATS[form]})
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = READERS[form](answer.content)
        return read

    def sale(self, sale_id: str) -> dict[str, Any]:
        """The sale, asked for by the vendor's program."""
        sale: dict[str, Any] = self.call("/sales/detail_sale", sale_id=sale_id)["sale"]
        return sale

    def shown(self, path: str) -> Any:
        """Ask Core dna."""
        answer = self.coredna.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def close(self) -> None:
        """Hang up."""
        for client in (self.vendor, self.coredna, self.buyer):
            client.close()


@pytest.fixture
def views(engine: str, engines: Engines, installation: Installation, tmp_path: Path) -> Iterator[Views]:
    database = None
    if engine == "postgres":
        database = engines.empty(engine, tmp_path)
        assert isinstance(database, PostgresDatabase)
        installation.more["COMPTOIR_DATABASE"] = database.dsn
    key = installation.run("init", "--currency", "USD", "--sandbox")["key"]
    installation.run("clock", "freeze", BEGIN)
    installation.run("users", "api", "create", USER, "--password", PASSWORD)
    installation.run("merchant", "set", *MERCHANT)
    seen = Views(installation, installation.serve("--no-worker"), key)
    yield seen
    seen.close()
    installation.close()
    if database is not None:
        engines.drop(database)


def test_one_sale_is_the_same_on_every_side_for_a_year(views: Views) -> None:
    sale_id = buy(views)
    done = views.cli.run("worker", "--once")
    assert (done["fraud reviews"], done["captures"]) == (1, 1)
    see_everywhere(views, sale_id)
    give_the_lamp_back(views, sale_id)
    bill_for_a_year(views, sale_id)
    pay_out(views, sale_id)


def buy(views: Views) -> str:
    """Put two products on sale, and buy them on the hosted pages; the number of the sale."""
    lamp = views.call("/products/create_product", name="Lamp", price=str(LAMP))["product_id"]
    club = views.call(
        "/products/create_product", name="Club", price=str(CLUB), recurring="1", recurrence="1 Month",
        duration="Forever",
    )["product_id"]  # fmt: skip
    link = {
        "sid": SELLER, "product_id1": lamp, "quantity1": "1", "product_id2": club, "quantity2": "1",
        "merchant_order_id": "web-1", "x_receipt_link_url": "https://shop.example/thanks",
    }  # fmt: skip
    checkout = views.buyer.get("/checkout/purchase", params=link).headers["location"]
    forms = {"review-cart": {"do": "continue"}, "billing-information": BILLING, "payment-method": CARD}
    for step, form in forms.items():
        answer = views.buyer.post(f"{checkout}/{step}", data=form)
        assert answer.status_code == 303, answer.text
    told = hidden(views.buyer.get(f"{checkout}/receipt").text)
    assert (told["total"], told["merchant_order_id"]) == (str(BOTH), "web-1")
    assert told["key"] == passback_key(SECRET_WORD, SELLER, told["order_number"], told["total"])
    return told["order_number"]


def see_everywhere(views: Views, sale_id: str) -> None:
    """The sale in three formats, the order and its payment, and what was posted for it."""
    read = [views.call("/sales/detail_sale", form, sale_id=sale_id) for form in FORMATS]
    first, *others = [Counter(leaves(document)) for document in read]
    assert all(other == first for other in others)
    (invoice,) = views.sale(sale_id)["invoices"]
    assert (invoice["vendor_total"], invoice["status"]) == (str(BOTH), "pending")
    lines = invoice["lineitems"]
    assert [(line["product_name"], line["vendor_amount"]) for line in lines] == [
        ("Lamp", str(LAMP)), ("Club", str(CLUB)),
    ]  # fmt: skip
    order = views.shown(f"/orders/{invoice['invoice_id']}")
    assert [item["name"] for item in order["items"]] == ["Lamp", "Club"]
    assert Decimal(order["totals"]["total"]) == BOTH
    (payment,) = views.shown(f"/orders/{invoice['invoice_id']}/transactions")
    assert (Decimal(payment["amount"]), payment["status"]) == (BOTH, "success")
    assert order["payment"]["transaction_id"] == payment["id"]
    assert balances(views, invoice["invoice_id"]) == {"sales": -BOTH, "clearing:sandbox": BOTH}


def give_the_lamp_back(views: Views, sale_id: str) -> None:
    """Refund one line item, and see it on every side; twice it is not refunded."""
    (invoice,) = views.sale(sale_id)["invoices"]
    asked = {"lineitem_id": invoice["lineitems"][0]["lineitem_id"], "category": "5", "comment": "Too bright"}
    views.call("/sales/refund_lineitem", **asked)
    again = views.vendor.post("/sales/refund_lineitem", data=asked, headers={"Accept": FORMATS["json"]})
    assert (again.status_code, again.json()["response_code"]) == (400, "TOO_HIGH"), "more than is left"
    (after,) = views.sale(sale_id)["invoices"]
    assert [line["status"] for line in after["lineitems"]] == ["refund", "bill"]
    (refund,) = views.shown("/refunds")
    assert (str(refund["order_id"]), Decimal(refund["total"]["total"])) == (invoice["invoice_id"], LAMP)
    assert (refund["status"], refund["notes"]) == ("success", "Too bright")
    kept = {"sales": -BOTH, "returns": LAMP, "clearing:sandbox": CLUB}
    assert balances(views, invoice["invoice_id"]) == kept


def bill_for_a_year(views: Views, sale_id: str) -> None:
    """Let a year pass: a renewal on the last day of each month, here, in Core dna and in the books."""
    done = views.cli.run("clock", "advance", "366d")["done"]
    assert done["renewals"] == len(RENEWED_ON)
    assert not any(views.cli.run("worker", "--once").values()), "nothing is left to do"
    first, *renewed = views.sale(sale_id)["invoices"]
    assert [invoice["date_placed"][:10] for invoice in renewed] == RENEWED_ON
    assert {(invoice["vendor_total"], invoice["status"]) for invoice in renewed} == {(str(CLUB), "deposited")}
    assert [invoice["lineitems"][0]["installment"] for invoice in renewed] == [str(n) for n in range(2, 14)]
    children = [order for order in views.shown("/orders?limit=100") if order["has_parent"] == "true"]
    assert [order["id"] for order in children] == [invoice["invoice_id"] for invoice in renewed]
    assert {order["parent_id"] for order in children} == {first["invoice_id"]}
    paid = [views.shown(f"/orders/{order['id']}/transactions") for order in children]
    assert [[each["amount"] for each in payments] for payments in paid] == [[str(CLUB)]] * len(RENEWED_ON)
    (member,) = views.shown("/subscriptions/users")
    assert member["status"] == {"active": True, "payment": True}
    assert member["next_billing_date"] == "2028-02-29 12:00:00"
    assert balances(views, renewed[-1]["invoice_id"])["sales"] == -CLUB


def pay_out(views: Views, sale_id: str) -> None:
    """What was paid out, waits and is held back is what was sold, less what was given back and the fees."""
    views.cli.run("payouts", "run", "--now")
    payouts = views.call("/acct/list_payments")["payments"]
    told = views.cli.run("payouts", "list")
    assert [payout["amount"] for payout in payouts] == [payout["amount"] for payout in told]
    sums = {
        name: sum((Decimal(payout[name] or 0) for payout in payouts), NOTHING)
        for name in ("amount", "total_sales", "total_refunds", "total_fees", "reserve_held", "total_reserve_released")
    }  # fmt: skip
    assert (sums["total_sales"], sums["total_refunds"]) == (SOLD, LAMP)
    fees = sum((Decimal(invoice["fees_2co"]) for invoice in views.sale(sale_id)["invoices"]), NOTHING)
    assert sums["total_fees"] == fees
    held = sums["reserve_held"] - sums["total_reserve_released"]
    assert sums["amount"] == SOLD - LAMP - fees - held
    books = {
        account["code"]: Decimal(account["debit"]) - Decimal(account["credit"])
        for account in views.cli.run("books", "show")
    }
    assert (books["bank"], books["processor_reserve"], books["processor"]) == (sums["amount"], held, NOTHING)
    assert (books["sales"], books["returns"], books["receivable"]) == (-SOLD, LAMP, NOTHING)
    assert views.cli.run("books", "check")["balanced"] is True


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with the names above it; the formats tell nothing in different ways."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{place}/{name}")
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, place)
    elif value not in {None, ""}:
        yield place, str(value)


def balances(views: Views, invoice_id: str) -> dict[str, Decimal]:
    """What the postings for an invoice come to, account by account; what is settled is left out."""
    found: Counter[str] = Counter()
    for posting in views.cli.run("books", "show", "--order", invoice_id):
        found[posting["account_code"]] += posting["amount_minor"]
    assert sum(found.values()) == 0
    return {code: Decimal(minor) / 100 for code, minor in found.items() if minor}
