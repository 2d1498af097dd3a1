"""Whatever is asked, lost, declined and asked again: the gateway and the books say the same in the end."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.errors import ComptoirError
from comptoir.domain.money import Money
from comptoir.domain.orders.invoicing import find_invoice, set_fraud_status
from comptoir.domain.payments.attempts import list_open_attempts
from comptoir.domain.payments.capturing import reauthorise_invoice, release_invoice
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.charging import authorise
from comptoir.domain.payments.following import capture_due, deposit_due, review_due
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, VOID
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import draft_refund, process_refund, refund_order
from tests.conftest import NOW
from tests.domain.orders.given import balances, e4
from tests.domain.payments.given import FAR, FarGateway, gateways, place_paid

if TYPE_CHECKING:
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.payments.attempts import Attempt
    from comptoir.domain.tx import OpenShop, Tx

MOODS = ("good", "good", "good", "before", "after", "declines")
STEPS = ("sell", "sell", "reconcile", "reconcile", "review", "capture", "refund", "part", "again", "release",
         "fraud", "day", "charge_back")  # fmt: skip
PRICE = Money(10000, "AUD")
NUMBERS = count(1)


class World:
    """A shop, a gateway far away with moods, and everything that can be done with them."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        # The shop outlives its walks: what an earlier one left may be gone on with in this one.
        self.far = FarGateway(f"walk{next(NUMBERS)}")
        self.named = gateways(self.far)
        self.sales: list[PlacedSale] = []
        self.days = 0
        concluders: dict[str, Any] = dict(CONCLUDERS) | {"checkout": self.conclude}
        self.reconciler = Reconciler(concluders, patience_seconds=0)
        self.before = dict(shop.read(balances))
        shop.system = lambda: NOW + timedelta(days=self.days)

    def conclude(self, tx: Tx, attempt: Attempt) -> None:
        if attempt.status != "fail":
            self.sales.append(place_paid(tx, attempt))

    def do(self, step: str, mood: str, pick: int) -> None:
        self.far.silent_before = mood == "before"
        self.far.silent_after = mood == "after"
        self.far.declines = mood == "declines"
        with suppress(ComptoirError):
            getattr(self, step)(pick)

    def sell(self, _pick: int) -> None:
        authorise(
            self.shop, self.far, self.conclude, key=f"walk-{next(NUMBERS)}", amount=PRICE, method="m",
            subject="checkout", subject_id=1,
        )  # fmt: skip

    def reconcile(self, _pick: int) -> None:
        self.reconciler.reconcile(self.shop, self.named)

    def review(self, pick: int) -> None:
        self.far.verdict = ("pass", "pass", "fail", None)[pick % 4]
        review_due(self.shop, self.named)

    def capture(self, _pick: int) -> None:
        capture_due(self.shop, self.named)
        deposit_due(self.shop)

    def refund(self, pick: int) -> None:
        order_id = self.order(pick)
        self.shop.write(lambda tx: refund_order(tx, order_id=order_id))

    def part(self, pick: int) -> None:
        order_id = self.order(pick)
        item: Any = {"type": "amount", "amount_e4": e4(f"{1 + pick % 60}.37")}
        refund_id = self.shop.write(lambda tx: draft_refund(tx, order_id=order_id, items=[item]))
        self.shop.write(lambda tx: process_refund(tx, refund_id=refund_id))

    def again(self, pick: int) -> None:
        reauthorise_invoice(self.shop, order_id=self.order(pick), gateways=self.named)

    def release(self, pick: int) -> None:
        order_id = self.order(pick)
        self.shop.write(lambda tx: release_invoice(tx, order_id=order_id, gateways=self.named))

    def fraud(self, pick: int) -> None:
        order_id = self.order(pick)

        def fail(tx: Tx) -> None:
            set_fraud_status(tx, order_id=order_id, status="fail")
            release_invoice(tx, order_id=order_id, gateways=self.named)

        self.shop.write(fail)

    def day(self, pick: int) -> None:
        self.days += 1 + pick % 3

    def charge_back(self, pick: int) -> None:
        order_id = self.order(pick)

        def take(tx: Tx) -> None:
            invoice = find_invoice(tx, order_id)
            if invoice is not None and invoice.payment_id is not None:
                charge_back(
                    tx, payment_id=invoice.payment_id, identifier=f"d-{next(NUMBERS)}", amount_minor=777
                )

        self.shop.write(take)

    def order(self, pick: int) -> int:
        if not self.sales:
            raise ComptoirError
        return self.sales[pick % len(self.sales)].order_id

    def settle(self) -> None:
        """The line is good again: everything open is found out."""
        for _ in range(4):
            self.do("reconcile", "good", 0)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(MOODS), st.integers(0, 1000)),
        min_size=8,
        max_size=40,
    )
)
def test_the_gateway_and_the_books_agree(shop: OpenShop, steps: list[tuple[str, str, int]]) -> None:
    world = World(shop)
    for step, mood, pick in steps:
        world.do(step, mood, pick)
    world.settle()
    assert shop.read(list_open_attempts) == []
    assert shop.read(prove_books) == []
    taken = sum(money.minor for money in world.far.moved(CAPTURE))
    given_back = sum(money.minor for money in world.far.moved("refund"))
    after = shop.read(balances)
    change = {
        code: after.get(code, 0) - world.before.get(code, 0) for code in (f"clearing:{FAR}", "chargebacks")
    }
    assert change[f"clearing:{FAR}"] + change["chargebacks"] == taken - given_back
    held_at_gateway(world)


def held_at_gateway(world: World) -> None:
    """Each promise the gateway still holds is the pending payment of exactly one order."""
    done = world.far.done.values()
    over = {
        outcome.identifier
        for verb, _, outcome in done
        if verb in {CAPTURE, VOID} and outcome.status != "fail"
    }
    lost = {outcome.identifier for verb, _, outcome in done if verb == CAPTURE and outcome.status == "fail"}
    promised = {o.identifier for verb, _, o in done if verb == AUTHORISE and o.status == "pending"}
    waiting = [
        row.identifier
        for sale in world.sales
        for row in world.shop.read(lambda tx, sale=sale: list_payments(tx, sale.order_id))  # type: ignore[misc]
        if row.status == "pending"
    ]
    assert len(waiting) == len(set(waiting))
    told = [(key, verb, outcome.status) for key, (verb, _, outcome) in world.far.done.items()]
    assert set(waiting) == promised - over - lost, told
