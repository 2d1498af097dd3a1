"""Whatever is sent to the pages is answered, and never with a fault of ours."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.tx import OpenShop
from tests.domain.checkout.shopping import ONE_SHIRT, SID, add_product, be_seller
from tests.storefront.buying import BILLING, CARD, SHIPPING, Buyer, served

NAMES = st.sampled_from(
    "sid mode demo fixed lang currency_code merchant_order_id pay_method purchase_step skip_landing coupon"
    " x_receipt_link_url return_url card_holder_name street_address city state zip country email phone ship_name"
    " ship_country product_id product_id1 quantity quantity1 total cart_order_id id_type c_prod c_name c_price_1"
    " c_tangible x_login x_amount x_invoice_num li_0_type li_0_name li_0_quantity li_0_price li_0_tangible"
    " li_0_recurrence li_0_duration li_0_startup_fee li_0_option_0_name li_0_option_0_surcharge li_999_price"
    " amp;li_1_price custom".split()
) | st.text(max_size=20)
VALUES = st.sampled_from(
    [
        "", "0", "1", "-1", "0.01", "99999999.99", "1e400", "NaN", "Y", "N", "2CO", SID, "product", "coupon",
        "tax", "shipping", "1 Month", "9 Year", "Forever", "zh", "es_la", "USD", "XXX", "payment-method", "http://",
        "https://shop.example.com/x?y#z", "javascript:alert(1)", "<b>", "\0", "\ud800", "' OR 1=1 --", "٣", "½",
        "9" * 19, "9" * 400, "x" * 5000,
    ]
) | st.text(max_size=30)  # fmt: skip
PARAMETERS = st.dictionaries(NAMES, VALUES, max_size=12)
FIELDS = (
    *BILLING, *SHIPPING, *CARD, "same_address", "method", "coupon", "quantity.0", "quantity.p", "option.p.1",
    "option.p.x.y", "do", "shown",
)  # fmt: skip
FORMS = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUES))
STEPS = st.sampled_from(
    "review-cart shipping-information shipping-method billing-information payment-method single-page".split()
)
OFTEN = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def buyer(shop: OpenShop, tmp_path: Path) -> Buyer:
    shop.write(be_seller)
    return Buyer(served(shop, tmp_path))


def encoded(values: dict[str, str]) -> dict[str, str]:
    """Half a surrogate cannot be sent; its bytes can."""
    return {_sent(name): _sent(value) for name, value in values.items()}


def _sent(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@OFTEN
@given(parameters=PARAMETERS)
def test_any_link_is_followed_or_refused(buyer: Buyer, parameters: dict[str, str]) -> None:
    for base in ({"sid": SID}, ONE_SHIRT):
        answer = buyer.get("/checkout/purchase", encoded(base | parameters))
        assert answer.status_code in {303, 400}
        if answer.status_code == 303:
            assert buyer.followed(answer.headers["location"])


@OFTEN
@given(step=STEPS, form=FORMS)
def test_any_form_is_taken_or_refused(shop: OpenShop, buyer: Buyer, step: str, form: dict[str, str]) -> None:
    shirt = shop.write(lambda tx: add_product(tx, terms={"is_tangible": True}))
    for path in ("/checkout/purchase", "/checkout/spurchase"):
        for link in (ONE_SHIRT, {"sid": SID, "product_id": str(shirt)}):
            checkout = buyer.open(link, path)
            assert buyer.post(f"{checkout}/{step}", encoded(form)).status_code in {303, 422}
