"""What is ordered at the same time keeps its names apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from comptoir.domain.banking.cards.errors import CardTagTaken, CategoryFull, NickNameTaken, NoNumberLeft
from comptoir.domain.banking.cards.issuing import initiate_card, update_card
from comptoir.domain.banking.cards.queries import list_ties
from comptoir.domain.banking.cards.ties import add_account
from comptoir.domain.banking.program.models import Bin
from comptoir.domain.errors import ComptoirError
from comptoir.domain.tx import OpenShop
from comptoir.storage.errors import UniqueTaken
from tests.domain.banking.cards.given import CardBank


def raced(work: Any, count: int, *refusals: type[Exception]) -> int:
    """How many of so many at once get through, the others being refused like this."""

    def attempt(number: int) -> bool:
        try:
            work(number)
        except refusals:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(attempt, range(count)))


def order(bank: CardBank, **said: Any) -> Any:
    return {
        "customer_id": bank.customer_id, "first_name": "Ada", "last_name": "Lovelace", "network": "VS",
        "primary_account_id": bank.account_id,
    } | said  # fmt: skip


def test_a_name_and_a_tag_are_given_once(shop: OpenShop) -> None:
    bank = CardBank(shop)
    named = raced(
        lambda _: shop.write(lambda tx: initiate_card(tx, **order(bank, nick_name="Mine"))), 8, NickNameTaken
    )
    tagged = raced(
        lambda _: shop.write(lambda tx: initiate_card(tx, **order(bank, tag="mine"))), 8, CardTagTaken, UniqueTaken
    )  # fmt: skip
    assert (named, tagged) == (1, 1)


def test_a_name_is_taken_over_once(shop: OpenShop) -> None:
    bank = CardBank(shop)
    ids = [bank.card() for _ in range(6)]

    def rename(number: int) -> None:
        shop.write(
            lambda tx: update_card(tx, customer_id=bank.customer_id, card_id=ids[number], nick_name="Travel")
        )

    assert raced(rename, len(ids), NickNameTaken) == 1


def test_a_card_draws_on_four_accounts_of_a_kind_also_when_they_come_at_once(shop: OpenShop) -> None:
    bank = CardBank(shop)
    accounts = [bank.account(f"Number {number}") for number in range(6)]

    def add(number: int) -> None:
        which = {"customer_id": bank.customer_id, "card_id": bank.card_id}
        shop.write(lambda tx: add_account(tx, account_id=accounts[number], **which))

    assert raced(add, len(accounts), CategoryFull) == 3
    assert [tie.priority for tie in shop.read(lambda tx: list_ties(tx, bank.card_id))] == [1, 2, 3, 4]


def test_a_bin_gives_each_of_its_numbers_once(shop: OpenShop) -> None:
    bank = CardBank(shop)
    shop.write(
        lambda tx: tx.insert(
            Bin, id=99, prefix="44859000000000", network="VS", name="Ten numbers", is_active=True
        )
    )
    given = raced(
        lambda _: shop.write(lambda tx: initiate_card(tx, **order(bank, bin_id=99))), 14, NoNumberLeft
    )
    assert given == 10


def test_a_refused_order_leaves_nothing(shop: OpenShop) -> None:
    bank = CardBank(shop)
    wrong: list[dict[str, Any]] = [
        {"network": "AX"}, {"last_name": ""}, {"primary_account_id": 999}, {"bin_id": 77},
    ]  # fmt: skip

    def attempt(number: int) -> None:
        shop.write(lambda tx: initiate_card(tx, **order(bank, **wrong[number])))

    assert raced(attempt, len(wrong), ComptoirError) == 0
    assert bank.card() == bank.card_id + 1
