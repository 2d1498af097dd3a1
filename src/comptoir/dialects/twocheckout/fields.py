"""The fields of a request as its clients send them: encoded, unencoded, multipart, mislabelled (reference 1.4)."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from multipart import MultipartError  # type: ignore[import-untyped]  # ships no types

from comptoir.dialects.bodies import BOM, SNIFFED_BYTES, BodyLimits, BodyRefused, read_body, segments

# Every value of every name, in the order they were sent; None for a name without `=`.
Fields: TypeAlias = dict[str, tuple[str | None, ...]]

# What a client that encodes its values leaves out of them: such a form was put together as it stands.
_UNENCODED = re.compile(rb"[\x00-\x20\x7f-\xff\"<>\\^`{|}@:/]")
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_BOUNDARY = re.compile(rb"--([^\r\n]{1,200}?)(--)?[ \t]*(\r\n|$)")


def read_fields(body: bytes, limits: BodyLimits) -> Fields:
    """The fields of a body, whatever its label says of it. Refuses: BodyRefused."""
    if len(body) > limits.max_bytes:
        raise BodyRefused(f"is larger than {limits.max_bytes} bytes")
    body = body.removeprefix(BOM)
    if not body or body.isspace():
        return {}
    if body.startswith(b"--") and (boundary := _BOUNDARY.match(body)):
        return _multipart(body, boundary[1].decode("latin-1"), limits)
    if body[:SNIFFED_BYTES].lstrip().startswith(b"{"):
        return _members(read_body("application/json", body, limits=limits))
    return _form(body.strip(b"\r\n"), limits)


def query_fields(query: str, limits: BodyLimits) -> Fields:
    """The fields of a query; here a plus sign is always a blank. Refuses: BodyRefused."""
    if not query:
        return {}
    return _pairs(query.encode("latin-1", "replace"), limits, plus_is_blank=True)


def merged(query: Fields, body: Fields) -> Fields:
    """The fields of both; where they name the same, the body wins."""
    return query | body


def _form(body: bytes, limits: BodyLimits) -> Fields:
    if _UNENCODED.search(body) and not _ESCAPE.search(body):
        return _gathered(_split(body, limits), limits)
    return _pairs(body, limits, plus_is_blank=b" " not in body)


def _pairs(form: bytes, limits: BodyLimits, *, plus_is_blank: bool) -> Fields:
    if plus_is_blank:
        form = form.replace(b"+", b" ")
    return _gathered(
        (
            (unquote_to_bytes(name), None if value is None else unquote_to_bytes(value))
            for name, value in _split(form, limits)
        ),
        limits,
    )


def _split(form: bytes, limits: BodyLimits) -> list[tuple[bytes, bytes | None]]:
    if form.count(b"&") >= limits.max_fields:
        raise BodyRefused(f"holds more than {limits.max_fields} fields")
    pairs = []
    for pair in form.split(b"&"):
        name, sign, value = pair.partition(b"=")
        pairs.append((name, value if sign else None))
    return pairs


def _gathered(pairs: Iterable[tuple[bytes, bytes | None]], limits: BodyLimits) -> Fields:
    found: Fields = {}
    for name, value in pairs:
        if len(name) > limits.max_name_bytes:
            raise BodyRefused(f"has a field name longer than {limits.max_name_bytes} bytes")
        if name:
            key = name.decode("utf-8", "surrogateescape")
            found[key] = (*found.get(key, ()), _text(value))
    return found


def _text(raw: bytes | None) -> str | None:
    """Bytes that are no text are kept as such; who asks for the value refuses it, and nobody else."""
    return None if raw is None else raw.decode("utf-8", "surrogateescape")


def _multipart(body: bytes, boundary: str, limits: BodyLimits) -> Fields:
    if body.startswith(f"--{boundary}--".encode("latin-1")):
        return {}
    try:
        parts = [
            (head.name.encode("utf-8", "surrogateescape"), content)
            for head, content in segments(body, boundary, limits)
            if head.filename is None
        ]
    except MultipartError as problem:
        raise BodyRefused(f"cannot be read as multipart: {problem.args[0]}") from problem
    return _gathered(parts, limits)


def _members(members: dict[str, Any]) -> Fields:
    """A JSON object's members: no client of this API means to send one, but some say so and do."""
    return {
        name: tuple(_scalar(each) for each in (member if isinstance(member, list) else [member]))
        for name, member in members.items()
    }


def _scalar(value: Any) -> str | None:
    if isinstance(value, dict | list):
        raise BodyRefused("holds an object or a list in a list where a text is meant")
    if isinstance(value, bool):
        return "1" if value else "0"
    return None if value is None else str(value)
