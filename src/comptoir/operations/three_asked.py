"""What each dialect is asked for a thing, to show it as its clients see it; or why it cannot show it."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.customers.errors import CustomerNotFound as NotBanking
from comptoir.domain.banking.customers.queries import get_customer as get_bank_customer
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.of_books import Booked, booked_by, booked_for, booked_under, subject_of
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.coupons.queries import code_of
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.queries import get_head
from comptoir.domain.payouts.models import OPEN, REFUND
from comptoir.domain.payouts.queries import get_payout
from comptoir.domain.payouts.settling import tag_of
from comptoir.domain.refunds.queries import get_refund
from comptoir.domain.subscriptions.queries import get_enrolment
from comptoir.domain.tx import Tx

COREDNA, TWOCHECKOUT, COREPRO = "coredna", "twocheckout", "corepro"
# How many transactions of one thing are asked for, each with a request of its own.
TRANSACTIONS_MAX = 5
LISTED = 20
REMOVED = "The order that it is of was removed; the books keep what was posted."
NO_BANK = "The shop has no bank program, so CorePro knows nothing of it."


class Asking(NamedTuple):
    """One request of a dialect: its path as its route has it, and the values of the places and of the query."""

    dialect: str
    title: str
    path: str
    ids: Mapping[str, int] = {}
    query: Mapping[str, str | int] = {}


class Unshown(NamedTuple):
    """A dialect has no words for the thing, and why."""

    dialect: str
    remark: str


Asked = Iterator[Asking | Unshown]


def of_order(tx: Tx, key: int) -> Asked:
    """An order, its payments and refunds; the sale that it is of; its transactions at the bank."""
    order = get_head(tx, key)
    yield Asking(COREDNA, "The order", "/orders/{id}", {"id": key})
    yield Asking(COREDNA, "Its payments", "/orders/{order_id}/transactions", {"order_id": key})
    yield Asking(COREDNA, "Its refunds", "/refunds", query={"order_id": key})
    yield Asking(TWOCHECKOUT, "The sale", "/api/sales/detail_sale", query={"sale_id": order.sale_id})
    if order.root_id == key:
        yield Asking(TWOCHECKOUT, "This invoice", "/api/sales/detail_sale", query={"invoice_id": key})
    yield from _at_bank(tx, booked_for(tx, subject="order", subject_id=order.root_id), "of the order")


def of_refund(tx: Tx, key: int) -> Asked:
    """A refund, the sale that it was taken from, and its transaction at the bank."""
    refund = get_refund(tx, key)
    sale_id = get_head(tx, refund.order_id).sale_id
    yield Asking(COREDNA, "The refund", "/refunds/{id}", {"id": key})
    yield Asking(
        TWOCHECKOUT, "The sale with what was refunded", "/api/sales/detail_sale", query={"sale_id": sale_id}
    )
    tag = tag_of(REFUND, key)
    assert tag is not None
    yield from _at_bank(
        tx, booked_under(tx, tag), "of the refund: it has not been settled yet, or moved nothing"
    )


def of_customer(tx: Tx, key: int) -> Asked:
    """A customer, what they bought, and the same person at the bank."""
    email = get_customer(tx, key)["email"]
    yield Asking(COREDNA, "The user", "/users/{id}", {"id": key})
    if email:
        yield Asking(
            TWOCHECKOUT, "The sales to this address", "/api/sales/list_sales", query={"customer_email": email}
        )
    else:
        yield Unshown(TWOCHECKOUT, "2Checkout finds buyers by their e-mail address, and this one has none.")
    yield _customer_at_bank(tx, key)


def of_transfer(tx: Tx, key: int) -> Asked:
    """A transfer of the books: what it is about in the two dialects of selling, and its transactions at the bank."""
    subject, subject_id = subject_of(tx, key)
    if subject == "order":
        yield from _order_of_transfer(tx, subject_id)
    elif subject == "payout":
        yield Unshown(COREDNA, "Core dna has no payouts.")
        yield _payout_listed(tx, subject_id)
    else:
        yield Unshown(COREDNA, "Core dna shows orders and their payments, and this transfer is of none.")
        yield Unshown(TWOCHECKOUT, "2Checkout shows sales and payouts, and this transfer is of none.")
    yield from _at_bank(tx, booked_by(tx, key), "on an account that the bank shows")


def _order_of_transfer(tx: Tx, order_id: int) -> Asked:
    try:
        query = {"sale_id": get_head(tx, order_id).sale_id}
    except OrderNotFound:
        yield Unshown(COREDNA, REMOVED)
        yield Unshown(TWOCHECKOUT, REMOVED)
        return
    yield Asking(COREDNA, "The order that it is of", "/orders/{id}", {"id": order_id})
    yield Asking(TWOCHECKOUT, "The sale that it is of", "/api/sales/detail_sale", query=query)


def of_payout(tx: Tx, key: int) -> Asked:
    """A payout among those that left, and its transactions at the bank."""
    yield Unshown(COREDNA, "Core dna has no payouts.")
    yield _payout_listed(tx, key)
    yield from _at_bank(tx, booked_for(tx, subject="payout", subject_id=key), "of the payout")


def of_product(tx: Tx, key: int) -> Asked:
    """A product."""
    get_row(tx, Product, key)
    yield Asking(COREDNA, "The product", "/products/{id}", {"id": key})
    yield Asking(TWOCHECKOUT, "The product", "/api/products/detail_product", query={"product_id": key})
    yield Unshown(COREPRO, "CorePro is a bank's: what a shop sells is not in it.")


def of_coupon(tx: Tx, key: int) -> Asked:
    """A coupon."""
    code = code_of(tx, key)
    yield Unshown(COREDNA, "Core dna shows a coupon only as the discount of the orders that used it.")
    yield Asking(TWOCHECKOUT, "The coupon", "/api/products/detail_coupon", query={"coupon_code": code})
    yield Unshown(COREPRO, "CorePro is a bank's: what a shop takes off its prices is not in it.")


def of_enrolment(tx: Tx, key: int) -> Asked:
    """A customer on a subscription, and the sale with which it began."""
    parent_id = get_enrolment(tx, key).parent_order_id
    yield Asking(COREDNA, "The user on the subscription", "/subscriptions/users/{id}", {"id": key})
    if parent_id is None:
        yield Unshown(TWOCHECKOUT, "2Checkout shows what recurs in its sale, and this began with none.")
    else:
        query = {"sale_id": get_head(tx, parent_id).sale_id}
        yield Asking(TWOCHECKOUT, "The sale that recurs", "/api/sales/detail_sale", query=query)
    yield Unshown(COREPRO, "CorePro shows what was paid, not what will be.")


def of_bank_account(tx: Tx, key: int) -> Asked:
    """An account at the bank."""
    customer_id = get_bank_account(tx, key).customer_id
    yield Unshown(COREDNA, "Core dna has no bank accounts.")
    yield Unshown(TWOCHECKOUT, "2Checkout has no bank accounts.")
    yield Asking(COREPRO, "The account", f"/account/get/{customer_id}/{key}")
    path = f"/transaction/list/{customer_id}/{key}"
    yield Asking(COREPRO, "Its latest transactions", path, query={"pageSize": LISTED})


def of_external_account(tx: Tx, key: int) -> Asked:
    """An account at another bank."""
    customer_id = get_external_account(tx, key).customer_id
    yield Unshown(COREDNA, "Core dna has no accounts at other banks.")
    yield Unshown(TWOCHECKOUT, "2Checkout has no accounts at other banks.")
    yield Asking(COREPRO, "The external account", f"/externalAccount/get/{customer_id}/{key}")


ASKED: Mapping[str, Callable[[Tx, int], Asked]] = {
    "order": of_order,
    "refund": of_refund,
    "customer": of_customer,
    "transfer": of_transfer,
    "payout": of_payout,
    "product": of_product,
    "coupon": of_coupon,
    "enrolment": of_enrolment,
    "bank_account": of_bank_account,
    "external_account": of_external_account,
}


def _customer_at_bank(tx: Tx, customer_id: int) -> Asking | Unshown:
    if not _has_bank(tx):
        return Unshown(COREPRO, NO_BANK)
    try:
        get_bank_customer(tx, customer_id)
    except NotBanking:
        return Unshown(COREPRO, "This customer does not bank here.")
    return Asking(COREPRO, "The customer", f"/customer/get/{customer_id}")


def _payout_listed(tx: Tx, payout_id: int) -> Asking:
    if get_payout(tx, payout_id).state == OPEN:
        return Asking(TWOCHECKOUT, "The pending payout", "/api/acct/detail_pending_payment")
    return Asking(TWOCHECKOUT, "The payouts that left", "/api/acct/list_payments")


def _at_bank(tx: Tx, booked: list[Booked], of_what: str) -> Asked:
    """The transactions with which something stands on accounts at the bank."""
    if not _has_bank(tx):
        yield Unshown(COREPRO, NO_BANK)
    elif not booked:
        yield Unshown(COREPRO, f"There is no transaction {of_what}.")
    for one in booked[:TRANSACTIONS_MAX]:
        title = f"The transaction {one.id} ({one.kind.replace('_', ' ')})"
        yield Asking(COREPRO, title, f"/transaction/get/{one.customer_id}/{one.id}")
    if len(booked) > TRANSACTIONS_MAX:
        yield Unshown(COREPRO, f"{len(booked) - TRANSACTIONS_MAX} further transactions belong to it.")


def _has_bank(tx: Tx) -> bool:
    try:
        get_program(tx)
    except NoProgram:
        return False
    return True
