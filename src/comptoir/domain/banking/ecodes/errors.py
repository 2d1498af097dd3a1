"""What is refused about gift codes.

NotFound   ProductNotFound · ECodeNotFound
Invalid    plain Invalid or Problems, for what is offered
Conflict   AmountRefused · ReissueRefused
"""

from comptoir.domain.errors import Conflict, NotFound


class ProductNotFound(NotFound):
    """Nothing like this is sold, or not any more."""

    thing = "gift code product"


class ECodeNotFound(NotFound):
    """The customer has bought no such gift code."""

    thing = "gift code"


class AmountRefused(Conflict):
    """The product is not sold for this amount; all amounts in minor units."""

    def __init__(self, minimum_minor: int, maximum_minor: int) -> None:
        super().__init__("the amount is below or above what the gift code is sold for")
        self.minimum_minor = minimum_minor
        self.maximum_minor = maximum_minor


class ReissueRefused(Conflict):
    """The product knows no reissue, or this code was replaced already."""
