"""A merchant's whole profile from one document: who sells, rates, taxes and ways to ship.

```toml
[merchant]
name = "Fake Company"
fee_percent = 5.5

[[rates]]
currency = "EUR"
since = 2026-01-01
rate = 0.92

[[taxes]]
country = "USA"
state = "OH"
percent = 7.25
on_shipping = true

[[shipping]]
name = "Ground"
price = 7.50
further_piece = 1.00
countries = ["USA", "CAN"]
```
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.offers import (
    ShippingFields,
    create_shipping_method,
    set_rate,
    set_tax,
    update_shipping_method,
)
from comptoir.domain.merchant.queries import list_shipping_methods
from comptoir.domain.merchant.wording import changes_of, read_as, read_percent, read_rate, said_name, scaled
from comptoir.domain.money import E4_PER_UNIT
from comptoir.domain.tx import Tx

Row = Mapping[str, Any]


def say_profile(tx: Tx, said: Mapping[str, str]) -> None:
    """Change what is named of the merchant, as people write it; wording.py says how.

    Refuses: Invalid (each name that is unknown, or whose value cannot be taken).
    """
    changes = changes_of(said, tx.shop.currency)
    try:
        update_merchant(tx, **changes)
    except Problems as error:
        raise Problems([(said_name(field), problem) for field, problem in error.problems]) from error
    except Invalid as error:
        raise Invalid(said_name(error.field), error.problem) from error


def load_profile(tx: Tx, document: Row) -> dict[str, int]:
    """Take what a document says, on top of what is known, and say how much of each kind that was.

    Refuses: Invalid (a part, row or field that is unknown, missing or wrong), NameTaken.
    """
    unknown = document.keys() - {"merchant", *KINDS}
    if unknown:
        raise Invalid(min(unknown), f"is none of merchant, {', '.join(KINDS)}")
    profile = document.get("merchant", {})
    if not isinstance(profile, Mapping):
        raise Invalid("merchant", "must be a table")
    if profile:
        say_profile(tx, {name: str(value) for name, value in profile.items()})
    counts = {"merchant": len(profile)}
    for kind, take in KINDS.items():
        rows = list(_rows(document, kind))
        for row in rows:
            take(tx, row)
        counts[kind] = len(rows)
    return counts


def _rows(document: Row, kind: str) -> Iterator[dict[str, Any]]:
    rows = document.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Invalid(kind, "must be tables")
    for row in rows:
        yield dict(row)


def _rate(tx: Tx, row: dict[str, Any]) -> None:
    since = _need(row, "since")
    if not isinstance(since, date) or isinstance(since, datetime):
        raise Invalid("since", "must be a day, such as 2026-01-01")
    rate = str(_need(row, "rate"))
    rate_e8 = read_as("rate", lambda: read_rate(rate))
    currency = str(_need(row, "currency"))
    _refuse_more(row)
    set_rate(tx, currency=currency, since=since, rate_e8=rate_e8)


def _tax(tx: Tx, row: dict[str, Any]) -> None:
    percent = str(_need(row, "percent"))
    country = str(_need(row, "country"))
    state = str(row.pop("state", ""))
    name = str(row.pop("name", "Sales tax"))
    is_on_shipping = row.pop("on_shipping", False) is True
    _refuse_more(row)
    rate_ppm = read_as("percent", lambda: read_percent(percent))
    set_tax(tx, country=country, state=state, name=name, rate_ppm=rate_ppm, is_on_shipping=is_on_shipping)


def _shipping(tx: Tx, row: dict[str, Any]) -> None:
    name = str(_need(row, "name"))
    fields = ShippingFields(name=name, price_e4=_e4("price", _need(row, "price")))
    if "carrier" in row:
        fields["carrier"] = str(row.pop("carrier"))
    if "further_piece" in row:
        fields["further_piece_e4"] = _e4("further_piece", row.pop("further_piece"))
    if "countries" in row:
        countries = row.pop("countries")
        if not isinstance(countries, list):
            raise Invalid("countries", "must be a list")
        fields["countries"] = [str(country) for country in countries]
    if "active" in row:
        fields["is_active"] = row.pop("active") is True
    _refuse_more(row)
    known = {way.name: way.id for way in list_shipping_methods(tx)}
    if name in known:
        update_shipping_method(tx, method_id=known[name], **fields)
    else:
        create_shipping_method(tx, **fields)


def _e4(name: str, value: Any) -> int:
    return int(read_as(name, lambda: scaled(str(value), E4_PER_UNIT)))


def _need(row: dict[str, Any], name: str) -> Any:
    if name not in row:
        raise Invalid(name, "is missing")
    return row.pop(name)


def _refuse_more(row: Row) -> None:
    if row:
        raise Invalid(min(row), "is unknown here")


KINDS: dict[str, Callable[[Tx, dict[str, Any]], None]] = {
    "rates": _rate,
    "taxes": _tax,
    "shipping": _shipping,
}
