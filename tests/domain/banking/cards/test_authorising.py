"""What is paid by card: what it does to the balances, whatever happens in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random  # noqa: TID251 - the same run again, from a seed
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.cards.authorising import TooMuchUndone, authorise, charge_back, reverse
from comptoir.domain.banking.cards.errors import CardUnusable
from comptoir.domain.banking.cards.messages import TargetNotFound
from comptoir.domain.banking.movements.errors import AlreadySo, TransactionLocked
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import get_moved
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.cards.given import CardBank, person


def test_an_authorisation_is_announced_and_its_completion_posted_under_one_master(shop: OpenShop) -> None:
    bank = CardBank(shop)
    held = bank.authorised(4_000, merchant={"city": "Ames"}, category_code="5814")
    assert bank.balances == (100_000, 96_000)
    paid = bank.posted(4_500, held.first)
    assert bank.balances == (95_500, 95_500)
    assert (paid.master_id, held.master_id) == (held.transfer_id, held.transfer_id)

    def look(tx: Tx) -> None:
        assert get_moved(tx, held.transfer_id).status == "Voided"
        row = tx.one(
            select(BankTransfer.type_code, BankTransfer.sub_type_code, BankTransfer.details, BankTransfer.card_id)
            .where(BankTransfer.transfer_id == paid.transfer_id)
        )  # fmt: skip
        assert row == ("CRDPCH", "5814", {"merchant": {"city": "Ames"}}, bank.card_id)

    shop.write(look)


@pytest.mark.parametrize(
    ("codes", "authorised", "posted", "reversed_"),
    [
        ({}, "ATHPCH", "CRDPCH", "REVPCH"),
        ({"processing_code": "010000"}, "ATHCSH", "CRDCSH", "REVCSH"),
        ({"category_code": "6011"}, "ATHCSH", "CRDCSH", "REVCSH"),
        ({"processing_code": "200000", "category_code": "6011"}, "ATHRTW", "CRDRTN", "REVRTN"),
    ],
)
def test_codes_say_what_is_done(
    shop: OpenShop, codes: dict[str, Any], authorised: str, posted: str, reversed_: str
) -> None:
    bank = CardBank(shop)
    held, paid = bank.authorised(100, **codes), bank.posted(100, **codes)
    back = bank.reversed(paid.first)
    found = shop.write(
        lambda tx: [get_moved(tx, moved.transfer_id).type_code for moved in (held, paid, back)]
    )
    assert found == [authorised, posted, reversed_]
    assert bank.standing.balance_minor == 100_000


def test_a_move_between_accounts_is_announced_on_both_and_completed_on_both(shop: OpenShop) -> None:
    bank = CardBank(shop)
    nest = bank.account("Nest")

    def nest_standing() -> tuple[int, int]:
        standing = shop.read(lambda tx: get_account(tx, nest))
        return standing.balance_minor, standing.pending_in_minor

    held = bank.authorised(4_000, processing_code="40", to_account_id=nest)
    assert (bank.balances, nest_standing()) == ((100_000, 96_000), (0, 4_000))
    paid = bank.posted(3_000, held.first)
    assert (bank.balances, nest_standing()) == ((97_000, 97_000), (3_000, 0))
    bank.reversed(paid.first, 1_000)
    assert (bank.balances, nest_standing()) == ((98_000, 98_000), (2_000, 0))


def test_money_that_was_authorised_is_kept_for_the_merchant(shop: OpenShop) -> None:
    bank = CardBank(shop, 10_000)
    held = bank.authorised(10_000)
    with pytest.raises(InsufficientFunds):
        bank.authorised(1)
    bank.change(bank.card_id, status="HotListed")
    shop.write(lambda tx: tx.update(BankAccount, bank.account_id, lock_type="SYS", lock_reason="FRD"))
    bank.posted(6_000, held.first)
    assert bank.balances == (4_000, 4_000)


def test_an_account_can_do_nothing_for_a_card_that_is_not_in_use(shop: OpenShop) -> None:
    bank = CardBank(shop)
    for values in (
        {"status": "PendingVerification"},
        {"status": "Verified", "lock_type": "CST", "lock_reason": "TMP"},
        {"lock_type": "UNL", "lock_reason": "", "expire_year": 2026, "expire_month": 2},
    ):
        bank.change(bank.card_id, **values)
        for verb in (bank.authorised, bank.posted):
            with pytest.raises(CardUnusable):
                verb(1)
    assert bank.balances == (100_000, 100_000)
    bank.posted(1, is_advice=True)
    assert bank.balances == (99_999, 99_999)


@pytest.mark.parametrize(
    "status",
    [
        "Reissued",
        "ReissuedPendingVerification",
        "AutoReissueInitiated",
        "AutoReissuedPendingVerification",
        "ReissueStaged",
    ],
)
def test_a_card_on_its_way_anew_is_good_if_there_is_an_old_one(shop: OpenShop, status: str) -> None:
    bank = CardBank(shop)
    bank.change(bank.card_id, status=status)
    bank.posted(1)
    bank.change(bank.card_id, verified_at=None)
    with pytest.raises(CardUnusable):
        bank.posted(1)


def test_a_card_is_found_for_messages_that_name_none(shop: OpenShop) -> None:
    bank = CardBank(shop)

    def served() -> int | None:
        moved = bank.authorised(1, card_id=None)
        found = select(BankTransfer.card_id).where(BankTransfer.transfer_id == moved.transfer_id)
        card_id: int | None = shop.read(lambda tx: tx.value(found))
        return card_id

    assert served() == bank.card_id
    for values in (
        {"status": "Archived"}, {"status": "HotListed"}, {"status": "PendingVerification"},
        {"status": "Verified", "expire_year": 2026, "expire_month": 2},
    ):  # fmt: skip
        bank.change(bank.card_id, **values)
        assert served() is None
    locked = bank.card()
    bank.change(locked, lock_type="CST", lock_reason="TMP")
    with pytest.raises(CardUnusable):
        served()
    assert bank.card() == served()


def test_money_is_moved_to_no_account_that_the_customer_may_not_use(shop: OpenShop) -> None:
    bank = CardBank(shop)
    nest, owner = bank.account("Nest"), bank.customer_id
    bank.customer_id = shop.write(person)
    strange = bank.account("Strange")
    bank.customer_id = owner
    for verb in (bank.authorised, bank.posted):
        for is_advice in (False, True):
            with pytest.raises(TargetNotFound):
                verb(1, to_account_id=strange, is_advice=is_advice)
    bank.posted(1, to_account_id=nest)
    assert bank.balances == (99_999, 99_999)


def test_parts_that_are_given_back_are_never_more_than_the_whole(shop: OpenShop) -> None:
    bank = CardBank(shop)
    paid = bank.posted(1_000).first
    bank.reversed(paid, 400)
    shop.write(lambda tx: charge_back(tx, bank.message(500), paid))
    with pytest.raises(TooMuchUndone):
        bank.reversed(paid, 101)
    bank.reversed(paid)
    with pytest.raises(AlreadySo):
        bank.reversed(paid)
    assert bank.balances == (100_000, 100_000)


def test_what_races_for_one_account_passes_as_far_as_the_money_goes(shop: OpenShop) -> None:
    bank = CardBank(shop, 1_000)

    def pay(number: int) -> bool:
        try:
            shop.write(
                lambda tx: authorise(tx, bank.message(100, card_id=None if number % 2 else bank.card_id))
            )
        except InsufficientFunds:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(pay, range(24))) == 10
    assert bank.balances == (1_000, 0)


def test_what_races_to_undo_one_payment_undoes_it_once(shop: OpenShop) -> None:
    bank = CardBank(shop)
    paid, held = bank.posted(1_000).first, bank.authorised(1_000).first

    def undo(number: int) -> bool:
        try:
            if number % 3 == 0:
                shop.write(lambda tx: reverse(tx, bank.message(0), held))
            elif number % 3 == 1:
                bank.posted(1_000, held)
            else:
                shop.write(lambda tx: charge_back(tx, bank.message(0), paid))
        except (AlreadySo, TransactionLocked):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(undo, range(18))) == 2
    assert bank.standing.pending_out_minor == 0


class Reckoning:
    """What the balances must be, told beside the bank."""

    def __init__(self, bank: CardBank, balance: int) -> None:
        self.bank = bank
        self.balance = balance
        self.held: dict[int, int] = {}
        self.paid: dict[int, int] = {}

    @property
    def free(self) -> int:
        return self.balance - sum(self.held.values())

    def authorise(self, minor: int, _about: int) -> None:
        self.held[self.bank.authorised(minor).first] = minor

    def pay(self, minor: int, _about: int) -> None:
        self.paid[self.bank.posted(minor).first] = minor
        self.balance -= minor

    def tell(self, minor: int, _about: int) -> None:
        self.paid[self.bank.posted(minor, is_advice=True).first] = minor
        self.balance -= minor

    def complete(self, minor: int, about: int) -> None:
        if about in self.held:
            self.paid[self.bank.posted(minor, about).first] = minor
            self.balance -= minor
            del self.held[about]

    def lapse(self, _minor: int, about: int) -> None:
        if about in self.held:
            self.bank.reversed(about)
            del self.held[about]

    def give_back(self, minor: int, about: int) -> None:
        part = min(minor, self.paid.get(about, 0))
        if part:
            self.bank.reversed(about, part)
            self.paid[about] -= part
            self.balance += part

    def needed(self, verb: str, minor: int, about: int) -> int:
        """What must be free for a verb to be granted."""
        if verb in {"authorise", "pay"}:
            return minor
        if verb == "complete" and minor > self.held.get(about, minor):
            return minor - self.held[about]
        return -(10**9)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_the_balances_are_those_that_were_reckoned(shop: OpenShop, seed: int) -> None:
    chance = Random(seed)
    bank = CardBank(shop, 20_000)
    told = Reckoning(bank, 20_000)
    refused = 0
    for _ in range(150):
        verb = chance.choice(["authorise", "pay", "tell", "complete", "give_back", "lapse"])
        minor = chance.randint(1, 600 if verb == "tell" else 6_000)
        about = chance.choice([0, *(told.paid if verb == "give_back" else told.held)])
        is_affordable = told.needed(verb, minor, about) <= told.free
        try:
            getattr(told, verb)(minor, about)
        except InsufficientFunds:
            refused += 1
            assert not is_affordable
        else:
            assert is_affordable
        assert bank.balances == (told.balance, told.free)
    assert refused > 5
