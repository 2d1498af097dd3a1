"""What the files of a day say (reference 4.4, 4.6): fixed width, header row H, CR LF at the end of each row."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.banking.transfers.type_codes import trade_type

POSTED_NAME, BALANCES_NAME = "POSTEDTRANSACTION", "ACCOUNTBALANCE"
ROW_WIDTH = 160
TAG_WIDTH = 50
LINE_END = "\r\n"


class PostedRow(NamedTuple):
    """One transaction that was posted; the account's own side grew by `natural_minor`."""

    transaction_id: int
    account_id: int
    customer_id: int
    natural_minor: int
    posted_at: datetime
    kind: str
    master_id: int | None
    card_id: int | None
    type_code: str | None
    return_code: str | None
    tag: str | None


class BalanceRow(NamedTuple):
    """One account as it stood when the day ended."""

    account_id: int
    customer_id: int
    product_id: int
    status: str
    natural_minor: int
    tag: str | None


def posted_file(rows: Iterable[PostedRow], *, day: date, program: str, zone: ZoneInfo) -> str:
    """The transactions of a day, in the order in which they were posted."""
    return _file(POSTED_NAME, day, program, [_posted(row, zone) for row in rows])


def balances_file(rows: Iterable[BalanceRow], *, day: date, program: str) -> str:
    """The balances at the end of a day, by account."""
    return _file(BALANCES_NAME, day, program, [_balance(row) for row in rows])


def _file(name: str, day: date, program: str, rows: list[str]) -> str:
    head = f"H{name:<20}{day:%Y%m%d}{_plain(program, 50)}{len(rows):09}"
    return "".join(f"{row:<{ROW_WIDTH}}{LINE_END}" for row in (head, *rows))


def _posted(row: PostedRow, zone: ZoneInfo) -> str:
    type_code = row.type_code or trade_type(row.kind, is_credit=row.natural_minor > 0)[0]
    return (
        f"D{row.transaction_id:019}{row.account_id:010}{row.customer_id:010}{row.card_id or 0:010}"
        f"{row.master_id or 0:019}{row.posted_at.astimezone(zone):%Y%m%d%H%M%S}"
        f"{abs(row.natural_minor):015}{'C' if row.natural_minor > 0 else 'D'}{type_code[:6]:<6}"
        f"{row.return_code or '':<3.3}{_plain(row.tag or '', TAG_WIDTH)}"
    )


def _balance(row: BalanceRow) -> str:
    return (
        f"D{row.account_id:010}{row.customer_id:010}{row.product_id:010}{row.status[:16]:<16}"
        f"{abs(row.natural_minor):015}{'-' if row.natural_minor < 0 else '+'}{_plain(row.tag or '', TAG_WIDTH)}"
    )


def _plain(text: str, width: int) -> str:
    """A text without what fixed columns cannot hold, cut or filled up to its width."""
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:width].ljust(width)
