from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comptoir.domain.identity.actions import activate, deactivate, set_password, update_operator
from comptoir.domain.identity.errors import SessionNotFound
from comptoir.domain.identity.models import ConsoleSession
from comptoir.domain.identity.permissions import SALES, SEE, covers
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.identity.sessions import (
    AGE_MAX,
    IDLE_MAX,
    NewSession,
    SessionRow,
    begin_session,
    end_one_session,
    end_session,
    end_sessions_of,
    find_session,
    forget_ended_sessions,
    list_sessions,
    touch_session,
)
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.identity.given import CHEAP, SECRET, later, operator

COUNT = select(func.count()).select_from(ConsoleSession)


def begun(tx: Tx, operator_id: int) -> NewSession:
    return begin_session(tx, operator_id=operator_id, secret=SECRET, address="192.0.2.1", agent="Firefox")


def found(tx: Tx, made: NewSession) -> SessionRow | None:
    row = find_session(tx, hash_key(made.key, SECRET))
    return None if row is None or row.is_over(tx.machine_now) else row


def seen(tx: Tx, made: NewSession) -> None:
    touch_session(tx, key_hash=hash_key(made.key, SECRET))


def test_a_session_acts_for_its_operator(tx: Tx) -> None:
    made = begun(tx, ann := operator(tx, role="support"))
    row = found(tx, made)
    assert row is not None
    assert (row.operator_id, row.email, row.is_entered, made.is_entered) == (
        ann,
        "ann@example.com",
        True,
        True,
    )
    actor = row.actor()
    assert (actor.name, actor.dialect, actor.operator_id, actor.key_id) == ("Ann", "console", ann, None)
    assert covers(actor, SALES, SEE)
    assert find_session(tx, hash_key("x" + made.key[1:], SECRET)) is None
    assert find_session(tx, hash_key(made.key, b"another")) is None


def test_each_session_has_keys_of_its_own_and_neither_is_in_an_event(tx: Tx) -> None:
    ann = operator(tx)
    first, second = begun(tx, ann), begun(tx, ann)
    rows = [found(tx, first), found(tx, second)]
    assert first.key != second.key
    assert len({row.form_key for row in rows if row is not None}) == 2
    assert all(first.key not in str(change) for change in tx.changes)
    assert [change.after for change in tx.changes if change.kind == "operator.session_begun"] == [
        {"session_id": made.id, "address": "192.0.2.1", "agent": "Firefox"} for made in (first, second)
    ]


def test_who_does_nothing_is_gone(tx: Tx) -> None:
    made = begun(tx, operator(tx))
    with later(tx, IDLE_MAX - timedelta(seconds=1)):
        assert found(tx, made) is not None
    with later(tx, IDLE_MAX):
        assert found(tx, made) is None
        assert forget_ended_sessions(tx) == 1
        assert tx.value(COUNT) == 0


def test_who_does_something_stays_for_a_week(tx: Tx) -> None:
    made = begun(tx, operator(tx))
    step = IDLE_MAX / 2
    with later(tx, step):
        seen(tx, made)
        assert forget_ended_sessions(tx) == 0
    for number in range(1, AGE_MAX // step):
        with later(tx, step * number):
            assert found(tx, made) is not None
            seen(tx, made)
    with later(tx, AGE_MAX):
        assert found(tx, made) is None
        assert forget_ended_sessions(tx) == 1


def test_being_here_is_written_once_a_minute(tx: Tx) -> None:
    made = begun(tx, operator(tx))
    first = found(tx, made)
    assert first is not None
    with later(tx, timedelta(seconds=59)):
        assert not first.is_unseen(tx.machine_now)
        seen(tx, made)
        assert found(tx, made) == first
    with later(tx, timedelta(minutes=1)):
        assert first.is_unseen(tx.machine_now)
        noted = len(tx.changes)
        seen(tx, made)
        second = found(tx, made)
        assert second is not None
        assert (second.seen_at, len(tx.changes)) == (tx.machine_now, noted)


def test_a_sandboxs_clock_ends_no_session(shop: OpenShop) -> None:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    made = shop.write(lambda tx: begun(tx, operator(tx)))
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=400)))
    assert shop.read(lambda tx: found(tx, made)) is not None
    assert shop.write(forget_ended_sessions) == 0


def test_signing_out_ends_the_key(tx: Tx) -> None:
    ann = operator(tx)
    first, second = begun(tx, ann), begun(tx, ann)
    for _ in range(2):
        end_session(tx, key_hash=hash_key(first.key, SECRET))
    assert found(tx, first) is None
    assert found(tx, second) is not None


def test_another_of_ones_own_sessions_is_ended(tx: Tx) -> None:
    ann, bob = operator(tx), operator(tx, "bob@example.com")
    first, second, other = begun(tx, ann), begun(tx, ann), begun(tx, bob)
    assert [one.id for one in list_sessions(tx, operator_id=ann)] == [second.id, first.id]
    assert list_sessions(tx, operator_id=ann)[0].agent == "Firefox"
    end_one_session(tx, operator_id=ann, session_id=first.id)
    assert [one.id for one in list_sessions(tx, operator_id=ann)] == [second.id]
    for session_id in (first.id, other.id, 99):
        with pytest.raises(SessionNotFound):
            end_one_session(tx, operator_id=ann, session_id=session_id)
    assert found(tx, other) is not None


def test_another_password_ends_the_sessions_but_the_one_in_which_it_was_given(tx: Tx) -> None:
    ann = operator(tx)
    first, second = begun(tx, ann), begun(tx, ann)
    set_password(tx, operator_id=ann, password="battery staple", passwords=CHEAP, kept_session_id=second.id)
    assert found(tx, first) is None
    assert found(tx, second) is not None
    set_password(tx, operator_id=ann, password="battery staples", passwords=CHEAP)
    assert found(tx, second) is None


def test_another_role_ends_the_sessions_and_another_name_does_not(tx: Tx) -> None:
    operator(tx)
    made = begun(tx, bob := operator(tx, "bob@example.com"))
    update_operator(tx, operator_id=bob, name="Bob", role="owner")
    assert found(tx, made) is not None
    update_operator(tx, operator_id=bob, role="support")
    assert found(tx, made) is None


def test_who_is_kept_out_has_no_session_even_when_let_in_again(tx: Tx) -> None:
    operator(tx)
    made = begun(tx, bob := operator(tx, "bob@example.com"))
    deactivate(tx, operator_id=bob)
    assert found(tx, made) is None
    activate(tx, operator_id=bob)
    assert found(tx, made) is None


def test_all_sessions_are_ended_at_once(tx: Tx) -> None:
    ann, bob = operator(tx), operator(tx, "bob@example.com")
    kept = [begun(tx, ann) for _ in range(3)][1]
    other = begun(tx, bob)
    assert end_sessions_of(tx, operator_id=ann, kept_id=kept.id) == 2
    assert found(tx, kept) is not None
    assert end_sessions_of(tx, operator_id=ann) == 1
    assert found(tx, other) is not None


def test_what_a_browser_says_of_itself_is_kept_as_far_as_it_can_be(tx: Tx) -> None:
    ann = operator(tx)
    begin_session(tx, operator_id=ann, secret=SECRET, agent="A\0\ud800<b>" + "x" * 500, address="\n1")
    (row,) = list_sessions(tx, operator_id=ann)
    assert (row.agent[:4], len(row.agent), row.address) == ("A<b>", 200, "1")
