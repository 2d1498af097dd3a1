"""What the clock does to cards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from comptoir.chores.banking_cards import cards
from comptoir.domain.banking.cards.errors import CardNotSent, ValuesDiffer
from comptoir.domain.banking.cards.moving_on import send_orders
from comptoir.domain.banking.cards.numbers import _security_code
from comptoir.domain.banking.cards.renewing import override_renewal
from comptoir.domain.banking.cards.verifying import Printed, verify_by_code, verify_card
from tests.domain.banking.cards.given import BORN, CardBank

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop


class _Home:
    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop


def run(bank: CardBank) -> int:
    return cards(cast("ServedShop", _Home(bank.shop)))


def test_a_card_is_sent_and_comes_on_another_day_of_the_bank(shop: OpenShop) -> None:
    bank = CardBank(shop)
    card_id = bank.card(status="")
    assert bank.shown(card_id).status == "Initiated"
    with pytest.raises(CardNotSent):
        verified(bank, card_id)
    assert run(bank) == 1
    assert bank.shown(card_id).status == "Pending"
    # Six hours behind: it is still Wednesday in Chicago.
    bank.now = datetime(2026, 3, 5, 5, 59, tzinfo=UTC)
    assert run(bank) == 0
    bank.now = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
    assert run(bank) == 1
    assert bank.shown(card_id).status == "PendingVerification"
    verified(bank, card_id)
    card = bank.shown(card_id)
    assert (card.status, card.verified_at) == ("Verified", bank.now)


def verified(bank: CardBank, card_id: int) -> None:
    last_four = bank.shown(card_id).last_four
    bank.shop.write(
        lambda tx: verify_card(
            tx, customer_id=bank.customer_id, card_id=card_id, last_four=last_four, birth_date=BORN
        )
    )


def test_orders_go_out_in_batches(shop: OpenShop) -> None:
    bank = CardBank(shop)
    for _ in range(5):
        bank.card(status="")
    assert [shop.write(lambda tx: send_orders(tx, limit=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_the_code_on_a_card_is_its_own_and_is_reckoned_alike_each_time(shop: OpenShop) -> None:
    bank = CardBank(shop)
    one, other = bank.card("PendingVerification"), bank.card("PendingVerification")
    rows = [bank.shown(each) for each in (one, other)]
    codes = shop.read(lambda tx: [_security_code(tx, row) for row in rows])
    assert all(len(code) == 3 and code.isdigit() for code in codes)
    assert len(set(codes)) == 2

    def prove(code: str) -> None:
        printed = Printed(code, 29, 3)
        shop.write(lambda tx: verify_by_code(tx, customer_id=bank.customer_id, card_id=one, printed=printed))

    with pytest.raises(ValuesDiffer):
        prove(codes[1])
    prove(codes[0])
    assert bank.shown(one).status == "Verified"


def test_a_card_in_use_is_renewed_in_the_month_before_it_ends_and_another_ends(shop: OpenShop) -> None:
    bank = CardBank(shop)
    locked, kept, unwanted = bank.card(), bank.card(), bank.card()
    for card_id in (bank.card_id, locked, kept, unwanted):
        bank.change(card_id, expire_year=2026, expire_month=4)
    bank.change(locked, lock_type="CST", lock_reason="TMP")
    bank.change(kept, lock_type="CST", lock_reason="TMP")

    def decide(card_id: int, word: str) -> None:
        shop.write(
            lambda tx: override_renewal(
                tx, customer_id=bank.customer_id, card_id=card_id, override=word, reason="as asked"
            )
        )

    decide(kept, "Renew")
    decide(unwanted, "DoNotRenew")
    bank.now = datetime(2026, 3, 15, 4, 59, tzinfo=UTC)
    assert run(bank) == 0
    bank.now = datetime(2026, 3, 15, 5, 1, tzinfo=UTC)
    assert run(bank) == 2
    assert run(bank) == 0
    for card_id in (bank.card_id, kept):
        card = bank.shown(card_id)
        assert (card.status, card.expire_year, card.expire_month) == ("AutoReissueInitiated", 2029, 4)
    bank.now = datetime(2026, 5, 2, tzinfo=UTC)
    assert run(bank) == 4
    assert [bank.shown(each).status for each in (bank.card_id, locked, kept, unwanted)] == [
        "AutoReissuedPendingVerification", "Expired", "AutoReissuedPendingVerification", "Expired",
    ]  # fmt: skip
    verified(bank, bank.card_id)


def test_a_clock_that_jumps_over_years_renews_what_would_have_been_renewed(shop: OpenShop) -> None:
    bank = CardBank(shop)
    bank.now = datetime(2035, 7, 1, tzinfo=UTC)
    assert run(bank) == 1
    assert run(bank) == 0
    card = bank.shown()
    assert (card.expire_year, card.expire_month) == (2038, 3)
    assert card.status == "AutoReissueInitiated"


def test_what_nobody_asks_for_is_free_after_a_week(shop: OpenShop) -> None:
    bank = CardBank(shop)
    bank.authorised(5_000)
    bank.pass_days(6)
    bank.authorised(1_000)
    assert run(bank) == 0
    bank.pass_days(1)
    assert run(bank) == 1
    assert bank.balances == (100_000, 99_000)
    bank.pass_days(7)
    run(bank)
    assert bank.balances == (100_000, 100_000)
