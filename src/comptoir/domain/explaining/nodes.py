"""An amount and the parts that make it. The parts of a node add up to it exactly, or it cannot be made.

Amounts are ten-thousandths, so that what is below the smallest coin, and what rounding it left over, are parts too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comptoir.domain.money import E4_PLACES, decimal_of_e4, e4_of_minor, exponent_of

GAP = "not explained by what is kept"
TIMES = "\N{MULTIPLICATION SIGN}"
CENT_E4 = 100
PARTS_MAX = 200
# What moved on an account in a stretch of time.
MOVED = "movements"


class Link(NamedTuple):
    """The record that an amount belongs to, such as order 46."""

    kind: str
    id: int | str


class Ask(NamedTuple):
    """Where an amount is explained further: whose, which of its amounts, and from which record on."""

    kind: str
    id: int | str
    what: str
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An amount with its reason. One without parts is known as such; one with parts is their sum.

    `ask` leads on where more is known than is told here. A gap is what the records leave unexplained: there is none
    as long as the books are right.
    """

    label: str
    amount_e4: int
    currency: str
    why: str = ""
    link: Link | None = None
    parts: tuple["Node", ...] = ()
    ask: Ask | None = None
    is_gap: bool = False

    def __post_init__(self) -> None:
        """Prove that the parts are the whole."""
        if self.parts:
            assert sum(part.amount_e4 for part in self.parts) == self.amount_e4, self.label
            assert all(part.currency == self.currency for part in self.parts), self.label

    @property
    def is_whole(self) -> bool:
        """Whether it can be paid: a whole number of minor units."""
        return self.amount_e4 % e4_of_minor(1, self.currency) == 0

    @property
    def leads_on(self) -> bool:
        """Whether it stands for what the next page tells, or for movements, even if these come to nothing."""
        return self.ask is not None and (self.ask.after > 0 or self.ask.kind == MOVED)

    @property
    def amount(self) -> str:
        """The amount as people write it, with as many places as it needs."""
        places = exponent_of(self.currency) if self.is_whole else E4_PLACES
        return f"{decimal_of_e4(self.amount_e4, places):f}"


class Explanation(NamedTuple):
    """What makes an amount, and where it is now or how the books have it: two trees of the same amount."""

    made_of: Node
    went_to: Node | None = None

    @property
    def trees(self) -> tuple[Node, ...]:
        """The one or two trees."""
        return (self.made_of,) if self.went_to is None else (self.made_of, self.went_to)


def exact(
    label: str,
    amount_e4: int,
    currency: str,
    *,
    why: str = "",
    link: Link | None = None,
    parts: Sequence[Node] = (),
    ask: Ask | None = None,
    rest: str = "",
    rest_why: str = "",
) -> Node:
    """An amount of ten-thousandths. What its parts leave over is the part that `rest` names, or else a gap."""
    kept = [
        part
        for part in parts
        if part.currency == currency and (part.amount_e4 or part.parts or part.leads_on)
    ]
    over_e4 = amount_e4 - sum(part.amount_e4 for part in kept)
    if parts and over_e4:
        named = rest or GAP
        kept.append(
            Node(label=named, amount_e4=over_e4, currency=currency, why=rest_why, is_gap=named == GAP)
        )
    return Node(
        label=label, amount_e4=amount_e4, currency=currency, why=why, link=link, parts=tuple(kept), ask=ask
    )


def minor(
    label: str,
    amount_minor: int,
    currency: str,
    *,
    why: str = "",
    link: Link | None = None,
    parts: Sequence[Node] = (),
    ask: Ask | None = None,
    rest: str = "",
    rest_why: str = "",
) -> Node:
    """The same for an amount of minor units."""
    return exact(
        label, e4_of_minor(amount_minor, currency), currency,
        why=why, link=link, parts=parts, ask=ask, rest=rest, rest_why=rest_why,
    )  # fmt: skip


def shortened(nodes: Sequence[Node], currency: str, more: Ask, after: int = 0) -> list[Node]:
    """So many nodes as a person looks through, after so many others; those before and behind are sums that open."""
    before, rest = nodes[:after], nodes[after + PARTS_MAX :]
    shown = list(nodes[after : after + PARTS_MAX])
    if before:
        over_e4 = sum(node.amount_e4 for node in before)
        shown.insert(
            0, Node(label=f"{len(before)} before these", amount_e4=over_e4, currency=currency, ask=more)
        )
    if rest:
        over_e4, further = sum(node.amount_e4 for node in rest), more._replace(after=after + PARTS_MAX)
        shown.append(Node(label=f"{len(rest)} more", amount_e4=over_e4, currency=currency, ask=further))
    return shown


def plain(amount_e4: int) -> str:
    """An amount with two places, or as many as it needs."""
    return f"{decimal_of_e4(amount_e4, E4_PLACES if amount_e4 % CENT_E4 else 2):f}"


def times(price_e4: int, quantity: int) -> str:
    """So many pieces at a price."""
    return f"{quantity} {TIMES} {plain(price_e4)}"
