"""What the clock does to cards: orders go out and arrive, cards are renewed and end, authorisations lapse."""

from collections.abc import Callable
from functools import partial

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.cards.moving_on import (
    deliver,
    end_or_renew,
    release_authorisations,
    send_orders,
)
from comptoir.domain.tx import Tx

# So many in one transaction that a long list is short work, and so few that nobody waits for it.
BATCH = 200
# The next round goes on where this one ends.
BATCHES_MAX = 10_000


def cards(home: ServedShop) -> int:
    """Do what is due, and say how many cards and authorisations were changed."""
    return (
        drained(home, send_orders)
        + drained(home, deliver)
        + ended_or_renewed(home)
        + drained(home, release_authorisations)
    )


def drained(home: ServedShop, verb: Callable[..., int]) -> int:
    """Let a verb run until it finds less than it could take, each time in a transaction of its own."""
    done = 0
    work: Callable[[Tx], int] = partial(verb, limit=BATCH)
    for _ in range(BATCHES_MAX):
        count = home.shop.write(work)
        done += count
        if count < BATCH:
            break
    return done


def ended_or_renewed(home: ServedShop) -> int:
    """Go through the cards whose last months have come."""
    done = after_id = 0
    for _ in range(BATCHES_MAX):
        count, after_id = home.shop.write(partial(end_or_renew, after_id=after_id, limit=BATCH))
        done += count
        if not after_id:
            break
    return done
