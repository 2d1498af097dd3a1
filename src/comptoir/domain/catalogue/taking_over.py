"""Taking over options and the terms of products from elsewhere, many at once, as importing.py does the rest."""

from collections.abc import Sequence

from sqlalchemy import select

from comptoir.domain.catalogue.importing import (
    Columns,
    Problem,
    Row,
    existing,
    keep_rows,
    number_rows,
    refuse_stranger,
    refuse_unnamed,
)
from comptoir.domain.catalogue.models import Option, OptionValue, Product, ProductTerms
from comptoir.domain.catalogue.options import check_value
from comptoir.domain.catalogue.terms import ASSIGNED, NEW_TERMS, assign, check_terms
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

ON_TERMS = select(ProductTerms.product_id).where(among(ProductTerms.product_id, "ids"))
ASSIGNED_AMONG = select(ProductTerms.assigned_id).where(among(ProductTerms.assigned_id, "ids"))


def import_options(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep options from elsewhere with their `values`. Refuses per row: Invalid (id, name, values)."""
    taken = existing(tx, OptionValue, (one.get("id") for row in rows for one in row.get("values", ())))
    held: list[tuple[Columns, list[Columns]]] = []

    def check(values: Columns) -> None:
        refuse_unnamed(values)
        choices = [{"surcharge_e4": 0, **choice} for choice in values.pop("values", ())]
        own = [choice["id"] for choice in choices if "id" in choice]
        if len(set(own)) < len(own) or not taken.isdisjoint(own):
            raise Invalid("values", "have an id that is taken")
        for choice in choices:
            try:
                check_value(choice["name"], choice["surcharge_e4"])
            except Invalid as problem:
                raise Invalid("values", f"hold one whose {problem}") from None
        taken.update(own)
        held.append((values, choices))

    problems = keep_rows(tx, Option, rows, {}, check)
    choices = [
        choice | {"option_id": values["id"], "position": place}
        for values, choices in held
        for place, choice in enumerate(choices, 1)
    ]
    number_rows(tx, "option_value", "id", choices)
    tx.insert_many(OptionValue, choices)
    return problems


def import_terms(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep the terms of products that are there already.

    Refuses per row: Invalid (product_id, assigned_id, and what set_terms refuses).
    """
    products = existing(tx, Product, (row["product_id"] for row in rows))
    told = {one for (one,) in tx.all(ON_TERMS, ids=sorted(products))}
    numbers = [row["assigned_id"] for row in rows if "assigned_id" in row]
    assigned = {one for (one,) in tx.all(ASSIGNED_AMONG, ids=numbers)}
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        values = {**NEW_TERMS, **row}
        try:
            refuse_stranger("product_id", values["product_id"], products, "product")
            if values["product_id"] in told:
                raise Invalid("product_id", "has terms already")  # noqa: TRY301 - as every other refusal
            _check_assigned(values, assigned)
            check_terms(values)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        told.add(values["product_id"])
        assigned.add(values.get("assigned_id", 0))
        good.append(values)
    _write_terms(tx, good)
    return problems


def _check_assigned(values: Columns, taken: set[int]) -> None:
    number = values.get("assigned_id")
    if number is not None and (number <= 0 or number in taken):
        raise Invalid("assigned_id", "is taken or not above zero")


def _write_terms(tx: Tx, good: list[Columns]) -> None:
    # A product that is called by its own id took no number from the row of small ones.
    small = [
        one["assigned_id"] for one in good if one.get("assigned_id", one["product_id"]) != one["product_id"]
    ]
    if small:
        tx.ids.reach(ASSIGNED, max(small))
    given = [values for values in good if "assigned_id" in values]
    _insert_terms(tx, given)
    for values in good:
        if "assigned_id" not in values:
            values["assigned_id"] = assign(tx, values["product_id"], is_new=False)
            _insert_terms(tx, [values])
    for values in good:
        after = {"assigned_id": values["assigned_id"], "vendor_product_id": values["vendor_product_id"]}
        tx.note("product.terms_imported", "product", values["product_id"], after=after)


def _insert_terms(tx: Tx, rows: Sequence[Columns]) -> None:
    tx.insert_many(
        ProductTerms, [row | {"vendor_product_key": key_of(row["vendor_product_id"])} for row in rows]
    )
