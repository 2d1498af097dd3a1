"""Events: what happened is found by kind, thing, operator, door and day, and shown with before and after."""

from datetime import timedelta
from typing import Any

from comptoir.domain.customers.actions import register_customer, update_customer
from comptoir.domain.customers.groups import create_group
from comptoir.domain.events.queries import list_events
from comptoir.domain.tx import Actor, OpenShop, Tx
from tests.conftest import NOW
from tests.console.visiting import Paper, Visitor, signed_in

HOSTILE = "<script>alert(1)</script>'\"&"
KEY = Actor(name="Key of Ada", dialect="coredna", operator_id=1, scopes=frozenset({"*"}))


def happened(shop: OpenShop) -> None:
    """A customer, changed, and two days later a group, by two doors."""
    shop.system = lambda: NOW - timedelta(days=2)
    shop.write(lambda tx: register_customer(tx, email="ada@example.com", first_name=HOSTILE))
    shop.write(lambda tx: update_customer(tx, customer_id=1, first_name="Ada", city="Hull"), KEY)
    shop.system = lambda: NOW
    shop.write(lambda tx: create_group(tx, name="Friends"), KEY)


def kinds_in(paper: Paper) -> list[str]:
    return [f"{row[1]} of {row[2]}" for row in paper.rows]


def test_events_are_listed_newest_first_with_who_and_through_which_door(
    shop: OpenShop, visitor: Visitor
) -> None:
    happened(shop)
    paper = visitor.get("/events")
    assert kinds_in(paper)[:3] == [
        "group created of group 1", "customer updated of customer 1", "customer registered of customer 1",
    ]  # fmt: skip
    assert paper.rows[0][3:] == ["Key of Ada", "Core dna"]
    assert paper.rows[2][3:] == ["comptoir", "by itself"]
    assert "/console/customers/1" in paper.links()
    assert "/console/operators/1" in paper.links()


def test_events_are_narrowed(shop: OpenShop, visitor: Visitor) -> None:
    happened(shop)
    ask: Any = lambda query: kinds_in(visitor.get(f"/events?{query}"))  # noqa: E731 - so the table below reads
    assert ask("kind=group.created") == ["group created of group 1"]
    assert ask("subject=customer") == ["customer updated of customer 1", "customer registered of customer 1"]
    assert ask("subject=customer&subject_id=1&kind=customer.updated") == ["customer updated of customer 1"]
    assert ask("subject=customer&subject_id=2") == []
    assert ask("subject_id=1&kind=group.created") == ["group created of group 1"]
    assert ask("operator=1&subject=customer") == ["customer updated of customer 1"]
    assert ask("dialect=coredna") == ["group created of group 1", "customer updated of customer 1"]
    assert ask("dialect=corepro") == []
    assert ask("at_from=2026-03-01&dialect=coredna") == ["group created of group 1"]
    assert ask("at_from=2026-03-01&kind=customer.updated") == []
    assert "group created of group 1" not in ask("at_to=2026-02-28")
    assert ask("at_from=2020-01-01&at_to=2020-12-31") == []


def test_what_cannot_be_looked_for_is_said(visitor: Visitor) -> None:
    for query in (
        "kind=%00",
        "subject_id=x",
        "operator=99999999999999999999",
        "at_from=never",
        "at_to=9999-12-31",
    ):
        paper = visitor.get(f"/events?{query}")
        assert paper.status == 200
        assert paper.rows == [] or query == "at_to=9999-12-31"
        assert paper.problems


def test_where_no_index_leads_one_looks_through_a_part_and_goes_on(
    shop: OpenShop, visitor: Visitor, monkeypatch: Any
) -> None:
    happened(shop)

    def many(tx: Tx) -> None:
        for number in range(60):
            tx.note("order.placed", "order", number)

    shop.write(many)
    monkeypatch.setattr("comptoir.console.windows.SIZE", 40)
    found, paper = [], visitor.get("/events?subject=customer")
    assert paper.rows == []
    while "Look further back" in paper.main:
        paper = visitor.get(next(link for link in paper.links() if "past=" in link))
        found += kinds_in(paper)
    assert found == ["customer updated of customer 1", "customer registered of customer 1"]


def test_events_are_walked_page_by_page(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Tx) -> None:
        for number in range(120):
            tx.note("order.placed", "order", number)

    shop.write(many)
    paper = visitor.get("/events?kind=order.placed")
    seen = kinds_in(paper)
    for _ in range(2):
        paper = visitor.get(paper.tree.xpath("//a[@rel='next']/@href")[0])
        seen += kinds_in(paper)
    assert seen == [f"order placed of order {number}" for number in range(119, -1, -1)]


def test_an_event_shows_before_and_after_side_by_side(shop: OpenShop, visitor: Visitor) -> None:
    happened(shop)
    seq = next(one.seq for one in shop.read(list_events) if one.kind == "customer.updated")
    paper = visitor.get(f"/events/{seq}")
    assert paper.rows == [
        ["first name", HOSTILE, "Ada", "changed"],
        ["city", "(empty)", "Hull", "changed"],
    ]
    assert "Key of Ada" in paper.main
    assert "Core dna" in paper.main
    assert f"/console/events/{seq - 1}" in paper.links()
    assert visitor.get(f"/events/{10**15}").status == 404
    assert visitor.get("/events/99999999999999999999").status == 404


def test_what_one_request_did_stands_together(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done("/webhooks/new-ins", "/new-ins", url="https://example.com/")
    made, told = shop.read(list_events)[-2:]
    assert (made.kind, made.actor, made.dialect) == ("endpoint.created", "Ada", "console")
    assert (told.kind, told.request_id) == ("shop.updated", made.request_id)
    page = visitor.get(f"/events/{made.seq}")
    assert "The same request shop updated: shop 1" in page.main
    assert f"/console/events/{told.seq}" in page.links()


def test_events_are_given_as_csv(shop: OpenShop, visitor: Visitor) -> None:
    happened(shop)
    lines = visitor.get("/events?format=csv&kind=group.created").text.splitlines()
    assert lines[0] == "id,When,What,Of,Who,Through"
    assert lines[1].split(",")[2:] == ["group created", "group 1", "Key of Ada", "Core dna"]
    assert len(lines) == 2


def test_support_does_not_see_events(home: Any, visitor: Visitor) -> None:
    visitor.get("/events")
    support = signed_in(home, "support")
    assert support.get("/events").status == 403
    assert support.get("/events/1").status == 403
