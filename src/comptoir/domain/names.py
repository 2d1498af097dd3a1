"""Slugs, codes and the order of names: what goes into addresses, on labels, and where a name stands in a list."""

import re
import unicodedata
from collections.abc import Callable

WORD_BREAKS = re.compile(r"[^a-z0-9]+")
# The marks that letters take above, below and through them.
MARKS = re.compile("[\u0300-\u036f]+")
# Letters that Unicode does not take apart, by those beside which people look for them.
BESIDE = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "\u0131": "i",
})  # fmt: skip
# What comes behind orders nobody, and an index of PostgreSQL takes no long text.
ORDER_CHARACTERS = 64


def slug_of(name: str) -> str:
    """Lower case, accents folded, runs of anything else one dash, none at the ends: `mr-sparkle`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return WORD_BREAKS.sub("-", plain).strip("-")


def key_of(text: str) -> str:
    """The form in which a code or slug is compared: without regard to case."""
    return text.lower()


def order_key(*parts: str) -> str:
    """The form by which names are put in order, by its code points, on either database alike.

    Without regard to case, to accents and other marks (É stands with E, Ö with O, whatever the language) and to the
    width of blanks; ø, ł and the like stand with the letters that they look like, æ with ae, ß with ss. Digits are
    characters: 10 comes before 9. Other scripts follow behind Latin, as Unicode has them. Each part is ordered by
    itself: Li, Zoe before Lia, Ann. Names that are alike in their first 64 characters stand in the order of their ids.
    """
    return "\t".join(filter(None, map(_plain, parts)))[:ORDER_CHARACTERS]


def _plain(name: str) -> str:
    if not name.isascii():
        name = MARKS.sub("", unicodedata.normalize("NFKD", name.casefold())).translate(BESIDE)
    return " ".join(name.lower().split())


def free_slug(stem: str, is_taken: Callable[[str], bool]) -> str:
    """The stem, or the stem with the first number from 2 on that makes it free."""
    slug, number = stem, 2
    while is_taken(slug):
        slug, number = f"{stem}-{number}", number + 1
    return slug
