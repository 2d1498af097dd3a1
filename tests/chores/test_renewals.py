from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from comptoir.chores.deliveries import deliver_due
from comptoir.chores.renewals import renewals
from comptoir.dialects.edge import ServedShop
from comptoir.dialects.twocheckout.ins import ins_hash, messages_of
from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.models import Invoice
from comptoir.domain.orders.selling import Every
from comptoir.domain.payments.errors import GatewaySilent
from comptoir.domain.payments.gateways import STRIPE, ManualGateway, gateway_named
from comptoir.domain.payments.models import FAIL, PENDING, SUCCESS, GatewayAttempt
from comptoir.domain.payments.port import Charge, Gateway, Outcome
from comptoir.domain.payments.reconciling import Reconciler
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem
from comptoir.domain.tx import OpenShop
from comptoir.domain.webhooks.outbox import flush_and_tell
from tests.domain.subscriptions.given import Sold, monthly, sold
from tests.domain.webhooks.given import Clock, Listener, endpoint, queued, served


class FarGateway(ManualGateway):
    """A gateway far away: what it does, it is told to; it counts what it charged, once for each reference."""

    is_remote = True

    def __init__(self) -> None:
        super().__init__(STRIPE)
        self.charged: Counter[str] = Counter()
        self.known: dict[str, str] = {}
        self.answer = PENDING
        self.is_silent = False
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def authorise(self, charge: Charge) -> Outcome:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.02)
        with self._lock:
            self.at_once -= 1
            self.charged[charge.reference] += 1
            self.known[charge.reference] = self.answer
        if self.is_silent:
            raise GatewaySilent(self.name, charge.reference)
        return Outcome(self.answer, charge.reference, {"gw_Message": "insufficient funds"})

    def find(self, verb: str, charge: Charge, identifier: str) -> Outcome | None:
        if verb == "authorise":
            known = self.known.get(charge.reference)
            return None if known is None else Outcome(known, charge.reference, {})
        return Outcome(SUCCESS, charge.reference, {})


class Here:
    """A shop whose sales recur, its clock, and a gateway far away."""

    def __init__(self, shop: OpenShop, folder: Path) -> None:
        self.clock = Clock()
        shop.system = self.clock
        shop.flush = partial(flush_and_tell, worded=messages_of)
        self.shop = shop
        self.far = FarGateway()
        self.home: ServedShop = served(shop, folder)
        self.home.gateways = self.gateways

    def gateways(self, name: str) -> Gateway:
        return self.far if name == STRIPE else gateway_named(name)

    def sell(self, count: int = 1, gateway: str = "sandbox") -> list[Sold]:
        return [self.shop.write(partial(sold, gateway=gateway)) for _ in range(count)]

    def reconcile(self) -> int:
        return Reconciler(CONCLUDERS, patience_seconds=0).reconcile(self.shop, self.gateways)

    def installments(self) -> list[int]:
        statement = select(RecurringItem.installments).order_by(RecurringItem.enrolment_id)
        return [row[0] for row in self.shop.read(lambda tx: tx.all(statement))]


@pytest.fixture
def here(shop: OpenShop, tmp_path: Path) -> Here:
    return Here(shop, tmp_path)


def test_a_year_is_twelve_renewals_of_each(here: Here) -> None:
    here.sell(3)
    here.sell(2, STRIPE)
    assert renewals(here.home) == 0
    here.clock.pass_by(days=366)
    done = renewals(here.home)
    while more := renewals(here.home):
        done += more
    assert done == 5 * 12
    assert here.installments() == [13] * 5
    assert sum(here.far.charged.values()) == 2 * 12
    assert here.reconcile() == 2 * 12, "their captures are asked for by the worker"


def test_a_gateway_far_away_is_asked_by_several_threads(here: Here) -> None:
    here.sell(12, STRIPE)
    here.clock.pass_by(days=31)
    assert renewals(here.home) == 12
    assert here.far.most_at_once > 1
    assert here.installments() == [2] * 12


def test_a_decline_from_far_away_is_tried_another_day(here: Here) -> None:
    here.sell(1, STRIPE)
    here.clock.pass_by(days=31)
    here.far.answer = FAIL
    assert renewals(here.home) == 1
    assert renewals(here.home) == 0
    here.clock.pass_by(days=1)
    here.far.answer = PENDING
    assert renewals(here.home) == 1
    assert here.installments() == [2]
    assert len(here.far.charged) == 2


def test_a_charge_whose_answer_was_lost_is_not_made_again(here: Here) -> None:
    here.sell(3, STRIPE)
    here.clock.pass_by(days=31)
    here.far.is_silent = True
    assert renewals(here.home) == 0
    assert renewals(here.home) == 0
    assert here.installments() == [1] * 3
    here.far.is_silent = False
    here.reconcile()
    assert renewals(here.home) == 0
    assert here.installments() == [2] * 3
    assert set(here.far.charged.values()) == {1}
    assert len(here.far.charged) == 3
    here.reconcile()
    states = here.shop.read(lambda tx: tx.all(select(GatewayAttempt.state).distinct()))
    assert states == [("done",)]


def test_one_whose_attempt_is_open_keeps_no_other_waiting(here: Here) -> None:
    here.shop.write(partial(sold, card="sbx-silent"))
    here.sell(60)
    here.clock.pass_by(days=31)
    assert renewals(here.home) == 60
    assert here.installments() == [1] + [2] * 60


def test_one_that_fails_by_a_fault_of_ours_keeps_no_other_waiting(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = here.sell(3)
    here.shop.write(lambda tx: tx.update(Enrolment, first.enrolment_id, parent_order_id=None))
    here.clock.pass_by(days=31)
    assert renewals(here.home) == 2
    assert here.installments() == [1, 2, 2]
    assert "renewal failed" in capsys.readouterr().out


def test_the_merchant_is_told_of_each_installment_in_order(here: Here) -> None:
    listener = Listener()
    endpoint(here.shop, listener.url, "ins")
    sale = here.shop.write(lambda tx: sold(tx, monthly(duration=Every(2, "month"))))
    here.clock.pass_by(days=31)
    renewals(here.home)
    while deliver_due(here.home):
        pass
    listener.stop()
    forms = [heard.form for heard in listener.heard]
    assert [form["message_type"] for form in forms] == [
        "ORDER_CREATED",
        "INVOICE_STATUS_CHANGED",
        "RECURRING_INSTALLMENT_SUCCESS",
        "RECURRING_COMPLETE",
    ]
    assert [form["message_id"] for form in forms] == ["1", "2", "3", "4"]
    assert [form["item_rec_status_1"] for form in forms[2:]] == ["live", "completed"]
    assert [form["item_rec_install_billed_1"] for form in forms[2:]] == ["2", "2"]
    assert {form["sale_id"] for form in forms} == {str(sale.sale_id)}
    merchant = here.shop.read(get_merchant)
    for form, heard in zip(forms, listener.heard, strict=True):
        assert int(form["key_count"]) == len(form)
        hashed = ins_hash(sale.sale_id, merchant.vendor_id, int(form["invoice_id"]), merchant.secret_word)
        assert form["md5_hash"] == hashed
        assert heard.body.startswith("message_type=")
    invoices = select(Invoice.order_id).order_by(Invoice.order_id)
    numbers = [str(row[0]) for row in here.shop.read(lambda tx: tx.all(invoices))]
    assert [form["invoice_id"] for form in forms] == [numbers[0], *[numbers[1]] * 3]


def test_the_merchant_is_told_of_each_failure_by_the_last_good_invoice(here: Here) -> None:
    listener = Listener()
    endpoint(here.shop, listener.url, "ins", kinds=["RECURRING_INSTALLMENT_FAILED", "RECURRING_STOPPED"])
    sale = here.shop.write(partial(sold, card="sbx-later-declined"))
    here.clock.pass_by(days=31)
    for _ in range(6):
        renewals(here.home)
        here.clock.now += timedelta(days=7)
    deliver_due(here.home)
    listener.stop()
    forms = [heard.form for heard in listener.heard]
    assert [form["message_type"] for form in forms] == ["RECURRING_INSTALLMENT_FAILED"] * 5
    assert {form["invoice_id"] for form in forms} == {str(sale.order_id)}
    assert {form["item_rec_install_billed_1"] for form in forms} == {"1"}
    assert {row.state for row in queued(here.shop)} == {"delivered"}
