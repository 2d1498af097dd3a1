"""The proof finds what is wrong, and the reads say what is there."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Update, null, update

from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.accounts import AccountPlan, account_for, accounts_for, open_account
from comptoir.domain.ledger.books import check_books
from comptoir.domain.ledger.holds import place_hold, release_expired_holds
from comptoir.domain.ledger.models import Account, Hold, Posting, Transfer
from comptoir.domain.ledger.queries import (
    balance_before,
    get_account,
    list_postings_of_account,
    list_postings_of_subject,
    trial_balance,
)
from comptoir.domain.ledger.transfers import NewTransfer, post_transfer, post_transfers
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.ledger.tables import Table
from tests.engines import open_transaction

# Harm comes past the guards that refuse a change of postings: by somebody with the database in his hands.
UNGUARD = {
    "sqlite": "DROP TRIGGER posting_never_update",
    "postgres": "ALTER TABLE posting DISABLE TRIGGER posting_never_changes",
}
HARM: dict[str, Update] = {
    "sums to": update(Posting).where(Posting.id == 1).values(amount_minor=6),
    "keeps posted": update(Account).where(Account.id == 1).values(posted_minor=6),
    "keeps pending in": update(Account).where(Account.id == 1).values(pending_in_minor=6),
    "keeps pending out": update(Account).where(Account.id == 2).values(pending_out_minor=6),
    "keeps held": update(Hold).values(amount_minor=2),
    "its account": update(Posting).where(Posting.id == 1).values(currency="JPY"),
    "at no time": update(Transfer).values(posted_at=null()),
    "postings": update(Posting).where(Posting.id == 1).values(transfer_id=2),
}


@pytest.mark.unbalanced
@pytest.mark.parametrize("words", HARM)
def test_the_proof_finds_harm(words: str, tx: Tx) -> None:
    Table(tx).play("""
        open till asset
        open sales income
        post till 5 sales -5
        post till 3 sales -3
        await later till 2 sales -2
        hold some till 1
    """)
    assert check_books(tx) == []
    tx.script(UNGUARD[tx.engine])
    tx.run(HARM[words])
    assert any(words in problem for problem in check_books(tx)), check_books(tx)


def test_accounts_are_opened_once_for_each_currency(tx: Tx) -> None:
    plans = [AccountPlan("till", "Till", "asset"), AccountPlan("sales", "Sales", "income")]
    first = accounts_for(tx, plans, "AUD")
    assert accounts_for(tx, plans, "AUD") == first
    assert account_for(tx, code="till", currency="AUD") == first["till"]
    assert account_for(tx, code="till", currency="JPY") != first["till"]
    assert open_account(tx, code="kept", name="", kind="asset", id=50) == 50
    assert account_for(tx, code="next", currency="AUD") == 51


def test_a_transfer_may_cross_currencies_when_each_balances(tx: Tx) -> None:
    names = [(code, currency) for currency in ("AUD", "JPY") for code in ("till", "exchange")]
    aud, aud_exchange, jpy, jpy_exchange = (
        account_for(tx, code=code, currency=currency) for code, currency in names
    )
    postings = [(aud, 100), (aud_exchange, -100), (jpy_exchange, 9000), (jpy, -9000)]
    post_transfer(tx, kind="exchange", subject="test", subject_id=1, postings=postings)
    with pytest.raises(ComptoirError):
        post_transfer(tx, kind="exchange", subject="test", subject_id=1, postings=[(aud, 100), (jpy, -100)])
    assert check_books(tx) == []


def test_reads(tx: Tx) -> None:
    table = Table(tx)
    table.play("""
        open till asset
        open sales income
    """)
    till = table.account("till")
    for days, minor in ((0, 5), (1, 7), (2, 11)):
        at = tx.now + timedelta(days=days)
        post_transfer(
            tx,
            kind="sale",
            subject="order",
            subject_id=days,
            postings=[("till", minor), ("sales", -minor)],
            at=at,
        )
    assert [balance_before(tx, till, tx.now + timedelta(days=day)) for day in range(4)] == [0, 5, 12, 23]
    assert balance_before(tx, table.account("sales"), tx.now + timedelta(days=1)) == 5
    assert [row.amount_minor for row in list_postings_of_subject(tx, subject="order", subject_id=1)] == [
        7,
        -7,
    ]
    assert [row.amount_minor for row in list_postings_of_account(tx, till, after_id=2, limit=1)] == [7]
    assert [(row.code, row.debit_minor, row.credit_minor) for row in trial_balance(tx)] == [
        ("sales", 0, 23),
        ("till", 23, 0),
    ]


def test_expired_holds_are_released(tx: Tx) -> None:
    till = account_for(tx, code="till", currency="AUD")
    for hours in (-1, 0, 1):
        expires_at = tx.now + timedelta(hours=hours)
        place_hold(tx, account_id=till, amount_minor=5, subject="test", subject_id=1, expires_at=expires_at)
    place_hold(tx, account_id=till, amount_minor=5, subject="test", subject_id=1)
    assert release_expired_holds(tx) == 2
    assert get_account(tx, till).held_minor == 10
    assert check_books(tx) == []


def test_many_transfers_move_each_account_once(tx: Tx) -> None:
    till, sales = (account_for(tx, code=code, currency="AUD") for code in ("till", "sales"))
    made = post_transfers(
        tx,
        [
            NewTransfer("sale", "order", number, [(till, number), (sales, -number)], tx.now)
            for number in range(1, 101)
        ],
    )
    assert made == list(range(made[0], made[0] + 100))
    assert get_account(tx, till).posted_minor == 5050
    assert check_books(tx) == []


MOVES = st.lists(
    st.tuples(st.sampled_from("pwvsrhfc"), st.integers(0, 3), st.integers(0, 3), st.integers(-50, 150)),
    max_size=25,
)
LINES = {
    "p": "post {a} {n} {b} -{n}", "w": "await {a}{b} {a} {n} {b} -{n}", "v": "void {a}{b}",
    "s": "settle {a}{b}", "r": "reverse last", "h": "hold h{a} {a} {n}",
    "f": "free h{a}", "c": "take h{a} {a} {n} {b} -{n}",
}  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_any_sequence_of_moves_leaves_true_books(
    shop: OpenShop, moves: list[tuple[str, int, int, int]]
) -> None:
    codes = ["bank", "ann", "bob", "fees"]
    with open_transaction(shop) as tx:
        table = Table(tx)
        table.play("""
            open bank asset
            open ann liability 0
            open bob liability 0
            open fees income
            post bank 100 ann -100
        """)
        for move, one, other, amount in moves:
            line = LINES[move].format(a=codes[one], b=codes[other], n=amount).replace("--", "")
            try:
                table.step(*line.split())
            except (ComptoirError, KeyError):
                continue
            for code in ("ann", "bob"):
                assert get_account(tx, table.account(code)).available_minor >= 0
        assert check_books(tx) == []
