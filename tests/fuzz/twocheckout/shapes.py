"""Holds answers of the Admin API to its form: one document, whichever of its formats it is in."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.dialects.twocheckout.asking import read_json, read_xml, read_xoxo

READERS = {"application/json": read_json, "application/xml": read_xml, "text/html": read_xoxo}


def faults_in_shape(status: int, media_type: str, body: bytes) -> list[str]:
    """What is wrong with the form of an answer. An outline in HTML with any element of its own is no outline."""
    read = READERS.get(media_type.partition(";")[0])
    if read is None:
        return [f"answered in {media_type}"]
    try:
        document: dict[str, Any] = read(body)
    except (AssertionError, ValueError, etree.XMLSyntaxError) as error:
        return [f"not in shape: {error!r:.300}"]
    if ("errors" in document) != (status >= 400):
        return [f"answered {status} with {sorted(document)}"]
    return []
