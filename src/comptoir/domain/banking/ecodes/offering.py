"""What gift codes a program sells, from a file; a product that is not there any more is sold no longer."""

import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

import msgspec

from comptoir.domain.banking.ecodes.models import ECodeProduct
from comptoir.domain.banking.ecodes.queries import find_ecode_product, list_ecode_products
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import Problem, refuse, text_problem
from comptoir.domain.money import exponent_of
from comptoir.domain.tx import Tx

PERCENT_E2_MAX, PERCENT_PLACES = 100_00, 2
SCALED_MAX = 10**15
CODE_MAX, HTML_MAX = 50, 2 * 1024 * 1024


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file; what it says beyond this is refused."""


class Document(Part, frozen=True):
    """What goes with a product."""

    type: str
    culture: str
    html: str
    effective: date | None = None
    expires: date | None = None


class Product(Part, frozen=True):
    """A gift code; amounts are in main units, the percentage is what the buyer gets back of the price."""

    code: str
    names: dict[str, str]
    minimum: str
    maximum: str
    category: str = "Ecode"
    type: str = "Gift card"
    percent_to_customer: str = "0"
    images: dict[str, str] = {}
    reissue: bool = False
    cancel: bool = False
    documents: list[Document] = []


class Offer(Part, frozen=True):
    """All that is sold."""

    products: list[Product]


def read_offer(text: str) -> Offer:
    """What a TOML text offers. Refuses: Invalid (offer)."""
    try:
        return msgspec.convert(tomllib.loads(text, parse_float=str), Offer)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid("offer", f"cannot be read: {error}") from error


def offer_ecodes(tx: Tx, offer: Offer) -> None:
    """Sell exactly what is offered; products are known by their codes. Refuses: Invalid or Problems."""
    rows = [_row(tx, product) for product in offer.products]
    codes = [row["product_code"] for row in rows]
    refuse([("code", f"{code!r} comes twice") for code in sorted({c for c in codes if codes.count(c) > 1})])
    for gone in list_ecode_products(tx):
        if gone.product_code not in codes:
            tx.update(ECodeProduct, gone.id, is_active=False)
            tx.note("ecode_product.withdrawn", "ecode_product", gone.id, after={"code": gone.product_code})
    for row in rows:
        _keep(tx, row)


def sample_offer() -> Offer:
    """What the sample program sells."""
    return read_offer(sample_text())


def sample_text() -> str:
    """The same as the file that a merchant begins with."""
    return resources.files(__package__).joinpath("sample.toml").read_text(encoding="utf-8")


def _keep(tx: Tx, row: dict[str, Any]) -> None:
    known = find_ecode_product(tx, row["product_code"])
    if known is None:
        product_id = tx.ids.next("ecode_product")
        tx.insert(ECodeProduct, id=product_id, **row)
    else:
        product_id = known.id
        tx.update(ECodeProduct, product_id, **row)
    tx.note("ecode_product.offered", "ecode_product", product_id, after={"code": row["product_code"]})


def _row(tx: Tx, product: Product) -> dict[str, Any]:
    minimum, maximum = (
        _scaled(text, exponent_of(tx.shop.currency)) for text in (product.minimum, product.maximum)
    )
    percent_e2 = _scaled(product.percent_to_customer, PERCENT_PLACES)
    problems: list[Problem] = []
    problem = text_problem(product.code, CODE_MAX) or ("" if product.code.strip() else "is empty")
    if problem:
        problems.append(("code", problem))
    if not 0 < minimum <= maximum:
        problems.append(("minimum", "must be above zero, and not above the maximum"))
    if not 0 <= percent_e2 <= PERCENT_E2_MAX:
        problems.append(("percent_to_customer", "must be from 0 to 100"))
    if not product.names:
        problems.append(("names", "are none"))
    if any(text_problem(one.html, HTML_MAX) for one in product.documents):
        problems.append(("documents", "hold a text that is too long, or no text"))
    refuse(problems)
    return {
        "product_code": product.code,
        "category": product.category,
        "type": product.type,
        "minimum_minor": minimum,
        "maximum_minor": maximum,
        "percent_to_customer_e2": percent_e2,
        "names": product.names,
        "image_urls": product.images,
        "documents": [_document(number, one) for number, one in enumerate(product.documents, start=1)],
        "is_reissue_supported": product.reissue,
        "is_cancel_supported": product.cancel,
        "is_active": True,
    }


def _scaled(text: str, places: int) -> int:
    """A number with so many places, exactly. Refuses: Invalid (offer)."""
    try:
        number = Decimal(text).scaleb(places)
    except InvalidOperation:
        raise Invalid("offer", f"has {text!r}, which is no number") from None
    if not number.is_finite() or abs(number) > SCALED_MAX or number != number.to_integral_value():
        raise Invalid("offer", f"has {text!r}, which has more than {places} decimals or is too large")
    return int(number)


def _document(number: int, one: Document) -> dict[str, Any]:
    return {
        "document_id": number,
        "document_type": one.type,
        "culture": one.culture,
        "html": one.html,
        "effective_on": one.effective and one.effective.isoformat(),
        "expires_on": one.expires and one.expires.isoformat(),
    }
