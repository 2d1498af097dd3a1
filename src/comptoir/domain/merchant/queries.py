"""Reading who sells, what money is worth, what tax is due and how goods are sent."""

from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import bindparam, literal, or_, select

from comptoir.domain.merchant.amounts import DEFAULT_REFUND_DAYS, DEFAULT_RESERVE_DAYS, exchanged
from comptoir.domain.merchant.errors import NoExchangeRate, RateNotFound, ShippingMethodNotFound, TaxNotFound
from comptoir.domain.merchant.models import (
    LINKS_BACK,
    NEVER,
    PER_SALE,
    ExchangeRate,
    Merchant,
    ShippingMethod,
    TaxRate,
)
from comptoir.domain.tx import Tx

MERCHANT_ID = 1
SANDBOX, MANUAL = "sandbox", "manual"
RATE_ONE = 10**8


@dataclass(frozen=True, slots=True)
class MerchantFacts:
    """The merchant's row, or what goes for it as long as there is none; models.py says what each means."""

    name: str
    vendor_id: int = 1
    level_id: int = 1
    url: str = ""
    affiliate_url: str = ""
    site_category: str = ""
    site_description: str = ""
    site_title: str = ""
    soft_descriptor: str = ""
    secret_word: str = ""
    publishable_key: str = ""
    private_key: str = ""

    demo: str = NEVER
    return_method: int = LINKS_BACK
    return_url: str = ""
    pending_return_url: str = ""
    gateway: str = MANUAL
    fraud_review_minutes: int = 0
    refund_days: int = DEFAULT_REFUND_DAYS

    service_email: str = ""
    service_phone: str = ""
    service_phone_ext: str = ""
    office_email: str = ""
    office_phone: str = ""
    office_phone_ext: str = ""
    mailing_id: int = 1
    mailing_address1: str = ""
    mailing_address2: str = ""
    mailing_city: str = ""
    mailing_state: str = ""
    mailing_postcode: str = ""
    mailing_country: str = ""
    physical_id: int = 2
    physical_address1: str = ""
    physical_address2: str = ""
    physical_city: str = ""
    physical_state: str = ""
    physical_postcode: str = ""
    physical_country: str = ""

    fee_ppm: int = 0
    fee_fixed_minor: int = 0
    chargeback_fee_minor: int = 0
    reserve_ppm: int = 0
    reserve_days: int = DEFAULT_RESERVE_DAYS
    payout_method: str = "ach"
    payout_weekday: int = 0
    payout_fee_minor: int = 0
    release_level_minor: int = 0


class TaxFacts(NamedTuple):
    """The sales tax of a country or state."""

    country: str
    state: str
    name: str
    rate_ppm: int
    is_on_shipping: bool


class ShippingFacts(NamedTuple):
    """A way to ship."""

    id: int
    name: str
    carrier: str
    price_e4: int
    further_piece_e4: int
    countries: list[str]
    is_active: bool

    def price_of(self, pieces: int) -> int:
        """What sending so many pieces costs, in ten-thousandths."""
        return self.price_e4 + max(pieces - 1, 0) * self.further_piece_e4


class RateFacts(NamedTuple):
    """What one unit of the shop's currency is worth in another, from a day on."""

    currency: str
    since: date
    rate_e8: int


FIELDS = tuple(field.name for field in fields(MerchantFacts))
GET_MERCHANT = select(*(Merchant.__table__.columns[name] for name in FIELDS)).where(
    Merchant.id == literal(MERCHANT_ID)
)
_RATE_OF = select(ExchangeRate.rate_e8).where(ExchangeRate.currency == bindparam("currency"))
LAST_RATE = _RATE_OF.where(ExchangeRate.since <= bindparam("on")).order_by(ExchangeRate.since.desc()).limit(1)
FIRST_RATE = _RATE_OF.order_by(ExchangeRate.since).limit(1)
LIST_RATES = select(ExchangeRate.currency, ExchangeRate.since, ExchangeRate.rate_e8).order_by(
    ExchangeRate.currency, ExchangeRate.since
)
TAXES = select(*(TaxRate.__table__.columns[name] for name in TaxFacts._fields)).order_by(
    TaxRate.country, TaxRate.state
)
GET_RATE = select(ExchangeRate.currency, ExchangeRate.since, ExchangeRate.rate_e8).where(
    ExchangeRate.id == bindparam("rate_id")
)
GET_TAX = select(*(TaxRate.__table__.columns[name] for name in TaxFacts._fields)).where(
    TaxRate.id == bindparam("tax_id")
)
TAX_OF = (
    TAXES.where(
        TaxRate.country == bindparam("country"),
        or_(TaxRate.state == bindparam("state"), TaxRate.state == literal("")),
    )
    .order_by(None)
    .order_by(TaxRate.state.desc())
    .limit(1)
)
METHODS = select(*(ShippingMethod.__table__.columns[name] for name in ShippingFacts._fields))
LIST_METHODS = METHODS.order_by(ShippingMethod.id)
GET_METHOD = METHODS.where(ShippingMethod.id == bindparam("method_id"))


GET_VENDOR_ID = select(Merchant.vendor_id).where(Merchant.id == literal(MERCHANT_ID))


def get_merchant(tx: Tx) -> MerchantFacts:
    """Who sells, and on which terms; sensible terms when nobody has said yet."""
    row = tx.one(GET_MERCHANT)
    if row is not None:
        return MerchantFacts(*row)
    if tx.shop.is_sandbox:
        return MerchantFacts(tx.shop.name, url=tx.shop.site_url, demo=PER_SALE, gateway=SANDBOX)
    return MerchantFacts(tx.shop.name, url=tx.shop.site_url)


def get_vendor_id(tx: Tx) -> int:
    """The merchant's number, for less than reading all of the merchant."""
    found: int | None = tx.value(GET_VENDOR_ID)
    return get_merchant(tx).vendor_id if found is None else found


def find_ratio(tx: Tx, source: str, target: str, on: date) -> Fraction | None:
    """What one unit of the source currency is worth in the target's on a day; None when nobody knows.

    The last rate on or before the day counts; before the first one, the first.
    """
    if source == target:
        return Fraction(1)
    rates = [_rate(tx, currency, on) for currency in (source, target)]
    return None if None in rates else Fraction(rates[1] or 0, rates[0] or 1)


def converted(tx: Tx, minor: int, source: str, target: str, on: date) -> int:
    """Minor units of one currency in another by the rates of a day, rounded half up.

    Refuses: NoExchangeRate.
    """
    found = find_converted(tx, minor, source, target, on)
    if found is None:
        raise NoExchangeRate(source if _rate(tx, source, on) is None else target)
    return found


def find_converted(tx: Tx, minor: int, source: str, target: str, on: date) -> int | None:
    """Minor units of one currency in another by the rates of a day; None when there is no rate."""
    ratio = find_ratio(tx, source, target, on)
    return None if ratio is None else exchanged(minor, source, target, ratio)


def list_rates(tx: Tx) -> list[RateFacts]:
    """Every exchange rate, by currency and day."""
    return [RateFacts(*row) for row in tx.all(LIST_RATES)]


def tax_rate_of(tx: Tx, country: str, state: str) -> TaxFacts | None:
    """The tax of the state, else that of the whole country, if any is levied there."""
    row = tx.one(TAX_OF, country=country.upper(), state=state_key(state))
    return None if row is None else TaxFacts(*row)


def get_rate(tx: Tx, rate_id: int) -> RateFacts:
    """One exchange rate. Refuses: RateNotFound."""
    row = tx.one(GET_RATE, rate_id=rate_id)
    if row is None:
        raise RateNotFound(rate_id)
    return RateFacts(*row)


def get_tax(tx: Tx, tax_id: int) -> TaxFacts:
    """One tax. Refuses: TaxNotFound."""
    row = tx.one(GET_TAX, tax_id=tax_id)
    if row is None:
        raise TaxNotFound(tax_id)
    return TaxFacts(*row)


def list_taxes(tx: Tx) -> list[TaxFacts]:
    """Every tax, by country and state."""
    return [TaxFacts(*row) for row in tx.all(TAXES)]


def shipping_methods(tx: Tx, country: str | None = None) -> list[ShippingFacts]:
    """The ways that are open now to ship to a country, or to anywhere at all, the cheapest first."""
    ways = [way for way in list_shipping_methods(tx) if way.is_active and _goes_to(way, country)]
    return sorted(ways, key=lambda way: (way.price_e4, way.id))


def list_shipping_methods(tx: Tx) -> list[ShippingFacts]:
    """Every way to ship, open or not."""
    return [ShippingFacts(*row) for row in tx.all(LIST_METHODS)]


def get_shipping_method(tx: Tx, method_id: int) -> ShippingFacts:
    """One way to ship. Refuses: ShippingMethodNotFound."""
    row = tx.one(GET_METHOD, method_id=method_id)
    if row is None:
        raise ShippingMethodNotFound(method_id)
    return ShippingFacts(*row)


def state_key(state: str) -> str:
    """The form in which a state is kept and compared."""
    return state.strip().upper()


def _goes_to(way: ShippingFacts, country: str | None) -> bool:
    return country is None or not way.countries or country.upper() in way.countries


def _rate(tx: Tx, currency: str, on: date) -> int | None:
    if currency == tx.shop.currency:
        return RATE_ONE
    found: int | None = tx.value(LAST_RATE, currency=currency, on=on)
    return tx.value(FIRST_RATE, currency=currency) if found is None else found
