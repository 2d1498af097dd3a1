"""Picking a variant in a browser: by keyboard with a script that offers what there is, and without any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from comptoir.domain.identity.sessions import begin_session
from comptoir.domain.sales.whole import list_whole_lines
from tests.conftest import SECRET
from tests.console.test_browser import chromium, context
from tests.console.test_picking_variants import stocked
from tests.console.visiting import let_in
from tests.storefront.browsing import running

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop

__all__ = ["chromium", "context"]


def variants_of(shop: OpenShop, order_id: int) -> list[str]:
    return [line["variant_name"] for line in shop.read(lambda tx: list_whole_lines(tx, order_id))]


def test_variants_are_offered_by_keyboard_once_the_product_is_known(shop: OpenShop, context: Any) -> None:
    shop.write(stocked)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/console/orders/new")
    product = page.get_by_label("Product of item 1")
    product.focus()
    page.keyboard.type("SH-1")
    page.keyboard.press("Tab")
    variant = page.get_by_label("Variant of item 1")
    assert variant.evaluate("one => one === document.activeElement")
    options = page.locator("input[name=variant_0] + datalist option")
    options.first.wait_for(state="attached")
    assert [one.get_attribute("value") for one in options.all()] == ["SH-1-RL", "SH-1-BL", "SH-1-BS", "-"]
    assert options.first.text_content() == "Red / L, SH-1-RL, 20.00 AUD, 6 in the warehouses"
    page.keyboard.type("blue l")
    page.locator("input[name=variant_0] + datalist option[value=SH-1-RL]").wait_for(state="detached")
    assert [one.get_attribute("value") for one in options.all()] == ["SH-1-BL"]
    page.keyboard.press("Enter")
    group = page.get_by_role("group", name="Variant of item 1: which one?")
    group.wait_for()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    group.get_by_label("Blue / L").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("The order was placed.").wait_for()
    assert variants_of(shop, 1) == ["Blue / L"]
    assert [text for text in said if "Content Security" in text or "TypeError" in text] == []


def test_variants_are_a_step_of_their_own_without_script(
    shop: OpenShop, home: ServedShop, chromium: Any
) -> None:
    shop.write(stocked)
    key = shop.write(lambda tx: begin_session(tx, operator_id=let_in(tx), secret=SECRET).key)
    with running(home) as address:
        opened = chromium.new_context(base_url=address, java_script_enabled=False)
        opened.add_cookies(
            [{"name": "comptoir_session", "value": f"{shop.name}.{key}", "url": f"{address}/console"}]
        )
        page = opened.new_page()
        page.goto("/console/orders/new")
        page.get_by_label("Product of item 1").fill("shirt")
        page.get_by_role("button", name="Place order").click()
        page.get_by_role("group", name="Product of item 1: which one?").get_by_label("Shirt").check()
        page.get_by_role("button", name="Place order").click()
        group = page.get_by_role("group", name="Variant of item 1: which one?")
        group.get_by_label("Red / L, SH-1-RL, 20.00 AUD, 6 in the warehouses").check()
        page.get_by_role("button", name="Place order").click()
        assert "The order was placed." in page.locator("main").inner_text()
        opened.close()
    assert variants_of(shop, 1) == ["Red / L"]
