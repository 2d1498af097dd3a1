"""Ids for the records of the year of trade: those that follow the documented ones."""

from itertools import count

from comptoir.domain.tx import Tx

KINDS = (
    "brand", "category", "custom_field", "product", "variant", "pricing", "warehouse", "subscription", "customer",
    "customer_group", "order", "order_line", "order_number", "payment", "order_log", "refund",
)  # fmt: skip
# Orders bear a number of six digits, as a shop's do that has been open for a while.
FIRST_ORDER_NUMBER = 100_001


class Numbers:
    """Counts on from what the shop has given so far; the importing verbs raise the shop's counters after."""

    def __init__(self, tx: Tx) -> None:
        tx.ids.reach("order_number", FIRST_ORDER_NUMBER - 1)
        self._counts = {kind: count(tx.ids.next(kind)) for kind in KINDS}

    def take(self, kind: str) -> int:
        """The next one."""
        return next(self._counts[kind])
