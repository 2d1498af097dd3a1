"""Verbs on the terms of products: tangible or not, once or again and again, and the numbers links call them by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, select, update

from comptoir.domain.catalogue.models import Product, ProductTerms
from comptoir.domain.catalogue.noting import noted
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

WEEK, MONTH, YEAR = "week", "month", "year"
UNITS = (WEEK, MONTH, YEAR)
INTERVAL_COUNT_MAX = 1_000
AMOUNT, PERCENTAGE = "amount", "percentage"
COMMISSION_TYPES = (AMOUNT, PERCENTAGE)
PERCENT_MAX_E4 = 1_000_000
ASSIGNED = "assigned_product"
URL = re.compile("https?://[^/]", re.IGNORECASE)


class TermsFields(TypedDict, total=False):
    """What may be said of a product's terms. A duration of None is for ever; amounts in ten-thousandths."""

    vendor_product_id: str
    is_tangible: bool
    handling_e4: int | None
    is_recurring: bool
    recurrence_unit: str | None
    recurrence_count: int | None
    duration_unit: str | None
    duration_count: int | None
    startup_fee_e4: int | None
    approved_url: str | None
    pending_url: str | None
    has_commission: bool
    commission_type: str | None
    commission_e4: int | None


NEW_TERMS: dict[str, Any] = {
    "vendor_product_id": "", "is_tangible": False, "handling_e4": None, "is_recurring": False,
    "recurrence_unit": None, "recurrence_count": None, "duration_unit": None, "duration_count": None,
    "startup_fee_e4": None, "approved_url": None, "pending_url": None,
    "has_commission": False, "commission_type": None, "commission_e4": None,
}  # fmt: skip
# What only a recurring product has.
RECURRING_ONLY = (
    "recurrence_unit", "recurrence_count", "duration_unit", "duration_count", "startup_fee_e4",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """How a product is sold; one without a record of it is intangible, sold once, and called by its id."""

    product_id: int
    assigned_id: int
    vendor_product_id: str
    is_tangible: bool = False
    handling_e4: int | None = None
    is_recurring: bool = False
    recurrence_unit: str | None = None
    recurrence_count: int | None = None
    duration_unit: str | None = None
    duration_count: int | None = None
    startup_fee_e4: int | None = None
    approved_url: str | None = None
    pending_url: str | None = None
    has_commission: bool = False
    commission_type: str | None = None
    commission_e4: int | None = None


_COLUMNS = [ProductTerms.__table__.columns[name] for name in ("assigned_id", *NEW_TERMS)]
TERMS_OF = (
    select(Product.id, Product.code, *_COLUMNS)
    .outerjoin(ProductTerms, ProductTerms.product_id == Product.id)
    .where(among(Product.id, "ids"))
    .order_by(Product.id)
)
KEPT_TERMS = select(*_COLUMNS).where(ProductTerms.product_id == bindparam("id"))
BY_ASSIGNED = select(ProductTerms.product_id).where(ProductTerms.assigned_id == bindparam("assigned_id"))
WITHOUT_TERMS = (
    select(Product.id)
    .outerjoin(ProductTerms, ProductTerms.product_id == Product.id)
    .where(Product.id == bindparam("id"), ProductTerms.product_id.is_(None))
)
CODE_TAKEN = select(Product.id).where(Product.code_key == bindparam("key"))
UPDATE_TERMS = (
    update(ProductTerms)
    .where(ProductTerms.product_id == bindparam("id"))
    .values({name: bindparam(name) for name in ("vendor_product_key", *NEW_TERMS)})
)


def terms_of(tx: Tx, product_ids: Sequence[int]) -> dict[int, Terms]:
    """The terms of those of the products that exist, by their ids."""
    found: dict[int, Terms] = {}
    for product_id, code, assigned_id, *kept in tx.all(TERMS_OF, ids=list(product_ids)):
        if assigned_id is None:
            found[product_id] = Terms(product_id, product_id, code)
        else:
            found[product_id] = Terms(product_id, assigned_id, *kept)
    return found


def find_product(tx: Tx, *, assigned_id: int) -> int | None:
    """The product that links call by this number: the one it was assigned to, else the one of this very id."""
    found: int | None = tx.value(BY_ASSIGNED, assigned_id=assigned_id)
    return tx.value(WITHOUT_TERMS, id=assigned_id) if found is None else found


def free_code(tx: Tx, wanted: str) -> str:
    """The wanted code of a product, or nothing when another product has it."""
    return "" if tx.one(CODE_TAKEN, key=key_of(wanted)) else wanted


def set_terms(tx: Tx, *, product_id: int, is_new: bool = False, **fields: Unpack[TermsFields]) -> int:
    """Say on which terms a product is sold, as far as they are named; returns the number that links call it by.

    A new product gets a small number; one that links may have called by its id goes on being called so.
    What does not recur keeps no recurrence, duration and start-up fee. Refuses: ProductNotFound, Invalid
    (recurrence_unit, recurrence_count, duration_unit, duration_count, handling_e4,
    startup_fee_e4, approved_url, pending_url, commission_type, commission_e4).
    """
    product = take_row(tx, Product, product_id)
    row = tx.one(KEPT_TERMS, id=product_id)
    old = dict(NEW_TERMS) if row is None else dict(zip(NEW_TERMS, row[1:], strict=True))
    if row is None and not is_new:
        old["vendor_product_id"] = product["code"]
    values: dict[str, Any] = {**old, **fields}
    if not values["is_recurring"]:
        values |= dict.fromkeys(RECURRING_ONLY)
    check_terms(values)
    _check_fee(values["startup_fee_e4"], product["price_special_e4"] or product["price_rrp_e4"])
    values["vendor_product_key"] = key_of(values["vendor_product_id"])
    if row is None:
        assigned_id = assign(tx, product_id, is_new=is_new)
        tx.insert(ProductTerms, product_id=product_id, assigned_id=assigned_id, **values)
    else:
        assigned_id = row[0]
        tx.run(UPDATE_TERMS, id=product_id, **values)
    tx.update(Product, product_id, updated_at=tx.now)
    changed = [name for name in old if values[name] != old[name]]
    tx.note(
        "product.terms_changed", "product", product_id,
        before=None if row is None else noted({name: old[name] for name in changed}),
        after=noted({name: values[name] for name in changed}) | {"assigned_id": assigned_id},
    )  # fmt: skip
    return assigned_id


def assign(tx: Tx, product_id: int, *, is_new: bool) -> int:
    """The next small number by which no other product is called."""
    if not is_new and find_product(tx, assigned_id=product_id) == product_id:
        return product_id
    number = tx.ids.next(ASSIGNED)
    while find_product(tx, assigned_id=number) not in {None, product_id}:
        number = tx.ids.next(ASSIGNED)
    return number


def check_terms(values: Mapping[str, Any]) -> None:
    """Refuses: Invalid, for terms that do not fit together; every one of them is given."""
    for name in ("recurrence", "duration"):
        _check_interval(name, values[f"{name}_unit"], values[f"{name}_count"])
    if values["is_recurring"] and values["recurrence_unit"] is None:
        raise Invalid("recurrence_unit", "must be given for what recurs")
    for name in ("handling_e4", "commission_e4"):
        if values[name] is not None and values[name] < 0:
            raise Invalid(name, "must be 0 or more")
    for name in ("approved_url", "pending_url"):
        if values[name] is not None and not URL.match(values[name]):
            raise Invalid(name, "must begin with http:// or https://")
    _check_commission(values["commission_type"], values["commission_e4"])


def _check_fee(fee_e4: int | None, price_e4: int) -> None:
    """A fee below zero makes the first time cheaper, and never free."""
    if fee_e4 is not None and fee_e4 < 0 and fee_e4 <= -price_e4:
        raise Invalid("startup_fee_e4", "must take less off than the price is")


def _check_interval(name: str, unit: str | None, count: int | None) -> None:
    if unit is None and count is None:
        return
    if unit not in UNITS:
        raise Invalid(f"{name}_unit", f"must be one of {', '.join(UNITS)}")
    if count is None or not 1 <= count <= INTERVAL_COUNT_MAX:
        raise Invalid(f"{name}_count", f"must be between 1 and {INTERVAL_COUNT_MAX}")


def _check_commission(kind: str | None, amount_e4: int | None) -> None:
    if kind not in {None, *COMMISSION_TYPES}:
        raise Invalid("commission_type", f"must be one of {', '.join(COMMISSION_TYPES)}")
    if kind == PERCENTAGE and (amount_e4 or 0) > PERCENT_MAX_E4:
        raise Invalid("commission_e4", "must be at most 100 %")
