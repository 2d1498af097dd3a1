"""How 2Checkout speaks: Basic with the realm `2CO API`, one document in XML, JSON or XOXO (reference 1)."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.edge import Reply, Request
from comptoir.dialects.negotiation import TWOCHECKOUT, preferred_format
from comptoir.dialects.render import to_ascii_json, to_response_xml
from comptoir.dialects.twocheckout.fields import read_fields
from comptoir.dialects.twocheckout.refusals import said
from comptoir.dialects.twocheckout.xoxo import to_xoxo
from comptoir.domain.identity.answers import Answer

WRITTEN = {
    "xml": ("application/xml; charset=utf-8", to_response_xml),
    "json": ("application/json; charset=utf-8", to_ascii_json),
    "xoxo": ("text/html; charset=utf-8", to_xoxo),
}


class TwocheckoutManners:
    """What this dialect decides about every request."""

    name = "twocheckout"
    opened_by: frozenset[str] | None = frozenset({"twocheckout"})

    def __init__(self, limits: BodyLimits) -> None:
        self.limits = limits

    def number(self) -> int:
        """Requests have no numbers here."""
        return 0

    def key_of(self, headers: Mapping[str, str]) -> str | None:
        """User name and password in one, as their hash is kept (reference 1.2)."""
        scheme, _, value = headers.get("authorization", "").strip().partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            credentials = b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            return None
        try:
            key = credentials.decode()
        except UnicodeDecodeError:
            key = credentials.decode("latin-1")
        return key if key.partition(":")[0] else None

    def parsed(self, content_type: str | None, body: bytes) -> dict[str, Any]:  # noqa: ARG002
        """The fields of a body. Its label is not believed: clients put a wrong one on, or none (reference 1.4)."""
        return read_fields(body, self.limits)

    def answer(self, request: Request, reply: Reply, started: float) -> Answer:  # noqa: ARG002
        """The document as it is."""
        return self._written(request, reply.status, reply.data)

    def refuse(self, request: Request, error: Exception, started: float) -> Answer:  # noqa: ARG002
        """The refusal's elements; the first one's code and message also stand where a success has them."""
        status, errors = said(error)
        first = errors[0]
        document = {"errors": errors, "response_code": first["code"], "response_message": first["message"]}
        return self._written(request, status, document)

    def challenge(self) -> dict[str, str]:
        """Several clients send their credentials after this only, and one for this realm only."""
        return {"WWW-Authenticate": 'Basic realm="2CO API"'}

    def _written(self, request: Request, status: int, document: Mapping[str, Any]) -> Answer:
        form = preferred_format(request.headers.get("accept"), TWOCHECKOUT)
        content_type, write = WRITTEN[form]
        return Answer(status, content_type, write(document))
