"""How many there are: lists say so as far as counting costs nothing, and that they are many beyond that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.console import listing
from comptoir.domain.catalogue.models import Brand
from comptoir.domain.events.models import Event
from comptoir.storage import walking
from comptoir.storage.reading import Filter, Target
from comptoir.storage.walking import Walker

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx
    from tests.console.visiting import Visitor


def brands(tx: Tx, count: int) -> None:
    texts = ("email", "phone", "fax", "street", "postcode", "state", "image1", "image2", "description")
    more = dict.fromkeys((*texts, "comment1", "comment2", "comment3"), "")
    rows = [{"name": f"Brand {'odd' if key % 2 else 'even'} {key}", **more} for key in range(1, count + 1)]
    first = tx.ids.next("brand", count)
    moments: dict[str, Any] = {"created_at": tx.now, "updated_at": tx.now}
    tx.insert_many(
        Brand,
        [
            {"id": first + place, **row, **moments, "is_published": True, "status": "A"}
            for place, row in enumerate(rows)
        ],
    )


def test_a_list_says_how_many_there_are(shop: OpenShop, visitor: Visitor) -> None:
    assert "Brands:" not in visitor.get("/brands").main
    shop.write(lambda tx: brands(tx, 1))
    assert "Brands: 1\n" in visitor.get("/brands").main + "\n"
    shop.write(lambda tx: brands(tx, 59))
    page = visitor.get("/brands")
    assert "Brands: 60" in page.main
    assert "Brands: 60" in visitor.get(f"/brands?past={page.rows[-1][0]}").main
    assert "Brands: 31" in visitor.get("/brands?name=odd").main
    assert "Brands:" not in visitor.get("/brands?name=nobody").main


def test_more_than_a_thousand_are_not_counted(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: brands(tx, listing.COUNTED_MAX))
    assert "Brands: 1,000" in visitor.get("/brands").main
    shop.write(lambda tx: brands(tx, 1))
    assert "Brands: more than 1,000" in visitor.get("/brands").main
    assert "Brands: 501" in visitor.get("/brands?name=odd").main


def test_what_no_index_finds_is_not_looked_for_everywhere(
    shop: OpenShop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write(lambda tx: brands(tx, 120))
    assert "Brands: 60" in visitor.get("/brands?name=odd").main
    monkeypatch.setattr(walking, "LOOKED_AT_MAX", 100)
    assert "Brands: more than 50" in visitor.get("/brands?name=odd").main
    assert "Brands: 120" in visitor.get("/brands").main


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], 21),
        ([Filter(Target(Event.subject_id, "number"), "eq", (7,))], None),
        ([Filter(Target(Event.seq, "number"), "between", (1, 30))], 21),
        ([Filter(Target(Event.seq, "number"), "eq", (3,))], 1),
        (
            [
                Filter(Target(Event.seq, "number"), "eq", (3,)),
                Filter(Target(Event.subject_id, "number"), "eq", (7,)),
            ],
            1,
        ),
        (
            [
                Filter(Target(Event.seq, "number"), "between", (1, 90)),
                Filter(Target(Event.subject_id, "number"), "eq", (7,)),
            ],
            None,
        ),
    ],
)
def test_work_is_bounded(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch, filters: list[Filter], found: int | None
) -> None:
    def given(tx: Tx) -> None:
        for _ in range(100):
            tx.note("brand.updated", "brand", 7)

    shop.write(given)
    monkeypatch.setattr(walking, "LOOKED_AT_MAX", 50)
    assert shop.read(lambda tx: Walker(Event, [Event.seq]).count_quickly(tx, filters, 21)) == found
