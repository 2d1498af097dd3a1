"""Putting the year of trade into a shop: chunk by chunk, each one transaction, through the importing verbs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from comptoir.demo.baskets import Baskets
from comptoir.demo.dice import Dice
from comptoir.demo.documented import Progress, kept
from comptoir.demo.numbers import Numbers
from comptoir.demo.people import Person
from comptoir.demo.recurring import Membership
from comptoir.demo.sale import Sale
from comptoir.demo.sales import Sales
from comptoir.demo.seasons import moments
from comptoir.demo.shelves import Article
from comptoir.domain.customers.importing import import_notifications
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.logs import import_order_logs
from comptoir.domain.payments.importing import import_payments
from comptoir.domain.refunds.importing import import_refunds
from comptoir.domain.tx import OpenShop, Tx

ORDERS = 20_400
CHUNK = 1_000
REGULAR_PERCENT = 45


class Purchase(NamedTuple):
    """When something is bought, and on which membership if it is a renewal."""

    at: datetime
    membership: Membership | None = None


def load_trade(
    shop: OpenShop,
    numbers: Numbers,
    stage: "Stage",
    on_progress: Progress,
) -> None:
    """Draw the sales of a year and keep them. Refuses: NotKept."""
    purchases = _purchases(stage)
    sales, done = _drawn(numbers, stage, purchases), 0
    while chunk := list(islice(sales, CHUNK)):
        shop.write(partial(keep_sales, sales=chunk))
        done += len(chunk)
        on_progress("Orders", done, len(purchases))


class Stage(NamedTuple):
    """What the sales are drawn on."""

    articles: Sequence[Article]
    persons: Sequence[Person]
    memberships: Sequence[Membership]
    warehouses: Mapping[str, int]
    now: datetime
    scale: float


def keep_sales(tx: Tx, sales: Sequence[Sale]) -> None:
    """Keep sales with all that came of them. Refuses: NotKept."""
    kept(import_orders(tx, [order for sale in sales for order in sale.orders]))
    kept(import_payments(tx, [one for sale in sales for one in sale.payments]))
    kept(import_order_logs(tx, [one for sale in sales for one in sale.logs]))
    kept(import_refunds(tx, [one for sale in sales for one in sale.refunds]))
    kept(import_notifications(tx, [one for sale in sales for one in sale.notifications]))


def _purchases(stage: Stage) -> list[Purchase]:
    count = max(round(ORDERS * stage.scale), 20)
    bought = [Purchase(at) for at in moments(Dice("moments"), stage.now, count)]
    renewed = [Purchase(at, one) for one in stage.memberships for at in one.billed]
    return sorted(bought + renewed, key=lambda purchase: purchase.at)


def _drawn(numbers: Numbers, stage: Stage, purchases: Sequence[Purchase]) -> Iterator[Sale]:
    baskets = Baskets(Dice("baskets"), numbers, stage.articles)
    sales = Sales(numbers, baskets, dict(stage.warehouses), stage.now)
    buyers = _Buyers(stage.persons)
    for at, membership in purchases:
        person = buyers.draw(at) if membership is None else membership.person
        if membership is None:
            yield sales.draw(at, person)
            continue
        basket = baskets.one(membership.plan.article, membership.plan.price_e4)
        is_owed = membership.owes and at == membership.billed[-1]
        sale = sales.renewal(at, person, basket, is_owed=is_owed)
        membership.first_order_id = membership.first_order_id or sale.order["id"]
        yield sale


class _Buyers:
    """Who buys: nearly half of the time a regular, otherwise anybody who has come by then."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self._dice = Dice("buyers")
        self._persons = persons
        self._come = 0

    def draw(self, at: datetime) -> Person:
        persons: Any = self._persons
        while self._come < len(persons) and persons[self._come].since < at:
            self._come += 1
        come = max(self._come, 1)
        if self._dice.happens(REGULAR_PERCENT):
            return persons[self._dice.randrange((come + 8) // 9) * 9]  # type: ignore[no-any-return]
        return persons[self._dice.randrange(come)]  # type: ignore[no-any-return]
