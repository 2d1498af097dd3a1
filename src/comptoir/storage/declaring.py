"""SQLAlchemy's typed declarative form without the object mapper: a class holds the columns of its table.

Type checkers read the declarations as SQLAlchemy's own (`storage.schema` sees to that). Here they become
tables and nothing more: mapping a hundred classes that no session loads costs every start a fifth of its time.
"""

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import TypeEngine


class Mapped:
    """How a class says that an attribute is a column: `name: Mapped[str]`."""

    def __init__(self, hint: Any) -> None:
        self.hint = hint

    def __class_getitem__(cls, hint: Any) -> "Mapped":
        """The hint, kept as it was written."""
        return cls(hint)


class Declared:
    """What `mapped_column` was given, until the class is complete."""

    __slots__ = ("options", "parts")

    def __init__(self, parts: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.parts = parts
        self.options = options


def mapped_column(*parts: Any, **options: Any) -> Any:
    """Say more of a column than its type; takes what `sqlalchemy.Column` takes, without a name."""
    return Declared(parts, options)


class DeclarativeBase:
    """Makes a table of each class below it; a name of a column on the class is the column itself."""

    metadata: ClassVar[MetaData]
    type_annotation_map: ClassVar[dict[Any, Any]] = {}
    __table__: ClassVar[Table]
    __tablename__: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Declare the class's table; one without a name is a base of others."""
        super().__init_subclass__()
        if "__tablename__" not in cls.__dict__:
            return
        columns = [
            _column(name, mapped.hint, cls.__dict__.get(name), cls.type_annotation_map)
            for name, mapped in cls.__annotations__.items()
            if isinstance(mapped, Mapped)
        ]
        said = cls.__dict__.get("__table_args__", ())
        options = said[-1] if said and isinstance(said[-1], dict) else {}
        more = said[:-1] if options else said
        cls.__table__ = Table(cls.__tablename__, cls.metadata, *columns, *more, **options)
        _belong(columns, cls)
        for column in columns:
            setattr(cls, column.key, column)

    @classmethod
    def __clause_element__(cls) -> Table:
        """What SQLAlchemy takes the class for in a statement."""
        return cls.__table__


def _column(name: str, hint: Any, declared: Declared | None, types: dict[Any, Any]) -> Column[Any]:
    """The column of `name: Mapped[hint] = declared`."""
    can_be_none = get_origin(hint) in {Union, UnionType}
    if can_be_none:
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    noted = declared or Declared((), {})
    parts, options = noted.parts, noted.options
    if get_origin(hint) is Annotated:
        hint, note = get_args(hint)
        parts, options = (*note.parts, *parts), {**note.options, **options}
    if not any(_is_type(part) for part in parts):
        parts = (types[hint], *parts)
    return Column(name, *parts, **{"nullable": can_be_none, **options})


def _belong(columns: Iterable[Any], owner: Any) -> None:
    """Let each column know the record, or the alias of it, that it is an attribute of."""
    for column in columns:
        column.class_ = owner


def _is_type(part: Any) -> bool:
    return isinstance(part, TypeEngine) or (isinstance(part, type) and issubclass(part, TypeEngine))


class Aliased:
    """A record under another name in a statement, with its columns under that name."""

    def __init__(self, record: type[DeclarativeBase]) -> None:
        self._record = record
        self._alias = record.__table__.alias()
        _belong(self._alias.columns, self)

    def __clause_element__(self) -> Any:
        """What SQLAlchemy takes it for."""
        return self._alias

    def __getattr__(self, name: str) -> Any:
        """A column under the other name, or what the record says of itself."""
        found = self._alias.columns.get(name)
        return getattr(self._record, name) if found is None else found


def aliased(record: type[DeclarativeBase]) -> Any:
    """The record under another name, so that a statement can name it twice."""
    return Aliased(record)
