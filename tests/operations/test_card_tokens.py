"""The token service over HTTP: as the scripts ask it, and as nobody should."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.payments.cards import find_token, use_token
from comptoir.domain.payments.errors import TokenRefused
from comptoir.domain.payments.token_keys import TokenKey
from tests.conftest import NOW, SECRET
from tests.operations.sealing import CARD, NUMBER, PUBLISHED, SELLER, ask_token, call, pre_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.dialects.edge import ServedShop
    from tests.operations.conftest import Running

WITH_NODE = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node to run scripts with")


@pytest.fixture
def service(home: ServedShop, start: Callable[[ServedShop], Running]) -> Running:
    home.shop.write(
        lambda tx: update_merchant(
            tx, vendor_id=int(SELLER), publishable_key=PUBLISHED, gateway="sandbox", name="Tango"
        )
    )
    return start(home)


def refusal(answer: Any) -> tuple[str, str]:
    assert answer["response"] is None
    assert answer["exception"]["exception"] is False
    return answer["exception"]["errorCode"], answer["exception"]["errorMsg"]


def test_a_sealed_card_becomes_a_token_good_once(service: Running) -> None:
    answer = ask_token(service)
    assert answer["exception"] is None
    shown = answer["response"]
    assert shown["type"] == "TokenResponse"
    assert shown["paymentMethod"] == {
        "cardNum": "XXXX-XXXX-XXXX-0002", "expMonth": "10", "expYear": "2030", "cardType": "VS",
    }  # fmt: skip
    assert shown["token"]["dateCreated"] == int(NOW.timestamp()) * 1000
    token = shown["token"]["token"]
    plain = b64decode(token).decode()
    assert str(UUID(plain)) == plain
    shop = service.home.shop
    assert shop.write(lambda tx: use_token(tx, token, secret=SECRET)).method == "sbx-approved"
    with pytest.raises(TokenRefused):
        shop.write(lambda tx: use_token(tx, token, secret=SECRET))
    assert shop.read(lambda tx: find_token(tx, token, secret=SECRET)) is not None


def test_the_answer_is_a_call_when_a_script_asks(service: Running) -> None:
    payload = {"sellerId": SELLER, "publicKey": b64encode(PUBLISHED.encode()).decode(), "userPref": ""}
    text = msgspec.json.encode(payload).decode()
    answer = service.ask(
        f"/checkout/api/1/{SELLER}/rs/preTokenService",
        key=None,
        params={"payload": text, "callback": "TCO.cb_1"},
    )
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text.startswith("/**/TCO.cb_1({")
    assert answer.headers["access-control-allow-origin"] == "*"
    bad = service.ask(
        f"/checkout/api/1/{SELLER}/rs/preTokenService",
        key=None,
        params={"payload": text, "callback": "alert(1)//"},
    )
    assert bad.status_code == 400
    assert "alert" not in bad.text


def test_a_form_may_ask_too(service: Running) -> None:
    payload = {"sellerId": int(SELLER), "publicKey": b64encode(PUBLISHED.encode()).decode(), "userPref": ""}
    answer = service.client.simulate_post(
        f"/checkout/api/1/{SELLER}/rs/preTokenService",
        params={"payload": msgspec.json.encode(payload).decode()},
    )
    assert answer.json["exception"] is not None, "a post has its payload in the body"
    answer = service.client.simulate_post(
        f"/checkout/api/1/{SELLER}/rs/preTokenService",
        body=f"payload={msgspec.json.encode(payload).decode()}".replace("+", "%2B"),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.json["response"]["type"] == "PreTokenResponse"


@pytest.mark.parametrize(("published", "seller"), [("x", SELLER), (PUBLISHED, "7"), ("", SELLER)])
def test_a_stranger_gets_no_word(service: Running, published: str, seller: str) -> None:
    assert refusal(pre_token(service, published, seller)) == ("300", "Unauthorized")


def test_without_a_published_key_there_is_no_service(service: Running) -> None:
    service.home.shop.write(lambda tx: update_merchant(tx, publishable_key=""))
    assert refusal(pre_token(service, "")) == ("300", "Unauthorized")


@pytest.mark.parametrize(
    "inside",
    [{"pubAccessKey": "other"}, {"preToken": "AAAA"}, {"preToken": 5}, {"preToken": "ä"}, {"pubAccessKey": None}],
)  # fmt: skip
def test_the_sealed_words_are_checked(service: Running, inside: Any) -> None:
    assert refusal(ask_token(service, **inside)) == ("300", "Unauthorized")


def test_a_word_ages(service: Running) -> None:
    first = pre_token(service)["response"]["preToken"]
    later = NOW.replace(hour=12, minute=31)
    service.home.shop.system = lambda: later
    assert refusal(ask_token(service, preToken=first))[0] == "300"


@pytest.mark.parametrize(
    "payload",
    [
        "", "{", "[]", "null", '{"sellerId":"1817037"}', '{"sellerId":"9","publicKey":""}', "[" * 5000,
        '{"sellerId":"1817037","publicKey":"%%%"}', '{"sellerId":"1817037","paymentMethod":"!"}',
        '{"sellerId":"1817037","paymentMethod":"AAAA","publicKey":7.5}', "x" * 9000, '{"sellerId":true}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["preTokenService", "tokenService"])
def test_what_cannot_be_read_is_said_so(service: Running, name: str, payload: str) -> None:
    assert refusal(call(service, name, payload).json) == ("400", "Bad request - parameter error")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cardNum": "4000000000000003"}, "Card number is no card number"),
        ({"cardNum": "abc"}, "Card number is no card number"),
        ({"expYear": "2019"}, "Card expiry_year is past: the card has expired"),
        ({"expMonth": "13"}, "Card expiry_month must be between 1 and 12"),
        ({"cvv": "12345"}, "Card security_code is no security code of this card"),
    ],
)
def test_a_card_that_cannot_be_one_is_refused(service: Running, change: Any, said: str) -> None:
    assert refusal(ask_token(service, CARD | change)) == ("900", said)


def test_a_seller_who_takes_no_cards_says_so(service: Running) -> None:
    service.home.shop.write(lambda tx: update_merchant(tx, gateway="manual"))
    assert refusal(ask_token(service)) == ("900", "Card payments are not available")


def test_another_installations_key_opens_nothing(service: Running) -> None:
    first = pre_token(service)["response"]["preToken"]
    whole = {"paymentMethod": CARD, "pubAccessKey": PUBLISHED, "preToken": first}
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    once = b64encode(other.encrypt(msgspec.json.encode(whole), padding.PKCS1v15()))
    payload = {"sellerId": SELLER, "paymentMethod": b64encode(once).decode()}
    assert refusal(call(service, "tokenService", payload).json)[0] in {"300", "400"}


def test_the_key_is_kept_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "card-token.key"
    first = TokenKey(path)
    assert first.public == TokenKey(path).public
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert TokenKey().public != first.public


@WITH_NODE
@pytest.mark.parametrize("path", ["/checkout/api/2co.min.js", "/static/checkout/javascript/direct.min.js"])
def test_the_scripts_are_served_and_whole(service: Running, path: str) -> None:
    answer = service.ask(path, key=None)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/javascript")
    done = subprocess.run(
        ["node", "--check", "-"], input=answer.text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


BROWSER = r"""
const asked = [];
globalThis.window = globalThis;
globalThis.location = { origin: "http://shop.example", href: "http://shop.example/" };
const server = JSON.parse(process.argv[2]);
globalThis.document = {
  currentScript: { src: "http://pay.example/checkout/api/2co.min.js" },
  createElement: () => ({ remove() {} }),
  getElementById: () => null,
  head: { appendChild(script) {
    const url = new URL(script.src);
    if (url.origin !== "http://pay.example") throw new Error("asks " + url.origin);
    if (url.pathname.includes("/publickey/")) { globalThis.publicKey = server.key; script.onload(); return; }
    asked.push([url.pathname, url.searchParams.get("payload")]);
    const answer = url.pathname.endsWith("preTokenService") ? server.first : server.second;
    globalThis[url.searchParams.get("callback")](answer);
    script.onload();
  } },
};
require(process.argv[3]);
TCO.loadPubKey("production", () => TCO.requestToken(
  (data) => console.log(JSON.stringify({ asked, data })),
  (problem) => console.log(JSON.stringify({ asked, problem })),
  { sellerId: "1817037", publishableKey: process.argv[4], ccNo: "4000 0000 0000 0002", cvv: "987",
    expMonth: "10", expYear: "2030" }));
"""


def in_browser(server: Any, tmp_path: Path, script: str) -> Any:
    (tmp_path / "browser.js").write_text(BROWSER)
    (tmp_path / "tco.js").write_text(script)
    done = subprocess.run(
        ["node", tmp_path / "browser.js", msgspec.json.encode(server).decode(), tmp_path / "tco.js", PUBLISHED],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout)


@WITH_NODE
def test_the_script_speaks_the_services_language(service: Running, tmp_path: Path) -> None:
    """What the script sends is what the service takes: it is run, and its own request is served."""
    script = service.ask("/checkout/api/2co.min.js", key=None).text
    line = service.ask("/checkout/api/script/publickey/1", key=None).text
    key = msgspec.json.decode(line.removeprefix("publicKey=").removesuffix(";").replace("'", '"'))
    first = pre_token(service)
    server = {
        "key": key,
        "first": first,
        "second": {"response": {"type": "TokenResponse"}, "exception": None},
    }
    told = in_browser(server, tmp_path, script)
    assert told["data"] == server["second"]
    (one, first_payload), (two, second_payload) = told["asked"]
    assert (one, two) == tuple(
        f"/checkout/api/1/{SELLER}/rs/{name}" for name in ("preTokenService", "tokenService")
    )
    assert call(service, "preTokenService", first_payload).json["response"]["type"] == "PreTokenResponse"
    made = call(service, "tokenService", second_payload).json
    assert made["response"]["paymentMethod"]["cardNum"] == "XXXX-XXXX-XXXX-0002"
    assert NUMBER not in second_payload


@WITH_NODE
def test_the_script_tells_what_the_service_refused(service: Running, tmp_path: Path) -> None:
    script = service.ask("/checkout/api/2co.min.js", key=None).text
    refused = {"response": None, "exception": {"errorMsg": "Unauthorized", "errorCode": "300"}}
    told = in_browser({"key": None, "first": refused}, tmp_path, script)
    assert told["problem"] == {"errorCode": 200, "errorMsg": "Unable to process the request"}
    told = in_browser({"key": {"m": "AA==", "e": "AA=="}, "first": refused}, tmp_path, script)
    assert told["problem"] == {"errorCode": 300, "errorMsg": "Unauthorized"}
