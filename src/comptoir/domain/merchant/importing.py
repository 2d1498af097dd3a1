"""Taking over who sells, and what sales are reckoned with, from elsewhere: many rows at once.

Each verb tells for each row what is wrong with it, or None; the wrong ones are left out, the others kept.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.checks import method_problems, rate_problems, tax_problems
from comptoir.domain.merchant.models import ExchangeRate, ShippingMethod, TaxRate
from comptoir.domain.merchant.offers import NEW_METHOD
from comptoir.domain.merchant.queries import MERCHANT_ID, state_key
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record

Row = Mapping[str, Any]
Columns = dict[str, Any]
Problem = Invalid | None

NEW_TAX: Columns = {"state": "", "name": "Sales tax", "is_on_shipping": False}
# What no second row of a kind may have.
PLACES: dict[type[Record], tuple[str, ...]] = {
    ExchangeRate: ("currency", "since"),
    TaxRate: ("country", "state"),
    ShippingMethod: ("name",),
}


def _place(record: type[Record]) -> list[ColumnElement[Any]]:
    return [record.__table__.columns[name] for name in PLACES[record]]


TAKEN: dict[type[Record], Select[Any]] = {
    record: select(record.__table__.c.id).where(among(record.__table__.c.id, "ids")) for record in PLACES
}
PLACED: dict[type[Record], Select[Any]] = {
    record: select(*_place(record)).where(among(_place(record)[0], "heads")) for record in PLACES
}


def import_merchant(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Say of the merchant what was said elsewhere; secrets and keys stay what they are here.

    Refuses per row: Invalid (id, and what update_merchant refuses).
    """
    problems: list[Problem] = []
    for row in rows:
        told = {name: value for name, value in row.items() if name != "id"}
        try:
            if row["id"] != MERCHANT_ID:
                raise Invalid("id", f"must be {MERCHANT_ID}: there is one merchant")  # noqa: TRY301 - as the others
            update_merchant(tx, **told)
        except Invalid as problem:
            problems.append(problem)
        else:
            problems.append(None)
    return problems


def import_rates(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep exchange rates. Refuses per row: Invalid (id, currency, rate_e8, since)."""

    def check(row: Columns) -> None:
        refuse(rate_problems(row["currency"], row["rate_e8"], tx.shop.currency))

    return _keep_rows(tx, ExchangeRate, rows, {}, check)


def import_taxes(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep taxes. Refuses per row: Invalid (id, country, state, name, rate_ppm)."""

    def check(row: Columns) -> None:
        refuse(tax_problems(row))
        if row["state"] != state_key(row["state"]):
            raise Invalid("state", "must be in capitals, without spaces around it")

    return _keep_rows(tx, TaxRate, rows, NEW_TAX, check)


def import_shipping_methods(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep ways to ship. Refuses per row: Invalid (id, name, carrier, price_e4, further_piece_e4, countries)."""
    return _keep_rows(tx, ShippingMethod, rows, NEW_METHOD, lambda row: refuse(method_problems(row)))


def _keep_rows(
    tx: Tx, record: type[Record], rows: Sequence[Row], new: Columns, check: Callable[[Columns], None]
) -> list[Problem]:
    """Write the rows that pass the check and whose id and place are free, and say what is wrong with others."""
    place = PLACES[record]
    ids = {key for (key,) in tx.all(TAKEN[record], ids=[row["id"] for row in rows if "id" in row])}
    heads = sorted({row[place[0]] for row in rows})
    placed = {tuple(found) for found in tx.all(PLACED[record], heads=heads)}
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        values = {**new, **row}
        own = tuple(values[name] for name in place)
        try:
            if values.get("id") in ids:
                raise Invalid("id", "is taken")  # noqa: TRY301 - as every other refusal
            check(values)
            if own in placed:
                raise Invalid(place[-1], "is that of another one")  # noqa: TRY301
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        good.append(values)
        placed.add(own)
        ids.add(values.get("id", 0))
    _write(tx, record, good)
    return problems


def _write(tx: Tx, record: type[Record], good: list[Columns]) -> None:
    kind = record.__tablename__
    tx.ids.reach(kind, max((row["id"] for row in good if "id" in row), default=0))
    for row in good:
        if "id" not in row:
            row["id"] = tx.ids.next(kind)
    tx.insert_many(record, good)
    for row in good:
        tx.note(f"{kind}.imported", kind, row["id"], after={name: str(row[name]) for name in PLACES[record]})
