"""Card numbers are nowhere afterwards: not in the database, its files, the log or the pages."""

import io
import logging
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from comptoir.domain.tx import OpenShop
from comptoir.operations.logs import configure_logs
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.checkout.shopping import ONE_SHIRT, be_seller
from tests.storefront.buying import BILLING, CARD, Buyer, served

# Good, declined, silent, misspelt; each with a security code that nothing else says.
NUMBERS = ("4000000000000002", "4333433343334333", "4000000000000408", "4000000000000028")
CODE = "907"


def everything(shop: OpenShop) -> str:
    """Every value of every record, as text."""
    tables = [record.__table__ for record in Record.__subclasses__()]
    return shop.read(
        lambda tx: "\n".join(repr(row) for table in tables for row in tx.all(select(*table.columns)))
    )


def test_no_card_number_is_kept_anywhere(
    shop: OpenShop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = io.StringIO()
    before = structlog.get_config()
    configure_logs("json", "debug", log)
    caplog.set_level(logging.DEBUG)
    pages = []
    try:
        shop.write(be_seller)
        buyer = Buyer(served(shop, tmp_path))
        for demo in ({}, {"demo": "Y"}):
            for path, step in (
                ("/checkout/purchase", "payment-method"),
                ("/checkout/spurchase", "single-page"),
            ):
                for number in NUMBERS:
                    checkout = buyer.open(ONE_SHIRT | demo, path)
                    if step == "payment-method":
                        buyer.fill(checkout, "billing-information", BILLING)
                    card = CARD | {"card_number": number, "card_code": CODE}
                    pages += [
                        buyer.post(f"{checkout}/{step}", BILLING | card),
                        buyer.get(f"{checkout}/receipt"),
                    ]
    finally:
        structlog.configure(**before)
    kept = everything(shop)
    texts = [page.text for page in pages]
    places = {"records": kept, "log": log.getvalue() + caplog.text, "pages": "\n".join(texts)}
    assert "Joan Q Shopper" in kept
    for number in NUMBERS:
        assert [place for place, text in places.items() if number in text] == []
        # The first six and the last four stay, which is what a receipt may show.
        assert [place for place, text in places.items() if number[4:14] in text] == []
    assert f"'{CODE}'" not in kept
    if isinstance(shop.database, SqliteDatabase):
        for file in shop.database.path.parent.glob("shop.sqlite*"):
            data = file.read_bytes()
            assert [number for number in NUMBERS if number.encode() in data] == []
