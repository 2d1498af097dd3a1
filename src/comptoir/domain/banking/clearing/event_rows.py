"""What a file of events says, and under which number of the platform (reference 4.5); fixed width, header row H.

One row stands for what an event did to one account: a transfer between two accounts has two. Rows of what is no
money name the account or the card alone.
"""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.events.queries import EventRow

FILE_KIND = "EVENTNOTIFICATION"
ROW_WIDTH = 150
DEPOSIT, TRANSFER, WITHDRAWAL, MODIFIED, ACCOUNT_MODIFIED = 200, 201, 202, 203, 204
PROGRAM_DEPOSIT, PROGRAM_WITHDRAWAL = 300, 302
CARD_DEPOSIT, CARD_TRANSFER, CARD_WITHDRAWAL, CARD_AUTHORISED, CARD_DECLINED, CARD_INQUIRY = range(400, 406)
DEPOSIT_REVERSED, TRANSFER_REVERSED, WITHDRAWAL_REVERSED, AUTHORISATION_REVERSED = range(406, 410)
AUTHORISATION, CARD, REVERSAL, BETWEEN = "ATH", "CRD", "REV", "XFR"
OF_CARDS = {"card.declined": CARD_DECLINED, "card.balance_inquired": CARD_INQUIRY}


class Moved(NamedTuple):
    """A transaction of an event, on an account of a customer or of the program."""

    transfer_id: int
    transaction_id: int
    account_id: int
    customer_id: int | None
    natural_minor: int
    type_code: str
    master_id: int
    card_id: int | None
    return_code: str
    status: str


def header(written_at: datetime, zone: ZoneInfo, program: str, count: int) -> str:
    """The first row: what the file is, when it was written, whose it is, and how many rows follow."""
    plain = "".join(letter if " " <= letter <= "~" else "?" for letter in program)
    text = f"H{FILE_KIND:<20}{_time(written_at, zone)}{plain[:50]:<50}{count:09}"
    return f"{text:<{ROW_WIDTH}}"


def row_of_money(event: EventRow, moved: Moved, zone: ZoneInfo) -> str:
    """A row about a transaction."""
    status = (event.after or {}).get("status") or event.kind.partition(".")[2].capitalize()
    return _row(
        event,
        zone,
        number=number_of(event, moved),
        moved=moved,
        status=status,
        return_code=(event.after or {}).get("return_code", "")
        or (moved.return_code if status == "Voided" else ""),
    )


def row_of_account(event: EventRow, customer_id: int, zone: ZoneInfo) -> str:
    """A row about an account that was changed in other ways than by money."""
    blank = Moved(0, 0, event.subject_id, customer_id, 0, "", 0, None, "", "")
    return _row(event, zone, number=ACCOUNT_MODIFIED, moved=blank, status=event.kind.partition(".")[2])


def row_of_card(event: EventRow, zone: ZoneInfo) -> str:
    """A row about what was asked of a card and moved nothing."""
    said: dict[str, Any] = event.after or {}
    blank = Moved(
        0, 0, _whole(said.get("account_id")), _whole(said.get("customer_id")),
        -_whole(said.get("amount_minor")), "", 0, event.subject_id, "", "",
    )  # fmt: skip
    return _row(event, zone, number=OF_CARDS[event.kind], moved=blank, status=event.kind.partition(".")[2])


def number_of(event: EventRow, moved: Moved) -> int:
    """The platform's number for what happened."""
    if event.before is not None or event.kind == "bank_transfer.returned":
        return MODIFIED
    is_credit, start = moved.natural_minor > 0, moved.type_code[:3]
    if moved.customer_id is None:
        return PROGRAM_DEPOSIT if is_credit else PROGRAM_WITHDRAWAL
    if start == AUTHORISATION:
        return CARD_AUTHORISED
    if start == REVERSAL:
        return WITHDRAWAL_REVERSED if is_credit else DEPOSIT_REVERSED
    if start == CARD:
        return CARD_DEPOSIT if is_credit else CARD_WITHDRAWAL
    if moved.type_code.endswith(BETWEEN):
        return TRANSFER
    return DEPOSIT if is_credit else WITHDRAWAL


def _row(
    event: EventRow, zone: ZoneInfo, *, number: int, moved: Moved, status: str, return_code: str = ""
) -> str:
    side = " " if moved.natural_minor == 0 else ("C" if moved.natural_minor > 0 else "D")
    text = (
        f"D{event.seq:019}{number:03}{_time(event.at, zone)}"
        f"{moved.customer_id or 0:010}{moved.account_id:010}{moved.card_id or 0:010}"
        f"{moved.transaction_id:019}{moved.master_id:019}"
        f"{abs(moved.natural_minor):015}{side}{moved.type_code[:6]:<6}{status[:16]:<16}{return_code[:3]:<3}"
    )
    return f"{text:<{ROW_WIDTH}}"


def _time(at: datetime, zone: ZoneInfo) -> str:
    """The bank's wall clock to the second: `yyyyMMddHHmmss`."""
    return f"{at.astimezone(zone):%Y%m%d%H%M%S}"


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
