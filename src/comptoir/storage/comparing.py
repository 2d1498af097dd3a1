"""How a database's schema is compared with the records: what belongs to neither is left out."""

from collections.abc import Mapping
from typing import Any

from comptoir.storage.fittings import fittings

VERSION_TABLE = "alembic_version"


def is_declared(_item: Any, name: str | None, kind: str, is_reflected: bool, _other: Any) -> bool:  # noqa: FBT001 - Alembic calls it so
    """Whether the comparison looks at this: trigram tables and other fittings are compared elsewhere."""
    if not is_reflected or name is None:
        return True
    fitted = {one.name for engine in ("sqlite", "postgres") for one in fittings(engine)}
    if kind == "table":
        return not any(name == one or name.startswith(f"{one}_") for one in fitted)
    return name not in fitted


COMPARING: Mapping[str, Any] = {
    "include_object": is_declared,
    "compare_type": True,
    "version_table": VERSION_TABLE,
}
