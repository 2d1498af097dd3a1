from __future__ import annotations

from collections import defaultdict
from functools import partial

import pytest

from comptoir.domain.webhooks.errors import DeliveryWaits
from comptoir.domain.webhooks.forgetting import forget_old_deliveries
from comptoir.domain.webhooks.queries import get_delivery
from comptoir.domain.webhooks.resending import ping, replay, resend
from tests.chores.world import World
from tests.domain.webhooks.given import happen, queued


def test_a_message_is_sent_again_by_hand(world: World) -> None:
    world.endpoint()
    happen(world.shop)
    world.deliver()
    (row,) = queued(world.shop)
    again = world.shop.write(lambda tx: resend(tx, delivery_id=row.id))
    assert world.deliver() == 1
    first, second = world.listener.heard
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    repeated = world.shop.read(lambda tx: get_delivery(tx, again))
    assert (repeated.repeats_id, repeated.number, repeated.state) == (row.id, row.number, "delivered")
    once_more = world.shop.write(lambda tx: resend(tx, delivery_id=again))
    assert world.shop.read(lambda tx: get_delivery(tx, once_more)).repeats_id == row.id


def test_what_is_still_tried_is_tried_now(world: World) -> None:
    world.endpoint()
    world.listener.answer = lambda _heard: 500
    happen(world.shop)
    happen(world.shop)
    world.deliver()
    first, second = queued(world.shop)
    assert world.deliver() == 0
    assert world.shop.write(lambda tx: resend(tx, delivery_id=first.id)) == first.id
    with pytest.raises(DeliveryWaits):
        world.shop.write(lambda tx: resend(tx, delivery_id=second.id))
    world.listener.answer = lambda _heard: 200
    assert world.deliver() == 2


def test_a_range_is_replayed(world: World) -> None:
    early = world.endpoint("early")
    for sale in (1, 2, 3):
        happen(world.shop, subject_id=sale)
    world.deliver()
    late = world.endpoint("late")
    told = {row.subject_id: row.event_seq or 0 for row in queued(world.shop, endpoint_id=early)}
    world.listener.heard.clear()

    def all_of(endpoint_id: int, limit: int) -> int:
        count, next_seq = 0, told[1]
        while next_seq:
            asked = partial(
                replay, endpoint_id=endpoint_id, first_seq=next_seq, last_seq=told[2], limit=limit
            )
            page = world.shop.write(asked)
            count, next_seq = count + page.messages, page.next_seq or 0
        return count

    assert all_of(early, 500) == 2
    assert all_of(late, 1) == 2
    happen(world.shop, subject_id=4)
    world.deliver()
    heard: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for one in world.listener.heard:
        heard[one.path].append((one.said, one.event["sequence"]))
    assert sorted(heard["/early"]) == [("sale.placed 1", 1), ("sale.placed 2", 2), ("sale.placed 4", 4)]
    assert sorted(heard["/late"]) == [("sale.placed 1", 1), ("sale.placed 2", 2), ("sale.placed 4", 3)]
    assert [row.repeats_id is None for row in queued(world.shop, endpoint_id=early)] == [
        True, True, True, False, False, True,
    ]  # fmt: skip


def test_ins_messages_are_replayed_as_they_were_worded(world: World) -> None:
    one = world.endpoint(kind="ins")
    happen(world.shop)
    world.deliver()
    (row,) = queued(world.shop)
    assert row.event_seq is not None
    seq = row.event_seq
    assert world.shop.write(lambda tx: replay(tx, endpoint_id=one, first_seq=1, last_seq=seq)).messages == 1
    world.deliver()
    assert len({heard.body for heard in world.listener.heard}) == 1
    assert len(world.listener.heard) == 2


@pytest.mark.parametrize("kind", ["ins", "standard"])
def test_an_endpoint_is_pinged(world: World, kind: str) -> None:
    one = world.endpoint(kind=kind)
    delivery_id = world.shop.write(lambda tx: ping(tx, endpoint_id=one))
    assert world.deliver() == 1
    (heard,) = world.listener.heard
    if kind == "ins":
        assert heard.form["message_type"] == "PING"
        assert len(heard.form) == int(heard.form["key_count"])
    else:
        assert (heard.event["type"], heard.event["sequence"]) == ("ping", 1)
        assert heard.headers["webhook-id"] == "ping_1"
    assert world.shop.read(lambda tx: get_delivery(tx, delivery_id)).state == "delivered"


def test_old_deliveries_are_forgotten_with_their_attempts(world: World) -> None:
    world.endpoint()
    happen(world.shop)
    world.deliver()
    world.clock.pass_by(days=80)
    happen(world.shop)
    world.deliver()
    world.clock.pass_by(days=11)
    assert world.shop.write(forget_old_deliveries) == 1
    assert world.shop.write(forget_old_deliveries) == 0
    assert len(queued(world.shop)) == 1
    happen(world.shop)
    assert world.deliver() == 1
