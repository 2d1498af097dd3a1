"""Which movements a statement counts as interest, as tax withheld from it, and as fees; and their words."""

from sqlalchemy import ColumnElement, or_

from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.ledger.models import Transfer

INTEREST_TYPES = frozenset({"INTPAY"})
WITHHOLDING_TYPES = frozenset({"INTWHD"})
FEE_TYPES = frozenset({"PRGFEE", "PRGFRV", "PXTFEE", "PXTFRV", "FEEDBT", "FEECRD", "RGDFEE"})
# What the shop itself moves on the merchant's settlement account.
FEE_KINDS = frozenset({"fee", "chargeback_fee", "payout_fee"})

# Constants of ours, so that the statements that use them stay constants too.
IS_INTEREST: ColumnElement[bool] = or_(*(BankTransfer.type_code == code for code in sorted(INTEREST_TYPES)))
IS_WITHHELD: ColumnElement[bool] = or_(
    *(BankTransfer.type_code == code for code in sorted(WITHHOLDING_TYPES))
)
IS_FEE: ColumnElement[bool] = or_(
    BankTransfer.fee_code != "",
    *(BankTransfer.type_code == code for code in sorted(FEE_TYPES)),
    *(Transfer.kind == kind for kind in sorted(FEE_KINDS)),
)


def is_interest(type_code: str | None) -> bool:
    """Whether a movement is interest."""
    return type_code in INTEREST_TYPES


def is_withheld(type_code: str | None) -> bool:
    """Whether a movement is tax that was withheld from interest."""
    return type_code in WITHHOLDING_TYPES


def is_fee(kind: str, type_code: str | None, fee_code: str | None) -> bool:
    """Whether a movement is a fee, or gives one back."""
    return bool(fee_code) or type_code in FEE_TYPES or kind in FEE_KINDS
