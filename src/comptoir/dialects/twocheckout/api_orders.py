"""What a request of the payment API asks to be sold: its members, and its rules in their order (reference 9.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from comptoir.domain.checkout.addresses import Address, address_problems, read_address
from comptoir.domain.checkout.carts import (
    API,
    LINE_TYPES,
    QUANTITY_MAX,
    Cart,
    CartLine,
    Choice,
    numbered,
    read_duration,
    read_price,
    read_recurrence,
)
from comptoir.domain.errors import ComptoirError
from comptoir.domain.identity.texts import text_problem
from comptoir.domain.money import decimal_of_e4
from comptoir.domain.orders.models import PRODUCT, SHIPPING

# Both published lists (reference 9.2).
CURRENCIES = frozenset(
    "AFN ALL DZD ARS AUD AZN BSD BDT BBD BZD BMD BOB BWP BRL GBP BND BGN CAD CLP CNY COP CRC HRK CZK DKK DOP XCD"
    " EGP EUR FJD GTQ HKD HNL HUF INR IDR ILS JMD JPY KZT KES LAK MMK LBP LRD LTL MOP MYR MVR MRO MUR MXN MAD NPR"
    " TWD NZD NIO NOK PKR PGK PEN PHP PLN QAR RON RUB WST SAR SCR SGD SBD ZAR KRW LKR SEK CHF SYP THB TOP TTD TRY"
    " UAH AED USD VUV VND XOF YER".split()
)
ADDRESS = {
    "name": "name", "street": "addrLine1", "street2": "addrLine2", "city": "city", "state": "state",
    "postcode": "zipCode", "country": "country", "email": "email", "phone": "phoneNumber", "phone_ext": "phoneExt",
}  # fmt: skip
BILLING_NEEDED = ("name", "addrLine1", "city", "country", "email")
SHIPPING_NEEDED = ("name", "addrLine1", "city", "country")
ID_MAX, TOKEN_MAX, NAME_MAX, OPTION_MAX, DESCRIPTION_MAX = 50, 256, 128, 64, 128
LINES_MAX, OPTIONS_MAX = 1_000, 50
BYTES_MAX = 2 * 2**20
NOTHING = ("", "0", "0.0", "0.00")
DECODER = msgspec.json.Decoder(float_hook=Decimal)
Members = dict[str, Any]


class BadRequest(ComptoirError):
    """The request cannot be read, or lacks something."""


class RuleBroken(ComptoirError):
    """An address does not keep the rules for addresses."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that can be read. `kept` is what its answer repeats: neither keys nor the token."""

    seller: str
    private_key: str
    token: str
    merchant_order_id: str
    currency: str
    cart: Cart
    billing: Address
    shipping: Address | None
    is_demo: bool
    kept: str


class _Line(NamedTuple):
    """A line with the words in which it is repeated."""

    line: CartLine
    shown: Members


def read_request(seller: str, body: bytes | None) -> Request:
    """Read a request. Refuses: BadRequest."""
    members = _members(body)
    merchant_order_id = _text(members, "merchantOrderId", ID_MAX)
    lines = _lines(members, merchant_order_id)
    needed = [_text(members, name, TOKEN_MAX) for name in ("sellerId", "privateKey", "token", "currency")]
    if not seller or not all(needed) or not merchant_order_id or needed[0] != seller:
        raise BadRequest("lacks an attribute, or names another seller")
    currency = needed[3].upper()
    if currency not in CURRENCIES:
        raise BadRequest("names a currency that is not sold in")
    is_shipped = any(each.line.type == SHIPPING for each in lines)
    billing = _said(members.get("billingAddr"), BILLING_NEEDED)
    given = members.get("shippingAddr")
    shipping = _said(given, SHIPPING_NEEDED) if is_shipped or given else None
    kept = {"lineItems": [each.shown for each in lines], "billingAddr": billing, "shippingAddr": shipping}
    return Request(
        seller,
        needed[1],
        needed[2],
        merchant_order_id,
        currency,
        Cart(API, numbered([each.line for each in lines])),
        _address(billing),
        None if shipping is None else _address(shipping),
        _is_true(members.get("demo")),
        msgspec.json.encode(kept).decode(),
    )


def _members(body: bytes | None) -> Members:
    """Refuses: BadRequest."""
    if body is None:
        raise BadRequest("is too large")
    try:
        members = DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("is no JSON") from None
    if not isinstance(members, dict):
        raise BadRequest("is no object")
    return members


# ------------------------------------------------------------------------------------------------- lines


def _lines(members: Members, merchant_order_id: str) -> list[_Line]:
    """The lines, or the one that a mere total stands for. Refuses: BadRequest."""
    given = members.get("lineItems")
    total = _text(members, "total", NAME_MAX)
    if not given:
        one = {"type": PRODUCT, "name": merchant_order_id, "price": total or "0.00", "productId": ""}
        return [_line(one)]
    if total not in NOTHING:
        raise BadRequest("has both a total and lines")
    if not isinstance(given, list) or len(given) > LINES_MAX:
        raise BadRequest("has no list of lines, or too many")
    return [_line(each) for each in given]


def _line(said: Any) -> _Line:
    """One line. Refuses: BadRequest."""
    if not isinstance(said, dict):
        raise BadRequest("has a line that is no object")
    kind = _text(said, "type", NAME_MAX) or PRODUCT
    name = _text(said, "name", NAME_MAX)
    if kind not in LINE_TYPES or not name or "<" in name or ">" in name:
        raise BadRequest("has a line without a name, or of no kind")
    tangible = _text(said, "tangible", 5).upper() or "N"
    if tangible not in {"Y", "N"}:
        raise BadRequest("has a line that is neither tangible nor not")
    choices = _choices(said.get("options"))
    fee = _text(said, "startupFee", NAME_MAX)
    try:
        recurrence = read_recurrence(_text(said, "recurrence", NAME_MAX))
        line = CartLine(
            type=kind,
            name=name,
            quantity=_quantity(_text(said, "quantity", NAME_MAX)),
            price_e4=read_price(_text(said, "price", NAME_MAX) or "0"),
            code=_text(said, "productId", NAME_MAX),
            description=_text(said, "description", DESCRIPTION_MAX),
            is_tangible=tangible == "Y" or kind == SHIPPING,
            recurrence=recurrence,
            duration=read_duration(_text(said, "duration", NAME_MAX)) if recurrence else None,
            startup_fee_e4=(read_price(fee, may_be_negative=True) or None) if fee else None,
            choices=choices,
        )
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem
    return _Line(line, _line_shown(line, said))


def _line_shown(line: CartLine, said: Members) -> Members:
    return {
        "type": line.type,
        "name": line.name,
        "description": line.description,
        "price": str(decimal_of_e4(line.price_e4, 2)),
        "quantity": str(line.quantity),
        "tangible": "Y" if line.is_tangible else "N",
        "productId": line.code,
        "recurrence": _text(said, "recurrence", NAME_MAX) or None,
        "duration": _text(said, "duration", NAME_MAX) or None,
        "startupFee": _text(said, "startupFee", NAME_MAX) or None,
        "options": [
            {name: _text(each, name, NAME_MAX) for name in ("optName", "optValue", "optSurcharge")}
            for each in said.get("options") or ()
        ],
    }


def _choices(said: Any) -> tuple[Choice, ...]:
    """Refuses: BadRequest."""
    if not said:
        return ()
    if not isinstance(said, list) or len(said) > OPTIONS_MAX:
        raise BadRequest("has no list of options, or too many")
    choices = []
    for each in said:
        if not isinstance(each, dict):
            raise BadRequest("has an option that is no object")
        name, value = _text(each, "optName", OPTION_MAX), _text(each, "optValue", OPTION_MAX)
        if not name or any(letter in "<>" for letter in name + value):
            raise BadRequest("has an option without a name")
        try:
            choices.append(Choice(name, value, read_price(_text(each, "optSurcharge", NAME_MAX) or "0")))
        except ValueError as problem:
            raise BadRequest(str(problem)) from problem
    return tuple(choices)


def _quantity(text: str) -> int:
    """Refuses: ValueError."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= QUANTITY_MAX):
        raise ValueError(f"must be a whole number up to {QUANTITY_MAX}")
    return int(text)


# ---------------------------------------------------------------------------------------------- addresses


def refuse_broken_rules(request: Request) -> None:
    """Refuses: RuleBroken."""
    problems = address_problems(request.billing)
    if request.shipping is not None:
        problems += address_problems(request.shipping, has_email=False)
    if problems:
        raise RuleBroken("has an address that does not keep the rules")


def _said(address: Any, needed: tuple[str, ...]) -> dict[str, str]:
    """The texts of an address, without those that are missing. Refuses: BadRequest."""
    if not isinstance(address, dict) or any(address.get(name) is None for name in needed):
        raise BadRequest("lacks an address, or part of it")
    texts = {
        name: _text(address, name, BYTES_MAX) for name in ADDRESS.values() if address.get(name) is not None
    }
    if any(text_problem(text, BYTES_MAX) for text in texts.values()):
        raise BadRequest("has an address that is no text")
    return texts


def _address(said: Mapping[str, str]) -> Address:
    return read_address({name: said.get(wire, "") for name, wire in ADDRESS.items()})


# ------------------------------------------------------------------------------------------------- values


def _text(said: Mapping[str, Any], name: str, most: int) -> str:
    """A member as text: some clients send numbers, in figures. Refuses: BadRequest."""
    value = said.get(name)
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or text_problem(value, most):
        raise BadRequest(f"has a {name} that is no text, or too long")
    return value.strip()


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "y", "1"})
