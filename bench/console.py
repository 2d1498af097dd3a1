"""The rows of the table that are about the console: a list against a bare page, every page, a million orders."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.facts import SECRET
from bench.load import Work
from bench.rows import Row, number
from bench.servers import comptoir, floor
from bench.world import Place, sqlite_place
from comptoir.demo import load_demo
from comptoir.dialects.edge import ServedShop
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.queries import list_operators
from comptoir.domain.identity.sessions import begin_session
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.shop import open_new_shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.database import open_database
from comptoir.storage.migration import migrate
from tests.console.whole.walking import walked

if TYPE_CHECKING:
    from bench.measures import Bench

ORDERS, ORDERS_QUICK = 1_000_000, 100_000
PAGE_MS = 100
ROUNDS = 5
TIMES = "\N{MULTIPLICATION SIGN}"


def console_rows(bench: "Bench") -> Iterator[Row]:
    """Measure the merchant's window."""
    small = bench.built("shop", 1_000)
    few, many = bench.copy(small, "console-few"), bench.copy(small, "console-many")
    wanted = ORDERS if bench.rounds > 3 else ORDERS_QUICK
    print(f"  copying orders until there are {wanted:,}", flush=True)
    last = multiply(many, wanted)
    cookies = [signed_in(place) for place in (few, many)]
    first = [Work("GET", "/console/orders", cookie=cookie) for cookie in cookies]
    with comptoir(few, first=first[0]) as ours, floor(few, "console", first=first[0]) as bare:
        ours_rate, bare_rate, ratio = bench.rates(ours, first[0], bare, first[0])
        yield Row("a page of 50 orders", f"{number(ours_rate)}/s", f"{number(bare_rate)}/s", ratio, "", None)
        with comptoir(many, first=first[1]) as full:
            few_rate, many_rate, share = bench.rates(ours, first[0], full, first[1])
            name = f"{wanted:,} orders in the console, against {count(few):,}"
            yield Row(
                name, f"{number(many_rate)}/s", f"{number(few_rate)}/s", share, TIMES, 1.25, is_least=False
            )
            deep = first[1]._replace(path=f"/console/orders?past={last // 2}")
            first_rate, deep_rate, share = bench.rates(full, first[1], full, deep)
            name = "the page in their midst, against the first"
            yield Row(
                name, f"{number(deep_rate)}/s", f"{number(first_rate)}/s", share, TIMES, 1.25, is_least=False
            )
    yield from every_page(bench)


def every_page(bench: "Bench") -> Iterator[Row]:
    """The slowest of all pages of the demo world, and the middle one; asked one after the other, in one process."""
    home = demo_home(bench.folder / "demo-world")
    walk = walked(home)
    seconds: dict[str, float] = {}
    for kind, address in walk.one_of_each():
        if "<main" not in walk.seen[address].text:
            continue
        seconds[kind] = median(timed(walk.visitor, address) for _ in range(ROUNDS))
    home.shop.database.close()
    slowest = max(seconds, key=lambda kind: seconds[kind])
    middle = median(seconds.values()) * 1000
    yield Row(f"each of {len(seconds)} pages of the demo, the middle one", "", "", middle, " ms", None)
    yield Row(
        f"the slowest of them, /console{slowest}",
        "",
        "",
        seconds[slowest] * 1000,
        " ms",
        PAGE_MS,
        is_least=False,
    )


def timed(visitor: Any, address: str) -> float:
    """Seconds that a page takes."""
    started = perf_counter()
    visitor.get(address)
    return perf_counter() - started


def demo_home(folder: Path) -> ServedShop:
    """The demo world; one that was kept is used again."""
    place = sqlite_place(folder)
    store = DirectoryStore(folder / "media")
    is_new = not Path(place.address).exists()
    shop = OpenShop("main", open_database(place.address, secret=SECRET), flush)
    if is_new:
        print("  making the demo world", flush=True)
        migrate(shop.database)
        shop.database.write(lambda session: open_new_shop(session, name="Bench", is_sandbox=True))
        load_demo(shop, secret=SECRET, media=store)
    return ServedShop(shop, SECRET, store, Fetcher(FetchRules()))


def signed_in(place: Place) -> str:
    """The cookie of somebody who is signed in."""
    shop = OpenShop("main", open_database(place.address, secret=SECRET), flush)

    def enter(tx: Tx) -> str:
        return begin_session(tx, operator_id=list_operators(tx)[0].id, secret=SECRET).key

    key = shop.write(enter)
    shop.database.close()
    return f"comptoir_session=main.{key}"


def count(place: Place) -> int:
    """How many orders a shop has."""
    with closing(sqlite3.connect(place.address)) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])


def multiply(place: Place, wanted: int) -> int:
    """Copy the first order until there are so many, each a second younger; gives the last one's id.

    What is copied has no lines and moves no money: it is there to be listed.
    """
    with closing(sqlite3.connect(place.address, isolation_level=None)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(orders)")]
        last = connection.execute("SELECT max(id) FROM orders").fetchone()[0]
        given = {
            "id": "n", "number": "CAST(n AS TEXT)", "sale_id": "n", "parent_id": "NULL", "sale_transfer_id": "NULL",
            "created_at": "created_at + n * 1000000", "paid_minor": "0", "refunded_minor": "0", "repaid_minor": "0",
        }  # fmt: skip
        values = ", ".join(given.get(name, name) for name in columns)
        connection.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT {last + 1} UNION ALL SELECT n + 1 FROM numbers WHERE n < {wanted}) "
            f"INSERT INTO orders ({', '.join(columns)}) SELECT {values} FROM numbers, "
            "(SELECT * FROM orders WHERE parent_id IS NULL ORDER BY id LIMIT 1)"
        )
        connection.execute("ANALYZE")
        return int(connection.execute("SELECT max(id) FROM orders").fetchone()[0])
