"""What moved on an account: by years, months and days, page by page, however little is told at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.movements import list_movements
from comptoir.domain.explaining.nodes import Ask
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.transfers import create_pending_transfer, post_transfer
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.explaining.given import leads, prove, prove_everything, shown
from tests.domain.explaining.test_balances import ADDED_MAX, a_till, fill

Moves = list[tuple[int, int]]


@pytest.mark.parametrize(
    "id", ["{}", "{}.", "{}.2026-13", "{}.2026-3", "{}.2026-02-30", "{}.0001", "{}.9999", "{}.from-", "{}.2026.x",
           "{}.2026.1.1.1", "x.2026", "{}.2026.99", "{}.ever.-1", "{}.\u0662026"],
)  # fmt: skip
def test_what_is_no_stretch_of_an_account_is_not_explained(tx: Tx, id: str) -> None:
    till = a_till(tx)
    with pytest.raises(NotExplained):
        explain(tx, "movements", id.format(till))


def test_much_that_moved_is_parted_until_a_page_tells_it(tx: Tx) -> None:
    till = a_till(tx)
    fill(tx, 7, at=datetime(2023, 3, 2, tzinfo=UTC))
    for number in range(130):
        fill(tx, 1, "sale" if number % 2 else "fill", at=datetime(2023, 3, 1, tzinfo=UTC))
    year = explain(tx, "movements", f"{till}.2023")
    assert shown(year.made_of) == [
        "moved in 2023: 1.37", "  2023-03: 1.37", "    fill: 0.72", "    sale: 0.65",
    ]  # fmt: skip
    assert year.went_to is not None
    assert shown(year.went_to) == ["by kind: 1.37", "  fill: 0.72", "  sale: 0.65"]
    month = explain(tx, "movements", f"{till}.2023-03").made_of
    assert [(part.label, part.amount) for part in month.parts] == [
        ("2023-03-02", "0.07"),
        ("2023-03-01", "1.30"),
    ]
    ask, pages = month.parts[1].ask, list[list[str]]()
    while ask is not None:
        found = explain(tx, ask.kind, ask.id, ask.what, after=ask.after)
        prove(found)
        pages.append([found.made_of.parts[0].label, found.made_of.parts[-1].label])
        last = found.made_of.parts[-1].ask
        ask = last if last is not None and last.after else None
    assert pages == [
        ["sale", "80 more"], ["50 movements before these", "30 more"], ["100 movements before these", "fill"],
    ]  # fmt: skip
    assert explain(tx, "movements", f"{till}.2022").made_of.amount == "0.00"
    prove_everything(tx)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.integers(-999, 999).filter(bool), st.integers(-900, 500)), min_size=4, max_size=25),
    added=st.integers(1, 6), page=st.integers(1, 4), waiting=st.sets(st.integers(0, 24)),
)  # fmt: skip
def test_however_little_is_told_at_once_every_tree_adds_up_and_opens(
    shop: OpenShop, moves: Moves, added: int, page: int, waiting: set[int]
) -> None:
    def work(tx: Tx) -> None:
        till, after = trade(tx, moves, waiting)
        asks = [Ask("posting", row.id, "balance") for row in list_movements(tx, till, limit=len(moves))]
        told = [explain(tx, *ask[:3]).made_of.amount_e4 for ask in asks]
        assert told == [100 * balance for balance in after[::-1]]
        open_all(tx, [*asks, Ask("account", till, "balance")])

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ADDED_MAX, added)
        for module in ("balances", "moved"):
            monkeypatch.setattr(f"comptoir.domain.explaining.{module}.SHOWN", page)
        shop.write(work)


def trade(tx: Tx, moves: Moves, waiting: set[int]) -> tuple[int, list[int]]:
    """Move money on a new account, some of it only announced; gives the account, and its balance after each move."""
    till = open_account(tx, code=tx.ids.text(10), name="Till", kind="liability")
    other = open_account(tx, code=tx.ids.text(10), name="Drawer", kind="equity")
    after = [0]
    for number, (minor, days) in enumerate(moves):
        do = create_pending_transfer if number in waiting else post_transfer
        do(
            tx, kind=f"move_{number % 2}", postings=[(till, -minor), (other, minor)],
            at=NOW - timedelta(days=days), subject="test", subject_id=1,
        )  # fmt: skip
        if number not in waiting:
            after.append(after[-1] + minor)
    return till, after[1:]


def open_all(tx: Tx, waiting: list[Ask]) -> None:
    """Open amounts and all that they lead to: each adds up, and what moved comes to what it was said to be."""
    asked = set[Ask]()
    while waiting:
        ask = waiting.pop()
        if ask in asked:
            continue
        asked.add(ask)
        found = explain(tx, ask.kind, ask.id, ask.what, after=ask.after)
        prove(found)
        for part in (part for tree in found.trees for part in leads(tree)):
            assert part.ask is not None
            waiting.append(part.ask)
            if part.ask.kind == "movements" and not part.ask.after and "before these" not in part.label:
                assert explain(tx, *part.ask[:3]).made_of.amount_e4 == part.amount_e4
