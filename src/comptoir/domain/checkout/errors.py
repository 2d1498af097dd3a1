"""What the checkout room refuses.

ComptoirError
├─ NotFound
│  ├─ CheckoutNotFound   there is no such checkout
│  └─ SellerUnknown      the shop's link names another seller, or none
├─ Conflict
│  ├─ CheckoutOver       it was left for too long, or too many cards were tried
│  ├─ CheckoutClosed     it is being paid, or was
│  ├─ NotReady           something that a sale needs is not filled in yet
│  ├─ SoldOut            there are not so many pieces left
│  ├─ CouponTooMuch      with the coupon there would be nothing to pay
│  ├─ PriceChanged       it costs another amount than the buyer was shown
│  └─ PaymentUnclear     the gateway has not told yet whether it took the money
├─ Forbidden
│  └─ KeyRefused         the payment API was not shown the seller's own key
└─ Invalid
   ├─ Problems
   │  └─ CartRefused     what the shop asks the buyer to pay for cannot be sold
   └─ CardDeclined       the card was not taken
"""

from comptoir.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problems


class CheckoutNotFound(NotFound):
    """There is no such checkout."""

    thing = "checkout"


class SellerUnknown(NotFound):
    """The shop's link names another seller, or none."""

    thing = "seller"


class CheckoutOver(Conflict):
    """It was left for too long, or too many cards were tried at it."""


class CheckoutClosed(Conflict):
    """It is being paid, or was: nothing can be changed any more."""


class NotReady(Conflict):
    """Something that a sale needs is not filled in yet; `step` is where."""

    def __init__(self, step: str) -> None:
        super().__init__(f"{step} is not filled in")
        self.step = step


class SoldOut(Conflict):
    """There are not so many pieces of a product left; `left` are."""

    def __init__(self, name: str, left: int) -> None:
        super().__init__(f"only {left} of {name!r} are left")
        self.name = name
        self.left = left


class CouponTooMuch(Conflict):
    """With the coupon there would be nothing to pay."""

    def __init__(self, code: str) -> None:
        super().__init__(f"with the coupon {code} there would be nothing to pay")
        self.code = code


class PriceChanged(Conflict):
    """It costs another amount than the buyer was shown."""


class PaymentUnclear(Conflict):
    """The gateway has not told yet whether it took the money: it will be asked again."""


class KeyRefused(Forbidden):
    """The payment API was not shown the seller's own key, or a card's token that is good."""


class CartRefused(Problems):
    """What the shop asks the buyer to pay for cannot be sold; every parameter with its problem."""


class CardDeclined(Invalid):
    """The card was not taken; `reason` is the gateway's own word."""

    def __init__(self, reason: str) -> None:
        super().__init__("card", f"was declined: {reason}")
        self.reason = reason
