"""Billing at once what should have been billed before: after a decline, or when it was put off."""

from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.port import Gateways
from comptoir.domain.subscriptions.errors import EnrolmentEnded, NotDue
from comptoir.domain.subscriptions.outcomes import Renewal
from comptoir.domain.subscriptions.queries import lock_enrolment
from comptoir.domain.subscriptions.renewing import renew
from comptoir.domain.subscriptions.writing import write_change
from comptoir.domain.tx import Tx


def retry(tx: Tx, *, enrolment_id: int, gateways: Gateways = gateway_named) -> Renewal:
    """Bill what is overdue without waiting for the day of the next attempt.

    A decline counts as one of the attempts. Whose gateway is far away has an attempt in the answer, to be asked
    when the transaction has ended.
    Refuses: EnrolmentNotFound, EnrolmentEnded, NotDue (its billing day has not come), SubscriptionClosed.
    """
    row = lock_enrolment(tx, enrolment_id)
    if not row.is_active:
        raise EnrolmentEnded(f"enrolment {enrolment_id} is over")
    if row.next_billing_at is None or row.next_billing_at > tx.now:
        raise NotDue(enrolment_id, row.due_at)
    if row.due_at is None or row.due_at > tx.now:
        write_change(tx, "enrolment.brought_forward", row, {"due_at": tx.now})
    return renew(tx, enrolment_id=enrolment_id, gateways=gateways)
