"""In a real browser: in by password, a second factor, an API user that is used at once, revoked, and out again."""

from __future__ import annotations

from base64 import b32decode, b64encode
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from comptoir.domain.merchant.actions import found_merchant
from tests.console.visiting import PASSWORD, let_in
from tests.storefront.browsing import browser, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Tx


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def asked(address: str, name: str, password: str) -> int:
    """The status of an API user's request."""
    credential = b64encode(f"{name}:{password}".encode()).decode()
    url = f"{address}/api/acct/detail_company_info"
    try:
        with urlopen(Request(url, headers={"Authorization": f"Basic {credential}"}), timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def sign_in(page: Any, address: str, way: str) -> None:
    page.goto(f"{address}/console{way}")
    page.get_by_label("E-mail address").fill("owner@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("has_script", [True, False])
def test_an_api_user_is_made_and_used_at_once(home: ServedShop, chromium: Any, has_script: bool) -> None:
    def begin(tx: Tx) -> None:
        let_in(tx)
        found_merchant(tx)

    home.shop.write(begin)
    with running(home) as address:
        page = chromium.new_page(java_script_enabled=has_script, viewport={"width": 375, "height": 740})
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, address, "/keys")
        page.get_by_role("link", name="New API user or key").click()
        form = page.locator("form.card")
        form.locator("[name=dialect]").select_option("twocheckout")
        form.locator("[name=name]").fill("APIuser1817037")
        form.get_by_role("button", name="Create").click()
        page.locator(".shown-once").first.wait_for()
        name, password = (one.inner_text() for one in page.locator(".shown-once").all())
        assert (name, asked(address, name, password)) == ("APIuser1817037", 200)
        assert page.get_by_role("button", name="Copy: Password").is_visible() is has_script
        page.get_by_role("link", name="I have kept it").click()
        assert password not in page.content()
        page.get_by_role("button", name="Revoke").click()
        assert "opens nothing any more" in page.get_by_role("status").inner_text()
        assert asked(address, name, password) == 401
        page.close()


def test_a_second_factor_is_set_up_and_asked_for(home: ServedShop, chromium: Any) -> None:
    home.shop.write(let_in)

    def code(secret: str, step: int) -> str:
        at = int(home.shop.system().timestamp()) + 30 * step
        return TOTP(b32decode(secret), 6, SHA1(), 30).generate(at).decode()

    with running(home) as address:
        page = chromium.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        sign_in(page, address, "/profile/second-factor")
        page.get_by_label("Your password now").fill(PASSWORD)
        page.get_by_role("button", name="Set one up").click()
        drawn = page.get_by_role("img", name="The secret as a picture").bounding_box()
        assert drawn["width"] == drawn["height"] > 150
        secret = page.locator("#secret").inner_text()
        page.get_by_label("Code that the authenticator shows").fill(code(secret, 0))
        page.get_by_role("button", name="Confirm").click()
        codes = page.locator(".shown-once").inner_text().split()
        page.get_by_role("button", name="Sign out").click()
        assert "You are signed out." in page.get_by_role("status").inner_text()
        for given in (code(secret, 1), codes[0]):
            sign_in(page, address, "/profile")
            page.get_by_label("Code").fill(given)
            page.get_by_role("button", name="Go on").click()
            page.get_by_role("heading", name="Your profile").wait_for()
            page.get_by_role("button", name="Sign out").click()
        page.go_back()
        page.get_by_role("heading", name="Sign in").wait_for()
        assert complaints == []
        page.close()
