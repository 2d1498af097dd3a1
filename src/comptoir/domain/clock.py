"""Where the time and chance of a transaction come from; nothing else reads the wall clock."""

import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]

LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def system_now() -> datetime:
    """The time of the machine, in UTC, to the microsecond."""
    return datetime.now(UTC)


class Chance:
    """Random text: from the operating system, or the same again from a seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._source = secrets.SystemRandom() if seed is None else random.Random(seed)

    def text(self, length: int) -> str:
        """Capital letters and digits that cannot be mistaken for each other."""
        return "".join(self._source.choices(LETTERS_AND_DIGITS, k=length))

    def hexadecimal(self, byte_count: int) -> str:
        """Random bytes in hexadecimal."""
        return self._source.getrandbits(8 * byte_count).to_bytes(byte_count, "big").hex()
