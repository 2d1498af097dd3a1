"""Verbs on what a sale is reckoned with: exchange rates, taxes, ways to ship."""

from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.identity.texts import Problem, refuse
from comptoir.domain.merchant.checks import method_problems, rate_problems, tax_problems
from comptoir.domain.merchant.errors import NameTaken, RateNotFound, ShippingMethodNotFound, TaxNotFound
from comptoir.domain.merchant.models import ExchangeRate, ShippingMethod, TaxRate
from comptoir.domain.merchant.queries import get_shipping_method, state_key
from comptoir.domain.tx import Tx

_rate_place = (ExchangeRate.currency == bindparam("currency"), ExchangeRate.since == bindparam("since"))
FIND_RATE = select(ExchangeRate.id, ExchangeRate.rate_e8).where(*_rate_place)
REMOVE_RATE = delete(ExchangeRate).where(*_rate_place)
_tax_place = (TaxRate.country == bindparam("country"), TaxRate.state == bindparam("state"))
FIND_TAX = select(TaxRate.id, TaxRate.name, TaxRate.rate_ppm, TaxRate.is_on_shipping).where(*_tax_place)
REMOVE_TAX = delete(TaxRate).where(*_tax_place)
METHOD_NAMED = select(ShippingMethod.id).where(ShippingMethod.name == bindparam("name"))
REMOVE_METHOD = delete(ShippingMethod).where(ShippingMethod.id == bindparam("method_id"))


class ShippingFields(TypedDict, total=False):
    """What may be said of a way to ship; countries by their three letters, none for all."""

    name: str
    carrier: str
    price_e4: int
    further_piece_e4: int
    countries: list[str]
    is_active: bool


NEW_METHOD: dict[str, Any] = {
    "name": "", "carrier": "", "price_e4": 0, "further_piece_e4": 0, "countries": [], "is_active": True,
}  # fmt: skip


def set_rate(tx: Tx, *, currency: str, since: date, rate_e8: int) -> int:
    """Say what one unit of the shop's currency is worth in another from a day on, until the next rate; its id.

    Refuses: Invalid (currency, rate).
    """
    refuse(_called("rate_e8", "rate", rate_problems(currency, rate_e8, tx.shop.currency)))
    return _put(
        tx, ExchangeRate, tx.one(FIND_RATE, currency=currency, since=since), "exchange_rate",
        place={"currency": currency, "since": since}, told={"rate_e8": rate_e8},
    )  # fmt: skip


def has_rate(tx: Tx, *, currency: str, since: date) -> bool:
    """Whether a rate of this currency begins on this day."""
    return tx.one(FIND_RATE, currency=currency, since=since) is not None


def has_tax(tx: Tx, *, country: str, state: str = "") -> bool:
    """Whether a tax of its own is levied in a country, or in one of its states."""
    return tx.one(FIND_TAX, country=country, state=state_key(state)) is not None


def remove_rate(tx: Tx, *, currency: str, since: date) -> None:
    """Forget a rate. Refuses: RateNotFound."""
    found = tx.one(FIND_RATE, currency=currency, since=since)
    if found is None:
        raise RateNotFound(f"{currency} of {since}")
    tx.run(REMOVE_RATE, currency=currency, since=since)
    before = {"currency": currency, "since": since.isoformat(), "rate_e8": found[1]}
    tx.note("exchange_rate.removed", "exchange_rate", found[0], before=before)


def set_tax(
    tx: Tx, *, country: str, rate_ppm: int, state: str = "", name: str = "Sales tax", is_on_shipping: bool
) -> int:
    """Say what tax is due in a country, or in one of its states instead; its id.

    Refuses: Invalid (country, state, name, rate).
    """
    said = {"country": country, "state": state, "name": name, "rate_ppm": rate_ppm}
    refuse(_called("rate_ppm", "rate", tax_problems(said)))
    place = {"country": country, "state": state_key(state)}
    told = {"name": name, "rate_ppm": rate_ppm, "is_on_shipping": is_on_shipping}
    return _put(tx, TaxRate, tx.one(FIND_TAX, **place), "tax_rate", place=place, told=told)


def remove_tax(tx: Tx, *, country: str, state: str = "") -> None:
    """Levy no tax of its own there any more. Refuses: TaxNotFound."""
    place = {"country": country, "state": state_key(state)}
    found = tx.one(FIND_TAX, **place)
    if found is None:
        raise TaxNotFound(" ".join(word for word in place.values() if word))
    tx.run(REMOVE_TAX, **place)
    tx.note("tax_rate.removed", "tax_rate", found[0], before=place | {"rate_ppm": found[2]})


def create_shipping_method(tx: Tx, **fields: Unpack[ShippingFields]) -> int:
    """Offer a way to ship, and give its id. Refuses: Invalid (each field), NameTaken."""
    row = NEW_METHOD | fields
    _refuse_method(tx, row, own_id=None)
    method_id = tx.ids.next("shipping_method")
    tx.insert(ShippingMethod, id=method_id, **row)
    tx.note("shipping_method.created", "shipping_method", method_id, after=row)
    return method_id


def update_shipping_method(tx: Tx, *, method_id: int, **fields: Unpack[ShippingFields]) -> None:
    """Change what is named of a way to ship.

    Refuses: ShippingMethodNotFound, Invalid (each field), NameTaken.
    """
    old = get_shipping_method(tx, method_id)._asdict()
    _refuse_method(tx, old | fields, own_id=method_id)
    changed: dict[str, Any] = {name: value for name, value in fields.items() if value != old[name]}
    if changed:
        tx.update(ShippingMethod, method_id, **changed)
        before = {name: old[name] for name in changed}
        tx.note("shipping_method.updated", "shipping_method", method_id, before=before, after=changed)


def remove_shipping_method(tx: Tx, *, method_id: int) -> None:
    """Offer this way no more; what was sent by it keeps its name. Refuses: ShippingMethodNotFound."""
    if not tx.run(REMOVE_METHOD, method_id=method_id):
        raise ShippingMethodNotFound(method_id)
    tx.note("shipping_method.removed", "shipping_method", method_id, before={"id": method_id})


def _put(tx: Tx, record: Any, found: Any, kind: str, *, place: dict[str, Any], told: dict[str, Any]) -> int:
    """Write what stands in this place, new or instead of what stood there; its id."""
    words = {name: value.isoformat() if isinstance(value, date) else value for name, value in place.items()}
    if found is None:
        record_id = tx.ids.next(kind)
        tx.insert(record, id=record_id, **place, **told)
        tx.note(f"{kind}.set", kind, record_id, after=words | told)
        return record_id
    old = dict(zip(told, found[1:], strict=True))
    if old != told:
        tx.update(record, found[0], **told)
        tx.note(f"{kind}.set", kind, found[0], before=old, after=words | told)
    found_id: int = found[0]
    return found_id


def _called(column: str, name: str, problems: list[Problem]) -> list[Problem]:
    """Problems, with a column by the name that callers know."""
    return [(name if field == column else field, problem) for field, problem in problems]


def _refuse_method(tx: Tx, row: dict[str, Any], own_id: int | None) -> None:
    refuse(method_problems(row))
    if tx.value(METHOD_NAMED, name=row["name"]) not in {None, own_id}:
        raise NameTaken("name", f"{row['name']!r} is taken by another way to ship")
