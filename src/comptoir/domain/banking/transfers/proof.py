"""The proof of transfers: what banking knows of each is what the ledger has of it, and limits are what was moved."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Text, and_, func, or_, select, type_coerce

from comptoir.domain.banking.movements.models import SETTLED, VOIDED, AppliedFee, BankTransfer, LimitUse
from comptoir.domain.banking.movements.moving import DEPOSIT_HOLD, KIND, USES
from comptoir.domain.banking.movements.uses import Use, read
from comptoir.domain.ledger import models as ledger
from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.ledger.models import ACTIVE, Hold, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.schema import aliased

_bank = BankTransfer
_is_settled, _is_void = _bank.status == SETTLED, _bank.status == VOIDED
_joined = select(_bank.transfer_id, _bank.status, Transfer.state).join(
    Transfer, Transfer.id == _bank.transfer_id
)
WRONG_STATES = _joined.where(
    or_(
        (Transfer.state == ledger.POSTED) != _is_settled,
        (Transfer.state == ledger.VOIDED) != _is_void,
        _bank.settled_at.is_not(None) != _is_settled,
        _bank.voided_at.is_not(None) != _is_void,
    )
).limit(PROBLEMS_MAX)
WRONG_AMOUNTS = (
    select(_bank.transfer_id, _bank.amount_minor, Posting.amount_minor)
    .join(Posting, Posting.transfer_id == _bank.transfer_id)
    .where(func.abs(Posting.amount_minor) != _bank.amount_minor)
    .limit(PROBLEMS_MAX)
)
_master = aliased(BankTransfer)
NO_MASTER = (
    select(_bank.transfer_id, _bank.master_id)
    .outerjoin(_master, _master.transfer_id == _bank.master_id)
    .where(or_(_master.transfer_id.is_(None), _master.master_id != _master.transfer_id))
    .limit(PROBLEMS_MAX)
)
UNKNOWN = (
    select(Transfer.id)
    .outerjoin(_bank, _bank.transfer_id == Transfer.id)
    .where(Transfer.kind == KIND, Transfer.reverses_id.is_(None), _bank.transfer_id.is_(None))
    .limit(PROBLEMS_MAX)
)
WRONG_FEES = (
    select(AppliedFee.id, AppliedFee.amount_minor, _bank.amount_minor)
    .join(_bank, _bank.transfer_id == AppliedFee.transfer_id)
    .where(or_(AppliedFee.amount_minor != _bank.amount_minor, _bank.fee_code == ""))
    .limit(PROBLEMS_MAX)
)
WRONG_HOLDS = (
    select(Hold.id, Hold.subject_id)
    .outerjoin(_bank, _bank.transfer_id == Hold.subject_id)
    .where(
        Hold.subject == DEPOSIT_HOLD,
        Hold.state == ACTIVE,
        or_(
            _bank.transfer_id.is_(None),
            and_(or_(_bank.status != SETTLED, _bank.amount_minor != Hold.amount_minor)),
        ),
    )
    .limit(PROBLEMS_MAX)
)
# Most movements use no limit; those that do are known by what they keep, without reading all of it.
COUNTED: Any = select(_bank.amount_minor, _bank.details).where(
    _bank.status != VOIDED, type_coerce(_bank.details, Text).like(f'%"{USES}":%')
)
COUNTERS = select(
    LimitUse.scope,
    LimitUse.scope_id,
    LimitUse.direction,
    LimitUse.period,
    LimitUse.used_minor,
    LimitUse.count,
)


def check_transfers(tx: Tx) -> list[str]:
    """Everything in which transfers of the bank, the ledger and the counted limits disagree."""
    return [
        *(f"bank transfer {row[0]} is {row[1]}, in the ledger {row[2]}" for row in tx.all(WRONG_STATES)),
        *(f"bank transfer {row[0]} is of {row[1]}, a posting of {row[2]}" for row in tx.all(WRONG_AMOUNTS)),
        *(f"bank transfer {row[0]} belongs to {row[1]}, which is no first one" for row in tx.all(NO_MASTER)),
        *(f"transfer {row[0]} is the bank's, which does not know it" for row in tx.all(UNKNOWN)),
        *(f"fee {row[0]} is {row[1]}, its transfer {row[2]}" for row in tx.all(WRONG_FEES)),
        *(f"hold {row[0]} is for transfer {row[1]}, which is another" for row in tx.all(WRONG_HOLDS)),
        *_wrong_counters(tx),
    ][:PROBLEMS_MAX]


def _wrong_counters(tx: Tx) -> list[str]:
    """Limits of which more or less is used than was moved."""
    minor: Counter[tuple[Use, date]] = Counter()
    times: Counter[tuple[Use, date]] = Counter()
    for amount_minor, details in tx.all(COUNTED):
        uses, day = read(details[USES])
        for use in uses:
            minor[use, day] += amount_minor
            times[use, day] += 1
    kept = {
        (Use(scope, scope_id, direction), date.fromisoformat(period)): (used_minor, count)
        for scope, scope_id, direction, period, used_minor, count in tx.all(COUNTERS)
    }
    return [
        f"{use.scope} {use.scope_id} used {kept.get((use, day), (0, 0))} of its {use.direction} limit on {day},"
        f" its transfers say {(minor[use, day], times[use, day])}"
        for use, day in sorted(kept.keys() | minor.keys())
        if kept.get((use, day), (0, 0)) != (minor[use, day], times[use, day])
    ]
