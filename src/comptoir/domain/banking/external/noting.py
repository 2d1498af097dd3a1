"""How a change of an external account is written and noted; events hold no number and no name of anybody."""

from typing import Any

from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.queries import ExternalAccountRow
from comptoir.domain.tx import Tx

# What events tell with its values; of anything else they say only that it changed.
TOLD = frozenset(
    {"status", "type", "tag", "nick_name", "attempts", "is_locked", "is_locked_by_system", "noc_code"}
)


def write_change(tx: Tx, row: ExternalAccountRow, kind: str, **values: Any) -> None:
    """Change some values of an external account; a new status takes the time that it came."""
    if values.get("status", row.status) != row.status:
        values["status_at"] = tx.now
    if "account_number" in values:
        values["account_digest"] = values["account_number"]
    tx.update(ExternalAccount, row.id, **values, updated_at=tx.now)
    changed = [name for name in values if name in row._fields and getattr(row, name) != values[name]]
    tx.note(
        f"external_account.{kind}",
        "external_account",
        row.id,
        before={name: getattr(row, name) for name in changed if name in TOLD},
        after={
            **{name: values[name] for name in changed if name in TOLD},
            "customer_id": row.customer_id,
            "changed": sorted(changed),
        },
    )
