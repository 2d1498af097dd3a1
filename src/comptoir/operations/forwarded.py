"""The header `Forwarded` of RFC 7239, read from its end: what stands there was written by the nearest proxy.

Its left was written by the caller, who may leave a quotation open to swallow what the proxies add. An element is
therefore taken from the last comma on behind which a whole one stands; a proxy escapes the marks in what it quotes,
so no comma within a quotation is such a one.
"""

import re

# Addresses with ports belong in quotation marks (section 4); some proxies leave them out.
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z:\[\]-]+"  # noqa: S105 - the grammar's word
PAIR = re.compile(rf'[ \t]*({TOKEN})[ \t]*=[ \t]*({TOKEN}|"(?:[^"\\]|\\.)*")[ \t]*')
ESCAPED = re.compile(r"\\(.)")
# A longer element is no proxy's; so much is looked at again for every comma in it, and no more.
ELEMENT_MAX = 1_000


def last_hop(header: str) -> tuple[str, dict[str, str] | None]:
    """What stands before the header's last element, and the element by its names; None when it cannot be read."""
    end = len(header)
    while (comma := header.rfind(",", max(len(header) - ELEMENT_MAX, 0), end)) >= 0:
        hop = read_element(header[comma + 1 :])
        if hop is not None:
            return header[:comma], hop
        end = comma
    return "", read_element(header) if len(header) <= ELEMENT_MAX else None


def read_element(text: str) -> dict[str, str] | None:
    """An element by its names in small letters; None where it is none, or says something twice."""
    named: dict[str, str] = {}
    place = 0
    while (pair := PAIR.match(text, place)) is not None:
        name, place = pair[1].lower(), pair.end()
        if name in named:
            return None
        named[name] = _unquoted(pair[2])
        if place == len(text):
            return named
        if text[place] != ";":
            return None
        place += 1
    return None


def _unquoted(value: str) -> str:
    return ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value
