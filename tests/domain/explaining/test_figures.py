"""The figures of the home page, told by days and by what happened on them."""

import pytest

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.figures import SHOWN, period_named
from comptoir.domain.figures.takings import takings_of
from comptoir.domain.money import e4_of_minor
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.tx import Tx
from tests.domain.explaining.given import prove, prove_everything
from tests.domain.payouts.given import a_deposit, refund, terms


def test_a_month_is_told_by_days_and_a_day_by_its_orders(tx: Tx) -> None:
    terms(tx)
    orders = [a_deposit(tx, 1_000 + minor) for minor in range(SHOWN + 3)]
    refund(tx, orders[0], 300)
    gather_entries(tx, limit=1_000)
    currency = tx.shop.currency
    net = explain(tx, "figure", f"2026-03.{currency}").made_of
    known = takings_of(tx, period_named(tx, f"2026-03.{currency}").span)[currency]
    assert net.amount_e4 == e4_of_minor(known.net_minor, currency)
    assert [part.label for part in net.parts] == ["sales", "refunds", "fees"]
    month = explain(tx, "figure", f"2026-03.{currency}", "sales").made_of
    (day,) = month.parts  # of days on which nothing was sold nothing is told
    assert day.ask is not None
    first = explain(tx, *day.ask[:3]).made_of
    assert (first.amount_e4, len(first.parts)) == (month.amount_e4, SHOWN + 1)
    assert first.parts[-1].ask is not None
    later = explain(tx, *first.parts[-1].ask[:3], after=first.parts[-1].ask.after)
    prove(later)
    assert [part.label for part in later.made_of.parts] == [
        *(f"order {order_id}" for order_id in orders[SHOWN:]), "the others of the day",
    ]  # fmt: skip
    assert prove_everything(tx) > SHOWN


@pytest.mark.parametrize("id", ["month", "year.AUD", "2026-13.AUD", "2026-02-30.AUD", "9999-12-31.AUD",
                                "0000-01.AUD", "month.aud", "today.AUD\n", ""])  # fmt: skip
def test_what_is_no_figure_is_not_explained(tx: Tx, id: str) -> None:
    with pytest.raises(NotExplained):
        explain(tx, "figure", id)
