"""Customers as in `external`. Customer 1 has an account with 100.00 ("spending"), an empty one ("saving"), one that
takes credits only ("credits") and one that is closed ("closed"), and may look into one of customer 6 ("seen").
Two gift codes are sold, 1 with a boost and reissue, 2 without; 3 was sold once. Customer 1 bought one of each of
the two that are (1 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.models import AccountAccess, BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.ecodes.buying import buy_ecode
from comptoir.domain.banking.ecodes.offering import Offer, Product, offer_ecodes, sample_offer
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.queries import program_account_of
from tests.dialects.corepro.worlds import external

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

ONCE = Product(code="GONE", names={"en-US": "Gone"}, minimum="1", maximum="2")


def load(shop: OpenShop) -> None:
    shop.write(external.people)
    shop.write(accounts)
    shop.write(codes)


def accounts(tx: Tx) -> None:
    spending = opened(tx, 1, "spending")
    opened(tx, 1, "saving")
    changed(tx, opened(tx, 1, "credits"), lock_type="CST", lock_reason="CO")
    close_bank_account(tx, customer_id=1, account_id=opened(tx, 1, "closed"))
    seen = opened(tx, 6, "seen")
    tx.insert(
        AccountAccess, account_id=seen, customer_id=1, access_type="RDONLY", priority=2, created_at=tx.now
    )
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    move_money(tx, Movement(130_00, reserve, spending, "RSVDEP", customer_id=1))


def codes(tx: Tx) -> None:
    products = sample_offer().products
    offer_ecodes(tx, Offer(products=[*products, ONCE]))
    offer_ecodes(tx, Offer(products=products))
    spending = account(tx, "spending")
    for product_id, amount_minor in ((1, 20_00), (2, 10_00)):
        buy_ecode(
            tx, customer_id=1, product_id=product_id, amount_minor=amount_minor, from_account_id=spending
        )


def opened(tx: Tx, customer_id: int, tag: str) -> int:
    return open_bank_account(tx, customer_id=customer_id, name=tag, tag=tag)


def changed(tx: Tx, account_id: int, **values: Any) -> None:
    tx.update(BankAccount, account_id, **values)


def account(tx: Tx, tag: str) -> int:
    from sqlalchemy import select  # noqa: PLC0415

    found: int = tx.value(select(BankAccount.account_id).where(BankAccount.tag == tag))
    return found
