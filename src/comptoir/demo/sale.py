"""A sale: the order, its children, and everything else that came of one purchase."""

from dataclasses import dataclass, field
from typing import Any

from comptoir.domain.customers.importing import NotificationImport
from comptoir.domain.orders.importing import OrderImport
from comptoir.domain.orders.logs import LogImport
from comptoir.domain.payments.importing import PaymentImport
from comptoir.domain.refunds.importing import RefundImport


@dataclass
class Sale:
    """What the importing verbs are given, in their order."""

    orders: list[OrderImport]
    payments: list[PaymentImport] = field(default_factory=list)
    logs: list[LogImport] = field(default_factory=list)
    refunds: list[RefundImport] = field(default_factory=list)
    notifications: list[NotificationImport] = field(default_factory=list)

    @property
    def order(self) -> Any:
        """The order itself, of which the others are children."""
        return self.orders[0]
