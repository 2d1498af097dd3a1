"""Money beyond what an order comes to: kept for the customer, given back to the cent, whatever came before."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.money import Money, e4_of_minor
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.sales import find_books, lock_root
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import owed_minor, record_payment, settle_payment
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.errors import AttemptInFlight, MoreThanReturnable, NothingToReturn
from comptoir.domain.payments.following import capture_due
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.importing import import_payment
from comptoir.domain.payments.queries import get_payment, list_payments
from comptoir.domain.payments.surplus import CHARGED_BACK as TAKEN_BACK
from comptoir.domain.payments.surplus import list_ways, refuse_asked, return_surplus, surplus_minor
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import draft_refund, process_refund, refund_line_item, refund_order
from comptoir.domain.refunds.errors import RefundTooLarge
from comptoir.domain.refunds.importing import ItemImport, import_refund
from comptoir.domain.refunds.models import AMOUNT
from comptoir.domain.refunds.queries import get_refund
from comptoir.domain.refunds.standing import find_standings
from tests.domain.orders.given import LONG_AGO, a_line, an_import, balances, e4, order_value
from tests.domain.payments.given import FAR, FarGateway, follow, gateways, sell
from tests.engines import open_transaction

if TYPE_CHECKING:
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.tx import OpenShop, Tx

CASH = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Account, Account.id == Posting.account_id)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(Account.code.like("clearing:%"), Transfer.state == POSTED)
)


def a_surplus(tx: Tx, owed: str = "20", paid: str = "35") -> int:
    order_id = place_order(tx, lines=[a_line(owed)])
    record_payment(tx, order_id=order_id, amount_e4=e4(paid), gateway="cash", keeps_surplus=True)
    return order_id


def left(tx: Tx, order_id: int) -> int:
    return surplus_minor(tx, find_books(tx, [order_id], is_looking=True)[order_id])


def test_what_came_in_beyond_what_is_owed_goes_back(tx: Tx) -> None:
    order_id = a_surplus(tx)
    assert left(tx, order_id) == 1500
    first = return_surplus(tx, order_id=order_id, amount_e4=e4("4.50"))
    row = get_payment(tx, first)
    assert (row.amount_e4, row.status, row.gateway) == (-e4("4.50"), "success", "cash")
    assert left(tx, order_id) == 1050
    return_surplus(tx, order_id=order_id, gateway="manual")
    assert balances(tx) == {"sales": 2000, "clearing:cash": 3050, "clearing:manual": -1050}
    assert owed_minor(lock_root(tx, order_id)) == 0
    with pytest.raises(NothingToReturn):
        return_surplus(tx, order_id=order_id)
    refund_order(tx, order_id=order_id)
    assert order_value(tx, order_id, "paid_minor") == order_value(tx, order_id, "repaid_minor") == 3500
    assert tx.value(CASH) == 0
    assert prove_books(tx) == []


def test_a_refund_takes_nothing_of_the_surplus_and_leaves_it(tx: Tx) -> None:
    order_id = a_surplus(tx)
    with pytest.raises(RefundTooLarge):
        draft_refund(tx, order_id=order_id, items=[{"type": AMOUNT, "amount_e4": e4("20.01")}])
    refund_order(tx, order_id=order_id)
    assert left(tx, order_id) == 1500
    update_order(tx, order_id=order_id, status="cancelled")
    return_surplus(tx, order_id=order_id)
    assert tx.value(CASH) == 0
    assert prove_books(tx) == []


def test_what_cannot_be_given_back(tx: Tx) -> None:
    order_id = a_surplus(tx)
    wrong: list[tuple[str, dict[str, object]]] = [
        ("amount", {"amount_e4": 0}),
        ("amount", {"amount_e4": -e4("1")}),
        ("amount", {"amount_e4": 1}),
        ("amount", {"amount_e4": e4("15.01")}),
        ("gateway", {"gateway": "sandbox"}),
    ]
    for field, fields in wrong:
        with pytest.raises(Invalid) as refused:
            return_surplus(tx, order_id=order_id, **fields)  # type: ignore[arg-type]
        assert refused.value.field == field
    owing = place_order(tx, lines=[a_line("20")])
    record_payment(tx, order_id=owing, amount_e4=e4("20"))
    with pytest.raises(NothingToReturn):
        return_surplus(tx, order_id=owing)
    assert [row.amount_e4 for row in list_payments(tx, order_id)] == [e4("35")]


def test_what_a_bank_took_back_is_not_here_to_be_given(tx: Tx) -> None:
    order_id = a_surplus(tx)
    charge_back(tx, payment_id=1, identifier="one", amount_minor=3000)
    assert left(tx, order_id) == 500
    return_surplus(tx, order_id=order_id)
    assert tx.value(CASH) == 0
    with pytest.raises(NothingToReturn):
        return_surplus(tx, order_id=order_id)
    assert prove_books(tx) == []


def test_the_parts_of_a_split_order_take_nothing_of_the_surplus(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20"), a_line("30")])
    child, _ = split_order(tx, order_id=order_id, parts=[[line.id] for line in list_lines(tx, order_id)])
    record_payment(tx, order_id=child, amount_e4=e4("70"), keeps_surplus=True)
    refund_order(tx, order_id=order_id)
    with pytest.raises(RefundTooLarge):
        refund_order(tx, order_id=child)
    return_surplus(tx, order_id=child)
    assert tx.value(CASH) == 0
    assert order_value(tx, order_id, "refunded_minor") == 5000
    assert prove_books(tx) == []


def test_a_surplus_that_was_taken_over_goes_back_too(tx: Tx) -> None:
    import_orders(tx, [an_import(7)])
    whole = order_value(tx, 7, "total_e4")
    import_payment(tx, {
        "id": 5, "order_id": 7, "date": LONG_AGO, "status": "success", "amount_e4": whole + e4("3"),
        "gateway": "GATEWAY_XYZ",
    })  # fmt: skip
    item: ItemImport = {"type": AMOUNT, "amount_e4": e4("2")}
    import_refund(tx, {
        "id": 3, "order_id": 7, "status": "success", "created_at": LONG_AGO, "items": [item],
        "items_e4": e4("2"), "shipping_e4": 0, "total_e4": e4("2"),
    })  # fmt: skip
    # Three beyond the order, and two that were refunded and never repaid.
    assert left(tx, 7) == 500
    return_surplus(tx, order_id=7)
    refund_order(tx, order_id=7)
    assert tx.value(CASH) == 0
    assert prove_books(tx) == []


# --------------------------------------------------------------------------------------- a gateway far away


def paid_twice(
    shop: OpenShop, far: FarGateway, amount: str = "40", customer: Money | None = None
) -> PlacedSale:
    """A hundred by a card far away, and more by hand before it was taken."""
    placed = sell(shop, gateway=far, fraud_status="pass", customer=customer)
    capture_due(shop, gateways(far))
    follow(shop, far)
    more = partial(
        record_payment, order_id=placed.order_id, amount_e4=e4(amount), gateway="cash", keeps_surplus=True
    )
    shop.write(more)
    return placed


def test_a_gateway_far_away_is_asked_by_the_worker(shop: OpenShop) -> None:
    far = FarGateway()
    order_id = paid_twice(shop, far).order_id
    assert shop.read(lambda tx: list_ways(tx, order_id)) == ["cash", FAR, "manual"]
    key = shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway=FAR))
    assert shop.read(lambda tx: get_payment(tx, key)).status == "pending"
    assert far.moved("refund") == []
    with pytest.raises(NothingToReturn):
        shop.write(lambda tx: return_surplus(tx, order_id=order_id))
    with pytest.raises(AttemptInFlight):
        shop.read(lambda tx: refuse_asked(tx, key))
    follow(shop, far)
    assert shop.read(lambda tx: get_payment(tx, key)).status == "success"
    assert far.moved("refund") == [Money(4000, "AUD")]
    shop.read(lambda tx: refuse_asked(tx, key))
    # Sixty are left of the card and the rest came by hand: each goes back as it came, to the cent.
    shop.write(lambda tx: refund_order(tx, order_id=order_id))
    assert shop.read(lambda tx: order_value(tx, order_id, "repaid_minor")) == 14000
    assert shop.read(prove_books) == []


def test_a_far_gateway_that_refuses_leaves_the_surplus(shop: OpenShop) -> None:
    far = FarGateway()
    order_id = paid_twice(shop, far).order_id
    far.declines = True
    key = shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway=FAR))
    follow(shop, far)
    assert shop.read(lambda tx: get_payment(tx, key)).status == "fail"
    assert shop.read(lambda tx: left(tx, order_id)) == 4000
    far.declines = False
    shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway=FAR))
    follow(shop, far)
    assert shop.read(lambda tx: left(tx, order_id)) == 0
    assert shop.read(prove_books) == []


def test_a_surplus_goes_back_in_the_buyers_currency(shop: OpenShop) -> None:
    far = FarGateway()
    order_id = paid_twice(shop, far, "33.33", customer=Money(7777, "JPY")).order_id
    shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway=FAR))
    follow(shop, far)
    assert far.moved("refund") == [Money(2592, "JPY")]
    assert shop.read(lambda tx: left(tx, order_id)) == 0


def test_no_payment_far_away_gives_back_more_than_it_brought(shop: OpenShop) -> None:
    far = FarGateway()
    order_id = paid_twice(shop, far, "150").order_id
    with pytest.raises(MoreThanReturnable) as refused:
        shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway=FAR))
    assert refused.value.left == Money(10000, "AUD")
    shop.write(lambda tx: return_surplus(tx, order_id=order_id, gateway="cash"))
    assert shop.read(lambda tx: left(tx, order_id)) == 0


def test_a_refund_goes_by_the_payment_that_has_so_much_left(shop: OpenShop) -> None:
    far = FarGateway()
    placed = sell(shop, gateway=far, fraud_status="pass")
    capture_due(shop, gateways(far))
    follow(shop, far)
    order_id = placed.order_id
    again = partial(record_payment, amount_e4=e4("10"), gateway=FAR, identifier="again", keeps_surplus=True)
    shop.write(lambda tx: again(tx, order_id=order_id))
    item = {"type": AMOUNT, "amount_e4": e4("60")}

    def draft(tx: Tx) -> int:
        return draft_refund(tx, order_id=order_id, items=[item])  # type: ignore[list-item]

    refund_id = shop.write(draft)
    shop.write(lambda tx: process_refund(tx, refund_id=refund_id))
    follow(shop, far)
    assert shop.read(lambda tx: get_refund(tx, refund_id)).status == "success"
    shop.write(lambda tx: return_surplus(tx, order_id=order_id))
    follow(shop, far)
    item["amount_e4"] = e4("40")
    refund_id = shop.write(draft)
    shop.write(lambda tx: process_refund(tx, refund_id=refund_id))
    follow(shop, far)
    assert far.moved("refund") == [Money(6000, "AUD"), Money(1000, "AUD"), Money(4000, "AUD")]
    assert shop.read(lambda tx: order_value(tx, order_id, "repaid_minor")) == 11000
    assert shop.read(lambda tx: tx.value(CASH)) == 0
    assert shop.read(prove_books) == []


# ------------------------------------------------------------------------------------------- any sequence

PAY, KEEP, PROMISE, SETTLE, LINE, WHOLE, RETURN, DISPUTE, CANCEL = range(9)
STEPS = st.lists(st.tuples(st.sampled_from(range(9)), st.integers(1, 40_000), st.integers(0, 3)), max_size=14)


class Life:
    """An order to which anything happens."""

    def __init__(self, tx: Tx, currency: str) -> None:
        self.tx, self.currency = tx, currency
        self.order_id = place_order(
            tx, lines=[a_line("12.34", 3), a_line("0.55")], currency=currency, delivery_e4=e4("1.5")
        )
        self.lines = [line.id for line in list_lines(tx, self.order_id)]
        self.disputes = 0

    def step(self, what: int, minor: int, which: int) -> None:
        tx, key, amount = self.tx, self.order_id, e4_of_minor(minor, self.currency)
        gateway = ("manual", "cash", "sandbox", "card")[which]
        if what in {PAY, KEEP}:
            record_payment(tx, order_id=key, amount_e4=amount, gateway=gateway, keeps_surplus=what == KEEP)
        elif what == PROMISE:
            record_payment(tx, order_id=key, amount_e4=amount, status="pending", keeps_surplus=True)
        elif what == SETTLE:
            pending = next(row for row in list_payments(tx, key) if row.status == "pending")
            settle_payment(tx, payment_id=pending.id, status="success" if which else "fail")
        elif what == LINE:
            refund_line_item(tx, order_id=key, order_line_id=self.lines[which % 2], quantity=1)
        elif what == WHOLE:
            item = {"type": AMOUNT, "amount_e4": amount}
            process_refund(tx, refund_id=draft_refund(tx, order_id=key, items=[item]))  # type: ignore[list-item]
        elif what == RETURN:
            return_surplus(tx, order_id=key, amount_e4=None if which else amount)
        elif what == DISPUTE:
            paid = next(row for row in list_payments(tx, key) if row.status == "success")
            self.disputes += charge_back_of(tx, paid.id, minor)
        else:
            update_order(tx, order_id=key, status="cancelled" if which else "new")

    def here(self) -> int:
        """What was taken and not given back, by the order's own count."""
        return int(
            order_value(self.tx, self.order_id, "paid_minor")
            - order_value(self.tx, self.order_id, "repaid_minor")
            - self.disputes
        )

    def empty(self) -> None:
        """Give back all that can be: refunded as far as it was sold, and returned beyond that."""
        standing = find_standings(self.tx, [self.order_id])[self.order_id]
        left_minor = min(standing.balance_minor, standing.purse.left_minor(is_paid_out=False))
        if left_minor > 0:
            item = {"type": AMOUNT, "amount_e4": e4_of_minor(left_minor, self.currency)}
            refund_id = draft_refund(self.tx, order_id=self.order_id, items=[item])  # type: ignore[list-item]
            process_refund(self.tx, refund_id=refund_id, gateway=gateway_named("manual"))
        with suppress(NothingToReturn):
            return_surplus(self.tx, order_id=self.order_id, gateway="manual")


def charge_back_of(tx: Tx, payment_id: int, minor: int) -> int:
    """Nobody disputes what they have back."""
    order = lock_root(tx, get_payment(tx, payment_id).order_id)
    kept = order.paid_minor - order.repaid_minor - tx.value(TAKEN_BACK, root_id=order.id)
    amount = min(minor, kept)
    charge_back(tx, payment_id=payment_id, identifier=f"bank-{tx.ids.next('dispute')}", amount_minor=amount)
    return int(amount)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(currency=st.sampled_from(["AUD", "KWD"]), steps=STEPS)
def test_after_any_sequence_what_is_here_can_be_given_back_to_the_cent(
    shop: OpenShop, currency: str, steps: list[tuple[int, int, int]]
) -> None:
    with open_transaction(shop) as tx:
        before = tx.value(CASH)
        life = Life(tx, currency)
        for what, minor, which in steps:
            with suppress(ComptoirError, StopIteration):
                life.step(what, minor, which)
            assert tx.value(CASH) - before == life.here() >= 0
        assert prove_books(tx) == []
        life.empty()
        assert life.here() == 0
        assert tx.value(CASH) == before
        assert prove_books(tx) == []
