"""Operators and keys that the tests of identity begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from comptoir.domain.identity.actions import create_operator
from comptoir.domain.identity.keys import NewKey, create_key
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.identity.permissions import OWNER
from comptoir.domain.tx import Tx

CHEAP = Passwords(time_cost=1, memory_kib=8)
SECRET = b"another secret than the database's"
PASSWORD = "correct horse"


def operator(tx: Tx, email: str = "ann@example.com", role: str = OWNER) -> int:
    return create_operator(tx, email=email, name="Ann", role=role, password=PASSWORD, passwords=CHEAP)


def key(tx: Tx, operator_id: int, **facts: Any) -> NewKey:
    given = {"name": "till", "dialect": "coredna", "scopes": ["read"]} | facts
    return create_key(tx, operator_id=operator_id, secret=SECRET, **given)


@contextmanager
def later(tx: Tx, by: timedelta) -> Iterator[Tx]:
    """The same transaction, as if it had begun later."""
    began, on_machine = tx.now, tx.machine_now
    tx._now, tx._machine_now = began + by, on_machine + by
    try:
        yield tx
    finally:
        tx._now, tx._machine_now = began, on_machine


def as_sandbox(tx: Tx) -> None:
    tx.shop = replace(tx.shop, is_sandbox=True)
