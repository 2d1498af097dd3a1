"""Amounts: integers of minor units, rounded half up, split without losing a cent.

Prices and order amounts are kept as ten-thousandths of the main unit (suffix `_e4`), because the trade
quotes unit prices and tax shares below the cent; what moves on the ledger is minor units (`_minor`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

E4_PLACES = 4
E4_PER_UNIT = 10**E4_PLACES
DEFAULT_EXPONENT = 2
AMOUNT_MAX = 10**14

# ISO 4217, list one: the currencies whose minor unit is not a hundredth.
EXPONENTS = (
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
    | dict.fromkeys("CLF UYW".split(), 4)
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency in its minor units."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """The amount as people write it, such as `12.50 AUD`."""
        return f"{decimal_of_minor(self.minor, self.currency)} {self.currency}"


def exponent_of(currency: str) -> int:
    """How many decimals the currency's minor unit has."""
    return EXPONENTS.get(currency, DEFAULT_EXPONENT)


def decimal_of_minor(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal with the currency's places."""
    return Decimal(minor).scaleb(-exponent_of(currency))


def decimal_of_e4(e4: int, places: int = E4_PLACES) -> Decimal:
    """Ten-thousandths as a decimal with the given places, rounded half up."""
    amount: Decimal = (Decimal(e4) / E4_PER_UNIT).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return amount


def minor_of_decimal(amount: Decimal, currency: str) -> int:
    """A decimal amount in minor units, rounded half up."""
    return int(amount.scaleb(exponent_of(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def e4_of_decimal(amount: Decimal) -> int:
    """A decimal amount in ten-thousandths. Refuses (ValueError) more than four places or a giant."""
    if not amount.is_finite() or not -AMOUNT_MAX < amount < AMOUNT_MAX:
        raise ValueError("is too large")
    fitted = amount.quantize(Decimal(1).scaleb(-E4_PLACES))
    if fitted != amount:
        raise ValueError("has more than four decimals")
    return int(fitted.scaleb(E4_PLACES))


def rounded(numerator: int, denominator: int) -> int:
    """The whole number nearest to a fraction, halves away from zero. The denominator is positive."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def minor_of_e4(e4: int, currency: str) -> int:
    """Ten-thousandths in minor units, rounded half up."""
    places = E4_PLACES - exponent_of(currency)
    return rounded(e4, 10**places)


def e4_of_minor(minor: int, currency: str) -> int:
    """Minor units in ten-thousandths; exact for every currency."""
    return int(minor * 10 ** (E4_PLACES - exponent_of(currency)))


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights so that the parts add up to it; the remainder goes to the largest first."""
    whole = sum(weights)
    if whole == 0:
        return [total if place == 0 else 0 for place in range(len(weights))]
    sign = -1 if total < 0 else 1
    parts = [abs(total) * weight // whole for weight in weights]
    rest = abs(total) - sum(parts)
    for place in sorted(range(len(weights)), key=lambda place: (-weights[place], place))[:rest]:
        parts[place] += 1
    return [sign * part for part in parts]
