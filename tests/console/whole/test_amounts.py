"""Every amount on every page opens to the tree that makes it, and the tree comes to what the page shows.

What is no sum but a rule that somebody set (a limit, a price of delivery, what a coupon takes off) opens to nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.console.whole.walking import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.whole.walking import Walk

MINUS = "\N{MINUS SIGN}"
MONEY = re.compile(rf"{MINUS}?(\d[\d,]*(?:\.\d+)?)\s[A-Z]{{3}}\b")
EXPLAIN = "/console/explain/"
# These are the trees themselves, and what the dialects write.
NOT_SAID = ("/explain/", "/three-ways/")
# What is typed or pressed, and what hovers over a bar of the chart: the table below has the same amounts.
NOT_READ = frozenset({"button", "option", "textarea", "title"})
# Where a page shows a rule: by the page, and by the heading or the element that the amount stands in.
RULES = {
    ("/bank", "Goal of an account at most"), ("/bank", "Balance of a customer at most"),
    ("/bank", "Fee for withdrawals beyond the free ones"), ("/bank", "Amount"), ("/bank", "Least"), ("/bank", "Most"),
    ("/bank/accounts/{id:digits}", "Goal"), ("/bank/accounts/{id:digits}", "Regular contribution"),
    ("/bank/accounts/{id:digits}", "Least"), ("/bank/accounts/{id:digits}", "Most"),
    ("/bank/cards/{id:digits}", "Cash"), ("/bank/cards/{id:digits}", "Purchases"),
    ("/bank/cards/{id:digits}", "Allowed"),
    ("/bank/gift-codes/offer", "From"), ("/bank/gift-codes/offer", "to"),
    ("/bank/gift-codes/offer/{id:digits}", "From"), ("/bank/gift-codes/offer/{id:digits}", "to"),
    ("/bank/products/{id:digits}", "Balance from"), ("/bank/products/{id:digits}", "to"),
    ("/bank/products/{id:digits}", "Least"), ("/bank/products/{id:digits}", "Most"),
    ("/coupons", "From a purchase of"), ("/coupons", "Takes off"),
    ("/coupons/{id:digits}", "From a purchase of"), ("/coupons/{id:digits}", "Takes off"),
    ("/ledger/accounts/{id:digits}", "Must stay available"),
    ("/options/{id:digits}", "li"),
    ("/payouts", "p"),
    ("/pricings", "What it does"),
    ("/search", "p"),
    ("/settings/shipping", "Price"), ("/settings/shipping", "Each further piece"),
}  # fmt: skip
OF_A_SORT = 3


class Amount(NamedTuple):
    """An amount on a page: what it reads, where it stands, and where it leads."""

    page: str
    address: str
    place: str
    text: str
    link: str


def amounts_of(address: str, tree: Any) -> Iterator[Amount]:
    """The amounts that a page shows."""
    page = kind_of(address) or ""
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
                yield Amount(page, address, place_of(chain), found[1], links[0] if links else "")


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


def shown(walk: Walk) -> Iterator[Amount]:
    for address, paper in walk.seen.items():
        if "<main" in paper.text and not (kind_of(address) or "").startswith(NOT_SAID):
            yield from amounts_of(address, paper.tree)


def test_every_amount_opens_but_rules(walk: Walk) -> None:
    closed = {
        (one.page, one.place): f"{one.address}: {one.text}"
        for one in shown(walk)
        if not one.link.startswith(EXPLAIN) and (one.page, one.place) not in RULES
    }
    assert closed == {}


def test_what_an_amount_opens_to_comes_to_it(walk: Walk) -> None:
    sorts: defaultdict[tuple[str, ...], dict[str, Amount]] = defaultdict(dict)
    for one in shown(walk):
        if one.link.startswith(EXPLAIN):
            kind, _, what = one.link.removeprefix(EXPLAIN).split("/")
            of_sort = sorts[one.page, one.place, kind, what]
            if len(of_sort) < OF_A_SORT:
                of_sort.setdefault(one.link, one)
    wrong = [
        (one.address, one.place, one.text, one.link, told)
        for of_sort in sorts.values()
        for one in of_sort.values()
        if (told := told_by(walk, one.link)) != Decimal(one.text.replace(",", ""))
    ]
    assert wrong == []
    assert {"order", "line", "posting", "statement_line", "bank_file", "trial", "payout"} <= {
        kind for _, _, kind, _ in sorts
    }


def told_by(walk: Walk, link: str) -> Decimal | str:
    """What a tree comes to, without its sign: a balance is told from its account's side, a page tells from both."""
    paper = walk.visitor.get(link)
    tops = paper.tree.xpath("(//section[contains(@class, 'tree')]//*[contains(@class, 'amount')])[1]")
    if not tops:
        return f"{paper.status} {paper.main[:100]}"
    return Decimal(words_of(tops[0]).replace(",", "").removeprefix(MINUS))
