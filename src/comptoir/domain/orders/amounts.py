"""What an order comes to: lines, charges, discount, tax and total, exact to the minor unit.

Every rounding happens once, per line or charge; what rounding leaves over goes to the largest line. So the
lines, the order and its postings always agree.
"""

from collections.abc import Sequence
from typing import NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.money import (
    decimal_of_e4,
    e4_of_minor,
    minor_of_e4,
    rounded,
    shares,
)

PPM = 10**6
TOTAL_E4_MAX = 10**15
QUANTITY_MAX = 10**9


class LinePrice(NamedTuple):
    """What one line costs before the order's own discount; tax either by rate or as given, per piece."""

    unit_price_e4: int
    discount_e4: int
    quantity: int
    tax_rate_ppm: int = 0
    tax_e4: int = 0

    @property
    def amount_e4(self) -> int:
        """The whole line, less its own discount."""
        return (self.unit_price_e4 - self.discount_e4) * self.quantity


class Charges(NamedTuple):
    """What is charged or given on the order as a whole."""

    delivery_e4: int = 0
    insurance_e4: int = 0
    surcharge_e4: int = 0
    discount_e4: int = 0


class LineAmounts(NamedTuple):
    """What one line comes to, in minor units."""

    amount_minor: int
    discount_share_minor: int
    tax_minor: int

    def refundable_minor(self, *, tax_included: bool) -> int:
        """What the customer pays for the line."""
        return self.amount_minor - self.discount_share_minor + (0 if tax_included else self.tax_minor)


class OrderAmounts(NamedTuple):
    """What an order comes to. `charges_minor` is delivery, insurance and surcharge less discount on them."""

    lines: list[LineAmounts]
    tax_included: bool
    charges_minor: int
    charges_tax_minor: int
    tax_minor: int
    total_minor: int


def whole_e4(e4: int, currency: str) -> int:
    """An amount rounded to what can be paid in the currency."""
    return e4_of_minor(minor_of_e4(e4, currency), currency)


def tax_per_piece_e4(line: LinePrice, *, tax_included: bool) -> int:
    """The tax in or on one piece, as it is shown."""
    return _tax(line.unit_price_e4 - line.discount_e4, line.tax_rate_ppm, tax_included=tax_included)


def price_order(
    lines: Sequence[LinePrice],
    charges: Charges,
    *,
    currency: str,
    tax_included: bool,
    charges_tax_ppm: int = 0,
) -> OrderAmounts:
    """Compute an order from prices and tax rates. Refuses: Invalid (quantity, tax, discount, total)."""
    _refuse_negative(lines, charges)
    amounts = [minor_of_e4(line.amount_e4, currency) for line in lines]
    on_lines, on_charges = _spread_discount(amounts, charges, currency)
    gross = sum(minor_of_e4(charge, currency) for charge in charges[:3])
    taxes = [
        _tax(amount - share, line.tax_rate_ppm, tax_included=tax_included)
        for line, amount, share in zip(lines, amounts, on_lines, strict=True)
    ]
    charges_tax = _tax(gross - on_charges, charges_tax_ppm, tax_included=tax_included)
    return _summed(amounts, on_lines, taxes, gross - on_charges, charges_tax, tax_included=tax_included)


def adopt_order(
    lines: Sequence[LinePrice],
    charges: Charges,
    *,
    tax_e4: int,
    total_e4: int,
    currency: str,
    tax_included: bool | None = None,
) -> OrderAmounts:
    """Take an order's amounts as they are given, if they add up.

    What is no whole minor unit has been rounded where it comes from, so the sum may differ from the total by
    half of one for each such amount; the difference goes to the largest line.
    Whether prices include tax is told by the sum.
    Refuses: Invalid (quantity, tax, discount, total).
    """
    _refuse_negative(lines, charges)
    if tax_e4 < 0:
        raise Invalid("tax", "is below zero")
    total = minor_of_e4(total_e4, currency)
    if e4_of_minor(total, currency) != total_e4:
        raise Invalid("total", f"is no whole amount of {currency}")
    included = _told_by_sum(
        lines, charges, tax_e4=tax_e4, total_e4=total_e4, currency=currency, told=tax_included
    )
    tax = minor_of_e4(tax_e4, currency)
    gross = sum(minor_of_e4(charge, currency) for charge in charges[:3])
    discount = minor_of_e4(charges.discount_e4, currency)
    amounts = [minor_of_e4(line.amount_e4, currency) for line in lines]
    rest = total - (0 if included else tax) - gross + discount - sum(amounts)
    if rest:
        amounts = _with_rest(amounts, rest)
    on_lines, on_charges = _spread_discount(amounts, charges, currency)
    nets = [amount - share for amount, share in zip(amounts, on_lines, strict=True)]
    taxes, charges_tax = _spread_tax(lines, nets, gross - on_charges, tax, currency)
    return _summed(amounts, on_lines, taxes, gross - on_charges, charges_tax, tax_included=included)


def part_amounts(bundle: LineAmounts, parts: Sequence[LinePrice]) -> list[LineAmounts]:
    """A bundle's amounts shared out over its parts by what they cost alone; they add up to the bundle's."""
    weights = [max(part.amount_e4, 0) for part in parts]
    columns = [shares(whole, weights) for whole in bundle]
    return [LineAmounts(*amounts) for amounts in zip(*columns, strict=True)]


def _tax(amount: int, rate_ppm: int, *, tax_included: bool) -> int:
    return rounded(amount * rate_ppm, PPM + rate_ppm if tax_included else PPM)


def refuse_wrong_price(line: LinePrice) -> None:
    """Refuses: Invalid (quantity, tax, discount)."""
    if not 0 <= line.quantity <= QUANTITY_MAX:
        raise Invalid("quantity", "is below zero or too large")
    if line.tax_rate_ppm < 0 or line.tax_e4 < 0:
        raise Invalid("tax", "is below zero")
    if not 0 <= line.discount_e4 <= line.unit_price_e4 <= TOTAL_E4_MAX:
        raise Invalid("discount", "is below zero or more than the price, or the price is too large")


def _refuse_negative(lines: Sequence[LinePrice], charges: Charges) -> None:
    for line in lines:
        refuse_wrong_price(line)
    for name, charge in zip(("delivery", "insurance", "surcharge", "discount"), charges, strict=True):
        if charge < 0:
            raise Invalid(name, "is below zero")
    if sum(line.amount_e4 for line in lines) + sum(charges) > TOTAL_E4_MAX:
        raise Invalid("total", "is too large")


def _spread_discount(amounts: Sequence[int], charges: Charges, currency: str) -> tuple[list[int], int]:
    """The order's discount on each line, and what is left of it for the charges."""
    discount = minor_of_e4(charges.discount_e4, currency)
    gross = sum(minor_of_e4(charge, currency) for charge in charges[:3])
    if discount > sum(amounts) + gross:
        raise Invalid("discount", "is more than the order costs")
    on_lines = min(discount, sum(amounts))
    return shares(on_lines, amounts), discount - on_lines


def _told_by_sum(
    lines: Sequence[LinePrice],
    charges: Charges,
    *,
    tax_e4: int,
    total_e4: int,
    currency: str,
    told: bool | None,
) -> bool:
    """Whether the prices include the tax, by which of the two sums is the total."""
    amounts = [line.amount_e4 for line in lines]
    before_tax = sum(amounts) + sum(charges[:3]) - charges.discount_e4
    minor_e4 = e4_of_minor(1, currency)
    for included, added_e4 in ((True, 0), (False, tax_e4)):
        rounded_ones = sum(1 for given in (*amounts, *charges, added_e4) if given % minor_e4)
        differs_by = abs(before_tax + added_e4 - total_e4)
        if told in (None, included) and 2 * differs_by <= rounded_ones * minor_e4:
            return included
    raise Invalid(
        "total",
        f"does not add up: lines, charges and discount come to {decimal_of_e4(before_tax)}, "
        f"the tax is {decimal_of_e4(tax_e4)}",
    )


def _with_rest(amounts: list[int], rest: int) -> list[int]:
    """Give what rounding left over to the largest line."""
    if not amounts:
        raise Invalid("total", "does not add up")
    largest = max(range(len(amounts)), key=lambda place: amounts[place])
    if amounts[largest] + rest < 0:
        raise Invalid("total", "does not add up")
    return [amount + (rest if place == largest else 0) for place, amount in enumerate(amounts)]


def _spread_tax(
    lines: Sequence[LinePrice], nets: list[int], charges_minor: int, tax_minor: int, currency: str
) -> tuple[list[int], int]:
    """The order's tax on each line and on the charges, by what the lines say of theirs."""
    stated = [line.tax_e4 * line.quantity for line in lines]
    if not any(stated):
        *taxes, charges_tax = shares(tax_minor, [*nets, charges_minor])
        return taxes, charges_tax
    lines_tax = tax_minor if not charges_minor else min(minor_of_e4(sum(stated), currency), tax_minor)
    return shares(lines_tax, stated), tax_minor - lines_tax


def _summed(
    amounts: list[int],
    on_lines: list[int],
    taxes: list[int],
    charges_minor: int,
    charges_tax_minor: int,
    *,
    tax_included: bool,
) -> OrderAmounts:
    lines = [LineAmounts(*line) for line in zip(amounts, on_lines, taxes, strict=True)]
    tax_minor = sum(taxes) + charges_tax_minor
    total = sum(amounts) - sum(on_lines) + charges_minor + (0 if tax_included else tax_minor)
    paid_for = [line.refundable_minor(tax_included=tax_included) for line in lines]
    charged = charges_minor + (0 if tax_included else charges_tax_minor)
    assert sum(paid_for) + charged == total
    return OrderAmounts(lines, tax_included, charges_minor, charges_tax_minor, tax_minor, total)
