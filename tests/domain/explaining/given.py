"""Every amount of a shop explained, every tree added up again, and every way on followed."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.files.models import BankFile
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.catalogue.models import Pricing, Product
from comptoir.domain.explaining.asking import KINDS, amounts_of, explain
from comptoir.domain.explaining.nodes import Ask, Explanation, Node
from comptoir.domain.ledger.models import Account, Hold, Posting, Transfer
from comptoir.domain.ledger.trial import trial_groups
from comptoir.domain.orders.models import Order, OrderLine
from comptoir.domain.payments.models import Chargeback, GatewayAttempt, PaymentTransaction
from comptoir.domain.payouts.models import Payout, PayoutEntry
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from comptoir.domain.tx import Tx

IDS: dict[str, Select[Any]] = {
    "order": select(Order.id).where(Order.removed_at.is_(None)),
    "line": select(OrderLine.id)
    .join(Order, Order.id == OrderLine.order_id)
    .where(Order.removed_at.is_(None)),
    "refund": select(Refund.id).where(Refund.removed_at.is_(None)),
    "refund_item": select(RefundItem.id).join(Refund).where(Refund.removed_at.is_(None)),
    "payment": select(PaymentTransaction.id)
    .join(Order, Order.id == PaymentTransaction.order_id)
    .where(Order.removed_at.is_(None)),
    "enrolment": select(Enrolment.id),
    "subscription": select(Subscription.id),
    "product": select(Product.id),
    "pricing": select(Pricing.id),
    "payout": select(Payout.id),
    "payout_entry": select(PayoutEntry.id),
    "account": select(Account.id),
    "transfer": select(Transfer.id),
    "bank_account": select(BankAccount.account_id),
    "statement": select(Statement.id),
    "attempt": select(GatewayAttempt.id),
    "chargeback": select(Chargeback.id),
    "posting": select(Posting.id),
    "hold": select(Hold.id),
    "bank_file": select(BankFile.id),
}
KEPT = {
    ("order", "total"): select(Order.id, Order.total_e4),
    ("order", "tax"): select(Order.id, Order.tax_e4),
    ("order", "discount"): select(Order.id, Order.discount_e4),
    ("refund", "total"): select(Refund.id, Refund.total_e4),
    ("payment", "amount"): select(PaymentTransaction.id, PaymentTransaction.amount_e4),
}


FIGURES = ("today", "week", "month", "2026-02", "2026-02-28")


def amounts(tx: Tx) -> Iterator[Ask]:
    """Every amount of the shop that can be explained."""
    for name in FIGURES:
        for what in KINDS["figure"].amounts:
            yield Ask("figure", f"{name}.{tx.shop.currency}", what)
    for kind, statement in IDS.items():
        for (key,) in tx.all(statement):
            for what in amounts_of(tx, kind, key):
                yield Ask(kind, key, what)
    yield from _named(tx)


def _named(tx: Tx) -> Iterator[Ask]:
    """The amounts of what has a name and no number."""
    for currency, groups in trial_groups(tx).items():
        for what in ("debits", "credits", *["deposits"] * any(one.account_id is None for one in groups)):
            yield Ask("trial", currency, what)
    for key, facts in tx.all(select(Statement.id, Statement.facts)):
        for one in facts.get("accounts", ()):
            name = f"{key}.{one['account_id']}"
            for what in amounts_of(tx, "statement_account", name):
                yield Ask("statement_account", name, what)
            for movement in one["movements"]:
                yield Ask("statement_line", f"{name}.{movement[0]}", "balance")


def prove_everything(tx: Tx, *, every: int = 1) -> int:
    """Explain every amount, or every so-manieth, with all that they lead to, and say how many trees that were."""
    asked: set[Ask] = set()
    waiting = [ask for place, ask in enumerate(amounts(tx)) if place % every == 0]
    while waiting:
        ask = waiting.pop()
        if ask in asked:
            continue
        asked.add(ask)
        found = explain(tx, ask.kind, ask.id, ask.what, after=ask.after)
        prove(found)
        if every == 1:
            waiting += [way for tree in found.trees for way in ways_on(tree)]
    return len(asked)


def prove(found: Explanation) -> None:
    """Add the trees up again: to the same amount, with nothing left unexplained."""
    tops = {(tree.amount_e4, tree.currency) for tree in found.trees}
    assert len(tops) == 1, found
    for tree in found.trees:
        assert leaves(tree) == tree.amount_e4
        assert not gaps(tree), tree


def leaves(node: Node) -> int:
    """What the parts that have no parts come to."""
    return sum(leaves(part) for part in node.parts) if node.parts else node.amount_e4


def gaps(node: Node) -> list[Node]:
    """What is not explained."""
    return [node] * node.is_gap + [gap for part in node.parts for gap in gaps(part)]


def ways_on(node: Node) -> Iterator[Ask]:
    """Where a tree leads."""
    return (one.ask for one in leads(node) if one.ask is not None)


def leads(node: Node) -> Iterator[Node]:
    """The parts of a tree that lead on."""
    if node.ask is not None:
        yield node
    for part in node.parts:
        yield from leads(part)


def shown(node: Node, depth: int = 0) -> list[str]:
    """A tree as text, a line for each part."""
    line = f"{'  ' * depth}{node.label}: {node.amount}"
    return [line, *(line for part in node.parts for line in shown(part, depth + 1))]


def prove_kept(tx: Tx) -> None:
    """What is explained is what the records keep."""
    live = {kind: {row[0] for row in tx.all(IDS[kind])} for kind in {kind for kind, _ in KEPT}}
    for (kind, what), statement in KEPT.items():
        rows: Sequence[Any] = tx.all(statement)
        for key, amount_e4 in rows:
            if key in live[kind]:
                assert explain(tx, kind, key, what).made_of.amount_e4 == amount_e4, (kind, key, what)
