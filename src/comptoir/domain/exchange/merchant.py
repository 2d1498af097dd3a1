"""Who sells, and what sales are reckoned with, in files: the merchant, exchange rates, taxes, ways to ship.

Secrets and keys are not written: they stay in the shop that has them.
"""

from comptoir.domain.exchange.codecs import TEXT, list_of
from comptoir.domain.exchange.kinds import Field, Kind, fields_of
from comptoir.domain.merchant.importing import (
    import_merchant,
    import_rates,
    import_shipping_methods,
    import_taxes,
)
from comptoir.domain.merchant.models import ExchangeRate, Merchant, ShippingMethod, TaxRate

MERCHANT = Kind(
    "merchant",
    Merchant,
    fields_of(Merchant, without=("secret_word",)),
    import_merchant,
    frozenset({"id"}),
    is_replaced=True,
)
EXCHANGE_RATES = Kind(
    "exchange_rates",
    ExchangeRate,
    fields_of(ExchangeRate, names=("currency",)),
    import_rates,
    frozenset({"currency", "since", "rate"}),
)
TAX_RATES = Kind(
    "tax_rates",
    TaxRate,
    fields_of(TaxRate, names=("country", "state")),
    import_taxes,
    frozenset({"country", "rate_ppm"}),
)
SHIPPING_METHODS = Kind(
    "shipping_methods",
    ShippingMethod,
    (
        *fields_of(ShippingMethod, without=("countries",), names=("name",)),
        Field("countries", "countries", list_of(TEXT)),
    ),
    import_shipping_methods,
    frozenset({"name"}),
)
