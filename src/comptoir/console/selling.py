"""Everything about selling: the pages of orders, refunds, payments, subscriptions and plans."""

from comptoir.console import order_acts, order_making, order_page, orders

PAGES = (
    *orders.PAGES,
    *order_making.PAGES,
    *order_page.PAGES,
    *order_acts.PAGES,
)
