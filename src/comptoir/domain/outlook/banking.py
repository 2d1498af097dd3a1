"""What falls due at the bank: files, settlements, holds, interest, statements, cards, and what nobody answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.interest import DUE as ACCRUING
from comptoir.domain.banking.accounts.interest import last_day_over
from comptoir.domain.banking.cards.kinds import AUTHORISATION_CODES
from comptoir.domain.banking.cards.moving_on import AUTHORISATION_DAYS, LAPSED
from comptoir.domain.banking.clearing.hours import hours_of
from comptoir.domain.banking.clearing.settling import DUE as SETTLING
from comptoir.domain.banking.clearing.submitting import DUE as SENDING
from comptoir.domain.banking.customers.verifying import PATIENCE, WAITED
from comptoir.domain.banking.external.verifying import DUE as VERIFYING
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.statements.making import LATEST_MADE, months_due
from comptoir.domain.banking.statements.models import MONTHLY
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.taxes import years_due
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.outlook.due import Due
from comptoir.domain.tx import Tx

HOLDS = (
    select(Hold.id, Hold.expires_at, Hold.subject)
    .where(Hold.state == ACTIVE, Hold.expires_at <= bindparam("at"))
    .order_by(Hold.expires_at, Hold.id)
    .limit(bindparam("limit"))
)
# What is asked for here is not locked, whatever the engine.
UNLOCKED = "sqlite"


def holds(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Money on accounts that is free again."""
    for hold_id, expires_at, subject in tx.all(HOLDS, at=tx.now, limit=limit):
        yield Due("hold", hold_id, expires_at, subject)


def files(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Transfers that go out in a bank file."""
    hours = hours_of(tx, get_program(tx))
    rows = tx.all(
        SENDING[UNLOCKED],
        taken_before=hours.taken_before, hour=hours.hour, sent_until=hours.sent_until, limit=limit,
    )  # fmt: skip
    for row in rows:
        yield Due("transfer", row[0])


def settlements(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Transfers that are in a bank file and settle."""
    hours = hours_of(tx, get_program(tx))
    rows = tx.all(
        SETTLING[UNLOCKED], today=hours.today, settled_before=hours.settled_before, limit=limit
    )  # fmt: skip
    for transfer_id, *_ in rows:
        yield Due("transfer", transfer_id)


def interest(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Accounts that earn interest, each for all the days until then."""
    for (account_id,) in tx.all(ACCRUING[UNLOCKED], through=last_day_over(tx), limit=limit):
        yield Due("bank_account", account_id)


def statements(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Months and years of which customers are told; not the month of which telling has begun."""
    zone = get_program(tx).zone
    begun = tx.one(LATEST_MADE, type=MONTHLY)
    months = [one for one in months_due(tx) if begun is None or one != Period(MONTHLY, *begun)]
    for period in (*months, *years_due(tx))[:limit]:
        yield Due("period", period.year * 100 + period.month, period.ends_at(zone), period.type)


def authorisations(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """What merchants authorised on cards and never asked for."""
    before = tx.now - timedelta(days=AUTHORISATION_DAYS)
    for (transfer_id,) in tx.all(LAPSED, codes=list(AUTHORISATION_CODES), before=before, limit=limit):
        yield Due("transfer", transfer_id)


def registrations(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Customers who were to send documents or answers, and did not."""
    for (customer_id,) in tx.all(WAITED, since=tx.now - PATIENCE)[:limit]:
        yield Due("customer", customer_id)


def verifications(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """External accounts whose trial deposits nobody named."""
    for row in tx.all(VERIFYING, now=tx.now)[:limit]:
        yield Due("external_account", row[0])
