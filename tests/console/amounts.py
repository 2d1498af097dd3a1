"""The amounts of a page, and the trees that they open to."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.visiting import Visitor

MINUS = "\N{MINUS SIGN}"
# A time of day has a zone behind it, and is no amount.
MONEY = re.compile(r"(?<![\d:])(\d[\d,]*(?:\.\d+)?)\s(?!UTC)[A-Z]{3}\b")
EXPLAIN = "/console/explain/"
# What is typed or pressed, and what hovers over a bar of the chart: the table below has the same amounts.
NOT_READ = frozenset({"button", "option", "textarea", "title"})


class Amount(NamedTuple):
    """An amount on a page: where it stands, what it reads without its sign, and where it leads."""

    place: str
    text: str
    link: str

    @property
    def is_open(self) -> bool:
        """Whether it opens to the tree that makes it."""
        return self.link.startswith(EXPLAIN)


def amounts_of(tree: Any) -> Iterator[Amount]:
    """The amounts that a page shows."""
    for element in tree.xpath("//main//*"):
        for text, within in ((element.text, element), (element.tail, element.getparent())):
            chain = (
                []
                if within is None or not isinstance(element.tag, str)
                else [within, *within.iterancestors()]
            )
            if not text or not chain or any(one.tag in NOT_READ for one in chain):
                continue
            links = [one.get("href") or "" for one in chain if one.tag == "a"]
            for found in MONEY.finditer(text):
                yield Amount(place_of(chain), found[1], links[0] if links else "")


def place_of(chain: list[Any]) -> str:
    """The heading of an amount's column, or the label beside it; or else the element that it stands in."""
    for one in chain:
        if one.tag == "td":
            headings = one.xpath("ancestor::table[1]/thead//th")
            place = len(list(one.itersiblings(preceding=True)))
            return words_of(headings[place]) if place < len(headings) else "td"
        if one.tag == "dd":
            return words_of(one.getprevious())
        if one.tag in {"p", "li", "h1", "h2"}:
            return str(one.tag)
    return str(chain[0].tag)


def words_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def told_by(visitor: Visitor, link: str) -> Decimal | str:
    """What a tree comes to, without its sign: a balance is told from its account's side, a page tells from both."""
    paper = visitor.get(link)
    tops = paper.tree.xpath("(//section[contains(@class, 'tree')]//*[contains(@class, 'amount')])[1]")
    if not tops:
        return f"{paper.status} {paper.main[:100]}"
    return Decimal(words_of(tops[0]).replace(",", "").removeprefix(MINUS))


def wrong_of(visitor: Visitor, amount: Amount) -> str | None:
    """What is wrong with the tree that an amount opens to; None when it comes to what the page shows."""
    told = told_by(visitor, amount.link)
    if told == Decimal(amount.text.replace(",", "")):
        return None
    return f"{amount.place}: {amount.text} opens to {told} at {amount.link}"
