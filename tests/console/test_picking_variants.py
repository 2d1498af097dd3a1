"""Variants picked by what they are called, with price and stock at hand; a product that has some asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.inventory.actions import create_warehouse
from comptoir.domain.inventory.queries import level_of
from comptoir.domain.inventory.stock import FROM_OUTSIDE, in_warehouse, move_stock
from comptoir.domain.orders.models import Order
from comptoir.domain.sales.whole import get_whole, list_whole_lines
from tests.console.test_picking import HOSTILE, offered
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

NEW = "/orders/new"


class Shelf(NamedTuple):
    """Shirts in three kinds, two of them in two warehouses."""

    shirt: int
    red: int
    blue: int
    main: int
    annexe: int


def stocked(tx: Tx) -> Shelf:
    shirt = create_product(tx, name="Shirt", code="SH-1", price_rrp_e4=e4("20"))
    create_product(tx, name="Mug", code="MUG", price_rrp_e4=e4("5"))
    red = create_variant(tx, product_id=shirt, code="SH-1-RL", name="Red / L", stock=9)
    blue = create_variant(tx, product_id=shirt, code="SH-1-BL", name="Blue / L", stock=9)
    create_variant(tx, product_id=shirt, code="SH-1-BS", name="Blue / S", is_published=False)
    create_pricing(
        tx, product_id=shirt, name="Many", sign="-", price_e4=e4("10"), modifier="%", minimum_quantity=3,
        is_published=True,
    )  # fmt: skip
    main, annexe = (create_warehouse(tx, name=name, code=name) for name in ("Main", "Annexe"))
    for variant, house, pieces in ((red, main, 4), (red, annexe, 2), (blue, annexe, 1)):
        move_stock(
            tx, product_id=shirt, variant_id=variant, quantity=pieces, origin=FROM_OUTSIDE,
            destination=in_warehouse(house),
        )  # fmt: skip
    return Shelf(shirt, red, blue, main, annexe)


@pytest.fixture
def shelf(shop: OpenShop) -> Shelf:
    return shop.write(stocked)


def line_of(shop: OpenShop, order_id: int = 1) -> dict[str, Any]:
    (line,) = shop.read(lambda tx: list_whole_lines(tx, order_id))
    return dict(line)


def test_a_product_that_comes_in_variants_asks_which(shop: OpenShop, visitor: Visitor, shelf: Shelf) -> None:
    page = visitor.fill(NEW, NEW, product_0="shirt")
    assert offered(page, "variant_0") == [], "which product is not known yet"
    page = visitor.fill(page, NEW, product_0_chosen="SH-1")
    assert (page.status, visitor.get("/orders").rows) == (422, [])
    assert "must be chosen: Shirt comes in several kinds" in page.problems
    assert offered(page, "variant_0") == [
        ("SH-1-RL", "Red / L, SH-1-RL, 20.00 AUD, 6 in the warehouses"),
        ("SH-1-BL", "Blue / L, SH-1-BL, 20.00 AUD, 1 in the warehouses"),
        ("SH-1-BS", "Blue / S, SH-1-BS, 20.00 AUD, 0 in the warehouses, hidden"),
        ("-", "the product itself, 20.00 AUD, 0 in the warehouses"),
    ]
    visitor.done(page, NEW, variant_0_chosen="SH-1-RL")
    line = line_of(shop)
    assert (line["variant_id"], line["variant_name"], line["variant_code"]) == (
        shelf.red,
        "Red / L",
        "SH-1-RL",
    )


def test_what_is_there_is_told_of_the_warehouse_it_comes_from(
    shop: OpenShop, visitor: Visitor, shelf: Shelf
) -> None:
    page = visitor.fill(
        NEW, NEW, product_0="SH-1", quantity_0="3", warehouse_id=str(shelf.main), product_1="MUG"
    )
    assert offered(page, "variant_0")[:2] == [
        ("SH-1-RL", "Red / L, SH-1-RL, 18.00 AUD, 4 in this warehouse"),
        ("SH-1-BL", "Blue / L, SH-1-BL, 18.00 AUD, 0 in this warehouse"),
    ]
    assert offered(page, "variant_1") == [], "a mug comes in one kind only"
    page = visitor.fill(page, NEW, product_1="", variant_0_chosen="SH-1-BL")
    assert page.status == 422, "there is none of it"
    assert page.form(NEW).fields["variant_0"] == "SH-1-BL"
    visitor.done(page, NEW, variant_0="SH-1-RL")
    left = shop.read(
        lambda tx: level_of(tx, warehouse_id=shelf.main, product_id=shelf.shirt, variant_id=shelf.red)
    )
    assert (left, shop.read(lambda tx: get_whole(tx, Order, 1))["total_minor"]) == (1, 5400)


def test_words_narrow_the_choice_and_codes_need_none(shop: OpenShop, visitor: Visitor, shelf: Shelf) -> None:
    page = visitor.fill(NEW, NEW, product_0="SH-1", variant_0="l BLUE")
    assert (page.status, [key for key, _ in offered(page, "variant_0")]) == (422, ["SH-1-BL"])
    page = visitor.fill(NEW, NEW, product_0="SH-1", variant_0="green")
    assert [key for key, _ in offered(page, "variant_0")] == ["SH-1-RL", "SH-1-BL", "SH-1-BS", "-"]
    page = visitor.fill(NEW, NEW, product_0="MUG", variant_0="green")
    assert (page.status, "Nothing goes by that." in page.main) == (422, True)
    visitor.done(NEW, NEW, product_0=str(shelf.shirt), variant_0="sh-1-bl")
    assert line_of(shop)["variant_id"] == shelf.blue


def test_the_product_itself_may_be_meant(shop: OpenShop, visitor: Visitor, shelf: Shelf) -> None:
    page = visitor.fill(NEW, NEW, product_0="SH-1")
    visitor.done(page, NEW, variant_0_chosen="-")
    assert (line_of(shop)["variant_id"], line_of(shop)["variant_code"]) == (None, "")
    visitor.done(NEW, NEW, product_0="MUG")
    assert line_of(shop, 2)["variant_id"] is None


def test_of_a_product_whose_variants_are_all_hidden_none_need_be_chosen(
    shop: OpenShop, visitor: Visitor
) -> None:
    def given(tx: Tx) -> None:
        cap = create_product(tx, name="Cap", code="CAP", price_rrp_e4=e4("7"))
        create_variant(tx, product_id=cap, code="CAP-1", name="Old", is_published=False)

    shop.write(given)
    visitor.done(NEW, NEW, product_0="CAP")
    assert line_of(shop)["variant_id"] is None


def test_variants_that_share_a_code_are_told_apart(shop: OpenShop, visitor: Visitor) -> None:
    def given(tx: Tx) -> tuple[int, int, int]:
        bag = create_product(tx, name="Bag", code="BAG", price_rrp_e4=e4("7"))
        one, two, bare = (
            create_variant(tx, product_id=bag, code=code, name=name, stock=3)
            for code, name in (("B", "Black"), ("b", "Brown"), ("", "Bare"))
        )
        create_variant(tx, product_id=bag, code="-", name="Dash")
        return one, two, bare

    one, two, bare = shop.write(given)
    page = visitor.fill(NEW, NEW, product_0="BAG", variant_0="B")
    assert "must be chosen: several variants of Bag have the code B" in page.problems
    assert [key for key, _ in offered(page, "variant_0")] == [f"#{one}", f"#{two}", f"#{bare}"]
    for number, chosen in enumerate((two, bare), 1):
        visitor.done(visitor.fill(NEW, NEW, product_0="BAG"), NEW, variant_0_chosen=f"#{chosen}")
        assert line_of(shop, number)["variant_id"] == chosen
    page = visitor.fill(NEW, NEW, product_0="BAG")
    assert offered(page, "variant_0")[1] == (f"#{two}", "Brown, b, 7.00 AUD, 3 for sale")
    visitor.done(page, NEW, variant_0_chosen="-")
    assert line_of(shop, 3)["variant_name"] == "Dash", "where a variant has that code, it is meant"


def test_hostile_names_are_shown_and_hostile_words_refused(
    shop: OpenShop, visitor: Visitor, shelf: Shelf
) -> None:
    shop.write(lambda tx: create_variant(tx, product_id=shelf.shirt, code='"><b>', name=HOSTILE))
    page = visitor.fill(NEW, NEW, product_0="SH-1", variant_0="img")
    assert HOSTILE in offered(page, "variant_0")[0][1]
    assert HOSTILE not in page.text
    assert [found.get("value") for found in page.tree.xpath("//input[@name='variant_0_chosen']")] == ['"><b>']
    words: tuple[bytes, ...] = (
        b"\0", b"\xed\xa0\x80", b"%" * 500, b"9" * 40, b"' OR 1=1", HOSTILE.encode(), b"#", b"#-1", b"#\xd9\xa3",
        b"#99", b"#" + b"9" * 30, b"--",
    )  # fmt: skip
    for strange in words:
        for wrong in ({"variant_0": strange}, {"variant_0_chosen": strange}, {"quantity_0": strange}):
            values = {"product_0": "SH-1", "variant_0": "x", **wrong}
            csrf, once = (page.form(NEW).fields[name] for name in ("csrf", "once"))
            answer = visitor.post(
                "/console/orders/new", {"csrf": csrf, "once": once, "status": "new", **values}
            )
            assert answer.status == 422, (strange, wrong)
    assert visitor.get("/orders").rows == []
    visitor.done(page, NEW, variant_0_chosen='"><b>')
    assert line_of(shop)["variant_name"] == HOSTILE


def test_a_variant_of_another_product_is_none_of_this_one(
    shop: OpenShop, visitor: Visitor, shelf: Shelf
) -> None:
    for word in (f"#{shelf.red}", "SH-1-RL"):
        page = visitor.fill(NEW, NEW, product_0="MUG", variant_0=word)
        assert (page.status, f"Mug has no variant {word}" in page.problems) == (422, True)


def test_a_script_asks_for_the_variants_of_what_stands_beside(visitor: Visitor, shelf: Shelf) -> None:
    field = visitor.get(NEW).form(NEW).inputs["variant_3"]
    assert field.get("data-beside") == "product=product_3 quantity=quantity_3 warehouse=warehouse_id"
    address = field.get("data-finds")
    found = visitor.get(f"{address}?q=red&product=sh-1&quantity=5&warehouse={shelf.annexe}").answer
    assert (found.headers["content-type"], found.json) == (
        "application/json", [["SH-1-RL", "Red / L, SH-1-RL, 18.00 AUD, 2 in this warehouse"]],
    )  # fmt: skip
    assert len(visitor.get(f"{address}?q=&product={shelf.shirt}").answer.json) == 4
    for strange in ("", "none", "MUG", "%00", "%ED%A0%80", "a" * 5000, "%25", "9" * 40, "-1", "%D9%A3"):
        assert visitor.get(f"{address}?product={strange}").answer.json == [], strange
        answer = visitor.get(f"{address}?product=SH-1&q={strange}&quantity={strange}&warehouse={strange}")
        assert len(answer.answer.json) in {3, 4}, strange


def test_nobody_finds_variants_that_they_may_not_see(home: ServedShop, shelf: Shelf) -> None:
    assert Visitor(home).get("/find/variants?product=SH-1").status == 303
    for role in ("support", "read-only", "accountant"):
        reader = signed_in(home, role)
        assert reader.get("/find/variants?product=SH-1").status == reader.get("/products").status, role


def test_two_variants_of_one_product_are_told_apart_when_they_are_sent_or_given_back(
    shop: OpenShop, visitor: Visitor, shelf: Shelf
) -> None:
    shop.write(lambda tx: create_variant(tx, product_id=shelf.shirt, code="X", name=HOSTILE))
    rows = {f"product_{number}": "SH-1" for number in range(3)}
    page = visitor.done(
        NEW, NEW, **rows, variant_0="SH-1-RL", variant_1="SH-1-BL", variant_2="X", warehouse_id=""
    )
    labels = page.tree.xpath("//form[contains(@action, '/split')]//label/text()")
    assert labels == ["Shirt, Red / L", "Shirt, Blue / L", f"Shirt, {HOSTILE}"]
    visitor.done(page, "/pay", amount="60", gateway="manual", status="success")
    page = visitor.get("/orders/1/refund")
    said = [one for one in page.tree.xpath("//@aria-label") if one.startswith("Pieces of")]
    assert said == [f"Pieces of {label}" for label in labels]
    (second,) = page.tree.xpath("//input[@aria-label='Pieces of Shirt, Blue / L']/@name")
    typed: dict[str, Any] = {second: "1", "category": "5"}
    preview = visitor.fill("/orders/1/refund", "/refund", **typed)
    assert "Shirt, Blue / L" in preview.main
    assert (HOSTILE in page.text, HOSTILE in preview.text) == (False, False)
