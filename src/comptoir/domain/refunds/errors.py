"""What the refunds room refuses.

ComptoirError
├─ NotFound
│  └─ RefundNotFound    no refund has this id, or its order was removed
├─ Forbidden
│  └─ CategoryReserved  this reason is the processor's own
└─ Conflict
   ├─ NotPaid           no money was received for the order
   ├─ AlreadyRefunded   nothing is left to refund of it, or the refund was processed before
   ├─ RefundTooLarge    more than is left of the pieces, the line or the money
   ├─ RefundTooSmall    less than the smallest coin
   ├─ RefundTooLate     the order is older than refunds may be
   └─ NotRefundable     the line is no bill: a coupon, or a refund itself
"""

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class RefundNotFound(NotFound):
    """No refund has this id, or its order was removed."""

    thing = "refund"


class NotPaid(Conflict):
    """No money was received for the order."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"no money was received for order {order_id}")
        self.order_id = order_id


class AlreadyRefunded(Conflict):
    """Nothing is left to refund of it, or the refund was processed before; `thing` says of what."""

    def __init__(self, thing: str) -> None:
        super().__init__(f"nothing is left to refund of {thing}")
        self.thing = thing


class RefundTooLarge(Conflict):
    """More was asked for than is left: minor units of money, or pieces."""

    def __init__(self, thing: str, *, left: int, wanted: int) -> None:
        super().__init__(f"{left} is left to refund of {thing} and {wanted} is wanted")
        self.thing = thing
        self.left = left
        self.wanted = wanted


class RefundTooSmall(Conflict):
    """Less than the smallest coin was asked for."""


class RefundTooLate(Conflict):
    """The order is older than refunds may be."""

    def __init__(self, order_id: int, days: int) -> None:
        super().__init__(f"order {order_id} is older than {days} days")
        self.order_id = order_id
        self.days = days


class NotRefundable(Conflict):
    """The line is no bill: a coupon, or a refund itself."""

    def __init__(self, line_id: int) -> None:
        super().__init__(f"line {line_id} is nothing that was paid for")
        self.line_id = line_id


class CategoryReserved(Forbidden):
    """This reason for a refund is the processor's own."""

    def __init__(self, category: int) -> None:
        super().__init__(f"category {category} is reserved")
        self.category = category
