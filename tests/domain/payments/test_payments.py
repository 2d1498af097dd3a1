"""Payments: recorded, charged through a gateway, captured, imported."""

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import (
    capture_payment,
    charge_order,
    owed_minor,
    record_payment,
    settle_payment,
)
from comptoir.domain.payments.errors import MoreThanOwed, NothingOwed, PaymentNotFound, PaymentSettled
from comptoir.domain.payments.gateways import SANDBOX, gateway_named
from comptoir.domain.payments.importing import PaymentImport, import_payment, import_payments
from comptoir.domain.payments.queries import (
    find_few_of_reference,
    find_last_received,
    get_payment,
    list_payments,
)
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import Tx
from tests.domain.orders.given import LONG_AGO, a_line, an_import, balances, e4, order_value

GATEWAY = gateway_named(SANDBOX)


def a_payment(payment_id: int, order_id: int, amount: str, **fields: object) -> PaymentImport:
    row: PaymentImport = {
        "id": payment_id,
        "order_id": order_id,
        "date": LONG_AGO,
        "status": "success",
        "amount_e4": e4(amount),
        "gateway": "GATEWAY_XYZ",
    }
    row.update(fields)  # type: ignore[typeddict-item]
    return row


def test_a_payment_is_no_longer_owed(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    payment_id = record_payment(tx, order_id=order_id, amount_e4=e4("15"), gateway="cash")
    assert balances(tx) == {"receivable": 500, "sales": 2000, "clearing:cash": 1500}
    assert owed_minor(lock_root(tx, order_id)) == 500
    assert order_value(tx, order_id, "payment_transaction_id") == str(payment_id)
    with pytest.raises(MoreThanOwed) as refused:
        record_payment(tx, order_id=order_id, amount_e4=e4("15"), gateway="cash")
    assert (refused.value.field, refused.value.owed) == ("amount", Money(500, "AUD"))
    with pytest.raises(MoreThanOwed):
        record_payment(tx, order_id=order_id, amount_e4=e4("5.01"), status="pending")
    record_payment(tx, order_id=order_id, amount_e4=e4("99"), status="fail")
    assert owed_minor(lock_root(tx, order_id)) == 500
    record_payment(tx, order_id=order_id, amount_e4=e4("15"), gateway="cash", keeps_surplus=True)
    assert owed_minor(lock_root(tx, order_id)) == -1000
    assert order_value(tx, order_id, "payment_transaction_id") == str(payment_id)
    assert prove_books(tx) == []


@pytest.mark.parametrize(
    ("price", "status", "message"),
    [
        ("20", "success", "captured"),
        ("99.02", "fail", "card declined"),
        ("299.03", "fail", "insufficient funds"),
        ("99.06", "fail", "authorisation lapsed"),
    ],
)
def test_the_sandbox_answers_by_the_amount(price: str, status: str, message: str, tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line(price)])
    payment = get_payment(tx, charge_order(tx, order_id=order_id, gateway=GATEWAY))
    assert (payment.status, payment.response["gw_Message"]) == (status, message)
    assert payment.identifier == f"SBX-{payment.id}"
    assert balances(tx).get("clearing:sandbox", 0) == (2000 if status == "success" else 0)
    assert (find_last_received(tx, order_id) is not None) == (status == "success")
    assert prove_books(tx) == []


def test_authorised_money_is_captured_once(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    payment_id = charge_order(tx, order_id=order_id, gateway=GATEWAY, capture=False)
    assert get_payment(tx, payment_id).status == "pending"
    assert balances(tx) == {"receivable": 2000, "sales": 2000}
    assert capture_payment(tx, payment_id=payment_id, gateway=GATEWAY) == "success"
    assert balances(tx) == {"sales": 2000, "clearing:sandbox": 2000}
    with pytest.raises(PaymentSettled):
        capture_payment(tx, payment_id=payment_id, gateway=GATEWAY)
    with pytest.raises(NothingOwed):
        charge_order(tx, order_id=order_id, gateway=GATEWAY)
    with pytest.raises(PaymentNotFound):
        settle_payment(tx, payment_id=99, status="success")
    assert prove_books(tx) == []


def test_a_pending_payment_that_fails_never_happened(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    payment_id = record_payment(tx, order_id=order_id, amount_e4=e4("20"), status="pending")
    settle_payment(tx, payment_id=payment_id, status="fail", response={"gw_Message": "lapsed"})
    assert get_payment(tx, payment_id).response == {"gw_Message": "lapsed"}
    assert balances(tx) == {"receivable": 2000, "sales": 2000}
    assert prove_books(tx) == []


def test_a_gateway_is_asked_for_no_more_than_is_owed(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    with pytest.raises(MoreThanOwed):
        charge_order(tx, order_id=order_id, gateway=GATEWAY, amount_e4=e4("20.01"))
    charge_order(tx, order_id=order_id, gateway=GATEWAY, amount_e4=e4("12"))
    with pytest.raises(MoreThanOwed):
        charge_order(tx, order_id=order_id, gateway=GATEWAY, amount_e4=e4("8.01"))
    charge_order(tx, order_id=order_id, gateway=GATEWAY, amount_e4=e4("8"))
    with pytest.raises(NothingOwed):
        charge_order(tx, order_id=order_id, gateway=GATEWAY, amount_e4=e4("1"))
    assert prove_books(tx) == []


def test_a_paid_order_stays_in_the_books_when_it_is_cancelled(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    update_order(tx, order_id=order_id, status="cancelled")
    assert balances(tx) == {}
    with pytest.raises(NothingOwed):
        charge_order(tx, order_id=order_id, gateway=GATEWAY)
    record_payment(tx, order_id=order_id, amount_e4=e4("20"), gateway="cash")
    assert balances(tx) == {"sales": 2000, "clearing:cash": 2000}
    update_order(tx, order_id=order_id, status="declined")
    assert balances(tx) == {"sales": 2000, "clearing:cash": 2000}
    assert prove_books(tx) == []


def test_a_childs_payment_is_its_parents(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20"), a_line("30")])
    child, _ = split_order(tx, order_id=order_id, parts=[[line.id] for line in list_lines(tx, order_id)])
    record_payment(tx, order_id=child, amount_e4=e4("50"), gateway="cash")
    assert balances(tx) == {"sales": 5000, "clearing:cash": 5000}
    assert order_value(tx, order_id, "paid_minor") == 5000
    assert [payment.order_id for payment in list_payments(tx, child)] == [child]
    assert prove_books(tx) == []


def test_what_cannot_be_recorded(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line("20")])
    with pytest.raises(OrderNotFound):
        record_payment(tx, order_id=99, amount_e4=e4("1"))
    wrong: list[tuple[str, dict[str, object]]] = [
        ("status", {"status": "lost"}),
        ("gateway", {"gateway": " "}),
        ("amount", {"amount_e4": 0}),
        ("amount", {"amount_e4": -100}),
        ("amount", {"amount_e4": 1}),
    ]
    usual: dict[str, object] = {"order_id": order_id, "amount_e4": e4("1")}
    for field, fields in wrong:
        with pytest.raises(Invalid) as refused:
            record_payment(tx, **(usual | fields))  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(Invalid):
        settle_payment(tx, payment_id=1, status="pending")


def test_imported_payments_keep_their_ids_or_say_why_not(tx: Tx) -> None:
    import_orders(tx, [an_import(46), an_import(47, status="cancelled")])
    rows = [
        a_payment(48, 46, "35.00", status="fail"),
        a_payment(49, 46, "35.00", response={"gw_Message": "Approved"}),
        a_payment(51, 46, "10.00", amount_e4=-e4("10.00")),
        a_payment(49, 46, "35.00"),
        a_payment(52, 99, "35.00"),
        a_payment(53, 46, "35.001"),
        a_payment(54, 46, "35.00", status="lost"),
        a_payment(55, 46, "35.00", currency="USD"),
        a_payment(56, 46, "35.00", gateway=""),
        a_payment(57, 46, "25.01", amount_e4=-e4("25.01")),
        a_payment(58, 47, "35.00"),
        a_payment(59, 46, "1.00", status="pending"),
        a_payment(60, 46, "0.00"),
    ]
    fields = [problem and problem.field for problem in import_payments(tx, rows)]
    assert fields == [
        None, None, None, "id", "order_id", "amount", "status", "currency", "gateway", "amount",
        None, None, None,
    ]  # fmt: skip
    assert balances(tx)["clearing:GATEWAY_XYZ"] == 6000
    assert balances(tx)["receivable"] == 1000
    assert order_value(tx, 47, "sale_transfer_id") is not None
    assert import_payment(tx, a_payment(70, 46, "1.00")) == 70
    assert record_payment(tx, order_id=46, amount_e4=e4("1")) == 71
    with pytest.raises(Invalid):
        import_payment(tx, a_payment(70, 46, "1.00"))
    assert prove_books(tx) == []


def test_few_payments_of_a_reference_are_found(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = place_order(tx, lines=[a_line("10")])
    for payment_id, identifier in ((7, "bank-1"), (8, "bank-2"), (9, "bank-1"), (10, "")):
        import_payment(tx, a_payment(payment_id, order_id, "1", identifier=identifier))
    assert find_few_of_reference(tx, "bank-1") == [7, 9]
    assert find_few_of_reference(tx, "bank-3") == []
    assert find_few_of_reference(tx, "") == []
    monkeypatch.setattr("comptoir.domain.payments.queries.FEW", 1)
    assert find_few_of_reference(tx, "bank-1") is None
    assert find_few_of_reference(tx, "bank-2") == [8]
