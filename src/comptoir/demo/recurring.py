"""The plans of the year of trade, who is enrolled on them, and when they are billed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.demo.baskets import CENT_E4
from comptoir.demo.dice import Dice
from comptoir.demo.numbers import Numbers
from comptoir.demo.people import Person
from comptoir.demo.shelves import Article
from comptoir.demo.words import words
from comptoir.domain.money import rounded
from comptoir.domain.subscriptions.actions import EnrolmentImport
from comptoir.domain.subscriptions.amounts import anchor_of, next_billing
from comptoir.domain.subscriptions.plans import PlanFields

ENROLMENTS = 420
SUBSCRIBER_PERCENTS = 90
GATEWAY = "sandbox"


class Plan(NamedTuple):
    """A plan with the article that it sells, a little cheaper."""

    fields: PlanFields
    article: Article

    @property
    def price_e4(self) -> int:
        """What an interval costs."""
        return self.fields["price_e4"]


@dataclass
class Membership:
    """One customer's enrolment, billed so often by now."""

    plan: Plan
    person: Person
    billed: list[datetime]
    next_at: datetime
    ends_at: datetime | None
    owes: bool
    anchor_day: int
    first_order_id: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended; ends that are still to come are not drawn."""
        return self.ends_at is not None

    def enrolment(self, next_order_id: int) -> EnrolmentImport:
        """The enrolment, as it stands now. Who pays by hand may owe the last interval."""
        return {
            "customer_id": self.person.id,
            "subscription_id": self.plan.fields["id"],
            "starts_at": self.billed[0],
            "ends_at": self.ends_at,
            "is_active": not self.is_over,
            "is_paid": not self.owes,
            "next_order_id": None if self.is_over else next_order_id,
            "next_billing_at": None if self.is_over else self.next_at,
            "parent_order_id": self.first_order_id,
            "anchor_day": self.anchor_day,
            "gateway": None if self.owes else GATEWAY,
            "created_at": self.billed[0],
            "updated_at": self.ends_at or self.billed[-1],
        }


def draw_plans(numbers: Numbers, articles: list[Article], now: datetime) -> list[Plan]:
    """Draw the plans, each of an article of its category."""
    dice = Dice("plans")
    plans = []
    for plan in words()["plan"]:
        article = dice.one_of([one for one in articles if one.category == plan["of"]] or articles)
        fields: PlanFields = {
            "id": numbers.take("subscription"),
            "name": plan["name"],
            "product_id": article.id,
            "price_e4": rounded(article.price_e4 * SUBSCRIBER_PERCENTS, 100 * CENT_E4) * CENT_E4,
            "interval_unit": plan["unit"],
            "interval_count": plan["count"],
            "created_at": now - timedelta(days=420),
        }
        plans.append(Plan(fields, article))
    return plans


def draw_memberships(
    plans: list[Plan], persons: list[Person], now: datetime, zone: ZoneInfo, scale: float
) -> list[Membership]:
    """Draw who is enrolled on what, since when, and whether it goes on."""
    dice = Dice("enrolments")
    made = []
    for person in dice.sample(persons, min(max(round(ENROLMENTS * scale), 3), len(persons))):
        plan = dice.one_of(plans)
        starts = now - timedelta(minutes=dice.randrange(3_000, 490_000), seconds=dice.randrange(60))
        starts = max(starts, person.since + timedelta(minutes=5))
        if starts < now - timedelta(minutes=2):
            made.append(_membership(dice, plan, person, (starts, now), zone))
    return made


def _membership(
    dice: Dice, plan: Plan, person: Person, span: tuple[datetime, datetime], zone: ZoneInfo
) -> Membership:
    starts, now = span
    stays = timedelta(days=dice.randrange(40, 420)) if dice.happens(25) else None
    ends_at = None if stays is None or starts + stays > now else starts + stays
    billed, at, anchor_day = [], starts, anchor_of(starts, zone)
    while at < (ends_at or now - timedelta(minutes=2)):
        billed.append(at)
        at = next_billing(
            at,
            unit=plan.fields["interval_unit"],
            count=plan.fields["interval_count"],
            anchor_day=anchor_day,
            zone=zone,
        )
    owes = ends_at is None and len(billed) > 1 and dice.happens(4)
    return Membership(plan, person, billed, at, ends_at, owes, anchor_day)
