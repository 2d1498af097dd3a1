"""The floor of a page: a bare WSGI callable that looks a session up, reads fifty orders and fills one template."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment

from bench.facts import SECRET

FIND_SESSION = (
    "SELECT s.id, o.name, o.role, s.seen_at, s.expires_at, s.form_key, (SELECT version FROM shop) "
    "FROM console_session s JOIN operator o ON o.id = s.operator_id WHERE s.key_hash = ? AND o.is_active"
)
LIST_ORDERS = (
    "SELECT id, number, created_at, billing_name, status, total_minor, currency FROM orders "
    "WHERE removed_at IS NULL AND parent_id IS NULL ORDER BY created_at DESC, id DESC LIMIT 51"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orders</title></head><body>
<header><a href="/console">Shop</a><p>{{ name }} {{ role }}</p></header>
<main><h1>Orders</h1><table><thead><tr><th>Number</th><th>Placed</th><th>Customer</th><th>Status</th><th>Total</th></tr>
</thead><tbody>{% for row in rows %}<tr><td><a href="/console/orders/{{ row.id }}">{{ row.number }}</a></td>
<td>{{ row.placed }}</td><td>{{ row.customer }}</td><td><span class="badge">{{ row.status }}</span></td>
<td class="number">{{ row.total }}</td></tr>{% endfor %}</tbody></table></main></body></html>"""


class PageFloor:
    """The WSGI callable."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._local = threading.local()
        self._template = Environment(autoescape=True).from_string(PAGE)
        self._zone = ZoneInfo("UTC")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        key = environ.get("HTTP_COOKIE", "").rpartition(".")[2]
        connection = self._connection()
        connection.execute("BEGIN")
        digest = blake2b(key.encode(), key=SECRET, digest_size=32).hexdigest()
        session = connection.execute(FIND_SESSION, (digest,)).fetchone()
        if session is None:
            connection.execute("ROLLBACK")
            start_response("303 See Other", [("location", "/console/sign-in")])
            return [b""]
        rows = connection.execute(LIST_ORDERS).fetchall()
        connection.execute("ROLLBACK")
        shown = [self._shown(*row) for row in rows[:50]]
        body = self._template.render(name=session[1], role=session[2], rows=shown).encode()
        start_response(
            "200 OK", [("content-type", "text/html; charset=utf-8"), ("content-length", str(len(body)))]
        )
        return [body]

    def _shown(self, *row: Any) -> dict[str, Any]:
        key, number, created, name, status, minor, currency = row
        placed = datetime.fromtimestamp(created / 1_000_000, UTC).astimezone(self._zone)
        return {
            "id": key, "number": number, "placed": f"{placed:%Y-%m-%d %H:%M}", "customer": name,
            "status": status, "total": f"{minor // 100:,}.{minor % 100:02} {currency}",
        }  # fmt: skip

    def _connection(self) -> Any:
        found = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = sqlite3.connect(self._address, isolation_level=None)
        return found
