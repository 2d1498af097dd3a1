"""How many external accounts a customer may have, and who may add one."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from comptoir.domain.banking.customers.models import BankCustomer, CustomerRelationship
from comptoir.domain.banking.external.errors import (
    AddingDisabled,
    RequesterRefused,
    TooManyArchivals,
    TooManyExternalAccounts,
)
from comptoir.domain.banking.external.models import (
    ARCHIVED,
    UNVERIFIED,
    VERIFIED,
    VERIFY_LOCKED,
    ExternalAccount,
)
from comptoir.domain.banking.movements.models import SETTLED, BankTransfer
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

# An archived one counts for so long after money last settled through it (reference 3.5.3).
COUNTED_DAYS = 90
# What anybody may ever have, archived ones too, so that no list grows without end.
EVER_MAX = 1000
MAY_MANAGE = "FULL"

_USED_LATELY = exists().where(
    BankTransfer.external_account_id == ExternalAccount.id,
    BankTransfer.status == SETTLED,
    BankTransfer.settled_at >= bindparam("since", type_=Instant()),
)
COUNTED = select(func.count()).where(
    ExternalAccount.customer_id == bindparam("customer_id"),
    or_(
        ExternalAccount.status == UNVERIFIED,
        ExternalAccount.status == VERIFY_LOCKED,
        ExternalAccount.status == VERIFIED,
        and_(ExternalAccount.status == ARCHIVED, _USED_LATELY),
    ),
)
EVER = select(func.count()).where(ExternalAccount.customer_id == bindparam("customer_id"))
ARCHIVALS = select(func.count()).where(
    ExternalAccount.customer_id == bindparam("customer_id"),
    ExternalAccount.status == ARCHIVED,
    ExternalAccount.status_at >= bindparam("since", type_=Instant()),
)
_CUSTOMER = select(BankCustomer.customer_id).where(BankCustomer.customer_id == bindparam("customer_id"))
# Whoever adds one for a customer stands in line, so that no two take the last place.
LOCK_CUSTOMER: dict[str, Any] = {"sqlite": _CUSTOMER, "postgres": _CUSTOMER.with_for_update(key_share=True)}
RELATIONSHIP = select(CustomerRelationship.id).where(
    CustomerRelationship.primary_id == bindparam("customer_id"),
    CustomerRelationship.related_id == bindparam("requester_id"),
    CustomerRelationship.is_active.is_(True),
    CustomerRelationship.external_access_type == MAY_MANAGE,
)


def refuse_requester(tx: Tx, customer_id: int, requester_id: int | None) -> None:
    """Whoever asks for another needs a relationship that lets them manage external accounts.

    Refuses: RequesterRefused.
    """
    if requester_id in {None, customer_id}:
        return
    if tx.one(RELATIONSHIP, customer_id=customer_id, requester_id=requester_id) is None:
        raise RequesterRefused(requester_id or 0)


def refuse_more(tx: Tx, program: ProgramFacts, customer_id: int) -> None:
    """Refuses: AddingDisabled (a limit of none), TooManyExternalAccounts (ever, or at a time)."""
    limit = program.external_account_count_max
    if limit == 0:
        raise AddingDisabled
    tx.one(LOCK_CUSTOMER[tx.engine], customer_id=customer_id)
    if tx.value(EVER, customer_id=customer_id) >= EVER_MAX:
        raise TooManyExternalAccounts(EVER_MAX)
    if limit is None:
        return
    since = start_of_day(tx, program, days_ago=COUNTED_DAYS)
    if tx.value(COUNTED, customer_id=customer_id, since=since) >= limit:
        raise TooManyExternalAccounts(limit)


def refuse_archivals(tx: Tx, program: ProgramFacts, customer_id: int) -> None:
    """Refuses: TooManyArchivals."""
    limit = program.archivals_per_day_max
    if limit is None:
        return
    if tx.value(ARCHIVALS, customer_id=customer_id, since=start_of_day(tx, program)) >= limit:
        raise TooManyArchivals(limit)


def start_of_day(tx: Tx, program: ProgramFacts, *, days_ago: int = 0) -> datetime:
    """When a day began on the bank's clock."""
    day = tx.now.astimezone(program.zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time.min, program.zone)
