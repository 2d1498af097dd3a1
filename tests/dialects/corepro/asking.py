"""Sends one exchange of a case as a client with a key and a secret would."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.dialects.cases import unrolled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import Answer

JSON_TYPE = "application/json; charset=utf-8"
COREDNA_KEY = "youruniqueapikey"
# An exchange that asks nobody: something is done to the shop, as by its clock.
DOING = "DO"


@dataclass(frozen=True)
class User:
    """A key with its secret, of every world."""

    key: str
    secret: str
    may_update: bool = True
    is_revoked: bool = False
    networks: tuple[str, ...] = ()


USERS = {
    "updating": User("example1", "example1"),
    "reading": User("reader1", "reader1secret", may_update=False),
    "revoked": User("former1", "former1secret", is_revoked=True),
    "elsewhere": User("office1", "office1secret", networks=("10.0.0.0/8",)),
    "colon": User("coloned1", "with:colon:s"),
    "umlaut": User("händler", "schlüssel für alles"),
}


def credentials(name: str) -> str:
    """The header that says one of the users."""
    user = USERS[name]
    return f"Basic {b64encode(f'{user.key}:{user.secret}'.encode()).decode()}"


def ask(wire: BankWire, exchange: Mapping[str, Any]) -> Answer | None:
    """Sends the request of an exchange; None when nobody was asked."""
    method, path = exchange["ask"].split(" ", 1)
    if method == DOING:
        name, _, argument = path.partition(" ")
        wire.do(name, argument)
        return None
    headers = dict(exchange.get("headers", {}))
    if "accept" in exchange:
        headers["Accept"] = exchange["accept"]
    user = exchange.get("user", "updating")
    if user != "none" and "Authorization" not in headers:
        headers["Authorization"] = credentials(user)
    body, kind = body_of(exchange)
    return wire.request(
        method, unrolled(path), headers=headers, key="none", raw=body,
        content_type=exchange.get("content_type", kind),
    )  # fmt: skip


def body_of(exchange: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """The body with the label that goes with it."""
    if "json" in exchange:
        return json.dumps(rolled_out(exchange["json"])).encode(), JSON_TYPE
    if "raw" in exchange:
        return unrolled(exchange["raw"]).encode(), JSON_TYPE
    if "raw_bytes" in exchange:
        return exchange["raw_bytes"].encode("latin-1"), JSON_TYPE
    return None, JSON_TYPE


def rolled_out(value: Any) -> Any:
    """The value with `{x*3}` written out in every text."""
    if isinstance(value, dict):
        return {key: rolled_out(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rolled_out(each) for each in value]
    return unrolled(value) if isinstance(value, str) else value
