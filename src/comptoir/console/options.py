"""Options: the choices that buyers make, their values, and what these add to the price."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import limits
from comptoir.console.cells import Cell, text, when
from comptoir.console.filters import contains, through
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.catalogue.belongings import Value, list_products_with, list_values, value_names_of
from comptoir.domain.catalogue.models import Option, OptionValue
from comptoir.domain.catalogue.options import (
    NewValue,
    ValueFields,
    create_option,
    remove_option,
    update_option,
)
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Relation

FIRST_VALUES = 6
PRODUCTS_SHOWN = 25
VALUES_SHOWN = 200
NAMES_SHOWN = 7
VALUE = Relation(OptionValue, holder=OptionValue.option_id, key=Option.id)
NAME = Field("name", "Name", limits.SHORT, required=True, hint="What buyers choose, such as the size.")


def offers(tx: Tx, option_ids: Sequence[int]) -> list[list[Cell]]:
    """What each of a page of options offers, shortly."""
    offered = value_names_of(tx, option_ids)
    return [
        [Cell(", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else ""))]
        for names in (offered.get(one, []) for one in option_ids)
    ]


OPTIONS = Listing(
    "options",
    "Options",
    "/options",
    Option,
    columns=(text("Name", Option.name), when("Changed", Option.updated_at)),
    more_titles=("Values",),
    more=offers,
    sorts=by_number(Option.id),
    filters=(
        contains("name", "Name", Option.name),
        through(contains("value", "Value", OptionValue.name), VALUE),
    ),
    area=CATALOGUE,
    make="New option",
)


def value_fields(key: str, title: str, *, required: bool) -> tuple[Field, Field]:
    """What is asked of one value."""
    return (
        Field(f"value_{key}", "Value", limits.SHORT, required=required, group=title),
        Field(f"surcharge_{key}", "Adds to the price", limits.PRICE, group=title),
    )


NEW = Form(
    "new",
    (
        NAME,
        *(
            one
            for place in range(1, FIRST_VALUES + 1)
            for one in value_fields(str(place), f"Value {place}", required=place == 1)
        ),
    ),
    "Create",
)
ADD = Form(
    "add-value",
    (
        Field("value_name", "Value", limits.SHORT, required=True),
        Field("surcharge_e4", "Adds to the price", limits.PRICE),
    ),
    "Add",
)


def form_of(values: Sequence[Value]) -> Form:
    """The option's name, and each of its values."""
    fields = [NAME]
    for place, one in enumerate(values, 1):
        fields += value_fields(str(one.id), f"Value {place}", required=True)
    return Form("update", tuple(fields))


def row_of(name: str, values: Sequence[Value]) -> dict[str, Any]:
    """What stands in that form."""
    row: dict[str, Any] = {"name": name}
    for one in values:
        row |= {f"value_{one.id}": one.name, f"surcharge_{one.id}": one.surcharge_e4}
    return row


def show(visit: Visit) -> Answer:
    """The page of one."""
    option = get_row(visit.tx, Option, visit.id)
    values = list_values(visit.tx, visit.id)
    address = OPTIONS.link(visit.id)
    may = visit.may(CATALOGUE)
    form = form_of(values[:VALUES_SHOWN])
    products = list_products_with(visit.tx, visit.id, limit=PRODUCTS_SHOWN)
    kept = row_of(option["name"], values)
    shown: dict[str, Any] = {
        "title": option["name"],
        "way": [("Options", address_of("/options"))],
        "path": f"/options/{visit.id}",
        "option": option,
        "values": values[:VALUES_SHOWN],
        "hidden_values": max(len(values) - VALUES_SHOWN, 0),
        "may": may,
        "filled": form.filled(visit, f"{address}/update", kept) if may else None,
        "adding": ADD.filled(visit, f"{address}/add-value", {}) if may else None,
        "products": [[Cell(name, link=link_to("product", one))] for one, name in products],
        "has_more": len(products) == PRODUCTS_SHOWN,
        "happened": list_events_of(visit.tx, subject="option", subject_id=visit.id),
    }
    return Shown("option.html", shown)


def show_new(visit: Visit) -> Answer:
    """The empty form."""
    filled = NEW.filled(visit, address_of("/options/new"), {})
    way = [("Options", address_of("/options"))]
    return Shown("form.html", {"title": "New option", "way": way, "filled": filled})


def make(visit: Visit) -> Answer:
    """Create one with its first values; a line without a name must not add anything. Refuses: Problems, Invalid."""
    said = NEW.read(visit)
    values, problems = [], []
    for place in range(1, FIRST_VALUES + 1):
        name, surcharge_e4 = said[f"value_{place}"], said[f"surcharge_{place}"]
        if name:
            values.append(NewValue(name, surcharge_e4))
        elif surcharge_e4:
            problems.append((f"value_{place}", "must be named"))
    if problems:
        raise Problems(problems)
    made = create_option(visit.tx, name=said["name"], values=values)
    return Gone(OPTIONS.link(made), "The option was created.")


def change(visit: Visit) -> Answer:
    """Change the name and the values, as far as they differ."""
    option = get_row(visit.tx, Option, visit.id)
    values = list_values(visit.tx, visit.id)[:VALUES_SHOWN]
    changes = form_of(values).changes(visit, row_of(option["name"], values))
    changed: dict[int, ValueFields] = {}
    for one in values:
        fields: ValueFields = {}
        if f"value_{one.id}" in changes:
            fields["name"] = changes[f"value_{one.id}"]
        if f"surcharge_{one.id}" in changes:
            fields["surcharge_e4"] = changes[f"surcharge_{one.id}"]
        if fields:
            changed[one.id] = fields
    if changes:
        update_option(visit.tx, option_id=visit.id, name=changes.get("name"), changed=changed)
    return Gone(OPTIONS.link(visit.id), "The option was saved." if changes else "Nothing was changed.")


def add_value(visit: Visit) -> Answer:
    """Add a value behind the others."""
    said = ADD.read(visit)
    update_option(visit.tx, option_id=visit.id, added=[NewValue(said["value_name"], said["surcharge_e4"])])
    return Gone(OPTIONS.link(visit.id), "The value was added.")


def remove_value(visit: Visit) -> Answer:
    """Take a value away. Refuses: Invalid (value), and as update_option does."""
    said = visit.asked.posted("value")
    found = next((one for one in list_values(visit.tx, visit.id) if str(one.id) == said), None)
    if found is None:
        raise Invalid("value", "is none of this option's values")
    update_option(visit.tx, option_id=visit.id, removed=[found.id])
    return Gone(OPTIONS.link(visit.id), "The value was removed.")


def remove(visit: Visit) -> Answer:
    """Remove the option."""
    remove_option(visit.tx, option_id=visit.id)
    return Gone(address_of("/options"), "The option was removed.")


ONE = "/options/{id:digits}"
PAGES = (
    Page("/options", show_list(OPTIONS), CATALOGUE),
    Page(ONE, show, CATALOGUE),
    Page("/options/new", show_new, CATALOGUE),
    Act("/options/new", make, CATALOGUE, show_new),
    Act(f"{ONE}/update", change, CATALOGUE, show),
    Act(f"{ONE}/add-value", add_value, CATALOGUE, show),
    Act(f"{ONE}/remove-value", remove_value, CATALOGUE, show),
    Act(f"{ONE}/remove", remove, CATALOGUE, show),
)
