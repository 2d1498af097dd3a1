"""What makes the amounts of a statement: its accounts, their movements, and the balance after each of these.

An account of statement 84 is called `84.43`, a movement on it `84.43.9931`: what a statement says never changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, literal, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.statements.errors import StatementNotFound
from comptoir.domain.banking.statements.kinds import (
    IS_INTEREST,
    IS_WITHHELD,
    is_fee,
    is_interest,
    is_withheld,
)
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor, shortened
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

OPENING, CLOSING, IN, OUT = "opening", "closing", "in", "out"
INTEREST, FEES, WITHHELD, BALANCE = "interest", "fees", "withheld", "balance"
TOTALS = (CLOSING, OPENING, IN, OUT)
OF_ACCOUNT = (*TOTALS, INTEREST, FEES, WITHHELD)
OF_TAX_FORM = (INTEREST, WITHHELD)
# So many movements at once are looked up.
MANY = 5_000

GET_STATEMENT = select(
    Statement.id, Statement.customer_id, Statement.type, Statement.year, Statement.month, Statement.facts
).where(Statement.id == bindparam("statement_id"))
# What sort of movement a posting was.
SORTS = (
    select(Posting.id, Transfer.kind, BankTransfer.type_code, BankTransfer.fee_code)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .outerjoin(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(among(Posting.id, "ids"))
)


def _earned(condition: Any) -> Select[Any]:
    """What the accounts of a customer earned in a year, or what was withheld of it."""
    return (
        select(BankAccount.account_id, BankAccount.name, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == BankAccount.account_id)
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .join(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
        .where(
            BankAccount.customer_id == bindparam("customer_id"),
            condition,
            Transfer.state == literal(POSTED),
            Transfer.posted_at >= bindparam("begins_at"),
            Transfer.posted_at < bindparam("ends_at"),
        )
        .group_by(BankAccount.account_id, BankAccount.name)
        .order_by(BankAccount.account_id)
    )


EARNED = {INTEREST: _earned(IS_INTEREST), WITHHELD: _earned(IS_WITHHELD)}


class Kept(NamedTuple):
    """A statement with what it says."""

    id: int
    customer_id: int
    type: str
    year: int
    month: int
    facts: dict[str, Any]

    @property
    def amounts(self) -> tuple[str, ...]:
        """The amounts that it tells over all accounts; a tax form tells of none of them."""
        return TOTALS if "accounts" in self.facts else OF_TAX_FORM

    @property
    def when(self) -> str:
        """From when to when."""
        return f"{self.facts['begins_on']} to {self.facts['ends_on']}"

    @property
    def currency(self) -> str:
        """What it is told in."""
        return str(self.facts["currency"])


class Movement(NamedTuple):
    """A movement as a statement tells it, from the account's own side."""

    posting_id: int
    on: str
    words: str
    amount_minor: int
    balance_minor: int
    type: str


def get_kept(tx: Tx, statement_id: int) -> Kept:
    """A statement as it was written down. Refuses: StatementNotFound."""
    row = tx.one(GET_STATEMENT, statement_id=statement_id)
    if row is None:
        raise StatementNotFound(statement_id)
    return Kept(*row)


def explain_statement(tx: Tx, statement_id: int, what: str) -> Explanation:
    """A total of a statement over its accounts, or what a tax form tells. Refuses: StatementNotFound, NotExplained."""
    kept = get_kept(tx, statement_id)
    if what not in kept.amounts:
        raise NotExplained(what)
    if "accounts" not in kept.facts:
        return Explanation(_of_year(tx, kept, what))
    accounts = kept.facts["accounts"]
    parts = [_account(kept, one, what) for one in accounts]
    total = sum(one[f"{what}_minor"] for one in accounts)
    link = Link("bank_statement", kept.id)
    return Explanation(minor(what, total, kept.currency, why=kept.when, link=link, parts=parts))


def explain_statement_account(tx: Tx, id: str, what: str, after: int = 0) -> Explanation:
    """What a statement says of one account, page by page. Refuses: StatementNotFound, NotExplained."""
    kept, facts, rest = _account_named(tx, id)
    if what not in OF_ACCOUNT or rest:
        raise NotExplained(what)
    if what in TOTALS:
        return Explanation(_account(kept, facts, what, after))
    nodes = _counted(tx, kept, facts, what)
    parts = shortened(nodes, kept.currency, _ask(kept, facts, what), after)
    return Explanation(_told(kept, facts, what, parts))


def explain_statement_line(tx: Tx, id: str, what: str, after: int = 0) -> Explanation:
    """The balance that a statement tells after a movement. Refuses: StatementNotFound, NotExplained."""
    kept, facts, rest = _account_named(tx, id)
    movements = _movements(facts)
    place = next((place for place, one in enumerate(movements) if rest == [one.posting_id]), None)
    if what != BALANCE or place is None:
        raise NotExplained(what if what != BALANCE else f"of movement {id}")
    # The newest first, as balances are told elsewhere.
    moved = [_movement(one, 1, kept.currency) for one in movements[place::-1]]
    parts = shortened(moved, kept.currency, Ask("statement_line", id, BALANCE), after)
    parts.append(minor(OPENING, facts["opening_minor"], kept.currency))
    return Explanation(
        minor(
            "balance after it", movements[place].balance_minor, kept.currency,
            why=f"{facts['name']} {facts['number']}, {kept.when}",
            link=Link("bank_statement", kept.id), parts=parts,
        )
    )  # fmt: skip


def _account_named(tx: Tx, id: str) -> tuple[Kept, dict[str, Any], list[int]]:
    """A statement, what it says of an account, and what else is named. Refuses: StatementNotFound, NotExplained."""
    texts = id.split(".")
    if not all(text.isascii() and text.isdigit() and len(text) < len(str(10**18)) for text in texts):
        raise NotExplained(f"of {id}")
    statement_id, account_id, *rest = (*map(int, texts), 0)
    kept = get_kept(tx, statement_id)
    for one in kept.facts.get("accounts", ()):
        if one["account_id"] == account_id:
            return kept, one, rest[:-1]
    raise NotExplained(f"of {id}")


def _movements(facts: Mapping[str, Any]) -> list[Movement]:
    return [Movement(*one) for one in facts["movements"]]


def _account(kept: Kept, facts: Mapping[str, Any], what: str, after: int = 0) -> Node:
    """One account: opening plus movements is closing."""
    if what == OPENING:
        return _told(kept, facts, what, ())
    sign = -1 if what == OUT else 1
    moved = [
        _movement(one, sign, kept.currency)
        for one in _movements(facts)
        if what == CLOSING or sign * one.amount_minor > 0
    ]
    parts = shortened(moved, kept.currency, _ask(kept, facts, what), after)
    if what == CLOSING:
        parts.insert(0, minor(OPENING, facts["opening_minor"], kept.currency))
    return _told(kept, facts, what, parts)


def _told(kept: Kept, facts: Mapping[str, Any], what: str, parts: Sequence[Node]) -> Node:
    return minor(
        f"{facts['name']} {facts['number']}", facts[f"{what}_minor"], kept.currency,
        why=f"{what}, {kept.when}", link=Link("bank_account", facts["account_id"]), parts=parts,
        ask=_ask(kept, facts, what),
    )  # fmt: skip


def _ask(kept: Kept, facts: Mapping[str, Any], what: str) -> Ask:
    return Ask("statement_account", f"{kept.id}.{facts['account_id']}", what)


def _movement(movement: Movement, sign: int, currency: str) -> Node:
    ask = Ask("posting", movement.posting_id, "amount")
    return minor(movement.words, sign * movement.amount_minor, currency, why=movement.on, ask=ask)


def _counted(tx: Tx, kept: Kept, facts: Mapping[str, Any], what: str) -> list[Node]:
    """The movements that a statement counts as interest, as tax withheld, or as fees."""
    movements = _movements(facts)
    sorts: dict[int, str | None] = {}
    for first in range(0, len(movements), MANY):
        ids = [one.posting_id for one in movements[first : first + MANY]]
        sorts |= {key: _sort(*row) for key, *row in tx.all(SORTS, ids=ids)}
    sign = 1 if what == INTEREST else -1
    found = [one for one in movements if sorts.get(one.posting_id) == what]
    return [_movement(one, sign, kept.currency) for one in found]


def _sort(kind: str, type_code: str | None, fee_code: str | None) -> str | None:
    if is_interest(type_code):
        return INTEREST
    if is_withheld(type_code):
        return WITHHELD
    return FEES if is_fee(kind, type_code, fee_code) else None


def _of_year(tx: Tx, kept: Kept, what: str) -> Node:
    """What a tax form tells, by the accounts that it was earned on."""
    period, zone = Period(kept.type, kept.year, kept.month), ZoneInfo(kept.facts["time_zone"])
    bounds = {"begins_at": period.begins_at(zone), "ends_at": period.ends_at(zone)}
    sign = -1 if what == INTEREST else 1
    parts = [
        minor(
            name or f"account {account_id}",
            sign * int(total),
            kept.currency,
            link=Link("bank_account", account_id),
        )
        for account_id, name, total in tx.all(EARNED[what], customer_id=kept.customer_id, **bounds)
    ]
    return minor(
        what, kept.facts[f"{what}_minor"], kept.currency, why=kept.when,
        link=Link("bank_statement", kept.id), parts=parts, rest="booked since the form was made",
    )  # fmt: skip
