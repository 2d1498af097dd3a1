"""The pages as a browser gets them: steps, refusals, headers, the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from comptoir.domain.checkout.models import Checkout
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.models import Order
from comptoir.domain.tx import OpenShop
from tests.domain.checkout.shopping import ONE_SHIRT, SID, add_product, be_seller
from tests.storefront.buying import BILLING, CARD, SHIPPING, Buyer, hidden, said, served

COUNT = select(func.count()).select_from(Order)


@pytest.fixture
def buyer(shop: OpenShop, tmp_path: Path) -> Iterator[Buyer]:
    shop.write(lambda tx: be_seller(tx, return_url="https://shop.example.com/thanks"))
    yield Buyer(served(shop, tmp_path))


def orders(shop: OpenShop) -> int:
    return int(shop.read(lambda tx: tx.value(COUNT)))


def test_the_whole_way_from_the_link_to_the_receipt(shop: OpenShop, buyer: Buyer) -> None:
    assert buyer.landed(ONE_SHIRT).endswith("/review-cart")
    checkout = buyer.open(ONE_SHIRT)
    page = buyer.get(f"{checkout}/review-cart")
    assert "Test Product" in said(page)
    assert buyer.fill(checkout, "review-cart", {"quantity.0": "3", "do": "continue"}) == "billing-information"
    assert buyer.fill(checkout, "billing-information", BILLING) == "payment-method"
    assert "Pay A$0.03" in said(buyer.get(f"{checkout}/payment-method"))
    assert buyer.fill(checkout, "payment-method", CARD) == "receipt"
    receipt = buyer.get(f"{checkout}/receipt")
    assert "Thank you for your order" in said(receipt)
    assert orders(shop) == 1
    assert hidden(receipt.text)["total"] == "0.03"
