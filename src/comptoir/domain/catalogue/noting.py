"""Writing a change of a catalogue record, and noting what it was before."""

from collections.abc import Mapping
from typing import Any

from comptoir.domain.tx import Tx
from comptoir.storage.schema import Record

PLAIN = (str, int, list, dict, type(None))


def noted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as an event keeps them."""
    return {name: value if isinstance(value, PLAIN) else str(value) for name, value in fields.items()}


def new_id(tx: Tx, record: type[Record], wanted: int | None) -> int:
    """The next number of a kind, or the one that is wanted, above which the next ones will be."""
    kind = record.__tablename__
    if wanted is None:
        return tx.ids.next(kind)
    tx.ids.reach(kind, wanted)
    return wanted


def new_ids(tx: Tx, record: type[Record], wanted: int | None) -> tuple[int, int]:
    """The same with the next number of what search engines are told, for records that have both."""
    if wanted is None:
        new, seo_id = tx.ids.take({record.__tablename__: 1, "seo": 1})
        return new, seo_id
    return new_id(tx, record, wanted), tx.ids.next("seo")


def write_change(tx: Tx, record: type[Record], old: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Update the record's columns and note the change; times move on where the record has them."""
    name = record.__tablename__
    moved = {"updated_at": tx.now} if "updated_at" in old else {}
    tx.update(record, old["id"], **values, **moved)
    shown = {key: value for key, value in values.items() if not key.endswith("_key")}
    tx.note(
        f"{name}.updated", name, old["id"], before=noted({key: old[key] for key in shown}), after=noted(shown)
    )
