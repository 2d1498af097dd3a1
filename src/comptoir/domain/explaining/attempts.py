"""What a gateway was asked for, and what it was asked about."""

from sqlalchemy import bindparam

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor
from comptoir.domain.explaining.order_rows import GET_PAYMENT, PaymentRow
from comptoir.domain.explaining.returns import get_refund_row
from comptoir.domain.payments.attempts import ATTEMPTS, Attempt
from comptoir.domain.payments.models import GatewayAttempt
from comptoir.domain.payments.returning import REFUND
from comptoir.domain.tx import Tx

GET_ATTEMPT = ATTEMPTS.where(GatewayAttempt.id == bindparam("attempt_id"))
OTHERWISE = "asked for otherwise"


def explain_attempt(tx: Tx, attempt_id: int, what: str) -> Explanation:
    """The refund or the payment that a gateway was asked about. Refuses: NotExplained."""
    row = tx.one(GET_ATTEMPT, attempt_id=attempt_id)
    if row is None or what != "amount":
        raise NotExplained(what if row else f"of attempt {attempt_id}")
    attempt = Attempt(*row)
    link = None if attempt.payment_id is None else Link("payment", attempt.payment_id)
    return Explanation(
        minor(
            f"{attempt.gateway} was asked to {attempt.verb}", attempt.amount_minor, attempt.currency,
            why=f"on {attempt.created_at:%Y-%m-%d}", link=link, parts=_asked_about(tx, attempt), rest=OTHERWISE,
        )
    )  # fmt: skip


def _asked_about(tx: Tx, attempt: Attempt) -> list[Node]:
    """What is of another currency, because the buyer pays in it, is told beside and not as a part."""
    if attempt.subject == REFUND:
        refund = get_refund_row(tx, attempt.subject_id)
        link, ask = Link("refund", refund.id), Ask("refund", refund.id, "total")
        found = exact(f"refund {refund.id}", refund.total_e4, refund.currency, link=link, ask=ask)
    elif attempt.payment_id is not None and (row := tx.one(GET_PAYMENT, payment_id=attempt.payment_id)):
        payment = PaymentRow(*row)
        link, ask = Link("payment", payment.id), Ask("payment", payment.id, "amount")
        found = exact(f"payment {payment.id}", abs(payment.amount_e4), payment.currency, link=link, ask=ask)
    else:
        return []
    return [found] if found.currency == attempt.currency else []
