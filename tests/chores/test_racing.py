"""What happens while messages are delivered: nothing is left behind that nobody calls."""

from __future__ import annotations

import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from comptoir.chores.deliveries import deliver_due
from tests.chores.world import World
from tests.domain.webhooks.given import happen, queued

WRITERS, EACH, SALES = 3, 25, 2


def write(world: World, first: int) -> None:
    for number in range(EACH):
        happen(world.shop, "sale.placed", subject_id=(first + number) % SALES)


def deliver(world: World, done: threading.Event) -> None:
    while not done.is_set():
        deliver_due(world.home)


def test_what_joins_the_queue_while_another_is_delivered_is_called(world: World) -> None:
    world.endpoint()
    done = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        couriers = [pool.submit(deliver, world, done) for _ in range(2)]
        list(pool.map(partial(write, world), range(WRITERS)))
        done.set()
        for courier in couriers:
            courier.result()
    while deliver_due(world.home):
        pass
    rows = queued(world.shop)
    assert {row.state for row in rows} == {"delivered"}
    assert sorted(row.number for row in rows) == list(range(1, WRITERS * EACH + 1))
    heard: dict[int, list[int]] = defaultdict(list)
    for one in world.listener.heard:
        heard[one.event["data"]["subject_id"]].append(one.event["data"]["seq"])
    assert sum(map(len, heard.values())) == WRITERS * EACH, "each was delivered once"
    assert all(seqs == sorted(seqs) for seqs in heard.values()), "and in order"
