"""What a statement says, put together from what was read: opening plus movements is closing, or it is not made.

Amounts are minor units told from the account's own side: what makes the balance larger is above zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.banking.statements.gathering import (
    AccountRow,
    AddressRow,
    HolderRow,
    MovementRow,
    OpeningRow,
)
from comptoir.domain.banking.statements.kinds import is_fee, is_interest, is_withheld
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.wording import worded
from comptoir.domain.countries import country_name, country_of
from comptoir.domain.ledger.models import DEBIT_KINDS

# Where statements go first.
ADDRESS_ORDER = ("mailing", "residence", "business")
HOME = "USA"
BUSINESS_NAMES = ("business_legal_name", "doing_business_as")
MASK = "*" * 8
DIGITS_SHOWN = 4

Facts = dict[str, Any]


class Span(NamedTuple):
    """A period as moments of the bank's own zone."""

    period: Period
    zone: ZoneInfo
    begins_at: datetime
    ends_at: datetime

    def day(self, at: datetime) -> date:
        """The bank's day of a moment."""
        return at.astimezone(self.zone).date()


class Earlier(NamedTuple):
    """Where an account stood when the statement before this one was made.

    `year` are the sums of the year so far. Whatever has a transfer's number from `first_id` on was not
    final then; numbers above `through_id` were not given yet.
    """

    balance_minor: int
    interest_minor: int
    withheld_minor: int
    fees_minor: int
    first_id: int
    through_id: int


def span_of(period: Period, zone: ZoneInfo) -> Span:
    """A period in a zone."""
    return Span(period, zone, period.begins_at(zone), period.ends_at(zone))


def earlier_of(statements: Iterable[Mapping[str, Any]], *, is_new_year: bool) -> dict[int, Earlier]:
    """Where accounts stood when these statements were made, by account."""
    found = {}
    for facts in statements:
        for one in facts["accounts"]:
            interest, withheld, fees = (0 if is_new_year else one["year"][name] for name in SUMS)
            found[one["account_id"]] = Earlier(
                one["closing_minor"], interest, withheld, fees, one["first_id"], facts["through_id"]
            )
    return found


SUMS = ("interest_minor", "withheld_minor", "fees_minor")


# Where an account stands that was opened with nothing on it: all that is ever written down is told.
NOTHING = Earlier(0, 0, 0, 0, 0, 0)


def is_new(span: Span, account: AccountRow) -> bool:
    """Whether an account was opened in the period, and not in the books before."""
    return account.created_at >= span.begins_at and account.created_at == account.ledger_created_at


def earlier_by_ledger(account: AccountRow, opening: OpeningRow, through_id: int) -> Earlier:
    """Where an account of which nothing was told yet stood when the period began."""
    sign = _sign(account)
    return Earlier(
        sign * opening.posted_minor, sign * opening.interest_minor, -sign * opening.withheld_minor,
        -sign * opening.fees_minor, 0, through_id,
    )  # fmt: skip


def statement_facts(
    span: Span,
    program: ProgramFacts,
    holder: HolderRow,
    addresses: Sequence[AddressRow],
    accounts: Sequence[Facts],
    *,
    currency: str,
    through_id: int,
) -> Facts:
    """All that a statement of accounts says."""
    return {
        **heading(span, program, holder, addresses, currency=currency),
        "through_id": through_id,
        "accounts": list(accounts),
    }


def heading(
    span: Span,
    program: ProgramFacts,
    holder: HolderRow,
    addresses: Sequence[AddressRow],
    *,
    currency: str,
) -> Facts:
    """Who writes to whom about when."""
    return {
        "bank": {"name": program.bank_name, "phone": program.bank_phone, "url": program.bank_url},
        "program": program.name,
        "customer": {
            "id": holder.customer_id,
            "name": holder_name(holder),
            "address": address_lines(holder, addresses),
        },
        "currency": currency,
        "time_zone": program.time_zone,
        "begins_on": span.period.begins_on.isoformat(),
        "ends_on": span.period.ends_on.isoformat(),
    }


def account_facts(
    span: Span, account: AccountRow, rows: Sequence[MovementRow], earlier: Earlier, *, newest_id: int
) -> Facts:
    """What a statement says of one account: opening plus movements is closing."""
    sign = _sign(account)
    told, open_ids = _told(span, rows, earlier, newest_id)
    movements: list[tuple[int, str, str, int, int, str]] = []
    balance = earlier.balance_minor
    sums = dict.fromkeys(SUMS, 0)
    for row in told:
        amount = sign * row.amount_minor
        balance += amount
        assert row.posted_at is not None, row.transaction_id
        on = span.day(row.posted_at).isoformat()
        words, type_ = worded(row, is_credit=amount > 0)
        movements.append((row.transaction_id, on, words, amount, balance, type_))
        for name, value in _counted(row, amount):
            sums[name] += value
    moved = [movement[3] for movement in movements]
    assert earlier.balance_minor + sum(moved) == balance, account.account_id
    return {
        "account_id": account.account_id,
        "name": account.name,
        "type": account.type,
        "number": masked(account.account_number),
        "titles": [name for name in (account.legal_name1, account.legal_name2) if name],
        "opened_on": span.day(account.created_at).isoformat(),
        "closed_on": _closed_on(span, account),
        "opening_minor": earlier.balance_minor,
        "closing_minor": balance,
        "in_minor": sum(amount for amount in moved if amount > 0),
        "out_minor": -sum(amount for amount in moved if amount < 0),
        **sums,
        "year": {name: getattr(earlier, name) + sums[name] for name in SUMS},
        "first_id": min(open_ids, default=newest_id + 1),
        "movements": movements,
    }


def holder_name(holder: HolderRow) -> str:
    """A holder's name as it stands on paper."""
    parts = (holder.first_name, holder.middle_name, holder.last_name, holder.suffix)
    person = " ".join(part.strip() for part in parts if part.strip())
    names = [holder.details.get(name) for name in BUSINESS_NAMES] if holder.is_business else []
    business = next((str(name) for name in names if name), "")
    return business or person or f"Customer {holder.customer_id}"


def address_lines(holder: HolderRow, addresses: Sequence[AddressRow]) -> list[str]:
    """The address to write to, line by line: one of the bank's, or else the shop's; none when there is none."""

    def rank(address: AddressRow) -> int:
        kind = address.address_type.lower()
        return ADDRESS_ORDER.index(kind) if kind in ADDRESS_ORDER else len(ADDRESS_ORDER)

    of_shop = AddressRow(
        holder.customer_id, "", holder.address1, holder.address2, holder.city, holder.state, holder.postcode,
        holder.country,
    )  # fmt: skip
    chosen = min(addresses, key=rank, default=of_shop)
    place = " ".join(part for part in (chosen.state, chosen.postal_code) if part)
    city = ", ".join(part for part in (chosen.city, place) if part)
    abroad = _abroad(chosen.country)
    return [line for line in (chosen.line1, chosen.line2, city, abroad) if line]


def _abroad(country: str) -> str:
    """The country of a letter that leaves the bank's own."""
    code = country_of(country) if country else HOME
    return "" if code == HOME else country_name(code).upper() or country


def masked(number: str) -> str:
    """A number of which only the end is shown (reference 4.3)."""
    return MASK + number[-DIGITS_SHOWN:]


def _sign(account: AccountRow) -> int:
    """What makes a debit of an account larger (1) or smaller (-1)."""
    return 1 if account.kind in DEBIT_KINDS else -1


def _closed_on(span: Span, account: AccountRow) -> str | None:
    if account.closed_at is None or account.closed_at >= span.ends_at:
        return None
    return span.day(account.closed_at).isoformat()


def _told(
    span: Span, rows: Sequence[MovementRow], earlier: Earlier, newest_id: int
) -> tuple[list[MovementRow], list[int]]:
    """The movements that belong on this statement, and the transfers that a later one has to look at.

    What was written down after the statement before, but counts from before it, is told now.
    """
    told, open_ids = [], []
    for row in rows:
        if row.transfer_id > newest_id:
            continue
        if row.posted_at is None or row.posted_at >= span.ends_at:
            open_ids.append(row.transfer_id)
        elif row.posted_at >= span.begins_at or row.transfer_id > earlier.through_id:
            told.append(row)
    return told, open_ids


def _counted(row: MovementRow, amount: int) -> Iterable[tuple[str, int]]:
    if is_interest(row.type_code):
        yield "interest_minor", amount
    elif is_withheld(row.type_code):
        yield "withheld_minor", -amount
    elif is_fee(row.kind, row.type_code, row.fee_code):
        yield "fees_minor", -amount
