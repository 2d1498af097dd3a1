"""What comes to its end on the clock: registrations of customers who were to send documents, and did not."""

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.verifying import expire_registrations

# So many transactions in a round; the next round goes on where this one ends.
BATCHES_MAX = 1000


def registrations(home: ServedShop) -> int:
    """Let registrations expire whose time is over, and say how many."""
    done = 0
    for _ in range(BATCHES_MAX):
        some = home.shop.write(expire_registrations)
        done += some
        if not some:
            break
    return done
