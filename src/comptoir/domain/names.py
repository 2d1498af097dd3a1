"""Slugs and codes: names that go into addresses and on labels."""

import re
import unicodedata
from collections.abc import Callable

WORD_BREAKS = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """Lower case, accents folded, runs of anything else one dash, none at the ends: `mr-sparkle`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return WORD_BREAKS.sub("-", plain).strip("-")


def key_of(text: str) -> str:
    """The form in which a code or slug is compared: without regard to case."""
    return text.lower()


def free_slug(stem: str, is_taken: Callable[[str], bool]) -> str:
    """The stem, or the stem with the first number from 2 on that makes it free."""
    slug, number = stem, 2
    while is_taken(slug):
        slug, number = f"{stem}-{number}", number + 1
    return slug
