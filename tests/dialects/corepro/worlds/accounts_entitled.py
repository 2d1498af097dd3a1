"""The accounts of `accounts`, where 5 may administrate account 111 of the business 13, 4 may transact, 2 is related.

161 of the business is closed, 162 locked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.entitling import Asker, entitle
from comptoir.domain.banking.accounts.locking import lock_account
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.models import CustomerRelationship
from tests.dialects.corepro.worlds import accounts

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PROGRAM = None


def load(shop: OpenShop) -> None:
    accounts.load(shop)
    shop.write(business)


def business(tx: Tx) -> None:
    for person_id in (2, 4):
        tx.insert(
            CustomerRelationship, id=tx.ids.next("customer_relationship"), primary_id=13, related_id=person_id,
            relationship_type="Signer", can_open_accounts=False, is_primary_contact=False, is_control_person=False,
            is_beneficial_owner=False, ownership_percent_e2=None, external_access_type="FULL", is_active=True,
            tag=None, created_at=tx.now, updated_at=tx.now,
        )  # fmt: skip
    for person_id, word in ((5, "Administrate"), (4, "Transact")):
        entitle(tx, Asker(13, person_id, 111), entitlement=word, is_new=True)
    tx.ids.reach("account", 160)
    closed, locked = (open_bank_account(tx, customer_id=13, name=name) for name in ("Closed", "Locked"))
    close_bank_account(tx, customer_id=13, account_id=closed)
    lock_account(tx, customer_id=13, account_id=locked, lock_type="CST", lock_reason="TMP")
    assert (closed, locked) == (161, 162)
