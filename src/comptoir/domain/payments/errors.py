"""What the payments room refuses.

ComptoirError
├─ NotFound
│  └─ PaymentNotFound   no payment transaction has this id
└─ Conflict
   ├─ PaymentSettled    it is no longer pending
   └─ NothingOwed       the order has been paid, or is owed by nobody
"""

from comptoir.domain.errors import Conflict, NotFound


class PaymentNotFound(NotFound):
    """No payment transaction has this id."""

    thing = "payment transaction"


class PaymentSettled(Conflict):
    """The payment has succeeded or failed before."""

    def __init__(self, payment_id: int, status: str) -> None:
        super().__init__(f"payment transaction {payment_id} is {status}")
        self.payment_id = payment_id
        self.status = status


class NothingOwed(Conflict):
    """The order has been paid, or is owed by nobody."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"nothing is owed for order {order_id}")
        self.order_id = order_id
