"""The page that keeps the last run's table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.measures import Bench
from bench.rows import Row, machine, table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"
TEXT = """# Performance

<!-- Printed by `make bench`; change bench/report.py, not this page. -->

What comptoir costs over doing the same by hand. `make bench` starts `comptoir serve` and, on the same Granian with the
same threads, a bare WSGI callable with hand-written SQL on the raw driver and hand-built JSON: the *floor*. The floor
does the same work (it looks the key up, reads on one snapshot, writes the same rows with the event and its number, and
answers the same bytes, which is checked before anything is measured) with the same durability. Both are
asked in turns; a result is the median of the turns, and a ratio the median of each turn's ratio.

Made by `{command}` on {day}: {machine}.
Load by {load}, {rounds} rounds of {seconds} s each.{busy}

{table}

- *ratio*: requests a second of comptoir divided by those of the floor; 1.00 would be no cost at all.
- *Place an order* is measured in one process, without HTTP: the Core dna API has no route that creates orders. It
  writes the order, five lines, the transfer with its postings and balances, the log and the event, durably,
  from {threads} threads.
- What is refunded, bought, renewed and delivered is measured by itself, a rate without a floor: refunds by one client,
  one after another; purchases by four buyers, each from the link over the page to the receipt; renewals and messages in
  one process.
- *transfer/create* asks for a cent from one account to another under a new tag: limits and balances are looked at and
  kept, two postings, the transfer and its event are written, durably. Next to it on PostgreSQL, on the same server,
  stands `pgbench` with its TPC-B-like transactions, as many clients and prepared statements: with ten branches next to
  transfers that are spread, with one, which all wait for, next to those on one account. It has no HTTP, no
  credentials and no rules, so that ratio is a distance and no budget.
- *Statements* and *interest* are a month's run over all accounts in one process; statements are proved afterwards.
- Writes on SQLite may do better than the floor: writers that wait at the same moment share one commit, where the floor
  commits each on its own.
- *Times as long* compare comptoir with itself: the same request on a larger shop, or a search with the plain page.
- Memory is that of all processes, shared pages counted once, without the pages of the database file that SQLite maps.
"""


def write_page(rows: Sequence[Row], bench: Bench, arguments: Sequence[str], busy: str) -> None:
    """Write the page again."""
    from bench.facts import THREADS  # noqa: PLC0415

    given = [one for one in arguments if one == "--quick"]
    PAGE.write_text(
        TEXT.format(
            command=f'make bench ARGS="{" ".join(given)}"' if given else "make bench",
            day=datetime.now(UTC).date().isoformat(),
            machine=machine(),
            load="wrk with 8 connections" if bench.wrk else "the built-in load generator",
            rounds=bench.rounds,
            busy=busy and f"\n{busy}",
            seconds=bench.seconds,
            table=table(rows),
            threads=THREADS,
        )
    )
