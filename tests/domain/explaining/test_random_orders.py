"""Whatever is ordered, paid and given back: every amount is the sum of its parts."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import ComptoirError
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.placing import OrderFields, place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.explaining.given import prove_everything, prove_kept
from tests.domain.refunds.given import GATEWAY
from tests.engines import open_transaction

AMOUNT = st.integers(0, 2_000_000)


@st.composite
def lines(draw: st.DrawFn, *, is_part: bool = False) -> LineFields:
    """A line of any price, with a discount and tax, or a bundle of some."""
    price = draw(AMOUNT)
    line: LineFields = {
        "product_id": draw(st.integers(1, 3)),
        "unit_price_e4": price,
        "discount_e4": draw(st.integers(0, price)),
        "quantity": draw(st.integers(0, 13)),
        "tax_rate_ppm": draw(st.integers(0, 300_000)),
    }
    if not is_part and draw(st.booleans()):
        line["type"] = "bundle"
        line["parts"] = draw(st.lists(lines(is_part=True), min_size=1, max_size=3))
    return line


ORDERS = st.fixed_dictionaries(
    {
        "delivery_e4": AMOUNT,
        "insurance_e4": AMOUNT,
        "surcharge_e4": AMOUNT,
        "discount_e4": AMOUNT,
        "charges_tax_ppm": st.integers(0, 300_000),
        "tax_included": st.booleans(),
        "currency": st.sampled_from(["AUD", "JPY", "KWD", "CLF"]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bought=st.lists(lines(), min_size=1, max_size=4),
    order=ORDERS,
    given_back=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 300_000)), max_size=3),
    is_cancelled=st.booleans(),
)
def test_every_order_is_the_sum_of_its_parts(
    shop: OpenShop,
    bought: list[LineFields],
    order: OrderFields,
    given_back: list[tuple[int, int]],
    *,
    is_cancelled: bool,
) -> None:
    with open_transaction(shop) as tx:
        with suppress(ComptoirError):
            order_id = place_order(tx, lines=bought, **order)
            if is_cancelled:
                update_order(tx, order_id=order_id, status="cancelled")
            charge_order(tx, order_id=order_id, gateway=GATEWAY)
            for place, minor in given_back:
                _give_back(tx, order_id, place, minor)
        prove_everything(tx)
        prove_kept(tx)


def _give_back(tx: Tx, order_id: int, place: int, minor: int) -> None:
    """Something of a line, or of the order as a whole; what is refused changes nothing."""
    placed = list_lines(tx, order_id)
    with suppress(ComptoirError):
        if place < len(placed):
            draft = draft_refund(
                tx, order_id=order_id, items=[{"order_line_id": placed[place].id, "quantity": 1}]
            )
        else:
            amount_e4 = e4_of_minor(minor, "AUD")
            draft = draft_refund(tx, order_id=order_id, items=[{"type": "amount", "amount_e4": amount_e4}])
        process_refund(tx, refund_id=draft)
