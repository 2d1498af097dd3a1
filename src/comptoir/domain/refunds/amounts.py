"""What may still be refunded, and how much of it is tax.

Shares are always taken of what has been refunded altogether, so that whatever the steps, the last one ends at
exactly the whole: no cent of money or tax is left over or given twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from comptoir.domain.money import rounded
from comptoir.domain.refunds.errors import AlreadyRefunded, RefundTooLarge


@dataclass(slots=True)
class Refundable:
    """A line, a bundle's part, or an order's charges: what was to be paid for it, what was given back.

    A coupon's line is a credit: what was to be paid for it is below zero, and so is what is given back of it.
    `given_minor` and `returned` count what was refunded of this itself; `all_given_minor` of a bundle counts
    its parts too. The tax is reckoned on the whole bundle.
    """

    name: str
    paid_for_minor: int
    tax_minor: int
    pieces: int
    given_minor: int = 0
    returned: int = 0
    all_given_minor: int = 0
    bundle: Optional["Refundable"] = None

    @property
    def whole(self) -> "Refundable":
        """The bundle that this is a part of, or itself."""
        return self.bundle or self

    @property
    def left_minor(self) -> int:
        """What may still be refunded."""
        own = self.paid_for_minor - self.given_minor
        return min(own, self.whole.paid_for_minor - self.whole.all_given_minor)

    @property
    def pieces_left(self) -> int:
        """How many pieces have not been refunded."""
        return self.pieces - self.returned

    @property
    def is_credit(self) -> bool:
        """Whether it took something off what was to be paid."""
        return self.paid_for_minor < 0

    def worth_minor(self, pieces: int) -> int:
        """What the next pieces are worth; the last one is worth all that is left."""
        if self.is_credit:
            return self.left_minor if pieces else 0
        if pieces >= self.pieces_left:
            return self.left_minor
        before = rounded(self.paid_for_minor * self.returned, self.pieces)
        after = rounded(self.paid_for_minor * (self.returned + pieces), self.pieces)
        return min(after - before, self.left_minor)

    def refuse_above(self, amount_minor: int, pieces: int) -> None:
        """Refuses: AlreadyRefunded, RefundTooLarge."""
        if self.is_credit:
            self._refuse_above_credit(amount_minor)
            return
        if amount_minor > 0 >= self.left_minor:
            raise AlreadyRefunded(self.name)
        if pieces > self.pieces_left:
            raise RefundTooLarge(f"the pieces of {self.name}", left=self.pieces_left, wanted=pieces)
        if amount_minor > self.left_minor:
            raise RefundTooLarge(self.name, left=self.left_minor, wanted=amount_minor)

    def _refuse_above_credit(self, amount_minor: int) -> None:
        if amount_minor < 0 <= self.left_minor:
            raise AlreadyRefunded(self.name)
        if not self.left_minor <= amount_minor <= 0:
            raise RefundTooLarge(self.name, left=self.left_minor, wanted=amount_minor)

    def give(self, amount_minor: int, pieces: int) -> int:
        """Count a refund in, and give the tax in it."""
        whole = self.whole
        before = whole.tax_in(whole.all_given_minor)
        whole.all_given_minor += amount_minor
        self.given_minor += amount_minor
        self.returned += pieces
        return whole.tax_in(whole.all_given_minor) - before

    def tax_in(self, amount_minor: int) -> int:
        """How much of an amount is tax."""
        return rounded(self.tax_minor * amount_minor, self.paid_for_minor) if self.paid_for_minor > 0 else 0


def fitted_taxes(amounts: Sequence[int], taxes: Sequence[int], *, least: int, most: int) -> list[int]:
    """The taxes in some amounts, changed as little as need be for their sum to be within bounds.

    An amount may be less than the tax in it: of an order whose coupons took off more than what was taxed.
    """
    fitted = list(taxes)
    missing = least - sum(fitted)
    largest_first = sorted(range(len(fitted)), key=lambda place: -amounts[place])
    for place in largest_first:
        if missing <= 0:
            break
        more = min(missing, max(amounts[place] - fitted[place], 0))
        fitted[place] += more
        missing -= more
    if missing > 0:
        fitted[largest_first[0]] += missing
        return fitted
    surplus = sum(fitted) - most
    for place in sorted(range(len(fitted)), key=lambda place: -fitted[place]):
        if surplus <= 0:
            break
        less = min(surplus, max(fitted[place], 0))
        fitted[place] -= less
        surplus -= less
    return fitted
