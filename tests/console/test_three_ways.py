"""A thing is shown as each dialect would answer for it, to those who may see it."""

from __future__ import annotations

import pytest

from comptoir.console.three_ways import THINGS, laid_out
from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.refunds.actions import remove_order
from comptoir.domain.tx import OpenShop
from comptoir.operations.three_asked import ASKED
from tests.console.visiting import Visitor, signed_in
from tests.domain.refunds.given import a_paid_order

HOSTILE = '<script>alert("1")</script>]]>&amp;'


@pytest.fixture
def product(shop: OpenShop) -> int:
    return shop.write(lambda tx: create_product(tx, name=HOSTILE, price_rrp_e4=125_000))


def test_every_kind_that_is_asked_has_a_name_and_an_area() -> None:
    assert THINGS.keys() == ASKED.keys()


def test_a_product_is_shown_in_each_dialect_with_the_request_to_paste(visitor: Visitor, product: int) -> None:
    page = visitor.get(f"/three-ways/product/{product}")
    assert [one.text_content() for one in page.tree.xpath("//section/h2")] == [
        "Core dna", "2Checkout", "CorePro",
    ]  # fmt: skip
    asked = [one.text_content() for one in page.tree.xpath("//section//pre[@id]")]
    base = "http://falconframework.org"
    assert asked == [
        f'curl -H "Authorization: Bearer $KEY" {base}/products/{product}',
        f"curl -u \"$USER:$PASSWORD\" '{base}/api/products/detail_product?product_id={product}'",
    ]
    assert "CorePro is a bank's" in page.main
    assert "<script>alert" not in page.text
    answers = [one.text_content() for one in page.tree.xpath("//section//pre[not(@id)]")]
    assert HOSTILE.replace('"', '\\"') in answers[0]
    assert "&lt;script&gt;" in answers[1]


@pytest.mark.parametrize(("form", "begins"), [("json", "{"), ("xml", "<"), ("xoxo", "<"), ("spoon", "{")])
def test_the_format_is_chosen(visitor: Visitor, product: int, form: str, begins: str) -> None:
    page = visitor.get(f"/three-ways/product/{product}?form={form}")
    assert page.status == 200
    core, two = [one.text_content() for one in page.tree.xpath("//section//pre[not(@id)]")]
    assert core.startswith("<" if form == "xml" else "{")
    assert two.startswith("<" if form == "spoon" else begins)


def test_what_is_not_there_is_not_found(visitor: Visitor) -> None:
    for path in ("product/987654", "spoon/1", "order/99999999999999999999", "product/x"):
        assert visitor.get(f"/three-ways/{path}").status == 404


def test_a_transfer_of_an_order_that_was_removed_says_so(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    assert "/api/sales/detail_sale" in visitor.get("/three-ways/transfer/1").main
    shop.write(lambda tx: remove_order(tx, order_id=order_id))
    page = visitor.get("/three-ways/transfer/1")
    assert (page.status, page.main.count("was removed; the books keep what was posted")) == (200, 2)


def test_a_role_that_may_not_see_the_thing_sees_none_of_its_ways(home: ServedShop, product: int) -> None:
    support = signed_in(home, "support")
    assert support.get("/three-ways/transfer/1").status == 403
    assert support.get("/three-ways/bank_account/1").status == 403
    assert support.get(f"/three-ways/product/{product}").status == 200


def test_what_cannot_be_laid_out_stays_as_it_is() -> None:
    assert laid_out("application/json", "{") == "{"
    assert laid_out("application/xml", "<a><b></a>") == "<a><b></a>"
    assert laid_out("application/xml", "") == ""
    assert laid_out("application/xml", "<a><b>1</b></a>").splitlines() == ["<a>", "  <b>1</b>", "</a>"]
