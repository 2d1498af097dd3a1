from __future__ import annotations

from typing import Any

import pytest

from comptoir.domain.tx import OpenShop, Tx
from comptoir.operations import health
from comptoir.operations.health import BooksWatch, Verdict
from comptoir.storage.errors import DatabaseAway
from tests.operations.conftest import Running

# A transfer without postings, which no verb would make.
UNBALANCED = (
    "INSERT INTO transfer (id, kind, subject, subject_id, state, created_at, memo, posted_at)"
    " VALUES (1, 'sale', 'order', 1, 'posted', 0, '', 0)"
)
BALANCED_AGAIN = "DELETE FROM transfer WHERE id = 1"


def test_the_process_lives(running: Running) -> None:
    assert running.ask("/healthz", key=None).json == {"status": "ok"}
    assert running.ask("/healthz", "HEAD", key=None).status_code == 200


def test_a_shop_in_order_is_ready(running: Running, engine: str) -> None:
    answer = running.ask("/readyz", key=None)
    assert answer.status_code == 200
    state = answer.json["shops"]["test"]
    assert state.pop("substring_index") in {True, False}
    assert state == {"ready": True, "database": engine, "migrations_pending": 0, "books": "balance"}


def test_books_that_do_not_balance_are_not_ready(running: Running) -> None:
    shop = running.home.shop
    shop.write(lambda tx: tx.script(UNBALANCED))
    answer = running.ask("/readyz", key=None)
    shop.write(lambda tx: tx.script(BALANCED_AGAIN))
    assert answer.status_code == 503
    assert answer.json["status"] == "not ready"
    assert "problem" in answer.json["shops"]["test"]["books"]
    assert "transfer 1 has 0 postings" in running.log.getvalue()


def test_a_database_that_is_away_is_not_ready(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise DatabaseAway("no route to host")

    with monkeypatch.context() as patch:
        patch.setattr(type(running.home.shop.database), "read", away)
        answer = running.ask("/readyz", key=None)
        assert running.ask("/healthz", key=None).status_code == 200
        assert running.ask("/metrics", key=None).status_code == 200
    assert answer.status_code == 503
    assert answer.json["shops"]["test"]["problem"] == "the database is away"


def test_what_waits_for_a_migration_is_not_ready(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(health, "pending", lambda _database: ["0002_more"])
        assert running.ask("/readyz", key=None).status_code == 503
    assert running.ask("/readyz", key=None).status_code == 200


def test_books_are_proved_when_something_happened_and_not_too_often(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs: list[int] = []
    real = health.prove

    def counted(tx: Tx) -> Verdict:
        proofs.append(1)
        return real(tx)

    monkeypatch.setattr(health, "prove", counted)
    now = [100.0]
    watch = BooksWatch(shop, seconds=30, clock=lambda: now[0])
    assert not watch.verdict().problems
    now[0] += 29
    watch.verdict()
    assert len(proofs) == 1
    now[0] += 2
    watch.prove_again()
    assert len(proofs) == 1, "nothing has happened since"
    shop.write(lambda tx: tx.note("shop.updated", "shop", 1))
    watch.prove_again()
    assert len(proofs) == 2


def test_measures_tell_of_the_books(running: Running) -> None:
    text = running.ask("/metrics", key=None).text
    assert 'comptoir_unreconciled_cents{shop="test"} 0.0' in text
    assert 'comptoir_books_problems{shop="test"} 0.0' in text
