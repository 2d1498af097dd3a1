"""How accounts stand, read under a lock, and how their balances move: only here do they change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.errors import AccountClosed, AccountNotFound, InsufficientFunds
from comptoir.domain.ledger.models import DEBIT_KINDS, POSTED, Account
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

BALANCE_MINOR_MAX = 2**63 - 1


class Standing(NamedTuple):
    """One account as it stands in this transaction."""

    id: int
    code: str
    name: str
    kind: str
    currency: str
    is_closed: bool
    floor_minor: int | None
    posted_minor: int
    pending_in_minor: int
    pending_out_minor: int
    held_minor: int

    @property
    def balance_minor(self) -> int:
        """All that is posted, from the account's own side: an asset's worth, a liability's debt."""
        return self.natural(self.posted_minor)

    @property
    def available_minor(self) -> int:
        """What may leave: the balance less what is pending to leave and what is held."""
        return self.balance_minor - self.pending_out_minor - self.held_minor

    def natural(self, amount_minor: int) -> int:
        """A debit-positive amount, told from the account's own side."""
        return amount_minor if self.kind in DEBIT_KINDS else -amount_minor


@dataclass(slots=True)
class Shift:
    """By how much an account's balances move."""

    posted: int = 0
    pending_in: int = 0
    pending_out: int = 0
    held: int = 0


Shifts = defaultdict[int, Shift]

STANDINGS = select(
    Account.id, Account.code, Account.name, Account.kind, Account.currency, Account.is_closed,
    Account.floor_minor, Account.posted_minor, Account.pending_in_minor, Account.pending_out_minor,
    Account.held_minor,
)  # fmt: skip
_AMONG = STANDINGS.where(among(Account.id, "ids")).order_by(Account.id)
# SQLite's writers already stand in line; PostgreSQL's lock the rows they will change, always in id order.
LOCK = {"sqlite": _AMONG, "postgres": _AMONG.with_for_update(key_share=True)}
SHIFT = (
    update(Account)
    .where(Account.id == bindparam("account_id"))
    .values(
        posted_minor=Account.posted_minor + bindparam("posted"),
        pending_in_minor=Account.pending_in_minor + bindparam("pending_in"),
        pending_out_minor=Account.pending_out_minor + bindparam("pending_out"),
        held_minor=Account.held_minor + bindparam("held"),
    )
)


def lock_accounts(tx: Tx, ids: Iterable[int]) -> dict[int, Standing]:
    """The named accounts, locked until the transaction ends. Refuses: AccountNotFound."""
    wanted = sorted(set(ids))
    found = {row[0]: Standing(*row) for row in tx.all(LOCK[tx.engine], ids=wanted)}
    for account_id in wanted:
        if account_id not in found:
            raise AccountNotFound(account_id)
    return found


def refuse_closed(accounts: Iterable[Standing]) -> None:
    """Refuses: AccountClosed."""
    for account in accounts:
        if account.is_closed:
            raise AccountClosed(account.id)


def add_posting(shifts: Shifts, account: Standing, amount_minor: int, state: str, times: int = 1) -> None:
    """Count a posting of a transfer in the given state into its account's shift; `times` -1 takes it out."""
    shift = shifts[account.id]
    natural = account.natural(amount_minor)
    if state == POSTED:
        shift.posted += times * amount_minor
    elif natural > 0:
        shift.pending_in += times * natural
    else:
        shift.pending_out -= times * natural


def move(
    tx: Tx, accounts: Mapping[int, Standing], shifts: Mapping[int, Shift], *, is_forced: bool = False
) -> None:
    """Move the balances of locked accounts, below their floors only when that is forced.

    Refuses: InsufficientFunds, Invalid (beyond 64 bits).
    """
    for account_id in sorted(shifts):
        _refuse_below_floor(accounts[account_id], shifts[account_id], is_forced=is_forced)
    tx.run_many(
        SHIFT,
        [
            {
                "account_id": account_id,
                "posted": shifts[account_id].posted,
                "pending_in": shifts[account_id].pending_in,
                "pending_out": shifts[account_id].pending_out,
                "held": shifts[account_id].held,
            }
            for account_id in sorted(shifts)
        ],
    )


def _refuse_below_floor(account: Standing, shift: Shift, *, is_forced: bool) -> None:
    after = account._replace(
        posted_minor=account.posted_minor + shift.posted,
        pending_in_minor=account.pending_in_minor + shift.pending_in,
        pending_out_minor=account.pending_out_minor + shift.pending_out,
        held_minor=account.held_minor + shift.held,
    )
    assert after.pending_in_minor >= 0, account.id
    assert after.pending_out_minor >= 0, account.id
    assert after.held_minor >= 0, account.id
    if max(abs(after.posted_minor), *after[8:]) > BALANCE_MINOR_MAX:
        raise Invalid("postings", f"would bring account {account.id} beyond what can be counted")
    wanted = account.available_minor - after.available_minor
    if is_forced or account.floor_minor is None:
        return
    if wanted > 0 and after.available_minor < account.floor_minor:
        raise InsufficientFunds(
            account.id,
            available_minor=account.available_minor - account.floor_minor,
            wanted_minor=wanted,
            currency=account.currency,
        )
