"""Trial deposits move real money: out and back, by bank files or at once."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from sqlalchemy import select

from comptoir.domain.banking.external.errors import NoVerificationFunds
from comptoir.domain.banking.external.models import UNVERIFIED
from comptoir.domain.banking.external.opening import initiate_external_account
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.domain.banking.external.trials import VERIFICATION_FUNDS, draw_amounts
from comptoir.domain.banking.external.verifying import resend_verification, verify_external_account
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.models import ProgramAccount
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.ledger.accounts import find_account_id
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.external.given import DETAILS
from tests.domain.banking.transfers.given import found, person

NO_NACHA = ("nacha = true", "nacha = false")


class Trial(NamedTuple):
    type_code: str
    amount_minor: int
    status: str
    from_id: int
    to_id: int
    master_id: int


TRIALS = select(*(getattr(BankTransfer, name) for name in Trial._fields)).order_by(BankTransfer.transfer_id)


def trials(tx: Tx) -> list[Trial]:
    return [Trial(*row) for row in tx.all(TRIALS.where(BankTransfer.external_account_id.is_not(None)))]


def funds(tx: Tx) -> int:
    account_id = program_account_of(tx, VERIFICATION_FUNDS)
    assert account_id is not None
    return account_id


def initiated(tx: Tx, *changes: tuple[str, str]) -> int:
    found(tx, *changes)
    return initiate_external_account(tx, customer_id=person(tx), details=DETAILS)


def test_two_credits_and_one_debit_wait_for_the_bank_files(tx: Tx) -> None:
    external_id = initiated(tx)
    row = get_external_account(tx, external_id)
    one, two, back = trials(tx)
    assert (one.type_code, two.type_code, back.type_code) == ("VERDEP", "VERDEP", "VERWTH")
    assert (one.amount_minor, two.amount_minor) == (row.amount1_minor, row.amount2_minor)
    assert back.amount_minor == one.amount_minor + two.amount_minor
    assert {trial.status for trial in (one, two, back)} == {"Initiated"}
    assert {trial.master_id for trial in (one, two, back)} == {one.master_id}
    assert (one.from_id, one.to_id, back.from_id, back.to_id) == (
        funds(tx),
        external_id,
        external_id,
        funds(tx),
    )
    assert get_account(tx, funds(tx)).available_minor == 100_000 - back.amount_minor
    transit = get_account(tx, find_account_id(tx, code=IN_TRANSIT.code, currency="USD"))
    assert transit.pending_in_minor == transit.pending_out_minor == back.amount_minor


def test_without_bank_files_they_settle_at_once_and_cost_nothing(tx: Tx) -> None:
    initiated(tx, NO_NACHA)
    assert {trial.status for trial in trials(tx)} == {"Settled"}
    assert get_account(tx, funds(tx)).available_minor == 100_000
    assert get_account(tx, find_account_id(tx, code=CASH.code, currency="USD")).pending_in_minor == 0


def test_amounts_are_chance_in_earnest_and_known_in_a_sandbox(shop: OpenShop) -> None:
    drawn = [shop.read(draw_amounts) for _ in range(600)]
    each = {amount for pair in drawn for amount in pair}
    assert each == set(range(1, 50)), "all of them come, and no other"
    assert len(set(drawn)) > 300
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=2))
    assert shop.read(draw_amounts) == (18, 28)


def test_the_amounts_that_were_sent_prove_it_and_are_forgotten(tx: Tx) -> None:
    external_id = initiated(tx)
    row = get_external_account(tx, external_id)
    assert row.amount1_minor is not None
    assert row.amount2_minor is not None
    amounts = (row.amount2_minor, row.amount1_minor)
    attempt = verify_external_account(
        tx, customer_id=row.customer_id, external_account_id=external_id, amounts=amounts
    )
    assert attempt.is_matched
    after = get_external_account(tx, external_id)
    assert (after.status, after.amount1_minor, after.amount2_minor) == ("Verified", None, None)


def test_a_second_round_is_paid_for_too(tx: Tx) -> None:
    external_id = initiated(tx)
    customer_id = get_external_account(tx, external_id).customer_id
    resend_verification(tx, customer_id=customer_id, external_account_id=external_id)
    assert [trial.type_code for trial in trials(tx)] == ["VERDEP", "VERDEP", "VERWTH"] * 2
    assert get_external_account(tx, external_id).status == UNVERIFIED


def test_nothing_is_sent_when_the_funds_are_empty(shop: OpenShop) -> None:
    with pytest.raises(NoVerificationFunds):
        shop.write(lambda tx: initiated(tx, ('balance = "1000.00"', 'balance = "0.01"')))


def test_nothing_is_sent_without_an_account_for_it(tx: Tx) -> None:
    found(tx)
    tx.update(ProgramAccount, funds(tx), is_active=False)
    with pytest.raises(NoVerificationFunds):
        initiate_external_account(tx, customer_id=person(tx), details=DETAILS)
