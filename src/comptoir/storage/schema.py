"""The declarative base of all records: one declaration is table, type and the attribute a dialect names.

Type checkers read records as SQLAlchemy's typed declarative classes. What makes their tables is our own, since
nothing here is mapped to objects (ADR 0021).
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sqlalchemy import Boolean, Column, Index, MetaData, Text, text

from comptoir.storage.columns import Day, EncryptedText, Instant, Json, WholeNumber

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column
    from sqlalchemy.orm import InstrumentedAttribute as Attribute
else:
    from comptoir.storage.declaring import DeclarativeBase, Mapped, aliased, mapped_column

    Attribute = Column  # what a dialect's table names: `Product.price`, not `"price"`

# What a room's `models` take from here.
__all__ = [
    "Attribute",
    "Id",
    "JsonValue",
    "Mapped",
    "Record",
    "Sealed",
    "aliased",
    "key_of",
    "mapped_column",
    "partial_index",
]
Id = Annotated[int, mapped_column(WholeNumber, primary_key=True, autoincrement=False)]
JsonValue = Annotated[Any, mapped_column(Json)]
Sealed = Annotated[str, mapped_column(EncryptedText)]


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that a condition holds for, on both engines."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Record(DeclarativeBase):
    """A kind of record. Never loaded through a session: statements name its attributes."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: WholeNumber,
        str: Text,
        bool: Boolean,
        datetime: Instant,
        date: Day,
    }
    # Text columns with a trigram index behind substring search; the schema builds it per engine.
    __substring_search__: ClassVar[tuple[str, ...]] = ()


def key_of(record: type[Record]) -> Any:
    """The first column of the record's primary key, which for most is the only one."""
    return next(iter(record.__table__.primary_key))
