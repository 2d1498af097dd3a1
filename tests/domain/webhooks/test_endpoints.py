from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events
from comptoir.domain.tx import OpenShop, Tx
from comptoir.domain.webhooks.delivering import secrets_in_force
from comptoir.domain.webhooks.endpoints import (
    create_endpoint,
    remove_endpoint,
    rotate_secret,
    update_endpoint,
)
from comptoir.domain.webhooks.errors import EndpointNotFound, EndpointUnsigned
from comptoir.domain.webhooks.models import Delivery
from comptoir.domain.webhooks.queries import get_endpoint, list_endpoints
from comptoir.domain.webhooks.signing import is_secret
from tests.domain.webhooks.given import Clock, endpoint, happen, queued, telling

URL = "https://shop.example/hooks?a=1"
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_an_endpoint_is_made_with_a_secret_of_its_own(tx: Tx) -> None:
    first = create_endpoint(tx, kind="standard", url=URL, kinds=["order.placed", "refund.*"])
    second = create_endpoint(tx, kind="standard", url=URL, secret=KEY, description="by hand")
    assert first.secret != second.secret == KEY
    assert is_secret(first.secret)
    row = get_endpoint(tx, first.id)
    assert (row.url, row.kinds, row.is_active, row.secret) == (
        URL,
        ["order.placed", "refund.*"],
        True,
        first.secret,
    )
    assert [row.wants(kind) for kind in ("order.placed", "order.updated", "refund.succeeded")] == [
        True,
        False,
        True,
    ]
    assert get_endpoint(tx, second.id).wants("anything.at_all")


def test_ins_has_no_secret_of_its_own(tx: Tx) -> None:
    made = create_endpoint(tx, kind="ins", url=URL, kinds=["ORDER_CREATED"])
    assert made.secret == ""
    with pytest.raises(EndpointUnsigned):
        rotate_secret(tx, endpoint_id=made.id)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("kind", {"kind": "soap"}),
        ("url", {"url": "ftp://shop.example/"}),
        ("url", {"url": "https://"}),
        ("url", {"url": "https://ada:pass@shop.example/"}),
        ("url", {"url": "https://shop.example:0/"}),
        ("url", {"url": "https://shop.example:99999/"}),
        ("url", {"url": "https://[::1/"}),
        ("url", {"url": "https://shop.example/a b"}),
        ("url", {"url": "https://shop.example/é"}),
        ("url", {"url": "https://shop.example/" + "a" * 2000}),
        ("description", {"description": "x\0"}),
        ("description", {"description": "x" * 256}),
        ("kinds", {"kinds": ["everything"]}),
        ("kinds", {"kinds": ["order.placed"] * 101}),
        ("kinds", {"kind": "ins", "kinds": ["order.placed"]}),
        ("secret", {"secret": "tango"}),
        ("secret", {"secret": "whsec_!"}),
        ("secret", {"secret": "whsec_" + "A" * 8}),
        ("secret", {"kind": "ins", "secret": KEY}),
    ],
)
def test_what_an_endpoint_may_not_be(tx: Tx, field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        create_endpoint(tx, **({"kind": "standard", "url": URL} | facts))
    assert caught.value.field == field
    assert list_endpoints(tx) == []
    assert tx.changes == []


def test_an_endpoint_is_changed(tx: Tx) -> None:
    made = create_endpoint(tx, kind="standard", url=URL)
    update_endpoint(tx, endpoint_id=made.id, url="http://other.example/", kinds=["sale.placed"])
    row = get_endpoint(tx, made.id)
    assert (row.url, row.kinds, row.secret) == ("http://other.example/", ["sale.placed"], made.secret)
    noted = len(tx.changes)
    update_endpoint(tx, endpoint_id=made.id, url="http://other.example/")
    assert len(tx.changes) == noted
    with pytest.raises(Invalid, match="url"):
        update_endpoint(tx, endpoint_id=made.id, url="nowhere")
    with pytest.raises(EndpointNotFound):
        update_endpoint(tx, endpoint_id=99, url=URL)


def test_both_secrets_are_good_for_a_while(tx: Tx) -> None:
    made = create_endpoint(tx, kind="standard", url=URL)
    fresh = rotate_secret(tx, endpoint_id=made.id, grace=timedelta(hours=1))
    row = get_endpoint(tx, made.id)
    assert secrets_in_force(row, tx.now) == (fresh, made.secret)
    assert secrets_in_force(row, tx.now + timedelta(hours=1)) == (fresh,)
    rotate_secret(tx, endpoint_id=made.id, grace=timedelta(0))
    assert len(secrets_in_force(get_endpoint(tx, made.id), tx.now)) == 1
    for grace in (timedelta(days=31), timedelta(seconds=-1)):
        with pytest.raises(Invalid, match="grace"):
            rotate_secret(tx, endpoint_id=made.id, grace=grace)


def test_no_secret_is_ever_told(shop: OpenShop) -> None:
    telling(shop)
    made = shop.write(lambda tx: create_endpoint(tx, kind="standard", url=URL))
    fresh = shop.write(lambda tx: rotate_secret(tx, endpoint_id=made.id))
    happen(shop)
    told = repr(shop.read(list_events)) + "".join(row.body for row in queued(shop))
    assert "secret_rotated" in told
    assert made.secret[6:] not in told
    assert fresh[6:] not in told


def test_who_is_removed_is_told_nothing_more(shop: OpenShop) -> None:
    telling(shop, Clock())
    gone, other = endpoint(shop), endpoint(shop)
    happen(shop)
    assert shop.write(lambda tx: remove_endpoint(tx, endpoint_id=gone)) == 2
    happen(shop)
    assert [row.endpoint_id for row in queued(shop, state="pending")] == [other, other]
    assert {row.due_at for row in queued(shop, endpoint_id=gone)} == {None}
    assert {row.state for row in queued(shop, endpoint_id=gone)} == {"dead"}
    with pytest.raises(EndpointNotFound):
        shop.write(lambda tx: remove_endpoint(tx, endpoint_id=gone))


def test_a_shop_without_endpoints_asks_nothing_more_than_its_events(shop: OpenShop) -> None:
    telling(shop)
    one = endpoint(shop)
    assert shop.read(lambda tx: tx.shop.settings)["webhooks"] == ["standard"]
    shop.write(lambda tx: update_endpoint(tx, endpoint_id=one, is_active=False))
    assert "webhooks" not in shop.read(lambda tx: tx.shop.settings)
    before = queued(shop)
    happen(shop)
    assert queued(shop) == before
    shop.write(lambda tx: update_endpoint(tx, endpoint_id=one, is_active=True))
    happen(shop)
    assert len(queued(shop)) == len(before) + 1
    assert shop.read(lambda tx: tx.all(select(Delivery.claimed_until).distinct())) == [(None,)]
