"""The proof of chargebacks: each is what the ledger took for it, and the ledger took nothing else."""

from sqlalchemy import func, or_, select

from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.payments.chart import CHARGEBACKS
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.tx import Tx

_posted = (
    select(Posting.transfer_id.label("transfer_id"), func.sum(Posting.amount_minor).label("minor"))
    .select_from(Account)
    .join(Posting, Posting.account_id == Account.id)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(Account.code == CHARGEBACKS.code, Transfer.state == POSTED)
    .group_by(Posting.transfer_id)
    .subquery()
)
_minor = func.coalesce(_posted.c.minor, 0)
WRONG_CHARGEBACKS = (
    select(Chargeback.id, Chargeback.amount_minor, _minor)
    .outerjoin(_posted, _posted.c.transfer_id == Chargeback.transfer_id)
    .where(or_(Chargeback.amount_minor != _minor, Chargeback.amount_minor <= 0))
    .limit(PROBLEMS_MAX)
)
STRAY_TRANSFERS = (
    select(_posted.c.transfer_id, _posted.c.minor)
    .outerjoin(Chargeback, Chargeback.transfer_id == _posted.c.transfer_id)
    .where(Chargeback.id.is_(None))
    .limit(PROBLEMS_MAX)
)


def check_chargebacks(tx: Tx) -> list[str]:
    """What is wrong with the chargebacks, in words."""
    wrong = [
        f"chargeback {key} is {kept}, the ledger has {posted}"
        for key, kept, posted in tx.all(WRONG_CHARGEBACKS)
    ]
    stray = [f"transfer {key} took {minor} for no chargeback" for key, minor in tx.all(STRAY_TRANSFERS)]
    return [*wrong, *stray]
