"""What the shop must know of its merchant to sell: profile, terms, rates, taxes, ways to ship."""

from datetime import date

from sqlalchemy import UniqueConstraint

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column

ALWAYS, NEVER, PER_SALE = "Y", "N", "P"
DEMO_MODES = (ALWAYS, NEVER, PER_SALE)
LINKS_BACK, DIRECT_RETURN, HEADER_REDIRECT = 0, 1, 2
RETURN_METHODS = (LINKS_BACK, DIRECT_RETURN, HEADER_REDIRECT)


class Merchant(Record):
    """The one row that says who sells, and on which terms sales are processed and paid out.

    Fees: `fee_ppm` millionths of a sale, rounded up, plus `fee_fixed_minor`. `reserve_ppm` of each sale is
    held back for `reserve_days`. A payout leaves on `payout_weekday` (Monday is 0) once the balance reaches
    `release_level_minor`, for `payout_fee_minor`. Minor units are those of the shop's currency.
    `fraud_review_minutes` is how long a sale waits for its fraud review; `refund_days` how long it may be
    refunded.
    """

    __tablename__ = "merchant"

    id: Mapped[Id]
    vendor_id: Mapped[int]
    level_id: Mapped[int]
    name: Mapped[str]
    url: Mapped[str]
    affiliate_url: Mapped[str]
    site_category: Mapped[str]
    site_description: Mapped[str]
    site_title: Mapped[str]
    soft_descriptor: Mapped[str]
    secret_word: Mapped[Sealed]
    publishable_key: Mapped[str]
    private_key: Mapped[Sealed]

    demo: Mapped[str]
    return_method: Mapped[int]
    return_url: Mapped[str]
    pending_return_url: Mapped[str]
    gateway: Mapped[str]
    fraud_review_minutes: Mapped[int]
    refund_days: Mapped[int]

    service_email: Mapped[str]
    service_phone: Mapped[str]
    service_phone_ext: Mapped[str]
    office_email: Mapped[str]
    office_phone: Mapped[str]
    office_phone_ext: Mapped[str]
    mailing_id: Mapped[int]
    mailing_address1: Mapped[str]
    mailing_address2: Mapped[str]
    mailing_city: Mapped[str]
    mailing_state: Mapped[str]
    mailing_postcode: Mapped[str]
    mailing_country: Mapped[str]
    physical_id: Mapped[int]
    physical_address1: Mapped[str]
    physical_address2: Mapped[str]
    physical_city: Mapped[str]
    physical_state: Mapped[str]
    physical_postcode: Mapped[str]
    physical_country: Mapped[str]

    fee_ppm: Mapped[int]
    fee_fixed_minor: Mapped[int]
    chargeback_fee_minor: Mapped[int]
    reserve_ppm: Mapped[int]
    reserve_days: Mapped[int]
    payout_method: Mapped[str]
    payout_weekday: Mapped[int]
    payout_fee_minor: Mapped[int]
    release_level_minor: Mapped[int]


class ExchangeRate(Record):
    """What one unit of the shop's currency is worth in another, from a day on; hundred-millionths (`_e8`)."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "since"),)

    id: Mapped[Id]
    currency: Mapped[str]
    since: Mapped[date]
    rate_e8: Mapped[int]


class TaxRate(Record):
    """The sales tax of a country (alpha-3), or of one of its states; on shipping too if it says so."""

    __tablename__ = "tax_rate"
    __table_args__ = (UniqueConstraint("country", "state"),)

    id: Mapped[Id]
    country: Mapped[str]
    state: Mapped[str]
    name: Mapped[str]
    rate_ppm: Mapped[int]
    is_on_shipping: Mapped[bool]


class ShippingMethod(Record):
    """A way to ship: its price, more for each further piece, and the countries (alpha-3) it goes to; none: all."""

    __tablename__ = "shipping_method"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    carrier: Mapped[str]
    price_e4: Mapped[int]
    further_piece_e4: Mapped[int]
    countries: Mapped[JsonValue]
    is_active: Mapped[bool]
