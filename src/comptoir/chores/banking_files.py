"""What the worker does for bank files: sends what waits, lets the simulated bank answer, and settles."""

from collections.abc import Callable
from functools import partial

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.clearing.answering import answer_files, object_to_files
from comptoir.domain.banking.clearing.daily_files import gather_day, keep_day
from comptoir.domain.banking.clearing.event_files import write_events_file
from comptoir.domain.banking.clearing.settling import settle_due, square
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.tx import Tx

# Whatever is left over is done the next time.
BATCHES_MAX = 1000
# What came back is never settled: the bank answers first.
STEPS: tuple[Callable[[Tx], int], ...] = (submit_files, answer_files, settle_due, object_to_files, square)


def run_files(home: ServedShop) -> int:
    """Do all that is due, some in each transaction, and say how many files and transfers it concerned."""
    return sum(_all_of(home, step) for step in STEPS)


def write_events(home: ServedShop) -> int:
    """Tell what has happened, in a file."""
    return _all_of(home, write_events_file)


def write_days(home: ServedShop) -> int:
    """Tell what was posted on each day that is over, and how the accounts stood."""
    done = 0
    for _ in range(BATCHES_MAX):
        found = home.shop.read(gather_day)
        if found is None:
            break
        done += home.shop.write(partial(keep_day, found=found))
    return done


def _all_of(home: ServedShop, step: Callable[[Tx], int]) -> int:
    done = 0
    for _ in range(BATCHES_MAX):
        some = home.shop.write(step)
        if not some:
            break
        done += some
    return done
