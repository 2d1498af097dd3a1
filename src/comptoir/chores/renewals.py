"""Renewing: who is due is billed some at a time; a gateway far away is asked by several threads, outside."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import ComptoirError
from comptoir.domain.payments.attempts import Attempt
from comptoir.domain.payments.charging import asked, finish
from comptoir.domain.subscriptions.installments import conclude_installment
from comptoir.domain.subscriptions.outcomes import ASKED, Renewal
from comptoir.domain.subscriptions.queries import Due, list_due_after
from comptoir.domain.subscriptions.renewing import Batch, renew, renew_batch

LOG = structlog.get_logger()
# So many in one transaction that a long list is short work, and so few that nobody waits for it.
BATCH = 25
THREADS = 8
# The next round goes on where this one ends.
BATCHES_MAX = 40_000


def renewals(home: ServedShop) -> int:
    """Renew who is due, and say how many. Whoever missed many intervals is billed for each, one by one."""
    done = 0
    last: Due | None = None
    with ThreadPoolExecutor(THREADS, thread_name_prefix="renewal") as pool:
        for _ in range(BATCHES_MAX):
            batch = some(home, last)
            if batch.last is None:
                break
            last = batch.last
            done += sum(one.outcome != ASKED for one in batch.renewals)
            attempts = [one.attempt for one in batch.renewals if one.attempt is not None]
            done += sum(pool.map(partial(ask, home), attempts))
    return done


def some(home: ServedShop, last: Due | None) -> Batch:
    """Renew some in one transaction; when one of them cannot be, each in its own, so that it holds up no other."""
    try:
        return home.shop.write(partial(renew_batch, after=last, limit=BATCH, gateways=home.gateways))
    except Exception:
        LOG.exception("renewals failed", shop=home.shop.name)
    due = home.shop.read(partial(list_due_after, after=last, limit=BATCH))
    renewed = [one for each in due if (one := single(home, each.enrolment_id)) is not None]
    return Batch(renewed, due[-1] if due else None)


def single(home: ServedShop, enrolment_id: int) -> Renewal | None:
    """Renew one in a transaction of its own; None when that cannot be, which the log tells."""
    try:
        return home.shop.write(partial(renew, enrolment_id=enrolment_id, gateways=home.gateways))
    except Exception:
        LOG.exception("renewal failed", shop=home.shop.name, enrolment=enrolment_id)
        return None


def ask(home: ServedShop, attempt: Attempt) -> bool:
    """Ask a gateway for an installment, and go on by its answer; what it leaves open is looked up later."""
    try:
        finish(home.shop, attempt, asked(home.gateways(attempt.gateway), attempt), conclude_installment)
    except ComptoirError as refusal:
        LOG.warning("renewal refused", enrolment=attempt.subject_id, reason=str(refusal))
        return False
    return True
