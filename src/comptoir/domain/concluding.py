"""Who concludes what a gateway answered too late: the room that asked for the money, by what it was asked for."""

from collections.abc import Mapping

from comptoir.domain.checkout.paying import SUBJECT as CHECKOUT
from comptoir.domain.checkout.paying import conclude_checkout
from comptoir.domain.payments.attempts import Attempt
from comptoir.domain.payments.capturing import INVOICE, conclude_invoice
from comptoir.domain.payments.charging import ATTEMPT, Conclude
from comptoir.domain.payments.returning import REFUND, REPAYMENT
from comptoir.domain.payments.surplus import conclude_repayment
from comptoir.domain.refunds.actions import conclude_refund
from comptoir.domain.subscriptions.installments import SUBJECT as ENROLMENT
from comptoir.domain.subscriptions.installments import conclude_installment
from comptoir.domain.tx import Tx


def conclude_nothing(_tx: Tx, _attempt: Attempt) -> None:
    """Money that was let go again was never in the books."""


CONCLUDERS: Mapping[str, Conclude] = {
    ATTEMPT: conclude_nothing,
    CHECKOUT: conclude_checkout,
    ENROLMENT: conclude_installment,
    INVOICE: conclude_invoice,
    REFUND: conclude_refund,
    REPAYMENT: conclude_repayment,
}
