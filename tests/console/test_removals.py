"""Links to what was removed: a page that says when and by whom, to whoever may see such things at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.console.places import PLACES, link_to
from comptoir.console.removals import PLACE
from comptoir.console.sitemap import by_path
from comptoir.console.three_ways import THINGS as THREE_WAYS
from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.catalogue.products import create_product, remove_product
from comptoir.domain.customers.actions import register_customer, remove_customer
from comptoir.domain.orders.placing import place_order
from comptoir.domain.refunds.actions import remove_order
from comptoir.domain.tx import Actor
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import a_line

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

HOSTILE = "<script>alert(1)</script>"
# Which of them nobody can remove is no matter: what is asked is whether a removal would be told.
KINDS = sorted({kind for kind, place in PLACES.items() if f"{place[:-2]}{PLACE}" in by_path()})


def lamp(shop: OpenShop, name: str = "Lamp") -> int:
    """A product that the command line has removed."""
    product_id = shop.write(lambda tx: create_product(tx, name=name, code="lamp"))
    shop.write(lambda tx: remove_product(tx, product_id=product_id), Actor("Grace", "cli"))
    return product_id


def test_it_is_said_when_and_by_whom_a_product_was_removed(shop: OpenShop, visitor: Visitor) -> None:
    product_id = lamp(shop)
    page = visitor.get(f"/products/{product_id}")
    assert page.status == 404
    for said in (
        f"Product {product_id} was removed",
        "Was called Lamp",
        "2026-03-01",
        "Grace",
        "command line",
    ):
        assert said in " ".join(page.words.replace("Was called", "Was called ").split()), said
    assert "/console/products" in page.links()
    everything = f"/console/events?subject=product&subject_id={product_id}"
    assert everything in page.links()
    assert [row[1] for row in visitor.get(everything).rows] == ["product removed", "product created"]
    for tab in ("prices", "stock", "pictures", "choices"):
        below = visitor.get(f"/products/{product_id}/{tab}")
        assert (below.status, "was removed" in below.text) == (
            404,
            f"/products/{{id:digits}}/{tab}" in by_path(),
        )


def test_what_never_was_is_not_said_to_be_removed(visitor: Visitor) -> None:
    for path in ("/products/1", f"/products/{10**30}", "/orders/4711", "/customers/9/orders"):
        page = visitor.get(path)
        assert (page.status, "was removed" in page.text) == (404, False), path


def test_an_act_on_what_was_removed_meanwhile_ends_there_too(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: create_brand(tx, name="Lumen"))
    mine = visitor.get("/brands/1")
    visitor.done("/brands/1", "/remove")
    for ending in ("/update", "/remove"):
        told = visitor.fill(mine, ending)
        assert (told.status, "Brand 1 was removed" in told.main + told.words) == (404, True), ending
    csrf = mine.form("/update").fields["csrf"]
    unknown = visitor.post("/console/brands/2/update", {"csrf": csrf, "name": "x"})
    assert (unknown.status, "was removed" in unknown.text) == (404, False)


def test_orders_and_customers_tell_it_as_well(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    customer_id = shop.write(lambda tx: register_customer(tx, username="ada", email="ada@example.com"))
    shop.write(lambda tx: remove_order(tx, order_id=order_id))
    shop.write(lambda tx: remove_customer(tx, customer_id=customer_id))
    for path, said in ((f"/orders/{order_id}", "Order"), (f"/customers/{customer_id}", "Customer")):
        page = visitor.get(path)
        assert (page.status, f"{said} {path.rpartition('/')[2]} was removed" in page.words) == (404, True)
        ways = visitor.get(f"/three-ways/{said.lower()}/{path.rpartition('/')[2]}")
        assert (ways.status, "was removed" in ways.words) == (404, True)
        # Who a removed customer was is not told to everybody who has the link.
        assert "ada@example.com" not in page.text


def test_only_who_may_see_such_things_is_told(shop: OpenShop, home: ServedShop) -> None:
    shop.write(lambda tx: tx.note("operator.removed", "operator", 77, before={"name": "Eve"}))
    shop.write(lambda tx: tx.note("bank_customer.removed", "bank_customer", 77, before={"name": "Eve"}))
    support = signed_in(home, "support")
    for path in ("/operators/77", "/bank/customers/77"):
        refused = support.get(path)
        assert (refused.status, "Eve" in refused.text, "was removed" in refused.text) == (403, False, False)
    page = support.get(f"/products/{lamp(shop)}")
    assert (page.status, "was removed" in page.text) == (404, True)
    assert not [link for link in page.links() if "/events" in link]
    assert Visitor(home).get("/products/1").location.startswith("/console/sign-in")


@pytest.mark.parametrize("kind", THREE_WAYS)
def test_what_is_shown_three_ways_has_a_place(kind: str, visitor: Visitor) -> None:
    """So that its removal is found from there as well."""
    assert kind in PLACES
    assert visitor.get(f"/three-ways/{kind}/4711").status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_thing_leads_back_to_its_list(shop: OpenShop, visitor: Visitor, kind: str) -> None:
    def note(tx: Tx) -> None:
        before: dict[str, Any] = {"name": HOSTILE}
        tx.note(f"{kind}.updated", kind, 4711, before=before)
        tx.note(f"{kind}.removed", kind, 4711, before=before)

    address = link_to(kind, 4711)
    assert address is not None
    assert visitor.get(address).status == 404
    shop.write(note)
    page = visitor.get(address)
    assert (page.status, "4711 was removed" in page.words) == (404, True)
    assert (HOSTILE in page.text, HOSTILE in page.words) == (False, True)
    way = page.tree.xpath("//a[@class='button']/@href")[0]
    assert visitor.get(way).status == 200
