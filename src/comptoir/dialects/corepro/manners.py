"""How CorePro speaks: Basic with key and secret, one envelope, always JSON (reference 1)."""

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.corepro.bodies import read_members
from comptoir.dialects.corepro.paths import Way
from comptoir.dialects.corepro.refusals import COMMON, Element, Refusals, said
from comptoir.dialects.corepro.replies import Failed, RawFile, without_nothing
from comptoir.dialects.edge import Reply, Request
from comptoir.domain.identity.answers import Answer

CONTENT_TYPE = "application/json; charset=utf-8"
# A document of 10 MB in base64, with line breaks and the rest of its body.
UPLOAD_BYTES = 15_000_000
# Amounts are numbers with their two decimals; no float is made of them on the way.
_JSON = msgspec.json.Encoder(decimal_format="number", order="sorted")


class CoreproManners:
    """What this dialect decides about every request."""

    name = "corepro"
    opened_by: frozenset[str] | None = frozenset({"corepro"})

    def __init__(self, limits: BodyLimits, refusals: Refusals = COMMON) -> None:
        self.limits = replace(limits, max_bytes=max(limits.max_bytes, UPLOAD_BYTES))
        self._refusals = refusals

    def number(self) -> int:
        """Requests have no numbers here."""
        return 0

    def key_of(self, headers: Mapping[str, str]) -> str | None:
        """Key and secret in one, as their hash is kept (reference 1.2)."""
        scheme, _, value = headers.get("authorization", "").strip().partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            key = b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return None
        return key if key.partition(":")[0] else None

    def parsed(self, content_type: str | None, body: bytes) -> dict[str, Any]:  # noqa: ARG002
        """The members of a body by their names in lower case; its label is not believed (reference 1.8)."""
        return read_members(body, self.limits)

    def answer(self, request: Request, reply: Reply, started: float) -> Answer:  # noqa: ARG002
        """The envelope around the data."""
        if isinstance(reply.data, Failed):
            return _wrapped(request, reply.status, None, reply.data.errors)
        if isinstance(reply.data, RawFile):
            return Answer(int(reply.status), reply.data.content_type, reply.data.content)
        return _wrapped(request, reply.status, reply.data, ())

    def refuse(self, request: Request, error: Exception, started: float) -> Answer:  # noqa: ARG002
        """The envelope around the refusals."""
        status, elements = said(error, self._refusals)
        return _wrapped(request, status, None, elements)

    def challenge(self) -> dict[str, str]:
        """A browser shows its login box (reference 1.2)."""
        return {"WWW-Authenticate": 'Basic realm="CorePro"'}


def _wrapped(request: Request, status: int, data: Any, errors: Sequence[Element]) -> Answer:
    envelope: dict[str, Any] = {
        "errors": [error._asdict() for error in errors],
        "requestId": request.request_id,
        "status": int(status),
    }
    if data is not None:
        assert isinstance(data, Mapping | list), "data is an object or a list, never bare (1.4)"
        envelope["data"] = without_nothing(data)
    way = request.own
    if isinstance(way, Way) and way.throttle is not None and way.throttle.is_told:
        envelope["throttle"] = way.throttle.shown()
    return Answer(int(status), CONTENT_TYPE, _JSON.encode(envelope))
