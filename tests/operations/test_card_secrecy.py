"""A card's number and code are nowhere: not in the database, its journal, a snapshot or the log."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, select

from comptoir.chores.gateways import OpenAttempts, captures, deposits, fraud_reviews
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.commenting import add_comment
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.cards import use_token
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.payments.models import CardToken, PaymentTransaction
from comptoir.domain.payments.sandbox import MAGIC_CARDS
from comptoir.domain.refunds.actions import refund_order
from comptoir.settings import Settings
from comptoir.snapshots import create_snapshot
from comptoir.storage.sqlite import SqliteDatabase
from tests.conftest import SECRET
from tests.domain.payments.given import later, sell
from tests.operations.sealing import CARD, PUBLISHED, SELLER, ask_token
from tests.storefront.buying import BILLING, FORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx
    from tests.operations.conftest import Running

NUMBER, CODE = "378282246310005", "7391"
PRIVATE = "8C7B5A06-2B30-4D4C-A1D5-0A2B9E2F3C11"
ADDRESS = {
    "name": "Joan Shopper", "addrLine1": "1 Main Street", "city": "Columbus", "state": "OH", "zipCode": "43123",
    "country": "USA", "email": "joan@example.com", "phoneNumber": "6145550100",
}  # fmt: skip
LINK = {"sid": SELLER, "mode": "2CO", "li_0_name": "Lamp", "li_0_price": "25.00", "li_0_tangible": "N"}


def forms_of(number: str) -> Iterator[bytes]:
    """How a number might have been written down."""
    for parts in (re.findall(".{1,4}", number), [number[:4], number[4:10], number[10:]]):
        yield from (sign.join(parts).encode() for sign in ("", " ", "-", "+", "%20"))
    yield b64encode(number.encode()).rstrip(b"=")
    yield number.encode().hex().encode()
    yield int(number).to_bytes(7, "big")


def found(kept: bytes, numbers: tuple[str, ...] = (NUMBER, *MAGIC_CARDS), code: str = CODE) -> list[str]:
    """Which of the numbers and the code are in there; the code only as a word of its own."""
    told = [number for number in numbers if any(form in kept for form in forms_of(number))]
    if re.search(rb"(?<![0-9A-Za-z])" + code.encode() + rb"(?![0-9A-Za-z])", kept):
        told.append(code)
    return told


def everything_kept(shop: OpenShop) -> bytes:
    """All bytes of the database's files, or every row of every table as the server writes it."""
    database = shop.database
    if isinstance(database, SqliteDatabase):
        folder = database.path.parent
        return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{database.path.name}*")))
    import psycopg  # noqa: PLC0415 - of one engine

    with psycopg.connect(database.dsn) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [
            str(row[0])
            for (name,) in names
            for row in connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(name)))
        ]
    return "\n".join(rows).encode()


@pytest.fixture
def service(home: ServedShop, start: Callable[[ServedShop], Running]) -> Running:
    def sells(tx: Tx) -> None:
        update_merchant(
            tx,
            vendor_id=int(SELLER),
            publishable_key=PUBLISHED,
            private_key=PRIVATE,
            gateway="sandbox",
            name="T",
            demo="N",
        )

    home.shop.write(sells)
    return start(home)


def post(service: Running, path: str, form: dict[str, str]) -> Any:
    return service.client.simulate_post(path, body=urlencode(form).encode(), headers={"Content-Type": FORM})


def buy_on_the_page(service: Running, number: str, code: str) -> int:
    opened = service.client.simulate_get("/checkout/purchase", query_string=urlencode(LINK))
    checkout = opened.headers["location"]
    post(service, f"{checkout}/billing-information", BILLING)
    form = {"card_number": number, "card_expiry": "12/30", "card_code": code}
    return int(post(service, f"{checkout}/payment-method", form).status_code)


def buy_by_token(service: Running, number: str, code: str) -> Any:
    token = ask_token(service, CARD | {"cardNum": number, "cvv": code})["response"]["token"]["token"]
    order = {
        "sellerId": SELLER, "privateKey": PRIVATE, "merchantOrderId": f"order-{number[-4:]}", "token": token,
        "currency": "AUD", "total": "10.00", "billingAddr": ADDRESS,
    }  # fmt: skip
    return service.client.simulate_post(f"/checkout/api/1/{SELLER}/rs/authService", json=order).json


def go_all_ways(service: Running) -> None:
    """Every way that a card can take into the shop, and all that follows; also those that lead nowhere."""
    shop = service.home.shop
    card = CARD | {"cardNum": NUMBER, "cvv": CODE}
    token = ask_token(service, card)["response"]["token"]["token"]
    row = shop.write(lambda tx: use_token(tx, token, secret=SECRET))
    for bad in ({"expYear": "2019"}, {"cvv": "1"}, {"cardNum": NUMBER + "0"}, {"expMonth": {"of": NUMBER}}):
        assert ask_token(service, card | bad)["exception"] is not None
    placed = sell(shop, method=row.method)
    shop.write(lambda tx: keep_method(tx, sale_id=placed.sale_id, gateway=row.gateway, method=row.method))
    assert buy_on_the_page(service, NUMBER, CODE) == 303
    assert buy_on_the_page(service, f"{NUMBER[:4]} {NUMBER[4:10]} {NUMBER[10:]}", CODE) == 303
    assert buy_on_the_page(service, NUMBER[:-1] + "6", CODE) == 422
    assert buy_on_the_page(service, NUMBER, f"{CODE}9") == 422
    assert buy_by_token(service, NUMBER, CODE)["response"]["responseCode"] == "APPROVED"
    assert buy_by_token(service, "4333433343334333", "123")["exception"]["errorCode"] == "602"
    for number in MAGIC_CARDS:
        buy_on_the_page(service, number, "123")
    later(shop, hours=25)
    for chore in (OpenAttempts(), fraud_reviews, captures, deposits):
        chore(service.home)
    shop.write(lambda tx: refund_order(tx, order_id=placed.order_id))
    service.client.simulate_get("/api/sales/detail_sale", query_string=f"sale_id={NUMBER}&cvv={CODE}")


def test_no_card_is_kept_or_told(service: Running, tmp_path: Path) -> None:
    go_all_ways(service)
    shop = service.home.shop
    counts = [
        shop.read(lambda tx, record=record: tx.value(select(func.count()).select_from(record)))  # type: ignore[misc]
        for record in (CardToken, Order, PaymentTransaction)
    ]
    assert min(counts) >= 1, "the flows did take place"
    assert counts[1] > 8
    kept = everything_kept(shop)
    assert b"sbx-approved" in kept
    assert found(kept) == []
    if isinstance(shop.database, SqliteDatabase):
        # PostgreSQL's own program would write what was just read; here it may be older than the server.
        create_snapshot(Settings(data_dir=tmp_path / "data"), service.home, "all")
        frozen = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
        assert b"sbx-approved" in frozen
        assert found(frozen) == []
    told = service.log.getvalue()
    assert "payment-method" in told
    assert found(told.encode()) == []


@pytest.mark.parametrize(
    "text", [NUMBER, "3782 822463 10005", f"code {CODE}.", b64encode(NUMBER.encode()).decode()]
)
def test_the_search_finds_what_is_there(service: Running, text: str) -> None:
    """Without this the test above could not fail."""
    shop = service.home.shop
    placed = sell(shop)
    shop.write(lambda tx: add_comment(tx, sale_id=placed.sale_id, order_id=placed.order_id, text=text))
    assert found(everything_kept(shop)) == [CODE if CODE in text else NUMBER]
