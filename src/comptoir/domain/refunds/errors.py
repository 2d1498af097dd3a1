"""What the refunds room refuses.

ComptoirError
├─ NotFound
│  └─ RefundNotFound    no refund has this id, or its order was removed
└─ Conflict
   ├─ NotPaid           no money was received for the order
   ├─ AlreadyRefunded   nothing is left to refund of it, or the refund was processed before
   └─ RefundTooLarge    more than is left of the pieces, the line or the money
"""

from comptoir.domain.errors import Conflict, NotFound


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
