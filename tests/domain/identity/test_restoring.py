from sqlalchemy import delete, select

from comptoir.domain.identity.models import ConsoleSession
from comptoir.domain.identity.restoring import LEAP, kept_of, take_up
from comptoir.domain.shop import get_facts
from comptoir.domain.tx import Tx
from tests.domain.identity.given import operator


def session(tx: Tx, operator_id: int, number: int) -> None:
    tx.insert(
        ConsoleSession, key_hash=f"hash {number}", id=number, operator_id=operator_id, created_at=tx.now,
        seen_at=tx.now, expires_at=tx.now, address="", agent="", is_entered=True, form_key="k",
    )  # fmt: skip


def signed_in(tx: Tx) -> list[int]:
    return [row[0] for row in tx.all(select(ConsoleSession.id).order_by(ConsoleSession.id))]


def test_who_is_signed_in_stays_and_who_signed_out_stays_out(tx: Tx) -> None:
    ann = operator(tx)
    session(tx, ann, 1)
    session(tx, ann, 2)
    kept = kept_of(tx)
    session(tx, ann, 3)
    assert [row["id"] for row in kept.sessions] == [1, 2]
    take_up(tx, kept, snapshot="one")
    assert signed_in(tx) == [1, 2]


def test_an_operator_who_was_not_there_is_signed_out(tx: Tx) -> None:
    ann = operator(tx)
    session(tx, ann, 1)
    kept = kept_of(tx)
    tx.run(delete(ConsoleSession))
    stranger = dict(kept.sessions[0], operator_id=ann + 1)
    take_up(tx, kept._replace(sessions=[stranger]), snapshot="one")
    assert signed_in(tx) == []


def test_numbers_that_others_know_go_on(tx: Tx) -> None:
    before = tx.ids.next("event", 100), tx.ids.next("request", 1000)
    kept = kept_of(tx)
    take_up(tx, kept, snapshot="one")
    assert tx.ids.next("event") > before[0] + LEAP
    assert tx.ids.next("request") > before[1] + 999 + LEAP
    assert tx.ids.next("order") == tx.ids.next("order") - 1


def test_facts_that_were_remembered_are_read_again(tx: Tx) -> None:
    version = tx.shop.version
    take_up(tx, kept_of(tx), snapshot="one")
    assert get_facts(tx).version == version + LEAP


def test_that_it_happened_is_an_event(tx: Tx) -> None:
    take_up(tx, kept_of(tx), snapshot="one")
    assert [(one.kind, one.after) for one in tx.changes] == [("shop.restored", {"snapshot": "one"})]
