import pytest

from comptoir.domain.errors import Conflict
from comptoir.domain.events.queries import list_events
from comptoir.domain.tx import OpenShop, Tx
from comptoir.domain.webhooks.forgetting import forget_old_deliveries
from comptoir.domain.webhooks.queries import is_anything_due
from tests.domain.webhooks.given import Clock, Heard, endpoint, happen, queued, telling


def test_what_happens_is_queued_with_its_event_and_worded_for_good(shop: OpenShop) -> None:
    telling(shop)
    endpoint(shop)
    happen(shop)
    (row,) = queued(shop)
    event = shop.read(list_events)[-1]
    assert (row.kind, row.subject, row.subject_id, row.event_seq) == ("sale.placed", "sale", 46, event.seq)
    assert (row.state, row.attempts, row.due_at) == ("pending", 0, event.at)
    assert Heard("", {}, row.body).event == {
        "type": "sale.placed",
        "timestamp": event.at.isoformat(),
        "sequence": row.number,
        "data": {
            "seq": event.seq,
            "subject": "sale",
            "subject_id": 46,
            "actor": "comptoir",
            "dialect": "system",
            "request_id": "",
            "before": None,
            "after": {"kind": "sale.placed"},
        },
    }


def test_what_is_undone_is_not_told_and_leaves_no_gap(shop: OpenShop) -> None:
    telling(shop)
    endpoint(shop)

    def fail(tx: Tx) -> None:
        tx.note("sale.placed", "sale", 1)
        shop.flush(tx)
        raise Conflict("no")

    for number in range(3):
        happen(shop, subject_id=number)
        with pytest.raises(Conflict):
            shop.write(fail)
    numbers = [row.number for row in queued(shop)]
    assert len(numbers) == 3
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_each_is_told_what_it_wants_in_a_count_of_its_own(shop: OpenShop) -> None:
    telling(shop)
    some = endpoint(shop, kinds=["sale.placed"])
    more = endpoint(shop, kinds=["sale.*", "refund.succeeded"])
    for kind in ("sale.placed", "sale.removed", "refund.succeeded", "order.placed", "sale.placed"):
        happen(shop, kind)
    assert [(row.kind, row.number) for row in queued(shop, endpoint_id=some)] == [
        ("sale.placed", 1),
        ("sale.placed", 2),
    ]
    assert [(row.kind, row.number) for row in queued(shop, endpoint_id=more)] == [
        ("sale.placed", 1),
        ("sale.removed", 2),
        ("refund.succeeded", 3),
        ("sale.placed", 4),
    ]


def test_ins_messages_are_worded_by_the_dialect_and_numbered_for_the_vendor(shop: OpenShop) -> None:
    telling(shop)
    every = endpoint(shop, kind="ins")
    few = endpoint(shop, kind="ins", kinds=["ORDER_CREATED"])
    happen(shop, "order.placed")
    happen(shop)
    happen(shop, "invoice.status_changed")
    rows = queued(shop, endpoint_id=every)
    assert [(row.kind, row.subject, row.subject_id, row.number) for row in rows] == [
        ("ORDER_CREATED", "sale", 46, 1),
        ("FRAUD_STATUS_CHANGED", "sale", 46, 2),
        ("INVOICE_STATUS_CHANGED", "sale", 46, 3),
    ]
    assert [row.body for row in rows] == [
        "message_type=ORDER_CREATED&message_id=1&name=Ada+%26+B%C3%B3b",
        "message_type=FRAUD_STATUS_CHANGED&message_id=2&name=Ada+%26+B%C3%B3b",
        "message_type=INVOICE_STATUS_CHANGED&message_id=3&name=Ada+%26+B%C3%B3b",
    ]
    assert [(row.number, row.body) for row in queued(shop, endpoint_id=few)] == [(1, rows[0].body)]


def test_a_message_that_nobody_wants_takes_no_number(shop: OpenShop) -> None:
    telling(shop)
    endpoint(shop, kind="ins", kinds=["INVOICE_STATUS_CHANGED"])
    happen(shop)
    happen(shop, "invoice.status_changed")
    (row,) = queued(shop)
    assert Heard("", {}, row.body).form["message_id"] == "1"


def test_of_one_subject_only_the_first_is_due(shop: OpenShop) -> None:
    telling(shop)
    first, second = endpoint(shop), endpoint(shop)

    def twice(tx: Tx) -> None:
        for sale in (46, 47, 46):
            tx.note("sale.placed", "sale", sale)

    shop.write(twice)
    happen(shop, subject_id=47)
    for one in (first, second):
        rows = queued(shop, endpoint_id=one)
        assert [(row.subject_id, row.due_at is not None) for row in rows] == [
            (46, True),
            (47, True),
            (46, False),
            (47, False),
        ]


def test_telling_is_not_told(shop: OpenShop) -> None:
    telling(shop)
    endpoint(shop)
    endpoint(shop)
    happen(shop, "delivery.died", subject="delivery")
    assert queued(shop) == []
    assert shop.read(is_anything_due), "that the shop's settings changed is told"


def test_what_was_delivered_long_ago_is_forgotten(shop: OpenShop) -> None:
    clock = Clock()
    telling(shop, clock)
    endpoint(shop)
    happen(shop)
    clock.pass_by(days=91)
    assert shop.write(forget_old_deliveries) == 0, "it is still tried"
