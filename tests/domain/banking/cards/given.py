"""A bank with a customer, an account with money, and a card that draws on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier
from sqlalchemy import select

from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.cards.authorising import authorise, post, reverse
from comptoir.domain.banking.cards.issuing import initiate_card
from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.cards.queries import CardRow, get_card
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED
from comptoir.domain.banking.movements.moving import Moved, Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.events.models import Event
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

# A Wednesday, ten in the morning in Chicago.
WEDNESDAY = datetime(2026, 3, 4, 16, tzinfo=UTC)
BORN = date(1980, 1, 2)


class CardBank:
    """A shop with the program Example1, whose clock is moved by hand; no sandbox unless that is said."""

    def __init__(self, shop: OpenShop, minor: int = 100_000, *, is_sandbox: bool = False) -> None:
        self.shop = shop
        self.now = WEDNESDAY
        shop.system = lambda: self.now
        shop.write(lambda tx: change_shop(tx, currency="USD"))
        shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=is_sandbox, version=tx.shop.version + 1))
        shop.write(lambda tx: found_program(tx, sample_plan("example1")))
        self.customer_id = shop.write(person)
        self.account_id = self.account("Daily", minor)
        self.card_id = self.card()

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def account(self, name: str, minor: int = 0, **said: Any) -> int:
        def job(tx: Tx) -> int:
            account_id = open_bank_account(tx, customer_id=self.customer_id, name=name, **said)
            reserve = program_account_of(tx, PROGRAM_RESERVE)
            assert reserve is not None
            if minor:
                move_money(tx, Movement(minor, reserve, account_id, "RSVDEP", customer_id=self.customer_id))
            return account_id

        return self.shop.write(job)

    def card(self, status: str = "Verified", **said: Any) -> int:
        """Another card, in the state that is said."""

        def job(tx: Tx) -> int:
            order: Any = {
                "first_name": "Ada", "last_name": "Lovelace", "network": "VS", "primary_account_id": self.account_id,
            } | said  # fmt: skip
            card_id = initiate_card(tx, customer_id=self.customer_id, **order)
            if status:
                tx.update(Card, card_id, status=status, verified_at=tx.now if status == "Verified" else None)
            return card_id

        return self.shop.write(job)

    def change(self, card_id: int, **values: Any) -> None:
        self.shop.write(lambda tx: tx.update(Card, card_id, **values))

    def shown(self, card_id: int | None = None) -> CardRow:
        return self.shop.read(lambda tx: get_card(tx, self.customer_id, card_id or self.card_id))

    def message(self, minor: int, **said: Any) -> Message:
        return Message(self.customer_id, self.account_id, minor, **{"card_id": self.card_id} | said)

    def authorised(self, minor: int, **said: Any) -> Moved:
        return self.shop.write(lambda tx: authorise(tx, self.message(minor, **said)))

    def posted(self, minor: int, authorisation_id: int | None = None, **said: Any) -> Moved:
        return self.shop.write(lambda tx: post(tx, self.message(minor, **said), authorisation_id))

    def reversed(self, transaction_id: int, minor: int = 0, **said: Any) -> Moved:
        return self.shop.write(lambda tx: reverse(tx, self.message(minor, **said), transaction_id))

    @property
    def standing(self) -> Standing:
        return self.shop.read(lambda tx: get_account(tx, self.account_id))

    @property
    def balances(self) -> tuple[int, int]:
        """All that is posted, and what of it is available."""
        return self.standing.balance_minor, self.standing.available_minor

    def events(self, *kinds: str) -> list[Any]:
        """What was told, of these kinds."""
        rows = self.shop.read(lambda tx: tx.all(select(Event.kind, Event.after).order_by(Event.seq)))
        return [after for kind, after in rows if kind in kinds]


def person(tx: Tx) -> int:
    return enter_customer(
        tx,
        {
            "first_name": "Ada", "last_name": "Lovelace", "birth_date": BORN, "email": "ada@example.com",
            "phones": [{"phone_type": "Mobile", "number": "5155551234", "is_active": True}],
            "addresses": [{
                "address_type": "Residence", "line1": "1 Main Street", "line2": "", "line3": "", "line4": "",
                "city": "Ames", "state": "IA", "postal_code": "50010", "country": "US", "is_active": True,
            }],
        },
        status=VERIFIED,
    )  # fmt: skip


def kept(shop: OpenShop) -> bytes:
    """Everything that is in the database, as its files have it, or as its rows are written."""
    if isinstance(shop.database, SqliteDatabase):
        files = shop.database.path.parent.glob(f"{shop.database.path.name}*")
        return b"".join(file.read_bytes() for file in sorted(files))
    return b"\n".join(_rows(shop))


def _rows(shop: OpenShop) -> Iterator[bytes]:
    for table in Record.metadata.tables:
        query = SQL("SELECT t::text FROM {} t").format(Identifier(table)).as_string(None)
        yield from (str(row[0]).encode() for row in shop.read(partial(Tx.script, sql=query)))
