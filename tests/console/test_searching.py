"""Search finds by whatever one has, leads to the pages, and shows nobody what they may not see."""

from __future__ import annotations

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.orders.placing import place_order
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import a_line

HOSTILE = "<script>alert(1)</script>"


def filled(tx: Tx) -> None:
    for number in range(7):
        place_order(tx, lines=[a_line("12.50")], billing_name=f"{HOSTILE} {number}", number=f"N-{number}")
    register_customer(tx, username="ada", first_name="Ada", last_name="Byron", email="ada@example.com")


def test_everything_is_found_from_every_page(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(filled)
    form = visitor.get("").form("/search")
    assert "q" in form.fields
    page = visitor.get("/search?q=N-3")
    assert page.rows == [["Order N-3", f"{HOSTILE} 3", "12.50 AUD", "2026-03-01 12:00"]]
    assert "/console/orders/4" in page.links()
    assert HOSTILE not in page.text
    assert "Ada Byron" in visitor.get("/search?q=ada+byron").main


def test_more_of_one_kind_is_a_step_away(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(filled)
    page = visitor.get("/search?q=12.50")
    assert len(page.rows) == 5
    (more,) = [link for link in page.links() if "kind=order" in link]
    assert len(visitor.get(more).rows) == 7


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%00",
        "q=%F0%9F",
        "q=%ED%A0%80",
        "q=" + "9" * 300,
        "q=1&kind=nonsense",
        "q=%27%22%3C",
        "q=1&q=2",
    ],
)
def test_a_strange_question_is_answered(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/search?{query}").status == 200


def test_what_goes_by_nothing_is_said(visitor: Visitor) -> None:
    page = visitor.get(f"/search?q={HOSTILE}")
    assert "Nothing goes by" in page.main
    assert HOSTILE not in page.text


def test_nobody_finds_what_they_may_not_see(home: ServedShop, shop: OpenShop) -> None:
    shop.write(filled)
    owner, support = signed_in(home), signed_in(home, "support")
    assert "receivable" in owner.get("/search?q=receivable").main
    assert "Accounts in the books" not in support.get("/search?q=receivable").main
    assert "Order N-3" in support.get("/search?q=N-3").main
