"""When keys were last used, gathered in memory so that reading with a key does not become a write."""

from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import bindparam, or_, update

from comptoir.domain.identity.models import ApiKey
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

WRITTEN_EVERY = timedelta(minutes=1)

KEY_USED = (
    update(ApiKey)
    .where(
        ApiKey.id == bindparam("key_id"),
        or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < bindparam("used_at", type_=Instant())),
    )
    .values(last_used_at=bindparam("used_at", type_=Instant()))
)


class KeyUses:
    """The uses of keys that are not written yet; one for a process and shop, shared by its threads."""

    def __init__(self, every: timedelta = WRITTEN_EVERY) -> None:
        self._every = every
        self._lock = Lock()
        self._waiting: dict[int, datetime] = {}
        self._written: dict[int, datetime] = {}

    def note(self, key_id: int, last_used_at: datetime | None, now: datetime) -> bool:
        """Note a use of a key, and say whether it is worth writing: once a minute for each key."""
        known = self._written.get(key_id) or last_used_at
        if known is not None and known <= now < known + self._every:
            return False
        with self._lock:
            self._waiting[key_id] = now
        return True

    @property
    def is_due(self) -> bool:
        """Whether there is something to write."""
        return bool(self._waiting)

    def flush(self, tx: Tx) -> int:
        """Write what was noted, and say for how many keys. Not a change of state: no event is noted."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            self._written.update(waiting)
        tx.run_many(KEY_USED, [{"key_id": key, "used_at": at} for key, at in sorted(waiting.items())])
        return len(waiting)
