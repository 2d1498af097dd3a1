"""The published client for Node, unmodified, on the vendor's own name: sales from the card to the refund."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.buyer import APPROVED, DECLINED, token_of
from tests.e2e.conftest import Installation
from tests.e2e.documented_shop import LAMP, LICENCE, LICENCES, OPTIONS, SALE, SHIPPING
from tests.e2e.doors import Doors, begin
from tests.e2e.node_client import Programs, node

pytestmark = pytest.mark.e2e
# The documented return of the documented sale.
RETURNED = {"key": "7AB926D469648F3305AE361D5BD2C3CB", "order_number": str(SALE)}


@pytest.fixture
def doors(installation: Installation, documented: str) -> Doors:
    node()
    return begin(installation, documented)


@pytest.fixture
def start(doors: Doors) -> Iterator[Programs]:
    programs = Programs(doors.authority, doors.port, OPTIONS)
    yield programs
    programs.close()


def test_a_walk_through_the_sales(start: Programs, doors: Doors, installation: Installation) -> None:
    client = start()
    given = {"sale_id": str(SALE)}
    sale = client.ask("sales.retrieve", given).data["sale"]
    invoice = sale["invoices"][0]
    assert (sale["sale_id"], [line["lineitem_id"] for line in invoice["lineitems"]]) == (
        str(SALE),
        [str(LAMP), str(SHIPPING)],
    )
    by_invoice = client.ask("sales.retrieve", {"invoice_id": invoice["invoice_id"]}).data["sale"]
    assert by_invoice["invoice_id"] == invoice["invoice_id"]
    listed = client.ask("sales.list", {"pagesize": "2"}).data
    assert (len(listed["sale_summary"]), listed["page_info"]["total_entries"]) == (2, "3")
    comment = client.ask("sales.comment", given | {"sale_comment": "nodejs test"}).data
    assert comment["response_message"] == "Created comment successfully."
    assert client.ask("sales.comment", given).error == "Required parameter missing: sale_comment"
    assert client.ask("sales.retrieve", given).data["sale"]["comments"][0]["comment"] == "nodejs test"
    shipped = client.ask("sales.ship", given | {"tracking_number": "123"}).data
    assert shipped["response_message"] == "Sale marked shipped."
    assert (
        client.ask("sales.ship", given | {"tracking_number": "123"}).error == "Sale already marked shipped."
    )
    reauthorised = client.ask("sales.reauth", given).error
    assert reauthorised == "Payment is already pending or deposited and cannot be reauthorized."
    assert client.ask("sales.stop", {"lineitem_id": str(LAMP)}).error == "Lineitem is not scheduled to recur."
    assert client.ask("sales.retrieve", {"sale_id": "42"}).error == "Unable to find record."
    assert client.ask("sales.retrieve", {}).error == "Required parameter missing: sale_or_invoice_id"
    # The same sale, as the other dialect shows it.
    order = doors.ask(f"/orders/{invoice['invoice_id']}", "api.coredna.com").json()["data"]
    assert [item["name"] for item in order["items"]] == ["Lamp"]
    assert installation.run("books", "check")["balanced"] is True


def test_a_licence_is_billed_again_until_it_is_stopped(start: Programs) -> None:
    client = start()
    given = {"lineitem_id": str(LICENCE)}

    def billing() -> str:
        sale = client.ask("sales.retrieve", {"sale_id": str(LICENCES)}).data["sale"]
        status: str = sale["invoices"][0]["lineitems"][0]["billing"]["recurring_status"]
        return status

    assert billing() == "active"
    stopped = client.ask("sales.stop", given).data
    assert stopped["response_message"] == "Recurring billing stopped for lineitem"
    assert client.ask("sales.stop", given).error == "Lineitem is not scheduled to recur."
    assert billing() == "stopped"


def test_a_walk_through_refunds(start: Programs, installation: Installation) -> None:
    client = start()
    reason = {"comment": "test", "category": "5"}
    line = {"lineitem_id": str(LAMP)} | reason
    assert client.ask("sales.refund", line).data["response_message"] == "lineitem refunded"
    again = client.ask("sales.refund", line).error
    assert again == "Lineitem amount greater than remaining balance on invoice."
    given = {"sale_id": str(SALE)} | reason
    assert client.ask("sales.refund", given).data["response_message"] == "refund added to invoice"
    assert client.ask("sales.refund", given).error == "Amount greater than remaining balance on invoice."
    silent = client.ask("sales.refund", {"sale_id": str(SALE), "comment": "test"})
    assert silent.error == "Required parameter missing: category"
    invoice = client.ask("sales.retrieve", given).data["sale"]["invoices"][0]
    assert {line["lineitem_id"]: line["status"] for line in invoice["lineitems"]} == {
        str(LAMP): "refund",
        str(SHIPPING): "refund",
    }
    assert installation.run("books", "check")["balanced"] is True


def test_a_sale_by_the_payment_api(start: Programs, doors: Doors, installation: Installation) -> None:
    client, token = start(), token_of(doors, APPROVED)
    made = client.ask("checkout.authorize", authorisation(token))
    assert made.error is None
    response = made.data["response"]
    assert (response["responseCode"], response["total"], response["merchantOrderId"]) == (
        "APPROVED",
        "10.00",
        "123",
    )
    sale = client.ask("sales.retrieve", {"sale_id": response["orderNumber"]}).data["sale"]
    assert [one["invoice_id"] for one in sale["invoices"]] == [response["transactionId"]]
    assert (sale["invoices"][0]["usd_total"], sale["invoices"][0]["vendor_order_id"]) == ("10.00", "123")
    assert client.ask("sales.list", {}).data["page_info"]["total_entries"] == "4"
    other = authorisation(token) | {"merchantOrderId": "124"}
    assert client.ask("checkout.authorize", other).error == "Unauthorized"
    declined = client.ask("checkout.authorize", authorisation(token_of(doors, DECLINED)))
    assert declined.error is not None
    assert declined.error.startswith("Payment Authorization Failed:  Please verify")
    assert start(privateKey="wrong").ask("checkout.authorize", authorisation(token)).error == "Unauthorized"
    assert client.ask("sales.list", {}).data["page_info"]["total_entries"] == "4"
    assert installation.run("books", "check")["balanced"] is True


def test_a_buyer_finds_the_page_that_the_client_links_to(start: Programs, doors: Doors) -> None:
    given = {"mode": "2CO", "li_0_name": "Test Product", "li_0_price": "0.01"}
    link = start().ask("checkout.link", given).data
    assert link.startswith("https://www.2checkout.com/checkout/purchase?mode=2CO")
    with httpx.Client(verify=doors.context(), trust_env=False, timeout=20) as browser:
        page = doors.browse(browser, link)
        assert page.status_code == 200
        assert "Test Product" in page.text


def test_the_client_believes_the_documented_return(start: Programs) -> None:
    client = start(demo=False)
    assert client.ask("response.valid", RETURNED, "0.01").data is True
    assert client.ask("response.valid", RETURNED, "0.02").data is False


def authorisation(token: str) -> dict[str, Any]:
    address = {
        "name": "Testing Tester", "addrLine1": "123 Test St", "city": "Columbus", "state": "OH",
        "zipCode": "43123", "country": "USA", "email": "example@2co.com", "phoneNumber": "5555555555",
    }  # fmt: skip
    return {
        "merchantOrderId": "123", "token": token, "currency": "USD", "total": "10.00",
        "billingAddr": address,
    }  # fmt: skip
