from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from comptoir.domain.clock import system_now
from comptoir.storage.columns import micros_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_keys_are_created_rotated_and_revoked(run: Run) -> None:
    words = "keys create --name shop --scope read --network 10.0.0.0/8 --days 3 --json".split()
    made = run(*words)
    assert made.told["id"] == 2
    rotated = run("keys", "rotate", "2", "--json")
    assert rotated.told["id"] == 3
    assert rotated.told["key"] != made.told["key"]
    assert run("keys", "revoke", "3").out == "Key 3 is revoked.\n"
    rows = {row["id"]: row for row in run("keys", "list", "--json").told}
    assert rows[2]["replaced_by_id"] == 3
    assert rows[3]["revoked_at"]
    assert rows[3]["networks"] == ["10.0.0.0/8"]


def test_a_key_that_is_no_more_cannot_be_revoked(run: Run) -> None:
    run("keys", "revoke", "1")
    again = run("keys", "revoke", "1")
    assert (again.code, again.err) == (1, "comptoir: API key 1 is revoked already\n")
    assert run("keys", "revoke", "77").code == 1


def test_a_key_may_be_one_that_clients_hold(run: Run) -> None:
    assert run("keys", "create", "--key", "youruniqueapikey", "--json").told["key"] == "youruniqueapikey"
    assert "another key has this value" in run("keys", "create", "--key", "youruniqueapikey").err


def test_operators_come_and_go(run: Run) -> None:
    made = run("users", "create", "ada@example.com", "--role", "manager", "--json")
    assert made.told["password"]
    assert run("users", "password", "ada@example.com", "--password", "correct horse", "--json").told == {
        "email": "ada@example.com"
    }
    assert run("users", "deactivate", "ada@example.com").code == 0
    rows = {row["email"]: row for row in run("users", "list", "--json").told}
    assert (rows["ada@example.com"]["is_active"], rows["ada@example.com"]["role"]) == (False, "manager")


def test_an_operator_may_do_more_or_less(run: Run) -> None:
    run("users", "create", "ada@example.com", "--role", "support")
    assert run("users", "role", "ada@example.com", "accountant").out == "ada@example.com is accountant now.\n"
    assert "role must be one of owner, manager" in run("users", "role", "ada@example.com", "king").err
    assert run("users", "role", "admin@example.com", "support").err == (
        "comptoir: this is the last active owner\n"
    )
    run("users", "deactivate", "ada@example.com")
    assert run("users", "activate", "ada@example.com").out == "ada@example.com is let in.\n"
    rows = {row["email"]: row for row in run("users", "list", "--json").told}
    assert (rows["ada@example.com"]["is_active"], rows["ada@example.com"]["role"]) == (True, "accountant")


def test_who_is_locked_out_is_helped_at_the_desk(run: Run, tmp_path: Path) -> None:
    assert run("users", "totp-off", "admin@example.com").err == "comptoir: the second factor is off already\n"
    assert run("users", "sessions", "admin@example.com").out == "admin@example.com is signed in nowhere.\n"
    (path,) = tmp_path.rglob("shop.sqlite")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE operator SET totp_secret = x'00', totp_confirmed_at = 1")
        for number in (1, 2):
            database.execute(
                "INSERT INTO console_session VALUES (?, ?, 1, ?, ?, ?, '192.0.2.1', 'Firefox', 1, '')",
                (f"hash {number}", number, micros_of(system_now()), micros_of(system_now()), 2**52),
            )
    listed = run("users", "sessions", "admin@example.com", "--json").told
    assert [(row["id"], row["agent"]) for row in listed] == [(2, "Firefox"), (1, "Firefox")]
    assert run("users", "sessions", "admin@example.com", "--end").out == (
        "admin@example.com is signed out of 2 sessions.\n"
    )
    assert run("users", "totp-off", "admin@example.com", "--json").told["totp"] is False
    assert run("users", "sessions", "admin@example.com", "--json").told == []


def test_the_last_owner_stays(run: Run) -> None:
    said = run("users", "deactivate", "admin@example.com")
    assert (said.code, said.err) == (1, "comptoir: this is the last active owner\n")


def test_an_unknown_operator_is_a_sentence(run: Run) -> None:
    assert "there is no operator nobody@example.com" in run("users", "password", "nobody@example.com").err


def test_what_is_done_at_the_desk_is_noted_as_such(run: Run) -> None:
    run("keys", "create")
    lines = run("events", "--after", "0", "--json").out.splitlines()
    assert '"dialect": "cli"' in lines[-1]
    assert '"kind": "api_key.created"' in lines[-1]
    assert len(run("events", "--limit", "1").out.splitlines()) == 1
    assert run("events", "--subject", "product").out == ""
