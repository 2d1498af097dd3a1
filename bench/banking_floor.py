"""The floor of a transfer by CorePro: a bare WSGI callable with hand-written SQL, the same rows, as durable."""

import threading
from base64 import b64decode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from time import time_ns
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from bench.facts import SECRET
from bench.floor import BEGIN_WRITE, FIND_KEY, connect, note, take, text

GET_PROGRAM = "SELECT time_zone, features, is_internal_transfer_enabled FROM program WHERE id = 1"
GET_CUSTOMER = (
    "SELECT b.status, b.is_active, b.is_locked, c.first_name FROM bank_customer b JOIN customer c "
    "ON c.id = b.customer_id WHERE b.customer_id = ?"
)
GET_END = (
    "SELECT a.customer_id, a.status, a.lock_type, a.product_id, p.type, x.access_type FROM bank_account a "
    "JOIN bank_product p ON p.id = a.product_id LEFT JOIN account_access x ON x.account_id = a.account_id "
    "AND x.customer_id = ? WHERE a.account_id = ?"
)
GET_LIMITS = (
    "SELECT name, minimum_minor, maximum_minor FROM limit_range WHERE (scope = 'program' AND scope_id = 1) "
    "OR (scope = 'product' AND scope_id = ?) OR (scope = 'account' AND scope_id IN (?, ?))"
)
GET_BALANCES = (
    "SELECT id, is_closed, floor_minor, posted_minor, pending_in_minor, pending_out_minor, held_minor FROM account "
    "WHERE id IN (?, ?) ORDER BY id"
)
TAGGED = "SELECT transfer_id FROM bank_transfer WHERE tag = ?"
USE = (
    "INSERT INTO limit_use (scope, scope_id, direction, period, used_minor, count) VALUES "
    "('account', ?, 'withdraw', ?, ?, 1), ('account', ?, 'deposit', ?, ?, 1) "
    "ON CONFLICT (scope, scope_id, direction, period) DO UPDATE SET "
    "used_minor = limit_use.used_minor + excluded.used_minor, count = limit_use.count + 1 RETURNING used_minor"
)
MOVE = "UPDATE account SET posted_minor = posted_minor + ? WHERE id = ?"
NEW_TRANSFER = (
    "INSERT INTO transfer (id, tag, kind, subject, subject_id, state, posted_at, created_at, reverses_id, memo) "
    "VALUES (?, NULL, 'bank_transfer', 'bank_account', ?, 'posted', ?, ?, NULL, '')"
)
NEW_POSTINGS = (
    "INSERT INTO posting (id, transfer_id, account_id, amount_minor, currency) "
    "VALUES (?, ?, ?, ?, 'USD'), (?, ?, ?, ?, 'USD')"
)
NEW_BANK_TRANSFER = (
    "INSERT INTO bank_transfer (transfer_id, master_id, customer_id, from_id, to_id, amount_minor, type_code, status, "
    "tag, description, purpose_code, fee_code, sub_type_code, return_code, is_same_day, available_at, settled_at, "
    "trace_number, details, created_at) "
    "VALUES (?, ?, ?, ?, ?, ?, 'CPXFR', 'Settled', ?, '', '', '', '', '', FALSE, ?, ?, '', ?, ?)"
)
OPEN, VERIFIED, FULL, UNLOCKED = "Open", "Verified", "FULL", "UNL"
OK = [("content-type", "application/json; charset=utf-8")]
DECODER = msgspec.json.Decoder(float_hook=Decimal)


class BankFloor:
    """The WSGI callable: transfer/create between two accounts of one customer."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._local = threading.local()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; asked for anything else, it only says that it is there."""
        request_id = uuid4()
        told: list[dict[str, Any]] = []
        if environ["REQUEST_METHOD"] == "POST":
            asked = DECODER.decode(environ["wsgi.input"].read())
            connection = self._connection
            with self._lock:
                connection.execute(BEGIN_WRITE["sqlite"])
                told = _transferred(connection, environ, asked)
                connection.execute("COMMIT")
        envelope = {"data": told, "errors": [], "requestId": str(request_id), "status": 200}
        body = msgspec.json.encode(envelope)
        start_response("200 OK", [*OK, ("content-length", str(len(body)))])
        return [body]

    @property
    def _connection(self) -> Any:
        found = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = connect(self._address)
        return found


def _transferred(connection: Any, environ: dict[str, Any], asked: dict[str, Any]) -> list[dict[str, Any]]:
    operator = _operator(connection, environ)
    customer_id, source, target = asked["customerId"], asked["fromId"], asked["toId"]
    minor, tag = int(asked["amount"].scaleb(2)), asked["tag"]
    now = time_ns() // 1000
    today = _checked(connection, customer_id, (source, target), minor, now)
    connection.execute(USE, (source, today, minor, target, today, minor)).fetchall()
    assert connection.execute(TAGGED, (tag,)).fetchone() is None
    transfer_id, posting_id = take(connection, "transfer"), take(connection, "posting", 2)
    execute = connection.execute
    execute(MOVE, (minor, source))
    execute(MOVE, (-minor, target))
    execute(NEW_TRANSFER, (transfer_id, source, now, now))
    execute(
        NEW_POSTINGS,
        (posting_id, transfer_id, source, minor, posting_id + 1, transfer_id, target, -minor),
    )
    uses = {"day": today, "of": [["account", source, "withdraw"], ["account", target, "deposit"]]}
    execute(
        NEW_BANK_TRANSFER,
        (
            transfer_id, transfer_id, customer_id, source, target, minor, tag, now, now, text({"uses": uses}), now,
        ),
    )  # fmt: skip
    after = {
        "amount_minor": minor, "type_code": "CPXFR", "master_id": transfer_id, "customer_id": customer_id,
        "transactions": {str(source): posting_id, str(target): posting_id + 1},
    }  # fmt: skip
    note(
        connection,
        operator,
        now,
        "bank_transfer.settled",
        "bank_transfer",
        transfer_id,
        None,
        after,
        "corepro",
    )
    return [
        {"customerId": customer_id, "masterId": transfer_id, "tag": tag, "transactionId": number}
        for number in (posting_id, posting_id + 1)
    ]


def _operator(connection: Any, environ: dict[str, Any]) -> Any:
    key = b64decode(environ["HTTP_AUTHORIZATION"].partition(" ")[2]).decode()
    digest = blake2b(key.encode(), key=SECRET, digest_size=32).hexdigest()
    row = connection.execute(FIND_KEY, (digest,)).fetchone()
    assert row is not None
    assert "write" in msgspec.json.decode(row[3])
    assert not msgspec.json.decode(row[4])
    return row


def _checked(connection: Any, customer_id: int, ends: tuple[int, int], minor: int, now: int) -> str:
    """See that everything is as it must be, and say which day it is at the bank."""
    execute = connection.execute
    zone, features, is_enabled = execute(GET_PROGRAM).fetchone()
    assert is_enabled
    assert msgspec.json.decode(features)
    status, is_active, is_locked, _ = execute(GET_CUSTOMER, (customer_id,)).fetchone()
    assert (status, bool(is_active), bool(is_locked)) == (VERIFIED, True, False)
    product_id = 0
    for account_id in ends:
        owner, state, lock, product_id, _, access = execute(GET_END, (customer_id, account_id)).fetchone()
        assert (owner, state, lock, access) == (customer_id, OPEN, UNLOCKED, FULL)
    for name, least, most in execute(GET_LIMITS, (product_id, *ends)).fetchall():
        if name.startswith("per_transaction"):
            assert least is None or minor >= least
            assert most is None or minor <= most
    balances = {row[0]: row for row in execute(GET_BALANCES, ends).fetchall()}
    _, is_closed, floor, posted, _, pending_out, held = balances[ends[0]]
    assert not is_closed
    assert -posted - pending_out - held - minor >= floor
    assert not balances[ends[1]][1]
    return datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()
