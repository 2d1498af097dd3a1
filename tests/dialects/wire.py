"""What a test of a dialect needs: a client that speaks it, and a world to speak about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

KEY = "youruniqueapikey"
NO_KEY = "none"


class Headers(Protocol):
    """The headers of an answer; their names are read without regard to case."""

    def get(self, name: str, default: str = "", /) -> str | None: ...


class Answer(Protocol):
    """What came back over the wire, unread."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Headers: ...
    @property
    def body(self) -> bytes: ...


class Wire(Protocol):
    """A client of one running shop.

    At most one of form (sent urlencoded), multipart, json and raw is given. An empty content type means that
    the header is not sent; a path is sent as it stands, percent signs and query string included.
    """

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        key: str = KEY,
        auth: str = "bearer",
        form: Mapping[str, str] | None = None,
        multipart: Sequence[tuple[str, str]] | None = None,
        json: Any = None,
        raw: bytes | None = None,
        content_type: str | None = None,
    ) -> Answer: ...


class World(Protocol):
    """Puts the shop behind the wire into a named state, as if nothing had happened in it yet."""

    def __call__(self, name: str, /) -> None: ...
