"""Picking by name in a browser: what goes by a name is offered while it is typed, and taken by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.orders.models import Order
from comptoir.domain.sales.whole import get_whole
from tests.console.test_browser import chromium, context
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

__all__ = ["chromium", "context"]


def given(tx: Tx) -> None:
    for last in ("Lovelace", "Byron"):
        register_customer(
            tx, username=last, email=f"{last.lower()}@example.com", first_name="Ada", last_name=last
        )
    for colour, code in (("Red", "SH-1"), ("Blue", "SH-2")):
        create_product(tx, name=f"{colour} shirt", code=code, price_rrp_e4=e4("20"))


def test_names_are_offered_while_they_are_typed(shop: OpenShop, context: Any) -> None:
    shop.write(given)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/console/orders/new")
    customer = page.locator("#f-customer_id")
    customer.press_sequentially("byron")
    options = page.locator("#f-customer_id + datalist option")
    options.first.wait_for(state="attached")
    assert [(one.get_attribute("value"), one.text_content()) for one in options.all()] == [
        ("2", "Ada Byron, byron@example.com, number 2")
    ]
    customer.fill("Ada")
    page.get_by_label("Product of item 1").fill("shirt")
    page.get_by_role("button", name="Place order").click()
    group = page.get_by_role("group", name="Customer: which one?")
    group.wait_for()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    group.get_by_label("Ada Lovelace").check()
    page.get_by_role("button", name="Place order").click()
    page.get_by_role("group", name="Product of item 1: which one?").get_by_label("Red shirt").check()
    page.get_by_role("button", name="Place order").click()
    page.get_by_text("The order was placed.").wait_for()
    order = shop.read(lambda tx: get_whole(tx, Order, 1))
    assert (order["customer_id"], order["total_minor"]) == (1, 2000)
    assert [text for text in said if "Content Security" in text or "TypeError" in text] == []
