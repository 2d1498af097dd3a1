from datetime import date
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.errors import (
    NameTaken,
    NoExchangeRate,
    RateNotFound,
    ShippingMethodNotFound,
    TaxNotFound,
)
from comptoir.domain.merchant.offers import (
    create_shipping_method,
    remove_rate,
    remove_shipping_method,
    remove_tax,
    set_rate,
    set_tax,
    update_shipping_method,
)
from comptoir.domain.merchant.queries import (
    TaxFacts,
    converted,
    find_converted,
    get_shipping_method,
    list_rates,
    list_taxes,
    shipping_methods,
    tax_rate_of,
)
from comptoir.domain.tx import Tx

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)


def test_money_is_converted_by_the_rate_of_the_day(tx: Tx) -> None:
    set_rate(tx, currency="USD", since=JANUARY, rate_e8=65_000_000)
    set_rate(tx, currency="USD", since=MAY, rate_e8=70_000_000)
    set_rate(tx, currency="JPY", since=JANUARY, rate_e8=97 * 10**8)
    assert converted(tx, 10_000, "AUD", "AUD", MARCH) == 10_000
    assert converted(tx, 10_000, "AUD", "USD", MARCH) == 6_500
    assert converted(tx, 10_000, "AUD", "USD", MAY) == 7_000
    assert converted(tx, 10_000, "AUD", "USD", date(2020, 1, 1)) == 6_500
    assert converted(tx, 6_500, "USD", "AUD", MARCH) == 10_000
    assert converted(tx, 100, "AUD", "JPY", MARCH) == 97
    assert converted(tx, 97, "JPY", "USD", MARCH) == 65


def test_halves_are_rounded_away_from_zero(tx: Tx) -> None:
    set_rate(tx, currency="USD", since=JANUARY, rate_e8=50_000_000)
    assert [converted(tx, minor, "AUD", "USD", MARCH) for minor in (1, 3, -1, 0, 2)] == [1, 2, -1, 0, 1]


def test_what_has_no_rate_cannot_be_converted(tx: Tx) -> None:
    set_rate(tx, currency="USD", since=JANUARY, rate_e8=65_000_000)
    for source, target in (("USD", "EUR"), ("EUR", "USD"), ("AUD", "EUR")):
        with pytest.raises(NoExchangeRate, match="EUR"):
            converted(tx, 100, source, target, MARCH)
        assert find_converted(tx, 100, source, target, MARCH) is None
    assert find_converted(tx, 100, "EUR", "EUR", MARCH) == 100


def test_a_rate_is_corrected_and_removed(tx: Tx) -> None:
    set_rate(tx, currency="USD", since=JANUARY, rate_e8=65_000_000)
    set_rate(tx, currency="USD", since=JANUARY, rate_e8=66_000_000)
    assert list_rates(tx) == [("USD", JANUARY, 66_000_000)]
    assert [change.kind for change in tx.changes] == ["exchange_rate.set", "exchange_rate.set"]
    assert tx.changes[-1].before == {"rate_e8": 65_000_000}
    remove_rate(tx, currency="USD", since=JANUARY)
    assert list_rates(tx) == []
    with pytest.raises(RateNotFound):
        remove_rate(tx, currency="USD", since=JANUARY)


@pytest.mark.parametrize(
    ("currency", "rate_e8"), [("usd", 1), ("AUD", 10**8), ("DOLLAR", 1), ("USD", 0), ("USD", 10**17)]
)
def test_what_a_rate_may_not_be(tx: Tx, currency: str, rate_e8: int) -> None:
    with pytest.raises(Invalid):
        set_rate(tx, currency=currency, since=JANUARY, rate_e8=rate_e8)
    assert list_rates(tx) == []


def test_a_states_tax_goes_before_its_countrys(tx: Tx) -> None:
    set_tax(tx, country="USA", rate_ppm=10_000, is_on_shipping=False)
    set_tax(tx, country="USA", state="oh", rate_ppm=72_500, name="Ohio sales tax", is_on_shipping=True)
    assert tax_rate_of(tx, "usa", " Oh ") == TaxFacts("USA", "OH", "Ohio sales tax", 72_500, True)
    texas = tax_rate_of(tx, "USA", "TX")
    assert texas is not None
    assert texas.rate_ppm == 10_000
    assert tax_rate_of(tx, "AUS", "") is None
    set_tax(tx, country="USA", state="OH", rate_ppm=0, is_on_shipping=False)
    assert [tax.rate_ppm for tax in list_taxes(tx)] == [10_000, 0]
    remove_tax(tx, country="USA", state="oh")
    with pytest.raises(TaxNotFound, match="USA OH"):
        remove_tax(tx, country="USA", state="OH")
    right: dict[str, Any] = {"country": "USA", "rate_ppm": 1, "is_on_shipping": False}
    for wrong in ({"country": "US"}, {"country": ""}, {"rate_ppm": -1}, {"state": "\0"}):
        with pytest.raises(Invalid):
            set_tax(tx, **right | wrong)


def test_ways_to_ship_are_offered_where_they_go(tx: Tx) -> None:
    post = create_shipping_method(tx, name="Post", price_e4=50_000, further_piece_e4=5_000)
    van = create_shipping_method(tx, name="Van", price_e4=20_000, countries=["AUS", "NZL"])
    create_shipping_method(tx, name="Airship", price_e4=1, is_active=False)
    assert [way.id for way in shipping_methods(tx, "aus")] == [van, post]
    assert [way.id for way in shipping_methods(tx, "USA")] == [post]
    assert [way.id for way in shipping_methods(tx)] == [van, post]
    assert [get_shipping_method(tx, post).price_of(pieces) for pieces in (0, 1, 3)] == [
        50_000,
        50_000,
        60_000,
    ]
    with pytest.raises(NameTaken):
        create_shipping_method(tx, name="Post")
    with pytest.raises(NameTaken):
        update_shipping_method(tx, method_id=van, name="Post")
    update_shipping_method(tx, method_id=van, name="Van", price_e4=30_000)
    assert tx.changes[-1].before == {"price_e4": 20_000}
    remove_shipping_method(tx, method_id=van)
    for verb in (update_shipping_method, remove_shipping_method):
        with pytest.raises(ShippingMethodNotFound):
            verb(tx, method_id=van)


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"price_e4": -1}, {"further_piece_e4": -1}, {"countries": ["US"]}]
)
def test_what_a_way_to_ship_may_not_be(tx: Tx, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(change))):
        create_shipping_method(tx, **{"name": "x"} | change)
