"""Everything about selling: the pages of orders, refunds, payments, subscriptions and plans."""

from comptoir.console import (
    order_acts,
    order_making,
    order_page,
    order_refunds,
    orders,
    payments,
    plans,
    refunds,
    subscriptions,
)

PAGES = (
    *orders.PAGES,
    *order_making.PAGES,
    *order_page.PAGES,
    *order_acts.PAGES,
    *order_refunds.PAGES,
    *refunds.PAGES,
    *payments.PAGES,
    *subscriptions.PAGES,
    *plans.PAGES,
)
