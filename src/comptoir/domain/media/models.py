"""Which stored content is served under which public path."""

from datetime import datetime

from comptoir.storage.schema import Mapped, Record, mapped_column


class Asset(Record):
    """One size of one image, at its public path. Contents are kept by digest and never change."""

    __tablename__ = "asset"

    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    byte_size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime]
