"""What comes to its end on the clock: verifications of external accounts, and the keeping of documents."""

from collections.abc import Callable

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.documents.retention import watch_retention
from comptoir.domain.banking.external.verifying import expire_verifications
from comptoir.domain.tx import Tx

# So many transactions in a round; the next round goes on where this one ends.
BATCHES_MAX = 1000


def verifications(home: ServedShop) -> int:
    """End the verifications whose time is over, and say how many."""
    return _all(home, expire_verifications)


def retention(home: ServedShop) -> int:
    """Forget the contents of documents that have been kept long enough, and say how many."""
    return _all(home, watch_retention)


def _all(home: ServedShop, verb: Callable[[Tx], int]) -> int:
    done = 0
    for _ in range(BATCHES_MAX):
        some = home.shop.write(verb)
        done += some
        if not some:
            break
    return done
