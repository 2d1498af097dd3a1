"""The declarative base of all records: one declaration is table, type and the attribute a dialect names."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import Boolean, Index, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column

from comptoir.storage.columns import Day, EncryptedText, Instant, Json, WholeNumber

# What a dialect's table names: `Product.price`, not `"price"`.
Attribute = InstrumentedAttribute
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
