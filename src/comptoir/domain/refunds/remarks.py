"""What a sale is remarked on when some of it was refunded."""

from comptoir.domain.orders.commenting import add_comment
from comptoir.domain.orders.queries import get_head
from comptoir.domain.refunds.queries import get_refund
from comptoir.domain.tx import Tx


def note_refund(
    tx: Tx, *, refund_id: int, order_id: int, of_sale: bool = False, ip_address: str = ""
) -> None:
    """Remark on the sale that a refund was issued, and why. Refuses: RefundNotFound, OrderNotFound."""
    refund, head = get_refund(tx, refund_id), get_head(tx, order_id)
    add_comment(
        tx,
        sale_id=head.sale_id,
        order_id=head.id,
        text=f"Refund Issued On {'Sale' if of_sale else 'Invoice'}: {refund.notes}",
        category=refund.category,
        ip_address=ip_address,
    )
