"""Verbs on options: the choices that buyers make, their values, and which products have them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import bindparam, delete, select

from comptoir.domain.catalogue.errors import ValueOfAnotherOption
from comptoir.domain.catalogue.models import Option, OptionOfProduct, OptionValue, Product
from comptoir.domain.catalogue.noting import new_id
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

NAME_MAX = 255
VALUES_MAX = 1_000


class NewValue(NamedTuple):
    """A value that is to be added: its name, and what it adds to the price."""

    name: str
    surcharge_e4: int


class ValueFields(TypedDict, total=False):
    """What may be changed of a value."""

    name: str
    surcharge_e4: int


class Choice(NamedTuple):
    """One value of an option as a buyer is shown it."""

    id: int
    name: str
    surcharge_e4: int


class OfferedOption(NamedTuple):
    """An option of a product with its values, in their order."""

    id: int
    name: str
    choices: tuple[Choice, ...]


VALUES_OF = (
    select(OptionValue.id, OptionValue.position, OptionValue.name, OptionValue.surcharge_e4)
    .where(OptionValue.option_id == bindparam("id"))
    .order_by(OptionValue.position, OptionValue.id)
)
REMOVE_VALUES = delete(OptionValue).where(among(OptionValue.id, "ids"))
REMOVE_OPTION = delete(Option).where(Option.id == bindparam("id"))
PRODUCTS_WITH = (
    select(OptionOfProduct.product_id)
    .where(OptionOfProduct.option_id == bindparam("id"))
    .order_by(OptionOfProduct.product_id)
)
OPTIONS_AMONG = select(Option.id).where(among(Option.id, "ids"))
OPTIONS_OF = (
    select(OptionOfProduct.option_id)
    .where(OptionOfProduct.product_id == bindparam("id"))
    .order_by(OptionOfProduct.position)
)
DETACH_OPTIONS = delete(OptionOfProduct).where(OptionOfProduct.product_id == bindparam("id"))
OFFERED = (
    select(
        OptionOfProduct.product_id, Option.id, Option.name,
        OptionValue.id, OptionValue.name, OptionValue.surcharge_e4,
    )
    .join(Option, Option.id == OptionOfProduct.option_id)
    .outerjoin(OptionValue, OptionValue.option_id == Option.id)
    .where(among(OptionOfProduct.product_id, "ids"))
    .order_by(OptionOfProduct.product_id, OptionOfProduct.position, OptionValue.position, OptionValue.id)
)  # fmt: skip


def create_option(tx: Tx, *, name: str, values: Sequence[NewValue], id: int | None = None) -> int:
    """Create an option with its values and return its id. Refuses: Invalid (name, values, surcharge_e4)."""
    _check_name("name", name)
    if not values:
        raise Invalid("values", "must name one value at least")
    option_id = new_id(tx, Option, id)
    tx.insert(Option, id=option_id, name=name, created_at=tx.now, updated_at=tx.now)
    _add(tx, option_id, values, [])
    tx.note("option.created", "option", option_id, after={"name": name, "values": _shown(values)})
    return option_id


def update_option(
    tx: Tx,
    *,
    option_id: int,
    name: str | None = None,
    added: Sequence[NewValue] = (),
    changed: Mapping[int, ValueFields] | None = None,
    removed: Collection[int] = (),
) -> None:
    """Rename an option, and add, change or take away values.

    Refuses: OptionNotFound, Invalid (name), ValueOfAnotherOption, Invalid (name, values, surcharge_e4).
    """
    old = take_row(tx, Option, option_id)
    if name is not None:
        _check_name("name", name)
    kept = {row[0]: row for row in tx.all(VALUES_OF, id=option_id)}
    for value_id in (*(changed or {}), *removed):
        if value_id not in kept:
            raise ValueOfAnotherOption("value_id", f"{value_id} does not belong to option {option_id}")
    for value_id, fields in (changed or {}).items():
        check_value(fields.get("name", kept[value_id][2]), fields.get("surcharge_e4", 0))
        tx.update(OptionValue, value_id, **fields)
    if removed:
        tx.run(REMOVE_VALUES, ids=list(removed))
    _add(tx, option_id, added, [row[1] for row in kept.values()])
    tx.update(Option, option_id, **({} if name is None else {"name": name}), updated_at=tx.now)
    before = {"name": old["name"], "values": _shown([NewValue(*row[2:]) for row in kept.values()])}
    left = [NewValue(*row[2:]) for row in tx.all(VALUES_OF, id=option_id)]
    after = {"name": old["name"] if name is None else name, "values": _shown(left)}
    tx.note("option.updated", "option", option_id, before=before, after=after)


def remove_option(tx: Tx, *, option_id: int) -> None:
    """Remove an option with its values; products no longer have it, order lines keep their copy.

    Refuses: OptionNotFound.
    """
    old = take_row(tx, Option, option_id)
    product_ids = [row[0] for row in tx.all(PRODUCTS_WITH, id=option_id)]
    tx.run(REMOVE_OPTION, id=option_id)
    before = {"name": old["name"], "product_ids": product_ids}
    tx.note("option.removed", "option", option_id, before=before)


def set_options(tx: Tx, *, product_id: int, option_ids: Sequence[int]) -> None:
    """Let a product have just these options, in this order. Refuses: ProductNotFound, Invalid (option_ids)."""
    take_row(tx, Product, product_id)
    wanted = list(dict.fromkeys(option_ids))
    known = {row[0] for row in tx.all(OPTIONS_AMONG, ids=wanted)}
    for option_id in wanted:
        if option_id not in known:
            raise Invalid("option_ids", f"names option {option_id}, which does not exist")
    before = [row[0] for row in tx.all(OPTIONS_OF, id=product_id)]
    if before == wanted:
        return
    tx.run(DETACH_OPTIONS, id=product_id)
    tx.insert_many(OptionOfProduct, links_of(product_id, wanted))
    tx.update(Product, product_id, updated_at=tx.now)
    tx.note(
        "product.options_changed", "product", product_id,
        before={"option_ids": before}, after={"option_ids": wanted},
    )  # fmt: skip


def links_of(product_id: int, option_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The rows that give a product options, in this order."""
    return [
        {"product_id": product_id, "option_id": option_id, "position": place}
        for place, option_id in enumerate(option_ids, 1)
    ]


def options_of(tx: Tx, product_ids: Sequence[int]) -> dict[int, list[OfferedOption]]:
    """The options of products with their values, as buyers choose from them; products without any are left out."""
    offered: defaultdict[int, list[OfferedOption]] = defaultdict(list)
    for product_id, option_id, name, value_id, value_name, surcharge_e4 in tx.all(
        OFFERED, ids=list(product_ids)
    ):
        options = offered[product_id]
        if not options or options[-1].id != option_id:
            options.append(OfferedOption(option_id, name, ()))
        if value_id is not None:
            last, choice = options[-1], Choice(value_id, value_name, surcharge_e4)
            options[-1] = last._replace(choices=(*last.choices, choice))
    return dict(offered)


def check_value(name: str, surcharge_e4: int) -> None:
    """Refuses: Invalid (value_name, surcharge_e4)."""
    _check_name("value_name", name)
    if surcharge_e4 < 0:
        raise Invalid("surcharge_e4", "must be 0 or more")


def _add(tx: Tx, option_id: int, values: Sequence[NewValue], positions: Sequence[int]) -> None:
    """Put values behind those at these positions; a gap in them is no harm."""
    last = max(positions, default=0)
    if len(positions) + len(values) > VALUES_MAX:
        raise Invalid("values", f"must be at most {VALUES_MAX}")
    for value in values:
        check_value(*value)
    if values:
        first = tx.ids.next("option_value", len(values))
        tx.insert_many(
            OptionValue,
            [
                {"id": first + place, "option_id": option_id, "position": last + place + 1, **value._asdict()}
                for place, value in enumerate(values)
            ],
        )


def _shown(values: Sequence[NewValue]) -> list[dict[str, Any]]:
    return [value._asdict() for value in values]


def _check_name(field: str, name: str) -> None:
    if not name.strip() or len(name) > NAME_MAX:
        raise Invalid(field, f"must be a text of 1 to {NAME_MAX} characters")
