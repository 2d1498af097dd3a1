"""Refunds in any order, and at the same time: they end at exactly what was paid."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import ComptoirError
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import (
    ItemFields,
    draft_refund,
    process_refund,
    refund_line_item,
    refund_order,
)
from comptoir.domain.refunds.errors import AlreadyRefunded
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import TEN_PERCENT, a_line, balances, order_value
from tests.domain.refunds.given import a_paid_order
from tests.engines import open_transaction


def test_one_refund_wins_when_two_race(shop: OpenShop) -> None:
    order_id = shop.write(a_paid_order)
    line = shop.read(lambda tx: list_lines(tx, order_id)[0].id)

    def attempt(_: int) -> bool:
        try:
            shop.write(lambda tx: refund_line_item(tx, order_id=order_id, order_line_id=line, quantity=1))
        except ComptoirError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(8))) == 3
    assert shop.read(prove_books) == []


class Sale(NamedTuple):
    """Any order: price, pieces and tax rate of its lines, what is charged and given on it."""

    cart: list[tuple[int, int, int]]
    currency: str
    tax_included: bool
    delivery_e4: int
    discount_percent: int
    bundled: bool

    def place(self, tx: Tx) -> int:
        lines = [
            a_line("0", count, unit_price_e4=price, tax_rate_ppm=rate) for price, count, rate in self.cart
        ]
        if self.bundled:
            lines.append(a_line("50", 2, type="bundle", parts=[a_line("30", 3), a_line("20")]))
        worth = sum(price * pieces for price, pieces, _ in self.cart)
        return place_order(
            tx,
            lines=lines,
            currency=self.currency,
            tax_included=self.tax_included,
            delivery_e4=self.delivery_e4,
            discount_e4=worth * self.discount_percent // 100,
            charges_tax_ppm=TEN_PERCENT,
        )


STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(1, 5000)), max_size=8)
CARTS = st.lists(
    st.tuples(st.integers(100, 10**6), st.integers(1, 5), st.sampled_from([0, 88_750, TEN_PERCENT])),
    min_size=1,
    max_size=3,
)
SALES = st.builds(
    Sale,
    cart=CARTS,
    currency=st.sampled_from(["JPY", "USD", "KWD", "CLF"]),
    tax_included=st.booleans(),
    delivery_e4=st.integers(0, 10**5),
    discount_percent=st.integers(0, 90),
    bundled=st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sale=SALES, steps=STEPS)
def test_any_sequence_of_refunds_ends_at_exactly_zero(
    shop: OpenShop, sale: Sale, steps: list[tuple[int, int, int]]
) -> None:
    with open_transaction(shop) as tx:
        order_id = sale.place(tx)
        paid_e4 = order_value(tx, order_id, "total_e4")
        if not paid_e4:
            return
        record_payment(tx, order_id=order_id, amount_e4=paid_e4)
        ids = [line.id for line in list_lines(tx, order_id)]
        for which, pieces, minor in steps:
            with suppress(ComptoirError):
                if which < len(ids):
                    refund_line_item(tx, order_id=order_id, order_line_id=ids[which], quantity=pieces)
                else:
                    item: ItemFields = {"type": "shipping", "amount_e4": e4_of_minor(minor, sale.currency)}
                    process_refund(tx, refund_id=draft_refund(tx, order_id=order_id, items=[item]))
            assert prove_books(tx) == []
        with suppress(AlreadyRefunded):
            refund_order(tx, order_id=order_id)
        assert order_value(tx, order_id, "refunded_minor") == order_value(tx, order_id, "total_minor")
        assert not {"receivable", "clearing:manual", "tax_payable"} & set(balances(tx))
        assert prove_books(tx) == []
