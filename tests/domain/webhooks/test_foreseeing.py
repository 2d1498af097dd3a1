"""What a replay would send is foreseen as it comes to pass, for each kind of endpoint."""

from functools import partial

import pytest

from comptoir.domain.events.queries import last_seq
from comptoir.domain.tx import OpenShop, Tx
from comptoir.domain.webhooks.errors import EndpointNotFound
from comptoir.domain.webhooks.models import Delivery
from comptoir.domain.webhooks.queries import (
    delivery_from_on,
    first_delivery_since,
    last_delivery_id,
    list_deliveries_of_event,
    standing_of,
)
from comptoir.domain.webhooks.resending import foresee_replay, replay
from tests.domain.webhooks.given import Clock, endpoint, happen, queued, telling

MANY = 10_000


def trade(shop: OpenShop) -> None:
    """Some things that endpoints want, and some that they do not."""
    for number in range(3):
        happen(shop, subject_id=number)
    happen(shop, "group.created", 1, "group")


@pytest.mark.parametrize(("kind", "kinds"), [("standard", ["sale.*"]), ("ins", ["ORDER_CREATED"])])
@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_replay_sends_what_was_foreseen(
    shop: OpenShop, kind: str, kinds: list[str], is_delivered: bool
) -> None:
    telling(shop)
    trade(shop)
    told = endpoint(shop, kind=kind, kinds=kinds)
    trade(shop)
    for one in queued(shop) if is_delivered else ():
        shop.write(partial(Tx.update, record=Delivery, key=one.id, state="delivered", due_at=None))
    newest = shop.read(last_seq)
    foreseen = shop.read(
        lambda tx: foresee_replay(tx, endpoint_id=told, first_seq=1, last_seq=newest, limit=MANY)
    )
    done = shop.write(lambda tx: replay(tx, endpoint_id=told, first_seq=1, last_seq=newest))
    assert (foreseen.events, foreseen.messages) == (newest, done.messages)
    assert foreseen.again == (3 if is_delivered else 0)
    assert foreseen.fresh == (3 if kind == "standard" else 0)


def test_nothing_is_foreseen_where_nothing_happened_or_nobody_is_told(shop: OpenShop) -> None:
    told = endpoint(telling(shop))

    def foreseen(tx: Tx, endpoint_id: int) -> int:
        return foresee_replay(
            tx, endpoint_id=endpoint_id, first_seq=10**6, last_seq=10**7, limit=MANY
        ).messages

    assert shop.read(lambda tx: foreseen(tx, told)) == 0
    with pytest.raises(EndpointNotFound):
        shop.read(lambda tx: foreseen(tx, told + 1))


def test_deliveries_are_found_by_when_they_were_made(shop: OpenShop) -> None:
    clock = Clock()
    endpoint(telling(shop, clock), kinds=["sale.*"])
    assert shop.read(lambda tx: first_delivery_since(tx, clock.now)) == 1
    moments = []
    for number in range(5):
        clock.pass_by(days=1)
        moments.append(clock.now)
        happen(shop, subject_id=number)
    ids = [row.id for row in queued(shop)]
    assert [shop.read(partial(first_delivery_since, at=one)) for one in moments] == ids
    clock.pass_by(days=1)
    assert shop.read(lambda tx: first_delivery_since(tx, clock.now)) == ids[-1] + 1
    assert shop.read(last_delivery_id) == ids[-1]
    assert shop.read(lambda tx: delivery_from_on(tx, ids[2])) == ids[2]
    assert shop.read(lambda tx: delivery_from_on(tx, ids[-1] + 1)) is None


def test_what_waits_failed_and_was_given_up_is_counted_to_a_limit(shop: OpenShop) -> None:
    told = endpoint(telling(shop), kinds=["sale.*"])
    for number in range(5):
        happen(shop, subject_id=number)
    first, second, *_ = queued(shop)
    shop.write(lambda tx: tx.update(Delivery, first.id, attempts=2))
    shop.write(lambda tx: tx.update(Delivery, second.id, state="dead"))
    assert shop.read(lambda tx: standing_of(tx, told)) == (4, 1, 1)
    assert shop.read(lambda tx: standing_of(tx, told, limit=3)) == (3, 1, 1)
    (sent,) = shop.read(lambda tx: list_deliveries_of_event(tx, first.event_seq or 0))
    assert sent.id == first.id
