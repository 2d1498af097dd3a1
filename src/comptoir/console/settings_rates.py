"""Currencies and rates, taxes, ways to ship: what a sale is reckoned with."""

from datetime import date
from decimal import Decimal
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, day, e4, flag, text
from comptoir.console.editing import Editing
from comptoir.console.filters import Input, findable, single
from comptoir.console.forms import Field, Form
from comptoir.console.kinds import Kind
from comptoir.console.listing import Listing, Sort
from comptoir.console.settings import PATH, lands
from comptoir.console.visits import Visit
from comptoir.domain.countries import country_name, country_of
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import SETTINGS
from comptoir.domain.merchant.models import ExchangeRate, ShippingMethod, TaxRate
from comptoir.domain.merchant.offers import (
    create_shipping_method,
    has_rate,
    has_tax,
    remove_rate,
    remove_shipping_method,
    remove_tax,
    set_rate,
    set_tax,
    update_shipping_method,
)
from comptoir.domain.merchant.queries import RATE_ONE, get_rate, get_shipping_method, get_tax
from comptoir.domain.merchant.wording import decimal_text, percent_text
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Target


def read_rate(value: str, _shop: Any) -> int:
    """A rate in hundred-millionths."""
    rate = kinds.read_decimal(value) * RATE_ONE
    if rate != rate.to_integral_value():
        raise ValueError("has more than eight decimals")
    return int(rate)


def rate_text(value: int | None, _shop: Any = None) -> str:
    """Hundred-millionths as a rate."""
    return "" if value is None else decimal_text(Decimal(value) / RATE_ONE)


def read_currency(value: str) -> str:
    """A currency as a list is asked for it."""
    return findable(value).upper()


def read_country(value: str) -> str:
    """A country by its letters or its name."""
    country = country_of(value)
    if not country:
        raise ValueError("is no country, such as Australia or AUS")
    return country


def lands_to_choose(visit: Visit) -> list[tuple[str, str]]:
    """Every country, and none before one is chosen."""
    return [("", "\N{EN DASH}"), *lands(visit)]


RATE = Kind("decimal", rate_text, read_rate)


# ------------------------------------------------------------------------------------------- rates

RATES = Listing(
    "rates",
    "Currencies and rates",
    f"{PATH}/rates",
    ExchangeRate,
    columns=(
        text("Currency", ExchangeRate.currency),
        day("Since", ExchangeRate.since),
        Column("Is worth", lambda row, _shop: Cell(rate_text(row[0]), "number"), (ExchangeRate.rate_e8,)),
    ),
    sorts=(
        Sort("newest", "newest entry first", ExchangeRate.id, falls=True),
        Sort("oldest", "oldest entry first", ExchangeRate.id),
    ),
    filters=(
        single(Input("currency", "Currency"), Target(ExchangeRate.currency, "number"), "eq", read_currency),
    ),
    area=SETTINGS,
    make="New rate",
    about="What one unit of the shop's currency is worth in another, from a day on until the next entry.",
)
NEW_RATE = Form(
    "new",
    (
        Field("currency", "Currency", required=True, hint="Three letters, such as USD."),
        Field("since", "Since", kinds.DAY, required=True),
        Field("rate", "One unit of ours is worth", RATE, required=True),
    ),
)
CHANGED_RATE = Form("update", (Field("rate", "One unit of ours is worth", RATE, required=True),))


def rate_row(tx: Tx, key: int) -> dict[str, Any]:
    """A rate as its forms show it. Refuses: RateNotFound."""
    row = get_rate(tx, key)
    return {
        "currency": row.currency,
        "since": row.since,
        "rate": row.rate_e8,
        "name": f"{row.currency} {row.since}",
    }


def create_rate(tx: Tx, *, currency: str, since: date, rate: int) -> int:
    """A rate from a day on. Refuses: Invalid."""
    currency = currency.upper()
    if has_rate(tx, currency=currency, since=since):
        raise Invalid("since", f"has a rate of {currency} already; change that one")
    return set_rate(tx, currency=currency, since=since, rate_e8=rate)


def update_rate(tx: Tx, *, rate_id: int, rate: int) -> None:
    """Another rate from the same day on. Refuses: RateNotFound, Invalid."""
    row = get_rate(tx, rate_id)
    set_rate(tx, currency=row.currency, since=row.since, rate_e8=rate)


def forget_rate(tx: Tx, *, rate_id: int) -> None:
    """No rate from that day on. Refuses: RateNotFound."""
    row = get_rate(tx, rate_id)
    remove_rate(tx, currency=row.currency, since=row.since)


# ------------------------------------------------------------------------------------------- taxes

TAXES = Listing(
    "taxes",
    "Taxes",
    f"{PATH}/taxes",
    TaxRate,
    columns=(
        Column("Country", lambda row, _shop: Cell(country_name(row[0]) or row[0]), (TaxRate.country,)),
        text("State", TaxRate.state),
        text("Name", TaxRate.name),
        Column("Rate", lambda row, _shop: Cell(f"{percent_text(row[0])} %", "number"), (TaxRate.rate_ppm,)),
        flag("On shipping", TaxRate.is_on_shipping),
    ),
    sorts=(
        Sort("oldest", "as they were entered", TaxRate.id),
        Sort("newest", "newest first", TaxRate.id, falls=True),
    ),
    filters=(single(Input("country", "Country"), Target(TaxRate.country, "number"), "eq", read_country),),
    area=SETTINGS,
    make="New tax",
    about="The tax of a state takes the place of its country's.",
)
TAX_FIELDS = (
    Field("name", "Name", required=True),
    Field("rate", "Rate", kinds.PERCENT, required=True),
    Field("is_on_shipping", "On shipping too", kinds.FLAG),
)
CHANGED_TAX = Form("update", TAX_FIELDS)
NEW_TAX = Form(
    "new",
    (
        Field("country", "Country", kinds.choice(lands_to_choose), required=True),
        Field("state", "State", hint="The whole country, unless one is given."),
        *TAX_FIELDS,
    ),
)


def tax_row(tx: Tx, key: int) -> dict[str, Any]:
    """A tax as its forms show it. Refuses: TaxNotFound."""
    row = get_tax(tx, key)
    place = " ".join(word for word in (country_name(row.country) or row.country, row.state) if word)
    return {"rate": row.rate_ppm, "title": place, **row._asdict()}


def create_tax(tx: Tx, *, country: str, state: str, name: str, rate: int, is_on_shipping: bool) -> int:
    """A tax of a country or state. Refuses: Invalid."""
    if has_tax(tx, country=country, state=state):
        raise Invalid("state" if state else "country", "has a tax already; change that one")
    return set_tax(
        tx, country=country, state=state, name=name, rate_ppm=rate, is_on_shipping=is_on_shipping
    )  # fmt: skip


def update_tax(tx: Tx, *, tax_id: int, **changes: Any) -> None:
    """What differs of a tax. Refuses: TaxNotFound, Invalid."""
    row = tax_row(tx, tax_id) | changes
    set_tax(
        tx, country=row["country"], state=row["state"], name=row["name"], rate_ppm=row["rate"],
        is_on_shipping=row["is_on_shipping"],
    )  # fmt: skip


def forget_tax(tx: Tx, *, tax_id: int) -> None:
    """No tax of its own there. Refuses: TaxNotFound."""
    row = get_tax(tx, tax_id)
    remove_tax(tx, country=row.country, state=row.state)


# ---------------------------------------------------------------------------------------- shipping

SHIPPING = Listing(
    "shipping",
    "Shipping",
    f"{PATH}/shipping",
    ShippingMethod,
    columns=(
        text("Name", ShippingMethod.name),
        text("Carrier", ShippingMethod.carrier),
        e4("Price", ShippingMethod.price_e4),
        e4("Each further piece", ShippingMethod.further_piece_e4),
        Column(
            "To", lambda row, _shop: Cell(", ".join(row[0]) or "everywhere"), (ShippingMethod.countries,)
        ),
        flag("Offered", ShippingMethod.is_active, "open", "closed"),
    ),
    sorts=(
        Sort("oldest", "as they were entered", ShippingMethod.id),
        Sort("newest", "newest first", ShippingMethod.id, falls=True),
    ),
    area=SETTINGS,
    make="New way to ship",
)  # fmt: skip
SHIPPING_FORM = Form(
    "update",
    (
        Field("name", "Name", required=True),
        Field("carrier", "Carrier"),
        Field("price_e4", "Price", kinds.PRICE, required=True),
        Field("further_piece_e4", "Each further piece", kinds.PRICE, required=True),
        Field("is_active", "Offered to buyers", kinds.FLAG),
        Field("countries", "Goes to", kinds.many(lands), hint="Everywhere, when none is marked."),
    ),
)

EDITING = (
    Editing(
        "exchange_rate", "rate", RATES, CHANGED_RATE, rate_row, create_rate, update_rate, forget_rate,
        key="rate_id", new_form=NEW_RATE,
    ),
    Editing(
        "tax_rate", "tax", TAXES, CHANGED_TAX, tax_row, create_tax, update_tax, forget_tax, key="tax_id",
        new_form=NEW_TAX, begins={"name": "Sales tax"}, named=lambda row: str(row["title"]),
    ),
    Editing(
        "shipping_method", "way to ship", SHIPPING, SHIPPING_FORM,
        lambda tx, key: get_shipping_method(tx, key)._asdict(),
        create_shipping_method, update_shipping_method, remove_shipping_method, key="method_id",
        begins={"is_active": True, "price_e4": 0, "further_piece_e4": 0},
    ),
)  # fmt: skip
PAGES = tuple(entry for one in EDITING for entry in one.pages())
