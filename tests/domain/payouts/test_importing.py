"""Payouts of another processor keep their numbers, and what they tell is not settled again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.importing import PaidElsewhere, import_payouts
from comptoir.domain.payouts.paying import pay_out
from comptoir.domain.payouts.queries import explain_payout, find_pending, list_payouts
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import balances
from tests.domain.payouts.given import a_deposit, advance, pending, refund, terms

LONG_AGO = datetime(2025, 2, 24, 5, 30, tzinfo=UTC)
DOCUMENTED = PaidElsewhere(
    2**62, "wire_999042012", "wire", 5_024_051, LONG_AGO,
    Parts(sales=5_486_900, fees=194_134, refunds=241_846, reserve_held=164_607, reserve_released=139_738),
    reserve_released_at=LONG_AGO + timedelta(days=90), gateway="2checkout",
)  # fmt: skip


def test_a_payout_is_taken_over_to_the_cent(tx: Tx) -> None:
    assert import_payouts(tx, [DOCUMENTED]) == 1
    (found,) = list_payouts(tx)
    assert (found.payout.id, found.payout.amount_minor, found.payout.paid_at) == (2**62, 5_024_051, LONG_AGO)
    assert found.parts == DOCUMENTED.parts._replace(payout_fee=2_000)
    assert balances(tx) == {
        "clearing:2checkout": -5_245_054,
        "bank": 5_024_051,
        "processing_fees": 194_134,
        "processor_reserve": 24_869,
        "payout_fees": 2_000,
    }
    assert prove_books(tx) == []


def test_what_is_there_already_stays(tx: Tx) -> None:
    import_payouts(tx, [DOCUMENTED])
    before = balances(tx), len(tx.changes)
    assert import_payouts(tx, [DOCUMENTED, DOCUMENTED]) == 0
    assert (balances(tx), len(tx.changes)) == before
    with pytest.raises(Invalid, match="id"):
        import_payouts(tx, [DOCUMENTED._replace(identifier="wire_1")])


def test_numbers_go_on_from_the_highest(tx: Tx) -> None:
    terms(tx)
    import_payouts(tx, [DOCUMENTED._replace(id=2436561667)])
    a_deposit(tx)
    gather_entries(tx)
    assert find_pending(tx, get_merchant(tx)).id == 2436561668


def test_one_that_was_called_back_moved_nothing_to_the_bank(tx: Tx) -> None:
    import_payouts(tx, [DOCUMENTED._replace(voided_at=LONG_AGO + timedelta(days=1))])
    assert "bank" not in balances(tx)
    assert balances(tx)["processor"] == 5_024_051
    forwarded = Parts(sales=100, balance_forward=5_024_051)
    import_payouts(tx, [PaidElsewhere(7, "wire_7", "wire", 5_024_151, LONG_AGO, forwarded)])
    assert "processor" not in balances(tx)
    assert prove_books(tx) == []


def test_a_reserve_that_nobody_released_is_released_by_the_terms(shop: OpenShop) -> None:
    shop.write(terms)
    paid_at = shop.system()
    one = DOCUMENTED._replace(paid_at=paid_at, reserve_released_at=None)
    shop.write(lambda tx: import_payouts(tx, [one, one._replace(id=5, reserve_released_at=paid_at)]))
    advance(shop, timedelta(days=90))
    assert shop.write(gather_entries) == 1
    assert shop.read(pending).reserve_released == 164_607
    assert shop.read(lambda tx: explain_payout(tx, 2**62)).payout.reserve_released_at == shop.system()


def test_refunds_until_then_are_told_already(shop: OpenShop) -> None:
    shop.write(terms)
    order_id = shop.write(a_deposit)
    shop.write(pay_out)
    shop.write(lambda tx: refund(tx, order_id, 1_000))
    one = DOCUMENTED._replace(paid_at=shop.system(), gateway="sandbox")
    shop.write(lambda tx: import_payouts(tx, [one]))
    assert shop.write(gather_entries) == 0
    advance(shop, timedelta(hours=1))
    shop.write(lambda tx: refund(tx, order_id, 500))
    assert shop.write(gather_entries) == 1
    assert shop.read(pending).refunds == 500


def test_another_platforms_payouts_tell_nothing_of_our_own_refunds(shop: OpenShop) -> None:
    shop.write(terms)
    order_id = shop.write(a_deposit)
    shop.write(pay_out)
    shop.write(lambda tx: refund(tx, order_id, 1_000))
    shop.write(lambda tx: import_payouts(tx, [DOCUMENTED._replace(paid_at=shop.system())]))
    assert shop.write(gather_entries) == 1
    assert shop.read(pending).refunds == 1_000


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("id", {"id": 0}),
        ("id", {"id": 2**62 + 1}),
        ("identifier", {"identifier": "x" * 256}),
        ("method", {"method": "a\0"}),
        ("amount", {"amount_minor": 5_026_052}),
        ("amount", {"amount_minor": -1}),
        ("fees", {"parts": Parts(fees=-1)}),
        ("sales", {"parts": Parts(sales=10**15)}),
    ],
)
def test_what_a_payout_may_not_be(tx: Tx, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        import_payouts(tx, [DOCUMENTED, DOCUMENTED._replace(**change)])
    assert refused.value.field == field
    assert list_payouts(tx) == []
    assert not tx.changes
