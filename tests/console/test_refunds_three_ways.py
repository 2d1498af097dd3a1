"""A line is refunded in the console, and is so in all three dialects over the API, and in the next payout."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.settlement import open_bank
from comptoir.domain.banking.transfers.of_books import booked_under
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.orders.invoicing import attach_payment, mark_deposited, set_fraud_status
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.capturing import capture_invoice
from comptoir.domain.payments.gateways import SANDBOX, gateway_named
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import REFUND
from comptoir.domain.payouts.settling import tag_of
from comptoir.domain.shop import Shop
from tests.conftest import SECRET
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import a_sale

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.tx import OpenShop, Tx

KEY, USER, PASSWORD, BANKER, BANKING = "corednakey", "APIuser", "APIpassword", "bankkey1", "banksecret1"


def a_settled_sale(tx: Tx) -> PlacedSale:
    """A sale of a lamp in a shop with a bank, captured, deposited, and gathered for the next payout."""
    placed = a_sale(tx)
    payment_id = charge_order(tx, order_id=placed.order_id, gateway=gateway_named(SANDBOX))
    attach_payment(tx, order_id=placed.order_id, payment_id=payment_id)
    set_fraud_status(tx, order_id=placed.order_id, status="pass")
    capture_invoice(tx, order_id=placed.order_id)
    mark_deposited(tx, order_id=placed.order_id)
    assert gather_entries(tx)
    return placed


def let_in(tx: Tx) -> None:
    """A key of each dialect, for the same operator."""
    given: dict[str, Any] = {"operator_id": 1, "secret": SECRET, "may_update": False}
    create_key(tx, operator_id=1, name="till", dialect="coredna", scopes=["*"], secret=SECRET, key=KEY)
    create_api_user(tx, name=USER, password=PASSWORD, dialect="twocheckout", **given)
    create_api_user(tx, name=BANKER, password=BANKING, dialect="corepro", **given)


def asked(visitor: Visitor, path: str, authorisation: str) -> Any:
    """What a program is answered over the API, as JSON."""
    place, _, query = path.partition("?")
    answer = visitor.client.simulate_get(
        place, query_string=query, headers={"Authorization": authorisation, "Accept": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def basic(name: str, password: str) -> str:
    return f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"


def test_a_line_refunded_in_the_console_is_refunded_everywhere(shop: OpenShop, home: ServedShop) -> None:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    shop.write(lambda tx: change_shop(tx, currency="USD"))
    shop.write(lambda tx: open_bank(tx, sample_plan("example1")))
    placed = shop.write(a_settled_sale)
    visitor = signed_in(home)
    shop.write(let_in)
    form = visitor.get(f"/orders/{placed.order_id}/refund")
    assert "will be taken from the next one" in form.main
    lamp = placed.line_ids[0]
    typed: Any = {f"pieces_{lamp}": "1", "category": "2", "notes": "Too bright"}
    preview = visitor.fill(form, "/refund", **typed)
    assert "100.00 USD" in preview.main
    refund_id = int(visitor.fill(preview, "/refund/confirm").location.rpartition("/")[2])

    (refund,) = asked(visitor, f"/refunds?order_id={placed.order_id}", f"Bearer {KEY}")["data"]
    assert (refund["id"], refund["status"], refund["total"]["total"]) == (refund_id, "success", "100.0000")
    assert [item["order_product_id"] for item in refund["items"]] == [lamp]

    sale = asked(visitor, f"/api/sales/detail_sale?sale_id={placed.sale_id}", basic(USER, PASSWORD))["sale"]
    (invoice,) = sale["invoices"]
    statuses = {line["product_name"]: line["status"] for line in invoice["lineitems"]}
    assert statuses["Lamp"] == "refund"
    assert sale["comments"][0]["comment"] == "Refund Issued On Invoice: Too bright"
    assert sale["comments"][0]["username"] == "Ada"

    assert shop.write(gather_entries)
    (booked,) = shop.read(lambda tx: booked_under(tx, tag_of(REFUND, refund_id) or ""))
    path = f"/transaction/get/{booked.customer_id}/{booked.id}"
    told = asked(visitor, path, basic(BANKER, BANKING))["data"][0]
    assert (abs(told["amount"]), told["transactionId"]) == (100, booked.id)
    settled = visitor.get(f"/refunds/{refund_id}")
    assert "Taken from" in settled.main
    assert visitor.get(f"/three-ways/refund/{refund_id}").status == 200
