"""Groups: customers put together under a name, as members and as owners."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.customer_tabs import named
from comptoir.console.editing import Editing
from comptoir.console.filters import contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number, place_of
from comptoir.console.picking import CUSTOMER
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Act, Answer, Gone, Visit
from comptoir.domain.customers.errors import CustomerNotFound, GroupNotEmpty, MemberNotFound
from comptoir.domain.customers.groups import (
    add_member,
    create_group,
    remove_group,
    remove_member,
    update_group,
)
from comptoir.domain.customers.membership import Person, list_group_names, list_people_after
from comptoir.domain.customers.models import MEMBER, OWNER, ROLES, Group
from comptoir.domain.customers.queries import get_row
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import CUSTOMERS

PAGE = 50
OWNERS_SHOWN = 200

GROUPS = Listing(
    "groups",
    "Groups",
    "/groups",
    Group,
    columns=(
        text("Name", Group.name),
        badge("Status", Group.status),
        flag("Joined by interest", Group.is_interest),
        text("Comment", Group.comment),
        when("Changed", Group.updated_at),
    ),
    sorts=by_number(Group.id),
    filters=(
        contains("name", "Name", Group.name),
        flag_filter("interest", "Joined by interest", Group.is_interest),
    ),
    area=CUSTOMERS,
    make="New group",
)
GROUP = Form(
    "update",
    (
        Field("name", "Name", required=True),
        Field("is_interest", "One joins it by interest", kinds.FLAG),
        Field("comment", "Comment", kinds.TEXT),
    ),
)
PERSON = (
    Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number."),
    Field("role", "As", kinds.choice({role: role for role in ROLES}), required=True),
)
LET_GO = "none"


def targets(visit: Visit) -> list[tuple[str, str]]:
    """What may become of a group's people when it is removed."""
    others = [(str(key), f"go to {name}") for key, name in list_group_names(visit.tx) if key != visit.id]
    return [(LET_GO, "leave it, and stay customers"), *others]


REMOVE = Form(
    "remove",
    (Field("people", "Who is in it", kinds.choice(targets), hint="Need not be said when nobody is in it."),),
    "Remove group",
)
ADD = Form("add", PERSON, "Put in")
TAKE_OUT = Form("take-out", PERSON, "Take out")


def beside(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Who is in the group, a page of members at a time."""
    after = place_of(visit, "after") or 0
    people = list_people_after(visit.tx, group_id=row["id"], role=MEMBER, after=after, limit=PAGE + 1)
    owners = list_people_after(visit.tx, group_id=row["id"], role=OWNER, limit=OWNERS_SHOWN)
    may = visit.may(CUSTOMERS)
    here = address_of(f"/groups/{row['id']}")
    return {
        "people": [cells_of(one) for one in people[:PAGE]],
        "owners": [cells_of(one) for one in owners],
        "following": f"{here}?after={people[PAGE - 1].customer_id}" if len(people) > PAGE else None,
        "first": here if after else None,
        "add": ADD.filled(visit, f"{here}/add", {"role": MEMBER}) if may else None,
        "removing": REMOVE.filled(visit, f"{here}/remove", {}) if may else None,
        "take_out": TAKE_OUT.filled(visit, f"{here}/take-out", {"role": MEMBER}) if may else None,
    }


def cells_of(person: Person) -> list[Cell]:
    """A person as a row."""
    return [
        Cell(named(person._asdict()), link=link_to("customer", person.customer_id)),
        Cell(str(person.customer_id), "number"),
        Cell(person.username),
        Cell(person.email),
    ]


EDITING = Editing(
    "group", "group", GROUPS, GROUP, lambda tx, key: get_row(tx, Group, key),
    create_group, update_group, key="group_id", more=beside, template="group.html",
)  # fmt: skip


def add(visit: Visit) -> Answer:
    """Put somebody in. Refuses: Problems, Invalid (customer_id), GroupNotFound."""
    values = ADD.read(visit)
    try:
        add_member(visit.tx, group_id=visit.id, **values)
    except CustomerNotFound as error:
        raise Invalid("customer_id", "is nobody's number") from error
    return Gone(address_of(f"/groups/{visit.id}"), "The customer is in the group.")


def take_out(visit: Visit) -> Answer:
    """Take somebody out. Refuses: Problems, Invalid (customer_id), GroupNotFound."""
    values = TAKE_OUT.read(visit)
    try:
        remove_member(visit.tx, group_id=visit.id, **values)
    except MemberNotFound as error:
        raise Invalid("customer_id", f"is not in the group as {values['role']}") from error
    return Gone(address_of(f"/groups/{visit.id}"), "The customer is no longer in the group.")


def remove(visit: Visit) -> Answer:
    """Remove the group. Refuses: Problems, GroupNotFound, Invalid (people)."""
    said = REMOVE.read(visit)["people"]
    into = int(said) if said and said != LET_GO else None
    try:
        remove_group(visit.tx, group_id=visit.id, into=into, lets_people_go=said == LET_GO)
    except GroupNotEmpty as error:
        raise Invalid("people", "must be chosen, since customers are in the group") from error
    return Gone(address_of("/groups"), "The group was removed.")


PAGES = (
    *EDITING.pages(),
    Act("/groups/{id:digits}/add", add, CUSTOMERS, EDITING.show),
    Act("/groups/{id:digits}/remove", remove, CUSTOMERS, EDITING.show),
    Act("/groups/{id:digits}/take-out", take_out, CUSTOMERS, EDITING.show),
)
