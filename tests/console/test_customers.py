"""Customers: found, taken on, changed, renamed, suspended, removed; their orders, messages, groups and bank."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.domain.customers.actions import register_customer, update_customer
from comptoir.domain.customers.groups import add_member, create_group
from comptoir.domain.customers.membership import groups_of
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.queries import get_customer, get_row
from comptoir.domain.errors import NotFound
from comptoir.domain.events.queries import EventRow, list_events
from comptoir.domain.refunds.actions import refund_order
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer
from tests.domain.refunds.given import a_paid_order

HOSTILE = "<script>alert('x')</script>"
ADA = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "city": "London"}


def ada(shop: OpenShop, **fields: Any) -> int:
    return shop.write(lambda tx: register_customer(tx, **{**ADA, **fields}))


def customer(shop: OpenShop, customer_id: int = 1) -> dict[str, Any]:
    return shop.read(lambda tx: get_customer(tx, customer_id))


def last_event(shop: OpenShop) -> EventRow:
    return shop.read(list_events)[-1]


def test_somebody_is_taken_on_and_changed(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/customers/new",
        "/customers/new",
        email="ada@example.com",
        first_name="Ada",
        birth_date="1815-12-10",
        comment=HOSTILE,
    )
    assert "The customer was created." in page.main
    kept = customer(shop)
    assert (kept["username"], kept["status"], str(kept["birth_date"])) == (
        "ada@example.com",
        "active",
        "1815-12-10",
    )
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    page = visitor.done(
        "/customers/1", "/update", last_name="Lovelace", birth_date="", company="Engines & Co"
    )
    kept = customer(shop)
    assert (kept["last_name"], kept["birth_date"], kept["company"]) == ("Lovelace", None, "Engines & Co")
    event = last_event(shop)
    assert (event.kind, event.actor, event.dialect, event.operator_id) == (
        "customer.updated",
        "Ada",
        "console",
        1,
    )
    assert event.after == {"last_name": "Lovelace", "birth_date": None, "company": "Engines & Co"}
    assert "Nothing was changed." in visitor.done("/customers/1", "/update").main


def test_customers_are_listed_narrowed_and_sorted(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    ada(
        shop,
        email="bob@example.org",
        first_name="Bob",
        last_name="Babbage",
        status="suspended",
        username="abacus",
    )
    ada(shop, email="eve@example.com", first_name="", last_name="", username="eve")
    rows = visitor.get("/customers").rows
    assert [row[0] for row in rows] == ["eve", "Bob Babbage", "Ada Lovelace"]
    assert rows[1][1:5] == ["bob@example.org", "abacus", "", "suspended"]
    ask: Any = lambda query: [row[0] for row in visitor.get(f"/customers?{query}").rows]  # noqa: E731 - so the table reads
    assert ask("sort=username") == ["Bob Babbage", "Ada Lovelace", "eve"]
    assert ask("sort=email") == ["Ada Lovelace", "Bob Babbage", "eve"]
    assert ask("sort=oldest") == ["Ada Lovelace", "Bob Babbage", "eve"]
    assert ask("last_name=BAB") == ["Bob Babbage"]
    assert ask("email=example.com&first_name=ada") == ["Ada Lovelace"]
    assert ask("status=suspended") == ["Bob Babbage"]
    assert ask("since_from=2026-03-01") == ["eve", "Bob Babbage", "Ada Lovelace"]
    assert ask("since_to=2026-02-28") == []
    assert (
        visitor.get("/customers?format=csv&status=suspended")
        .text.splitlines()[1]
        .startswith("2,Bob Babbage,bob@")
    )


def test_who_came_last_is_listed_first_whatever_the_numbers(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop, created_at=datetime(2026, 2, 2, tzinfo=UTC))
    ada(shop, email="bob@example.org", first_name="Bob", created_at=datetime(2025, 2, 2, tzinfo=UTC))
    ask: Any = lambda query: [row[0] for row in visitor.get(f"/customers?{query}").rows]  # noqa: E731 - so the table reads
    assert ask("") == ["Ada Lovelace", "Bob Lovelace"]
    assert ask("sort=oldest") == ["Bob Lovelace", "Ada Lovelace"]
    assert ask("last_name=love") == ["Bob Lovelace", "Ada Lovelace"]


def test_a_list_by_username_is_walked_page_by_page(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Tx) -> None:
        for number in range(120):
            register_customer(tx, email=f"c{number * 7 % 120:03}@example.com")

    shop.write(many)
    page, seen = visitor.get("/customers?sort=username"), []
    for _ in range(3):
        seen += [row[1] for row in page.rows]
        (following,) = page.tree.xpath("//a[@rel='next']/@href") or [""]
        page = visitor.get(following) if following else page
    assert seen == [f"c{number:03}@example.com" for number in range(120)]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"email": ""}, "must not be empty"),
        ({"email": "nobody"}, "must be an e-mail address"),
        ({"email": "a@example.com", "first_name": "x" * 256}, "is longer than 255 characters"),
        ({"email": "a@example.com", "birth_date": "yesterday"}, "must be a day"),
        ({"email": "a@example.com", "username": "ADA@example.com"}, "belongs to customer 1"),
        ({"email": "a@example.com", "last_name": "nul\0"}, "cannot be kept"),
    ],
)
def test_who_cannot_be_taken_on_is_told_why(
    shop: OpenShop, visitor: Visitor, typed: dict[str, str], problem: str
) -> None:
    ada(shop)
    refused = visitor.fill("/customers/new", "/customers/new", None, **typed)
    assert refused.status == 422
    assert any(problem in one for one in refused.problems)
    assert len(visitor.get("/customers").rows) == 1


def test_the_second_of_two_tabs_is_told(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    mine = visitor.get("/customers/1")
    shop.write(lambda tx: update_customer(tx, customer_id=1, city="Paris"))
    told = visitor.fill(mine, "/update", company="Mine")
    assert told.status == 422
    assert "changed meanwhile" in " ".join(told.problems)
    assert (customer(shop)["company"], customer(shop)["city"]) == ("", "Paris")


def test_a_customer_is_renamed(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    ada(shop, email="bob@example.org")
    assert "has another username" in visitor.done("/customers/2", "/rename", username="Bob").main
    assert customer(shop, 2)["username"] == "Bob"
    taken = visitor.fill("/customers/1", "/rename", username="BOB")
    assert taken.status == 422
    assert "'BOB' belongs to customer 2" in taken.problems
    assert visitor.fill("/customers/1", "/rename", username=" ").status == 422
    assert customer(shop)["username"] == "ada@example.com"


def test_a_customer_is_suspended_and_active_again_and_of_any_status(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    assert "suspended" in visitor.done("/customers/1", "/suspend").main
    assert customer(shop)["status"] == "suspended"
    visitor.done("/customers/1", "/activate")
    assert customer(shop)["status"] == "active"
    visitor.done("/customers/1", "/status", status="on trial")
    assert customer(shop)["status"] == "on trial"
    assert visitor.fill("/customers/1", "/status", status="").status == 422


def test_a_customer_is_removed(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    assert "Ada Lovelace was removed." in visitor.done("/customers/1", "/remove").main
    with pytest.raises(NotFound):
        customer(shop)
    for tab in ("", "/orders", "/messages", "/events"):
        assert visitor.get(f"/customers/1{tab}").status == 404
    assert last_event(shop).kind == "customer.removed"


def test_groups_are_joined_and_left(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    shop.write(lambda tx: create_group(tx, name=HOSTILE))
    page = visitor.done("/customers/1", "/join", group_id="1", role="owner")
    assert shop.read(lambda tx: groups_of(tx, customer_id=1)) == [(1, HOSTILE, "owner")]
    assert HOSTILE in page.main
    assert visitor.fill(page, "/join", group_id="7", role="owner").status == 422
    again = visitor.done(page, "/leave")
    assert "The customer is in no group." in again.main
    late = visitor.fill(page, "/leave", once="another")
    assert late.status == 422
    assert "not in this group any more" in late.problems[0]


def test_a_customers_orders_refunds_and_subscriptions_are_shown(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    mine = shop.write(lambda tx: a_paid_order(tx, customer_id=1))
    shop.write(a_paid_order)
    shop.write(lambda tx: refund_order(tx, order_id=mine, notes=HOSTILE))
    page = visitor.get("/customers/1/orders")
    assert len(page.rows) == 1
    assert f"/console/orders/{mine}" in page.links()
    assert f"refund 1 order {mine} success" in " ".join(
        " ".join(cell.text_content().split()) for cell in page.tree.xpath("(//tbody)[2]//td")
    )
    assert HOSTILE not in page.text
    assert visitor.get("/customers/1/orders?status=cancelled").rows[:1] != page.rows
    assert len(visitor.get("/customers/1/orders?format=csv").text.splitlines()) == 2


def test_a_customer_is_told_something_and_reads_it(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    page = visitor.done("/customers/1/messages", "/notify", content=f"Hello {HOSTILE}", source="shipping")
    assert page.rows[0][:2] == [f"Hello {HOSTILE}", "shipping"]
    assert visitor.fill(page, "/notify", content=" ").status == 422
    visitor.done("/notifications/1", "/read")
    assert shop.read(lambda tx: get_row(tx, Notification, 1))["read_at"] is not None
    assert visitor.get("/notifications?read=0").rows == []
    visitor.done("/notifications/1", "/unread")
    visitor.done("/notifications/1", "/update", content="Hello again")
    assert visitor.get("/notifications?customer=1").rows[0][0] == "Hello again"
    wrong = visitor.fill("/notifications/1", "/update", customer_id="99")
    assert wrong.status == 422
    assert "names customer 99, who does not exist" in wrong.problems
    visitor.done("/notifications/1", "/remove")
    assert visitor.get("/customers/1/messages").rows == []
    visitor.done("/notifications/new", "/notifications/new", customer_id="1", content="New")
    assert visitor.get("/customers/1/messages").rows[0][0] == "New"


def test_what_the_bank_knows_is_shown_to_those_who_may_see_it(
    home: Any, shop: OpenShop, visitor: Visitor
) -> None:
    def banked(tx: Tx) -> tuple[int, int]:
        found_bank(tx)
        customer_id = make_customer(tx)
        return customer_id, make_account(tx, customer_id)

    customer_id, account_id = shop.write(banked)
    page = visitor.get(f"/customers/{customer_id}")
    assert "At the bank" in page.main
    assert f"/console/bank/customers/{customer_id}" in page.links()
    assert f"/console/bank/accounts/{account_id}" in page.links()
    support = signed_in(home, "support").get(f"/customers/{customer_id}")
    assert support.status == 200
    assert "At the bank" not in support.main


def test_a_customers_events_are_shown(home: Any, shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    visitor.done("/customers/1", "/suspend")
    page = visitor.get("/customers/1/events")
    assert "customer updated Ada · console" in page.main
    assert "/console/events?subject=customer&subject_id=1" in page.links()
    assert all(
        "/console/events?" not in link
        for link in signed_in(home, "support").get("/customers/1/events").links()
    )


def test_groups_are_made_filled_and_emptied(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    visitor.done("/groups/new", "/groups/new", name="Friends", is_interest="1", comment="")
    assert visitor.get("/groups?name=frie").rows[0][:3] == ["Friends", "active", "yes"]
    page = visitor.done("/groups/1", "/add", customer_id="1", role="member")
    assert page.rows == [["Ada Lovelace", "1", "ada@example.com", "ada@example.com"]]
    assert visitor.fill(page, "/add", customer_id="99").problems[-1] == "is nobody's number"
    assert visitor.fill(page, "/add", customer_id="x").status == 422
    assert (
        visitor.fill(page, "/take-out", customer_id="1", role="owner").problems[-1]
        == "is not in the group as owner"
    )
    visitor.done(page, "/take-out", customer_id="1", role="member")
    assert shop.read(lambda tx: groups_of(tx, customer_id=1)) == []
    visitor.done("/groups/1", "/update", name="Foes")
    assert visitor.get("/groups").rows[0][0] == "Foes"
    assert visitor.fill("/groups/1", "/update", name="").status == 422


def test_a_group_is_removed_and_its_people_go_where_it_is_said(shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    shop.write(lambda tx: [create_group(tx, name=name) for name in ("Friends", "Foes")])
    shop.write(lambda tx: add_member(tx, group_id=1, customer_id=1))
    refused = visitor.fill("/groups/1", "/remove")
    assert (refused.status, "must be chosen" in refused.main) == (422, True)
    for wrong in ("1", "7", "x"):
        assert visitor.fill("/groups/1", "/remove", people=wrong).status == 422
    assert "The group was removed." in visitor.done("/groups/1", "/remove", people="2").main
    assert shop.read(lambda tx: groups_of(tx, customer_id=1)) == [(2, "Foes", "member")]
    assert visitor.get("/groups/1").status == 404
    visitor.done("/groups/2", "/remove", people="none")
    assert shop.read(lambda tx: groups_of(tx, customer_id=1)) == []
    event = last_event(shop)
    assert (event.kind, event.operator_id, event.dialect) == ("group.removed", 1, "console")


def test_a_large_group_is_walked_page_by_page(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Tx) -> None:
        create_group(tx, name="All")
        for number in range(120):
            customer_id = register_customer(tx, email=f"c{number}@example.com")
            add_member(tx, group_id=1, customer_id=customer_id)

    shop.write(many)
    page, seen = visitor.get("/groups/1"), []
    for _ in range(3):
        seen += [row[1] for row in page.rows]
        (following,) = page.tree.xpath("//a[@rel='next']/@href") or [""]
        page = visitor.get(following) if following else page
    assert seen == [str(number) for number in range(1, 121)]


def test_who_may_only_see_changes_nothing(home: Any, shop: OpenShop, visitor: Visitor) -> None:
    ada(shop)
    visitor.done("/groups/new", "/groups/new", name="Friends")
    visitor.done("/customers/1/messages", "/notify", content="Hello")
    reader = signed_in(home, "read-only")
    for path in ("/customers/1", "/groups/1", "/notifications/1"):
        page = reader.get(path)
        assert page.status == 200
        assert page.tree.xpath("//main//form") == []
    assert reader.get("/customers/1/messages").tree.xpath("//main//form[@method='post']") == []
    csrf = reader.get("/customers").form("/sign-out").fields["csrf"]
    acts = (
        "new",
        *(f"1/{act}" for act in "update rename status suspend activate remove join leave notify".split()),
    )
    for act in acts:
        assert reader.post(f"/console/customers/{act}", {"csrf": csrf}).status == 403
    for act in (
        "groups/1/add",
        "groups/1/take-out",
        "groups/1/update",
        "notifications/1/read",
        "notifications/1/remove",
    ):
        assert reader.post(f"/console/{act}", {"csrf": csrf}).status == 403
    assert customer(shop)["status"] == "active"
