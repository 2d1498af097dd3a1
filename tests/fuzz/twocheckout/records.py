"""What the world holds, by the parameters that name it, so that requests meet records and not only refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from comptoir.domain.catalogue.models import Category, Option, OptionValue, Product
from comptoir.domain.coupons.models import Coupon
from comptoir.domain.orders.models import Order, OrderLine
from tests.dialects.twocheckout.worlds.everything import MARKUP

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

RECORDS: dict[str, Any] = {
    "sale_id": select(Order.sale_id).order_by(Order.sale_id),
    "invoice_id": select(Order.id).order_by(Order.id),
    "lineitem_id": select(OrderLine.id).order_by(OrderLine.id),
    "product_id": select(Product.id).order_by(Product.id),
    "option_id": select(Option.id).order_by(Option.id),
    "option_value_id": select(OptionValue.id).order_by(OptionValue.id),
    "category_id": select(Category.id).order_by(Category.id),
    "coupon_code": select(Coupon.code).order_by(Coupon.id),
}
WORDS = ["fine", MARKUP, "Söhne & 子", "\"a\" & 'b'"]
MONEYS = ["0.01", "1", "2,50", "5.00", "100.00"]
# What is good for a parameter that names no record.
GOOD: dict[str, list[str]] = {
    "amount": MONEYS,
    "currency": ["vendor", "usd", "customer"],
    "category": ["1", "2", "5", "8"],
    "comment": ["fine", "Söhne & 子"],
    "sale_comment": ["fine", "Söhne & 子"],
    "tracking_number": ["1Z 999"],
    "price": MONEYS,
    "value_off": MONEYS,
    "percentage_off": ["5", "12", "100"],
    "minimum_purchase": MONEYS,
    "option_value_surcharge": MONEYS,
    "startup_fee": MONEYS,
    "handling": MONEYS,
    "commission_amount": ["1", "5"],
    "commission_type": ["percentage", "amount"],
    "weight": ["0", "1.5", "20"],
    "recurrence": ["1 Week", "1 Month", "2 Year"],
    "duration": ["Forever", "1 Year", "6 Month"],
    "date_expire": ["2026-12-31", "2030-01-01"],
    "type": ["shipping", "product", "sale"],
    "sort_dir": ["ASC", "desc"],
    "cur_page": ["1", "2"],
    "pagesize": ["1", "20", "100"],
    "new_code": ["NEW", "newer"],
    "shift": ["1", "30"],
    "pending_url": ["https://shop.example/later"],
    "customer_name": ["Tester", "test", "Söhne"],
    "customer_email": ["testing@example.com"],
    "customer_phone": ["6145550100", "614"],
    "vendor_product_id": ["lamp-1", "club", MARKUP],
    "ccard_first6": ["400000"],
    "ccard_last2": ["02"],
    "sale_date_begin": ["2025-01-01", "2026-02-25"],
    "sale_date_end": ["2026-03-01", "2027-01-01"],
    "approved_url": ["https://shop.example/thanks"],
}

Known = dict[str, tuple[str, ...]]


def known_in(shop: OpenShop) -> Known:
    """The numbers and codes of what is there."""

    def read(tx: Tx) -> Known:
        return {
            name: tuple(dict.fromkeys(str(value) for (value,) in tx.all(found)))
            for name, found in RECORDS.items()
        }

    return shop.read(read)


def planted(asked: Any, known: Known, pick: int) -> Any:
    """The query or the form with records that are there, where it names any."""
    if not isinstance(asked, dict):
        return asked
    filled = dict(asked)
    for name in known.keys() & filled.keys():
        value = known[name][pick % len(known[name])]
        filled[name] = [value] if isinstance(filled[name], list) else value
    return filled
