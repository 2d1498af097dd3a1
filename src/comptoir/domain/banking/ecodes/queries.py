"""Finding gift codes, offered and bought."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.ecodes.errors import ECodeNotFound, ProductNotFound
from comptoir.domain.banking.ecodes.models import ECode, ECodeProduct
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

ACTIVE, REPLACED = "Active", "Reissued"


class ProductRow(NamedTuple):
    """A gift code that is sold; its names and pictures are by culture."""

    id: int
    product_code: str
    category: str
    type: str
    minimum_minor: int
    maximum_minor: int
    percent_to_customer_e2: int
    names: dict[str, str]
    image_urls: dict[str, str]
    documents: list[dict[str, Any]]
    is_reissue_supported: bool
    is_cancel_supported: bool
    is_active: bool


class ProductDocument(NamedTuple):
    """What goes with a product: its terms, in one language."""

    document_id: int
    document_type: str
    culture: str
    html: str
    effective_on: date | None
    expires_on: date | None


class ECodeRow(NamedTuple):
    """A gift code that was bought, with its secrets in clear: mind whom it is shown to."""

    id: int
    product_id: int
    product_code: str
    customer_id: int
    from_account_id: int
    boost_account_id: int | None
    amount_minor: int
    boost_minor: int
    order_number: str
    code: str
    access_code: str
    challenge: str
    status: str
    transfer_id: int
    reissues_id: int | None
    purchased_at: datetime


class BoughtRow(NamedTuple):
    """A gift code that was bought, without its secrets."""

    id: int
    product_id: int
    product_code: str
    customer_id: int
    amount_minor: int
    status: str
    transfer_id: int
    purchased_at: datetime


LATEST_MAX = 20
PRODUCTS = select(*(getattr(ECodeProduct, name) for name in ProductRow._fields)).order_by(ECodeProduct.id)
GET_PRODUCT = PRODUCTS.where(ECodeProduct.id == bindparam("product_id"))
PRODUCT_CODED = PRODUCTS.where(ECodeProduct.product_code == bindparam("product_code"))
OFFERED = PRODUCTS.where(ECodeProduct.is_active.is_(True))
ECODES = (
    select(
        *(
            getattr(ECodeProduct if name == "product_code" else ECode, name)
            for name in ECodeRow._fields
        )
    )
    .join(ECodeProduct, ECodeProduct.id == ECode.product_id)
    .where(ECode.customer_id == bindparam("customer_id"))
    .order_by(ECode.id)
)  # fmt: skip
GET = ECODES.where(ECode.id == bindparam("ecode_id"))
TAKE: dict[str, Any] = {"sqlite": GET, "postgres": GET.with_for_update(of=ECode, key_share=True)}

BOUGHT = select(
    *(getattr(ECodeProduct if name == "product_code" else ECode, name) for name in BoughtRow._fields)
).join(ECodeProduct, ECodeProduct.id == ECode.product_id)
LATEST = (
    BOUGHT.where(ECode.customer_id == bindparam("customer_id")).order_by(ECode.id.desc()).limit(LATEST_MAX)
)
BOUGHT_AMONG = BOUGHT.where(among(ECode.id, "ids"))
OWNER = select(ECode.customer_id).where(ECode.id == bindparam("ecode_id"))


def list_ecode_products(tx: Tx) -> list[ProductRow]:
    """What is sold now."""
    return [ProductRow(*row) for row in tx.all(OFFERED)]


def get_ecode_product(tx: Tx, product_id: int) -> ProductRow:
    """One product, sold or not. Refuses: ProductNotFound."""
    row = tx.one(GET_PRODUCT, product_id=product_id)
    if row is None:
        raise ProductNotFound(product_id)
    return ProductRow(*row)


def find_ecode_product(tx: Tx, product_code: str) -> ProductRow | None:
    """The product with this code of the seller's."""
    row = tx.one(PRODUCT_CODED, product_code=product_code)
    return None if row is None else ProductRow(*row)


def documents_of(product: ProductRow) -> list[ProductDocument]:
    """What goes with a product, in the order in which it was said."""
    return [
        ProductDocument(
            one["document_id"], one["document_type"], one["culture"], one["html"],
            _day(one["effective_on"]), _day(one["expires_on"]),
        )
        for one in product.documents
    ]  # fmt: skip


def list_ecodes(tx: Tx, customer_id: int) -> list[ECodeRow]:
    """What a customer bought, in the order of buying."""
    return [ECodeRow(*row) for row in tx.all(ECODES, customer_id=customer_id)]


def list_latest(tx: Tx, customer_id: int) -> list[BoughtRow]:
    """What a customer bought last, the newest first, without its secrets."""
    return [BoughtRow(*row) for row in tx.all(LATEST, customer_id=customer_id)]


def bought_among(tx: Tx, ids: Sequence[int]) -> dict[int, BoughtRow]:
    """Gift codes by their ids, without their secrets."""
    return {row[0]: BoughtRow(*row) for row in tx.all(BOUGHT_AMONG, ids=sorted(ids))} if ids else {}


def owner_of_ecode(tx: Tx, ecode_id: int) -> int:
    """Who bought a gift code. Refuses: ECodeNotFound."""
    found: int | None = tx.value(OWNER, ecode_id=ecode_id)
    if found is None:
        raise ECodeNotFound(ecode_id)
    return found


def get_ecode(tx: Tx, customer_id: int, ecode_id: int) -> ECodeRow:
    """One that a customer bought. Refuses: ECodeNotFound."""
    return _found(tx.one(GET, customer_id=customer_id, ecode_id=ecode_id), ecode_id)


def take_ecode(tx: Tx, customer_id: int, ecode_id: int) -> ECodeRow:
    """The same for one that is to be changed: nobody else changes it meanwhile."""
    return _found(tx.one(TAKE[tx.engine], customer_id=customer_id, ecode_id=ecode_id), ecode_id)


def _found(row: Any, ecode_id: int) -> ECodeRow:
    if row is None:
        raise ECodeNotFound(ecode_id)
    return ECodeRow(*row)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
