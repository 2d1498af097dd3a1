"""What was taken is what stands in the books: sales, less what was given back and what it cost."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, literal, select

from comptoir.domain.figures.spans import Span, compared, last_days, last_months
from comptoir.domain.figures.takings import Takings, series_of, takings_of
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.changing import remove_order, update_order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.domain.tx import Tx
from tests.conftest import NOW
from tests.domain.orders.given import a_line
from tests.domain.payouts.given import a_deposit, dispute, refund, terms
from tests.domain.subscriptions.given import at

DAY = timedelta(days=1)
EVER = Span(NOW - 1000 * DAY, NOW + 1000 * DAY)
BOOKED = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .where(Account.code == literal("receivable"), Transfer.kind == literal("sale"))
)


def an_order(tx: Tx, price: str = "20", **fields: object) -> int:
    return place_order(tx, lines=[a_line(price)], **fields)  # type: ignore[arg-type]


def test_an_order_counts_on_its_day_in_its_currency(tx: Tx) -> None:
    with at(tx, NOW - DAY):
        an_order(tx, "20")
        an_order(tx, "5.50")
    an_order(tx, "7", currency="EUR")
    assert takings_of(tx, EVER) == {"AUD": Takings(sales=2, sales_minor=2550), "EUR": Takings(1, 700)}
    assert takings_of(tx, Span(NOW, NOW + DAY)) == {"EUR": Takings(1, 700)}
    assert takings_of(tx, Span(NOW - DAY, NOW)) == {"AUD": Takings(2, 2550)}


def test_what_nobody_owes_is_no_sale(tx: Tx) -> None:
    cancelled, removed = an_order(tx), an_order(tx)
    update_order(tx, order_id=cancelled, status="cancelled")
    remove_order(tx, order_id=removed)
    assert takings_of(tx, EVER) == {}
    update_order(tx, order_id=cancelled, status="new")
    assert takings_of(tx, EVER)["AUD"].sales == 1


def test_refunds_chargebacks_and_fees_are_taken_off(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx, 10_041)
    gather_entries(tx)
    refund(tx, order_id, 1_000)
    dispute(tx, order_id, 500)
    gather_entries(tx)
    (found,) = takings_of(tx, EVER).values()
    assert (found.sales, found.sales_minor) == (1, 10_041)
    assert (found.refunds, found.refunds_minor) == (1, 1_000)
    assert (found.chargebacks, found.chargebacks_minor) == (1, 500)
    assert found.fees_minor == 598 + 2_000
    assert found.net_minor == 10_041 - 1_000 - 500 - 2_598


def test_a_draft_gives_nothing_back(tx: Tx) -> None:
    order_id = a_deposit(tx, 10_000)
    draft_refund(tx, order_id=order_id, items=[{"type": "amount", "amount_e4": e4_of_minor(100, "AUD")}])
    assert takings_of(tx, EVER)["AUD"].refunds == 0


@pytest.mark.parametrize(("currency", "price", "minor"), [("JPY", "700", 700), ("KWD", "1.234", 1234)])
def test_refunds_are_counted_in_the_currency_s_own_unit(
    tx: Tx, currency: str, price: str, minor: int
) -> None:
    order_id = an_order(tx, price, currency=currency)
    charge_order(tx, order_id=order_id, gateway=gateway_named("sandbox"))
    refund_id = draft_refund(
        tx, order_id=order_id, items=[{"type": "amount", "amount_e4": e4_of_minor(minor, currency)}]
    )
    assert process_refund(tx, refund_id=refund_id) == "success"
    found = takings_of(tx, EVER)[currency]
    assert (found.sales_minor, found.refunds_minor, found.net_minor) == (minor, minor, 0)


MOMENTS = st.lists(
    st.tuples(
        st.integers(0, 365 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds)),
        st.integers(1, 100_000),
    ),
    max_size=12,
)


@pytest.fixture
def sydney(tx: Tx) -> Tx:
    tx.shop = replace(tx.shop, zone=ZoneInfo("Australia/Sydney"))
    return tx


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(MOMENTS)
def test_every_day_adds_up_to_its_month_and_to_the_books(
    sydney: Tx, sales: list[tuple[datetime, int]]
) -> None:
    sydney.cursor.execute("SAVEPOINT example")
    for moment, minor in sales:
        with at(sydney, moment):
            an_order(sydney, f"{minor / 100:.2f}")
    days = last_days(NOW, sydney.shop.zone, 370)
    months = last_months(NOW, sydney.shop.zone, 13)
    by_day = [one.get("AUD", Takings()) for one in series_of(sydney, days)]
    by_month = [one.get("AUD", Takings()) for one in series_of(sydney, months)]
    whole = sum(minor for _, minor in sales)
    assert sum(one.sales_minor for one in by_day) == sum(one.sales_minor for one in by_month) == whole
    assert int(sydney.value(BOOKED)) == whole
    for bucket, one in zip(days, by_day, strict=True):
        of_day = [minor for moment, minor in sales if bucket.span.since <= moment < bucket.span.until]
        assert (one.sales, one.sales_minor) == (len(of_day), sum(of_day)), bucket
    this = compared("month", NOW, sydney.shop.zone).now
    of_month = sum(minor for moment, minor in sales if this.since <= moment < this.until)
    assert sum(one.sales_minor for one in takings_of(sydney, this).values()) == of_month
    sydney.cursor.execute("ROLLBACK TO SAVEPOINT example")
