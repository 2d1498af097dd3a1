"""Gift codes: what the program sells, and what customers bought."""

from datetime import datetime

from sqlalchemy import ForeignKey

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column


class ECodeProduct(Record):
    """A gift code that customers may buy; `names` and `image_urls` are by culture."""

    __tablename__ = "ecode_product"

    id: Mapped[Id]
    product_code: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    type: Mapped[str]
    minimum_minor: Mapped[int]
    maximum_minor: Mapped[int]
    percent_to_customer_e2: Mapped[int]
    names: Mapped[JsonValue]
    image_urls: Mapped[JsonValue]
    documents: Mapped[JsonValue]
    is_reissue_supported: Mapped[bool]
    is_cancel_supported: Mapped[bool]
    is_active: Mapped[bool]


class ECode(Record):
    """A gift code that a customer bought with money from an account."""

    __tablename__ = "ecode"

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("ecode_product.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    from_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"))
    boost_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.account_id"))
    amount_minor: Mapped[int]
    boost_minor: Mapped[int]
    order_number: Mapped[str]
    code: Mapped[Sealed]
    access_code: Mapped[Sealed]
    challenge: Mapped[Sealed]
    status: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"))
    reissues_id: Mapped[int | None]
    purchased_at: Mapped[datetime]
