"""Charging in three steps: asked once whatever happens, and found again when no answer came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.ledger.books import check_books
from comptoir.domain.money import Money
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.attempts import (
    Attempt,
    begin_attempt,
    end_attempt,
    find_attempt,
    list_open_attempts,
)
from comptoir.domain.payments.charging import ask_once, authorise, keep_authorisation
from comptoir.domain.payments.errors import (
    AttemptEnded,
    AttemptInFlight,
    AttemptKeyReused,
    AttemptUnclaimed,
    GatewaySilent,
)
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import AUTHORISE, VOID
from comptoir.domain.payments.port import Outcome
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payments.reconciling import Reconciler
from tests.domain.orders.given import a_line, balances
from tests.domain.payments.given import FarGateway, gateways, later

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

TWENTY = Money(2000, "AUD")


class Till:
    """One order that is paid by card, as a room above would do it."""

    def __init__(self, shop: OpenShop, far: FarGateway) -> None:
        self.shop = shop
        self.far = far
        self.order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
        self.concluded: list[Attempt] = []
        self.refuses = False

    def conclude(self, tx: Tx, attempt: Attempt) -> None:
        self.concluded.append(attempt)
        if self.refuses:
            raise Conflict("sold out meanwhile")
        keep_authorisation(tx, attempt, order_id=self.order_id)

    def pay(self, key: str = "k1", amount: Money = TWENTY) -> Attempt:
        return authorise(
            self.shop, self.far, self.conclude, key=key, amount=amount, method="m", subject="till",
            subject_id=1,
        )  # fmt: skip

    def reconcile(self, *, patience: int = 0) -> int:
        concluders = {"till": self.conclude, "attempt": lambda _tx, _attempt: None}
        return Reconciler(concluders, patience_seconds=patience).reconcile(self.shop, gateways(self.far))

    def statuses(self) -> list[str]:
        return [row.status for row in self.shop.read(lambda tx: list_payments(tx, self.order_id))]

    def attempt(self, key: str = "k1") -> Attempt:
        found = self.shop.read(lambda tx: find_attempt(tx, key))
        assert found is not None
        return found


@pytest.fixture
def till(shop: OpenShop) -> Till:
    return Till(shop, FarGateway())


def test_money_is_asked_for_once_under_a_key(till: Till) -> None:
    first = till.pay()
    assert (first.state, first.status, first.identifier) == ("done", "pending", "far_0")
    again = till.pay()
    assert again == till.attempt()
    assert till.far.asked == [("authorise", "k1")]
    assert till.statuses() == ["pending"]
    assert len(till.concluded) == 1


def test_the_attempt_is_durable_before_the_gateway_is_asked(till: Till) -> None:
    seen: list[str] = []

    class Looking(FarGateway):
        def authorise(self, charge: object) -> Outcome:
            seen.extend(attempt.key for attempt in till.shop.read(list_open_attempts))
            return Outcome("pending", "x", {})

    till.far = Looking()
    till.pay()
    assert seen == ["k1"]


def test_a_decline_is_kept_and_stays(till: Till) -> None:
    till.far.declines = True
    assert till.pay().status == "fail"
    till.far.declines = False
    assert till.pay().status == "fail"
    assert till.statuses() == ["fail"]
    assert till.pay("k2").status == "pending"


def test_a_key_belongs_to_one_attempt(till: Till) -> None:
    till.pay()
    with pytest.raises(AttemptKeyReused):
        till.pay(amount=Money(2001, "AUD"))
    assert till.far.asked == [("authorise", "k1")]


def test_who_asks_while_it_is_asked_is_told_so(till: Till) -> None:
    till.far.silent_before = True
    with pytest.raises(GatewaySilent):
        till.pay()
    with pytest.raises(AttemptInFlight):
        till.pay()
    assert till.far.asked == [("authorise", "k1")]


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_is_none_is_refused(till: Till, key: str) -> None:
    with pytest.raises(Invalid, match="key"):
        till.pay(key)


@pytest.mark.parametrize("minor", [0, -1])
def test_nothing_is_not_asked_for(till: Till, minor: int) -> None:
    with pytest.raises(Invalid, match="amount"):
        till.pay(amount=Money(minor, "AUD"))
    assert not till.far.asked


def test_who_was_charged_and_never_heard_is_charged_once(till: Till) -> None:
    till.far.silent_after = True
    with pytest.raises(GatewaySilent):
        till.pay()
    assert till.statuses() == []
    till.far.silent_after = False
    assert till.reconcile() == 1
    assert till.statuses() == ["pending"]
    assert till.far.asked == [("authorise", "k1")], "it was looked up, not asked again"
    assert till.pay().status == "pending"
    assert till.reconcile() == 0
    assert len(till.far.moved(AUTHORISE)) == 1


def test_what_never_arrived_is_given_up(till: Till) -> None:
    till.far.silent_before = True
    with pytest.raises(GatewaySilent):
        till.pay()
    with pytest.raises(GatewaySilent):
        till.reconcile()
    assert till.attempt().state == "open", "as long as nobody knows"
    till.far.silent_before = False
    assert till.reconcile() == 1
    assert (till.attempt().state, till.concluded[-1].status) == ("abandoned", "fail")
    assert till.statuses() == ["fail"]
    assert till.pay("k2").status == "pending"


def test_somebody_may_still_be_waiting_for_the_answer(till: Till) -> None:
    till.far.silent_after = True
    with pytest.raises(GatewaySilent):
        till.pay()
    assert till.reconcile(patience=60) == 0
    later(till.shop, minutes=5)
    assert till.reconcile(patience=60) == 1


def test_an_answer_that_came_late_still_counts(till: Till) -> None:
    till.far.silent_before = True
    with pytest.raises(GatewaySilent):
        till.pay()
    till.far.silent_before = False
    till.reconcile()
    answer = Outcome("pending", "late", {})
    given_up = till.attempt()
    late = till.shop.write(lambda tx: end_attempt(tx, given_up.id, answer))
    assert (late.state, late.identifier) == ("done", "late")
    with pytest.raises(AttemptEnded):
        till.shop.write(lambda tx: end_attempt(tx, late.id, answer))


def test_who_concludes_second_finds_it_done(till: Till) -> None:
    """The reconciler was quicker than the one who asked."""

    class Slow(FarGateway):
        def authorise(self, charge: object) -> Outcome:
            outcome = super().authorise(charge)  # type: ignore[arg-type]
            till.reconcile()
            return outcome

    till.far = Slow()
    assert till.pay().status == "pending"
    assert till.statuses() == ["pending"]


def test_money_that_nobody_wants_is_let_go(till: Till) -> None:
    till.refuses = True
    with pytest.raises(Conflict, match="sold out"):
        till.pay()
    assert till.statuses() == []
    assert [attempt.verb for attempt in till.shop.read(list_open_attempts)] == [VOID]
    assert till.reconcile() == 1
    assert till.far.asked == [("authorise", "k1"), ("void", "k1-void")]
    assert till.far.done["k1-void"][2].identifier == "far_0"
    assert till.shop.read(list_open_attempts) == []
    assert till.shop.read(check_books) == []


def test_what_nobody_concludes_does_not_hold_up_the_others(till: Till) -> None:
    def begin(tx: Tx) -> Attempt:
        return begin_attempt(
            tx, key="lost", verb=AUTHORISE, gateway="stripe", amount=TWENTY, subject="nobody", subject_id=1
        )

    till.far.silent_after = True
    with pytest.raises(GatewaySilent):
        ask_once(till.shop, till.far, begin, till.conclude)
    with pytest.raises(GatewaySilent):
        till.pay()
    with pytest.raises(AttemptUnclaimed):
        till.reconcile()
    assert till.statuses() == ["pending"]


@pytest.mark.parametrize(
    ("method", "state", "status"),
    [("sbx-silent", "done", "pending"), ("sbx-lost", "abandoned", "fail")],
)
def test_the_sandbox_loses_answers_too(till: Till, method: str, state: str, status: str) -> None:
    sandbox = gateway_named("sandbox")

    def pay() -> None:
        authorise(
            till.shop, sandbox, till.conclude, key="k1", amount=TWENTY, method=method, subject="till",
            subject_id=1,
        )  # fmt: skip

    with pytest.raises(GatewaySilent):
        pay()
    assert till.reconcile() == 1
    assert (till.attempt().state, till.attempt().status) == (state, status)
    assert till.statuses() == [status]
    assert till.shop.read(balances) == {"receivable": 2000, "sales": 2000}
