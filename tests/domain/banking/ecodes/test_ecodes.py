"""Gift codes: what is sold, what a purchase moves, and that codes are secrets."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from comptoir.domain.banking.ecodes.buying import buy_ecode, reissue_ecode
from comptoir.domain.banking.ecodes.errors import ProductNotFound
from comptoir.domain.banking.ecodes.offering import Offer, Product, offer_ecodes, read_offer, sample_offer
from comptoir.domain.banking.ecodes.queries import list_ecode_products
from comptoir.domain.banking.movements.chart import ECODE_SALES
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.errors import Invalid
from comptoir.domain.events.models import Event
from comptoir.domain.ledger.accounts import find_account_id
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.ledger.queries import get_account
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.banking.transfers.given import account, found, person

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def sold(tx: Tx) -> int:
    found(tx)
    offer_ecodes(tx, sample_offer())
    return person(tx)


def balance(tx: Tx, account_id: int) -> int:
    return get_account(tx, account_id).balance_minor


@pytest.mark.parametrize(("amount", "boost"), [(500, 13), (2000, 50), (2019, 50), (2020, 51), (519, 13)])
def test_the_price_leaves_one_account_and_a_part_comes_back_to_another(
    tx: Tx, amount: int, boost: int
) -> None:
    customer_id = sold(tx)
    spending, saving = account(tx, customer_id, 100_00), account(tx, customer_id, name="Saving")
    bought = buy_ecode(
        tx, customer_id=customer_id, product_id=1, amount_minor=amount, from_account_id=spending,
        boost_account_id=saving,
    )  # fmt: skip
    assert (balance(tx, spending), balance(tx, saving)) == (100_00 - amount, boost)
    assert balance(tx, find_account_id(tx, code=ECODE_SALES.code, currency="USD")) == amount - boost
    movements = tx.all(
        select(BankTransfer.type_code, BankTransfer.master_id).where(
            BankTransfer.master_id == bought.transfer_id
        )
    )
    assert movements == [("ECOWTH", bought.transfer_id), ("ECODEP", bought.transfer_id)]


def test_a_boost_is_no_money_to_pay_with(tx: Tx) -> None:
    customer_id = sold(tx)
    spending = account(tx, customer_id, 4_99)
    with pytest.raises(InsufficientFunds):
        buy_ecode(
            tx, customer_id=customer_id, product_id=1, amount_minor=5_00, from_account_id=spending,
            boost_account_id=spending,
        )  # fmt: skip


def test_a_replacement_moves_no_money(tx: Tx) -> None:
    customer_id = sold(tx)
    spending = account(tx, customer_id, 100_00)
    old = buy_ecode(tx, customer_id=customer_id, product_id=1, amount_minor=10_00, from_account_id=spending)
    new = reissue_ecode(tx, customer_id=customer_id, ecode_id=old.id)
    assert balance(tx, spending) == 90_00
    assert (new.reissues_id, new.transfer_id, new.amount_minor) == (old.id, old.transfer_id, 10_00)
    assert {new.code, new.access_code, new.challenge}.isdisjoint({old.code, old.access_code, old.challenge})


def test_codes_are_in_no_event_and_nowhere_in_clear(shop: OpenShop) -> None:
    customer_id = shop.write(sold)
    spending = shop.write(lambda tx: account(tx, customer_id, 100_00))
    bought = shop.write(
        lambda tx: buy_ecode(
            tx, customer_id=customer_id, product_id=1, amount_minor=10_00, from_account_id=spending
        )
    )
    rows = shop.read(lambda tx: tx.all(select(*Event.__table__.columns)))
    told = msgspec.json.encode([list(map(str, row)) for row in rows]).decode()
    assert "ecode.issued" in told
    assert bought.code not in told
    if isinstance(shop.database, SqliteDatabase):
        sqlite3.connect(shop.database.path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        assert bought.code.encode() not in Path(shop.database.path).read_bytes()


def test_an_offer_replaces_the_one_before_and_keeps_the_numbers(tx: Tx) -> None:
    sold(tx)
    books, coffee = list_ecode_products(tx)
    assert (books.product_code, books.minimum_minor, books.percent_to_customer_e2) == (
        "SAMPLE-BOOKS",
        500,
        250,
    )
    tea = Product(code="TEA", names={"en-US": "Tea"}, minimum="2.50", maximum="2.50")
    dearer = Product(code=coffee.product_code, names=coffee.names, minimum="10", maximum="20")
    offer_ecodes(tx, Offer(products=[tea, dearer]))
    assert [(row.id, row.product_code, row.minimum_minor) for row in list_ecode_products(tx)] == [
        (coffee.id, "SAMPLE-COFFEE", 1000),
        (3, "TEA", 250),
    ]
    with pytest.raises(ProductNotFound):
        buy_ecode(tx, customer_id=1, product_id=books.id, amount_minor=500, from_account_id=1)


@pytest.mark.parametrize(
    "text",
    [
        "products = 1",
        "[[products]]\ncode = 'A'",
        "[[products]]\ncode = 'A'\nnames = { en-US = 'A' }\nminimum = '1'\nmaximum = '2'\ncolour = 'red'",
        "no toml",
    ],
)
def test_a_file_that_is_no_offer_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_offer(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": " "},
        {"code": "x" * 51},
        {"minimum": "0"},
        {"minimum": "3"},
        {"minimum": "1.001"},
        {"maximum": "much"},
        {"maximum": "NaN"},
        {"maximum": "1e99"},
        {"percent_to_customer": "100.01"},
        {"percent_to_customer": "-1"},
        {"names": {}},
    ],
)
def test_an_offer_that_cannot_be_meant_is_refused(tx: Tx, wrong: dict[str, object]) -> None:
    found(tx)
    plain: dict[str, object] = {"code": "A", "names": {"en-US": "A"}, "minimum": "1", "maximum": "2"}
    product = msgspec.convert(plain | wrong, Product)
    with pytest.raises(Invalid):
        offer_ecodes(tx, Offer(products=[product]))
    with pytest.raises(Invalid):
        offer_ecodes(tx, Offer(products=[msgspec.convert(plain, Product)] * 2))
    assert list_ecode_products(tx) == []
