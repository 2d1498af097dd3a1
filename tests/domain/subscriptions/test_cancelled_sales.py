"""What recurs of a sale that came to nothing is billed no more."""

import pytest

from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.invoicing import decline_invoice, set_fraud_status
from comptoir.domain.orders.queries import invoices_of_sale
from comptoir.domain.orders.selling import SaleTerms
from comptoir.domain.subscriptions.items import find_item
from comptoir.domain.subscriptions.queries import get_enrolment
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.subscriptions.renewing import renew
from comptoir.domain.tx import Tx
from tests.conftest import NOW
from tests.domain.orders.given import a_sale
from tests.domain.subscriptions.given import monthly


@pytest.mark.parametrize("how", ["fraud", "declined", "cancelled"])
def test_a_sale_that_came_to_nothing_is_billed_no_more(tx: Tx, how: str) -> None:
    sale = a_sale(tx, lines=[monthly("20")], terms=SaleTerms(placed_at=NOW.replace(month=1)))
    enrolment_id = start_recurring(tx, order_line_id=sale.line_ids[0], gateway="sandbox")
    if how == "fraud":
        set_fraud_status(tx, order_id=sale.order_id, status="fail")
    elif how == "declined":
        decline_invoice(tx, order_id=sale.order_id)
    else:
        update_order(tx, order_id=sale.order_id, status="cancelled")

    assert renew(tx, enrolment_id=enrolment_id).outcome == "given_up"
    assert invoices_of_sale(tx, sale.sale_id) == [sale.order_id]
    row, item = get_enrolment(tx, enrolment_id), find_item(tx, enrolment_id)
    assert item is not None
    assert (row.is_active, row.next_billing_at, item.status) == (False, None, "canceled")
    assert [change.kind for change in tx.changes].count("recurring.stopped") == 1
