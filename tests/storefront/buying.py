"""A shop behind its pages, and a buyer who fills in forms, for the tests of the storefront."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import falcon.testing

from comptoir.app import make_app
from comptoir.dialects.edge import ServedShop
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.tx import OpenShop
from tests.conftest import SECRET

BILLING = {
    "card_holder_name": "Joan Q Shopper", "street_address": "1 Main Street", "city": "Columbus", "state": "OH",
    "zip": "43123", "country": "USA", "email": "joan@example.com", "phone": "6145550100", "phone_extension": "12",
}  # fmt: skip
SHIPPING = {
    "ship_name": "Gift Receiver", "ship_street_address": "1234 Second Street", "ship_city": "Columbus",
    "ship_state": "OH", "ship_zip": "43001", "ship_country": "USA",
}  # fmt: skip
CARD = {"card_number": "4000 0000 0000 0002", "card_expiry": "12/30", "card_code": "123"}
FORM = "application/x-www-form-urlencoded"
_FIELD = re.compile(r'<input[^>]*name="([^"]*)"[^>]*?value="([^"]*)"')


def served(shop: OpenShop, folder: Path, mirror: Path | None = None) -> ServedShop:
    """A shop with what its pages need besides."""
    fetcher = Fetcher(FetchRules(mirror=mirror, timeout_seconds=2))
    return ServedShop(shop, SECRET, DirectoryStore(folder / "media"), fetcher)


class Buyer:
    """Somebody with a browser that follows no redirect by itself."""

    def __init__(self, *homes: ServedShop) -> None:
        self._client = falcon.testing.TestClient(make_app(list(homes)))

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> falcon.testing.Result:
        place, _, query = path.partition("?")
        return self._client.simulate_get(place, query_string=query or urlencode(parameters or {}))

    def post(self, path: str, form: Mapping[str, str]) -> falcon.testing.Result:
        return self.send(path, urlencode(form).encode(), FORM)

    def send(self, path: str, body: bytes, kind: str) -> falcon.testing.Result:
        return self._client.simulate_post(path, body=body, headers={"Content-Type": kind})

    def open(self, parameters: Mapping[str, str], path: str = "/checkout/purchase") -> str:
        """The address of a new checkout."""
        answer = self.get(path, parameters)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def landed(self, parameters: Mapping[str, str], path: str = "/checkout/purchase") -> str:
        """The page where a buyer lands."""
        return self.followed(self.open(parameters, path))

    def followed(self, path: str) -> str:
        """Where a page leads on to."""
        answer = self.get(path)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def fill(self, checkout: str, step: str, form: Mapping[str, str]) -> str:
        """Send a step's form, and give the name of the next step."""
        answer = self.post(f"{checkout}/{step}", form)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).rpartition("/")[2]

    def buy(self, parameters: Mapping[str, str], *, is_sent: bool = False) -> str:
        """Go all the way, and give the address of the checkout, which is paid then."""
        checkout = self.open(parameters)
        if is_sent:
            self.fill(checkout, "shipping-information", SHIPPING)
        self.fill(checkout, "billing-information", BILLING)
        assert self.fill(checkout, "payment-method", CARD) == "receipt"
        return checkout


def hidden(page: str) -> dict[str, str]:
    """What a page's form sends back to the shop."""
    return {unescape(name): unescape(value) for name, value in _FIELD.findall(page)}


def said(answer: Any) -> str:
    """The words of a page."""
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(text).split())
