"""Customers and products picked by what people know of them: a name that is typed brings who and what goes by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.groups import create_group
from comptoir.domain.customers.membership import groups_of
from comptoir.domain.orders.models import Order
from comptoir.domain.sales.whole import get_whole
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.accounts.people import found_bank, make_customer
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(autouse=True)
def goods(shop: OpenShop) -> None:
    def given(tx: Tx) -> None:
        for first, last in (("Ada", "Lovelace"), ("Ada", "Byron"), (HOSTILE, "Hopper")):
            name = f"{last.lower()}@example.com"
            register_customer(tx, username=name, email=name, first_name=first, last_name=last)
        create_product(tx, name="Red shirt", code="SH-1", price_rrp_e4=e4("20"))
        create_product(tx, name="Blue shirt", code="SH-2", price_rrp_e4=e4("30"))

    shop.write(given)


def offered(page: Paper, name: str) -> list[tuple[str, str]]:
    """What a page offers to choose from, in place of what was typed into a field."""
    return [
        (one.get("value"), " ".join(one.getparent().text_content().split()))
        for one in page.tree.xpath(f"//input[@name='{name}_chosen']")
    ]


def test_an_order_is_taken_by_names(shop: OpenShop, visitor: Visitor) -> None:
    typed: dict[str, Any] = {
        "customer_id": "Ada",
        "product_0": "SH-1",
        "comments": "By telephone",
        "quantity_0": "2",
    }
    page = visitor.fill("/orders/new", "/orders/new", **typed)
    assert (page.status, visitor.get("/orders").rows) == (422, [])
    assert offered(page, "customer_id") == [
        ("2", "Ada Byron, byron@example.com, number 2"),
        ("1", "Ada Lovelace, lovelace@example.com, number 1"),
    ]
    kept = page.form("/orders/new").fields
    assert [kept[name] for name in typed] == [
        typed[name] if name != "comments" else "\nBy telephone" for name in typed
    ]
    page = visitor.fill(page, "/orders/new", customer_id_chosen="1", product_0="shirt", product_1="blue")
    assert page.status == 422
    assert page.form("/orders/new").fields["customer_id"] == "1"
    assert offered(page, "customer_id") == []
    assert offered(page, "product_0") == [("SH-2", "Blue shirt, SH-2"), ("SH-1", "Red shirt, SH-1")]
    assert offered(page, "product_1") == [("SH-2", "Blue shirt, SH-2")]
    page = visitor.done(page, "/orders/new", product_0_chosen="SH-1", product_1_chosen="SH-2")
    order = shop.read(lambda tx: get_whole(tx, Order, 1))
    assert (order["customer_id"], order["total_minor"], order["comments"]) == (1, 7000, "By telephone")


def test_what_nobody_goes_by_is_said(visitor: Visitor) -> None:
    page = visitor.fill("/orders/new", "/orders/new", customer_id="Zoe", product_0="SH-1")
    assert (page.status, offered(page, "customer_id")) == (422, [])
    assert "Nothing goes by that." in page.main
    page = visitor.fill("/orders/new", "/orders/new", customer_id="99", product_0="SH-1")
    assert (page.status, "Nothing goes by that." in page.main) == (422, True)
    for strange in (b"\0", b"\xed\xa0\x80", b"%" * 500, b"9" * 40, b"' OR 1=1", HOSTILE.encode(), b"-1"):
        answer = visitor.fill(
            "/orders/new",
            "/orders/new",
            customer_id=strange,
            product_0="SH-1",
        )
        assert answer.status == 422, strange
    page = visitor.fill("/orders/new", "/orders/new", customer_id="Hopper", product_0="SH-1")
    assert HOSTILE in offered(page, "customer_id")[0][1]
    assert HOSTILE not in page.text
    for chosen in ("99", "x", "", HOSTILE):
        assert visitor.fill(page, "/orders/new", customer_id_chosen=chosen).status == 422, chosen


def test_somebody_is_put_in_a_group_by_name(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: create_group(tx, name="Friends"))
    page = visitor.fill("/groups/1", "/add", customer_id="lovelace", role="member")
    assert (page.status, [key for key, _ in offered(page, "customer_id")]) == (422, ["1"])
    visitor.done(page, "/add", customer_id_chosen="1")
    assert shop.read(lambda tx: groups_of(tx, customer_id=1)) == [(1, "Friends", "member")]


def test_somebody_is_told_something_by_name(visitor: Visitor) -> None:
    page = visitor.fill("/notifications/new", "/notifications/new", customer_id="byron", content="Hello")
    assert (page.status, [key for key, _ in offered(page, "customer_id")]) == (422, ["2"])
    assert "Hello" in visitor.done(page, "/notifications/new", customer_id_chosen="2").main


def test_a_script_asks_while_it_is_typed(visitor: Visitor) -> None:
    page = visitor.get("/orders/new")
    address = page.form("/orders/new").inputs["customer_id"].get("data-finds")
    found = visitor.get(f"{address}?q=love").answer
    assert (found.headers["content-type"], found.json) == (
        "application/json", [["1", "Ada Lovelace, lovelace@example.com, number 1"]],
    )  # fmt: skip
    address = page.form("/orders/new").inputs["product_3"].get("data-finds")
    assert [key for key, _ in visitor.get(f"{address}?q=SHIRT").answer.json] == ["SH-2", "SH-1"]
    for strange in ("", "%00", "%ED%A0%80", "a" * 5000, "%25"):
        assert visitor.get(f"{address}?q={strange}").answer.json == [], strange


def test_nobody_finds_what_they_may_not_see(shop: OpenShop, home: ServedShop) -> None:
    nobody = Visitor(home)
    assert nobody.get("/find/customers?q=ada").status == 303
    for role in ("support", "read-only"):
        assert signed_in(home, role).get("/find/customers?q=ada").status == 200


def test_the_bank_offers_only_its_own_customers(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(found_bank)
    banked = shop.write(lambda tx: make_customer(tx, "Ada"))
    page = visitor.fill(
        "/bank/external-accounts/new",
        "/external-accounts/new",
        customer_id="ada",
        account_number="98765432109",
    )
    assert (page.status, [key for key, _ in offered(page, "customer_id")]) == (422, [str(banked)])
    assert [key for key, _ in visitor.get("/find/bank-customers?q=Ada").answer.json] == [str(banked)]
