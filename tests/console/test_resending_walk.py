"""In a real browser, a webhook is made, breaks, is seen to be in trouble, and is sent again when it is mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.chores.deliveries import deliver_due
from comptoir.dialects.edge import ServedShop
from comptoir.domain.tx import OpenShop
from comptoir.domain.webhooks.queries import get_endpoint
from tests.console.visiting import signed_in
from tests.domain.webhooks.given import Clock, Listener, happen, served, telling
from tests.storefront.browsing import browser, running


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    return served(telling(shop, Clock()), tmp_path)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener(answer=lambda _heard: 500)
    yield made
    made.stop()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_delivery_in_trouble_is_sent_again(
    home: ServedShop, shop: OpenShop, listener: Listener, has_scripts: bool
) -> None:
    (name, cookie), *_ = signed_in(home).cookies.items()
    with browser() as chromium, running(home) as address:
        context = chromium.new_context(java_script_enabled=has_scripts)
        context.add_cookies([{"name": name, "value": cookie, "url": f"{address}/console"}])
        page = context.new_page()
        page.goto(f"{address}/console/webhooks")
        page.get_by_role("link", name="New webhook").click()
        page.get_by_label("Address").fill(listener.url)
        page.get_by_label("sales", exact=True).check()
        page.get_by_role("button", name="Create").click()
        secret = page.locator(".shown-once", has_text="whsec_").inner_text()
        page.get_by_role("link", name="I have kept it").click()
        assert secret not in page.content()

        happen(shop)
        deliver_due(home)
        page.goto(f"{address}/console/deliveries")
        page.get_by_label("State").select_option("retried")
        page.get_by_role("button", name="Apply").click()
        page.get_by_role("link", name="sale placed").click()
        page.get_by_text("was answered with status 500").wait_for()

        listener.answer = lambda _heard: 200
        page.get_by_role("button", name="Try now").click()
        page.get_by_text("It goes out within seconds").wait_for()
        assert deliver_due(home) == 1
        page.reload()
        page.get_by_text("delivered", exact=True).first.wait_for()
        page.get_by_role("button", name="Send again").click()
        page.get_by_role("link", name="delivery 1").wait_for()
        assert deliver_due(home) == 1
    assert len(listener.heard) == 3
    assert len({heard.headers["webhook-id"] for heard in listener.heard}) == 1
    assert shop.read(lambda tx: get_endpoint(tx, 1)).secret == secret
