"""What the merchant room refuses.

ComptoirError
├─ NotFound
│  ├─ RateNotFound            no exchange rate of this currency begins on this day
│  ├─ TaxNotFound             no tax is levied in this country or state
│  └─ ShippingMethodNotFound  no way to ship has this id
├─ Conflict
│  └─ NoExchangeRate          a currency has no rate at all, so nothing can be converted
└─ Invalid
   └─ NameTaken               another way to ship has this name
"""

from comptoir.domain.errors import Conflict, Invalid, NotFound


class RateNotFound(NotFound):
    """No exchange rate of this currency begins on this day."""

    thing = "exchange rate"


class TaxNotFound(NotFound):
    """No tax is levied in this country or state."""

    thing = "tax rate"


class ShippingMethodNotFound(NotFound):
    """No way to ship has this id."""

    thing = "shipping method"


class NoExchangeRate(Conflict):
    """A currency has no exchange rate at all."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"there is no exchange rate for {currency}")
        self.currency = currency


class NameTaken(Invalid):
    """Another way to ship has this name."""
