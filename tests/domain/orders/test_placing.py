"""Placing orders: what they come to and what they post."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import Invalid
from comptoir.domain.events.actions import flush
from comptoir.domain.events.queries import list_events
from comptoir.domain.ledger.books import check_books
from comptoir.domain.money import e4_of_minor, minor_of_e4
from comptoir.domain.orders.amounts import Charges, LinePrice, adopt_order, part_amounts, price_order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import TEN_PERCENT, a_line, balances, e4, order_value
from tests.engines import open_transaction

CURRENCIES = ["JPY", "USD", "KWD", "CLF"]


def test_tax_on_top_of_prices(tx: Tx) -> None:
    order_id = place_order(
        tx,
        lines=[a_line("20", 2, tax_rate_ppm=TEN_PERCENT), a_line("10")],
        tax_included=False,
        delivery_e4=e4("5"),
        charges_tax_ppm=TEN_PERCENT,
    )
    assert order_value(tx, order_id, "total_e4") == e4("59.5")
    assert order_value(tx, order_id, "tax_e4") == e4("4.5")
    assert balances(tx) == {"receivable": 5950, "sales": 5000, "tax_payable": 450, "shipping_income": 500}


def test_tax_in_the_prices(tx: Tx) -> None:
    order_id = place_order(
        tx,
        lines=[a_line("22", tax_rate_ppm=TEN_PERCENT)],
        delivery_e4=e4("11"),
        insurance_e4=e4("1"),
        surcharge_e4=e4("0.50"),
        charges_tax_ppm=TEN_PERCENT,
    )
    assert order_value(tx, order_id, "total_e4") == e4("34.5")
    assert balances(tx) == {
        "receivable": 3450, "sales": 2000, "tax_payable": 314, "shipping_income": 999,
        "insurance_income": 91, "surcharge_income": 46,
    }  # fmt: skip


def test_a_discount_is_shared_out_and_the_rest_goes_to_the_largest_line(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10"), a_line("10.01"), a_line("10")], discount_e4=e4("10"))
    lines = list_lines(tx, order_id)
    assert [line.discount_share_minor for line in lines] == [333, 334, 333]
    assert balances(tx) == {"receivable": 2001, "sales": 3001, "discounts": 1000}


def test_a_discount_may_also_pay_the_delivery(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("10")], delivery_e4=e4("5"), discount_e4=e4("12"))
    assert order_value(tx, order_id, "charges_minor") == 300
    assert order_value(tx, order_id, "total_minor") == 300


def test_an_order_of_nothing_posts_nothing(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("0")])
    assert order_value(tx, order_id, "sale_transfer_id") is None
    assert balances(tx) == {}


def test_the_parts_of_a_bundle_add_up_to_it(tx: Tx) -> None:
    parts = [a_line("22", 2), a_line("44", discount_e4=e4("11"))]
    bundle = a_line("70", 3, type="bundle", parts=parts, tax_rate_ppm=TEN_PERCENT)
    lines = list_lines(tx, place_order(tx, lines=[bundle], discount_e4=e4("0.05")))
    for column in ("amount_minor", "discount_share_minor", "tax_minor"):
        assert getattr(lines[0], column) == sum(getattr(line, column) for line in lines[1:])
    assert [line.parent_line_id for line in lines] == [None, lines[0].id, lines[0].id]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("lines", {"lines": []}),
        ("type", {"lines": [a_line(type="gift")]}),
        ("parts", {"lines": [a_line(parts=[a_line()])]}),
        ("parts", {"lines": [a_line(type="bundle", parts=[a_line(type="bundle")])]}),
        ("quantity", {"lines": [a_line(type="bundle", parts=[a_line(quantity=-1)])]}),
        ("currency", {"currency": "aud"}),
        ("status", {"status": "split"}),
        ("status", {"status": "lost"}),
        ("quantity", {"lines": [a_line(quantity=-1)]}),
        ("discount", {"lines": [a_line(discount_e4=e4("20.01"))]}),
        ("discount", {"discount_e4": e4("20.01")}),
        ("delivery", {"delivery_e4": -100}),
        ("tax", {"lines": [a_line(tax_rate_ppm=-1)]}),
        ("total", {"lines": [a_line("100000000000", 10**9)]}),
        ("id", {"id": 0}),
    ],
)
def test_what_cannot_be_placed(field: str, fields: dict[str, object], tx: Tx) -> None:
    with pytest.raises(Invalid) as refused:
        place_order(tx, **({"lines": [a_line()]} | fields))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_numbers_and_events(shop: OpenShop) -> None:
    first = shop.write(lambda tx: place_order(tx, lines=[a_line()], id=400))
    second = shop.write(lambda tx: place_order(tx, lines=[a_line()]))
    assert (first, second) == (400, 401)

    def look(tx: Tx) -> None:
        assert [order_value(tx, key, "number") for key in (first, second)] == ["1", "2"]
        placed = [event for event in list_events(tx) if event.kind == "order.placed"]
        assert [event.subject_id for event in placed] == [400, 401]
        assert placed[0].after == {"number": "1", "status": "new", "total_e4": e4("20"), "currency": "AUD"}

    shop.read(look)


PRICES = st.integers(0, 10**8)
LINES = st.lists(
    st.tuples(PRICES, st.integers(0, 100), st.integers(1, 20), st.sampled_from([0, 50_000, 88_750, 200_000])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(
    lines=LINES, delivery=PRICES, discount=st.integers(0, 100), currency=st.sampled_from(CURRENCIES),
    tax_included=st.booleans(),
)  # fmt: skip
def test_any_cart_adds_up(
    lines: list[tuple[int, int, int, int]], delivery: int, discount: int, currency: str, tax_included: bool
) -> None:
    prices = [LinePrice(price, price * off // 100, count, rate) for price, off, count, rate in lines]
    worth = sum(price.amount_e4 for price in prices) + delivery
    charges = Charges(delivery_e4=delivery, discount_e4=max(worth - 10**5, 0) * discount // 100)
    placed = price_order(
        prices, charges, currency=currency, tax_included=tax_included, charges_tax_ppm=TEN_PERCENT
    )
    paid_for = sum(line.refundable_minor(tax_included=tax_included) for line in placed.lines)
    charged = placed.charges_minor + (0 if tax_included else placed.charges_tax_minor)
    assert paid_for + charged == placed.total_minor
    assert sum(line.tax_minor for line in placed.lines) + placed.charges_tax_minor == placed.tax_minor
    assert (
        min(placed.charges_minor, *(line.amount_minor - line.discount_share_minor for line in placed.lines))
        >= 0
    )
    for line, price in zip(placed.lines, prices, strict=True):
        parts = part_amounts(line, [price, LinePrice(1, 0, 1)])
        assert [sum(column) for column in zip(*parts, strict=True)] == list(line)
    adopted = adopt_order(
        prices,
        charges,
        tax_e4=e4_of_minor(placed.tax_minor, currency),
        total_e4=e4_of_minor(placed.total_minor, currency),
        currency=currency,
        tax_included=tax_included,
    )
    assert adopted.total_minor == placed.total_minor
    assert adopted.tax_minor == placed.tax_minor


@pytest.mark.parametrize("currency", CURRENCIES)
def test_no_currency_loses_or_wins_places(currency: str, tx: Tx) -> None:
    lines = [a_line("1234.5678", 3, tax_rate_ppm=TEN_PERCENT), a_line("0.0049", tax_rate_ppm=TEN_PERCENT)]
    order_id = place_order(tx, lines=lines, currency=currency, tax_included=False, delivery_e4=e4("5.5555"))
    total_e4 = order_value(tx, order_id, "total_e4")
    assert balances(tx)["receivable"] == minor_of_e4(total_e4, currency)
    assert e4_of_minor(balances(tx)["receivable"], currency) == total_e4
    exact = 12345678 * 3 + 49 + (12345678 * 3 + 49) // 10 + 55555
    assert abs(total_e4 - exact) <= 5 * e4_of_minor(1, currency)
    assert check_books(tx) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, delivery=PRICES, tax_included=st.booleans(), currency=st.sampled_from(CURRENCIES))
def test_lines_order_and_postings_agree(
    shop: OpenShop, lines: list[tuple[int, int, int, int]], delivery: int, tax_included: bool, currency: str
) -> None:
    with open_transaction(shop) as tx:
        order_id = place_order(
            tx,
            lines=[
                a_line("0", count, unit_price_e4=price, discount_e4=price * off // 100, tax_rate_ppm=rate)
                for price, off, count, rate in lines
            ],
            delivery_e4=delivery,
            tax_included=tax_included,
            currency=currency,
        )
        kept = list_lines(tx, order_id)
        total = order_value(tx, order_id, "total_minor")
        taxes = sum(line.tax_minor for line in kept) + order_value(tx, order_id, "charges_tax_minor")
        posted = balances(tx)
        assert posted.get("receivable", 0) == total
        assert posted.get("tax_payable", 0) == taxes
        assert posted.get("sales", 0) == sum(line.amount_minor for line in kept) - tax_included * taxes
        flush(tx)
        assert check_books(tx) == []
