"""A dumped document as JSON or XML (Core dna reference 1.4 and 1.5; 2Checkout reference 1.7 and 1.8)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import msgspec

# XML 1.0, production 2: what is no character of a document, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A bare carriage return would be read back as a line feed, so it is written as a reference.
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# XML 1.0, productions 4 and 4a, without the colon, which would claim a namespace.
_NAME_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NOT_IN_NAME = re.compile(f"[^{_NAME_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]")
_STARTS_NAME = re.compile(f"[{_NAME_START}]")

# Decimals are written as text, so that no reader makes a float of an amount.
_JSON = msgspec.json.Encoder(decimal_format="string")
_SORTED_JSON = msgspec.json.Encoder(decimal_format="string", order="sorted")
_NOT_ASCII = re.compile("[^\\x00-\\x7f]")
_ASTRAL = 0x10000


def to_json(value: object) -> bytes:
    """The value as JSON in UTF-8, keys in the order given."""
    try:
        return _JSON.encode(value)
    except UnicodeEncodeError:
        return _JSON.encode(without_surrogates(value))


def to_ascii_json(value: object) -> bytes:
    """The value as JSON in ASCII alone, keys in alphabetical order at every level."""
    try:
        written = _SORTED_JSON.encode(value)
    except UnicodeEncodeError:
        written = _SORTED_JSON.encode(without_surrogates(value))
    # Only the texts hold anything but ASCII, and there a code stands for itself.
    return written if written.isascii() else _NOT_ASCII.sub(_escape, written.decode()).encode()


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < _ASTRAL:
        return f"\\u{code:04x}"
    code -= _ASTRAL
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def to_xml(members: Mapping[str, object]) -> bytes:
    """The members as elements below `root`; a list is its element repeated, an empty one of them stays."""
    written = ['<?xml version="1.0"?>\n<root>']
    for key, value in members.items():
        name = element_name(key)
        before = len(written)
        _write(name, value, written)
        if len(written) == before:
            written.append(f"<{name}/>")
    written.append("</root>")
    return "".join(written).encode()


def to_response_xml(members: Mapping[str, object]) -> bytes:
    """The members in alphabetical order as elements below `response`; an empty list leaves nothing."""
    written = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write("response", alphabetical(members), written)
    return "".join(written).encode()


def alphabetical(value: object) -> object:
    """The value with the keys of every object in alphabetical order."""
    if isinstance(value, Mapping):
        return {key: alphabetical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [alphabetical(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def element_name(key: str) -> str:
    """The key as an XML name: `_` for what a name cannot hold, and before what it cannot begin with."""
    name = _NOT_IN_NAME.sub("_", key)
    return name if _STARTS_NAME.match(name) else f"_{name}"


def _write(name: str, value: object, written: list[str]) -> None:
    # Texts come first, being what a document mostly holds.
    if isinstance(value, str):
        written.append(_leaf(name, escaped(value)))
    elif isinstance(value, dict) and value:
        written.append(f"<{name}>")
        for key, member in value.items():
            _write(element_name(str(key)), member, written)
        written.append(f"</{name}>")
    elif isinstance(value, list | tuple):
        for item in value:
            _write(name, item, written)
    else:
        written.append(_leaf(name, _scalar(value)))


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>" if text else f"<{name}/>"


def _scalar(value: object) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return escaped(str(value))


def escaped(text: str) -> str:
    """The text as markup may hold it."""
    if not _SPECIAL.search(text):
        return text
    text = _FORBIDDEN.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def without_surrogates(value: object) -> object:
    """The value with each half of a surrogate pair, which UTF-8 cannot write, as a question mark."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [without_surrogates(item) for item in value]
    return value
