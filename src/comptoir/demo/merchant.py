"""The merchant of the demo world: who sells, on which terms, and who may ask in the vendor's dialect.

The numbers and words are those that the published documentation prints.
"""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.errors import ApiUserTaken, KeyTaken
from comptoir.domain.merchant.actions import MerchantChanges, update_merchant
from comptoir.domain.merchant.offers import create_shipping_method, set_rate, set_tax
from comptoir.domain.money import e4_of_decimal
from comptoir.domain.tx import Tx

API_USER, API_PASSWORD = "APIuser1817037", "APIpass1817037"
VENDOR_ID, SECRET_WORD = 1817037, "tango"
PUBLISHABLE_KEY = "3508079E-5383-44D4-BF69-DC619C0D9811"
PRIVATE_KEY = "3508099E-5383-44D4-BF69-DC619C0D9811"

PROFILE = MerchantChanges(
    vendor_id=VENDOR_ID,
    level_id=3,
    name="The Corner Comptoir",
    url="www.fake-company.com",
    affiliate_url="http://www.fake-company.com",
    site_category="Electronics",
    site_description="Lamps, sparkles and what goes with them",
    site_title="The Corner Comptoir",
    soft_descriptor="Test",
    secret_word=SECRET_WORD,
    publishable_key=PUBLISHABLE_KEY,
    private_key=PRIVATE_KEY,
    demo="P",
    return_method=1,
    gateway="sandbox",
    fraud_review_minutes=30,
    service_email="service@fake-company.com",
    service_phone="555-555-5555",
    office_email="office@fake-company.com",
    office_phone="555-555-5556",
    mailing_id=4774380001,
    mailing_address1="123 Test St",
    mailing_city="Columbus",
    mailing_state="OH",
    mailing_postcode="43123",
    mailing_country="USA",
    physical_id=4774380002,
    physical_address1="123 Test St",
    physical_city="Columbus",
    physical_state="OH",
    physical_postcode="43123",
    physical_country="USA",
    fee_ppm=55_000,
    fee_fixed_minor=45,
    chargeback_fee_minor=2_000,
    reserve_ppm=30_000,
    payout_fee_minor=0,
    payout_weekday=3,
    release_level_minor=300_00,
)


class Rate(NamedTuple):
    """What one unit of the shop's currency is worth."""

    currency: str
    worth: str


RATES = (
    Rate("USD", "0.66"),
    Rate("EUR", "0.61"),
    Rate("GBP", "0.52"),
    Rate("JPY", "97.5"),
    Rate("CAD", "0.90"),
    Rate("NZD", "1.09"),
    Rate("CHF", "0.58"),
    Rate("SEK", "6.90"),
    Rate("NOK", "7.05"),
    Rate("DKK", "4.55"),
)
TAXES = (("AUS", "", "GST", 100_000), ("NZL", "", "GST", 150_000), ("USA", "OH", "Sales tax", 57_500))
SHIPPING = (("Standard", "Australia Post", "7.95", "1.50"), ("Express", "StarTrack", "14.50", "3.00"))
RATES_SINCE = date(2012, 1, 1)
E8 = Decimal(10**8)


def found_demo_merchant(tx: Tx, *, operator_id: int, secret: bytes) -> None:
    """Say who sells in the demo, what money is worth, what is taxed and how goods are sent; let its API user in."""
    update_merchant(tx, **PROFILE)
    for rate in RATES:
        set_rate(tx, currency=rate.currency, since=RATES_SINCE, rate_e8=int(Decimal(rate.worth) * E8))
    for country, state, name, rate_ppm in TAXES:
        set_tax(tx, country=country, state=state, name=name, rate_ppm=rate_ppm, is_on_shipping=not state)
    for name, carrier, price, further in SHIPPING:
        create_shipping_method(
            tx,
            name=name,
            carrier=carrier,
            price_e4=e4_of_decimal(Decimal(price)),
            further_piece_e4=e4_of_decimal(Decimal(further)),
            countries=[],
            is_active=True,
        )
    with suppress(ApiUserTaken, KeyTaken):
        create_api_user(
            tx,
            operator_id=operator_id,
            name=API_USER,
            password=API_PASSWORD,
            dialect="twocheckout",
            may_update=True,
            secret=secret,
        )
