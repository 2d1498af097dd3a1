"""The console in a real browser: by keyboard, in two tabs, back and again, on a slow line, and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.catalogue.brands import create_brand, update_brand
from comptoir.domain.catalogue.models import Brand
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.identity.sessions import begin_session
from tests.conftest import SECRET
from tests.console.visiting import let_in
from tests.storefront.browsing import browser, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def context(chromium: Any, home: ServedShop, shop: OpenShop) -> Iterator[Any]:
    """A browser with a session of the owner; its pages find the shop at their base."""

    def enter(tx: Tx) -> str:
        return begin_session(tx, operator_id=let_in(tx), secret=SECRET).key

    key = shop.write(enter)
    with running(home) as address:
        opened = chromium.new_context(base_url=address)
        opened.add_cookies(
            [{"name": "comptoir_session", "value": f"{shop.name}.{key}", "url": f"{address}/console"}]
        )
        opened.set_default_timeout(60_000)
        yield opened
        opened.close()


def brands(shop: OpenShop, count: int) -> None:
    def make(tx: Tx) -> None:
        for number in range(1, count + 1):
            create_brand(tx, name=f"Brand {number}")

    shop.write(make)


def test_a_list_is_walked_by_keyboard(shop: OpenShop, context: Any) -> None:
    brands(shop, 60)
    page = context.new_page()
    page.goto("/console/brands")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.locator("tr.marked").inner_text().startswith("Brand 2")
    page.keyboard.press("n")
    page.wait_for_url("**past=50**")
    page.keyboard.press("p")
    page.wait_for_url("**before=51**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/brands/1")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jk?")
    assert page.locator("#search").input_value() == "jk?", "keys are letters where one writes"
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/console/orders")


def test_the_second_of_two_tabs_is_told_and_loses_nothing(shop: OpenShop, context: Any) -> None:
    brands(shop, 1)
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto("/console/brands/1")
    first.locator("main").get_by_label("E-mail").fill("first@example.com")
    first.get_by_role("button", name="Save").click()
    first.get_by_text("The brand was saved.").wait_for()
    second.locator("main").get_by_label("E-mail").fill("second@example.com")
    second.get_by_role("button", name="Save").click()
    second.get_by_text("was changed meanwhile").wait_for()
    assert second.locator("main").get_by_label("E-mail").input_value() == "second@example.com"
    assert shop.read(lambda tx: get_row(tx, Brand, 1))["email"] == "first@example.com"
    second.get_by_role("button", name="Save").click()
    second.get_by_text("The brand was saved.").wait_for()
    assert shop.read(lambda tx: get_row(tx, Brand, 1))["email"] == "second@example.com"


def test_a_button_that_is_pressed_twice_acts_once_also_on_a_slow_line(shop: OpenShop, context: Any) -> None:
    page = context.new_page()
    page.goto("/console/brands/new")
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    page.locator("main").get_by_label("Name").fill("Once")
    page.get_by_role("button", name="Create").dblclick()
    page.get_by_text("The brand was created.").wait_for()
    page.goto("/console/brands")
    assert page.locator("tbody tr").count() == 1


def test_going_back_shows_a_fresh_form_and_reloading_an_act_repeats_nothing(
    shop: OpenShop, context: Any
) -> None:
    page = context.new_page()
    page.goto("/console/brands/new")
    first = page.locator("main [name=once]").input_value()
    page.locator("main").get_by_label("Name").fill("First")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("The brand was created.").wait_for()
    page.reload()
    page.go_back()
    assert page.locator("main [name=once]").input_value() != first, "pages are kept nowhere"
    page.locator("main").get_by_label("Name").fill("Second")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("The brand was created.").wait_for()
    page.goto("/console/brands")
    assert [row.inner_text().split("\t")[0] for row in page.locator("tbody tr").all()] == ["First", "Second"]


def test_what_cannot_be_undone_is_asked_about_first(shop: OpenShop, context: Any) -> None:
    brands(shop, 1)
    page = context.new_page()
    page.goto("/console/brands/1")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Remove").click()
    assert shop.read(lambda tx: get_row(tx, Brand, 1))["name"] == "Brand 1"
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The brand was removed.").wait_for()


def test_everything_works_without_script(shop: OpenShop, home: ServedShop, chromium: Any) -> None:
    brands(shop, 60)
    key = shop.write(lambda tx: begin_session(tx, operator_id=let_in(tx), secret=SECRET).key)
    with running(home) as address:
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        context.add_cookies(
            [{"name": "comptoir_session", "value": f"{shop.name}.{key}", "url": f"{address}/console"}]
        )
        page = context.new_page()
        page.goto("/console/brands")
        page.get_by_role("link", name="Next").click()
        page.get_by_role("link", name="Brand 60").click()
        page.locator("main").get_by_label("E-mail").fill("plain@example.com")
        page.get_by_role("button", name="Save").click()
        assert "The brand was saved." in page.locator("main").inner_text()
        page.get_by_role("link", name="Brands", exact=True).first.click()
        page.locator("main").get_by_label("Name").fill("brand 7")
        page.get_by_role("button", name="Apply").click()
        assert page.locator("tbody tr").count() == 1
        context.close()


def test_a_session_that_ends_meanwhile_leads_to_the_sign_in_and_back(shop: OpenShop, context: Any) -> None:
    brands(shop, 1)
    page = context.new_page()
    page.goto("/console/brands/1")
    shop.write(lambda tx: update_brand(tx, brand_id=1, name="Changed"))
    context.clear_cookies()
    page.goto("/console/brands/1?tab=x")
    page.wait_for_url("**/console/sign-in?next=**")
    page.locator("main").get_by_label("E-mail address").fill("owner@example.com")
    page.locator("main").get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/brands/1?tab=x")
    assert page.get_by_role("heading", name="Changed").is_visible()
