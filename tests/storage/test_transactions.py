"""Transactions on both engines: what is refused leaves nothing, what is acknowledged stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from comptoir.domain.errors import Conflict
from comptoir.domain.events.models import Event
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.errors import UniqueTaken


def test_a_refused_verb_leaves_nothing(shop: OpenShop) -> None:
    def work(tx: Tx) -> None:
        tx.update(Shop, 1, name="changed")
        tx.note("shop.renamed", "shop", 1)
        raise Conflict

    with pytest.raises(Conflict):
        shop.write(work)
    assert shop.read(lambda tx: tx.value(select(Shop.name))) == "Test shop"
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(Event))) == 0


def test_event_numbers_have_no_gaps_when_writers_race_and_some_are_refused(shop: OpenShop) -> None:
    def work(number: int) -> None:
        def job(tx: Tx) -> None:
            tx.note("thing.made", "thing", tx.ids.next("thing"))
            if number % 3 == 0:
                raise Conflict

        try:
            shop.write(job)
        except Conflict:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    seqs = [row[0] for row in shop.read(lambda tx: tx.all(select(Event.seq).order_by(Event.seq)))]
    assert seqs == list(range(1, 41))


def test_a_broken_uniqueness_rule_is_told_apart(shop: OpenShop) -> None:
    def work(tx: Tx) -> None:
        for seq in (1, 1):
            tx.insert(
                Event, seq=seq, at=tx.now, kind="k", subject="s", subject_id=1, operator_id=None, actor="a",
                dialect="d", request_id="", before=None, after=None,
            )  # fmt: skip

    with pytest.raises(UniqueTaken):
        shop.write(work)


def test_numbers_given_out_stay_above_imported_ones(tx: Tx) -> None:
    assert tx.ids.next("order") == 1
    tx.ids.reach("order", 500)
    tx.ids.reach("order", 20)
    assert tx.ids.next("order", 10) == 501
    assert tx.ids.next("order") == 511


def test_numbers_of_several_kinds_are_given_out_at_once(tx: Tx) -> None:
    assert tx.ids.next("order", 3) == 1
    assert tx.ids.take({"transfer": 2, "order": 5}) == [1, 4]
    assert tx.ids.take({"order": 1, "transfer": 1}) == [9, 3]
    assert tx.ids.next("order") == 10


def test_numbers_given_out_at_once_are_nobody_elses(shop: OpenShop) -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(
            pool.map(lambda _: shop.write(lambda tx: tx.ids.take({"transfer": 2, "posting": 3})), range(20))
        )
    assert sorted(first for first, _ in given) == list(range(1, 41, 2))
    assert sorted(first for _, first in given) == list(range(1, 61, 3))
