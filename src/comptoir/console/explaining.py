"""Explain this amount: the trees that make it, each with its sum, and the ways on from every part."""

from collections.abc import Iterator
from typing import NamedTuple

from comptoir.console.cells import harmless
from comptoir.console.kinds import record_number
from comptoir.console.listing import written
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import in_words, written_e4
from comptoir.console.visits import Answer, Page, Sent, Shown, Visit
from comptoir.domain.explaining.asking import KINDS, amounts_of, area_of, explain
from comptoir.domain.explaining.nodes import MOVED, Ask, Explanation, Node
from comptoir.domain.explaining.stretches import words_of
from comptoir.domain.identity.permissions import SEE, require

CALLED = {
    "line": "line", "payout_entry": "entry", "refund_item": "item", "bank_account": "account",
    "enrolment": "subscription", "subscription": "plan", "attempt": "question", "file_entry": "entry",
    "trial": "trial balance", "statement_account": "account on statement",
}  # fmt: skip
# What an amount is called where its name alone does not say it.
WORDS = {
    "amount": "amount", "next": "next billing", "paid": "paid amount", "repaid": "amount given back",
    "refunded": "refunded amount", "balance": "balance", "customer_total": "total in the buyer's currency",
    "usd_total": "total in US dollars", "pending_in": "amount announced to come in",
    "pending_out": "amount announced to leave", "held": "held amount", "available": "available amount",
    "net": "net amount", "in": "money in", "out": "money out", "left": "what may be refunded",
    "charges_left": "what may be refunded of the charges", "charged_back": "amount taken back by banks",
    "before_discount": "amount before the order's discount", "payable": "amount that would be paid out now",
}  # fmt: skip
# What is told of the moment behind something.
BEHIND = {("posting", "balance"): "posting", ("statement_line", "balance"): "movement"}
SPANS = {"today": "today", "week": "this week", "month": "this month"}
# What is explained where it stands, and needs no tab.
ASIDE = frozenset({
    "delivery", "insurance", "surcharge", "customer_total", "usd_total", "charges_left", "charged_back",
    "before_discount",
})  # fmt: skip
# Parts deeper than this are folded at first, unless there are few.
OPEN_DEPTH = 2
SMALL = 60
WENT = "where it"


class Branch(NamedTuple):
    """A part of a tree as it is shown: with the ways that are open to the operator."""

    label: str
    amount: str
    currency: str
    why: str
    link: str | None
    further: str | None
    parts: tuple["Branch", ...]
    is_open: bool
    is_gap: bool


def show_explained(visit: Visit) -> Answer:
    """An amount of a record with its trees; as rows with `?format=csv`. Refuses: ScopeMissing, NotFound."""
    kind, id, what = visit.ids["kind"], visit.ids["key"], visit.ids.get("what", "")
    after = visit.asked.said("after")
    require(visit.actor, area_of(kind, what), SEE)
    found = explain(visit.tx, kind, id, what, after=_number(after))
    if visit.asked.said("format") == "csv":
        return Sent("text/csv; charset=utf-8", _as_csv(found), f"{kind}-{id}-{what}.csv")
    what = what or KINDS[kind].amounts[0]
    return Shown(
        "explaining.html",
        {
            "title": _title(kind, id, what),
            "way": _way(kind, id, found.made_of),
            "trees": [branch_of(visit, tree, is_small=_size(tree) <= SMALL) for tree in found.trees],
            "headings": ["What makes it", *(_heading(tree) for tree in found.trees[1:])],
            "tabs_of": [
                (WORDS.get(one, in_words(one)), explain_at(kind, id, one), one == what)
                for one in amounts_of(visit.tx, kind, id)
                if (one == what or one not in ASIDE) and visit.may(area_of(kind, one), SEE)
            ],
            "csv": visit.asked.again(format="csv"),
        },
    )


def branch_of(visit: Visit, node: Node, depth: int = 0, *, is_small: bool = False) -> Branch:
    """A part as it is shown to this operator; the way to the record itself stands above the tree."""
    return Branch(
        node.label,
        written_e4(node.amount_e4, node.currency).removesuffix(f" {node.currency}"),
        node.currency,
        node.why,
        None if node.link is None or depth == 0 else link_to(node.link.kind, node.link.id),
        None if node.ask is None or depth == 0 else _further(visit, node.ask),
        tuple(branch_of(visit, part, depth + 1, is_small=is_small) for part in node.parts),
        is_small or depth < OPEN_DEPTH,
        node.is_gap,
    )


def _size(node: Node) -> int:
    """How many parts there are at any depth."""
    return 1 + sum(_size(part) for part in node.parts)


def _heading(tree: Node) -> str:
    """What stands above the second tree: where the money is, or how the books tell the same amount."""
    return "Where it went" if tree.label.startswith(WENT) else _begun(tree.label)


def _begun(label: str) -> str:
    """Words at the beginning of a line; names within them keep their letters."""
    return label[:1].upper() + label[1:]


def _further(visit: Visit, ask: Ask) -> str | None:
    """Where a part is explained; None where the operator may not look."""
    if not visit.may(area_of(ask.kind, ask.what), SEE):
        return None
    address = explain_at(ask.kind, ask.id, ask.what)
    return f"{address}?after={ask.after}" if ask.after else address


def _title(kind: str, id: str, what: str) -> str:
    """What is explained, in words."""
    called = _begun(WORDS.get(what, in_words(what)))
    if kind == "figure":
        span, _, currency = id.rpartition(".")
        return f"{called} of {SPANS.get(span, span)}, {currency}"
    if kind == MOVED:
        account_id, name, *_ = (*id.split("."), "")
        return f"Movements of account {account_id}, {words_of(name)}"
    if (kind, what) in BEHIND:
        return f"Balance after {BEHIND[kind, what]} {id}"
    return f"{called} of {CALLED.get(kind, in_words(kind))} {id}"


def _way(kind: str, id: str, made_of: Node) -> list[tuple[str, str]]:
    """The way back to the record; the next payout may not have begun yet."""
    if kind == "payout" and made_of.link is None:
        return [("Payouts", address_of("/payouts"))]
    if kind == "figure":
        return [("Home", address_of(""))]
    if kind == MOVED:
        kind, id = "account", id.partition(".")[0]
    place = link_to(kind, id)
    return [] if place is None else [(f"{_begun(CALLED.get(kind, in_words(kind)))} {id}", place)]


def _number(text: str) -> int:
    return record_number(text) or 0


def _as_csv(found: Explanation) -> bytes:
    """Every part as a row, with its depth."""
    rows = [["depth", "part", "amount", "currency", "why"]]
    for tree in found.trees:
        rows.extend(_rows(tree, 0))
    return written(rows)


def _rows(node: Node, depth: int) -> Iterator[list[str]]:
    texts = (node.label, node.amount, node.currency, node.why)
    yield [str(depth), *(harmless(text) if place != 1 else text for place, text in enumerate(texts))]
    for part in node.parts:
        yield from _rows(part, depth + 1)


PAGES = (
    Page("/explain/{kind}/{key}", show_explained, None),
    Page("/explain/{kind}/{key}/{what}", show_explained, None),
)
