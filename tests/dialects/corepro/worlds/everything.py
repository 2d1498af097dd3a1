"""A bank in which there is something of every kind: the people and cards of `cards`, and all that they may have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from comptoir.chores.banking_statements import make_statements
from comptoir.domain.banking.cards.controls import Rule, create_control
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary
from comptoir.domain.banking.customers.referrals import create_referral
from comptoir.domain.banking.documents.contents import StoredFile
from comptoir.domain.banking.documents.filing import file_document
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import create_external_account, initiate_external_account
from comptoir.domain.banking.statements.making import months_due
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import create_transfer
from comptoir.domain.identity.shopkeeping import advance_clock
from tests.dialects.corepro.worlds import cards

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

HOLDER = 1
LICENCE = StoredFile("1" * 64, "application/pdf", 10)


def load(shop: OpenShop) -> None:
    cards.load(shop)
    shop.write(belongings)
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=33)))
    for month in shop.read(months_due):
        make_statements(shop, month)
    shop.write(movements)


def belongings(tx: Tx) -> None:
    """What else the holder has."""
    create_beneficiary(tx, customer_id=HOLDER, beneficiary={"first_name": "Ben", "last_name": "Heir"})
    create_referral(
        tx, customer_id=HOLDER, referred_id=None, tag="friend", first_name="Fritz", last_name="Friend",
        email="fritz@example.com", custom=[""] * 5,
    )  # fmt: skip
    file_document(tx, customer_id=HOLDER, document_type="DriversLicense", file=LICENCE, name="licence.pdf")
    create_control(
        tx,
        customer_id=HOLDER,
        card_id=cards.card_ids(tx)["active"],
        rules=[Rule(limit_minor=10_000)],
        tag="careful",
    )


def movements(tx: Tx) -> None:
    """Money to and from another bank, under way; and an account there that is not proved yet."""
    details = Details(
        type="Checking", account_number="4001234577", routing_number="091000019", first_name="Tom",
        last_name="Jones", tag="elsewhere",
    )  # fmt: skip
    elsewhere = create_external_account(tx, customer_id=HOLDER, details=details)
    initiate_external_account(
        tx, customer_id=HOLDER, details=details._replace(account_number="4001234578", tag="unproved")
    )
    here = cards.accounts(tx)["Daily"]
    create_transfer(tx, TransferOrder(HOLDER, elsewhere, here, 12_345, tag="in"))
    create_transfer(tx, TransferOrder(HOLDER, here, elsewhere, 2_345, tag="out"))
