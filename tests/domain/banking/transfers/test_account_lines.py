"""The lines of an account against a plain walk over all of them: pages, balances, filters, and looking far back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.moving import Movement, move_money, settle, void
from comptoir.domain.banking.transfers import account_lines
from comptoir.domain.banking.transfers.account_lines import Line, Narrow, list_lines
from comptoir.domain.ledger.queries import get_account
from tests.domain.banking.transfers.given import WEDNESDAY, account, found, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.domain.tx import OpenShop, Tx

MOVES = 90
TYPES = ("CPDEP", "INTPAY", "CRDPCH")


class Lived:
    """An account on which much has moved, in and out, announced, settled and undone, a movement a day."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop, self.now = shop, WEDNESDAY
        shop.system = lambda: self.now
        self.account_id = shop.write(self._begin)
        for number in range(MOVES):
            self.now += timedelta(days=1)
            shop.write(partial(self._move, number=number))

    def _begin(self, tx: Tx) -> int:
        found(tx)
        return account(tx, person(tx), 1_000_000)

    def _move(self, tx: Tx, number: int) -> None:
        source, target = (self.account_id, IN_TRANSIT) if number % 5 < 3 else (IN_TRANSIT, self.account_id)
        minor, type_code, waits = 100 + number * 7919 % 8_900, TYPES[number % 3], number % 4 == 1
        moved = move_money(
            tx, Movement(minor, source, target, type_code, status="Initiated" if waits else "Settled")
        )
        if waits and number % 3:
            (settle if number % 3 == 1 else void)(tx, moved.transfer_id)

    def lines(self, narrow: Narrow = account_lines.EVERYTHING, size: int = 7) -> list[Line]:
        """All lines, page by page; each page is walked back to as well."""
        told: list[Line] = []
        past: int | None = None
        while True:
            page = self.page(narrow, size, past=past)
            if page.preceding is not None and page.rows:
                back = self.page(narrow, size, before=page.preceding)
                assert back.rows == told[len(told) - len(back.rows) :]
            told += page.rows
            if page.following is None:
                return told
            past = page.following

    def page(self, narrow: Narrow, size: int, **place: int | None) -> account_lines.Lines:
        return self.shop.read(
            lambda tx: list_lines(tx, get_account(tx, self.account_id), narrow, size=size, **place)
        )

    @property
    def balance(self) -> int:
        return self.shop.read(lambda tx: get_account(tx, self.account_id)).balance_minor


@pytest.fixture
def lived(shop: OpenShop) -> Lived:
    return Lived(shop)


def test_pages_tell_every_line_once_with_the_balance_after_it(lived: Lived) -> None:
    told = lived.lines()
    assert len(told) == MOVES + 1
    assert [one.transfer_id for one in told] == sorted((one.transfer_id for one in told), reverse=True)
    running = lived.balance
    for one in told:
        assert one.balance_minor == (running if one.state == "posted" else None)
        running -= one.amount_minor if one.state == "posted" else 0
    assert running == 0


def test_what_is_known_of_the_page_before_is_not_added_up_again(lived: Lived) -> None:
    first = lived.page(Narrow(), 20)
    plain = lived.page(Narrow(), 20, past=first.following)
    carried = lived.page(Narrow(), 20, past=first.following, balance_minor=first.before_minor)
    assert carried == plain
    back = lived.page(Narrow(), 20, before=plain.preceding, balance_minor=plain.after_minor)
    assert back.rows == first.rows
    odd = lived.page(Narrow(), 20, past=first.following, balance_minor=7)
    assert odd.after_minor == 7


def test_filters_leave_out_what_does_not_fit_and_nothing_else(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = lived.lines()
    cases: tuple[tuple[Narrow, Callable[[Line], bool]], ...] = (
        (Narrow(type_code="INTPAY"), lambda one: one.type_code == "INTPAY"),
        (Narrow(direction="in"), lambda one: one.amount_minor > 0),
        (Narrow(direction="out", least_minor=3_000), lambda one: one.amount_minor <= -3_000),
        (Narrow(most_minor=500), lambda one: abs(one.amount_minor) <= 500),
    )
    for narrow, fits in cases:
        wanted = [one._replace(balance_minor=None) for one in every if fits(one)]
        assert wanted
        assert lived.lines(narrow) == wanted
        with monkeypatch.context() as patch:
            # So few lines are looked at in a page that many pages find nothing.
            patch.setattr(account_lines, "SCANNED", 3)
            assert [one.id for one in lived.lines(narrow)] == [one.id for one in wanted]


def test_days_are_cut_out_with_their_balances(lived: Lived) -> None:
    every = lived.lines()
    begin, end = WEDNESDAY + timedelta(days=20), WEDNESDAY + timedelta(days=41)
    wanted = [one for one in every if begin <= one.created_at < end]
    assert len(wanted) == 21
    assert lived.lines(Narrow(begin=begin, end=end)) == wanted
    assert lived.lines(Narrow(begin=WEDNESDAY + timedelta(days=900))) == []


def test_a_line_of_another_account_is_no_place_to_begin_at(lived: Lived) -> None:
    first = lived.page(Narrow(), 5)
    for place in (0, 10**15, -1):
        assert lived.page(Narrow(), 5, past=place).rows == first.rows
