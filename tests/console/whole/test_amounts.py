"""Every amount on every page opens to the tree that makes it, and the tree comes to what the page shows.

What is no sum but a rule that somebody set (a limit, a price of delivery, what a coupon takes off) opens to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from tests.console.amounts import EXPLAIN, Amount, amounts_of, wrong_of
from tests.console.whole.walking import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.whole.walking import Walk

# These are the trees themselves, and what the dialects write.
NOT_SAID = ("/explain/", "/three-ways/")
# Where a page shows a rule: by the page, and by the heading or the element that the amount stands in.
RULES = {
    ("/bank", "Goal of an account at most"), ("/bank", "Balance of a customer at most"),
    ("/bank", "Fee for withdrawals beyond the free ones"), ("/bank", "Amount"), ("/bank", "Least"), ("/bank", "Most"),
    ("/bank/accounts/{id:digits}", "Goal"), ("/bank/accounts/{id:digits}", "Regular contribution"),
    ("/bank/accounts/{id:digits}", "Minimum balance"),
    ("/bank/accounts/{id:digits}", "Least"), ("/bank/accounts/{id:digits}", "Most"),
    ("/bank/accounts/{id:digits}", "Minimum balance"), ("/bank/accounts/{id:digits}", "Amount"),
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


class Shown(NamedTuple):
    """An amount, the kind of page that it is on, and that page's address."""

    page: str
    address: str
    amount: Amount


def shown(walk: Walk) -> Iterator[Shown]:
    for address, paper in walk.seen.items():
        page = kind_of(address) or ""
        if "<main" in paper.text and not page.startswith(NOT_SAID):
            for amount in amounts_of(paper.tree):
                yield Shown(page, address, amount)


def test_every_amount_opens_but_rules(walk: Walk) -> None:
    closed = {
        (page, amount.place): f"{address}: {amount.text}"
        for page, address, amount in shown(walk)
        if not amount.is_open and (page, amount.place) not in RULES
    }
    assert closed == {}


def test_what_an_amount_opens_to_comes_to_it(walk: Walk) -> None:
    sorts: defaultdict[tuple[str, ...], dict[str, Shown]] = defaultdict(dict)
    for one in shown(walk):
        if one.amount.is_open:
            kind, _, what = one.amount.link.removeprefix(EXPLAIN).split("/")
            of_sort = sorts[one.page, one.amount.place, kind, what]
            if len(of_sort) < OF_A_SORT:
                of_sort.setdefault(one.amount.link, one)
    wrong = [
        (one.address, found)
        for of_sort in sorts.values()
        for one in of_sort.values()
        if (found := wrong_of(walk.visitor, one.amount)) is not None
    ]
    assert wrong == []
    assert {"order", "line", "posting", "statement_line", "bank_file", "trial", "payout"} <= {
        kind for _, _, kind, _ in sorts
    }
