"""Verbs on plans: create, change, close, take over from elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.catalogue.models import Product
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, text_problem
from comptoir.domain.money import AMOUNT_MAX, E4_PER_UNIT
from comptoir.domain.subscriptions.amounts import refuse_wrong_interval
from comptoir.domain.subscriptions.models import MONTH, Subscription
from comptoir.domain.subscriptions.queries import get_plan
from comptoir.domain.subscriptions.writing import number, refuse_taken, taken_ids
from comptoir.domain.tx import Tx

CURRENCY_LETTERS = 3
PRICE_MAX_E4 = AMOUNT_MAX // E4_PER_UNIT

HAS_PRODUCT = select(Product.id).where(Product.id == bindparam("product_id"))


class PlanChanges(TypedDict, total=False):
    """What may be changed of a plan. A new price or interval counts from the next renewal on."""

    name: str
    product_id: int | None
    price_e4: int
    interval_unit: str
    interval_count: int
    is_active: bool


class PlanFields(TypedDict, total=False):
    """What may be said of a plan that is new; its currency stays."""

    id: int
    name: Required[str]
    price_e4: Required[int]
    product_id: int | None
    currency: str
    interval_unit: str
    interval_count: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


def create_plan(tx: Tx, **fields: Unpack[PlanFields]) -> int:
    """Offer a plan and give its id.

    Refuses: Invalid (name, price_e4, currency, interval_unit, interval_count, product_id, id).
    """
    row = _row(tx, fields)
    _refuse_malformed(tx, row)
    refuse_taken(row["id"], taken_ids(tx, Subscription, [row["id"]]))
    number(tx, Subscription, [row])
    tx.insert(Subscription, **row)
    tx.note("subscription.created", "subscription", row["id"], after=_said(row))
    return int(row["id"])


def update_plan(tx: Tx, *, subscription_id: int, **fields: Unpack[PlanChanges]) -> None:
    """Change what is named of a plan; a plan that is no longer active bills nobody.

    Refuses: SubscriptionNotFound, Invalid (name, price_e4, interval_unit, interval_count, product_id).
    """
    old = get_plan(tx, subscription_id)._asdict()
    changed: dict[str, Any] = {name: value for name, value in fields.items() if value != old[name]}
    _refuse_malformed(tx, {**old, "product_id": None, **changed})
    tx.update(Subscription, subscription_id, **changed, updated_at=tx.now)
    if changed:
        before = {name: old[name] for name in changed}
        tx.note("subscription.updated", "subscription", subscription_id, before=before, after=changed)


def import_plans(tx: Tx, rows: Sequence[PlanFields]) -> list[Invalid | None]:
    """Keep many plans with their ids; for each row what is wrong with it, or None."""
    taken = taken_ids(tx, Subscription, [row.get("id") for row in rows])
    problems: list[Invalid | None] = []
    kept = []
    for fields in rows:
        row = _row(tx, fields)
        try:
            refuse_taken(row["id"], taken)
            _refuse_malformed(tx, row)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        kept.append(row)
        taken.add(row["id"])
    number(tx, Subscription, kept)
    tx.insert_many(Subscription, kept)
    for row in kept:
        tx.note("subscription.imported", "subscription", row["id"], after=_said(row))
    return problems


def _row(tx: Tx, fields: PlanFields) -> dict[str, Any]:
    created_at = fields.get("created_at", tx.now)
    return {
        "id": None,
        "product_id": None,
        "currency": tx.shop.currency,
        "interval_unit": MONTH,
        "interval_count": 1,
        "is_active": True,
        **fields,
        "created_at": created_at,
        "updated_at": fields.get("updated_at", created_at),
    }


def _refuse_malformed(tx: Tx, row: Mapping[str, Any]) -> None:
    problem = text_problem(row["name"], SHORT_TEXT_MAX) if row["name"].strip() else "must not be empty"
    if problem:
        raise Invalid("name", problem)
    if not 0 <= row["price_e4"] <= PRICE_MAX_E4:
        raise Invalid("price_e4", f"must be between 0 and {PRICE_MAX_E4}")
    currency = row["currency"]
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        raise Invalid("currency", "must be a currency code such as USD")
    refuse_wrong_interval(row["interval_unit"], row["interval_count"])
    product_id = row["product_id"]
    if product_id is not None and tx.value(HAS_PRODUCT, product_id=product_id) is None:
        raise Invalid("product_id", f"names product {product_id}, which does not exist")


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("name", "product_id", "price_e4", "currency", "interval_unit", "interval_count", "is_active")
    return {name: row[name] for name in names}
