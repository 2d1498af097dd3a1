"""Sales saved from detail_sale move into another shop and look there as they did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.dialects.twocheckout.invoice_shown import invoice_shown
from comptoir.dialects.twocheckout.moving_in import take_sale, take_sales
from comptoir.dialects.twocheckout.sales import find_sale, sale_shown
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.queries import count_orders
from comptoir.domain.proof import prove_books
from tests.dialects.twocheckout.worlds import sales
from tests.domain.exchange.given import fresh_shop

if TYPE_CHECKING:
    from pathlib import Path

    from comptoir.domain.tx import OpenShop, Tx
    from tests.engines import Engines

SALES = (
    sales.PAID,
    sales.PROMISED,
    sales.RECURRING,
    sales.REVIEWED,
    sales.DECLINED,
    sales.REFUNDED,
    sales.OLD,
    sales.PARTLY,
)
# What the documents do not tell, or what every shop gives out itself.
UNTOLD = {"customer_id", "address_id", "shipping_address_id", "shipping_id", "shipping_method_id"}


def saved(shop: OpenShop, *sale_ids: int) -> list[dict[str, Any]]:
    """The documents of sales, as they come over the wire."""

    def work(tx: Tx) -> list[dict[str, Any]]:
        documents = []
        for sale_id in sale_ids:
            sale = find_sale(tx, sale_id, None)
            invoices = [invoice_shown(tx, sale, one, 1817037) for one in sale.invoices]
            documents.append({"sale": sale_shown(tx, sale) | {"invoices": invoices}})
        return documents

    return json.loads(json.dumps(shop.read(work)))  # type: ignore[no-any-return]


def told(value: Any) -> Any:
    """A document without what differs from shop to shop."""
    if isinstance(value, dict):
        return {name: told(member) for name, member in value.items() if name not in UNTOLD}
    return [told(one) for one in value] if isinstance(value, list) else value


def dollars(shop: OpenShop) -> None:
    shop.write(lambda tx: change_shop(tx, currency="USD"))
    shop.write(lambda tx: update_merchant(tx, vendor_id=1817037, secret_word="tango"))


def test_sales_look_in_the_new_shop_as_in_the_old(
    shop: OpenShop, engine: str, engines: Engines, tmp_path: Path
) -> None:
    dollars(shop)
    sales.load(shop)
    documents = saved(shop, *SALES)
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        dollars(other)
        assert other.write(lambda tx: take_sales(tx, documents)) == [None] * len(SALES)
        for there, here in zip(saved(other, *SALES), documents, strict=True):
            assert told(there) == told(here)
        assert other.read(prove_books) == []


DOCUMENT: dict[str, Any] = {
    "sale_id": "4774380224",
    "date_placed": "2026-01-02 03:04:05",
    "customer": {"email_address": "ann@example.com", "first_name": "Ann"},
    "invoices": [
        {
            "invoice_id": "4774380233",
            "status": "deposited",
            "vendor_total": "3.00",
            "customer_total": "3.00",
            "usd_total": "3.00",
            "lineitems": [{"lineitem_id": "4774380242", "product_name": "Tea", "vendor_amount": "3.00"}],
        }
    ],
}

GIVEN_BACK = {"lineitem_id": "1", "vendor_amount": "1", "status": "refund"}


def changed(**invoice: Any) -> dict[str, Any]:
    return DOCUMENT | {"invoices": [DOCUMENT["invoices"][0] | invoice]}


def club(installment: int, **billing: Any) -> dict[str, Any]:
    """The line of a membership."""
    return {
        "lineitem_id": str(4774380240 + 10 * installment),
        "product_name": "Club",
        "vendor_amount": "4.00" if installment == 1 else "3.00",
        "product_price": "3.00",
        "product_startup_fee": "1.00",
        "product_recurrence": "1 Month",
        "product_duration": "1 Year",
        "installment": str(installment),
        "billing": {"date_next": None, "recurring_status": None} | billing,
    }


@pytest.mark.parametrize("status", ["active", "stopped", "completed", "declined"])
def test_what_recurs_goes_on_where_it_was(shop: OpenShop, status: str) -> None:
    dollars(shop)
    next_day = "2026-04-02" if status == "active" else None
    first = DOCUMENT["invoices"][0] | {"vendor_total": "4.00", "lineitems": [club(1)]}
    second = first | {
        "invoice_id": "4774380333",
        "lineitems": [club(2, date_next=next_day, recurring_status=status)],
    }
    shop.write(lambda tx: take_sale(tx, DOCUMENT | {"invoices": [first, second]}))
    (document,) = saved(shop, 4774380224)
    one, two = (invoice["lineitems"][0] for invoice in document["sale"]["invoices"])
    assert (one["billing"]["recurring_status"], one["installment"]) == (None, "1")
    assert (two["billing"]["recurring_status"], two["installment"]) == (status, "2")
    assert two["billing"]["date_next"] == next_day
    assert shop.read(prove_books) == []


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "invoices"),
        (DOCUMENT | {"invoices": "none"}, "invoices"),
        (DOCUMENT | {"sale_id": "x"}, "sale_id"),
        (DOCUMENT | {"sale_id": "9" * 19}, "sale_id"),
        (DOCUMENT | {"date_placed": "yesterday"}, "date_placed"),
        (DOCUMENT | {"comments": [{"comment": "when?"}]}, "comments"),
        (changed(invoice_id=None), "invoice_id"),
        (changed(status="lost"), "status"),
        (changed(lineitems=[{"lineitem_id": "1", "vendor_amount": "1e400"}]), "vendor_amount"),
        (changed(lineitems=[{"lineitem_id": "1", "product_recurrence": "1 Fortnight"}]), "product_recurrence"),
        (changed(status="approved", lineitems=[GIVEN_BACK]), "lineitems"),
    ],
)  # fmt: skip
def test_a_document_that_is_wrong_leaves_nothing(
    shop: OpenShop, document: dict[str, Any], field: str
) -> None:
    dollars(shop)

    def work(tx: Tx) -> None:
        take_sale(tx, document)

    with pytest.raises(Invalid) as refused:
        shop.write(work)
    assert refused.value.field == field
    assert [str(one) for one in shop.write(lambda tx: take_sales(tx, [document]))] == [str(refused.value)]
    assert shop.read(count_orders) == 0


def test_a_sale_comes_once_and_the_others_all_the_same(shop: OpenShop) -> None:
    dollars(shop)
    other = DOCUMENT | {"sale_id": "4774380300"}
    other["invoices"] = [
        DOCUMENT["invoices"][0]
        | {"invoice_id": "4774380309", "lineitems": [{"lineitem_id": "4774380318", "vendor_amount": "1"}]}
    ]
    first, again, second = shop.write(lambda tx: take_sales(tx, [DOCUMENT, DOCUMENT, other]))
    assert (first, second) == (None, None)
    assert isinstance(again, Invalid)
    assert shop.read(count_orders) == 2
