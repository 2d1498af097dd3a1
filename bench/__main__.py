"""Measures comptoir against a bare floor on the same server, and prints the ratios with their budgets."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from bench.load import find_wrk
from bench.measures import Bench, all_rows
from bench.report import write_page
from bench.rows import busyness, machine

LARGE, LARGE_QUICK = 1_000_000, 200_000


def main() -> None:
    """Measure everything, print the table, and write it down unless told otherwise."""
    asked = arguments()
    started = perf_counter()
    busy = busyness()
    print(machine(), busy, sep="\n" if busy else "")
    with folder(asked.keep) as place:
        bench = Bench(
            folder=place,
            wrk=find_wrk(),
            seconds=1 if asked.quick else 2,
            rounds=3 if asked.quick else 5,
            large=LARGE_QUICK if asked.quick else LARGE,
        )
        rows = list(all_rows(bench))
    print(f"{perf_counter() - started:.0f} s; {sum(row.verdict == 'short' for row in rows)} short")
    if not asked.no_page:
        write_page(rows, bench, sys.argv[1:], busy)


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter rounds, and fewer of them")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the built shops here, and use them again"
    )
    parser.add_argument("--no-page", action="store_true", help="leave docs/reference/performance.md as it is")
    return parser.parse_args()


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """Where shops are built; removed at the end unless it was named."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    made = Path(tempfile.mkdtemp(prefix="comptoir-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__":
    main()
