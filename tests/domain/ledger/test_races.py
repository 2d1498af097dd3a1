"""Many at one account: exactly what it can bear is posted."""

from concurrent.futures import ThreadPoolExecutor

from comptoir.domain.ledger.accounts import AccountPlan, accounts_for, find_account_id
from comptoir.domain.ledger.books import check_books
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.ledger.tables import Table


def test_a_floor_holds_when_writers_race(shop: OpenShop) -> None:
    opening = """
        open bank asset
        open ann liability 0
        post bank 10 ann -10
    """
    shop.write(lambda tx: Table(tx).play(opening))

    def spend(number: int) -> bool:
        def job(tx: Tx) -> None:
            # Every second writer names the accounts the other way round: locks are taken in id order.
            postings: list[tuple[str | int, int]] = [("ann", 1), ("bank", -1)]
            post_transfer(
                tx,
                kind="spend",
                subject="test",
                subject_id=number,
                postings=postings[:: 1 if number % 2 else -1],
            )

        try:
            shop.write(job)
        except InsufficientFunds:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(30))) == 10

    def look(tx: Tx) -> None:
        assert get_account(tx, find_account_id(tx, code="ann", currency="AUD")).available_minor == 0
        assert check_books(tx) == []

    shop.read(look)


def test_an_account_is_opened_once_when_writers_race(shop: OpenShop) -> None:
    plans = [AccountPlan("till", "Till", "asset"), AccountPlan("sales", "Sales", "income")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: shop.write(lambda tx: accounts_for(tx, plans, "AUD")), range(12)))
    assert all(ids == found[0] for ids in found)
