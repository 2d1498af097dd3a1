"""The payment API: one call that sells a cart to the card that a token stands for (reference 9.2 to 9.4).

Its manners are its own: JSON whatever the label says, no credentials but the seller's private key in the body,
an envelope of three members, and error codes that are numbers in text.
"""

import hmac
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from comptoir.dialects.edge import ServedShop
from comptoir.dialects.render import to_ascii_json
from comptoir.dialects.twocheckout.api_orders import (
    BadRequest,
    Request,
    RuleBroken,
    read_request,
    refuse_broken_rules,
)
from comptoir.domain.checkout.errors import CardDeclined, CartRefused, PaymentUnclear
from comptoir.domain.checkout.queries import CheckoutRow
from comptoir.domain.checkout.tokenpaying import ApiOrder, pay_by_token
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.identity.answers import Answer
from comptoir.domain.merchant.errors import NoExchangeRate
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.orders.selling import INVOICE_AFTER
from comptoir.domain.payments.errors import TokenRefused
from comptoir.domain.tx import Actor

JSON = "application/json; charset=utf-8"
BUYER = Actor("payment API", "twocheckout")
APPROVED = "Successfully authorized the provided credit card"
BILLING = "name addrLine1 addrLine2 city state zipCode country phoneNumber phoneExtension email".split()


class Unauthorized(ComptoirError):
    """The seller, or the seller's private key, is not known here."""


class Failure(NamedTuple):
    """What a failure is answered with."""

    status: int
    code: str
    message: str


UNAUTHORIZED = Failure(HTTPStatus.UNAUTHORIZED, "300", "Unauthorized")
UNREADABLE = Failure(HTTPStatus.BAD_REQUEST, "400", "Bad request - parameter error")
REFUSED = Failure(HTTPStatus.BAD_REQUEST, "600", "Authorization Failed")
# Not among the published: whoever hears it asks again, and is given what came of the first request.
UNCLEAR = Failure(
    HTTPStatus.BAD_REQUEST, "600", "Authorization Pending: repeat the same request to learn what came of it."
)
DECLINED = Failure(
    HTTPStatus.BAD_REQUEST,
    "602",
    "Payment Authorization Failed:  Please verify your Credit Card details are entered correctly and try"
    " again, or try another payment method.",
)
FAULT = Failure(HTTPStatus.INTERNAL_SERVER_ERROR, "400", "Internal error")
# Looked up along the class's ancestors.
FAILURES: Mapping[type[Exception], Failure] = {
    BadRequest: UNREADABLE,
    NoExchangeRate: UNREADABLE,
    CartRefused: UNREADABLE,
    Unauthorized: UNAUTHORIZED,
    TokenRefused: UNAUTHORIZED,
    RuleBroken: REFUSED,
    PaymentUnclear: UNCLEAR,
    CardDeclined: DECLINED,
    Invalid: REFUSED,
    ComptoirError: REFUSED,
    Exception: FAULT,
}


def authorise(homes: Sequence[ServedShop], *, seller: str, body: bytes | None, address: str) -> Answer:
    """Sell what the request asks for. Refuses: what FAILURES names."""
    request = read_request(seller, body)
    home = _home(homes, request)
    refuse_broken_rules(request)
    order = ApiOrder(
        cart=request.cart,
        currency=request.currency,
        merchant_order_id=request.merchant_order_id,
        billing=request.billing,
        shipping=request.shipping,
        is_demo=request.is_demo,
        ip_address=address,
        request=request.kept,
    )
    row = pay_by_token(
        home.shop, home.gateways, order=order, token=request.token, secret=home.secret, actor=BUYER
    )
    return _enveloped(HTTPStatus.OK, response=_shown(row))


def failed(error: Exception) -> Answer:
    """The answer to a request that failed."""
    failure = next(FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES)
    exception = {
        "errorMsg": failure.message,
        "httpStatus": str(int(failure.status)),
        "exception": False,
        "errorCode": failure.code,
    }
    return _enveloped(failure.status, exception=exception)


def _home(homes: Sequence[ServedShop], request: Request) -> ServedShop:
    """The seller's shop. Refuses: Unauthorized."""
    for home in homes:
        merchant = home.shop.read(get_merchant, BUYER)
        if str(merchant.vendor_id) == request.seller:
            known = merchant.private_key.encode()
            if known and hmac.compare_digest(known, request.private_key.encode("utf-8", "replace")):
                return home
    raise Unauthorized


def _enveloped(
    status: int, *, response: Mapping[str, Any] | None = None, exception: Mapping[str, Any] | None = None
) -> Answer:
    document = {"validationErrors": None, "response": response, "exception": exception}
    return Answer(status, JSON, to_ascii_json(document))


def _shown(row: CheckoutRow) -> dict[str, Any]:
    """The answer to a sale, from what was kept of its request."""
    paying = row.said.paying
    assert paying is not None, "a sale of the API is born with its bill"
    asked = msgspec.json.decode(row.asked.values["request"])
    total = decimal_of_minor(paying.bill.customer_total_minor, paying.bill.customer_currency)
    return {
        "type": "AuthResponse",
        "responseCode": "APPROVED",
        "responseMsg": APPROVED,
        "orderNumber": str(row.sale_id),
        "transactionId": str(row.order_id or (row.sale_id or 0) + INVOICE_AFTER),
        "merchantOrderId": row.asked.values["merchant_order_id"],
        "currencyCode": paying.bill.customer_currency,
        "total": str(total),
        "recurrentInstallmentId": None,
        "errors": None,
        "lineItems": asked["lineItems"],
        "billingAddr": _address(asked["billingAddr"]),
        "shippingAddr": _address(asked["shippingAddr"] or {}),
    }


def _address(said: Mapping[str, str | None]) -> dict[str, str | None]:
    names = {"phoneExtension": "phoneExt"}
    return {name: said.get(names.get(name, name)) for name in BILLING}
