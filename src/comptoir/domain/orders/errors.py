"""What the orders room refuses.

ComptoirError
├─ NotFound
│  ├─ OrderNotFound     there is no such order, or it was removed
│  ├─ SaleNotFound      no order is of this sale
│  ├─ LineNotFound      the order has no such line
│  └─ LogNotFound       the order has no such log
└─ Conflict
   ├─ OrderChanged      somebody else changed it since it was read
   ├─ CannotSplit       it is a child, or was split before
   ├─ NoInvoice         it was not sold at a checkout, so there is no invoice to review or capture
   ├─ InvoiceSettled    the invoice is past the status that it would be given
   ├─ SeveralInvoices   the sale has several invoices and none was named
   ├─ NotShippable      nothing in it is sent anywhere
   └─ AlreadyShipped    it was sent before
"""

from comptoir.domain.errors import Conflict, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it was removed."""

    thing = "order"


class SaleNotFound(NotFound):
    """No order is of this sale."""

    thing = "sale"


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


class NoInvoice(Conflict):
    """The order was not sold at a checkout: nothing of it is reviewed, captured or paid out."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"order {order_id} has no invoice")
        self.order_id = order_id


class InvoiceSettled(Conflict):
    """The invoice is past the status that it would be given."""

    def __init__(self, order_id: int, status: str, wanted: str) -> None:
        super().__init__(f"invoice {order_id} is {status} and cannot become {wanted}")
        self.order_id = order_id
        self.status = status
        self.wanted = wanted


class SeveralInvoices(Conflict):
    """The sale has several invoices and none was named."""

    def __init__(self, sale_id: int) -> None:
        super().__init__(f"sale {sale_id} has several invoices")
        self.sale_id = sale_id


class NotShippable(Conflict):
    """Nothing in the order is sent anywhere."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"nothing of order {order_id} is shipped")
        self.order_id = order_id


class AlreadyShipped(Conflict):
    """The order was sent before."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"order {order_id} was shipped before")
        self.order_id = order_id
