"""Options, variants and custom fields: made, changed, put on products, removed."""

from typing import Any

import pytest

from comptoir.domain.catalogue.belongings import list_values, option_ids_of
from comptoir.domain.catalogue.custom_fields import create_custom_field
from comptoir.domain.catalogue.options import NewValue, create_option, update_option
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in


@pytest.fixture
def size(shop: OpenShop) -> int:
    values = [NewValue("Small", 0), NewValue("Large", 25_000)]
    return shop.write(lambda tx: create_option(tx, name="Size", values=values))


@pytest.fixture
def shirt(shop: OpenShop) -> int:
    return shop.write(lambda tx: create_product(tx, name="Shirt", code="shirt"))


def offered(shop: OpenShop, option_id: int = 1) -> list[tuple[str, int]]:
    return [(one.name, one.surcharge_e4) for one in shop.read(lambda tx: list_values(tx, option_id))]


def test_an_option_is_made_with_its_first_values(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/options/new", "/options/new", name="Size", value_1="Small", value_2="Large", surcharge_2="2.5"
    )
    assert "The option was created." in page.main
    assert "Large adds 2.50 AUD" in page.main
    assert offered(shop) == [("Small", 0), ("Large", 25_000)]
    assert visitor.get("/options?value=lar").rows[0][0] == "Size"
    assert visitor.get("/options").rows[0][2] == "Small, Large"
    assert visitor.get("/options?value=huge").rows == []
    (event,) = shop.read(lambda tx: list_events_of(tx, subject="option", subject_id=1))
    assert (event.kind, event.actor, event.dialect) == ("option.created", "Ada", "console")
    assert "option created" in page.main


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, "must not be empty"),
        ({"value_1": ""}, "must not be empty"),
        ({"surcharge_3": "1"}, "must be named"),
        ({"surcharge_1": "-1"}, "must be 0 or more"),
        ({"value_1": "x" * 256}, "is longer than 255 characters"),
        ({"surcharge_1": "much"}, "must be an amount such as 12.50"),
    ],
)
def test_an_option_that_cannot_be_is_not_made(visitor: Visitor, values: dict[str, Any], problem: str) -> None:
    answer = visitor.fill("/options/new", "/options/new", **{"name": "Size", "value_1": "Small", **values})
    assert answer.status == 422
    assert problem in answer.problems
    assert visitor.get("/options").rows == []


def test_values_are_changed_added_and_removed(shop: OpenShop, visitor: Visitor, size: int) -> None:
    page = visitor.done(f"/options/{size}", "/update", value_1="Tiny", surcharge_2="3")
    assert "The option was saved." in page.main
    page = visitor.done(page, "/add-value", value_name="Huge", surcharge_e4="7")
    assert offered(shop) == [("Tiny", 0), ("Large", 30_000), ("Huge", 70_000)]
    page = visitor.done(page, "/remove-value", value="2")
    assert offered(shop) == [("Tiny", 0), ("Huge", 70_000)]
    told = visitor.fill(page, "/remove-value", value="2")
    assert (told.status, "Value is none" in told.main or "none of this option's values" in told.main) == (
        422,
        True,
    )
    told = visitor.fill(page, "/add-value", value_name="", surcharge_e4="7")
    assert (told.status, "must not be empty" in told.problems) == (422, True)
    assert len(offered(shop)) == 2
    gone = visitor.done(page, "/1/remove")
    assert gone.rows == []


def test_the_second_of_two_tabs_on_an_option_is_told(shop: OpenShop, visitor: Visitor, size: int) -> None:
    mine = visitor.get(f"/options/{size}")
    shop.write(lambda tx: update_option(tx, option_id=size, changed={2: {"name": "Wide"}}))
    told = visitor.fill(mine, "/update", name="Mine")
    assert (told.status, "somebody else changed this" in told.problems[0].lower()) == (422, True)
    added = visitor.get(f"/options/{size}")
    shop.write(lambda tx: update_option(tx, option_id=size, added=[NewValue("New", 0)]))
    assert visitor.fill(added, "/update", name="Mine").status == 422
    assert visitor.get("/options").rows[0][0] == "Size"


def test_a_product_is_given_options_in_an_order(
    shop: OpenShop, visitor: Visitor, size: int, shirt: int
) -> None:
    shop.write(lambda tx: create_option(tx, name="Colour", values=[NewValue("Red", 0)]))
    page = visitor.done(f"/products/{shirt}/choices", "/options", option_ids=[str(size), "2"])
    assert "Size: Small, Large (+ 2.50 AUD)" in page.main
    page = visitor.done(page, "/raise-option", option="2")
    assert shop.read(lambda tx: option_ids_of(tx, shirt)) == [2, size]
    assert visitor.fill(page, "/raise-option", option="99").status == 422
    assert "Shirt" in visitor.get(f"/options/{size}").main
    visitor.done(page, "/options", option_ids=["2"])
    assert shop.read(lambda tx: option_ids_of(tx, shirt)) == [2]
    told = visitor.fill(page, "/options", option_ids=["99"])
    assert (told.status, shop.read(lambda tx: option_ids_of(tx, shirt))) == (422, [2])


def test_variants_are_added_changed_and_removed(visitor: Visitor, shirt: int) -> None:
    page = visitor.done(f"/products/{shirt}/choices", "/variants", name="Red", code="shirt-red", stock="4")
    assert page.rows == [["Red", "shirt-red", "4", "published"]]
    visitor.done(f"/products/{shirt}/choices", "/variants", name="Blue", code="shirt-blue")
    assert visitor.get("/variants?code=blue").rows == [["Blue", "shirt-blue", "Shirt", "0", "published"]]
    assert len(visitor.get("/variants?product=shirt&stock_from=1").rows) == 1
    page = visitor.done("/variants/2", "/update", name="Navy", is_published=None)
    assert "The variant was saved." in page.main
    told = visitor.fill("/variants/2", "/update", code="SHIRT-RED")
    assert (told.status, "'SHIRT-RED' is taken by variant 1" in told.problems) == (422, True)
    told = visitor.fill(f"/products/{shirt}/choices", "/variants", name="", code="")
    assert (told.status, told.problems.count("must not be empty")) == (422, 2)
    back = visitor.done("/variants/1", "/1/remove")
    assert back.rows == [["Navy", "shirt-blue", "0", "hidden"]]


def test_custom_fields_are_made_and_filled(shop: OpenShop, visitor: Visitor, shirt: int) -> None:
    assert "no custom fields yet" in visitor.get(f"/products/{shirt}/fields").main
    page = visitor.done("/custom-fields/new", "/custom-fields/new", name="Fabric", description="What of")
    assert "The custom field was created." in page.main
    shop.write(lambda tx: create_custom_field(tx, name="Fabric"))
    page = visitor.done(f"/products/{shirt}/fields", "/fields", field_1="Cotton", field_2="Wool")
    fields = page.form("/fields").fields
    assert (fields["field_1"].strip(), fields["field_2"].strip()) == ("Cotton", "Wool")
    mine = visitor.get(f"/products/{shirt}/fields")
    visitor.done(f"/products/{shirt}/fields", "/fields", field_1="")
    assert visitor.fill(mine, "/fields", field_2="Silk").status == 422
    assert visitor.fill("/custom-fields/1", "/update", name=" ").status == 422
    assert visitor.done("/custom-fields/1", "/update", name="Cloth").main.startswith(
        "The custom field was saved."
    )
    assert [row[0] for row in visitor.get("/custom-fields?sort=name").rows] == ["Cloth", "Fabric"]
    assert len(visitor.done("/custom-fields/1", "/1/remove").rows) == 1


def test_terms_of_sale_are_set(shop: OpenShop, visitor: Visitor, shirt: int) -> None:
    page = visitor.done(
        f"/products/{shirt}/terms", "/terms", is_recurring="1", recurrence_count="2", recurrence_unit="month",
        approved_url="https://shop.example/thanks", is_tangible="1", handling_e4="1.5",
    )  # fmt: skip
    fields = page.form("/terms").fields
    assert (fields["recurrence_count"], fields["handling_e4"]) == ("2", "1.50")
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"recurrence_unit": ""}, "must be one of week, month, year"),
        ({"recurrence_count": "1001"}, "must be between 1 and 1000"),
        ({"approved_url": "javascript:alert(1)"}, "must begin with http:// or https://"),
        ({"startup_fee_e4": "-5"}, "must take less off than the price is"),
        ({"commission_type": "percentage", "commission_e4": "101"}, "must be at most 100 %"),
        ({"handling_e4": "-1"}, "must be 0 or more"),
    )
    for values, problem in cases:
        told = visitor.fill(f"/products/{shirt}/terms", "/terms", **values)
        assert (told.status, problem in told.problems) == (422, True), (values, told.problems)
    mine = visitor.get(f"/products/{shirt}/terms")
    visitor.done(f"/products/{shirt}/terms", "/terms", handling_e4="2")
    assert visitor.fill(mine, "/terms", pending_url="https://shop.example").status == 422
    happened = shop.read(lambda tx: list_events_of(tx, subject="product", subject_id=shirt))
    assert happened[0].kind == "product.terms_changed"


def test_who_may_only_see_changes_no_option(home: Any, shop: OpenShop, size: int, shirt: int) -> None:
    def more(tx: Tx) -> None:
        create_custom_field(tx, name="Fabric")

    shop.write(more)
    support = signed_in(home, "support")
    csrf = support.get("/options").form("/sign-out").fields["csrf"]
    for path in (f"/options/{size}", "/custom-fields/1"):
        page = support.get(path)
        assert (page.status, page.tree.xpath("//main//form[@method='post']")) == (200, [])
        for act in ("update", "remove"):
            assert support.post(f"/console{path}/{act}", {"csrf": csrf, "name": "No"}).status == 403
    for act in ("add-value", "remove-value"):
        assert support.post(f"/console/options/{size}/{act}", {"csrf": csrf, "value": "1"}).status == 403
    assert offered(shop) == [("Small", 0), ("Large", 25_000)]
