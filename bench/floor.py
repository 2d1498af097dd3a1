"""The floor: a bare WSGI callable, hand-written SQL on the raw drivers, the same work and the same durability."""

import itertools
import sqlite3
import threading
from base64 import b64decode
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from hashlib import blake2b
from secrets import choice
from time import perf_counter, time_ns
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import psycopg

from bench import forms
from bench.facts import SECRET

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BEGIN = {"sqlite": "BEGIN", "postgres": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}
BEGIN_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgres": "BEGIN"}
STATUS = {
    200: "200 OK",
    201: "201 Created",
    401: "401 Unauthorized",
    404: "404 Not Found",
    400: "400 Bad Request",
}
FIND_KEY = (
    "SELECT k.id, k.operator_id, o.name, k.scopes, k.networks, k.expires_at FROM api_key k "
    "JOIN operator o ON o.id = k.operator_id WHERE k.key_hash = ? AND k.revoked_at IS NULL AND o.is_active"
)
GET_PRODUCT = f"SELECT {forms.PRODUCT} FROM product WHERE id = ?"
GET_BRAND = f"SELECT {forms.BRAND} FROM brand WHERE id = ?"
GET_CATEGORIES = (
    f"SELECT {forms.CATEGORY} FROM product_category l JOIN category c ON c.id = l.category_id "
    "WHERE l.product_id = ? ORDER BY c.id"
)
GET_CUSTOMS = (
    f"SELECT {forms.CUSTOM} FROM product_custom_field v JOIN custom_field f ON f.id = v.custom_field_id "
    "WHERE v.product_id = ? ORDER BY f.id"
)
GET_PRICINGS = f"SELECT {forms.PRICING} FROM pricing WHERE product_id = ? ORDER BY id"
LIST_PRODUCTS = f"SELECT {forms.PRODUCT} FROM product ORDER BY id LIMIT ? OFFSET ?"
LIST_CATEGORIES = (
    f"SELECT {forms.CATEGORY}, l.product_id FROM product_category l JOIN category c ON c.id = l.category_id "
    "WHERE l.product_id BETWEEN ? AND ? ORDER BY l.product_id, c.id"
)
LIST_CUSTOMS = (
    f"SELECT {forms.CUSTOM}, v.product_id FROM product_custom_field v JOIN custom_field f "
    "ON f.id = v.custom_field_id WHERE v.product_id BETWEEN ? AND ? ORDER BY v.product_id, f.id"
)
LIST_PRICINGS = (
    f"SELECT {forms.PRICING} FROM pricing WHERE product_id BETWEEN ? AND ? ORDER BY product_id, id"
)
TAKE = (
    "INSERT INTO counter (kind, value) VALUES (?, ?) "
    "ON CONFLICT (kind) DO UPDATE SET value = counter.value + excluded.value RETURNING value"
)
NEW_EVENT = (
    "INSERT INTO event (seq, at, kind, subject, subject_id, operator_id, actor, dialect, request_id, before, after) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
NEW_PRODUCT = (
    f"INSERT INTO product ({forms.PRODUCT}, code_key, slug_key, name_key) VALUES ({', '.join('?' * 40)})"
)
NEW_LOG = (
    'INSERT INTO order_log (id, order_id, created_at, "user", source, action, data, result) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)  # fmt: skip
Answer = tuple[int, Any]


class Floor:
    """The WSGI callable."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.engine = "postgres" if address.startswith("postgres") else "sqlite"
        self._local = threading.local()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        started = perf_counter()
        status, data = self._answer(environ)
        body = msgspec.json.encode(
            {
                "data": data,
                "transaction_id": next(self._numbers),
                "time": f"{max(1, round((perf_counter() - started) * 1000))}ms",
            }
        )
        start_response(
            STATUS[status],
            [("content-type", "application/json; charset=utf-8"), ("content-length", str(len(body)))],
        )
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        key = _key_of(environ)
        if environ["REQUEST_METHOD"] == "GET":
            return self._read(environ, key)
        body = msgspec.json.decode(environ["wsgi.input"].read())
        connection = self.connection
        lock = self._lock if self.engine == "sqlite" else nullcontext()
        with lock:
            connection.execute(BEGIN_WRITE[self.engine])
            answer = self._write(environ, key, body)
            connection.execute("COMMIT" if answer[0] < 400 else "ROLLBACK")
        return answer

    @property
    def connection(self) -> Any:
        """This thread's connection."""
        found = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = connect(self.address)
        return found

    def _read(self, environ: dict[str, Any], key: str) -> Answer:
        connection = self.connection
        connection.execute(BEGIN[self.engine])
        try:
            if self._operator(connection, key) is None:
                return 401, None
            path = environ["PATH_INFO"]
            if path == "/products":
                return self._list(connection, environ["QUERY_STRING"])
            head, _, number = path.rpartition("/")
            if head == "/products":
                return self._product(connection, int(number))
            return 404, None
        finally:
            connection.execute("ROLLBACK")

    def _operator(self, connection: Any, key: str) -> Any:
        digest = blake2b(key.encode(), key=SECRET, digest_size=32).hexdigest()
        row = connection.execute(FIND_KEY, (digest,)).fetchone()
        if row is None or (row[5] is not None and row[5] <= time_ns() // 1000):
            return None
        msgspec.json.decode(row[3])
        return row if not msgspec.json.decode(row[4]) else None

    def _product(self, connection: Any, key: int) -> Answer:
        execute = connection.execute
        row = execute(GET_PRODUCT, (key,)).fetchone()
        if row is None:
            return 404, None
        held = None if row[1] is None else forms.brand(execute(GET_BRAND, (row[1],)).fetchone())
        categories = [forms.category(one) for one in execute(GET_CATEGORIES, (key,)).fetchall()]
        customs = [forms.custom(one) for one in execute(GET_CUSTOMS, (key,)).fetchall()]
        pricings = [forms.pricing(one) for one in execute(GET_PRICINGS, (key,)).fetchall()]
        return 200, forms.product(row, held, categories, customs, pricings)

    def _list(self, connection: Any, query: str) -> Answer:
        execute = connection.execute
        asked = dict(parse_qsl(query))
        rows = execute(LIST_PRODUCTS, (int(asked.get("limit", 100)), int(asked.get("start", 0)))).fetchall()
        bounds = (rows[0][0], rows[-1][0])
        brands = {one: forms.brand(execute(GET_BRAND, (one,)).fetchone()) for one in {row[1] for row in rows}}
        categories: dict[int, list[Any]] = {}
        for one in execute(LIST_CATEGORIES, bounds).fetchall():
            categories.setdefault(one[-1], []).append(forms.category(one))
        customs: dict[int, list[Any]] = {}
        for one in execute(LIST_CUSTOMS, bounds).fetchall():
            customs.setdefault(one[-1], []).append(forms.custom(one))
        pricings: dict[int, list[Any]] = {}
        for one in execute(LIST_PRICINGS, bounds).fetchall():
            pricings.setdefault(one[1], []).append(forms.pricing(one))
        return 200, [
            forms.product(
                row,
                brands[row[1]],
                categories.get(row[0], []),
                customs.get(row[0], []),
                pricings.get(row[0], []),
            )
            for row in rows
        ]

    def _write(self, environ: dict[str, Any], key: str, body: dict[str, Any]) -> Answer:
        connection = self.connection
        operator = self._operator(connection, key)
        if operator is None:
            return 401, None
        path = environ["PATH_INFO"]
        if path == "/products":
            return self._create(connection, operator, body)
        head, _, number = path.rpartition("/")
        if head == "/products/variants":
            return self._stock(connection, operator, int(number), body)
        return self._order(connection, operator, int(number), body)

    def _create(self, connection: Any, operator: Any, body: dict[str, Any]) -> Answer:
        execute = connection.execute
        if (
            not body["name"].strip()
            or execute("SELECT id FROM brand WHERE id = ?", (body["brand_id"],)).fetchone() is None
        ):
            return 400, None
        shelves = sorted({int(one) for one in body["categories"]})
        for one in shelves:
            if execute("SELECT id FROM category WHERE id = ?", (one,)).fetchone() is None:
                return 400, None
        customs = {
            execute("SELECT id FROM custom_field WHERE name_key = ?", (name.lower(),)).fetchone()[0]: value
            for name, value in body["custom_fields"].items()
        }
        code = body.get("code") or "".join(choice(LETTERS) for _ in range(10))
        slug = body["name"].lower().replace(" ", "-")
        if execute("SELECT id FROM product WHERE code_key = ?", (code.lower(),)).fetchone():
            return 400, None
        if execute("SELECT id FROM product WHERE slug_key = ?", (slug,)).fetchone():
            return 400, None
        now = time_ns() // 1000
        new_id = take(connection, "product")
        rrp = int(float(body["prices"]["rrp"]) * 10000 + 0.5)
        row = (
            new_id, int(body["brand_id"]), code, body["name"], slug, body["description"], "", "", now, now, False, True,
            int(body["available"]["quantity"]), "in_stock", "", "", "", "", "", 0, 0, rrp, 0, 0, None, "", 0, 0, 0, 0,
            False, False, take(connection, "seo"), "", "", "", "",
        )  # fmt: skip
        execute(NEW_PRODUCT, (*row, code.lower(), slug, body["name"].lower()))
        for one in shelves:
            execute("INSERT INTO product_category (product_id, category_id) VALUES (?, ?)", (new_id, one))
        for one, value in customs.items():
            execute(
                "INSERT INTO product_custom_field (product_id, custom_field_id, value) VALUES (?, ?, ?)",
                (new_id, one, value),
            )
        after = {
            "brand_id": row[1], "code": code, "name": row[3], "description": row[5], "quantity": row[12],
            "price_rrp_e4": rrp, "category_ids": shelves, "custom_values": body["custom_fields"],
        }  # fmt: skip
        note(connection, operator, now, "product.created", "product", new_id, None, after)
        return 201, self._product(connection, new_id)[1]

    def _stock(self, connection: Any, operator: Any, key: int, body: dict[str, Any]) -> Answer:
        execute = connection.execute
        row = execute(f"SELECT {forms.VARIANT} FROM variant WHERE id = ?", (key,)).fetchone()
        if row is None:
            return 404, None
        stock = int(body["stock"])
        if stock < 0:
            return 400, None
        execute("UPDATE variant SET stock = ? WHERE id = ?", (stock, key))
        note(
            connection, operator, time_ns() // 1000, "variant.updated", "variant", key,
            {"stock": row[6]}, {"stock": stock},
        )  # fmt: skip
        return 200, forms.variant((*row[:6], stock))

    def _order(self, connection: Any, operator: Any, key: int, body: dict[str, Any]) -> Answer:
        execute = connection.execute
        row = execute(
            f"SELECT {forms.ORDER} FROM orders WHERE id = ? AND removed_at IS NULL", (key,)
        ).fetchone()
        if row is None or body["status"] not in {"new", "inprogress", "shipped", "completed"}:
            return 404, None
        now = time_ns() // 1000
        comments, status = body["comments"], body["status"]
        execute(
            "UPDATE orders SET comments = ?, status = ?, updated_at = ?, version = ? WHERE id = ?",
            (comments, status, now, row[-1] + 1, key),
        )
        before = {"comments": row[4], "status": row[5]}
        after = {"comments": comments, "status": status}
        data = {name: {"old": before[name], "new": after[name]} for name in after}
        execute(
            NEW_LOG,
            (take(connection, "order_log"), key, now, f"{operator[2]} ({operator[1]})", "API", "Order Update",
             text(data), True),
        )  # fmt: skip
        moved = [name for name in after if after[name] != before[name]]
        note(
            connection, operator, now, "order.updated", "order", key,
            {name: before[name] for name in moved}, {name: after[name] for name in moved},
        )  # fmt: skip
        lines = execute(
            f"SELECT {forms.ITEM} FROM order_line WHERE order_id = ? AND parent_line_id IS NULL ORDER BY position, id",
            (key,),
        ).fetchall()
        children = execute(
            "SELECT id FROM orders WHERE parent_id = ? AND removed_at IS NULL ORDER BY id", (key,)
        ).fetchall()
        changed = (*row[:4], comments, status, row[6], now, *row[8:])
        items = [forms.item(one, msgspec.json.decode(one[12])) for one in lines]
        return 200, forms.order(changed, items, [one[0] for one in children])


def connect(address: str) -> Any:
    """A raw connection with the settings that comptoir has."""
    if address.startswith("postgres"):
        found = psycopg.connect(address, autocommit=True, cursor_factory=Questions)
        found.prepare_threshold = 1
        found.prepared_max = 1000
        return found
    connection = sqlite3.connect(
        address, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=1024
    )
    for pragma in (
        "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -16384",
        f"mmap_size = {1 << 30}", "temp_store = MEMORY",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("fold", 1, str.lower, deterministic=True)
    return connection


class Questions(psycopg.Cursor[Any]):
    """A cursor that takes the statements written for SQLite."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Run a statement."""
        return super().execute(query.replace("?", "%s"), params, **options)


def _key_of(environ: dict[str, Any]) -> str:
    scheme, _, value = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return b64decode(value).decode().partition(":")[0] if scheme.lower() == "basic" else value


def text(value: Any) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()


def take(connection: Any, kind: str, count: int = 1) -> int:
    """The first of some new numbers."""
    last: int = connection.execute(TAKE, (kind, count)).fetchone()[0]
    return last - count + 1


def note(  # noqa: PLR0917 - the columns in their order
    connection: Any, operator: Any, now: int, kind: str, subject: str, key: int, before: Any, after: Any,
    dialect: str = "coredna",
) -> None:  # fmt: skip
    """Write the event."""
    connection.execute(
        NEW_EVENT,
        (
            take(connection, "event"), now, kind, subject, key, operator[1], operator[2], dialect, "",
            None if before is None else text(before), text(after),
        ),
    )  # fmt: skip
