from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.catalogue.errors import ProductNotFound
from comptoir.domain.catalogue.models import Product, ProductTerms
from comptoir.domain.catalogue.products import create_product, remove_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.terms import Terms, find_product, free_code, set_terms, terms_of
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

MONTHLY: dict[str, Any] = {"is_recurring": True, "recurrence_unit": "month", "recurrence_count": 1}
KEPT = select(ProductTerms.product_id)


def made(tx: Tx, name: str = "Club", **fields: Any) -> int:
    return create_product(tx, name=name, **fields)


def sold(tx: Tx, **terms: Any) -> tuple[int, int]:
    product_id = made(tx)
    return product_id, set_terms(tx, product_id=product_id, is_new=True, **terms)


def test_a_product_without_terms_is_intangible_sold_once_and_called_by_its_id_and_code(tx: Tx) -> None:
    product_id = made(tx, code="LAMP")
    assert terms_of(tx, [product_id, 999_999]) == {product_id: Terms(product_id, product_id, "LAMP")}
    assert find_product(tx, assigned_id=product_id) == product_id


def test_what_is_named_is_changed_and_the_rest_stays(tx: Tx) -> None:
    product_id, assigned_id = sold(tx, vendor_product_id="C-1", handling_e4=5_000, **MONTHLY)
    assert (
        set_terms(tx, product_id=product_id, handling_e4=None, duration_unit="year", duration_count=2)
        == assigned_id
    )
    terms = terms_of(tx, [product_id])[product_id]
    assert (terms.vendor_product_id, terms.handling_e4, terms.recurrence_unit) == ("C-1", None, "month")
    assert (terms.duration_unit, terms.duration_count) == ("year", 2)


def test_what_no_longer_recurs_keeps_nothing_of_it(tx: Tx) -> None:
    product_id, _ = sold(tx, startup_fee_e4=1, duration_unit="year", duration_count=1, **MONTHLY)
    set_terms(tx, product_id=product_id, is_recurring=False)
    terms = terms_of(tx, [product_id])[product_id]
    assert (terms.recurrence_unit, terms.duration_count, terms.startup_fee_e4) == (None, None, None)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"is_recurring": True}, "recurrence_unit"),
        (MONTHLY | {"recurrence_unit": "day"}, "recurrence_unit"),
        (MONTHLY | {"recurrence_count": 0}, "recurrence_count"),
        (MONTHLY | {"recurrence_count": 1_001}, "recurrence_count"),
        (MONTHLY | {"recurrence_count": None}, "recurrence_count"),
        (MONTHLY | {"duration_unit": "quarter", "duration_count": 1}, "duration_unit"),
        (MONTHLY | {"duration_count": 1}, "duration_unit"),
        (MONTHLY | {"startup_fee_e4": -1}, "startup_fee_e4"),
        ({"handling_e4": -1}, "handling_e4"),
        ({"commission_e4": -1}, "commission_e4"),
        ({"commission_type": "half"}, "commission_type"),
        ({"commission_type": "percentage", "commission_e4": 1_000_001}, "commission_e4"),
        ({"approved_url": "javascript:alert(1)"}, "approved_url"),
        ({"pending_url": "//shop.example"}, "pending_url"),
    ],
)
def test_terms_that_do_not_fit_together_are_refused(tx: Tx, terms: dict[str, Any], field: str) -> None:
    product_id = made(tx)
    with pytest.raises(Invalid) as refusal:
        set_terms(tx, product_id=product_id, **terms)
    assert refusal.value.field == field
    assert tx.all(KEPT) == []


def test_a_product_that_is_not_there_has_no_terms(tx: Tx) -> None:
    with pytest.raises(ProductNotFound):
        set_terms(tx, product_id=7)


def test_small_numbers_are_given_in_turn_and_never_one_that_means_another_product(tx: Tx) -> None:
    create_product(tx, id=2, name="Known by its id")
    assert [sold(tx)[1] for _ in range(3)] == [1, 3, 4]
    first = find_product(tx, assigned_id=1)
    assert first is not None
    remove_product(tx, product_id=first)
    assert find_product(tx, assigned_id=1) is None
    assert sold(tx)[1] == 5


def test_a_product_that_links_called_by_its_id_goes_on_being_called_so(tx: Tx) -> None:
    product_id = made(tx, id=4_603_286, code="LAMP")
    assert set_terms(tx, product_id=product_id, is_tangible=True) == 4_603_286
    assert terms_of(tx, [product_id])[product_id].vendor_product_id == "LAMP"
    assert sold(tx)[1] == 1


def test_where_a_number_is_assigned_the_product_of_that_id_gives_way(tx: Tx) -> None:
    product_id = made(tx, id=50)
    assert set_terms(tx, product_id=product_id, is_new=True) == 1
    create_product(tx, id=1, name="Imported later")
    assert find_product(tx, assigned_id=1) == product_id
    assert set_terms(tx, product_id=1) == 2


def test_a_code_is_free_until_a_product_has_it(tx: Tx) -> None:
    assert free_code(tx, "Lamp") == "Lamp"
    made(tx, code="LAMP")
    assert free_code(tx, "Lamp") == ""


def test_a_change_of_terms_is_noted_with_what_it_changed(tx: Tx) -> None:
    product_id, assigned_id = sold(tx, handling_e4=1)
    tx.changes.clear()
    set_terms(tx, product_id=product_id, handling_e4=2, is_tangible=False)
    (change,) = tx.changes
    assert (change.kind, change.subject, change.subject_id) == (
        "product.terms_changed",
        "product",
        product_id,
    )
    assert (change.before, change.after) == (
        {"handling_e4": 1},
        {"handling_e4": 2, "assigned_id": assigned_id},
    )
    assert get_row(tx, Product, product_id)["updated_at"] == tx.now
