"""The worker sends, answers, settles and tells, whether it goes round by the minute or the clock jumps."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

from comptoir.domain.banking.clearing.event_files import told_through
from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.banking.files.models import EVENTS
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.tx import OpenShop
from comptoir.worker import Rounds, jobs
from tests.chores.world import World
from tests.domain.banking.clearing.bank import Bank, open_bank


def live_through(world: World, bank: Bank, **by: float) -> dict[str, int]:
    """Move the clock on as the command does, and do what falls due."""
    bank.do(partial(advance_clock, by=timedelta(**by)))
    return Rounds([world.home], due=jobs()).once()


def test_a_clock_that_is_moved_on_by_three_hours_has_sent_answered_and_settled(
    world: World, shop: OpenShop
) -> None:
    bank = open_bank(shop)
    kept, back = bank.pull(50_000), bank.pull(20_000, bank.elsewhere("55550002"))
    done = live_through(world, bank, hours=3)
    assert (bank.status(kept), bank.state(back)[:2]) == ("Settled", ("Voided", "R02"))
    assert bank.stands() == (150_000, 150_000, 0)
    assert done["bank files"] >= 4
    assert done["bank events"] > 0


def test_days_that_are_lived_through_bring_what_comes_late(world: World, shop: OpenShop) -> None:
    bank = open_bank(shop)
    late = bank.pull(50_000, bank.elsewhere("55550029"))
    stands = []
    for _ in range(4):
        live_through(world, bank, days=1)
        stands.append(bank.stands()[0])
    assert stands == [150_000, 100_000, 100_000, 100_000]
    assert bank.state(late)[:2] == ("Settled", "R29")
    assert {row.state for row in shop.read(partial(list_files, kind="ach_out"))} == {"answered"}


def test_all_that_happened_is_told_in_the_end(world: World, shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.pull(50_000)
    live_through(world, bank, hours=3)
    live_through(world, bank, hours=1)
    files = shop.read(partial(list_files, kind=EVENTS))
    spans = [(row.outcome["after"], row.outcome["through"]) for row in reversed(files)]
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert shop.read(told_through) >= spans[-1][1]


def test_once_all_is_done_nothing_is_done_again(world: World, shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.pull(50_000)
    live_through(world, bank, days=1)
    live_through(world, bank, days=1)
    done = live_through(world, bank, hours=1)
    assert done["bank files"] == 0
