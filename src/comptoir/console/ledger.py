"""The ledger: its accounts with their balances, and one account as a T, with the balance after each movement."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, badge, flag, text
from comptoir.console.filters import choice, contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import CSV_PAGE, CSV_ROWS_MAX, Listing, Sort, show_list, written
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import in_words, written_minor, written_when
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.explaining.balances import balance_before
from comptoir.domain.explaining.money_rows import PostedRow
from comptoir.domain.explaining.movements import list_movements
from comptoir.domain.identity.permissions import BOOKS
from comptoir.domain.ledger.models import ACCOUNT_KINDS, DEBIT_KINDS, Account
from comptoir.domain.ledger.own import OWN, close_own_account, open_own_account
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

PARTS = (
    ("Accounts", "/ledger"),
    ("Transfers", "/ledger/transfers"),
    ("Trial balance", "/ledger/trial"),
    ("Books check", "/ledger/books"),
)
MOVEMENTS = ("Day", "Transfer", "What for", "Debit", "Credit", "Balance")
PAGE = 50


def _balance(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    posted, kind, currency, key = row
    return _natural(posted if kind in DEBIT_KINDS else -posted, currency, key, "balance")


def _available(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    posted, kind, out, held, currency, key = row
    return _natural((posted if kind in DEBIT_KINDS else -posted) - out - held, currency, key, "available")


def _natural(minor: int, currency: str, key: int, what: str) -> Cell:
    link = explain_at("account", key, what)
    return Cell(written_minor(minor, currency), "number", f"{decimal_of_minor(minor, currency)}", link)


ACCOUNTS = Listing(
    "accounts",
    "Ledger",
    "/ledger/accounts",
    Account,
    columns=(
        text("Code", Account.code),
        text("Name", Account.name),
        badge("Kind", Account.kind),
        Column(
            "Balance", _balance, (Account.posted_minor, Account.kind, Account.currency, Account.id)
        ),
        Column(
            "Available",
            _available,
            (
                Account.posted_minor, Account.kind, Account.pending_out_minor, Account.held_minor,
                Account.currency, Account.id,
            ),
        ),
        flag("State", Account.is_closed, "closed", "open"),
    ),
    sorts=(
        Sort("code", "by code", Account.code),
        Sort("oldest", "number", Account.id),
        Sort("newest", "newest first", Account.id, falls=True),
    ),
    filters=(
        contains("code", "Code", Account.code),
        contains("name", "Name", Account.name),
        choice("kind", "Kind", Account.kind, ACCOUNT_KINDS),
        flag_filter("closed", "State", Account.is_closed, yes="closed", no="open"),
    ),
    area=BOOKS,
    make="New account",
    empty="Accounts are opened when something is posted to them first.",
)  # fmt: skip
NEW = Form(
    "new",
    (
        Field(
            "code", "Code", required=True, hint=f"Small letters, digits and dashes; {OWN} is put before it."
        ),
        Field("name", "Name", required=True),
        Field("kind", "Kind", kinds.choice(ACCOUNT_KINDS), required=True),
        Field("currency", "Currency", hint="Three letters; the shop's when it is left empty."),
    ),
    button="Open the account",
)


class Movement(NamedTuple):
    """One movement on an account, with the balance after it."""

    row: PostedRow
    balance_minor: int


def parts_of(visit: Visit) -> list[tuple[str, str, bool]]:
    """The parts of the ledger's pages."""
    here = visit.asked.path.rstrip("/")
    return [(title, address_of(path), here == address_of(path)) for title, path in PARTS]


def show_accounts(visit: Visit) -> Answer:
    """Every account."""
    answer = show_list(ACCOUNTS)(visit)
    if not isinstance(answer, Shown):
        return answer
    return Shown("ledger_list.html", {**answer.values, "ledger_parts": parts_of(visit)})


def show_account(visit: Visit) -> Answer:
    """One account: its balances, and its movements with the newest first. Refuses: AccountNotFound, NotExplained."""
    account = get_account(visit.tx, visit.id)
    if visit.asked.said("format") == "csv":
        return _as_csv(visit, account)
    before = _number(visit.asked.said("before"))
    movements = movements_of(visit.tx, account, before=before, limit=PAGE + 1)
    following = None
    if len(movements) > PAGE:
        following = visit.asked.again(before=str(movements[PAGE - 1].row.id))
    return Shown(
        "ledger_account.html",
        {
            "title": account.name or account.code,
            "account": account,
            "titles": MOVEMENTS,
            "lines": [_cells(visit.shop, account, one) for one in movements[:PAGE]],
            "part": {"following": following, "preceding": visit.asked.path if before else None},
            "csv": visit.asked.again(format="csv", before=None),
            "is_own": account.code.startswith(OWN),
            "happened": list_events_of(visit.tx, subject="account", subject_id=account.id),
        },
    )


def movements_of(tx: Tx, account: Standing, *, before: int, limit: int) -> list[Movement]:
    """Movements before a posting, the newest first, each with the balance after it. Refuses: NotExplained."""
    rows = list_movements(tx, account.id, before=before, limit=limit)
    posted = balance_before(tx, account, before) if before else account.posted_minor
    movements = []
    for row in rows:
        movements.append(Movement(row, account.natural(posted)))
        posted -= row.amount_minor
    return movements


def _cells(shop: ShopFacts, account: Standing, one: Movement) -> list[Cell]:
    row = one.row
    amount = Cell(
        written_minor(abs(row.amount_minor), row.currency), "number",
        f"{decimal_of_minor(abs(row.amount_minor), row.currency)}", explain_at("posting", row.id, "amount"),
    )  # fmt: skip
    empty = Cell("", "number")
    balance = Cell(
        written_minor(one.balance_minor, account.currency), "number",
        f"{decimal_of_minor(one.balance_minor, row.currency)}", explain_at("posting", row.id, "balance"),
    )  # fmt: skip
    what_for = in_words(row.transfer_kind)
    return [
        Cell(written_when(row.posted_at, shop), "when"),
        Cell(str(row.transfer_id), "text", link=link_to("transfer", row.transfer_id)),
        Cell(f"{what_for}: {row.memo}" if row.memo else what_for),
        amount if row.amount_minor > 0 else empty,
        amount if row.amount_minor < 0 else empty,
        balance,
    ]


def _as_csv(visit: Visit, account: Standing) -> Sent:
    """Every movement, the newest first, with the balance after it."""
    shop = visit.shop

    def pages() -> Iterator[bytes]:
        yield written([["posting", *MOVEMENTS]])
        before, balance = 0, account.balance_minor
        for _ in range(CSV_ROWS_MAX // CSV_PAGE):

            def take(tx: Tx, before: int = before) -> list[PostedRow]:
                return list_movements(tx, account.id, before=before, limit=CSV_PAGE)

            rows = visit.read(take)
            lines = []
            for row in rows:
                cells = _cells(shop, account, Movement(row, balance))
                lines.append([str(row.id), *(cell.csv for cell in cells)])
                balance -= account.natural(row.amount_minor)
            yield written(lines)
            if len(rows) < CSV_PAGE:
                return
            before = rows[-1].id

    return Sent("text/csv; charset=utf-8", pages(), f"account-{account.id}.csv")


def _number(typed: str) -> int:
    return kinds.record_number(typed) or 0


def show_new(visit: Visit) -> Answer:
    """The form for an account of one's own."""
    filled = NEW.filled(visit, address_of("/ledger/accounts/new"))
    return Shown(
        "form.html", {"title": "New account", "way": [("Ledger", address_of("/ledger"))], "filled": filled}
    )


def make(visit: Visit) -> Answer:
    """Open an account of one's own. Refuses: Problems, Invalid, AccountCodeTaken."""
    values = NEW.read(visit)
    values["currency"] = values["currency"].upper() or None
    account_id = open_own_account(visit.tx, **values)
    return Gone(address_of(f"/ledger/accounts/{account_id}"), "The account was opened.")


def close(visit: Visit) -> Answer:
    """Close an account of one's own. Refuses: AccountNotFound, NotForEntries, AccountClosed, AccountNotEmpty."""
    close_own_account(visit.tx, account_id=visit.id)
    return Gone(address_of(f"/ledger/accounts/{visit.id}"), "The account was closed.")


PAGES = (
    Page("/ledger", show_accounts, BOOKS),
    Page("/ledger/accounts", show_accounts, BOOKS),
    Page("/ledger/accounts/new", show_new, BOOKS),
    Act("/ledger/accounts/new", make, BOOKS, show_new),
    Page("/ledger/accounts/{id:digits}", show_account, BOOKS),
    Act("/ledger/accounts/{id:digits}/close", close, BOOKS, show_account),
)
