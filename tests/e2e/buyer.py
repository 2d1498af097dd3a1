"""A buyer's browser on the vendor's own name: it seals a card and gets a token for it (2Checkout reference 9.1)."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.e2e.documented_shop import PUBLISHED_KEY, SELLER
from tests.e2e.doors import Doors

APPROVED, DECLINED = "4000000000000002", "4333433343334333"


def token_of(doors: Doors, number: str) -> str:
    """The token that the merchant's page is given for a card."""
    published = b64encode(PUBLISHED_KEY.encode()).decode()
    asked = {"sellerId": str(SELLER), "publicKey": published, "userPref": ""}
    first = service(doors, "preTokenService", asked)["preToken"]
    card = {"cardNum": number, "expMonth": "10", "expYear": "2049", "cvv": "987", "cardType": "CC"}
    inside = {"paymentMethod": card, "pubAccessKey": PUBLISHED_KEY, "preToken": first}
    sealed = b64encode(sealing_key(doors).encrypt(json.dumps(inside).encode(), padding.PKCS1v15()))
    payload = {"sellerId": str(SELLER), "paymentMethod": b64encode(sealed).decode()}
    token: str = service(doors, "tokenService", payload)["token"]["token"]
    return token


def service(doors: Doors, name: str, payload: dict[str, str]) -> Any:
    query = urlencode({"payload": json.dumps(payload)})
    answer = doors.ask(f"/checkout/api/1/{SELLER}/rs/{name}?{query}").json()
    assert answer["exception"] is None, answer
    return answer["response"]


def sealing_key(doors: Doors) -> rsa.RSAPublicKey:
    text = doors.ask("/checkout/api/script/publickey/1416000000000").text
    found = re.fullmatch(r"publicKey=\{'m':'([^']+)','e':'([^']+)'\};", text)
    assert found is not None, text
    modulus, exponent = (int.from_bytes(b64decode(one), "big") for one in found.groups())
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()
