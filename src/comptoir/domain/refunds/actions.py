"""Refunding: drafted, checked against what was bought and paid, processed through a gateway, posted."""

from collections.abc import Sequence
from typing import NamedTuple, NotRequired, TypedDict

from sqlalchemy import bindparam, update

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money, e4_of_minor, minor_of_e4
from comptoir.domain.orders import changing
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.payments.actions import write_outcome
from comptoir.domain.payments.gateways import MANUAL, Charge, Gateway, Outcome, gateway_named
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payments.queries import find_last_received
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.refunds.errors import AlreadyRefunded
from comptoir.domain.refunds.models import DRAFT, ERROR, PRODUCT, SHIPPING, SUCCESS, Refund, RefundItem
from comptoir.domain.refunds.posting import Credit, post_credits
from comptoir.domain.refunds.queries import RefundRow, get_refund, list_items
from comptoir.domain.refunds.standing import Item, Standing, find_standings
from comptoir.domain.tx import Tx

REMOVE_REFUNDS = (
    update(Refund).where(Refund.order_id == bindparam("order_id")).values(removed_at=bindparam("removed_at"))
)
SET_TAX = update(RefundItem).where(RefundItem.id == bindparam("key")).values(tax_minor=bindparam("tax_minor"))


class ItemFields(TypedDict):
    """What to refund: pieces of a line, or the charges (type shipping, no line).

    Without an amount it is what the pieces are worth, or all that is left of the charges; pieces may be none
    when money is given back and the goods are kept.
    """

    type: NotRequired[str]
    order_line_id: NotRequired[int]
    quantity: NotRequired[int]
    amount_e4: NotRequired[int]


def draft_refund(
    tx: Tx,
    *,
    order_id: int,
    items: Sequence[ItemFields],
    notes: str = "",
    parent_id: int = 0,
    category: int | None = None,
) -> int:
    """Draft a refund, and give its id. Nothing moves until it is processed.

    A refund with a parent continues it: more money for the same pieces. The shipping may be negative.
    Refuses: OrderNotFound, Invalid (items, type, quantity, amount), LineNotFound, RefundNotFound (parent),
    NotPaid, AlreadyRefunded, RefundTooLarge, Invalid (total).
    """
    if not items:
        raise Invalid("items", "are none")
    standing = _standing(tx, order_id)
    wanted = [_item(standing, fields) for fields in items]
    if parent_id and get_refund(tx, parent_id).order_id != order_id:
        raise Invalid("parent_id", "is a refund of another order")
    standing.refuse(wanted, continues=parent_id != 0)
    refund_id = tx.ids.next("refund")
    currency = standing.order.currency
    shipping = sum(item.amount_minor for item in wanted if item.type == SHIPPING)
    goods = sum(item.amount_minor for item in wanted if item.type != SHIPPING)
    tx.insert(
        Refund,
        id=refund_id,
        order_id=order_id,
        user_id=tx.actor.operator_id or 0,
        parent_id=parent_id,
        status=DRAFT,
        transaction_id=0,
        transaction_identifier="",
        notes=notes,
        category=category,
        created_at=tx.now,
        refunded_at=None,
        currency=currency,
        items_e4=e4_of_minor(goods, currency),
        shipping_e4=e4_of_minor(shipping, currency),
        total_e4=e4_of_minor(goods + shipping, currency),
        transfer_id=None,
        removed_at=None,
    )
    _write_items(tx, refund_id, wanted, currency)
    after = {"order_id": order_id, "total_e4": e4_of_minor(goods + shipping, currency), "status": DRAFT}
    tx.note("refund.drafted", "refund", refund_id, after=after | {"currency": currency})
    return refund_id


def process_refund(tx: Tx, *, refund_id: int, gateway: Gateway | None = None) -> str:
    """Give the money back, through the gateway that the last payment came from if no other is named.

    Gives the status that the refund came to: success, or error when the gateway would not; an error may be
    processed again.
    Refuses: RefundNotFound, OrderNotFound, AlreadyRefunded, NotPaid, RefundTooLarge.
    """
    standing = _standing(tx, get_refund(tx, refund_id).order_id)
    refund = get_refund(tx, refund_id)
    if refund.status == SUCCESS:
        raise AlreadyRefunded(f"refund {refund_id}")
    rows = list_items(tx, refund_id)
    items = [
        Item(row.type, row.order_line_id, row.quantity, minor_of_e4(row.amount_e4, refund.currency))
        for row in rows
    ]
    standing.refuse(items, continues=refund.parent_id != 0)
    payout = _ask(tx, refund, standing, gateway)
    if payout.outcome.status == PAID:
        taxes = standing.give(items, continues=refund.parent_id != 0)
        credit = Credit(standing.root.id, refund.currency, tx.now, items, taxes)
        (transfer_id,) = post_credits(tx, [credit])
        tx.run_many(
            SET_TAX, [{"key": row.id, "tax_minor": tax} for row, tax in zip(rows, taxes, strict=True)]
        )
        tx.update(Refund, refund_id, refunded_at=tx.now, transfer_id=transfer_id)
    _keep(tx, refund, standing, payout)
    return _conclude(tx, refund, SUCCESS if payout.outcome.status == PAID else ERROR)


def fail_refund(tx: Tx, *, refund_id: int) -> None:
    """Say that a refund did not take place. Refuses: RefundNotFound, OrderNotFound, AlreadyRefunded."""
    lock_root(tx, get_refund(tx, refund_id).order_id)
    refund = get_refund(tx, refund_id)
    if refund.status == SUCCESS:
        raise AlreadyRefunded(f"refund {refund_id}")
    _conclude(tx, refund, ERROR)


def refund_line_item(
    tx: Tx,
    *,
    order_id: int,
    order_line_id: int,
    quantity: int | None = None,
    amount_e4: int | None = None,
    notes: str = "",
    gateway: Gateway | None = None,
) -> int:
    """Refund one line at once, by default all that is left of it, and give the refund's id.

    Refuses: OrderNotFound, LineNotFound, Invalid (quantity, amount), NotPaid, AlreadyRefunded,
    RefundTooLarge.
    """
    line = _standing(tx, order_id).find(PRODUCT, order_line_id)
    pieces = line.pieces_left if quantity is None else quantity
    fields: ItemFields = {"order_line_id": order_line_id, "quantity": pieces}
    if amount_e4 is not None:
        fields["amount_e4"] = amount_e4
    refund_id = draft_refund(tx, order_id=order_id, items=[fields], notes=notes)
    process_refund(tx, refund_id=refund_id, gateway=gateway)
    return refund_id


def refund_order(tx: Tx, *, order_id: int, notes: str = "", gateway: Gateway | None = None) -> int:
    """Refund all that is left of an order, charges too, and give the refund's id.

    Refuses: OrderNotFound, NotPaid, AlreadyRefunded, RefundTooLarge.
    """
    standing = _standing(tx, order_id)
    tops = {line_id: line for line_id, line in standing.lines.items() if line.bundle is None}
    items: list[ItemFields] = [
        {"order_line_id": line_id, "quantity": line.pieces_left}
        for line_id, line in tops.items()
        if line.left_minor > 0
    ]
    if standing.charges.left_minor > 0:
        items.append({"type": SHIPPING})
    if not items:
        raise AlreadyRefunded(f"order {order_id}")
    refund_id = draft_refund(tx, order_id=order_id, items=items, notes=notes)
    process_refund(tx, refund_id=refund_id, gateway=gateway)
    return refund_id


def remove_order(tx: Tx, *, order_id: int) -> None:
    """Take an order out of all reads, and its refunds with it. Refuses: OrderNotFound."""
    changing.remove_order(tx, order_id=order_id)
    tx.run(REMOVE_REFUNDS, order_id=order_id, removed_at=tx.now)


def _standing(tx: Tx, order_id: int) -> Standing:
    lock_root(tx, order_id)
    return find_standings(tx, [order_id])[order_id]


def _item(standing: Standing, fields: ItemFields) -> Item:
    """The item with its amount. Refuses: Invalid (type, quantity, amount), LineNotFound."""
    kind = fields.get("type", PRODUCT)
    line_id = 0 if kind == SHIPPING else fields.get("order_line_id", 0)
    refundable = standing.find(kind, line_id)
    quantity = fields.get("quantity", 1)
    if quantity < 0:
        raise Invalid("quantity", "is below zero")
    amount_e4 = fields.get("amount_e4")
    if amount_e4 is not None:
        minor = payable_minor(amount_e4, standing.order.currency)
    else:
        minor = refundable.left_minor if kind == SHIPPING else refundable.worth_minor(quantity)
        if minor <= 0:
            raise AlreadyRefunded(refundable.name)
    if kind != SHIPPING and minor <= 0:
        raise Invalid("amount", "is not above zero")
    return Item(kind, line_id, quantity, minor)


def _write_items(tx: Tx, refund_id: int, items: Sequence[Item], currency: str) -> None:
    first = tx.ids.next("refund_item", len(items))
    tx.insert_many(
        RefundItem,
        [
            {
                "id": item_id,
                "refund_id": refund_id,
                "type": item.type,
                "order_line_id": item.order_line_id,
                "quantity": item.quantity,
                "amount_e4": e4_of_minor(item.amount_minor, currency),
                "tax_minor": 0,
            }
            for item_id, item in enumerate(items, first)
        ],
    )


class _Payout(NamedTuple):
    """What a gateway answered when it was asked to give money back."""

    payment_id: int
    gateway: str
    amount_minor: int
    outcome: Outcome


def _ask(tx: Tx, refund: RefundRow, standing: Standing, gateway: Gateway | None) -> _Payout:
    received = find_last_received(tx, standing.root.id)
    chosen = gateway or gateway_named(MANUAL if received is None else received.gateway)
    minor = minor_of_e4(refund.total_e4, refund.currency)
    payment_id = tx.ids.next("payment")
    charge = Charge(str(payment_id), Money(minor, refund.currency))
    outcome = chosen.refund(charge, "" if received is None else received.identifier)
    return _Payout(payment_id, chosen.name, -minor, outcome)


def _keep(tx: Tx, refund: RefundRow, standing: Standing, payout: _Payout) -> None:
    """Keep what the gateway answered as a transaction, and name it in the refund."""
    write_outcome(
        tx,
        standing.root,
        payout.outcome,
        order_id=refund.order_id,
        payment_id=payout.payment_id,
        gateway=payout.gateway,
        amount_minor=payout.amount_minor,
    )
    identifier = payout.outcome.identifier
    tx.update(Refund, refund.id, transaction_id=payout.payment_id, transaction_identifier=identifier)


def _conclude(tx: Tx, refund: RefundRow, status: str) -> str:
    tx.update(Refund, refund.id, status=status)
    kind = "refund.succeeded" if status == SUCCESS else "refund.failed"
    tx.note(kind, "refund", refund.id, before={"status": refund.status}, after={"status": status})
    return status
