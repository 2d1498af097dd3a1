"""When the bank does what: in a sandbox from hour to hour, else from bank day to bank day (reference 3.8).

A transfer of a sandbox shop is taken at the next full hour and settles an hour later. Else it is taken on the
bank day after, or in the next hour when it is to settle on the same day, and settles on its day.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.banking.files.bank_days import bank_today, is_bank_day, next_bank_day
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

HOUR = timedelta(hours=1)
# Until when the Federal Reserve takes what is to settle on the same day, and how a batch asks for each window.
SAME_DAY_ZONE = ZoneInfo("America/New_York")
SAME_DAY_WINDOWS = ((time(10, 30), "SD1300"), (time(14, 45), "SD1700"))
SAME_DAY_LAST = "SD1800"


class Hours(NamedTuple):
    """This moment at the bank."""

    now: datetime
    today: date
    zone: ZoneInfo
    is_sandbox: bool

    @property
    def hour(self) -> datetime:
        """The full hour that was last."""
        return self.now.replace(minute=0, second=0, microsecond=0)

    @property
    def is_open(self) -> bool:
        """Whether files are cut at all today."""
        return self.is_sandbox or is_bank_day(self.today)

    @property
    def midnight(self) -> datetime:
        """When the day began."""
        return datetime.combine(self.today, time(), self.zone)

    @property
    def taken_before(self) -> datetime:
        """What came before this moment is due to be sent."""
        return self.hour if self.is_sandbox else self.midnight

    @property
    def settled_before(self) -> datetime:
        """What came before this moment has had its hour in the file, and may settle on its day."""
        return self.hour - HOUR

    @property
    def sent_until(self) -> date:
        """What settles on this day or before is due to be sent, if it came early enough."""
        return date.max if self.is_sandbox else next_bank_day(self.today)

    def effective_on(self, created_at: datetime, settles_on: date | None, *, is_same_day: bool) -> date:
        """The day on which what is sent now is to settle."""
        if self.is_sandbox:
            settles_at = created_at.replace(minute=0, second=0, microsecond=0) + 2 * HOUR
            return max(settles_at.astimezone(self.zone).date(), self.today)
        if is_same_day:
            return self.today
        return max(settles_on or date.min, next_bank_day(self.today))

    @property
    def same_day_window(self) -> str:
        """How a batch asks to settle today: by the window that is still open."""
        clock = self.now.astimezone(SAME_DAY_ZONE).time()
        return next((window for until, window in SAME_DAY_WINDOWS if clock <= until), SAME_DAY_LAST)

    def is_over(self, settled_at: datetime) -> bool:
        """Whether another hour, or bank day, has begun since something settled."""
        if self.is_sandbox:
            return settled_at < self.hour
        return self.is_open and settled_at.astimezone(self.zone).date() < self.today


def hours_of(tx: Tx, program: ProgramFacts) -> Hours:
    """The moment of a transaction, as the bank's clock shows it."""
    return Hours(tx.now, bank_today(tx, program), program.zone, tx.shop.is_sandbox)
