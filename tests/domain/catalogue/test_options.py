import pytest
from sqlalchemy import func, select

from comptoir.domain.catalogue.errors import OptionNotFound, ProductNotFound, ValueOfAnotherOption
from comptoir.domain.catalogue.models import OptionOfProduct, OptionValue
from comptoir.domain.catalogue.options import (
    VALUES_MAX,
    NewValue,
    OfferedOption,
    create_option,
    options_of,
    remove_option,
    set_options,
    update_option,
)
from comptoir.domain.catalogue.products import create_product, remove_product
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

SIZES = [NewValue("S", 0), NewValue("M", 5_000)]
VALUE_COUNT = select(func.count()).select_from(OptionValue)
LINK_COUNT = select(func.count()).select_from(OptionOfProduct)


def offered(tx: Tx, option_id: int) -> OfferedOption:
    """The option as a product that has nothing else offers it."""
    product_id = create_product(tx, name="Shirt")
    set_options(tx, product_id=product_id, option_ids=[option_id])
    return options_of(tx, [product_id])[product_id][0]


def test_an_option_keeps_its_values_in_order(tx: Tx) -> None:
    option = offered(tx, create_option(tx, name="Size", values=SIZES))
    assert option.name == "Size"
    assert [choice[1:] for choice in option.choices] == [("S", 0), ("M", 5_000)]


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        (" ", SIZES, "name"),
        ("x" * 256, SIZES, "name"),
        ("Size", [], "values"),
        ("Size", [NewValue(" ", 0)], "value_name"),
        ("Size", [NewValue("S", -1)], "surcharge_e4"),
        ("Size", [NewValue(str(n), 0) for n in range(VALUES_MAX + 1)], "values"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(
    tx: Tx, name: str, values: list[NewValue], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        create_option(tx, name=name, values=values)
    assert refusal.value.field == field


def test_values_are_added_changed_and_taken_away_at_once(tx: Tx) -> None:
    option_id = create_option(tx, name="Size", values=[*SIZES, NewValue("L", 1)])
    small, medium, _ = (choice.id for choice in offered(tx, option_id).choices)
    update_option(
        tx,
        option_id=option_id,
        name="Grösse",
        added=[NewValue("XL", 9)],
        changed={medium: {"surcharge_e4": 7}},
        removed=[small],
    )
    option = offered(tx, option_id)
    assert (option.name, [choice[1:] for choice in option.choices]) == (
        "Grösse",
        [("M", 7), ("L", 1), ("XL", 9)],
    )


def test_a_value_of_another_option_is_refused_and_so_is_an_unknown_option(tx: Tx) -> None:
    option_id = create_option(tx, name="Size", values=SIZES)
    other = offered(tx, create_option(tx, name="Colour", values=[NewValue("Red", 0)])).choices[0].id
    with pytest.raises(ValueOfAnotherOption):
        update_option(tx, option_id=option_id, changed={other: {"name": "Mine"}})
    with pytest.raises(ValueOfAnotherOption):
        update_option(tx, option_id=option_id, removed=[other])
    with pytest.raises(Invalid, match="surcharge_e4 must be 0 or more"):
        update_option(tx, option_id=option_id, added=[NewValue("XL", -1)])
    with pytest.raises(OptionNotFound):
        update_option(tx, option_id=7, name="x")
    with pytest.raises(OptionNotFound):
        remove_option(tx, option_id=7)


def test_a_removed_option_leaves_its_products(tx: Tx) -> None:
    sizes = create_option(tx, name="Size", values=SIZES)
    colours = create_option(tx, name="Colour", values=[NewValue("Red", 0)])
    product_id = create_product(tx, name="Shirt")
    set_options(tx, product_id=product_id, option_ids=[colours, sizes, colours])
    assert [option.id for option in options_of(tx, [product_id])[product_id]] == [colours, sizes]
    tx.changes.clear()
    remove_option(tx, option_id=sizes)
    assert tx.changes[-1].before == {"name": "Size", "product_ids": [product_id]}
    assert [option.id for option in options_of(tx, [product_id])[product_id]] == [colours]
    assert tx.value(VALUE_COUNT) == 1


def test_an_option_without_values_offers_no_choice(tx: Tx) -> None:
    option_id = create_option(tx, name="Size", values=SIZES[:1])
    update_option(tx, option_id=option_id, removed=[offered(tx, option_id).choices[0].id])
    assert offered(tx, option_id).choices == ()


def test_a_product_has_just_the_options_it_is_given(tx: Tx) -> None:
    option_id = create_option(tx, name="Size", values=SIZES)
    product_id = create_product(tx, name="Shirt")
    set_options(tx, product_id=product_id, option_ids=[option_id])
    with pytest.raises(Invalid, match="option_ids names option 99"):
        set_options(tx, product_id=product_id, option_ids=[option_id, 99])
    with pytest.raises(ProductNotFound):
        set_options(tx, product_id=99, option_ids=[])
    tx.changes.clear()
    set_options(tx, product_id=product_id, option_ids=[option_id])
    assert tx.changes == []
    set_options(tx, product_id=product_id, option_ids=[])
    assert options_of(tx, [product_id]) == {}
    assert tx.changes[-1].kind == "product.options_changed"


def test_a_removed_product_has_no_options(tx: Tx) -> None:
    option_id = create_option(tx, name="Size", values=SIZES)
    product_id = create_product(tx, name="Shirt")
    set_options(tx, product_id=product_id, option_ids=[option_id])
    remove_product(tx, product_id=product_id)
    assert tx.value(LINK_COUNT) == 0
    assert len(offered(tx, option_id).choices) == 2
