"""Verbs on custom fields."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete

from comptoir.domain.catalogue.models import CustomField
from comptoir.domain.catalogue.noting import new_id, noted, write_change
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx


class CustomFieldFields(TypedDict, total=False):
    """What may be said of a custom field."""

    name: str
    description: str
    status: str


REMOVE_CUSTOM_FIELD = delete(CustomField).where(CustomField.id == bindparam("id"))


def create_custom_field(tx: Tx, *, id: int | None = None, **fields: Unpack[CustomFieldFields]) -> int:
    """Create a custom field and return its id. Refuses: Invalid (name)."""
    values: dict[str, Any] = {"description": "", "status": "active", **fields}
    _check_name(values.get("name", ""))
    field_id = new_id(tx, CustomField, id)
    tx.insert(CustomField, **values, id=field_id, name_key=key_of(values["name"]))
    tx.note("custom_field.created", "custom_field", field_id, after=noted(fields))
    return field_id


def update_custom_field(tx: Tx, *, field_id: int, **fields: Unpack[CustomFieldFields]) -> None:
    """Change what is named of a custom field. Refuses: CustomFieldNotFound, Invalid (name)."""
    old = take_row(tx, CustomField, field_id)
    values: dict[str, Any] = dict(fields)
    if "name" in values:
        _check_name(values["name"])
        values["name_key"] = key_of(values["name"])
    write_change(tx, CustomField, old, values)


def remove_custom_field(tx: Tx, *, field_id: int) -> None:
    """Remove a custom field and its values. Refuses: CustomFieldNotFound."""
    old = take_row(tx, CustomField, field_id)
    tx.run(REMOVE_CUSTOM_FIELD, id=field_id)
    tx.note("custom_field.removed", "custom_field", field_id, before={"name": old["name"]})


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("name", "must not be empty")
