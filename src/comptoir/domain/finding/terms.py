"""What was typed, as the things that it may be: a number, a code, words, an amount of money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from comptoir.domain.money import AMOUNT_MAX, Money, decimal_of_minor, e4_of_minor, minor_of_decimal
from comptoir.domain.names import key_of
from comptoir.storage.substring import is_indexable

LETTERS_MAX = 200
NUMBER_MAX = 2**63 - 1
WORDS = 2
LAST_FOUR = 4
AMOUNT = re.compile(
    r"(?P<before>[A-Za-z]{3})?\s*[$€£¥]?\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<cents>\.\d{1,4})?"
    r"\s*(?P<after>[A-Za-z]{3})?",
    re.ASCII,
)
SIGNS = "$€£¥"
# Numbers are often read off a page or a message with a word before them.
NUMBERED = re.compile(r"(?:#|no\.?\s*|order\s+|invoice\s+|sale\s+)?(\d{1,19})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be looked for: `bounds` are values by the names that statements bind."""

    text: str
    bounds: Mapping[str, Any]
    amount: Money | None
    part: str | None
    words: tuple[str, str] | None


def terms_of(text: str, currency: str) -> Terms:
    """What a text may mean; a text of nothing means nothing."""
    text = text.replace("\0", "").encode(errors="ignore").decode().strip()[:LETTERS_MAX]
    amount = _amount(text, currency)
    bounds: dict[str, Any] = {}
    if text:
        bounds |= {"text": text, "key": key_of(text)}
    number = NUMBERED.fullmatch(text)
    if number is not None and int(number[1]) <= NUMBER_MAX:
        bounds["number"] = int(number[1])
    if amount is not None:
        bounds |= {"minor": amount.minor, "currency": amount.currency}
        bounds["e4"] = e4_of_minor(amount.minor, amount.currency)
    if text.isascii() and text.isdigit() and len(text) == LAST_FOUR:
        bounds["last_four"] = text
    folded = key_of(text)
    parts = tuple(folded.split())
    is_pair = len(parts) == WORDS and all(map(is_indexable, parts))
    return Terms(
        text,
        bounds,
        amount,
        folded if is_indexable(folded) else None,
        (parts[0], parts[1]) if is_pair else None,
    )


def _amount(text: str, currency: str) -> Money | None:
    """An amount is told from a number by its cents, its sign or its currency."""
    found = AMOUNT.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        return None
    named = found["before"] or found["after"]
    if not (found["cents"] or named or any(sign in text for sign in SIGNS)):
        return None
    code = (named or currency).upper()
    amount = Decimal(found["whole"].replace(",", "") + (found["cents"] or ""))
    if amount >= AMOUNT_MAX:
        return None
    minor = minor_of_decimal(amount, code)
    return Money(minor, code) if decimal_of_minor(minor, code) == amount else None
