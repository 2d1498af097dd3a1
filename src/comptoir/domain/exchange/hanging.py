"""Reading what hangs on records, for many of them at once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select

from comptoir.domain.exchange.codecs import OBJECT, decode_json
from comptoir.domain.exchange.exporting import columns_of
from comptoir.domain.exchange.kinds import Field, Gather, Values
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Attribute, Record


def ids_through(
    holder: Attribute[int], member: Attribute[int], *conditions: Any, order: Attribute[int] | None = None
) -> Callable[[Tx, Sequence[int]], dict[int, list[int]]]:
    """The ids that a link table puts on records, in their own order or in that of a place they have."""
    statement = select(holder, member).where(among(holder, "ids"), *conditions)
    statement = statement.order_by(holder, member if order is None else order)

    def gather(tx: Tx, ids: Sequence[int]) -> dict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for holder_id, member_id in tx.all(statement, ids=ids):
            found[holder_id].append(member_id)
        return found

    return gather


def texts_through(holder: Attribute[int], name: Attribute[int], value: Attribute[str]) -> Gather:
    """The texts that a link table puts on records, by the id of what they are for."""
    statement = select(holder, name, value).where(among(holder, "ids")).order_by(holder, name)

    def gather(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        found: defaultdict[int, dict[str, str]] = defaultdict(dict)
        for holder_id, name_id, text in tx.all(statement, ids=ids):
            found[holder_id][str(name_id)] = text
        return found

    return gather


def rows_under(
    record: type[Record], fields: Sequence[Field], holder: Attribute[int], *order: Attribute[Any]
) -> Callable[[Tx, Sequence[int]], dict[int, list[Values]]]:
    """The rows of another record that point at records."""
    statement: Select[Any] = select(holder, *columns_of(record, fields)).where(among(holder, "ids"))
    statement = statement.order_by(holder, *order)
    objects = [one.key for one in fields if one.codec is OBJECT]

    def gather(tx: Tx, ids: Sequence[int]) -> dict[int, list[Values]]:
        found: defaultdict[int, list[Values]] = defaultdict(list)
        for holder_id, *row in tx.all(statement, ids=ids):
            values = dict(zip((one.key for one in fields), row, strict=True))
            for key in objects:
                values[key] = decode_json(values[key])
            found[holder_id].append(values)
        return found

    return gather
