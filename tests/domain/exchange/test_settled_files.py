"""A shop that was paid out, disputed and bills again comes back from files, and goes on where it stood."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from comptoir.domain.exchange.formats import FORMATS, FileFormat
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.merchant.actions import found_merchant, rotate_keys, update_merchant
from comptoir.domain.merchant.offers import create_shipping_method, set_rate, set_tax
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.importing import PaidElsewhere, import_payouts
from comptoir.domain.payouts.paying import adjust_balance, pay_out, void_payout
from comptoir.domain.payouts.queries import list_ended
from comptoir.domain.proof import prove_books
from comptoir.domain.subscriptions.recurring import stop_recurring
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.exchange.given import all_exported, all_imported, fresh_shop, imported, rows_of
from tests.domain.orders.given import balances
from tests.domain.payouts.given import TERMS, a_deposit, advance, dispute, pending, refund, terms
from tests.domain.subscriptions.given import monthly, sold
from tests.engines import Engines

DAY = timedelta(days=1)
PUBLIC = "publishable_key"


@pytest.fixture
def settled(shop: OpenShop) -> OpenShop:
    """A shop whose payouts left, were called back, fell below zero and set reserves free, and one is open."""
    shop.write(_offers)
    parts = Parts(sales=100, refunds=10, reserve_held=20)
    told = PaidElsewhere(40, "ach_1", "ach", 70, shop.system() - 9 * DAY, parts, gateway="sandbox")
    shop.write(lambda tx: import_payouts(tx, [told]))
    for count in range(4):
        shop.write(_trade)
        advance(shop, 20 * DAY)
        shop.write(pay_out)
        if count == 1:
            shop.write(lambda tx: void_payout(tx, payout_id=41))
    shop.write(lambda tx: adjust_balance(tx, amount_minor=-900_000, memo="Correction"))
    shop.write(pay_out)
    advance(shop, 80 * DAY)
    shop.write(gather_entries)
    shop.write(_trade)
    return shop


def _offers(tx: Tx) -> None:
    found_merchant(tx)
    terms(tx, name="Fake\r\nCompany", gateway="sandbox")
    set_rate(tx, currency="EUR", since=date(2026, 1, 1), rate_e8=92_000_001)
    set_tax(tx, country="USA", state="oh", rate_ppm=72_500, is_on_shipping=True)
    create_shipping_method(tx, name="Ground, slow", price_e4=75_000, countries=["USA", "CAN"])


def _trade(tx: Tx) -> None:
    """Sales that are booked, some refunded or taken back; the last ones wait to be settled."""
    first, second, third = (a_deposit(tx, minor) for minor in (30_000, 20_000, 10_000))
    refund(tx, first, 1_000)
    dispute(tx, second, 700)
    dispute(tx, second, 300)
    refund(tx, third, 10_000)
    one = sold(tx, monthly("12.50", fee="1"), monthly("3"))
    stop_recurring(tx, order_line_id=one.line_id)


@pytest.fixture
def other(engine: str, engines: Engines, tmp_path: Path, settled: OpenShop) -> Iterator[OpenShop]:
    with fresh_shop(engines, engine, tmp_path / "other") as shop:
        shop.system = settled.system
        yield shop


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_was_settled_comes_back(settled: OpenShop, other: OpenShop, file_format: FileFormat) -> None:
    files = all_exported(settled, file_format)
    states = {row["state"] for row in rows_of(settled, "payouts")}
    assert states == {"open", "paid", "carried", "void"}
    assert len(rows_of(settled, "recurring_items")) == 10
    all_imported(other, files, file_format, chunk=3)
    assert all_exported(other, file_format) == files
    assert other.read(prove_books) == []
    assert other.read(balances) == settled.read(balances)
    assert other.read(list_ended) == _without_transfers(settled, other)


def _without_transfers(settled: OpenShop, other: OpenShop) -> list[object]:
    """What the one shop says of its payouts, with the transfers of the other."""
    moved = {one.payout.id: one.payout.transfer_id for one in other.read(list_ended)}
    return [
        one._replace(payout=one.payout._replace(transfer_id=moved[one.payout.id]))
        for one in settled.read(list_ended)
    ]


def test_what_waited_is_gathered_there_once(settled: OpenShop, other: OpenShop) -> None:
    all_imported(other, all_exported(settled), "jsonl")
    before = other.read(pending)
    assert before == settled.read(pending)
    for shop in (settled, other):
        shop.write(lambda tx: adjust_balance(tx, amount_minor=1_000_000, memo="Corrected"))
        shop.write(gather_entries)
        assert shop.write(gather_entries) == 0
    assert other.read(pending) == settled.read(pending) != before
    assert settled.write(pay_out) == other.write(pay_out) is not None
    assert other.read(balances) == settled.read(balances)
    assert other.read(prove_books) == []


def test_secrets_stay_where_they_are(settled: OpenShop, other: OpenShop) -> None:
    update = settled.write(rotate_keys)
    settled.write(lambda tx: update_merchant(tx, secret_word="tango"))
    content = b"".join(all_exported(settled).values())
    for secret in (*update, "tango"):
        assert secret.encode() not in content
    there = other.write(found_merchant)
    assert imported(other, "merchant", rows_of(settled, "merchant")).created == 1
    here = settled.read(get_merchant)
    after = other.read(get_merchant)
    assert (after.name, after.fee_ppm, after.vendor_id) == (here.name, TERMS["fee_ppm"], here.vendor_id)
    assert (after.secret_word, after.private_key) == (there.secret_word, there.private_key)
    assert getattr(after, PUBLIC) == getattr(there, PUBLIC)
    assert imported(other, "merchant", rows_of(settled, "merchant")).unchanged == 1


def test_a_reserve_may_be_set_free_before_its_payout_is_read(settled: OpenShop, other: OpenShop) -> None:
    files = all_exported(settled)
    files["payouts"] = b"".join(reversed(files["payouts"].splitlines(keepends=True)))
    all_imported(other, files, "jsonl", chunk=2)
    assert rows_of(other, "payouts") == rows_of(settled, "payouts")
    assert other.read(prove_books) == []


def test_rates_of_the_shops_own_currency_are_refused(shop: OpenShop) -> None:
    shop.write(lambda tx: change_shop(tx, currency="USD"))
    row = {"currency": "USD", "since": "2026-01-01", "rate": "1.1"}
    (refused,) = imported(shop, "exchange_rates", [row]).refused
    assert (refused.field, refused.problem) == ("currency", "is the shop's own")
