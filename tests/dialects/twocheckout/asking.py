"""Sends one exchange of a case as an API user would, and reads the answer in any of the three formats."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from lxml import etree

from tests.dialects.cases import unrolled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.wire import Answer, Wire

FORMATS = {"json": "application/json", "xml": "application/xml", "xoxo": "text/html"}
FORM_TYPE = "application/x-www-form-urlencoded"
COREDNA_KEY = "youruniqueapikey"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class User:
    """An API user of every world."""

    name: str
    password: str
    may_update: bool = True
    is_revoked: bool = False
    networks: tuple[str, ...] = ()


USERS = {
    "updating": User("APIuser1817037", "APIpass1817037"),
    "reading": User("reader1817037", "readerpass1817037", may_update=False),
    "revoked": User("former1817037", "formerpass1817037", is_revoked=True),
    "elsewhere": User("office1817037", "officepass1817037", networks=("10.0.0.0/8",)),
    "colon": User("coloned1817037", "with:colon:s"),
    "umlaut": User("händler", "schlüssel für alles"),
}


def credentials(name: str) -> str:
    """The header that says one of the users."""
    user = USERS[name]
    return f"Basic {b64encode(f'{user.name}:{user.password}'.encode()).decode()}"


def ask(wire: Wire, exchange: Mapping[str, Any], form: str) -> Answer:
    """Sends the request of an exchange; a header of its own for what is accepted outdoes the format's."""
    method, path = exchange["ask"].split(" ", 1)
    headers = {"Accept": FORMATS[form]} | exchange.get("headers", {})
    if "accept" in exchange:
        headers["Accept"] = exchange["accept"]
    if headers["Accept"] == "none":
        del headers["Accept"]
    user = exchange.get("user", "updating")
    if user != "none" and "Authorization" not in headers:
        headers["Authorization"] = credentials(user)
    body, kind = body_of(exchange)
    return wire.request(
        method, unrolled(path), headers=headers, key="none", raw=body,
        multipart=[(name, unrolled(text)) for name, text in exchange["multipart"]] if "multipart" in exchange else None,
        content_type=exchange.get("content_type", kind),
    )  # fmt: skip


def body_of(exchange: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """The body with the label that goes with it."""
    if "form" in exchange:
        given = exchange["form"]
        pairs = given.items() if isinstance(given, dict) else given
        return urlencode([(unrolled(key), unrolled(str(text))) for key, text in pairs]).encode(), FORM_TYPE
    if "raw" in exchange:
        return unrolled(exchange["raw"]).encode(), FORM_TYPE
    if "raw_bytes" in exchange:
        return exchange["raw_bytes"].encode("latin-1"), FORM_TYPE
    return None, None


def read_xml(body: bytes) -> dict[str, Any]:
    """An XML answer: every name with the list of what stands under it, since one cannot be told from many."""
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<response>')
    root = etree.fromstring(body, PARSER)
    found = _element(root)
    if found == "":
        return {}
    assert isinstance(found, dict)
    return found


def _element(element: Any) -> Any:
    assert not element.attrib
    children = list(element)
    if not children:
        return element.text or ""
    tags = [child.tag for child in children]
    assert tags == sorted(tags), tags
    found: dict[str, Any] = {}
    for child in children:
        found.setdefault(child.tag, []).append(_element(child))
    return found


def read_xoxo(body: bytes) -> Any:
    """An XOXO answer: objects, lists and texts; nothing of any kind is an empty text."""
    root = etree.fromstring(body, PARSER)
    outline = root.find(f"{XHTML}body/{XHTML}ol")
    assert outline is not None
    assert outline.get("class") == "xoxo"
    (item,) = outline
    return _content(item)


def _content(place: Any) -> Any:
    if not len(place):
        return place.text or ""
    (only,) = place
    if only.tag == f"{XHTML}ol":
        assert {item.tag for item in only} == {f"{XHTML}li"}
        return [_content(item) for item in only]
    assert only.tag == f"{XHTML}dl"
    terms, definitions = list(only)[::2], list(only)[1::2]
    keys = [term.text for term in terms]
    assert keys == sorted(keys), keys
    return {key: _content(definition) for key, definition in zip(keys, definitions, strict=True)}


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON answer; it is ASCII, and its keys are in alphabetical order."""
    assert body.isascii()

    def in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert keys == sorted(keys), keys
        return dict(pairs)

    read: dict[str, Any] = json.loads(body, object_pairs_hook=in_order)
    return read
