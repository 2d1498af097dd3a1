"""Finding accounts at other banks."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.external.errors import ExternalAccountNotFound
from comptoir.domain.banking.external.models import (
    ARCHIVED,
    DENIED,
    UNVERIFIED,
    VERIFIED,
    VERIFY_LOCKED,
    ExternalAccount,
)
from comptoir.domain.tx import Tx

# What counts as one that the customer has: its nickname is taken, and it is one of those that are limited.
LIVING = frozenset({UNVERIFIED, VERIFY_LOCKED, VERIFIED})


class ExternalAccountRow(NamedTuple):
    """An account at another bank, with its number in clear: mind whom it is shown to."""

    id: int
    customer_id: int
    tag: str | None
    type: str
    name: str
    nick_name: str
    first_name: str
    last_name: str
    business_name: str
    routing_number: str
    account_number: str
    status: str
    status_at: datetime
    is_locked: bool
    locked_at: datetime | None
    locked_reason: str
    is_locked_by_system: bool
    attempts: int
    amount1_minor: int | None
    amount2_minor: int | None
    verify_sent_at: datetime | None
    verify_expires_at: datetime | None
    noc_code: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    created_at: datetime
    updated_at: datetime

    @property
    def is_active(self) -> bool:
        """Whether it has not come to its end."""
        return self.status not in {ARCHIVED, DENIED}

    @property
    def holder(self) -> str:
        """Whose account it is, as the other bank should know them."""
        return self.business_name or f"{self.first_name} {self.last_name}".strip()


EXTERNALS = select(*(getattr(ExternalAccount, name) for name in ExternalAccountRow._fields))
GET = EXTERNALS.where(ExternalAccount.id == bindparam("external_account_id"))
TAKE: dict[str, Any] = {"sqlite": GET, "postgres": GET.with_for_update(key_share=True)}
BY_TAG = EXTERNALS.where(
    ExternalAccount.customer_id == bindparam("customer_id"), ExternalAccount.tag == bindparam("tag")
)
OF_CUSTOMER = EXTERNALS.where(ExternalAccount.customer_id == bindparam("customer_id")).order_by(
    ExternalAccount.id
)


def get_external_account(
    tx: Tx, external_account_id: int, *, customer_id: int | None = None
) -> ExternalAccountRow:
    """One external account, of this customer if one is named. Refuses: ExternalAccountNotFound."""
    return _own(tx.one(GET, external_account_id=external_account_id), external_account_id, customer_id)


def take_external_account(
    tx: Tx, external_account_id: int, *, customer_id: int | None = None
) -> ExternalAccountRow:
    """The same for one that is to be changed: nobody else changes it meanwhile."""
    row = tx.one(TAKE[tx.engine], external_account_id=external_account_id)
    return _own(row, external_account_id, customer_id)


def find_external_account(tx: Tx, external_account_id: int) -> ExternalAccountRow | None:
    """The external account of this id, if it is one: ids of accounts are of the same sequence."""
    row = tx.one(GET, external_account_id=external_account_id)
    return None if row is None else ExternalAccountRow(*row)


def find_by_tag(tx: Tx, customer_id: int, tag: str) -> ExternalAccountRow | None:
    """The customer's external account with this tag."""
    row = tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else ExternalAccountRow(*row)


def list_external_accounts(tx: Tx, customer_id: int) -> list[ExternalAccountRow]:
    """All that the customer has or had, in the order in which they came."""
    return [ExternalAccountRow(*row) for row in tx.all(OF_CUSTOMER, customer_id=customer_id)]


def _own(row: Any, external_account_id: int, customer_id: int | None) -> ExternalAccountRow:
    if row is None or customer_id not in {None, row[1]}:
        raise ExternalAccountNotFound(external_account_id)
    return ExternalAccountRow(*row)
