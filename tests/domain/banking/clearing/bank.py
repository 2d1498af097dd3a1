"""A bank whose clock the tests move, and what they look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, select

from comptoir.domain.banking.clearing.answering import answer_files, object_to_files
from comptoir.domain.banking.clearing.keeping import content_of, list_files
from comptoir.domain.banking.clearing.settling import settle_due
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.files.ach import AchFile, Entry
from comptoir.domain.banking.files.ach_reading import read_ach
from comptoir.domain.banking.files.models import ACH_OUT
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.transfers.given import account, ask, elsewhere, found, person

T = TypeVar("T")
# A Wednesday, a quarter past ten in the morning in Chicago.
MORNING = datetime(2026, 3, 4, 16, 15, tzinfo=UTC)

STATE = select(BankTransfer.status, BankTransfer.return_code, BankTransfer.settles_on).where(
    BankTransfer.transfer_id == bindparam("transfer_id")
)
NEWEST = select(BankTransfer.transfer_id).order_by(BankTransfer.transfer_id.desc()).limit(1)
TRACE = select(BankTransfer.trace_number).where(BankTransfer.transfer_id == bindparam("transfer_id"))


class Bank(NamedTuple):
    """A shop with a bank, one customer, an account here and one elsewhere."""

    shop: OpenShop
    customer_id: int
    account_id: int
    external_id: int

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.shop.write(work)

    def pull(self, minor: int, external_id: int | None = None, **said: Any) -> int:
        """Ask for money from the other bank; gives the transfer."""
        return self.ask(external_id or self.external_id, self.account_id, minor, **said)

    def push(self, minor: int, external_id: int | None = None, **said: Any) -> int:
        """Send money to the other bank."""
        return self.ask(self.account_id, external_id or self.external_id, minor, **said)

    def ask(self, from_id: int, to_id: int, minor: int, **said: Any) -> int:
        """A transfer; gives its number in the books."""

        def work(tx: Tx) -> int:
            ask(tx, self.customer_id, from_id, to_id, minor, **said)
            return int(tx.value(NEWEST))

        return self.do(work)

    def elsewhere(self, number: str, **said: Any) -> int:
        """Another account at another bank."""
        return self.do(lambda tx: elsewhere(tx, self.customer_id, number, **said))

    def run(self) -> tuple[int, int]:
        """Do all that is due, in the order of the worker; gives what was sent, and what settled."""
        sent = self.do(submit_files)
        self.do(answer_files)
        settled = self.do(settle_due)
        self.do(object_to_files)
        return sent, settled

    def at(self, moment: datetime) -> None:
        self.shop.system = lambda: moment

    def later(self, **by: float) -> None:
        self.at(self.shop.system() + timedelta(**by))

    def status(self, transfer_id: int) -> str:
        return str(self.state(transfer_id)[0])

    def state(self, transfer_id: int) -> Any:
        return self.shop.read(lambda tx: tx.one(STATE, transfer_id=transfer_id))

    def trace(self, transfer_id: int) -> str:
        return str(self.shop.read(lambda tx: tx.value(TRACE, transfer_id=transfer_id)))

    def stands(self, account_id: int | None = None) -> tuple[int, int, int]:
        """Balance, available, pending."""
        standing = self.shop.read(lambda tx: get_account(tx, account_id or self.account_id))
        return standing.balance_minor, standing.available_minor, standing.pending_in_minor

    def books(self) -> tuple[int, int]:
        """What is in transit, and the cash."""

        def read(tx: Tx) -> tuple[int, int]:
            ids = accounts_for(tx, [IN_TRANSIT, CASH], "USD")
            return tuple(get_account(tx, ids[plan.code]).balance_minor for plan in (IN_TRANSIT, CASH))  # type: ignore[return-value]

        return self.do(read)

    def files(self, kind: str = ACH_OUT) -> list[AchFile]:
        """What was written, the oldest first."""

        def read(tx: Tx) -> list[AchFile]:
            return [read_ach(content_of(tx, row.id)) for row in reversed(list_files(tx, kind=kind))]

        return self.shop.read(read)

    def entries(self) -> list[Entry]:
        return [entry for file in self.files() for batch in file.batches for entry in batch.entries]


def open_bank(
    shop: OpenShop, *changes: tuple[str, str], is_sandbox: bool = True, minor: int = 100_000
) -> Bank:
    """A bank with 1,000.00 on an account, on a Wednesday morning."""
    shop.system = lambda: MORNING

    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx, *changes)
        customer_id = person(tx)
        return customer_id, account(tx, customer_id, minor), elsewhere(tx, customer_id)

    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=is_sandbox, version=tx.shop.version + 1))
    return Bank(shop, *shop.write(build))
