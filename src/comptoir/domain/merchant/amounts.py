"""Arithmetic of terms: what processing costs, what is held back, what money is worth elsewhere."""

from fractions import Fraction
from typing import Protocol

from comptoir.domain.money import exponent_of, rounded

MILLION = 1_000_000
DEFAULT_REFUND_DAYS = 180
DEFAULT_RESERVE_DAYS = 90


class Terms(Protocol):
    """What of the merchant decides fees and reserve."""

    @property
    def fee_ppm(self) -> int:
        """Millionths of a sale."""

    @property
    def fee_fixed_minor(self) -> int:
        """What comes on top of each sale's share."""

    @property
    def reserve_ppm(self) -> int:
        """Millionths of a sale that are held back."""


def fee_of(terms: Terms, minor: int) -> int:
    """What processing a sale costs: its share rounded up, and the fixed part; nothing for a sale of nothing."""
    if minor <= 0:
        return 0
    return -(-minor * terms.fee_ppm // MILLION) + terms.fee_fixed_minor


def reserve_of(terms: Terms, minor: int) -> int:
    """How much of a sale is held back, rounded half up."""
    return rounded(max(minor, 0) * terms.reserve_ppm, MILLION)


def exchanged(minor: int, source: str, target: str, ratio: Fraction) -> int:
    """Minor units of one currency in another at a ratio of whole units, rounded half up."""
    worth = minor * ratio * Fraction(10) ** (exponent_of(target) - exponent_of(source))
    return rounded(worth.numerator, worth.denominator)
