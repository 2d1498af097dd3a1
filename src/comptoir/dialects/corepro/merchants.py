"""What a merchant's category code means in words (reference 3.9, `subType`)."""

from functools import lru_cache

CODE_DIGITS = 4


@lru_cache(maxsize=1024)
def category_text(code: str) -> str | None:
    """The words of ISO 18245 for a category, or None where nobody knows it."""
    from iso18245 import MCCNotFound, get_mcc  # noqa: PLC0415 - loaded when a card is first used

    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        return None
    try:
        found = get_mcc(code)
    except MCCNotFound:
        return None
    return found.iso_description or found.usda_description or found.range.description or None
