"""What moved on one account, newest first, with the balance after each movement; as a page, or as a file."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.asking import Asked
from comptoir.console.bank_accounts import WAY, tabs_of, title_of
from comptoir.console.bank_parts import amount, at, masked, money, what
from comptoir.console.cells import Cell
from comptoir.console.filters import Input, value_of
from comptoir.console.listing import Part, place_of, written
from comptoir.console.places import link_to
from comptoir.console.rendering import in_words
from comptoir.console.visits import Answer, Page, Sent, Shown, Visit
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.beside import Place, places_among
from comptoir.domain.banking.transfers.account_lines import IN, OUT, Line, Lines, Narrow, list_lines
from comptoir.domain.banking.transfers.transactions import NUMBER_MAX
from comptoir.domain.banking.transfers.type_codes import CATALOGUE
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

SIZE = 50
# A name stays with the end of its number.
NARROW = "\N{NO-BREAK SPACE}"
CSV_SIZE, CSV_PAGES_MAX = 1_000, 1_000
TYPES = {code: f"{text.type} ({code})" for code, text in CATALOGUE.items()}
DIRECTIONS = {IN: "in", OUT: "out"}
TITLES = ("When", "What", "From or to", "Amount", "Balance after", "Status", "Transfer")
CSV_TITLES = (
    "id", "when", "type", "description", "counterpart", "amount", "balance", "status", "tag", "transfer",
)  # fmt: skip


class Asking(NamedTuple):
    """What is asked for: the fields above the table, what they come to, and what is wrong."""

    inputs: list[Input]
    narrow: Narrow
    problems: list[str]


class OneSort(NamedTuple):
    """The table has one order."""

    name: str = "newest"


class Head(NamedTuple):
    """What the filters' macro needs to know of a list."""

    sorts: tuple[OneSort, ...] = (OneSort(),)
    name: str = "bank-account-lines"
    columns: tuple[Any, ...] = ()


def show_transactions(visit: Visit) -> Answer:
    """The lines of an account."""
    account = get_bank_account(visit.tx, visit.id)
    asking = asked_of(visit.asked, visit.shop)
    if visit.asked.said("format") == "csv":
        return as_csv(visit, account.standing, asking.narrow)
    found = Lines([])
    if not asking.problems:
        past, before = place_of(visit, "past"), place_of(visit, "before")
        found = list_lines(
            visit.tx, account.standing, asking.narrow, size=SIZE, past=past, before=before,
            balance_minor=known_balance(visit, before or past or 0),
        )  # fmt: skip
    again = visit.asked.again
    part = Part(
        [],
        None
        if found.following is None
        else again(
            past=str(found.following), before=None, balance=told(visit, found.following, found.before_minor)
        ),
        None
        if found.preceding is None
        else again(
            before=str(found.preceding), past=None, balance=told(visit, found.preceding, found.after_minor)
        ),
    )
    values = {
        "title": title_of(account), "way": WAY, "tab_entries": tabs_of(account.account_id, "/transactions"),
        "facts": balances(visit.shop, account.account_id, account.standing), "listing": Head(),
        "inputs": asking.inputs, "list_problems": asking.problems, "titles": TITLES,
        "is_narrowed": any(one.value for one in asking.inputs), "part": part, "sort": OneSort(),
        "rows": rows_of(visit.tx, account.account_id, found.rows),
        "csv": again(format="csv", past=None, before=None, balance=None),
        "is_whole": asking.narrow.is_whole,
    }  # fmt: skip
    return Shown("bank_transactions.html", values)


def told(visit: Visit, edge: int, minor: int | None) -> str | None:
    """A balance as it goes along to the next page, so that nothing is added up again; sealed, so that it is ours."""
    return None if minor is None else f"{minor}.{_seal(visit, edge, minor)}"


def known_balance(visit: Visit, edge: int) -> int | None:
    """The balance that came along from another page, if it is ours and of this place."""
    written_minor, _, seal = visit.asked.said("balance").partition(".")
    digits = written_minor.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < len(str(NUMBER_MAX))):
        return None
    minor = int(written_minor)
    return (
        minor if compare_digest(seal.encode("utf-8", "replace"), _seal(visit, edge, minor).encode()) else None
    )


def _seal(visit: Visit, edge: int, minor: int) -> str:
    said = f"{visit.shop.name}:{visit.id}:{edge}:{minor}".encode("utf-8", "replace")
    return blake2b(said, key=visit.home.secret[:64], digest_size=8, person=b"lines").hexdigest()


def balances(shop: ShopFacts, key: int, standing: Standing) -> list[Any]:
    """How the account stands."""
    return [
        amount(shop, "Balance", standing.balance_minor, ("bank_account", key, "balance")),
        amount(shop, "Available", standing.available_minor, ("bank_account", key, "available")),
        amount(shop, "On its way in", standing.pending_in_minor, ("bank_account", key, "pending_in")),
        amount(shop, "On its way out", standing.pending_out_minor, ("bank_account", key, "pending_out")),
        amount(shop, "Held", standing.held_minor, ("bank_account", key, "held")),
    ]


def rows_of(tx: Tx, account_id: int, lines: list[Line]) -> list[list[Cell]]:
    """The lines as they are shown."""
    places = places_among(tx, [one for line in lines for one in (line.from_id, line.to_id)])
    shown = []
    for line in lines:
        other = counterpart(line, account_id, places)
        is_banks = line.type_code is not None
        link = link_to("bank_transfer" if is_banks else "transfer", line.transfer_id)
        shown.append(
            [
                at(tx.shop, line.posted_at or line.created_at),
                Cell(words_of(line)),
                Cell(name_of(other), link=None if other is None else place_link(other)),
                money(tx.shop, line.amount_minor, ("posting", line.id, "amount")),
                money(tx.shop, line.balance_minor, ("posting", line.id, "balance")),
                Cell(status_of(line), "badge"),
                Cell(str(line.transfer_id), link=link),
            ]
        )
    return shown


def counterpart(line: Line, account_id: int, places: dict[int, Place]) -> Place | None:
    """Who is at the other end."""
    other = line.from_id if line.to_id == account_id else line.to_id
    return None if other is None else places.get(other)


def place_link(place: Place) -> str | None:
    """Where an end of a transfer is shown."""
    return link_to("account" if place.kind == "program_account" else place.kind, place.id)


def name_of(place: Place | None) -> str:
    """What an end of a transfer is called."""
    return "" if place is None else f"{place.name}{NARROW}{masked(place.number)}".strip()


def words_of(line: Line) -> str:
    """What a line is about."""
    type_ = in_words(line.kind) if line.type_code is None else what(line.type_code)
    said = line.description or line.memo
    returned = f" ({line.return_code})" if line.return_code else ""
    return f"{type_}: {said}{returned}" if said else f"{type_}{returned}"


def status_of(line: Line) -> str:
    """What became of it."""
    return line.status or line.state


def asked_of(asked: Asked, shop: ShopFacts) -> Asking:
    """Read the fields above the table."""
    query = asked.query
    said = {
        name: value_of(query, name) for name in ("day_from", "day_to", "type", "way", "amount_from", "amount_to")
    }  # fmt: skip
    inputs = [
        Input("day_from", "From", "date", said["day_from"]),
        Input("day_to", "to", "date", said["day_to"]),
        Input("type", "Type", "select", said["type"], (("", "any"), *TYPES.items())),
        Input("way", "In or out", "select", said["way"], (("", "both"), *DIRECTIONS.items())),
        Input("amount_from", "Amount from", "decimal", said["amount_from"]),
        Input("amount_to", "to", "decimal", said["amount_to"]),
    ]
    problems = []
    try:
        begin, end = midnight(said["day_from"], shop), midnight(said["day_to"], shop, days=1)
    except (ValueError, OverflowError):
        problems.append("Days must be such as 2026-01-31.")
        begin = end = None
    try:
        least, most = minor_of(said["amount_from"], shop, 0), minor_of(said["amount_to"], shop, NUMBER_MAX)
    except ValueError:
        problems.append("Amounts must be such as 12.50.")
        least, most = 0, NUMBER_MAX
    if (said["type"] and said["type"] not in TYPES) or (said["way"] and said["way"] not in DIRECTIONS):
        problems.append("Type, or in or out, is none of these.")
    return Asking(inputs, Narrow(begin, end, said["type"], said["way"], least, most), problems)


def midnight(written_day: str, shop: ShopFacts, days: int = 0) -> datetime | None:
    """When a day begins in the shop's zone, or the one so many days later. Refuses (ValueError, OverflowError)."""
    if not written_day:
        return None
    return datetime.combine(date.fromisoformat(written_day) + timedelta(days=days), time(), shop.zone)


def minor_of(typed: str, shop: ShopFacts, otherwise: int) -> int:
    """An amount in minor units. Refuses (ValueError)."""
    return abs(kinds.read_minor(typed, shop)) if typed else otherwise


def as_csv(visit: Visit, account: Standing, narrow: Narrow) -> Sent:
    """All lines that are asked for, a page at a time; each begins with the balance that the one before ended with."""
    account_id = account.id

    def pages() -> Iterator[bytes]:
        yield written([CSV_TITLES])
        past: int | None = None
        balance: int | None = None
        for _ in range(CSV_PAGES_MAX):

            def take(tx: Tx, past: int | None = past, balance: int | None = balance) -> tuple[Lines, bytes]:
                standing = get_bank_account(tx, account_id).standing
                found = list_lines(tx, standing, narrow, past=past, size=CSV_SIZE, balance_minor=balance)
                return found, written(csv_rows(tx, account_id, found.rows))

            found, content = visit.read(take)
            yield content
            if found.following is None:
                return
            past, balance = found.following, found.before_minor

    return Sent("text/csv; charset=utf-8", pages(), f"account-{account_id}-transactions.csv")


def csv_rows(tx: Tx, account_id: int, lines: list[Line]) -> list[list[str]]:
    """Lines for a spreadsheet: exact amounts, times with their offset."""
    places = places_among(tx, [one for line in lines for one in (line.from_id, line.to_id)])
    currency = tx.shop.currency
    return [
        [
            str(line.id), tx.shop.local(line.posted_at or line.created_at).isoformat(),
            line.type_code or line.kind, Cell(line.description or line.memo).csv,
            Cell(name_of(counterpart(line, account_id, places))).csv,
            str(decimal_of_minor(line.amount_minor, currency)),
            "" if line.balance_minor is None else str(decimal_of_minor(line.balance_minor, currency)),
            status_of(line), Cell(line.tag or "").csv, str(line.transfer_id),
        ]
        for line in lines
    ]  # fmt: skip


PAGES = (Page("/bank/accounts/{id:digits}/transactions", show_transactions, BANK),)
