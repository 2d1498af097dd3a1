"""Customers of all kinds, and cards in every state.

Customers: 1 has the cards and the accounts; 2 is archived, 3 locked, 4 not verified, 5 deceased; 6 may read
account 1 of customer 1, 7 has no telephone, 8 no address, 9 no residence; 10 is a founder only; 11 is a business;
12 is denied and may hold nothing; 13 may hold a card of customer 1.
Accounts by name: Daily, Second to Fifth (checking), Nest (savings), Load (no card draws on it), Closed, Founder,
Works, Poor (of 9).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from comptoir.domain.banking.accounts.closing import end_account
from comptoir.domain.banking.accounts.models import AccountAccess, BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.cards.issuing import create_digital_card, initiate_card
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.cards.ties import add_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import (
    PROGRAM_RESERVE,
    BankProduct,
    Bin,
    Program,
)
from comptoir.domain.banking.program.queries import program_account_of

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Address, Person
    from comptoir.domain.tx import OpenShop, Tx

CUSTOMERS = 13
STATES: dict[int, dict[str, Any]] = {
    2: {"status": "Archived", "is_active": False},
    3: {"is_locked": True},
    4: {"status": "Initiated"},
    5: {"status": "Deceased"},
    10: {"access_type": "FDRY"},
    11: {"is_business": True},
    12: {"status": "Denied"},
    13: {"access_type": "CARD"},
}
# What cards of customer 1 are, by tag, once they are there.
CARDS: dict[str, dict[str, Any]] = {
    "fresh": {},
    "active": {"status": "Verified"},
    "locked": {"status": "Verified", "lock_type": "CST", "lock_reason": "TMP"},
    "system": {"status": "Verified", "lock_type": "SYS", "lock_reason": "PIN"},
    "admin": {"status": "Verified", "lock_type": "SYS", "lock_reason": "ADM"},
    "fraud": {"status": "Verified", "lock_type": "CST", "lock_reason": "FRD"},
    "hotlisted": {"status": "HotListed", "lock_type": "CST", "lock_reason": "LST"},
    "archived": {"status": "Archived"},
    "denied": {"status": "Denied"},
    "expired": {"status": "Expired", "expire_year": 2026, "expire_month": 2},
    "unsent": {"status": "Initiated"},
    "full": {"status": "Verified"},
    "elsewhere": {"status": "Verified", "network": "XX"},
    "ending": {"status": "Verified", "expire_year": 2026, "expire_month": 4},
}


def load(shop: OpenShop) -> None:
    shop.write(people)
    shop.write(money)
    shop.write(bins)
    shop.write(cards)
    shop.write(standing)


def people(tx: Tx) -> None:
    for number in range(1, CUSTOMERS + 1):
        create_customer(tx, person=person(number))


def person(number: int) -> Person:
    kinds = {8: [], 9: ["Mailing"]}.get(number, ["Residence"])
    return {
        "first_name": "First", "last_name": f"Last {number}", "email": f"c{number}@example.com",
        "birth_date": date(1980, 1, number), "gender": "F", "culture": "en-US", "tax_id": f"9000000{number:02d}",
        "is_backup_withholding": False, "is_opted_in": True, "is_documents_accepted": True,
        "phones": [] if number == 7 else [{"phone_type": "Mobile", "number": "5155551234", "is_active": True}],
        "addresses": [address(kind) for kind in kinds],
    }  # fmt: skip


def address(kind: str) -> Address:
    return {
        "address_type": kind, "line1": "1 Main Street", "line2": "", "line3": "", "line4": "", "city": "Ames",
        "state": "IA", "postal_code": "50010", "country": "US", "is_active": True,
    }  # fmt: skip


def money(tx: Tx) -> None:
    for number in (1, 2, 3, 4, 5):
        account(tx, 1, ("Daily", "Second", "Third", "Fourth", "Fifth")[number - 1])
    account(tx, 1, "Nest", type="Savings")
    tx.insert(
        BankProduct, id=77, short_name="load", name="Load", description="", category="Prepaid", type="Prepaid",
        is_default=False, is_business=False, is_external_withdraw_enabled=True, is_interest_enabled=False,
        is_recurring_contribution_enabled=False, is_immediate_load_enabled=True, is_minimum_balance_enabled=False,
        reg_d_count_max=None, reg_d_count_free=None, created_at=tx.now,
    )  # fmt: skip
    account(tx, 1, "Load", product_id=77)
    end_account(tx, account(tx, 1, "Closed"))
    for customer_id, name in ((7, "Seventh"), (8, "Eighth"), (9, "Poor"), (10, "Founder"), (11, "Works")):
        account(tx, customer_id, name)
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    move_money(tx, Movement(1000_00, reserve, accounts(tx)["Daily"], "RSVDEP", customer_id=1))
    tx.insert(
        AccountAccess, account_id=accounts(tx)["Daily"], customer_id=6, access_type="RDONLY", priority=2,
        created_at=tx.now,
    )  # fmt: skip


def account(tx: Tx, customer_id: int, name: str, **values: Any) -> int:
    return open_bank_account(tx, customer_id=customer_id, name=name, tag=name.lower(), **values)


def bins(tx: Tx) -> None:
    """The fifth prints plain characters only, the sixth has one number and has given it, the seventh is closed."""
    for prefix, name in (("555501", "Shazam debit"), ("448590000000001", "Sold out"), ("448591", "Closed")):
        tx.insert(
            Bin, id=tx.ids.next("bin"), prefix=prefix, network="VS", name=name, is_active=name != "Closed"
        )  # fmt: skip
    sold_out = bin_ids(tx)["Sold out"]
    tx.ids.reach(f"card_number_{sold_out}", 1)
    key = (Path(__file__).parent / "pin_key.pem").read_text(encoding="utf-8")
    tx.update(Program, 1, pin_key=key)


def cards(tx: Tx) -> None:
    at = accounts(tx)
    for tag in CARDS:
        ordered(tx, tag, nick_name=tag.title())
    ordered(tx, "mastercard", network="MC")
    ordered(tx, "held", holder_customer_id=13)
    create_digital_card(tx, customer_id=1, **order("digital", at["Daily"]))
    initiate_card(tx, customer_id=11, **order("works", at["Works"]))
    ids = card_ids(tx)
    for name in ("Second", "Nest"):
        add_account(tx, customer_id=1, card_id=ids["active"], account_id=at[name])
    for name in ("Second", "Third", "Fourth"):
        add_account(tx, customer_id=1, card_id=ids["full"], account_id=at[name])


def ordered(tx: Tx, tag: str, **values: Any) -> None:
    initiate_card(tx, customer_id=1, **{**order(tag, accounts(tx)["Daily"]), **values})


def order(tag: str, account_id: int) -> Any:
    return {
        "first_name": "First", "last_name": "Last", "network": "VS", "tag": tag, "primary_account_id": account_id,
        "nick_name": "",
    }  # fmt: skip


def standing(tx: Tx) -> None:
    """Everybody comes into their states, and the cards into theirs."""
    for customer_id, values in STATES.items():
        tx.update(BankCustomer, customer_id, **values)
    moments = {
        "denied_at": tx.now, "expired_at": tx.now, "archived_at": tx.now, "verified_at": tx.now,
    }  # fmt: skip
    for tag, card_id in card_ids(tx).items():
        values = CARDS.get(tag, {"status": "Verified"})
        status = values.get("status", "")
        times = {name: at for name, at in moments.items() if name.startswith(status.lower()[:6] or "-")}
        if values:
            tx.update(Card, card_id, **values, **times)


def accounts(tx: Tx) -> dict[str, int]:
    return dict(tx.all(select(BankAccount.name, BankAccount.account_id)))


def bin_ids(tx: Tx) -> dict[str, int]:
    return dict(tx.all(select(Bin.name, Bin.id)))


def card_ids(tx: Tx) -> dict[str, int]:
    rows = tx.all(select(Card.tag, Card.id).order_by(Card.id))
    return {tag: card_id for tag, card_id in rows if tag is not None}
