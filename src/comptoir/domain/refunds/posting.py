"""What a refund posts: goods and charges taken back, their tax not owed, so much less to be paid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers
from comptoir.domain.orders.chart import (
    RECEIVABLE,
    REFUND_PLANS,
    RETURNS,
    SHIPPING_REFUNDED,
    TAX_PAYABLE,
)
from comptoir.domain.orders.sales import BooksChange, change_books
from comptoir.domain.refunds.models import SHIPPING
from comptoir.domain.refunds.standing import Item
from comptoir.domain.tx import Tx


class Credit(NamedTuple):
    """A successful refund that is about to be posted."""

    root_id: int
    currency: str
    at: datetime
    items: Sequence[Item]
    taxes: Sequence[int]

    @property
    def total_minor(self) -> int:
        """What the customer no longer owes."""
        return sum(item.amount_minor for item in self.items)


def post_credits(tx: Tx, credits_: Sequence[Credit], *, at_creation: bool = False) -> list[int | None]:
    """Post refunds and count them into their orders' books; the transfers' ids, None for one of nothing."""
    accounts = {
        currency: accounts_for(tx, REFUND_PLANS, currency)
        for currency in {credit.currency for credit in credits_}
    }
    totals = ((credit.root_id, credit.total_minor) for credit in credits_)
    change_books(tx, _changes(totals), at_creation=at_creation)
    transfers = [_transfer(credit, accounts[credit.currency]) for credit in credits_]
    ids = iter(post_transfers(tx, [transfer for transfer in transfers if transfer.postings]))
    return [next(ids) if transfer.postings else None for transfer in transfers]


def _changes(totals: Iterable[tuple[int, int]]) -> list[BooksChange]:
    sums: dict[int, int] = {}
    for root_id, minor in totals:
        sums[root_id] = sums.get(root_id, 0) + minor
    return [BooksChange(root_id, refunded_minor=minor) for root_id, minor in sorted(sums.items())]


def _transfer(credit: Credit, accounts: Mapping[str, int]) -> NewTransfer:
    goods = charges = 0
    for item, tax in zip(credit.items, credit.taxes, strict=True):
        if item.type == SHIPPING:
            charges += item.amount_minor - tax
        else:
            goods += item.amount_minor - tax
    entries = [
        (RETURNS, goods),
        (SHIPPING_REFUNDED, charges),
        (TAX_PAYABLE, sum(credit.taxes)),
        (RECEIVABLE, -credit.total_minor),
    ]
    postings = [(accounts[plan.code], minor) for plan, minor in entries if minor]
    return NewTransfer("refund", "order", credit.root_id, postings, credit.at)
