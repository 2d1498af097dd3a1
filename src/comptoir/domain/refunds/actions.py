"""Refunding: drafted, checked against what was bought and paid, processed through a gateway, posted."""

from collections.abc import Sequence
from typing import NamedTuple, NotRequired, TypedDict

from sqlalchemy import bindparam, update

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money, e4_of_minor, minor_of_e4
from comptoir.domain.orders import changing
from comptoir.domain.orders.queries import get_head
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.payments.actions import write_outcome
from comptoir.domain.payments.attempts import Attempt
from comptoir.domain.payments.gateways import (
    MANUAL,
    AnsweredGateway,
    Charge,
    Gateway,
    Outcome,
    gateway_named,
)
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payments.queries import PaymentRow, get_payment
from comptoir.domain.payments.returning import REFUND, begin_return, find_source, refuse_in_flight
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.refunds.errors import AlreadyRefunded, RefundTooLarge
from comptoir.domain.refunds.models import (
    AMOUNT,
    DRAFT,
    ERROR,
    PRODUCT,
    SHIPPING,
    SUCCESS,
    Refund,
    RefundItem,
)
from comptoir.domain.refunds.posting import Credit, post_credits
from comptoir.domain.refunds.queries import RefundRow, get_refund, list_items
from comptoir.domain.refunds.remarks import note_refund
from comptoir.domain.refunds.standing import Item, Standing, find_standings
from comptoir.domain.tx import Tx

REMOVE_REFUNDS = (
    update(Refund).where(Refund.order_id == bindparam("order_id")).values(removed_at=bindparam("removed_at"))
)
SET_TAX = update(RefundItem).where(RefundItem.id == bindparam("key")).values(tax_minor=bindparam("tax_minor"))


class ItemFields(TypedDict):
    """What to refund: pieces of a line, the charges (type shipping, no line), or an amount of the whole order.

    Without an amount it is what the pieces are worth, or all that is left of the charges; pieces may be none
    when money is given back and the goods are kept. The charges of an itemised order are its shipping lines.
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
    standing = standing_of(tx, order_id)
    wanted = [item for fields in items for item in _items(standing, fields)]
    if parent_id and get_refund(tx, parent_id).order_id != order_id:
        raise Invalid("parent_id", "is a refund of another order")
    standing.refuse(wanted, continues=parent_id != 0)
    return _draft(tx, standing, wanted, notes=notes, parent_id=parent_id, category=category)


def draft_items(
    tx: Tx, standing: Standing, items: Sequence[Item], *, notes: str = "", category: int | None = None
) -> int:
    """Draft a refund of items that are reckoned already, and give its id.

    Refuses: NotPaid, AlreadyRefunded, RefundTooLarge, Invalid (total).
    """
    standing.refuse(items, continues=False)
    return _draft(tx, standing, items, notes=notes, parent_id=0, category=category)


def _draft(
    tx: Tx, standing: Standing, wanted: Sequence[Item], *, notes: str, parent_id: int, category: int | None
) -> int:
    order_id = standing.order.id
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


def process_refund(
    tx: Tx, *, refund_id: int, gateway: Gateway | None = None, payment_id: int | None = None
) -> str:
    """Give the money back, through the gateway that the last payment came from if no other is named.

    It goes by the last payment of which so much is left, or by the one that is named.
    Gives the status that the refund came to: success, or error when the gateway would not; an error may be
    processed again. A gateway far away is asked by the worker: until it has answered, the refund stays what it
    is, and nothing else of the payment can be given back.
    Refuses: RefundNotFound, OrderNotFound, AlreadyRefunded, NotPaid, RefundTooLarge, AttemptInFlight.
    """
    standing = standing_of(tx, get_refund(tx, refund_id).order_id)
    refund = get_refund(tx, refund_id)
    if refund.status == SUCCESS:
        raise AlreadyRefunded(f"refund {refund_id}")
    rows = list_items(tx, refund_id)
    items = [
        Item(row.type, row.order_line_id, row.quantity, minor_of_e4(row.amount_e4, refund.currency))
        for row in rows
    ]
    standing.refuse(items, continues=refund.parent_id != 0)
    received = paid_by(tx, refund, standing.root.id) if payment_id is None else get_payment(tx, payment_id)
    if received is not None:
        refuse_in_flight(tx, received)
    chosen = gateway or gateway_named(MANUAL if received is None else received.gateway)
    if chosen.is_remote and received is not None:
        minor = minor_of_e4(refund.total_e4, refund.currency)
        returned = standing.root.repaid_minor
        begin_return(
            tx, subject=REFUND, subject_id=refund_id, payment=received, amount_minor=minor,
            returned_minor=returned,
        )  # fmt: skip
        return refund.status
    payout = _ask(tx, refund, received, chosen)
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


def paid_by(tx: Tx, refund: RefundRow, root_id: int) -> PaymentRow | None:
    """The payment by which a refund goes back; it must have so much left. Refuses: AttemptInFlight, RefundTooLarge."""
    minor = minor_of_e4(refund.total_e4, refund.currency)
    source = find_source(tx, root_id, minor)
    if source is None:
        return None
    if not source.has(minor):
        refuse_in_flight(tx, source.payment)
        thing = f"payment {source.payment.id}"
        raise RefundTooLarge(thing, left=source.left_minor or 0, wanted=minor)
    return source.payment


def conclude_refund(tx: Tx, attempt: Attempt) -> None:
    """What a gateway answered, when it was asked outside, means for the refund that it was asked for.

    One for which a reason was given is remarked on, now that it has come about.
    Refuses: RefundNotFound, OrderNotFound, AlreadyRefunded, NotPaid, RefundTooLarge.
    """
    refund = get_refund(tx, attempt.subject_id)
    answered = AnsweredGateway(attempt.gateway, attempt.outcome)
    status = process_refund(tx, refund_id=refund.id, gateway=answered, payment_id=attempt.payment_id)
    if status == SUCCESS and refund.category is not None:
        note_refund(tx, refund_id=refund.id, order_id=get_head(tx, refund.order_id).root_id)


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
    line = standing_of(tx, order_id).find(PRODUCT, order_line_id)
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
    standing = standing_of(tx, order_id)
    items = standing.remainder()
    if not items:
        raise AlreadyRefunded(f"order {order_id}")
    refund_id = draft_items(tx, standing, items, notes=notes)
    process_refund(tx, refund_id=refund_id, gateway=gateway)
    return refund_id


def remove_order(tx: Tx, *, order_id: int) -> None:
    """Take an order out of all reads, and its refunds with it. Refuses: OrderNotFound."""
    changing.remove_order(tx, order_id=order_id)
    tx.run(REMOVE_REFUNDS, order_id=order_id, removed_at=tx.now)


def standing_of(tx: Tx, order_id: int) -> Standing:
    """What is left to refund of an order, locked until the transaction ends. Refuses: OrderNotFound."""
    lock_root(tx, order_id)
    return find_standings(tx, [order_id])[order_id]


def _items(standing: Standing, fields: ItemFields) -> list[Item]:
    """What is wanted, with its amount. Refuses: Invalid (type, quantity, amount), LineNotFound."""
    kind, line_id = fields.get("type", PRODUCT), fields.get("order_line_id", 0)
    quantity = fields.get("quantity", 1)
    if quantity < 0:
        raise Invalid("quantity", "is below zero")
    amount_e4 = fields.get("amount_e4")
    amount = None if amount_e4 is None else payable_minor(amount_e4, standing.order.currency)
    if kind == SHIPPING:
        return _shipping(standing, line_id, quantity, amount)
    if kind == AMOUNT:
        if amount is None or amount <= 0 or line_id:
            raise Invalid("amount", "is missing, not above zero, or of a line")
        return [Item(AMOUNT, 0, 1, amount)]
    refundable = standing.find(kind, line_id)
    if amount is None:
        amount = refundable.worth_minor(quantity)
        if not amount or (amount < 0) != refundable.is_credit:
            raise AlreadyRefunded(refundable.name)
    if amount == 0 or (amount < 0) != refundable.is_credit:
        raise Invalid("amount", "is not above zero")
    return [Item(kind, line_id, quantity, amount)]


def _shipping(standing: Standing, line_id: int, quantity: int, amount: int | None) -> list[Item]:
    """The charges, or some of them; of an itemised order one shipping line after the other."""
    ids = [line_id] if line_id else standing.shipping_ids or [0]
    parts = [standing.find(SHIPPING, key) for key in ids]
    left = sum(part.left_minor for part in parts)
    wanted = left if amount is None else amount
    if amount is None and left <= 0:
        raise AlreadyRefunded(parts[0].name)
    if not 0 < wanted <= left:
        first = next((key for key, part in zip(ids, parts, strict=True) if part.left_minor > 0), ids[0])
        return [Item(SHIPPING, first, quantity, wanted)]
    items = []
    for key, part in zip(ids, parts, strict=True):
        share = min(wanted, part.left_minor)
        wanted -= share
        if share:
            items.append(Item(SHIPPING, key, quantity, share))
    return items


def _write_items(tx: Tx, refund_id: int, items: Sequence[Item], currency: str) -> None:
    tx.insert_many(
        RefundItem,
        [
            {
                "id": _item_id(tx, item),
                "refund_id": refund_id,
                "type": item.type,
                "order_line_id": item.order_line_id,
                "quantity": item.quantity,
                "amount_e4": e4_of_minor(item.amount_minor, currency),
                "tax_minor": 0,
            }
            for item in items
        ],
    )


def _item_id(tx: Tx, item: Item) -> int:
    """A number for the item. An amount of no line is shown among the lines, so its number is none of theirs."""
    item_id = tx.ids.next("refund_item")
    if item.type != AMOUNT:
        return item_id
    own = max(item_id, tx.ids.next("order_line"))
    tx.ids.reach("refund_item", own)
    tx.ids.reach("order_line", own)
    return own


class _Payout(NamedTuple):
    """What a gateway answered when it was asked to give money back."""

    payment_id: int
    gateway: str
    amount_minor: int
    outcome: Outcome


def _ask(tx: Tx, refund: RefundRow, received: PaymentRow | None, gateway: Gateway) -> _Payout:
    minor = minor_of_e4(refund.total_e4, refund.currency)
    payment_id = tx.ids.next("payment")
    charge = Charge(str(payment_id), Money(minor, refund.currency))
    outcome = gateway.refund(charge, "" if received is None else received.identifier)
    return _Payout(payment_id, gateway.name, -minor, outcome)


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
