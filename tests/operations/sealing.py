"""A buyer's browser that seals cards, for tests of the token service."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import padding, rsa

if TYPE_CHECKING:
    from tests.operations.conftest import Running

SELLER, PUBLISHED = "1817037", "3508079E-5383-44D4-BF69-DC619C0D9811"
NUMBER, CODE = "4000000000000002", "987"
CARD = {"cardNum": NUMBER, "expMonth": "10", "expYear": "2030", "cvv": CODE, "cardType": "CC"}


def call(service: Running, name: str, payload: Any, *, seller: str = SELLER, **more: Any) -> Any:
    text = payload if isinstance(payload, str) else msgspec.json.encode(payload).decode()
    return service.ask(
        f"/checkout/api/1/{seller}/rs/{name}", key=None, params={"payload": text}, **more
    )  # fmt: skip


def pre_token(service: Running, published: str = PUBLISHED, seller: str = SELLER) -> Any:
    payload = {"sellerId": seller, "publicKey": b64encode(published.encode()).decode(), "userPref": ""}
    return call(service, "preTokenService", payload, seller=seller).json


def public_key(service: Running) -> rsa.RSAPublicKey:
    text = service.ask("/checkout/api/script/publickey/1416000000000", key=None).text
    found = re.fullmatch(r"publicKey=\{'m':'([^']+)','e':'([^']+)'\};", text)
    assert found is not None
    modulus, exponent = (int.from_bytes(b64decode(one), "big") for one in found.groups())
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def sealed(service: Running, inside: Any) -> str:
    text = msgspec.json.encode(inside)
    once = b64encode(public_key(service).encrypt(text, padding.PKCS1v15()))
    return b64encode(once).decode()


def ask_token(service: Running, card: Any = CARD, **inside: Any) -> Any:
    first = pre_token(service)["response"]["preToken"]
    whole = {"paymentMethod": card, "pubAccessKey": PUBLISHED, "preToken": first} | inside
    payload = {"sellerId": SELLER, "paymentMethod": sealed(service, whole)}
    return call(service, "tokenService", payload).json
