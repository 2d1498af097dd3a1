"""How long a delivery is tried: twice within five minutes, four times every quarter, hourly for two days."""

from datetime import timedelta

WAITS = (
    *(timedelta(minutes=2, seconds=30),) * 2,
    *(timedelta(minutes=15),) * 4,
    *(timedelta(hours=1),) * 48,
)
ATTEMPTS_MAX = len(WAITS) + 1


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait when so many attempts have failed; None when it is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
