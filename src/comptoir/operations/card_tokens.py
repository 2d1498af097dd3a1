"""The card token service and its scripts as resources: open to every browser, on whatever site it is."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import falcon

from comptoir.dialects.bodies import BodyLimits, BodyRefused
from comptoir.dialects.edge import ServedShop
from comptoir.dialects.twocheckout import tokens
from comptoir.dialects.twocheckout.fields import Fields, query_fields, read_fields
from comptoir.documentation import Sheet
from comptoir.domain.identity.answers import Answer
from comptoir.operations.access import named

Call = Callable[[Sequence[ServedShop], tokens.Asked], Answer]
LIMITS = BodyLimits(max_bytes=4 * tokens.PAYLOAD_BYTES_MAX, max_fields=20)
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
}
SCRIPTS = {
    "/checkout/api/2co.min.js": "2co.min.js",
    "/static/checkout/javascript/direct.min.js": "direct.min.js",
}


class PublicKey:
    """The key that cards are sealed with."""

    def __init__(self, shops: Sequence[ServedShop]) -> None:
        self._shops = shops

    def on_get(self, req: falcon.Request, resp: falcon.Response, **_when: str) -> None:
        """Answer with a line of script; all shops of an installation have the same key."""
        named(req.env, "twocheckout", "tokens.publickey")
        say(resp, tokens.public_key(self._shops[0].token_key))


class TokenCall:
    """One call of the service, asked by a script tag or by a form."""

    def __init__(self, shops: Sequence[ServedShop], name: str, call: Call) -> None:
        self._shops = shops
        self._name = name
        self._call = call

    def on_get(self, req: falcon.Request, resp: falcon.Response, seller: str) -> None:
        """Answer what stands in the query."""
        self._answer(req, resp, seller, lambda: query_fields(req.query_string, LIMITS))

    def on_post(self, req: falcon.Request, resp: falcon.Response, seller: str) -> None:
        """Answer what stands in the body."""
        self._answer(req, resp, seller, lambda: read_fields(_body(req), LIMITS))

    def _answer(
        self, req: falcon.Request, resp: falcon.Response, seller: str, read: Callable[[], Fields]
    ) -> None:
        named(req.env, "twocheckout", f"tokens.{self._name}")
        try:
            fields = read()
        except BodyRefused:
            fields = {}
        payload, callback = (_last(fields, name) for name in ("payload", "callback"))
        say(resp, self._call(self._shops, tokens.Asked(seller, payload, callback)))


def add_card_tokens(app: falcon.App[Any, Any], shops: Sequence[ServedShop]) -> None:
    """Serve the token service and the scripts that ask it."""
    key = PublicKey(shops)
    app.add_route("/checkout/api/script/publickey", key)
    app.add_route("/checkout/api/script/publickey/{when}", key)
    for name, call in (("preTokenService", tokens.pre_token), ("tokenService", tokens.token)):
        app.add_route(f"/checkout/api/1/{{seller}}/rs/{name}", TokenCall(shops, name, call))
    folder = files("comptoir.dialects.twocheckout") / "scripts"
    for path, name in SCRIPTS.items():
        app.add_route(path, Sheet(tokens.SCRIPT, (folder / name).read_bytes))


def say(resp: falcon.Response, answer: Answer) -> None:
    """An answer that any site may read and nobody may keep."""
    resp.status = answer.status
    resp.content_type = answer.content_type
    resp.data = answer.body
    for name, value in HEADERS.items():
        resp.set_header(name, value)


def _body(req: falcon.Request) -> bytes:
    """Refuses: BodyRefused."""
    body: bytes = req.bounded_stream.read(LIMITS.max_bytes + 1)
    return body


def _last(fields: Fields, name: str) -> str:
    value = fields.get(name, ("",))[-1] or ""
    return value.encode("utf-8", "replace").decode()
