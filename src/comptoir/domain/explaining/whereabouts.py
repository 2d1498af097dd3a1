"""Where the money is that was paid for an order: given back, kept as fees, paid out, or still on its way.

What came in is what went back to the customer, what buyers' banks took, what was settled, and what stands on the
accounts of gateways: the last is what the ledger says, so that the whole is proved by the books.
"""

from collections import defaultdict
from collections.abc import Iterable

from comptoir.domain.explaining.chargebacks import chargeback_nodes
from comptoir.domain.explaining.money_rows import (
    CLEARED,
    EntryRow,
    entries_of_order,
    postings_of_subject,
)
from comptoir.domain.explaining.nodes import Ask, Link, Node, minor
from comptoir.domain.explaining.order_rows import find_invoiced, list_chargebacks
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.payouts.models import (
    CARRIED,
    CHARGEBACK_FEE,
    FEE,
    OPEN,
    PAID,
    RESERVE_HELD,
    VOIDED,
)
from comptoir.domain.tx import Tx

KEPT = {
    FEE: "kept as fees for processing",
    CHARGEBACK_FEE: "kept as fees for chargebacks",
    RESERVE_HELD: "held back as a reserve",
}
STATES = {
    OPEN: "waits for the next payout",
    PAID: "paid out",
    CARRIED: "ended below zero and was brought forward",
    VOIDED: "called back, and brought forward",
}


def whereabouts_of_order(tx: Tx, order: OrderBooks) -> Node | None:
    """Where the money is that was paid for an order; None when none was, or when it is another order's."""
    if order.root_id != order.id or not order.paid_minor:
        return None
    currency = order.currency
    chargebacks = list_chargebacks(tx, order.id)
    charged_back = sum(row.amount_minor for row in chargebacks)
    entries = entries_of_order(tx, order.id) if currency == tx.shop.currency else []
    parts = [
        minor(
            "given back to the customer", order.repaid_minor, currency, ask=Ask("order", order.id, "repaid")
        ),
        minor("taken back by the buyer's bank", charged_back, currency, parts=chargeback_nodes(chargebacks)),
        *settled_nodes(entries, currency),
        *_at_gateways(tx, order, charged_back),
    ]
    return minor("where it is now", order.paid_minor, currency, link=Link("order", order.id), parts=parts)


def settled_nodes(entries: Iterable[EntryRow], currency: str) -> list[Node]:
    """What was settled of an order: what is kept of it, and what is in which payout."""
    entries = list(entries)
    cleared = sum(entry.amount_minor for entry in entries if entry.kind in CLEARED)
    if not entries:
        return []
    kinds = dict.fromkeys(entry.kind for entry in entries if entry.kind not in CLEARED)
    kept = [
        minor(
            KEPT.get(kind, f"{entry_label(kind)}, apart from the sale"),
            -sum(entry.amount_minor for entry in entries if entry.kind == kind),
            currency,
        )
        for kind in kinds
    ]
    payouts: defaultdict[int | None, list[EntryRow]] = defaultdict(list)
    for entry in entries:
        payouts[entry.payout_id].append(entry)
    paid = [_in_payout(group, currency) for group in payouts.values()]
    return [minor("settled", cleared, currency, parts=[*kept, *paid])]


def entry_label(kind: str) -> str:
    """The trade's word for a kind of entry."""
    return kind.replace("_", " ")


def _in_payout(entries: list[EntryRow], currency: str) -> Node:
    """What an order comes to in one payout, by its entries."""
    first = entries[0]
    state = STATES.get(first.payout_state or "", first.payout_state or "")
    label = f"payout {first.payout_identifier or first.payout_id or ''}".strip()
    parts = [
        minor(
            entry_label(entry.kind), entry.amount_minor, currency,
            why=entry.memo, ask=Ask("payout_entry", entry.id, "amount"),
        )
        for entry in entries
    ]  # fmt: skip
    link = None if first.payout_id is None else Link("payout", first.payout_id)
    ask = None if first.payout_id is None else Ask("payout", first.payout_id, "amount")
    total = sum(entry.amount_minor for entry in entries)
    return minor(label, total, currency, why=state, link=link, ask=ask, parts=parts)


def _at_gateways(tx: Tx, order: OrderBooks, charged_back: int) -> list[Node]:
    """What stands on gateways' accounts for an order: chargebacks, which are posted by themselves, are off it."""
    by_code: defaultdict[str, int] = defaultdict(int)
    for row in postings_of_subject(tx, "order", order.id):
        if row.is_clearing and row.currency == order.currency:
            by_code[row.code] += row.amount_minor
    why = "not settled"
    invoiced = find_invoiced(tx, order.id)
    if invoiced is not None and invoiced.paid_out_at is not None:
        why = "paid out elsewhere, by a payout that is told as a sum only"
    nodes = [minor(f"on {code}", amount, order.currency, why=why) for code, amount in sorted(by_code.items())]
    nodes.append(minor("less what the bank took back", -charged_back, order.currency))
    total = sum(node.amount_e4 for node in nodes)
    if not total:
        return []
    return [
        Node(
            label="with the gateway",
            amount_e4=total,
            currency=order.currency,
            why=why,
            parts=tuple(node for node in nodes if node.amount_e4),
        )
    ]
