"""What the worker does for payouts: gathering what gateways took, and paying out on the merchant's day."""

from comptoir.dialects.edge import ServedShop
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import run_payouts

# Whatever is left over is gathered the next time.
BATCHES_MAX = 1000


def gather(home: ServedShop) -> int:
    """Gather what waits, some in each transaction, so that a long list holds nobody up."""
    done = 0
    for _ in range(BATCHES_MAX):
        gathered = home.shop.write(gather_entries)
        if not gathered:
            break
        done += gathered
    return done


def pay(home: ServedShop) -> int:
    """Pay out if a payday has begun."""
    return home.shop.write(run_payouts)
