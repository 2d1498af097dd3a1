"""Verbs on warehouses: create, change, take over from elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import (
    SHORT_TEXT_MAX,
    Problem,
    problem_of,
    refuse,
    text_problem,
    text_problems,
)
from comptoir.domain.inventory.errors import CodeTaken
from comptoir.domain.inventory.models import Warehouse
from comptoir.domain.inventory.queries import find_warehouse_by_code, get_warehouse
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

TEXTS = ("name", "code", "street", "suburb", "city", "state", "postcode", "country")
COORDINATES = {"latitude_e6": 90_000_000, "longitude_e6": 180_000_000}
# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62

ID_TAKEN = select(Warehouse.id).where(Warehouse.id == bindparam("warehouse_id"))
IDS_TAKEN = select(Warehouse.id).where(among(Warehouse.id, "ids"))
CODES_TAKEN = select(Warehouse.code_key).where(among(Warehouse.code_key, "keys"))


class WarehouseChanges(TypedDict, total=False):
    """What may be changed of a warehouse. Coordinates in millionths of a degree."""

    name: str
    code: str
    street: str
    suburb: str
    city: str
    state: str
    postcode: str
    country: str
    latitude_e6: int | None
    longitude_e6: int | None


class WarehouseFields(WarehouseChanges, total=False):
    """What may be said of a warehouse that is new."""

    id: int
    created_at: datetime
    updated_at: datetime


def create_warehouse(tx: Tx, **fields: Unpack[WarehouseFields]) -> int:
    """Open a warehouse and give its id.

    Refuses: Invalid (name, code, any text, latitude_e6, longitude_e6, id), CodeTaken.
    """
    row = _row(tx, fields)
    refuse(_problems(row))
    _refuse_taken(tx, row["code"], own_id=None)
    wanted = row["id"]
    if wanted is not None and not _is_free(tx, wanted):
        raise Invalid("id", "is taken, or no number above zero")
    _number(tx, [row])
    tx.insert(Warehouse, **row)
    tx.note("warehouse.created", "warehouse", row["id"], after=_said(row))
    return int(row["id"])


def update_warehouse(tx: Tx, *, warehouse_id: int, **fields: Unpack[WarehouseChanges]) -> None:
    """Change what is named of a warehouse.

    Refuses: WarehouseNotFound, Invalid (any text, latitude_e6, longitude_e6), CodeTaken.
    """
    old = get_warehouse(tx, warehouse_id)
    changed: dict[str, Any] = {name: value for name, value in fields.items() if value != old[name]}
    refuse(_problems(changed))
    keys = {}
    if "code" in changed:
        _refuse_taken(tx, changed["code"], own_id=warehouse_id)
        keys["code_key"] = key_of(changed["code"])
    tx.update(Warehouse, warehouse_id, **changed, **keys, updated_at=tx.now)
    if changed:
        before = {name: old[name] for name in changed}
        tx.note("warehouse.updated", "warehouse", warehouse_id, before=before, after=changed)


def import_warehouses(tx: Tx, rows: Sequence[WarehouseFields]) -> list[Invalid | None]:
    """Keep many warehouses with their ids; for each row what is wrong with it, or None."""
    made = [_row(tx, row) for row in rows]
    ids = [row["id"] for row in made if row["id"] is not None and 0 < row["id"] <= NUMBER_MAX]
    taken_ids = {found for (found,) in tx.all(IDS_TAKEN, ids=ids)}
    keys = [row["code_key"] for row in made if not text_problem(row["code"], SHORT_TEXT_MAX)]
    taken_keys = {found for (found,) in tx.all(CODES_TAKEN, keys=keys)}
    problems: list[Invalid | None] = []
    kept = []
    for row in made:
        problem = _import_problem(row, taken_ids, taken_keys)
        problems.append(problem)
        if problem is None:
            kept.append(row)
            taken_ids.add(row["id"])
            taken_keys.add(row["code_key"])
    _number(tx, kept)
    tx.insert_many(Warehouse, kept)
    for row in kept:
        tx.note("warehouse.imported", "warehouse", row["id"], after=_said(row))
    return problems


def _import_problem(row: Mapping[str, Any], ids: set[int], keys: set[str]) -> Invalid | None:
    wanted = row["id"]
    if wanted is not None and (not 0 < wanted <= NUMBER_MAX or wanted in ids):
        return Invalid("id", "is taken, or no number above zero")
    if row["code_key"] in keys:
        return CodeTaken("code", f"{row['code']!r} belongs to another warehouse")
    return problem_of(_problems(row))


def _row(tx: Tx, fields: WarehouseFields) -> dict[str, Any]:
    created_at = fields.get("created_at", tx.now)
    row: dict[str, Any] = {"id": None, **dict.fromkeys(TEXTS, ""), **dict.fromkeys(COORDINATES), **fields}
    row |= {"created_at": created_at, "updated_at": fields.get("updated_at", created_at)}
    return row | {"code_key": key_of(row["code"])}


def _problems(values: Mapping[str, Any]) -> list[Problem]:
    problems = text_problems(values, short=TEXTS)
    problems += [
        (name, "must not be empty") for name in ("name", "code") if not values.get(name, "x").strip()
    ]
    for name, limit in COORDINATES.items():
        value = values.get(name)
        if value is not None and abs(value) > limit:
            problems.append((name, f"must be between {-limit} and {limit}"))
    return problems


def _refuse_taken(tx: Tx, code: str, *, own_id: int | None) -> None:
    taken = find_warehouse_by_code(tx, code)
    if taken is not None and taken != own_id:
        raise CodeTaken("code", f"{code!r} belongs to warehouse {taken}")


def _is_free(tx: Tx, wanted: int) -> bool:
    return 0 < wanted <= NUMBER_MAX and tx.value(ID_TAKEN, warehouse_id=wanted) is None


def _number(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    given = [row["id"] for row in rows if row["id"] is not None]
    if given:
        tx.ids.reach("warehouse", max(given))
    unnumbered = [row for row in rows if row["id"] is None]
    if unnumbered:
        first = tx.ids.next("warehouse", len(unnumbered))
        for number, row in enumerate(unnumbered, first):
            row["id"] = number


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (*TEXTS, *COORDINATES)
    return {name: row[name] for name in names if row[name] not in {"", None}}
