"""What coupons refuse.

NotFound   CouponNotFound
Invalid    CouponCodeTaken, and plain Invalid for single values
Conflict   CouponExpired · WrongProduct · BelowMinimum
"""

from datetime import date

from comptoir.domain.errors import Conflict, Invalid, NotFound


class CouponNotFound(NotFound):
    """No coupon has this code."""

    thing = "coupon"


class CouponCodeTaken(Invalid):
    """Another coupon has this code."""


class CouponExpired(Conflict):
    """The last day of the coupon is over."""

    def __init__(self, code: str, expired_on: date) -> None:
        super().__init__(f"the coupon {code} was valid until {expired_on.isoformat()}")
        self.code = code
        self.expired_on = expired_on


class WrongProduct(Conflict):
    """Nothing that is bought is what the coupon is for."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the coupon {code} is for other products")
        self.code = code


class BelowMinimum(Conflict):
    """Less is bought than the coupon asks for; both amounts in minor units of the shop's currency."""

    def __init__(self, code: str, minimum_minor: int, amount_minor: int) -> None:
        super().__init__(f"the coupon {code} needs a larger purchase")
        self.code = code
        self.minimum_minor = minimum_minor
        self.amount_minor = amount_minor
