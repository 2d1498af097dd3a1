"""What makes the amounts of the bank: an account's balance and what of it is available, a statement's totals."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.statements.errors import StatementNotFound
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.ledger import explain_account
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.tx import Tx

SHOWN = 200
OPENING, CLOSING, IN, OUT = "opening", "closing", "in", "out"
GET_FACTS = select(Statement.facts).where(Statement.id == bindparam("statement_id"))


def explain_bank_account(tx: Tx, account_id: int, what: str, after: int = 0) -> Explanation:
    """An amount of a deposit account: it is the ledger's account of the same id.

    Refuses: BankAccountNotFound, NotExplained, TooFarBack.
    """
    get_bank_account(tx, account_id)
    return explain_account(tx, account_id, what, after)


def explain_statement(tx: Tx, statement_id: int, what: str) -> Explanation:
    """A total of a statement over its accounts, as it was written down.

    Refuses: StatementNotFound, NotExplained.
    """
    facts = tx.value(GET_FACTS, statement_id=statement_id)
    if facts is None:
        raise StatementNotFound(statement_id)
    accounts = facts.get("accounts")
    if what not in {OPENING, CLOSING, IN, OUT} or accounts is None:
        raise NotExplained(what)
    currency = facts["currency"]
    parts = [_account(one, what, currency) for one in accounts]
    total = sum(one[f"{what}_minor"] for one in accounts)
    why = f"{facts['begins_on']} to {facts['ends_on']}"
    link = Link("bank_statement", statement_id)
    return Explanation(minor(what, total, currency, why=why, link=link, parts=parts))


def _account(facts: Mapping[str, Any], what: str, currency: str) -> Node:
    """One account: opening plus movements is closing."""
    movements = [
        movement
        for movement in facts["movements"]
        if what == CLOSING or (what == IN and movement[3] > 0) or (what == OUT and movement[3] < 0)
    ]
    sign = -1 if what == OUT else 1
    parts = [_movement(movement, sign, currency) for movement in movements[:SHOWN]]
    if what == CLOSING:
        parts.insert(0, minor(OPENING, facts["opening_minor"], currency))
    if len(movements) > SHOWN:
        over = sum(sign * movement[3] for movement in movements[SHOWN:])
        parts.append(minor(f"{len(movements) - SHOWN} more", over, currency))
    return minor(
        f"{facts['name']} {facts['number']}", facts[f"{what}_minor"], currency,
        link=Link("bank_account", facts["account_id"]), parts=parts,
    )  # fmt: skip


def _movement(movement: Any, sign: int, currency: str) -> Node:
    transaction_id, on, words, amount, *_ = movement
    ask = Ask("posting", transaction_id, "amount")
    return minor(words, sign * amount, currency, why=on, ask=ask)
