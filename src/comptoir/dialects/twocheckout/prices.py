"""Prices, weights and intervals as calls of the catalogue are asked with them and show them (reference 5)."""

import re
from decimal import Decimal

from comptoir.dialects.codecs import e4_text2, e4_text4
from comptoir.dialects.twocheckout.parameters import MONEY_PLACES, ParameterInvalid, Parameters
from comptoir.domain.catalogue.terms import UNITS
from comptoir.domain.money import E4_PLACES, e4_of_decimal

NOTHING, PRICE_MAX = Decimal(0), Decimal("99999999.99")
FOREVER = "Forever"
_INTERVAL = re.compile(rf"(\d{{1,4}})\s*({'|'.join(UNITS)})s?", re.ASCII | re.IGNORECASE)

Interval = tuple[str | None, int | None]
NO_INTERVAL: Interval = (None, None)


def e4_asked(
    asked: Parameters, name: str, *, places: int = MONEY_PLACES, least: Decimal = NOTHING
) -> int | None:
    """An amount of 0 or more in ten-thousandths; None without a value. Refuses: ParameterInvalid."""
    amount = asked.money(name, places=places)
    return None if amount is None else e4_of(name, amount, least=least)


def e4_of(name: str, amount: Decimal, *, least: Decimal = NOTHING) -> int:
    """The same for an amount that is read already."""
    if not least <= amount <= PRICE_MAX:
        raise ParameterInvalid(name, f"must be between {least} and {PRICE_MAX}")
    return e4_of_decimal(amount)


def interval_asked(asked: Parameters, name: str, *, may_last: bool = False) -> Interval | None:
    """An interval such as `1 Month`, with `may_last` also `Forever`, which is none; None without a value.

    Refuses: ParameterInvalid.
    """
    written = (asked.text(name) or "").strip()
    if not written or asked.is_null(name):
        return None
    if may_last and written.lower() == FOREVER.lower():
        return NO_INTERVAL
    match = _INTERVAL.fullmatch(written)
    if match is None:
        raise ParameterInvalid(name, "must be a number of weeks, months or years")
    return match[2].lower(), int(match[1])


def money_or_none(e4: int | None) -> str | None:
    """An amount with two decimals, if there is one."""
    return None if e4 is None else e4_text2(e4)


def weight_or_none(e4: int) -> str | None:
    """A weight with as many decimals as it needs, two at least; no weight is none."""
    written = e4_text4(e4)
    shortest = written.rstrip("0")
    least = len(written) - E4_PLACES + MONEY_PLACES
    return written[: max(len(shortest), least)] if e4 else None


def interval_text(unit: str | None, count: int | None) -> str | None:
    """An interval as it is shown."""
    return None if unit is None else f"{count} {unit.capitalize()}"
