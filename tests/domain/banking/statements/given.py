"""A bank whose clock is moved by hand, customers with accounts, and money that moves on them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from comptoir.chores.banking_statements import make_statements
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED
from comptoir.domain.banking.movements.chart import CASH
from comptoir.domain.banking.movements.moving import Moved, Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.statements.making import months_due
from comptoir.domain.banking.statements.proof import check_statements
from comptoir.domain.banking.statements.queries import StatementRow, get_facts, list_statements
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.tx import OpenShop

# The bank's zone is Chicago's, six hours behind in winter: at this moment its January begins.
NEW_YEAR = datetime(2026, 1, 1, 6, tzinfo=UTC)


class Bank:
    """A shop with the program Example1."""

    def __init__(self, shop: OpenShop, now: datetime = NEW_YEAR) -> None:
        self.shop = shop
        self.now = now
        shop.system = lambda: self.now
        shop.write(lambda tx: change_shop(tx, currency="USD"))
        shop.write(lambda tx: found_program(tx, sample_plan("example1")))

    def at(self, day: str, time: str = "12:00") -> Bank:
        """Let it be a moment in UTC."""
        self.now = datetime.fromisoformat(f"{day}T{time}+00:00")
        return self

    def customer(self, first_name: str = "Ada", **known: Any) -> int:
        person = {"first_name": first_name, "last_name": "Lovelace", **known}
        return self.shop.write(lambda tx: enter_customer(tx, person, status=VERIFIED))  # type: ignore[arg-type]

    def account(self, customer_id: int, name: str = "Everyday", type: str = "Checking", **said: Any) -> int:
        return self.shop.write(
            lambda tx: open_bank_account(tx, customer_id=customer_id, name=name, type=type, **said)
        )

    def move(self, amount_minor: int, *, source: Any = CASH, target: Any = CASH, **said: Any) -> Moved:
        movement = Movement(amount_minor, source, target, said.pop("type_code", "CPDEP"), **said)
        return self.shop.write(lambda tx: move_money(tx, movement))

    def make(self) -> int:
        """Make whatever is due."""
        return sum(make_statements(self.shop, period) for period in self.shop.read(months_due))

    def told(self, customer_id: int) -> list[StatementRow]:
        return self.shop.read(lambda tx: list_statements(tx, customer_id))

    def facts(self, customer_id: int, place: int = 0) -> Any:
        """What the customer's statement says, the newest first."""
        row = self.told(customer_id)[place]
        return self.shop.read(lambda tx: get_facts(tx, customer_id, row.id))

    def problems(self) -> list[str]:
        return self.shop.read(check_statements)
