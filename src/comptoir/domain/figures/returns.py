"""How many of the bank's debits other banks gave back, by the network's kinds and over its window.

The network's rules count the entries that were originated as debits in the last sixty days: of those, at most
0.5 % may come back as not authorised, 3 % for administrative reasons, and 15 % altogether.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal, select

from comptoir.domain.banking.files.models import ACH_OUT, BankFile
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.tx import Tx

WINDOW = timedelta(days=60)
UNAUTHORISED, ADMINISTRATIVE, OVERALL = "unauthorised", "administrative", "overall"
CODES = {
    UNAUTHORISED: frozenset({"R05", "R07", "R10", "R11", "R29", "R51"}),
    ADMINISTRATIVE: frozenset({"R02", "R03", "R04"}),
}
LIMITS = {UNAUTHORISED: Decimal("0.5"), ADMINISTRATIVE: Decimal(3), OVERALL: Decimal(15)}
HUNDREDTH = Decimal("0.01")
# Trial deposits go to the other bank; taking them back is a debit again.
TRIAL_OUT, TRIAL_BACK = "VERDEP", "VERWTH"


class ReturnRate(NamedTuple):
    """How many of the debits came back for one kind of reason, in per cent with two places, and how many may."""

    kind: str
    returned: int
    debits: int
    percent: Decimal
    limit_percent: Decimal

    @property
    def is_over(self) -> bool:
        """Whether more came back than may."""
        return self.percent > self.limit_percent


BY_CODE = (
    select(BankTransfer.type_code, BankTransfer.return_code, func.count())
    .join(BankFile, BankFile.id == BankTransfer.file_id)
    .where(
        BankFile.kind == literal(ACH_OUT),
        BankFile.created_at >= bindparam("since"),
        BankTransfer.file_id.is_not(None),
    )
    .group_by(BankTransfer.type_code, BankTransfer.return_code)
)


def return_rates(tx: Tx) -> list[ReturnRate]:
    """The rates of the last sixty days; none where nothing was debited."""
    counts = [
        (code, int(count))
        for type_code, code, count in tx.all(BY_CODE, since=tx.now - WINDOW)
        if is_debit(type_code)
    ]
    debits = sum(count for _, count in counts)
    if not debits:
        return []
    returned = {kind: sum(count for code, count in counts if code in codes) for kind, codes in CODES.items()}
    returned[OVERALL] = sum(count for code, count in counts if code)
    return [_rate(kind, number, debits) for kind, number in returned.items()]


def is_debit(type_code: str) -> bool:
    """Whether money is drawn from the other bank: what comes in as a deposit."""
    if type_code in {TRIAL_OUT, TRIAL_BACK}:
        return type_code == TRIAL_BACK
    return type_code.endswith("DEP")


def _rate(kind: str, returned: int, debits: int) -> ReturnRate:
    percent = (Decimal(100 * returned) / debits).quantize(HUNDREDTH, ROUND_HALF_UP)
    return ReturnRate(kind, returned, debits, percent, LIMITS[kind])
