"""A bank with many accounts and much that moved on them, built set-based; its program is founded by its verb."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

import psycopg
from sqlalchemy import Dialect

from bench.facts import API_PASSWORD, API_USER, SECRET
from bench.world import Place, insert_statement
from comptoir.domain import records
from comptoir.domain.banking.accounts.models import AccountAccess, BankAccount
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.movements.chart import CASH
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.program.queries import find_product
from comptoir.domain.customers.models import Customer
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.models import Operator
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.shop import open_new_shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.columns import micros_of
from comptoir.storage.database import open_database
from comptoir.storage.fittings import bulk_load
from comptoir.storage.migration import migrate
from comptoir.storage.schema import Record

# February 2026 in Chicago, where the bank is: everything moves in it.
BEGINS = datetime(2026, 2, 1, 6, tzinfo=UTC)
ENDS = datetime(2026, 3, 1, 6, tzinfo=UTC)
AFTERWARDS = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONTH, LAST_DAY_BEFORE = (2026, 2), date(2026, 1, 31)
PER_CUSTOMER = 2
FUNDED_MINOR = 100_000_000
# The account whose transactions are listed, and which pays in the rows on one hot account.
BUSY_ACCOUNT = 110


class Bank(NamedTuple):
    """How much there is: customers with two accounts each, and movements on each of those."""

    customers: int
    movements: int = 1
    busy: int = 0
    type: str = "Checking"

    @property
    def accounts(self) -> int:
        """All accounts of customers."""
        return self.customers * PER_CUSTOMER

    @property
    def transfers(self) -> int:
        """All transfers that are written set-based."""
        return self.accounts * self.movements + self.busy


class Base(NamedTuple):
    """What the founding left: the last numbers given out, the product, and the account of cash."""

    transfer: int
    posting: int
    product_id: int
    cash_id: int


def account_number(customer: int, place: int) -> int:
    """The id of a customer's first or second account: 1, the customer's number, the place."""
    return int(f"1{customer}{place}")


def build_bank(place: Place, bank: Bank) -> None:
    """Make the database and fill it."""
    database = open_database(place.address, secret=SECRET)
    assert records.ROOMS
    migrate(database)
    database.write(lambda session: open_new_shop(session, name="Bench", currency="USD", is_sandbox=True))
    shop = OpenShop("main", database, flush, system=lambda: BEGINS)
    base = shop.write(lambda tx: _found(tx, bank))
    with bulk_load(database):
        _fill(place, database.dialect, bank, base)
    shop.write(lambda tx: _count_on(tx, bank, base))
    database.close()


def _found(tx: Tx, bank: Bank) -> Base:
    tx.insert(
        Operator, id=1, email="bench@example.com", name="Bench", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    create_api_user(
        tx, operator_id=1, name=API_USER, password=API_PASSWORD, dialect="corepro", may_update=True, secret=SECRET
    )  # fmt: skip
    found_program(tx, sample_plan("example1"))
    product = find_product(tx, type=bank.type)
    assert product is not None
    cash_id = accounts_for(tx, [CASH], tx.shop.currency)[CASH.code]
    return Base(tx.ids.next("transfer") - 1, tx.ids.next("posting") - 1, product.id, cash_id)


def _fill(place: Place, dialect: Dialect, bank: Bank, base: Base) -> None:
    ordinary = bank.transfers - bank.busy
    tables: list[tuple[type[Record], int, Mapping[str, str]]] = [
        (Customer, bank.customers, {"first_name": "'Ada'", "last_name": "'Number ' || n", "status": "'active'"}),
        (BankCustomer, bank.customers, _customer()),
        (Account, bank.accounts, _ledger_account()),
        (BankAccount, bank.accounts, _account(bank, base)),
        (AccountAccess, bank.accounts, _access()),
        (Transfer, ordinary, _transfer(base, 0, bank)),
        (Transfer, bank.busy, _transfer(base, ordinary, bank)),
        (BankTransfer, ordinary, _bank_transfer(base, 0, bank, _of(bank), _moved(bank))),
        (BankTransfer, bank.busy, _bank_transfer(base, ordinary, bank, str(BUSY_ACCOUNT), "100")),
        (Posting, ordinary, _posting(base, 0, 0, _of(bank), f"-({_moved(bank)})")),
        (Posting, ordinary, _posting(base, 0, bank.transfers, str(base.cash_id), _moved(bank))),
        (Posting, bank.busy, _posting(base, ordinary, 0, str(BUSY_ACCOUNT), "-100")),
        (Posting, bank.busy, _posting(base, ordinary, bank.transfers, str(base.cash_id), "100")),
    ]  # fmt: skip
    statements = [
        insert_statement(dialect, record, count, values) for record, count, values in tables if count
    ]
    statements.append(
        "UPDATE account SET posted_minor = (SELECT COALESCE(SUM(p.amount_minor), 0) FROM posting p "
        "JOIN transfer t ON t.id = p.transfer_id WHERE p.account_id = account.id AND t.state = 'posted')"
    )
    _run(place, statements)


def _run(place: Place, statements: list[str]) -> None:
    if place.engine == "postgres":
        with psycopg.connect(place.address, autocommit=True) as server:
            for statement in (*statements, "VACUUM ANALYZE"):
                server.execute(statement)
        return
    with sqlite3.connect(place.address, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -262144")
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _text(expression: str) -> str:
    return f"CAST({expression} AS TEXT)"


# The customer and the account of row n, when rows go round the accounts.
_OWNER = f"((n - 1) / {PER_CUSTOMER} + 1)"
_ACCOUNT = f"CAST('1' || {_text(_OWNER)} || {_text(f'(n - 1) % {PER_CUSTOMER}')} AS BIGINT)"


def _of(bank: Bank) -> str:
    owner = f"(((n - 1) % {bank.accounts}) / {PER_CUSTOMER} + 1)"
    return f"CAST('1' || {_text(owner)} || {_text(f'(n - 1) % {PER_CUSTOMER}')} AS BIGINT)"


def _moved(bank: Bank) -> str:
    """What comes in by transfer n: much at first, so that nobody runs short; later it comes and goes."""
    return (
        f"CASE WHEN n <= {bank.accounts} THEN {FUNDED_MINOR} WHEN n % 3 = 0 THEN -700 ELSE 1000 + n % 500 END"
    )


def _customer() -> Mapping[str, str]:
    return {
        "customer_id": "n", "status": "'Verified'", "access_type": "'FULL'", "is_active": "TRUE",
        "details": "'{}'", "culture": "'en-US'",
    }  # fmt: skip


def _ledger_account() -> Mapping[str, str]:
    return {
        "id": _ACCOUNT, "code": f"'deposit:' || {_text(_ACCOUNT)}", "name": "'Deposit account'",
        "kind": "'liability'", "currency": "'USD'", "floor_minor": "0",
    }  # fmt: skip


def _account(bank: Bank, base: Base) -> Mapping[str, str]:
    return {
        "account_id": _ACCOUNT, "customer_id": _OWNER, "product_id": str(base.product_id),
        "name": f"'Account ' || {_text('n')}", "type": f"'{bank.type}'", "status": "'Open'",
        "account_number": f"'9' || {_text(_ACCOUNT)}", "is_closeable": "TRUE", "lock_type": "'UNL'",
        "contribution_type": "'None'", "created_at": str(micros_of(BEGINS)),
        "accrued_through": f"'{LAST_DAY_BEFORE}'" if bank.type == "Savings" else "NULL",
    }  # fmt: skip


def _access() -> Mapping[str, str]:
    return {"account_id": _ACCOUNT, "customer_id": _OWNER, "access_type": "'FULL'", "priority": "1"}


def _at(after: int, bank: Bank) -> str:
    """When transfer n takes place: one after the other, over the whole month."""
    step = (micros_of(ENDS) - micros_of(BEGINS)) // (bank.transfers + 1)
    return f"{micros_of(BEGINS)} + (n + {after}) * {step}"


def _transfer(base: Base, after: int, bank: Bank) -> Mapping[str, str]:
    return {
        "id": f"n + {base.transfer + after}", "kind": "'bank_transfer'", "subject": "'bank_account'",
        "state": "'posted'", "posted_at": _at(after, bank), "created_at": _at(after, bank),
    }  # fmt: skip


def _bank_transfer(base: Base, after: int, bank: Bank, account: str, moved: str) -> Mapping[str, str]:
    number = f"n + {base.transfer + after}"
    return {
        "transfer_id": number, "master_id": number, "amount_minor": f"ABS({moved})",
        "type_code": f"CASE WHEN {moved} > 0 THEN 'CPDEP' ELSE 'CPWTH' END", "status": "'Settled'",
        "from_id": f"CASE WHEN {moved} > 0 THEN NULL ELSE {account} END",
        "to_id": f"CASE WHEN {moved} > 0 THEN {account} ELSE NULL END",
        "description": f"'Payment number ' || {_text('n')}", "details": "'{}'",
        "settled_at": _at(after, bank), "available_at": _at(after, bank), "created_at": _at(after, bank),
    }  # fmt: skip


def _posting(base: Base, after: int, further: int, account: str, minor: str) -> Mapping[str, str]:
    return {
        "id": f"n + {base.posting + after + further}", "transfer_id": f"n + {base.transfer + after}",
        "account_id": account, "amount_minor": minor, "currency": "'USD'",
    }  # fmt: skip


def _count_on(tx: Tx, bank: Bank, base: Base) -> None:
    """Move the counters on."""
    for kind, number in (
        ("customer", bank.customers),
        ("account", account_number(bank.customers, PER_CUSTOMER - 1)),
        ("transfer", base.transfer + bank.transfers),
        ("posting", base.posting + 2 * bank.transfers),
    ):
        tx.ids.reach(kind, number)
