"""Payments in the console: listed, looked at, settled by hand, taken back by banks; invoices captured and released."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comptoir.domain.events.queries import list_events
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.sales.money import list_disputed
from comptoir.domain.sales.whole import get_whole
from tests.conftest import NOW
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import a_line, e4
from tests.domain.payments.given import FarGateway, gateways, invoice, sell, state, statuses
from tests.domain.refunds.given import a_paid_order

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

HOSTILE = '<img src=x onerror="alert(1)">'


def test_payments_are_listed_and_narrowed(shop: OpenShop, visitor: Visitor) -> None:
    def given(tx: Tx) -> None:
        a_paid_order(tx)
        order_id = place_order(tx, lines=[a_line("20")])
        record_payment(tx, order_id=order_id, amount_e4=e4("5"), identifier="bank-7", status="pending")

    shop.write(given)
    assert [(row[3], row[4], row[5], row[6]) for row in visitor.get("/payments").rows] == [
        ("pending", "manual", "bank-7", "5.00 AUD"), ("success", "sandbox", "SBX-1", "45.10 AUD"),
    ]  # fmt: skip
    for query, found in (
        ("status=pending", ["2"]), ("reference=bank-7", ["2"]), ("reference=none", []),
        ("order=1", ["1"]), ("on_from=2026-03-02", []), ("sort=oldest", ["1", "2"]), ("reference=%00", []),
    ):  # fmt: skip
        assert [row[0] for row in visitor.get(f"/payments?{query}").rows] == found, query
    assert len(visitor.get("/payments?format=csv").text.splitlines()) == 3


def test_a_pending_payment_is_settled_once(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    shop.write(
        lambda tx: record_payment(
            tx, order_id=order_id, amount_e4=e4("20"), status="pending", response={"said": HOSTILE}
        )
    )
    page = visitor.get("/payments/1")
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    done = visitor.done(page, "/settle", status="success")
    assert "The payment was settled." in done.main
    assert shop.read(lambda tx: get_payment(tx, 1)).status == "success"
    assert shop.read(lambda tx: get_whole(tx, Order, order_id))["paid_minor"] == 2000
    event = shop.read(lambda tx: list_events(tx, subject="payment"))[-1]
    assert (event.kind, event.operator_id, event.dialect) == ("payment.settled", 1, "console")
    csrf = done.form("/sign-out").fields["csrf"]
    again = visitor.post("/console/payments/1/settle", {"csrf": csrf, "status": "fail"})
    assert (again.status, shop.read(lambda tx: get_payment(tx, 1)).status) == (422, "success")
    for link in done.links():
        if "/explain/" in link:
            assert visitor.get(link).status == 200, link


def test_what_a_bank_took_back_is_written_down(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    page = visitor.get("/payments/1")
    for amount in ("0", "-1", "46", "0.001"):
        refused = visitor.fill(page, "/charge-back", identifier="dp_1", amount=amount)
        assert (refused.status, shop.read(lambda tx: list_disputed(tx, order_id))) == (422, []), amount
    page = visitor.done(page, "/charge-back", identifier="dp_1", reason=HOSTILE, amount="5.10")
    (one,) = shop.read(lambda tx: list_disputed(tx, order_id))
    assert (one.amount_minor, one.reason) == (510, HOSTILE)
    assert HOSTILE not in page.text
    assert "took 5.10 AUD back" in visitor.get(f"/orders/{order_id}").main
    visitor.done(page, "/charge-back", identifier="dp_2")
    assert [one.amount_minor for one in shop.read(lambda tx: list_disputed(tx, order_id))] == [510, 4000]


def test_an_invoice_is_judged_and_captured(shop: OpenShop, visitor: Visitor) -> None:
    placed = sell(shop)
    page = visitor.get(f"/orders/{placed.order_id}")
    early = visitor.fill(page, "/capture")
    assert (early.status, "has not passed its fraud review" in early.main) == (422, True)
    page = visitor.done(page, "/review", status="pass")
    assert state(shop, placed) == ("approved", "pass")
    assert "The money was taken." in visitor.done(page, "/capture").main
    assert (state(shop, placed), statuses(shop, placed)) == (("pending", "pass"), ["success"])
    csrf = page.form("/sign-out").fields["csrf"]
    again = visitor.post(f"/console/orders/{placed.order_id}/capture", {"csrf": csrf})
    assert again.status == 422
    charged = visitor.post(f"/console/orders/{placed.order_id}/charge", {"csrf": csrf})
    assert (charged.status, "promised already" in charged.main) == (422, True)


def test_a_failed_review_cancels_the_sale_and_lets_its_money_go(shop: OpenShop, visitor: Visitor) -> None:
    placed = sell(shop)
    page = visitor.done(f"/orders/{placed.order_id}", "/review", status="fail")
    assert (state(shop, placed), statuses(shop, placed)) == (("declined", "fail"), ["fail"])
    assert "cancelled" in page.main


def test_promised_money_is_let_go(shop: OpenShop, visitor: Visitor) -> None:
    placed = sell(shop)
    page = visitor.get(f"/orders/{placed.order_id}")
    assert "The money was let go." in visitor.done(page, "/release").main
    assert statuses(shop, placed) == ["fail"]
    csrf = page.form("/sign-out").fields["csrf"]
    again = visitor.follow(visitor.post(f"/console/orders/{placed.order_id}/release", {"csrf": csrf}))
    assert "No money was promised" in again.main


def test_cancelling_lets_promised_money_go_so_that_nobody_takes_it(shop: OpenShop, visitor: Visitor) -> None:
    placed = sell(shop, fraud_status="pass")
    visitor.done(f"/orders/{placed.order_id}", "/cancel")
    assert (state(shop, placed), statuses(shop, placed)) == (("declined", "pass"), ["fail"])
    assert shop.read(lambda tx: get_whole(tx, Order, placed.order_id))["status"] == "cancelled"


def test_money_is_promised_again_outside_any_transaction(shop: OpenShop, home: ServedShop) -> None:
    far = FarGateway()
    object.__setattr__(home, "gateways", gateways(far))
    placed = sell(shop, gateway=far, method="far-1")
    soon = signed_in(home).fill(f"/orders/{placed.order_id}", "/reauthorise")
    assert (soon.status, "less than a day ago" in soon.main) == (422, True)
    shop.system = lambda: NOW + timedelta(days=2)
    visitor = signed_in(home)
    done = visitor.done(f"/orders/{placed.order_id}", "/reauthorise")
    assert "promised for another seven days" in done.main
    assert statuses(shop, placed) == ["fail", "pending"]
    assert invoice(shop, placed).authorised_until == NOW + timedelta(days=9)
    assert "far" in done.main
    shop.system = lambda: NOW + timedelta(days=4)
    far.silent_before = True
    silent = signed_in(home).fill(f"/orders/{placed.order_id}", "/reauthorise")
    assert (silent.status, "gave no answer" in silent.main) == (422, True)


def test_a_gateway_far_away_is_never_charged_without_a_card(shop: OpenShop, home: ServedShop) -> None:
    object.__setattr__(home, "gateways", gateways(FarGateway()))
    shop.write(lambda tx: update_merchant(tx, name="Shop", gateway="stripe"))
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    visitor = signed_in(home)
    page = visitor.get(f"/orders/{order_id}")
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/charge")]
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console/orders/{order_id}/charge", {"csrf": csrf})
    assert (refused.status, "hands over at the checkout" in refused.main) == (422, True)


def test_who_may_only_see_settles_nothing(shop: OpenShop, home: ServedShop) -> None:
    shop.write(a_paid_order)
    reader = signed_in(home, "accountant")
    page: Any = reader.get("/payments/1")
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("settle", "charge-back"):
        sent = reader.post(f"/console/payments/1/{act}", {"csrf": csrf, "identifier": "x", "status": "fail"})
        assert sent.status == 403, act
    assert not [one for one in page.tree.forms if "/payments/" in (one.action or "")]
