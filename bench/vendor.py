"""The rows of the table that are about sales: told, listed, refunded, renewed, and told to others."""

import http.client
import http.server
import shutil
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.facts import API_PASSWORD, API_USER
from bench.load import Work, asked
from bench.rows import Row, number
from bench.servers import comptoir, floor
from bench.vendor_world import PIECES, REFUNDABLE, build_sales, first_piece
from bench.world import Place, sqlite_place
from comptoir.chores.deliveries import deliver_due
from comptoir.chores.renewals import renewals
from comptoir.domain.proof import prove_books
from comptoir.domain.webhooks.endpoints import create_endpoint
from comptoir.opening import open_shop
from comptoir.settings import Settings

if TYPE_CHECKING:
    from bench.measures import Bench

CREDENTIAL = f"Basic {b64encode(f'{API_USER}:{API_PASSWORD}'.encode()).decode()}"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DUE, DUE_QUICK = 100_000, 10_000
TOLD = 2_000
BUYERS = 4
LINK = "/checkout/spurchase?sid=1817037&mode=2CO&li_0_name=Tea&li_0_price=3.00&li_1_name=Cup&li_1_price=5.00"
BUYER = (
    "card_holder_name=Ada+Lovelace&email=ada%40example.com&street_address=1+Road&city=Berlin&zip=10115&country=DEU"
    "&card_number=4000000000000002&card_expiry=12%2F49&card_code=123&shown=800+USD"
)


def work(method: str, path: str, last: int = 1, body: str | None = None) -> Work:
    """A request of the vendor's dialect."""
    return Work(method, path, last, body, CREDENTIAL, FORM, JSON)


LIST = work("GET", "/api/sales/list_sales?pagesize=100")


def vendor_rows(bench: "Bench") -> Iterator[Row]:
    """Measure what the vendor's dialect does with a shop that has sold for long."""
    yield from reading(bench)
    yield from refunding(bench)
    yield from buying(bench)
    yield from renewing(bench)
    yield from telling(bench)


def reading(bench: "Bench") -> Iterator[Row]:
    """A sale, and a page of a hundred, of as many sales as there are products in the large shop."""
    place = sold(bench, bench.large)
    detail = work("GET", "/api/sales/detail_sale?sale_id={id}0", bench.large)
    with comptoir(place, first=LIST) as ours, floor(place, "twocheckout", LIST) as bare:
        for one in (detail, LIST):
            answers = [asked(server.port, one, 77_777) for server in (ours, bare)]
            if answers[0] != answers[1]:
                raise SystemExit(f"{one.path} is answered differently:\n{answers[0]}\n{answers[1]}")
        for name, one, least in (
            (f"detail_sale, of {bench.large:,} sales", detail, 0.60),
            (f"list_sales, a page of 100 of {bench.large:,}", LIST, 0.60),
        ):
            mine, theirs, of_both = bench.rates(ours, one, bare, one)
            yield Row(name, f"{number(mine)}/s", f"{number(theirs)}/s", of_both, "", least)


def refunding(bench: "Bench") -> Iterator[Row]:
    """Line items given back, one after another: refund, postings, comment, events, durably."""
    place = bench.copy(sold(bench, 1_000), "refunded")
    with comptoir(place, first=LIST) as server:
        pieces = count(first_piece())
        refund = work(
            "POST", "/api/sales/refund_lineitem", body="lineitem_id={n}&category=5&comment=It+came+broken"
        )
        rates = []
        for _ in range(bench.rounds):
            done, started = 0, perf_counter()
            while perf_counter() - started < bench.seconds:
                piece = next(pieces)
                assert piece < first_piece() + REFUNDABLE * PIECES, "all pieces were given back"
                status, answer = asked(server.port, refund, piece)
                assert status == 200, answer
                done += 1
            rates.append(done / (perf_counter() - started))
    yield Row(
        "refund_lineitem, one after another", f"{number(median(rates))}/s", "", median(rates), "/s", None
    )


def buying(bench: "Bench") -> Iterator[Row]:
    """Buyers who follow a link to the hosted checkout, fill its one page in, pay, and are thanked."""
    place = bench.copy(sold(bench, 1_000), "bought")
    with comptoir(place, "--no-worker", "--no-access-log", first=LIST) as server:
        buy(server.port)
        rates = []
        for _ in range(bench.rounds):
            done: list[int] = []
            end = perf_counter() + bench.seconds

            def client(end: float = end, done: list[int] = done) -> None:
                while perf_counter() < end:
                    buy(server.port)
                    done.append(1)

            started = perf_counter()
            threads = [threading.Thread(target=client) for _ in range(BUYERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rates.append(len(done) / (perf_counter() - started))
    yield Row(
        "hosted checkout: arrive, pay, be thanked",
        f"{number(median(rates))}/s",
        "",
        median(rates),
        "/s",
        None,
    )


def buy(port: int) -> None:
    """One buyer, from the link to the receipt."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    where = LINK
    for _ in range(2):
        where = redirected(connection, "GET", where)
    thanked = redirected(connection, "POST", where, BUYER)
    assert thanked.endswith("/receipt"), thanked
    connection.request("GET", thanked)
    receipt = connection.getresponse()
    assert receipt.status == 200, receipt.read()
    receipt.read()
    connection.close()


def redirected(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None
) -> str:
    """Where a page leads on."""
    connection.request(method, path, body, {"Content-Type": FORM})
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 303, (answer.status, said[:500])
    return answer.headers["Location"]


def renewing(bench: "Bench") -> Iterator[Row]:
    """Everybody whose renewal is due is billed: order, invoice, attempt, payment, postings, events."""
    due = DUE if bench.rounds > 3 else DUE_QUICK
    folder = bench.folder / f"due-{due}"
    shutil.rmtree(folder, ignore_errors=True)  # a kept one was renewed
    place = sqlite_place(folder)
    build_sales(place, due, due)
    home = open_shop(Settings(data_dir=place.folder), "main")
    started = perf_counter()
    done = renewals(home)
    seconds = perf_counter() - started
    problems = [one for one in home.shop.read(prove_books) if "renew" in one]
    home.shop.database.close()
    if done != due or problems:
        raise SystemExit(f"{done} renewals of {due}; {problems[:3]}")
    yield Row(f"renew {due:,} due subscriptions", f"{seconds:.0f} s", "", due / seconds, "/s", None)


def telling(bench: "Bench") -> Iterator[Row]:
    """INS messages to a listener on this machine, each signed, sent and its attempt written down."""
    place = bench.copy(sold(bench, 1_000), "told")
    settings = Settings(data_dir=place.folder, allow_private_urls=True)
    home = open_shop(settings, "main")
    with listener() as (address, heard):
        home.shop.write(lambda tx: create_endpoint(tx, kind="ins", url=address))
        with comptoir(place, "--no-worker", "--no-access-log", first=LIST) as server:
            refund = work("POST", "/api/sales/refund_lineitem", body="lineitem_id={n}&category=5&comment=x")
            for piece in range(TOLD):
                status, answer = asked(server.port, refund, first_piece() + piece)
                assert status == 200, answer
        started = perf_counter()
        while deliver_due(home):
            pass
        seconds = perf_counter() - started
        if len(heard) < TOLD:
            raise SystemExit(f"{len(heard)} messages were heard of {TOLD}")
    home.shop.database.close()
    yield Row(
        "deliver INS messages", f"{len(heard):,} in {seconds:.1f} s", "", len(heard) / seconds, "/s", None
    )


def sold(bench: "Bench", sales: int) -> Place:
    """A shop with so many sales; one that was kept is used again."""
    folder = bench.folder / f"sales-{sales}"
    if not (folder / "shops" / "main" / "shop.sqlite").exists():
        print(f"  building a shop of {sales:,} sales", flush=True)
        build_sales(sqlite_place(folder), sales)
    return sqlite_place(folder)


@contextmanager
def listener() -> Iterator[tuple[str, list[int]]]:
    """Somebody who hears every message and says so."""
    heard: list[int] = []

    class Ear(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            heard.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ins", heard
    finally:
        server.shutdown()
        server.server_close()
