"""Remarks on sales, by operators or by what happened to them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.customers.notifications import notify_customer
from comptoir.domain.customers.queries import is_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.orders.models import Order, OrderComment
from comptoir.domain.orders.queries import first_of_sale, get_head
from comptoir.domain.tx import Tx

TEXT_MAX = 10_000


class CommentRow(NamedTuple):
    """One remark."""

    id: int
    order_id: int
    created_at: datetime
    author: str
    ip_address: str
    text: str
    category: int | None


COMMENTS = (
    select(*(getattr(OrderComment, name) for name in CommentRow._fields))
    .join(Order, Order.id == OrderComment.order_id)
    .where(OrderComment.sale_id == bindparam("sale_id"), Order.removed_at.is_(None))
    .order_by(OrderComment.created_at.desc(), OrderComment.id.desc())
)


def add_comment(
    tx: Tx,
    *,
    sale_id: int,
    text: str,
    order_id: int | None = None,
    category: int | None = None,
    ip_address: str = "",
) -> int:
    """Remark on a sale, or on one of its orders, in the actor's name, and give the remark's id.

    Refuses: SaleNotFound, Invalid (text).
    """
    first_id = first_of_sale(tx, sale_id)
    if not text.strip() or len(text) > TEXT_MAX:
        raise Invalid("text", f"is empty or longer than {TEXT_MAX} characters")
    comment_id = tx.ids.next("order_comment")
    tx.insert(
        OrderComment,
        id=comment_id,
        sale_id=sale_id,
        order_id=order_id or first_id,
        created_at=tx.now,
        author=tx.actor.name,
        ip_address=ip_address,
        text=text,
        category=category,
    )
    after = {"comment_id": comment_id, "text": text, "category": category}
    tx.note("sale.commented", "sale", sale_id, after=after)
    return comment_id


def tell_customer(tx: Tx, *, sale_id: int, text: str) -> bool:
    """Tell the customer of a sale something, if the sale has one. Refuses: SaleNotFound, Invalid (content)."""
    head = get_head(tx, first_of_sale(tx, sale_id))
    if head.customer_id is None or not is_customer(tx, head.customer_id):
        return False
    notify_customer(tx, customer_id=head.customer_id, content=text, source=tx.shop.name)
    return True


def list_comments(tx: Tx, sale_id: int) -> list[CommentRow]:
    """The remarks on a sale, newest first."""
    return [CommentRow(*row) for row in tx.all(COMMENTS, sale_id=sale_id)]
