"""Events are found by number, by what stands beside them, and by the days they happened on."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from comptoir.domain.events.errors import EventNotFound
from comptoir.domain.events.queries import (
    get_event,
    last_seq,
    list_events,
    list_events_beside,
    list_kinds,
    list_subjects,
    seqs_between,
)
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW

DAY = timedelta(days=1)


def at(shop: OpenShop, moment: datetime, kind: str = "order.placed") -> int:
    """Let something happen at a moment, and give its number."""
    shop.system = lambda: moment
    shop.write(lambda tx: tx.note(kind, kind.partition(".")[0], 7))
    return shop.read(last_seq)


def test_an_event_is_found_by_its_number(shop: OpenShop) -> None:
    seq = at(shop, NOW)
    assert shop.read(lambda tx: get_event(tx, seq)).kind == "order.placed"
    for absent in (0, seq + 1, 2**62):
        with pytest.raises(EventNotFound):
            shop.read(partial(get_event, seq=absent))


def test_the_numbers_of_days_are_found_though_years_were_played_twice(shop: OpenShop) -> None:
    first = [at(shop, NOW + day * DAY) for day in range(5)]
    again = [at(shop, NOW + day * DAY) for day in range(5)]

    def between(low: int, high: int) -> tuple[int, int]:
        return shop.read(lambda tx: seqs_between(tx, NOW + low * DAY, NOW + high * DAY))

    assert between(1, 2) == (first[1], again[2])
    assert between(4, 9) == (first[4], again[4])
    assert between(0, 9) == (first[0], again[4])
    assert between(6, 9) == (1, 0)
    assert shop.read(lambda tx: seqs_between(tx, datetime.max.replace(tzinfo=UTC) - DAY, NOW)) == (1, 0)


def test_kinds_and_things_that_occurred_are_told_once_each(shop: OpenShop) -> None:
    for kind in ("order.placed", "refund.drafted", "order.placed", "order.split"):
        at(shop, NOW, kind)
    assert shop.read(list_kinds) == ["order.placed", "order.split", "refund.drafted"]
    assert shop.read(list_subjects) == ["order", "refund"]


def test_what_one_request_did_stands_beside_it_and_nothing_else(shop: OpenShop) -> None:
    def noted(tx: Tx, request_id: str) -> None:
        tx.request_id = request_id
        tx.note("order.placed", "order", 1)
        tx.note("invoice.shipped", "invoice", 1)

    shop.write(lambda tx: noted(tx, "one"))
    shop.write(lambda tx: noted(tx, "two"))
    shop.write(lambda tx: noted(tx, ""))
    events = shop.read(list_events)
    beside = [shop.read(partial(list_events_beside, event=one)) for one in events]
    assert [[other.seq for other in others] for others in beside] == [[2], [1], [4], [3], [], []]
