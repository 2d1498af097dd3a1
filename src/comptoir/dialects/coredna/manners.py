"""How Core dna speaks: Bearer or Basic keys, an envelope with `transaction_id` and `time`, JSON or XML."""

import binascii
import threading
from base64 import b64decode
from collections.abc import Mapping
from time import perf_counter
from typing import Any, Protocol

from comptoir.dialects.bodies import BodyLimits, read_body
from comptoir.dialects.coredna.refusals import said
from comptoir.dialects.edge import Reply, Request
from comptoir.dialects.negotiation import COREDNA, preferred_format
from comptoir.dialects.render import to_json, to_xml
from comptoir.domain.identity.answers import Answer
from comptoir.domain.tx import OpenShop

# Numbers are taken from the database in blocks, so that no reading request has to write.
NUMBER_BLOCK = 1000
CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "application/xml; charset=utf-8"}


class TransactionNumbers:
    """Request numbers that rise and never come twice, also after a restart (reference 1.4)."""

    def __init__(self, shop: OpenShop) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._next = 0
        self._end = 0

    def next(self) -> int:
        """The next number."""
        with self._lock:
            if self._next == self._end:
                self._next = self._shop.write(lambda tx: tx.ids.next("request", NUMBER_BLOCK))
                self._end = self._next + NUMBER_BLOCK
            number = self._next
            self._next += 1
            return number


class Numbers(Protocol):
    """Where the numbers of requests come from."""

    def next(self) -> int:
        """The next number."""


class CorednaManners:
    """What this dialect decides about every request."""

    name = "coredna"
    opened_by: frozenset[str] | None = frozenset({"coredna"})

    def __init__(self, numbers: Numbers, limits: BodyLimits) -> None:
        self.limits = limits
        self._numbers = numbers

    def number(self) -> int:
        """The `transaction_id` of the next answer."""
        return self._numbers.next()

    def key_of(self, headers: Mapping[str, str]) -> str | None:
        """The key in `Authorization: Bearer`, or the user name of Basic (reference 1.2)."""
        scheme, _, value = headers.get("authorization", "").strip().partition(" ")
        value = value.strip()
        match scheme.lower():
            case "bearer":
                return value or None
            case "basic":
                try:
                    name = b64decode(value, validate=True).decode().partition(":")[0]
                except (binascii.Error, UnicodeDecodeError, ValueError):
                    return None
                return name or None
            case _:
                return None

    def parsed(self, content_type: str | None, body: bytes) -> dict[str, Any]:
        """A body of any kind as one nested dict (reference 1.7)."""
        return read_body(content_type, body, limits=self.limits)

    def answer(self, request: Request, reply: Reply, started: float) -> Answer:
        """Wrap the data."""
        return self._wrapped(request, reply.status, "data", reply.data, started)

    def refuse(self, request: Request, error: Exception, started: float) -> Answer:
        """Say the refusal."""
        status, sentence = said(error, request.path)
        return self._wrapped(request, status, "error", sentence, started)

    def challenge(self) -> dict[str, str]:
        """A browser shows its login box (reference 1.2)."""
        return {"WWW-Authenticate": 'Basic realm="Core dna API", charset="UTF-8"'}

    def _wrapped(self, request: Request, status: int, key: str, value: Any, started: float) -> Answer:
        form = preferred_format(request.headers.get("accept"), COREDNA)
        members = {
            key: value,
            "transaction_id": request.number,
            "time": f"{max(1, round((perf_counter() - started) * 1000))}ms",
        }
        body = to_xml(members) if form == "xml" else to_json(members)
        return Answer(status, CONTENT_TYPES[form], body)
