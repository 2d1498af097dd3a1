"""Which rate a balance earns; arithmetic without I/O."""

from collections.abc import Iterable
from datetime import datetime

from comptoir.domain.banking.program.queries import Range, RateRow


def rate_in_force(rates: Iterable[RateRow], balance_minor: int, at: datetime) -> RateRow | None:
    """The rate that a whole balance earns at a time: that of the highest tier that it falls into."""
    found = [
        rate
        for rate in rates
        if Range(rate.minimum_minor, rate.maximum_minor).holds(balance_minor)
        and (rate.effective_at is None or rate.effective_at <= at)
        and (rate.expires_at is None or at < rate.expires_at)
    ]
    return max(found, key=lambda rate: rate.tier, default=None)
