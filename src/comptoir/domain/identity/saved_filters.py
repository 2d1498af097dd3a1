"""Filters of lists that operators keep by a name."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.identity.models import SavedFilter
from comptoir.domain.identity.texts import text_problem
from comptoir.domain.tx import Tx

NAME_MAX = 80
QUERY_MAX = 2_000
FILTERS_MAX = 50


class TooManyFilters(Conflict):
    """The operator keeps as many filters of this list as there may be."""


class SavedFilterRow(NamedTuple):
    """A filter by its name: the query of the list's address."""

    id: int
    name: str
    query: str


OF_LIST = (
    select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
    .where(SavedFilter.operator_id == bindparam("operator_id"), SavedFilter.list == bindparam("list_name"))
    .order_by(SavedFilter.name)
)
FORGET = delete(SavedFilter).where(
    SavedFilter.id == bindparam("filter_id"), SavedFilter.operator_id == bindparam("operator_id")
)


def list_saved_filters(tx: Tx, *, operator_id: int, list_name: str) -> list[SavedFilterRow]:
    """What an operator keeps for a list, by name."""
    rows = tx.all(OF_LIST, operator_id=operator_id, list_name=list_name)
    return [SavedFilterRow(*row) for row in rows]


def save_filter(tx: Tx, *, operator_id: int, list_name: str, name: str, query: str) -> int:
    """Keep a filter; one of the same name is replaced. Refuses: Invalid (name, query), TooManyFilters."""
    name = name.strip()
    if not name or (problem := text_problem(name, NAME_MAX)):
        raise Invalid("name", "must not be empty" if not name else problem)
    if problem := text_problem(query, QUERY_MAX):
        raise Invalid("query", problem)
    kept = list_saved_filters(tx, operator_id=operator_id, list_name=list_name)
    same = next((one for one in kept if one.name == name), None)
    if same is not None:
        tx.update(SavedFilter, same.id, query=query)
        return same.id
    if len(kept) >= FILTERS_MAX:
        raise TooManyFilters(f"there are {FILTERS_MAX} filters of this list already; remove one first")
    filter_id = tx.ids.next("saved_filter")
    tx.insert(
        SavedFilter, id=filter_id, operator_id=operator_id, list=list_name, name=name, query=query,
        created_at=tx.now,
    )  # fmt: skip
    return filter_id


def forget_filter(tx: Tx, *, operator_id: int, filter_id: int) -> None:
    """Remove one of the operator's own filters; another's is left alone."""
    tx.run(FORGET, filter_id=filter_id, operator_id=operator_id)
