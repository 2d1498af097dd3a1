"""What people are to businesses: said, changed and ended; who signs for one, owns it and controls it."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import CUSTOMER, TAG, spelt
from comptoir.console.bank_customer_acts import PATH, back
from comptoir.console.bank_customer_forms import EXEMPTIONS
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    fact,
    forms,
    moment,
    page,
    state,
    thing,
    to,
)
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.customers.applications import apply_for_business
from comptoir.domain.banking.customers.queries import CustomerRow, get_customer
from comptoir.domain.banking.customers.relationship_errors import RelationshipNotFound
from comptoir.domain.banking.customers.relationships import (
    EXTERNAL_ACCESS_TYPES,
    RELATIONSHIP_TYPES,
    RelationshipRow,
    create_relationship,
    find_relationship,
    list_relationships,
    update_relationship,
)
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

WHO = "Name, e-mail or number at the bank."
WHOLE_PPM, E2_PPM = 1_000_000, 100
TYPES = {one: spelt(one) for one in RELATIONSHIP_TYPES}
MARKS = {
    "can_open_accounts": "open accounts",
    "is_primary_contact": "primary contact",
    "is_control_person": "controls it",
    "is_beneficial_owner": "beneficial owner",
}
OWNS = Field("ownership_percent", "Owns", kinds.PERCENT)
KIND = Field("relationship_type", "Is its", kinds.choice(TYPES), required=True)
ROLE = (
    KIND, OWNS,
    Field("external_access_type", "External accounts", kinds.choice(EXTERNAL_ACCESS_TYPES)),
    Field("can_open_accounts", "May open accounts", kinds.FLAG),
    Field("is_primary_contact", "Primary contact", kinds.FLAG),
    Field("is_control_person", "Controls the business", kinds.FLAG),
    Field("is_beneficial_owner", "Beneficial owner", kinds.FLAG),
    Field("tag", "Tag", TAG),
)  # fmt: skip
RELATION = Form(
    "relation",
    (
        Field("related_id", "Person", CUSTOMER, required=True, hint=WHO),
        *ROLE,
    ),
    "Say so",
)
CHANGE = Form("update", ROLE)
SIGNER, CONTROLLER = "Who signs", "Who controls the business"
APPLY = Form(
    "apply",
    (
        Field("related_id", "Person", CUSTOMER, required=True, hint=WHO, group=SIGNER),
        Field("relationship_type", "Is its", kinds.choice(TYPES), required=True, group=SIGNER),
        Field("ownership_percent", "Owns", kinds.PERCENT, group=SIGNER),
        Field("is_beneficial_owner", "Beneficial owner", kinds.FLAG, group=SIGNER),
        Field("can_open_accounts", "May open accounts", kinds.FLAG, group=SIGNER),
        Field(
            "control_person_id", "Person", CUSTOMER, required=True, hint="May be the same one.", group=CONTROLLER
        ),
        Field("control_type", "Is its", kinds.choice(TYPES), required=True, group=CONTROLLER),
        Field("control_percent", "Owns", kinds.PERCENT, group=CONTROLLER),
        Field("control_is_owner", "Beneficial owner", kinds.FLAG, group=CONTROLLER),
        Field(
            "exempt_reason", "Need not tell its owners, being", kinds.choice(EXEMPTIONS),
            hint="Empty: it must.", group="Beneficial owners",
        ),
    ),
    "Keep the application",
)  # fmt: skip


def percent_e2(typed: Mapping[str, Any], name: str) -> int | None:
    """A share as it was typed, in hundredths of a percent. Refuses: Invalid."""
    ppm: int | None = typed[name]
    if ppm is None:
        return None
    if not 0 <= ppm <= WHOLE_PPM:
        raise Invalid(name, "must be from 0 to 100")
    if ppm % E2_PPM:
        raise Invalid(name, "has more than two decimals")
    return ppm // E2_PPM


def share(e2: int | None) -> str:
    """A share as people read it."""
    return "" if e2 is None else f"{kinds.percent_of(e2 * E2_PPM)} %"


def relation_path(one: RelationshipRow) -> str:
    """Where it is shown what somebody is to a business."""
    return f"{PATH}/{one.primary_id}/relations/{one.related_id}"


def relations_section(visit: Visit, customer: CustomerRow) -> Section:
    """What people are to a business, or what a person is to businesses."""
    key, is_business = customer.customer_id, customer.is_business
    found = list_relationships(visit.tx, key)
    others = [one.related_id if is_business else one.primary_id for one in found]
    names = names_of(visit.tx, others)
    rows = [
        [
            to("bank_customer", other, names[other].text),
            Cell(spelt(one.relationship_type), link=address_of(relation_path(one)) if one.is_active else None),
            Cell(share(one.ownership_percent_e2), "number"), Cell(", ".join(marks_of(one))),
            Cell("active" if one.is_active else "ended", "badge"),
        ]
        for one, other in zip(found, others, strict=True)
    ]  # fmt: skip
    asked: list[AskedForm] = [
        ("Say what somebody is to the business", RELATION, f"{PATH}/{key}/relation", None),
        ("Apply for the business: who signs, owns and controls it", APPLY, f"{PATH}/{key}/apply", None),
    ]
    return Section(
        "People of the business" if is_business else "Businesses they belong to",
        titles=("Who", "Is", "Owns", "May", "State"),
        rows=rows,
        forms=forms(visit, *asked) if is_business and visit.may(BANK) else (),
    )


def marks_of(one: RelationshipRow) -> list[str]:
    """What somebody is besides."""
    return [word for name, word in MARKS.items() if getattr(one, name)]


def role_of(visit: Visit) -> RelationshipRow:
    """What somebody is to the business now. Refuses: CustomerNotFound, RelationshipNotFound."""
    get_customer(visit.tx, visit.id)
    found = find_relationship(visit.tx, primary_id=visit.id, related_id=visit.ids["other"])
    if found is None:
        raise RelationshipNotFound(visit.ids["other"])
    return found


def kept_of(one: RelationshipRow) -> dict[str, Any]:
    """A role as the form has it."""
    e2 = one.ownership_percent_e2
    return {**one._asdict(), "ownership_percent": None if e2 is None else e2 * E2_PPM}


def show_relation(visit: Visit) -> Answer:
    """What one person is to one business."""
    one = role_of(visit)
    names, path = names_of(visit.tx, [one.primary_id, one.related_id]), relation_path(one)
    business, person = names[one.primary_id].text, names[one.related_id].text
    way = [("Bank customers", address_of(PATH)), (business, address_of(f"{PATH}/{visit.id}/relations"))]
    leaf = Leaf(f"{person} at {business}", way, facts_of(visit, one), subject=("relationship", one.id))
    if visit.may(BANK):
        if not one.is_primary_contact:
            leaf.buttons = [Button(f"{path}/contact", "Make the primary contact")]
        confirm = "Let them be nothing to the business any more?"
        leaf.buttons = [*leaf.buttons, Button(f"{path}/end", "End it", confirm=confirm, is_danger=True)]
        asked = ("Change", CHANGE, f"{path}/update", kept_of(one))
        leaf.sections = [Section("What can be done", forms=forms(visit, asked))]
    return page(visit, leaf)


def facts_of(visit: Visit, one: RelationshipRow) -> list[Fact]:
    """What is known of it."""
    names = names_of(visit.tx, [one.primary_id, one.related_id])
    return [
        state("State", "active" if one.is_active else "ended"),
        thing("Business", "bank_customer", one.primary_id, names[one.primary_id].text),
        thing("Person", "bank_customer", one.related_id, names[one.related_id].text),
        fact("Is its", spelt(one.relationship_type)), fact("Owns", share(one.ownership_percent_e2)),
        fact("Besides", ", ".join(marks_of(one))), fact("External accounts", one.external_access_type),
        fact("Tag", one.tag), moment(visit.shop, "Since", one.created_at),
    ]  # fmt: skip


def relate(visit: Visit) -> Answer:
    """Say what a person is to a business."""
    typed: dict[str, Any] = RELATION.read(visit)
    share_e2, related_id = percent_e2(typed, "ownership_percent"), typed.pop("related_id")
    del typed["ownership_percent"]
    role: Any = {name: value for name, value in typed.items() if value not in {None, ""}}
    role["ownership_percent_e2"] = share_e2
    create_relationship(visit.tx, primary_id=visit.id, related_id=related_id, requester_id=None, role=role)
    return back(visit, "It was written down.", "/relations")


def change_relation(visit: Visit) -> Answer:
    """Change what differs."""
    one = role_of(visit)
    changes: dict[str, Any] = CHANGE.changes(visit, kept_of(one))
    if "ownership_percent" in changes:
        changes = {
            **{name: value for name, value in changes.items() if name != "ownership_percent"},
            "ownership_percent_e2": percent_e2(changes, "ownership_percent"),
        }
    return changed(visit, one, changes, "It was saved.") if changes else shown(one, "Nothing was changed.")


def make_contact(visit: Visit) -> Answer:
    """Make them the primary contact, in the place of the one before."""
    return changed(visit, role_of(visit), {"is_primary_contact": True}, "They are the primary contact now.")


def end_relation(visit: Visit) -> Answer:
    """Let them be nothing to the business any more."""
    changed(visit, role_of(visit), {"is_active": False}, "")
    return back(visit, "It has ended.", "/relations")


def changed(visit: Visit, one: RelationshipRow, role: Any, said: str) -> Gone:
    """Change a role, in the business's own name."""
    update_relationship(
        visit.tx, primary_id=visit.id, related_id=one.related_id, requester_id=visit.id, role=role
    )
    return shown(one, said)


def shown(one: RelationshipRow, said: str) -> Gone:
    """The page of a role."""
    return Gone(address_of(relation_path(one)), said)


def apply_(visit: Visit) -> Answer:
    """Write down who signs for a business, who owns it and who controls it."""
    typed = APPLY.read(visit)
    apply_for_business(
        visit.tx,
        business_id=visit.id,
        related_id=typed["related_id"],
        role={
            "relationship_type": typed["relationship_type"],
            "can_open_accounts": typed["can_open_accounts"],
            "is_beneficial_owner": typed["is_beneficial_owner"],
            "ownership_percent_e2": percent_e2(typed, "ownership_percent"),
        },
        control_person_id=typed["control_person_id"],
        control_role={
            "relationship_type": typed["control_type"],
            "is_control_person": True,
            "is_beneficial_owner": typed["control_is_owner"],
            "ownership_percent_e2": percent_e2(typed, "control_percent"),
        },
        exempt_reason=typed["exempt_reason"] or None,
    )
    return back(visit, "The application was kept.", "/relations")


ONE = f"{PATH}/{{id:digits}}/relations/{{other:digits}}"
PAGES = (
    Page(ONE, show_relation, BANK),
    Act(f"{ONE}/update", change_relation, BANK, show_relation),
    Act(f"{ONE}/contact", make_contact, BANK, show_relation),
    Act(f"{ONE}/end", end_relation, BANK, show_relation),
)
