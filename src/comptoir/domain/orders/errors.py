"""What the orders room refuses.

ComptoirError
├─ NotFound
│  ├─ OrderNotFound     there is no such order, or it was removed
│  ├─ LineNotFound      the order has no such line
│  └─ LogNotFound       the order has no such log
└─ Conflict
   ├─ OrderChanged      somebody else changed it since it was read
   └─ CannotSplit      it is a child, or was split before
"""

from comptoir.domain.errors import Conflict, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it was removed."""

    thing = "order"


class LineNotFound(NotFound):
    """The order has no such line."""

    thing = "order line"


class LogNotFound(NotFound):
    """The order has no such log."""

    thing = "order log"


class OrderChanged(Conflict):
    """The order is no longer in the version that the change was made for."""

    def __init__(self, order_id: int, version: int) -> None:
        super().__init__(f"order {order_id} has been changed and is now in version {version}")
        self.order_id = order_id
        self.version = version


class CannotSplit(Conflict):
    """Only an order that is nobody's child and has no children can be split."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"order {order_id} is a part of another one or has been split")
        self.order_id = order_id
