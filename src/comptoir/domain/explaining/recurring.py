"""What makes the amount that a subscription bills next."""

from sqlalchemy import bindparam, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Explanation, Link, Node, exact
from comptoir.domain.explaining.prices import Offer, offers_of, price_parts
from comptoir.domain.orders.models import LineItem, Order, OrderLine
from comptoir.domain.subscriptions.models import RecurringItem
from comptoir.domain.subscriptions.queries import Plan, get_enrolment, get_plan
from comptoir.domain.tx import Tx

NEXT = "next"

BILLED = (
    select(RecurringItem.price_e4, Order.currency, OrderLine.product_id, LineItem.price_e4, LineItem.surcharges)
    .join(OrderLine, OrderLine.id == RecurringItem.order_line_id)
    .join(Order, Order.id == OrderLine.order_id)
    .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
    .where(RecurringItem.enrolment_id == bindparam("enrolment_id"))
)  # fmt: skip


def explain_enrolment(tx: Tx, enrolment_id: int, what: str) -> Explanation:
    """What a subscription bills next. Refuses: EnrolmentNotFound, NotExplained."""
    enrolment = get_enrolment(tx, enrolment_id)
    if what != NEXT:
        raise NotExplained(what)
    link = Link("enrolment", enrolment_id)
    row = tx.one(BILLED, enrolment_id=enrolment_id)
    if row is None:
        plan = get_plan(tx, enrolment.subscription_id)
        parts = _of_plan(tx, plan)
        return Explanation(exact("next billing", plan.price_e4, plan.currency, link=link, parts=parts))
    price_e4, currency, product_id, piece_e4, surcharges = row
    offer = offers_of(tx, [product_id]).get(product_id)
    parts = [exact("every time", price_e4, currency)]
    if piece_e4 is not None:
        parts = price_parts(offer, piece_e4, 1, currency)
        parts += [
            exact(f"option {one['name']}: {one['value']}", one["surcharge_e4"], currency)
            for one in surcharges or ()
        ]
    return Explanation(
        exact("next billing", price_e4, currency, link=link, parts=parts, rest="agreed on otherwise")
    )


def explain_plan(tx: Tx, subscription_id: int, what: str) -> Explanation:
    """What a plan costs. Refuses: SubscriptionNotFound, NotExplained."""
    plan = get_plan(tx, subscription_id)
    if what != "price":
        raise NotExplained(what)
    link = Link("subscription", plan.id)
    return Explanation(exact("price", plan.price_e4, plan.currency, link=link, parts=_of_plan(tx, plan)))


def _of_plan(tx: Tx, plan: Plan) -> list[Node]:
    """A plan has its own price, which the catalogue's may have been the pattern of."""
    every = f"every {plan.interval_count} {plan.interval_unit}"
    offer: Offer | None = offers_of(tx, [plan.product_id or 0]).get(plan.product_id or 0)
    if offer is None or offer.price_e4 != plan.price_e4:
        why = f"{every}, as the plan has it"
        return [exact(plan.name, plan.price_e4, plan.currency, why=why, link=Link("subscription", plan.id))]
    return price_parts(offer, plan.price_e4, 1, plan.currency)
