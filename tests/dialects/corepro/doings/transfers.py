"""What happens to money, and to what decides about it, without a call.

`DO transfers account 1001 status="Closed"` (also `external`, `customer`, `access`, `product`, `program`: columns of
the record, values in JSON), `limit account 1001 daily_withdraw 5000`, `without peer_to_peer`, `settle 7`, `return 7`,
`close 1004`, `access 1001 2 RDONLY`, `fee ACH SameDay 500`, `card 1001`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.models import AccountAccess, BankAccount
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.movements.chart import CARD_NETWORK
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import Movement, move_money, settle
from comptoir.domain.banking.program.models import BankProduct, FeeType, LimitRange, Program
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.storage.statements import update_by_id

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

RECORDS: dict[str, Any] = {
    "account": BankAccount,
    "customer": BankCustomer,
    "external": ExternalAccount,
    "program": Program,
    "product": BankProduct,
    "feetype": FeeType,
    "transfer": BankTransfer,
}


def do(shop: OpenShop, argument: str) -> None:
    verb, *words = argument.split(" ")
    shop.write(lambda tx: DOINGS.get(verb, changed(verb))(tx, *words))


def changed(record: str) -> Any:
    def change(tx: Tx, number: str, *pairs: str) -> None:
        values = {name: json.loads(value) for name, _, value in (pair.partition("=") for pair in pairs)}
        assert tx.run(update_by_id(RECORDS[record], frozenset(values)), key=int(number), **values) == 1

    return change


def access(tx: Tx, account_id: str, customer_id: str, kind: str) -> None:
    """What a customer may do with an account."""
    where = (AccountAccess.account_id == int(account_id), AccountAccess.customer_id == int(customer_id))
    if not tx.run(update(AccountAccess).where(*where).values(access_type=kind)):
        tx.insert(
            AccountAccess, account_id=int(account_id), customer_id=int(customer_id), access_type=kind,
            priority=2, created_at=tx.now,
        )  # fmt: skip


def closed(tx: Tx, account_id: str) -> None:
    close_bank_account(tx, customer_id=1, account_id=int(account_id))


def limited(tx: Tx, scope: str, scope_id: str, name: str, most: str) -> None:
    tx.insert(
        LimitRange, id=tx.ids.next("limit_range"), scope=scope, scope_id=int(scope_id), name=name,
        minimum_minor=None, maximum_minor=int(most), effective_at=None, expires_at=None,
    )  # fmt: skip


def without(tx: Tx, feature: str) -> None:
    tx.update(Program, 1, features=[each for each in get_program(tx).features if each != feature])


def settled(tx: Tx, transfer_id: str, hours: str = "0") -> None:
    settle(tx, int(transfer_id), available_at=tx.now + timedelta(hours=int(hours)))


def returned(tx: Tx, transfer_id: str, code: str) -> None:
    return_movement(tx, int(transfer_id), code)


def fee(tx: Tx, code: str, execution: str, minor: str, is_active: str = "1") -> None:
    tx.insert(
        FeeType, id=tx.ids.next("fee_type"), code=code, name=f"Fee {code}", amount_minor=int(minor),
        execution_type=execution, is_manual=False, is_active=is_active == "1",
    )  # fmt: skip


def card(tx: Tx, account_id: str) -> None:
    """A purchase by card, complete with its merchant."""
    merchant = {
        "city": "Des Moines", "country": "US", "location": "MAIN ST", "group_code": "4", "id": "77",
        "state": "IA", "zip": "50309",
    }  # fmt: skip
    details = {"merchant": merchant, "sub_type": "Grocery stores"}
    move_money(
        tx,
        Movement(
            1_999, int(account_id), CARD_NETWORK, "CRDPCH", customer_id=1, card_id=5, sub_type_code="5411",
            description="CORNER SHOP DES MOINES IA", details=details, requesting_customer_id=1,
        ),
    )  # fmt: skip


DOINGS: dict[str, Any] = {
    "access": access,
    "card": card,
    "close": closed,
    "fee": fee,
    "limit": limited,
    "return": returned,
    "settle": settled,
    "without": without,
}
