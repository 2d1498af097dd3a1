"""The payment API by its cases, and what no case can tell: that nothing is sold or charged twice."""

from __future__ import annotations

import copy
import itertools
import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import falcon.testing
import pytest
from sqlalchemy import func, select

from comptoir.app import make_app
from comptoir.dialects.edge import ServedShop
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.offers import set_rate
from comptoir.domain.orders.models import Invoice, LineItem, Order
from comptoir.domain.payments.cards import tokenise
from comptoir.domain.payments.models import GatewayAttempt
from comptoir.domain.payments.port import Card
from comptoir.domain.payments.sandbox import SandboxGateway
from comptoir.domain.shop import Shop
from tests.conftest import NOW, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.domain.tx import OpenShop, Tx

FILE = Path(__file__).with_name("payment_api.toml")
SELLER, KEY = "1817037", "3508079E-5383-44D4-BF69-DC619C0D9811"
GOOD, SILENT = "4000000000000002", "4000000000000408"
ADDRESS = {
    "name": "Testing Tester", "addrLine1": "123 Test St", "city": "Columbus", "state": "Ohio", "zipCode": "43123",
    "country": "USA",
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "sellerId": SELLER, "privateKey": KEY, "merchantOrderId": "123", "currency": "USD", "total": "1.00",
    "billingAddr": {**ADDRESS, "email": "example@2co.com", "phoneNumber": "555-555-5555"}, "shippingAddr": ADDRESS,
}  # fmt: skip
MESSAGES = {
    "300": "Unauthorized",
    "400": "Bad request - parameter error",
    "600": "Authorization Failed",
    "602": "Payment Authorization Failed:  Please verify your Credit Card details are entered correctly and try again,"
    " or try another payment method.",
}


def filled(value: Any, each: Any) -> Any:
    """The value with what `each` is in its places, and null for its word."""
    if value == "{null}":
        return None
    if value == "{each}":
        return each
    if isinstance(value, dict):
        return {filled(name, each): filled(one, each) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, each) for one in value]
    if isinstance(value, str) and isinstance(each, str):
        return value.replace("{each}", each)
    if isinstance(value, str) and isinstance(each, list):
        return value.replace("{each.0}", each[0]).replace("{each.1}", each[1])
    return value


def cases() -> Iterator[Any]:
    for case in tomllib.loads(FILE.read_text())["case"]:
        for each in case.get("each", [None]):
            told = f" ({str(each)[:70]})" if each is not None else ""
            yield pytest.param(
                {name: filled(value, each) for name, value in case.items()}, id=f"{case['name']}{told}"
            )


class Client:
    """A shop's server, which asks the payment API."""

    def __init__(self, home: ServedShop) -> None:
        self.home = home
        self._client = falcon.testing.TestClient(make_app([home]))
        self._numbers = itertools.count(1)

    def token(self, number: str = GOOD) -> str:
        """A token for a card, as a browser gets it."""
        card = Card(number, 12, 2030, "123")
        return tokenise(self.home.shop, SandboxGateway(), card, secret=SECRET).token

    def ask(self, request: Any, *, seller: str = SELLER, kind: str | None = "application/json") -> Any:
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        path = f"/checkout/api/1/{seller}/rs/authService"
        headers = {} if kind is None else {"Content-Type": kind}
        return self._client.simulate_post(path, body=body, headers=headers)

    def get(self) -> Any:
        return self._client.simulate_get(f"/checkout/api/1/{SELLER}/rs/authService")


def be_seller(tx: Tx) -> None:
    tx.update(Shop, 1, currency="USD", version=tx.shop.version + 1)
    update_merchant(tx, vendor_id=int(SELLER), private_key=KEY, gateway="sandbox", secret_word="tango")


@pytest.fixture
def client(shop: OpenShop, tmp_path: Path) -> Client:
    shop.write(be_seller)
    shop.write(lambda tx: set_rate(tx, currency="EUR", since=NOW.date(), rate_e8=90_000_000))
    return Client(ServedShop(shop, SECRET, DirectoryStore(tmp_path / "media"), Fetcher(FetchRules())))


def count(shop: OpenShop, record: type[Any]) -> int:
    return int(shop.read(lambda tx: tx.value(select(func.count()).select_from(record))))


def changed(client: Client, case: dict[str, Any]) -> dict[str, Any]:
    request = copy.deepcopy(REQUEST) | {"token": client.token(case.get("card", GOOD))}
    for name, value in case.get("with", {}).items():
        outer, _, inner = name.partition(".")
        if inner:
            request[outer][inner] = value
        else:
            request[outer] = value
    for name in case.get("without", ()):
        outer, _, inner = name.partition(".")
        if inner:
            del request[outer][inner]
        else:
            del request[outer]
    return request


@pytest.mark.parametrize("case", list(cases()))
def test_case(shop: OpenShop, client: Client, case: dict[str, Any]) -> None:
    request = changed(client, case)
    answer = client.ask(request)
    document = answer.json
    assert set(document) == {"validationErrors", "response", "exception"}
    assert document["validationErrors"] is None
    if "code" in case:
        assert answer.status_code == case["status"]
        assert document["response"] is None
        assert document["exception"] == {
            "errorMsg": MESSAGES[case["code"]], "httpStatus": str(case["status"]), "exception": False,
            "errorCode": case["code"],
        }  # fmt: skip
        assert count(shop, Order) == 0
        return
    assert (answer.status_code, document["exception"]) == (200, None)
    for name, value in case["response"].items():
        assert document["response"][name] == value, name
    number, invoice = (int(document["response"][name]) for name in ("orderNumber", "transactionId"))
    assert invoice == number + 9
    assert count(shop, Order) == (0 if request.get("demo") else 1)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"sellerId=1", b"[" * 100_000])
def test_what_is_no_request_is_told_so(client: Client, body: bytes) -> None:
    answer = client.ask(body)
    assert (answer.status_code, answer.json["exception"]["errorCode"]) == (400, "400")


@pytest.mark.parametrize("kind", ["application/JSON", "application/json; charset=UTF-8", "text/plain", None])
def test_the_label_does_not_matter(client: Client, kind: str | None) -> None:
    assert client.ask(REQUEST | {"token": client.token()}, kind=kind).status_code == 200


def test_an_empty_seller_in_the_path_is_answered_in_json(client: Client) -> None:
    answer = client.ask(REQUEST | {"token": client.token()}, seller="")
    assert (answer.status_code, answer.json["exception"]["errorCode"]) == (400, "400")


def test_a_get_is_answered_in_json(client: Client) -> None:
    assert client.get().json["exception"]["errorCode"] == "400"


def test_the_sale_is_kept_with_its_lines_and_the_shops_number(shop: OpenShop, client: Client) -> None:
    lines = [
        {"name": "Mug", "price": "4.00", "quantity": 3},
        {"type": "shipping", "name": "Post", "price": "2.50"},
    ]
    request = {**REQUEST, "token": client.token(), "total": None, "lineItems": lines, "currency": "EUR"}
    answer = client.ask(request).json["response"]
    facts = select(
        Invoice.merchant_order_id, Invoice.customer_currency, Invoice.customer_total_minor, Invoice.card_first_six,
        Order.total_minor, Order.currency, Order.delivery_city,
    ).join(Order, Order.id == Invoice.order_id)  # fmt: skip
    # 0.90 EUR are a dollar: 4.00 is 4.44, and 2.50 is 2.78.
    assert shop.read(lambda tx: tx.all(facts)) == [
        ("123", "EUR", 1450, "400000", 3 * 444 + 278, "USD", "Columbus")
    ]
    assert count(shop, LineItem) == 4
    assert answer["total"] == "14.50"


def test_the_same_request_again_is_given_the_same_answer(shop: OpenShop, client: Client) -> None:
    request = REQUEST | {"token": client.token()}
    first, second = client.ask(request), client.ask(request)
    assert first.json == second.json
    assert (first.status_code, second.status_code) == (200, 200)
    assert (count(shop, Order), count(shop, GatewayAttempt)) == (1, 1)


def test_a_decline_is_repeated_too(shop: OpenShop, client: Client) -> None:
    request = REQUEST | {"token": client.token("4333433343334333")}
    assert [client.ask(request).json["exception"]["errorCode"] for _ in range(2)] == ["602", "602"]
    assert count(shop, GatewayAttempt) == 1


def test_a_token_is_good_for_one_sale(client: Client) -> None:
    request = REQUEST | {"token": client.token()}
    assert client.ask(request).status_code == 200
    assert client.ask(request | {"merchantOrderId": "124"}).json["exception"]["errorCode"] == "300"


def test_a_refused_request_does_not_use_the_token_up(client: Client) -> None:
    request = REQUEST | {"token": client.token()}
    assert client.ask(request | {"currency": "NIO"}).status_code == 400
    assert client.ask(request).status_code == 200


def test_many_at_once_are_one_sale(shop: OpenShop, client: Client) -> None:
    request = REQUEST | {"token": client.token()}
    with ThreadPoolExecutor(8) as pool:
        answers = [each.json for each in pool.map(lambda _: client.ask(request), range(8))]
    assert any(answer["response"] for answer in answers)
    assert client.ask(request).json["response"]["responseCode"] == "APPROVED"
    assert (count(shop, Order), count(shop, GatewayAttempt)) == (1, 1)


def test_a_silent_gateway_is_asked_once_and_the_answer_says_so(shop: OpenShop, client: Client) -> None:
    request = REQUEST | {"token": client.token(SILENT)}
    for _ in range(2):
        exception = client.ask(request).json["exception"]
        assert exception["errorMsg"].startswith("Authorization Pending")
    assert (count(shop, Order), count(shop, GatewayAttempt)) == (0, 1)
