"""Changing and locking an external account."""

from typing import Any

from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.external.checking import (
    Details,
    name_faults,
    nick_name_faults,
    spelt_type,
    tag_faults,
    type_faults,
)
from comptoir.domain.banking.external.counting import refuse_requester
from comptoir.domain.banking.external.errors import (
    ExternalAccountFaulty,
    ExternalAccountLocked,
    ExternalAccountNotFound,
    LockedAlready,
    LockedByBank,
    NotVerified,
    UnlockedAlready,
)
from comptoir.domain.banking.external.models import VERIFIED
from comptoir.domain.banking.external.noting import write_change
from comptoir.domain.banking.external.queries import ExternalAccountRow, take_external_account
from comptoir.domain.banking.files.routing import bank_of
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.tx import Tx

LOCKS = "external_locks"
NAMES = ("type", "first_name", "last_name", "business_name")


def update_external_account(
    tx: Tx,
    *,
    customer_id: int,
    external_account_id: int,
    requesting_customer_id: int | None = None,
    **fields: Any,
) -> None:
    """Change what is said of it: names, nick name, tag, type, free fields.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, RequesterRefused,
    ExternalAccountNotFound (also when archived or denied), ExternalAccountLocked, ExternalAccountFaulty.
    """
    program = get_program(tx)
    row = own_external_account(tx, customer_id, external_account_id, requesting_customer_id)
    if not row.is_active:
        raise ExternalAccountNotFound(row.id)
    if row.is_locked:
        raise ExternalAccountLocked(row.id)
    if "type" in fields:
        fields["type"] = spelt_type(program, fields["type"])
    changed = {name: value for name, value in fields.items() if value != getattr(row, name)}
    told = Details(**{name: changed.get(name, getattr(row, name)) for name in NAMES})
    faults = [
        *(name_faults(told) if changed.keys() & set(NAMES) else ()),
        *(
            nick_name_faults(tx, customer_id, changed["nick_name"], own_id=row.id)
            if "nick_name" in changed
            else ()
        ),
        *tag_faults(tx, changed.get("tag"), own_id=row.id),
        *(type_faults(program, told.type) if "type" in changed else ()),
    ]
    if faults:
        raise ExternalAccountFaulty(faults)
    write_change(tx, row, "updated", **changed)


def lock_external_account(
    tx: Tx,
    *,
    customer_id: int,
    external_account_id: int,
    reason: str = "",
    is_by_bank: bool = False,
    requesting_customer_id: int | None = None,
) -> None:
    """Let no money go through it until it is unlocked; what the bank locks, only the bank unlocks.

    Refuses: NoProgram, NotEnabled, CustomerNotFound and what else require_customer does, RequesterRefused,
    ExternalAccountNotFound, LockedAlready, NotVerified.
    """
    row = _lockable(tx, customer_id, external_account_id, requesting_customer_id, is_by_bank=is_by_bank)
    if row.is_locked and row.is_locked_by_system >= is_by_bank:
        raise LockedAlready(f"external account {row.id} is already locked")
    if row.status != VERIFIED:
        raise NotVerified(row.status)
    write_change(
        tx,
        row,
        "locked",
        is_locked=True,
        is_locked_by_system=is_by_bank,
        locked_at=tx.now,
        locked_reason=reason,
    )


def unlock_external_account(
    tx: Tx,
    *,
    customer_id: int,
    external_account_id: int,
    is_by_bank: bool = False,
    requesting_customer_id: int | None = None,
) -> None:
    """Let money go through it again.

    Refuses: NoProgram, NotEnabled, CustomerNotFound and what else require_customer does, RequesterRefused,
    ExternalAccountNotFound, UnlockedAlready, LockedByBank, NotVerified.
    """
    row = _lockable(tx, customer_id, external_account_id, requesting_customer_id, is_by_bank=is_by_bank)
    if not row.is_locked:
        raise UnlockedAlready(f"external account {row.id} is not locked")
    if row.is_locked_by_system and not is_by_bank:
        raise LockedByBank(f"external account {row.id} is locked by the bank")
    if row.status != VERIFIED:
        raise NotVerified(row.status)
    write_change(
        tx, row, "unlocked", is_locked=False, is_locked_by_system=False, locked_at=None, locked_reason=""
    )


def correct_external_account(
    tx: Tx,
    external_account_id: int,
    *,
    noc_code: str,
    routing_number: str | None = None,
    account_number: str | None = None,
    type: str | None = None,
) -> None:
    """Take over what the other bank says in a notification of change. Refuses: ExternalAccountNotFound."""
    row = take_external_account(tx, external_account_id)
    given = {"routing_number": routing_number, "account_number": account_number, "type": type}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    bank = bank_of(values.get("routing_number", ""))
    if bank is not None:
        values["name"] = bank.name
    write_change(tx, row, "corrected", noc_code=noc_code, **values)


def _lockable(
    tx: Tx, customer_id: int, external_account_id: int, requester_id: int | None, *, is_by_bank: bool
) -> ExternalAccountRow:
    if not is_by_bank:
        require_feature(get_program(tx), LOCKS)
    return own_external_account(tx, customer_id, external_account_id, requester_id)


def own_external_account(
    tx: Tx, customer_id: int, external_account_id: int, requester_id: int | None
) -> ExternalAccountRow:
    """One that the customer may change, and whoever asks may change for them, taken for that.

    Refuses: CustomerNotFound and what else require_customer does, RequesterRefused, ExternalAccountNotFound.
    """
    require_customer(tx, customer_id, is_verified=False)
    refuse_requester(tx, customer_id, requester_id)
    return take_external_account(tx, external_account_id, customer_id=customer_id)
