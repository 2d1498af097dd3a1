"""Sales of the last year that came by the hosted checkout: placed, reviewed, deposited and paid out in their weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from comptoir.demo.dice import Dice
from comptoir.demo.documented import Progress
from comptoir.demo.people import Person
from comptoir.demo.shelves import Article
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.invoicing import (
    attach_payment,
    mark_deposited,
    mark_pending,
    set_fraud_status,
)
from comptoir.domain.orders.models import PASS, WAIT
from comptoir.domain.orders.queries import get_head
from comptoir.domain.orders.selling import Every, PlacedSale, SaleLine, SaleTerms, place_sale
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.payments.sandbox import APPROVED, SANDBOX
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import run_payouts
from comptoir.domain.refunds.actions import process_refund
from comptoir.domain.refunds.invoices import draft_line_refund
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.tx import OpenShop, Tx

WEEKS = 52
SALES_A_WEEK = 7
DEPOSITED_AFTER = timedelta(days=2)
REFUNDED_PERCENT, CLUB_PERCENT, SENT_PERCENT = 5, 25, 40
# Only the last of them recur: those of before would all be billed as soon as the shop is opened.
CLUBS_SINCE = timedelta(days=26)
SHIPPING_E4 = 79_500
CLUB_E4 = 149_000


class Wish(NamedTuple):
    """What somebody buys, and when."""

    at: datetime
    person: Person
    articles: tuple[Article, ...]
    is_sent: bool
    is_club: bool
    is_returned: bool
    is_fresh: bool


@dataclass(frozen=True)
class Stage:
    """What checkouts are drawn on."""

    articles: Sequence[Article]
    persons: Sequence[Person]
    now: datetime
    scale: float


def load_checkouts(shop: OpenShop, stage: Stage, told: Progress) -> None:
    """Live through the weeks of a year: what was sold is deposited, some of it refunded, and paid out."""
    dice = Dice("checkouts")
    for week in range(WEEKS):
        end = stage.now - timedelta(weeks=WEEKS - 1 - week)
        wishes = sorted(_wishes(dice, stage, end), key=lambda wish: wish.at)
        then = replace(shop, system=Standing(end))
        then.write(partial(_live, wishes=wishes))
        then.write(_pay_out)
        told("Weeks of checkouts", week + 1, WEEKS)


@dataclass(frozen=True)
class Standing:
    """A clock that stands still."""

    at: datetime

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.at


def _wishes(dice: Dice, stage: Stage, end: datetime) -> Iterator[Wish]:
    """What is bought in the week that ends then, by people who are there already."""
    begin = end - timedelta(weeks=1)
    articles = [one for one in stage.articles if one.since < begin]
    persons = [one for one in stage.persons if one.since < begin]
    for _ in range(max(round(SALES_A_WEEK * stage.scale), 1) if articles and persons else 0):
        chosen = tuple(dice.one_of(articles) for _ in range(dice.randrange(1, 4)))
        at = begin + timedelta(minutes=dice.randrange(1, 7 * 24 * 60))
        person = dice.one_of(persons)
        is_club = dice.happens(CLUB_PERCENT) and stage.now - at < CLUBS_SINCE
        is_fresh = stage.now - at < DEPOSITED_AFTER
        is_sent, is_returned = dice.happens(SENT_PERCENT) and not is_club, dice.happens(REFUNDED_PERCENT)
        yield Wish(at, person, chosen, is_sent, is_club, is_returned, is_fresh)


def _live(tx: Tx, wishes: Sequence[Wish]) -> None:
    for wish in wishes:
        sold = place_sale(
            tx, lines=_lines(wish), buyer=_buyer(wish.person), terms=SaleTerms(
                fraud_status=WAIT, card_first_six="400000", card_last_two="02", placed_at=wish.at,
                shipping_method="Standard" if wish.is_sent else "", carrier="Australia Post" if wish.is_sent else "",
            )
        )  # fmt: skip
        keep_method(tx, sale_id=sold.sale_id, gateway=SANDBOX, method=APPROVED)
        if wish.is_fresh:
            _pay(tx, sold, "pending")
            continue
        _pay(tx, sold, "success")
        set_fraud_status(tx, order_id=sold.order_id, status=PASS)
        mark_pending(tx, order_id=sold.order_id)
        mark_deposited(tx, order_id=sold.order_id)
        if wish.is_sent:
            ship_sale(tx, order_id=sold.order_id, tracking_number=f"33ABC{sold.order_id % 10**8:08d}")
        if wish.is_club:
            start_recurring(tx, order_line_id=sold.line_ids[0])
        elif wish.is_returned:
            refund_id = draft_line_refund(tx, line_id=sold.line_ids[0], category=2, comment="Sent back")
            process_refund(tx, refund_id=refund_id)


def _pay(tx: Tx, sold: PlacedSale, status: str) -> None:
    head = get_head(tx, sold.order_id)
    payment_id = record_payment(
        tx,
        order_id=sold.order_id,
        amount_e4=e4_of_minor(head.total_minor, head.currency),
        gateway=SANDBOX,
        status=status,
        at=head.created_at,
    )
    attach_payment(tx, order_id=sold.order_id, payment_id=payment_id)


def _lines(wish: Wish) -> list[SaleLine]:
    if wish.is_club:
        club = SaleLine(
            name="Lamp of the month", amount_e4=CLUB_E4, vendor_product_id="club", recurrence=Every(1, "month"),
            duration=Every(1, "year"),
        )  # fmt: skip
        return [club]
    lines = [
        SaleLine(
            name=one.name,
            amount_e4=one.price_e4,
            product_id=one.id,
            code=one.code,
            vendor_product_id=one.code,
            is_catalogue=True,
            is_tangible=wish.is_sent,
        )
        for one in wish.articles
    ]
    if wish.is_sent:
        lines.append(SaleLine(name="Standard", type="shipping", amount_e4=SHIPPING_E4))
    return lines


def _buyer(person: Person) -> Buyer:
    first, _, last = person.name.partition(" ")
    return Buyer(
        first_name=first,
        last_name=last,
        company=person.company,
        email=person.email,
        phone=person.phone,
        address1=person.address,
        city=person.suburb,
        state=person.state,
        postcode=person.postcode,
        country="AUS",
        customer_id=person.id,
        ip_address="203.0.113.7",
        ip_country="Australia",
    )


def _pay_out(tx: Tx) -> None:
    while gather_entries(tx):
        pass
    run_payouts(tx)
