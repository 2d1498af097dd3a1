"""Request bodies of every kind that clients send, read as one nested dict (Core dna reference 1.7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote

import msgspec
from multipart import (  # type: ignore[import-untyped]  # ships no types; annotated where received
    MultipartError,
    PushMultipartParser,
    parse_options_header,
)

from comptoir.dialects.bracketed import NamesConflict, Tree, path_of

BOM = b"\xef\xbb\xbf"
JSON_TYPES = frozenset({"application/json", "application/x-json", "text/json"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "application/x-url-encoded"})
MULTIPART = "multipart/form-data"
CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
}
# How bytes that are text already may have been wrapped for mail; all others would need unwrapping.
PLAIN_TRANSFERS = frozenset({"7bit", "8bit", "binary"})
NUMBER_DIGITS_MAX = 1000
SNIFFED_BYTES = 512

# JSON holds no `=` outside its strings, so a body that begins like this is a form whatever its label says.
_FORM_START = re.compile(rb'\s*[A-Za-z_%][^\s{}"=&]*=')


class BodyRefused(ValueError):
    """The body cannot be read; the text says why, and goes on after the word "body"."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much of a body is read before it is refused."""

    max_bytes: int = 2_000_000
    max_fields: int = 1000
    max_depth: int = 10
    max_name_bytes: int = 256


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent as a part of a multipart body."""

    filename: str
    content_type: str | None
    content: bytes


def read_body(content_type: str | None, body: bytes, *, limits: BodyLimits) -> dict[str, object]:
    """The members of a body by name.

    Leaves are text (forms), JSON scalars with `Decimal` for what is not an integer, or an `Upload`. Spaces
    and dots in names are kept. Refuses with `BodyRefused` only.
    """
    if len(body) > limits.max_bytes:
        raise BodyRefused(f"is larger than {limits.max_bytes} bytes")
    body = body.removeprefix(BOM)
    if not body or body.isspace():
        return {}
    media_type, options = parse_options_header(content_type or "")
    try:
        if looks_like_json(media_type, body):
            return _read_json(_utf8(body, _charset(options)), limits)
        if media_type == MULTIPART:
            return _read_multipart(body, options, limits)
        return _read_urlencoded(body, _charset(options), limits)
    except NamesConflict as conflict:
        raise BodyRefused(str(conflict)) from conflict


def looks_like_json(media_type: str, body: bytes) -> bool:
    """Whether the body is to be read as JSON; refuses media types that are never read.

    A JSON text handed to curl without a header is labelled as a form, and some clients label every
    request as JSON, so the first characters decide where they leave no doubt (Core dna reference 1.7, 5).
    """
    if media_type in JSON_TYPES or media_type.endswith("+json"):
        return not _FORM_START.match(body)
    if "/" in media_type and media_type not in FORM_TYPES and media_type != MULTIPART:
        raise BodyRefused(
            f"has the media type {media_type[:80]}, which is not read here; send JSON, a form or multipart"
        )
    return body[:SNIFFED_BYTES].lstrip().startswith(b"{")


# ------------------------------------------------------------------------------------------- charset


def _charset(options: dict[str, str]) -> str:
    named = options.get("charset")
    if named is None:
        return "utf-8"
    charset = CHARSETS.get(named.lower())
    if charset is None:
        raise BodyRefused(f"has the charset {named[:40]}, which is not read here; send UTF-8")
    return charset


def _text(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as problem:
        raise _not_text(charset) from problem


def _not_text(charset: str) -> BodyRefused:
    return BodyRefused(f"is not valid {'US-ASCII' if charset == 'ascii' else 'UTF-8'} text")


def _utf8(body: bytes, charset: str) -> bytes:
    return body if charset == "utf-8" else _text(body, charset).encode()


def _check_name(name: str, limits: BodyLimits) -> None:
    # A character takes at most four bytes, so most names need no encoding to be measured.
    if len(name) * 4 > limits.max_name_bytes and len(name.encode()) > limits.max_name_bytes:
        raise BodyRefused(f"has a field name longer than {limits.max_name_bytes} bytes")
    if "\0" in name:
        raise BodyRefused("has a field name with a NUL character")


# ---------------------------------------------------------------------------------------------- JSON


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > NUMBER_DIGITS_MAX or abs(number.adjusted()) > NUMBER_DIGITS_MAX:
        raise BodyRefused("holds a number that is too long")
    return number


_JSON = msgspec.json.Decoder(float_hook=_number)


def _read_json(body: bytes, limits: BodyLimits) -> dict[str, object]:
    try:
        members = _JSON.decode(body)
    except BodyRefused:
        raise
    except RecursionError as problem:
        raise _too_deep(limits) from problem
    except UnicodeDecodeError as problem:
        raise _not_text("utf-8") from problem
    except (msgspec.MsgspecError, InvalidOperation) as problem:
        raise BodyRefused(_json_problem(problem)) from problem
    if not isinstance(members, dict):
        raise BodyRefused("must be a JSON object at its top level")
    _walk(members, limits, depth=0, left=limits.max_fields)
    if any("[" in name for name in members):
        return _with_brackets_expanded(members, limits)
    return members


def _json_problem(problem: Exception) -> str:
    if isinstance(problem, msgspec.ValidationError | InvalidOperation):
        return "holds a number that is too long"
    return f"is not JSON: {str(problem).removeprefix('JSON is malformed: ')}"


def _walk(value: object, limits: BodyLimits, *, depth: int, left: int) -> int:
    """Check what the decoder does not, and say how many more fields may come."""
    if isinstance(value, str) and "\0" in value:
        raise BodyRefused("holds a value with a NUL character")
    if not isinstance(value, dict | list):
        return left
    left -= len(value)
    if left < 0:
        raise _too_many(limits)
    if depth >= limits.max_depth:
        raise _too_deep(limits)
    if isinstance(value, dict):
        for name in value:
            _check_name(name, limits)
    for member in value.values() if isinstance(value, dict) else value:
        left = _walk(member, limits, depth=depth + 1, left=left)
    return left


def _with_brackets_expanded(members: dict[str, object], limits: BodyLimits) -> dict[str, object]:
    """Members whose keys were written as in a form, `{"available[quantity]": 5}`, moved to their places.

    Only keys of the top level are names of fields; deeper ones may be anybody's text and stay as they are.
    """
    tree = Tree()
    for name, member in members.items():
        tree.merge(name, _path(name, limits), member)
    # What was merged may be deeper than each of its parts.
    _walk(tree.root, limits, depth=0, left=limits.max_fields)
    return tree.finished()


# --------------------------------------------------------------------------------------------- forms


def _read_urlencoded(body: bytes, charset: str, limits: BodyLimits) -> dict[str, object]:
    if body.startswith(b"--") and b"form-data;" in body[:SNIFFED_BYTES]:
        raise BodyRefused("is multipart, but its Content-Type is not multipart/form-data with a boundary")
    if body.count(b"&") >= limits.max_fields:
        raise _too_many(limits)
    tree = Tree()
    for pair in _text(body, charset).split("&"):
        name, _, value = pair.partition("=")
        _put(tree, _unquoted(name, charset), _unquoted(value, charset), limits)
    return tree.finished()


def _unquoted(text: str, charset: str) -> str:
    try:
        return unquote(text.replace("+", " "), charset, "strict")
    except UnicodeDecodeError as problem:
        raise _not_text(charset) from problem


def _read_multipart(body: bytes, options: dict[str, str], limits: BodyLimits) -> dict[str, object]:
    boundary = options.get("boundary")
    if not boundary or not boundary.isascii():
        raise BodyRefused("is multipart/form-data, but its Content-Type names no boundary")
    charset = _charset(options)
    delimiter = f"--{boundary}--".encode()
    tree = Tree()
    try:
        for segment, content in segments(body, boundary, limits):
            _put_segment(tree, segment, content, charset, limits)
    except MultipartError as problem:
        raise BodyRefused(f"cannot be read as multipart: {problem.args[0]}") from problem
    end = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    if body[end + len(delimiter) :].strip():
        raise BodyRefused("goes on after its last multipart boundary")
    return tree.finished()


def segments(body: bytes, boundary: str, limits: BodyLimits) -> Iterator[tuple[PushMultipartParser, bytes]]:
    """Each part's head and its content."""
    head = None
    chunks: list[bytes] = []
    with PushMultipartParser(
        boundary, content_length=len(body), max_segment_count=limits.max_fields, strict=True
    ) as parser:
        for event in parser.parse(body):
            if event is None:
                yield head, b"".join(chunks)
            elif isinstance(event, bytes | bytearray):
                chunks.append(bytes(event))
            else:
                head, chunks = event, []


def _put_segment(
    tree: Tree, segment: PushMultipartParser, content: bytes, charset: str, limits: BodyLimits
) -> None:
    name: str = segment.name
    if len(segment.headerlist) > 1:
        wrapping = segment.header("Content-Transfer-Encoding", "binary")
        if wrapping.strip().lower() not in PLAIN_TRANSFERS:
            raise BodyRefused(f"has the part {name[:80]} wrapped as {wrapping[:40]}, which is not read here")
    if segment.filename is None:
        if segment.charset is not None:
            charset = _charset({"charset": segment.charset})
        _put(tree, name, _text(content, charset), limits)
    elif segment.filename or content:
        _put(tree, name, Upload(segment.filename, segment.content_type, content), limits)
    # What is left is a file slot that a browser sends for a file that nobody chose.


def _put(tree: Tree, name: str, value: str | Upload, limits: BodyLimits) -> None:
    """Hang one field of a form into the tree; PHP leaves out what has no name, and so do we."""
    if not name:
        return
    _check_name(name, limits)
    if "\0" in (value if isinstance(value, str) else value.filename):
        raise BodyRefused(f"holds a NUL character in the value of {name[:80]}")
    tree.put(name, _path(name, limits), value)


def _path(name: str, limits: BodyLimits) -> list[str]:
    path = path_of(name)
    if len(path) > limits.max_depth:
        raise _too_deep(limits)
    return path


# ------------------------------------------------------------------------------------------- refusals


def _too_many(limits: BodyLimits) -> BodyRefused:
    return BodyRefused(f"holds more than {limits.max_fields} fields")


def _too_deep(limits: BodyLimits) -> BodyRefused:
    return BodyRefused(f"is nested more than {limits.max_depth} levels deep")
