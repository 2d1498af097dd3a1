"""What a card message does: its kind, by ISO 8583's processing and merchant category codes, and its type codes."""

from enum import Enum
from typing import NamedTuple


class TypeCodes(NamedTuple):
    """What the transactions of a kind are called: authorised, posted, reversed."""

    authorised: str
    posted: str
    reversed: str


class Kind(Enum):
    """What is done with a card."""

    PURCHASE = TypeCodes("ATHPCH", "CRDPCH", "REVPCH")
    CASH = TypeCodes("ATHCSH", "CRDCSH", "REVCSH")
    RETURN = TypeCodes("ATHRTW", "CRDRTN", "REVRTN")
    TRANSFER = TypeCodes("ATHXFR", "CRDXFR", "REVXFR")

    @property
    def is_credit(self) -> bool:
        """Whether it brings money to the account."""
        return self is Kind.RETURN


CHARGEBACK_CODE = "CRDCHB"
AUTHORISATION_CODES = tuple(kind.value.authorised for kind in Kind)
OF_AUTHORISATION = {kind.value.authorised: kind for kind in Kind}
OF_POSTED = {kind.value.posted: kind for kind in Kind}

# The first two digits of a processing code (ISO 8583, data element 3).
_BY_PROCESSING = {"01": Kind.CASH, "20": Kind.RETURN, "22": Kind.RETURN, "40": Kind.TRANSFER}
# Cash over the counter, and from a machine (ISO 18245).
CASH_CATEGORIES = frozenset({"6010", "6011"})


def kind_of(processing_code: str, category_code: str) -> Kind:
    """What a message does; a purchase unless its codes say something else."""
    kind = _BY_PROCESSING.get(processing_code[:2], Kind.PURCHASE)
    return Kind.CASH if kind is Kind.PURCHASE and category_code in CASH_CATEGORIES else kind
