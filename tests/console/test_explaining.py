"""Explain this amount: the trees of every kind, their sums, the ways on, and who may look."""

import csv
from io import StringIO
from typing import Any

import pytest

from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.settlement import open_bank
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import pay_out
from comptoir.domain.refunds.actions import ItemFields, draft_refund, process_refund
from comptoir.domain.tx import OpenShop, Tx
from tests.console.amounts import amounts_of, wrong_of
from tests.console.visiting import Visitor, signed_in
from tests.domain.explaining.given import amounts
from tests.domain.orders.given import TEN_PERCENT, a_line, e4
from tests.domain.payments.given import sell
from tests.domain.payouts.given import a_deposit, dispute, refund, terms

PAGES_MAX = 150
HOSTILE = "<script>alert(1)</script>"


def an_order(tx: Tx, **fields: Any) -> int:
    lines: list[LineFields] = [a_line("3.3333", 3, tax_rate_ppm=TEN_PERCENT, name=HOSTILE), a_line("7")]
    return place_order(tx, lines=lines, delivery_e4=e4("5"), tax_included=False, **fields)


def test_an_amount_opens_to_two_trees_that_add_up(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(an_order)
    page = visitor.get(f"/explain/order/{order_id}/total")
    assert page.status == 200
    assert f"Total of order {order_id}" in page.main
    assert page.main.count("The parts add up to 23.00 AUD, in both trees.") == 2
    assert "price9.9999" in page.main
    assert HOSTILE in page.words
    assert HOSTILE not in page.text
    assert len(page.tree.xpath("//details")) > 3
    line = f"/console/explain/line/{shop.read(lambda tx: list_lines(tx, order_id))[0].id}/amount"
    assert line in page.links()
    assert visitor.get(line).status == 200
    assert visitor.get(f"/explain/order/{order_id}").status == 200


def test_every_amount_of_a_shop_has_a_page(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(terms)
    shop.write(an_order)
    shop.write(a_deposit)
    shop.write(pay_out)
    seen = set()
    for ask in shop.read(lambda tx: list(amounts(tx))):
        page = visitor.get(f"/explain/{ask.kind}/{ask.id}/{ask.what}")
        assert page.status == 200, ask
        assert not page.tree.xpath("//*[contains(@class, 'row') and contains(@class, 'problem')]")
        seen |= set(page.links())
    assert len(seen) > 100
    for link in sorted(link for link in seen if "/explain/" in link):
        assert visitor.get(link).status == 200, link


def test_a_tree_as_csv_adds_up_too(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("7", 3, name="=1+1")]))
    rows = list(csv.reader(StringIO(visitor.get(f"/explain/order/{order_id}/total?format=csv").text)))
    assert rows[0] == ["depth", "part", "amount", "currency", "why"]
    assert rows[1][:4] == ["0", "total", "21.00", "AUD"]
    assert sum(row[0] == "0" for row in rows) == 2


@pytest.mark.parametrize(
    "path",
    ["order/99/total", "order/x/total", "order/1/colour", "colour/1/total", "order/99999999999999999999/total",
     "figure/month/net", "order/1%00/total", "account/9/balance", "account/1/balance?after=99"],
)  # fmt: skip
def test_what_is_not_there_is_said(shop: OpenShop, visitor: Visitor, path: str) -> None:
    shop.write(lambda tx: place_order(tx, lines=[a_line()], id=1))
    assert visitor.get(f"/explain/{path}").status == 404


def test_whoever_may_not_see_the_books_sees_no_way_there(home: Any, shop: OpenShop) -> None:
    shop.write(terms)
    order_id = shop.write(a_deposit)
    shop.write(pay_out)
    support = signed_in(home, "support")
    page = support.get(f"/explain/order/{order_id}/paid")
    assert page.status == 200
    assert not [link for link in page.links() if "/explain/payout" in link]
    for path in ("payout/1/amount", "figure/month.AUD/net", "figure/month.AUD", "figure/month.AUD/fees"):
        assert support.get(f"/explain/{path}").status == 403
    sales = support.get("/explain/figure/month.AUD/sales")
    assert sales.status == 200
    assert not [link for link in sales.links() if link.endswith(("/net", "/fees"))]
    assert signed_in(home, "accountant").get("/explain/payout/1/amount").status == 200


def test_every_amount_that_a_page_shows_is_explained(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(_a_year)
    waiting, seen, explained = ["/console"], set[str](), set[str]()
    while waiting and len(seen) < PAGES_MAX:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        page = visitor.get(address)
        if page.status != 200 or not page.text:
            continue
        for link in {link.partition("#")[0] for link in page.links()}:
            if link.startswith("/console/explain/"):
                explained.add(link)
            elif link.startswith("/console") and not any(part in link for part in ("?", "/static/")):
                waiting.append(link)
    wrong = {link: answer.status for link in sorted(explained) if (answer := visitor.get(link)).status != 200}
    assert wrong == {}
    assert {"order", "payout", "account", "figure"} <= {link.split("/")[3] for link in explained}


def _a_year(tx: Tx) -> None:
    """Something of everything whose amounts are shown."""
    terms(tx)
    an_order(tx)
    order_id = a_deposit(tx)
    refund(tx, order_id, 500)
    pay_out(tx)
    create_product(tx, name="Lamp", price_rrp_e4=100_000, price_special_e4=90_000)
    open_bank(tx, sample_plan("example1"))


def test_every_amount_of_a_disputed_order_opens_to_what_it_is(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(terms)
    sale = sell(shop)
    order_id = shop.write(a_deposit)
    shop.write(lambda tx: refund(tx, order_id, 500))
    item: ItemFields = {"type": "product", "order_line_id": _first_line(shop, order_id), "amount_e4": e4("3")}
    shop.write(lambda tx: process_refund(tx, refund_id=draft_refund(tx, order_id=order_id, items=[item])))
    shop.write(lambda tx: dispute(tx, order_id, 4_000))
    shop.write(gather_entries)
    payment = shop.read(lambda tx: list_payments(tx, order_id))[0].id
    addresses = (
        f"/orders/{order_id}", f"/orders/{order_id}/refund", f"/payments/{payment}", "/refunds/2", "/payouts",
        "/payouts/1", f"/orders/{sale.order_id}", "/search?q=100.41", "/search?q=40.00", "",
    )  # fmt: skip
    seen = set()
    for address in addresses:
        for amount in amounts_of(visitor.get(address).tree):
            assert amount.is_open or (address, amount.place) == ("/payouts", "p"), (address, amount)
            assert wrong_of(visitor, amount) is None, address
            seen.add("/".join(amount.link.split("/")[3::2]))
    assert {
        "order/left", "order/paid", "order/charged_back", "line/left", "line/price", "chargeback/amount",
        "attempt/amount", "payout/payable", "payout/payout_fee", "refund_item/amount", "figure/given_back",
    } <= seen  # fmt: skip


def _first_line(shop: OpenShop, order_id: int) -> int:
    return shop.read(lambda tx: list_lines(tx, order_id))[0].id


def test_what_is_behind_a_movement_is_named_so(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(a_deposit)
    assert "Balance after posting 1" in visitor.get("/explain/posting/1/balance").main
    trial = visitor.get("/explain/trial/AUD/debits")
    assert trial.main.count("in both trees") == 2
    assert visitor.get("/explain/trial/XXX/debits").status == 404
    assert visitor.get("/explain/statement_line/1.2/balance").status == 404


def test_a_shop_in_which_nothing_happened_has_amounts_that_open(shop: OpenShop, visitor: Visitor) -> None:
    for address in ("", "/payouts"):
        for amount in amounts_of(visitor.get(address).tree):
            assert amount.is_open, (address, amount)
            assert wrong_of(visitor, amount) is None, address
            assert not [link for link in visitor.get(amount.link).links() if visitor.get(link).status != 200]
