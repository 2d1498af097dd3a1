"""Gateways that remember, and sales that were paid by card, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.events.queries import list_events
from comptoir.domain.money import Money
from comptoir.domain.orders.invoicing import InvoiceState, find_invoice
from comptoir.domain.orders.selling import PlacedSale, SaleTerms
from comptoir.domain.payments.charging import authorise, keep_authorisation
from comptoir.domain.payments.errors import GatewaySilent
from comptoir.domain.payments.following import capture_due, deposit_due, review_due
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, FAIL, PENDING, SUCCESS, VOID
from comptoir.domain.payments.port import Card, Charge, Dispute, Gateway, Outcome, Taken
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from tests.conftest import NOW
from tests.domain.orders.given import a_sale, a_sale_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comptoir.domain.payments.attempts import Attempt
    from comptoir.domain.tx import OpenShop, Tx

FAR = "stripe"


class FarGateway:
    """A gateway far away that remembers what it did, and can be told to lose its answers.

    Under a reference that it knows it does nothing again: it answers what it answered.
    """

    name = FAR
    is_remote = True
    disputed_methods: frozenset[str] = frozenset()

    def __init__(self, prefix: str = "far") -> None:
        self.prefix = prefix
        self.done: dict[str, tuple[str, Charge, Outcome]] = {}
        self.asked: list[tuple[str, str]] = []
        self.silent_before = False
        self.silent_after = False
        self.declines = False
        self.verdict: str | None = "pass"
        self.disputed: list[Dispute] = []

    def tokenise(self, card: Card) -> str:
        return f"far-{card.number[-4:]}"

    def authorise(self, charge: Charge) -> Outcome:
        return self._do(AUTHORISE, charge, FAIL if self.declines else PENDING)

    def capture(self, charge: Charge, identifier: str) -> Outcome:
        return self._do(CAPTURE, charge, FAIL if self.declines else SUCCESS, identifier)

    def void(self, charge: Charge, identifier: str) -> Outcome:
        return self._do(VOID, charge, SUCCESS, identifier)

    def refund(self, charge: Charge, identifier: str) -> Outcome:
        return self._do("refund", charge, FAIL if self.declines else SUCCESS)

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        if self.silent_before:
            raise GatewaySilent(self.name, charge.reference)
        known = self.done.get(charge.reference)
        return None if known is None else known[2]

    def review(self, charge: Charge, identifier: str, age: timedelta) -> str | None:
        return self.verdict

    def disputes(self, known: Sequence[Taken]) -> Sequence[Dispute]:
        return self.disputed

    def moved(self, verb: str) -> list[Money]:
        """What went that way, each time it did."""
        return [charge.amount for kind, charge, outcome in self.done.values()
                if kind == verb and outcome.status != FAIL]  # fmt: skip

    def _do(self, verb: str, charge: Charge, status: str, identifier: str = "") -> Outcome:
        self.asked.append((verb, charge.reference))
        if self.silent_before:
            raise GatewaySilent(self.name, charge.reference)
        if charge.reference not in self.done:
            known = identifier or f"{self.prefix}_{len(self.done)}"
            self.done[charge.reference] = (verb, charge, Outcome(status, known, {"gw_Message": status}))
        if self.silent_after:
            raise GatewaySilent(self.name, charge.reference)
        return self.done[charge.reference][2]


def gateways(far: Gateway) -> Any:
    return lambda name: far if name == far.name else gateway_named(name)


def sell(
    shop: OpenShop,
    *,
    gateway: Gateway | None = None,
    method: str = "sbx-approved",
    price: str = "100",
    tangible: bool = False,
    key: str = "checkout-1",
    fraud_status: str = "wait",
    customer: Money | None = None,
) -> PlacedSale:
    """A sale of one thing, paid by a card that was asked in three steps."""
    placed: list[PlacedSale] = []

    def conclude(tx: Tx, attempt: Attempt) -> None:
        placed.append(
            place_paid(
                tx, attempt, price=price, tangible=tangible, fraud_status=fraud_status, customer=customer
            )
        )

    whole = customer or Money(int(price) * 100, "AUD")
    authorise(
        shop, gateway or gateway_named("sandbox"), conclude, key=key, amount=whole, method=method,
        subject="checkout", subject_id=1,
    )  # fmt: skip
    return placed[0]


def place_paid(
    tx: Tx,
    attempt: Attempt,
    *,
    price: str = "100",
    tangible: bool = False,
    fraud_status: str = "wait",
    customer: Money | None = None,
) -> PlacedSale:
    """The sale that a card was asked for."""
    terms = SaleTerms(
        fraud_status=fraud_status,
        customer_currency=None if customer is None else customer.currency,
        customer_total_minor=None if customer is None else customer.minor,
    )
    lines = [a_sale_line("Thing", price, product_id=7, is_tangible=tangible)]
    placed = a_sale(tx, lines=lines, terms=terms)
    keep_authorisation(tx, attempt, order_id=placed.order_id)
    return placed


def invoice(shop: OpenShop, placed: PlacedSale) -> InvoiceState:
    found = shop.read(lambda tx: find_invoice(tx, placed.order_id))
    assert found is not None
    return found


def later(shop: OpenShop, **time: float) -> None:
    """Let the shop's clock stand that much after it began."""
    shop.system = lambda: NOW + timedelta(**time)


def follow(shop: OpenShop, far: FarGateway | None = None) -> None:
    """All that the worker does about invoices, once."""
    named = gateways(far or FarGateway())
    Reconciler(CONCLUDERS, patience_seconds=0).reconcile(shop, named)
    review_due(shop, named)
    capture_due(shop, named)
    deposit_due(shop)


def statuses(shop: OpenShop, placed: PlacedSale) -> list[str]:
    return [row.status for row in shop.read(lambda tx: list_payments(tx, placed.order_id))]


def state(shop: OpenShop, placed: PlacedSale) -> tuple[str, str]:
    found = invoice(shop, placed)
    return found.status, found.fraud_status


def kinds(shop: OpenShop, subject: str) -> list[str]:
    return [event.kind for event in shop.read(lambda tx: list_events(tx, subject=subject, limit=1000))]
