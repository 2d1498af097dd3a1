"""Proving an external account by the amounts of its trial deposits, within a time and so many attempts."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import bindparam

from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.external.checking import nick_name_faults
from comptoir.domain.banking.external.counting import refuse_more, refuse_requester
from comptoir.domain.banking.external.errors import (
    ExternalAccountFaulty,
    ExternalAccountLocked,
    ExternalAccountNotFound,
    VerificationNotNeeded,
    VerificationOver,
    VerificationRefused,
)
from comptoir.domain.banking.external.models import (
    ARCHIVED,
    DENIED,
    EXPIRED,
    UNVERIFIED,
    VERIFIED,
    VERIFY_LOCKED,
    ExternalAccount,
)
from comptoir.domain.banking.external.noting import write_change
from comptoir.domain.banking.external.queries import (
    EXTERNALS,
    LIVING,
    ExternalAccountRow,
    take_external_account,
)
from comptoir.domain.banking.external.trials import draw_amounts, send_trials
from comptoir.domain.banking.program.models import NONE
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

EXPIRE_MAX = 500
DUE = (
    EXTERNALS.where(
        ExternalAccount.status == UNVERIFIED,
        ExternalAccount.verify_expires_at <= bindparam("now", type_=Instant()),
    )
    .order_by(ExternalAccount.id)
    .limit(EXPIRE_MAX)
)
EXPIRING = {"sqlite": DUE, "postgres": DUE.with_for_update(key_share=True, skip_locked=True)}


class Attempt(NamedTuple):
    """What came of naming the amounts. A miss is no refusal: it is counted, and has to stay."""

    is_matched: bool
    attempts_left: int = 0


def verify_external_account(
    tx: Tx,
    *,
    customer_id: int,
    external_account_id: int,
    amounts: tuple[int, int],
    requesting_customer_id: int | None = None,
) -> Attempt:
    """Compare the amounts, in either order, with those that were sent; the last miss allowed ends it.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, RequesterRefused,
    ExternalAccountNotFound, ExternalAccountLocked, VerificationRefused (by the status), VerificationOver,
    ExternalAccountFaulty (nick name: somebody took it meanwhile).
    """
    program = get_program(tx)
    row = _own(tx, customer_id, external_account_id, requesting_customer_id)
    if row.is_locked:
        raise ExternalAccountLocked(row.id)
    refuse_unverifiable(tx, row)
    if sorted(amounts) == sorted((row.amount1_minor or 0, row.amount2_minor or 0)):
        faults = list(nick_name_faults(tx, customer_id, row.nick_name, own_id=row.id))
        if faults:
            raise ExternalAccountFaulty(faults)
        write_change(tx, row, "verified", status=VERIFIED, amount1_minor=None, amount2_minor=None)
        return Attempt(is_matched=True)
    missed = row.attempts + 1
    left = max(0, program.verify_attempts_max - missed)
    ended = DENIED if program.is_denied_after_attempts else VERIFY_LOCKED
    write_change(tx, row, "verification_failed", attempts=missed, status=row.status if left else ended)
    return Attempt(is_matched=False, attempts_left=left)


def refuse_unverifiable(tx: Tx, row: ExternalAccountRow) -> None:
    """Refuses: VerificationRefused, VerificationOver, ExternalAccountNotFound (archived), by its status."""
    if row.status == ARCHIVED:
        raise ExternalAccountNotFound(row.id)
    expires_at = row.verify_expires_at or tx.now
    if row.status == EXPIRED or (row.status == UNVERIFIED and expires_at <= tx.now):
        raise VerificationOver(expires_at)
    if row.status != UNVERIFIED:
        raise VerificationRefused(row.status)


def resend_verification(
    tx: Tx, *, customer_id: int, external_account_id: int, requesting_customer_id: int | None = None
) -> None:
    """Begin again with new amounts: what was not proved, was locked by misses, or took too long.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, RequesterRefused,
    ExternalAccountNotFound (also when archived), VerificationNotNeeded, VerificationRefused (verified, denied),
    AddingDisabled, TooManyExternalAccounts (an expired one counts again), NoVerificationFunds.
    """
    program = get_program(tx)
    row = _own(tx, customer_id, external_account_id, requesting_customer_id)
    if row.status == ARCHIVED:
        raise ExternalAccountNotFound(row.id)
    if program.external_verification_type == NONE:
        raise VerificationNotNeeded
    if row.status in {VERIFIED, DENIED}:
        raise VerificationRefused(row.status)
    if row.status not in LIVING:
        refuse_more(tx, program, customer_id)
    amounts = draw_amounts(tx)
    write_change(
        tx,
        row,
        "verification_resent",
        status=UNVERIFIED,
        attempts=0,
        amount1_minor=amounts[0],
        amount2_minor=amounts[1],
        verify_sent_at=tx.now,
        verify_expires_at=tx.now + timedelta(days=program.verify_window_days),
    )
    send_trials(tx, program, external_account_id=row.id, customer_id=customer_id, amounts=amounts)


def expire_verifications(tx: Tx) -> int:
    """End the verifications whose time is over, some at a time, and say how many."""
    rows = [ExternalAccountRow(*row) for row in tx.all(EXPIRING[tx.engine], now=tx.now)]
    for row in rows:
        write_change(tx, row, "verification_expired", status=EXPIRED, amount1_minor=None, amount2_minor=None)
    return len(rows)


def _own(tx: Tx, customer_id: int, external_account_id: int, requester_id: int | None) -> ExternalAccountRow:
    require_customer(tx, customer_id, is_verified=False)
    refuse_requester(tx, customer_id, requester_id)
    return take_external_account(tx, external_account_id, customer_id=customer_id)
