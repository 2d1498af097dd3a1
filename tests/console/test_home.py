"""Home shows how the shop stands: what was taken, what waits, and whether the books balance."""

from __future__ import annotations

from time import sleep

import pytest

from comptoir.console.charts import FOOT, HEIGHT, WIDTH, Datum, chart_of
from comptoir.console.home import WAYS
from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.selling import SaleTerms
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.subscriptions.renewing import renew
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.orders.given import a_line, a_sale
from tests.domain.payouts.given import a_deposit, refund, terms
from tests.domain.subscriptions.given import at, sold

HOSTILE = "<script>alert(1)</script>"


def traded(tx: Tx) -> None:
    """Two sales today, one of them in part given back, one in another currency; and one a month ago."""
    terms(tx)
    order_id = a_deposit(tx, 10_041)
    gather_entries(tx)
    refund(tx, order_id, 1_000)
    place_order(tx, lines=[a_line("5")], currency="EUR")
    with at(tx, NOW.replace(month=2)):
        place_order(tx, lines=[a_line("200")])


def tiles(page: Paper) -> list[str]:
    return [" ".join(tile.text_content().split()) for tile in page.tree.find_class("tile")]


def test_what_was_taken_is_told_with_the_ways_to_its_trees(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(traded)
    page = visitor.get("")
    today, _week, month, *_ = tiles(page)
    assert "100.41 AUD 1 order; nothing yesterday" in today
    assert "1 refund 10.00 AUD" in today
    assert "Fees 5.98 AUD" in today
    assert "Net 84.43 AUD" in today
    assert "5.00 EUR 1 order" in today
    assert "50 % less than last month by this time" in month
    explained = [link for link in page.links() if "/explain/figure/" in link]
    assert "/console/explain/figure/today.AUD/sales" in explained
    for link in dict.fromkeys(explained):
        assert visitor.get(link).status == 200, link


def test_the_chart_has_its_table_behind_it(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(traded)
    days = visitor.get("")
    assert len(days.tree.xpath("//details//tbody/tr")) == 30
    assert len(days.tree.xpath("//*[local-name()='rect']")) == 3
    months = visitor.get("?by=months")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in months.tree.xpath("//details//tbody/tr")
    ]
    assert len(rows) == 12
    assert rows[0] == ["2026-03", "1", "100.41 AUD", "10.00 AUD", "84.43 AUD"]
    assert rows[1] == ["2026-02", "1", "200.00 AUD", "0.00 AUD", "200.00 AUD"]
    assert visitor.get("?by=nonsense").status == 200


def test_the_books_are_proved_and_it_is_said_when(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(traded)
    books = tiles(visitor.get(""))[3]
    while "being proved" in books:
        # The first proof goes on beside the page, and a busy machine takes its time.
        sleep(0.05)
        books = tiles(visitor.get(""))[3]
    assert books.startswith("Unreconciled cents 0 proved 2026-03-01 12:00, after event")


def explained(page: Paper, part: str) -> list[tuple[str, str]]:
    """The amounts that open to a tree: where, and what they read."""
    return [(link.get("href"), link.text) for link in page.tree.xpath(f"//a[contains(@href, '{part}')]")]


def test_what_was_gathered_for_the_next_payout_opens_to_its_tree(shop: OpenShop, visitor: Visitor) -> None:
    assert "nothing would be paid out now" in tiles(visitor.get(""))[4]
    shop.write(traded)
    page = visitor.get("")
    assert "Gathered for the next payout 91.42 AUD 71.42 AUD would be paid out now" in tiles(page)[4]
    assert {link.rpartition("/")[2]: amount for link, amount in explained(page, "/explain/payout/")} == {
        "amount": "91.42 AUD", "payable": "71.42 AUD", "sale": "100.41 AUD", "fee": "\N{MINUS SIGN}5.98 AUD",
        "reserve_held": "\N{MINUS SIGN}3.01 AUD", "payout_fee": "\N{MINUS SIGN}20.00 AUD",
    }  # fmt: skip
    for link, amount in explained(page, "/explain/payout/"):
        assert amount.removesuffix(" AUD") in visitor.get(link).main


def test_what_waits_is_listed_with_ways_there(home: ServedShop, shop: OpenShop) -> None:
    assert "Nothing. All is well." in signed_in(home).get("").main
    shop.write(lambda tx: create_product(tx, name=HOSTILE, has_inventory=True, quantity=2))
    sale = shop.write(lambda tx: sold(tx, card="sbx-declined"))

    def decline(tx: Tx) -> None:
        with at(tx, NOW.replace(month=4)):
            renew(tx, enrolment_id=sale.enrolment_id)

    shop.write(decline)
    shop.system = lambda: NOW.replace(month=4)
    page = signed_in(home).get("")
    assert "Renewals that were declined: 1" in page.main
    assert "are left: 1" in page.main
    assert f"/console/subscriptions/{sale.enrolment_id}" in page.links()
    assert HOSTILE in page.words
    assert HOSTILE not in page.text


@pytest.mark.parametrize("name", WAYS)
def test_each_way_leads_to_what_waits(visitor: Visitor, name: str) -> None:
    page = visitor.get(WAYS[name].path)
    assert page.status == 200
    assert page.problems == []
    assert not page.tree.xpath("//form[contains(@class, 'filters')]") or "Clear" in page.main


def test_sales_under_review_are_a_step_away(shop: OpenShop, visitor: Visitor) -> None:
    sale = shop.write(lambda tx: a_sale(tx, terms=SaleTerms(fraud_status="wait")))
    page = visitor.get("")
    assert "Sales that wait for their review: 1" in page.main
    assert f"/console/orders/{sale.order_id}" in page.links()


@pytest.mark.parametrize(
    ("role", "sees", "does_not"),
    [
        ("support", "This month", "Unreconciled"),
        ("accountant", "Gathered for", "nothing to hide"),
        ("read-only", "Unreconciled", "nothing to hide"),
    ],
)
def test_each_role_sees_its_part(
    home: ServedShop, shop: OpenShop, role: str, sees: str, does_not: str
) -> None:
    shop.write(traded)
    page = signed_in(home, role).get("")
    assert sees in page.main
    assert does_not not in page.main
    if role == "support":
        assert "Net" not in page.main
        assert "Fees" not in page.main


def test_a_stranger_is_led_to_the_door(home: ServedShop) -> None:
    assert Visitor(home).get("").location.startswith("/console/sign-in")


def test_a_chart_keeps_within_its_sheet() -> None:
    data = [
        Datum(str(place), up, down, "") for place, (up, down) in enumerate([(0, 0), (10**15, 3), (1, 10**14)])
    ]
    chart = chart_of(data)
    assert len(chart.bars) == 4
    for bar in chart.bars:
        x, y, width, height = (int(part.replace(".", "")) / 10 for part in bar[:4])
        assert 0 <= x <= x + width <= WIDTH
        assert 0 <= y <= y + height <= HEIGHT - FOOT + 1
    assert chart_of([]).bars == []
    assert chart_of([Datum("a", 0, 0, "")]).axis == "0.0"
