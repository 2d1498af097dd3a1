"""What people are to businesses: signers, owners, those who control them (reference 3.3.4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import bindparam, func, select, update

from comptoir.domain.banking.customers.errors import (
    CustomerDeceased,
    CustomerInactive,
    CustomerLocked,
    CustomerNotFound,
)
from comptoir.domain.banking.customers.models import CustomerRelationship
from comptoir.domain.banking.customers.persons import PersonFacts, take_person
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.banking.customers.relationship_errors import (
    ContactKept,
    ControllerKept,
    IsContact,
    IsController,
    LeavesAsContact,
    LeavesAsController,
    OwnershipExceeded,
    RelationshipExists,
    RelationshipNotFound,
    RelationshipTagTaken,
    RequesterNotAllowed,
    RequesterUnrelated,
    TypeNotForBusiness,
)
from comptoir.domain.tx import Tx

RELATIONSHIP_TYPES = (
    "Signer", "Owner", "NonTransactional", "BeneficialOwner", "Trustee", "SuccessorTrustee", "Guardian",
    "Conservator", "Executor", "Agent", "PowerOfAttorney", "Custodian", "Administrator", "Fiduciary",
)  # fmt: skip
EXTERNAL_ACCESS_TYPES = ("FULL", "RDLY", "ACH", "NONE")
WHOLE_E2 = 100_00
TRUSTS = frozenset({"RevocableTrust", "IrrevocableTrust", "Trust", "TottenTrustPOD"})
WARDS = frozenset({"Guardianship", "Conservator"})
ESTATES = frozenset({"Estate"})
# Some types are found in businesses of some kinds only, and some in all but those of some.
ONLY_IN: Mapping[str, frozenset[str]] = {
    "Trustee": TRUSTS, "SuccessorTrustee": TRUSTS, "Guardian": WARDS, "Conservator": WARDS, "Executor": ESTATES,
    "Administrator": ESTATES,
}  # fmt: skip
OWNERLESS = TRUSTS | WARDS | ESTATES | {
    "NonProfit", "Association", "Church", "Government", "GovernmentDepartment", "GovernmentAgency",
    "GovernmentAuthority", "GovernmentNonCommercialNonUSDepartmentOrAgency", "GovernmentOther",
}  # fmt: skip
NOT_IN: Mapping[str, frozenset[str]] = {"Owner": frozenset(OWNERLESS)}


class Role(TypedDict, total=False):
    """What may be said of what somebody is to a business."""

    relationship_type: str
    can_open_accounts: bool
    is_primary_contact: bool
    is_control_person: bool
    is_beneficial_owner: bool
    ownership_percent_e2: int | None
    external_access_type: str
    tag: str | None
    is_active: bool


class RelationshipRow(NamedTuple):
    """What somebody is to a business."""

    id: int
    primary_id: int
    related_id: int
    relationship_type: str
    can_open_accounts: bool
    is_primary_contact: bool
    is_control_person: bool
    is_beneficial_owner: bool
    ownership_percent_e2: int | None
    external_access_type: str
    is_active: bool
    tag: str | None
    created_at: datetime
    updated_at: datetime


RELATIONSHIPS = select(*(getattr(CustomerRelationship, name) for name in RelationshipRow._fields)).order_by(
    CustomerRelationship.id
)
OF_PAIR = RELATIONSHIPS.where(
    CustomerRelationship.primary_id == bindparam("primary_id"),
    CustomerRelationship.related_id == bindparam("related_id"),
    CustomerRelationship.is_active.is_(True),
)
OF_PRIMARY = RELATIONSHIPS.where(CustomerRelationship.primary_id == bindparam("customer_id"))
OF_RELATED = RELATIONSHIPS.where(CustomerRelationship.related_id == bindparam("customer_id"))
TAG_HELD = select(CustomerRelationship.id).where(CustomerRelationship.tag == bindparam("tag"))
OWNED_BY_OTHERS = select(func.coalesce(func.sum(CustomerRelationship.ownership_percent_e2), 0)).where(
    CustomerRelationship.primary_id == bindparam("primary_id"),
    CustomerRelationship.related_id != bindparam("related_id"),
    CustomerRelationship.is_active.is_(True),
)
NO_OTHER_CONTACT = (
    update(CustomerRelationship)
    .where(
        CustomerRelationship.primary_id == bindparam("of_primary"),
        CustomerRelationship.related_id != bindparam("but_related"),
        CustomerRelationship.is_primary_contact.is_(True),
    )
    .values(is_primary_contact=False, updated_at=bindparam("new_updated_at"))
)
NO_OTHER_CONTROLLER = (
    update(CustomerRelationship)
    .where(
        CustomerRelationship.primary_id == bindparam("of_primary"),
        CustomerRelationship.related_id != bindparam("but_related"),
        CustomerRelationship.is_control_person.is_(True),
    )
    .values(is_control_person=False, updated_at=bindparam("new_updated_at"))
)


def create_relationship(
    tx: Tx, *, primary_id: int, related_id: int, requester_id: int | None, role: Role
) -> int:
    """Say what a person is to a business, and give the id.

    A new primary contact or control person takes the place of the one before. Without a requester the program
    itself asks.
    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified (of
    either), TypeNotForBusiness, RequesterUnrelated, RequesterNotAllowed, RelationshipExists,
    RelationshipTagTaken, OwnershipExceeded.
    """
    business = take_person(tx, primary_id)
    require_customer(tx, primary_id)
    require_customer(tx, related_id)
    refuse_type(business, role["relationship_type"])
    _refuse_requester(tx, primary_id, requester_id)
    if tx.one(OF_PAIR, primary_id=primary_id, related_id=related_id) is not None:
        raise RelationshipExists(f"customer {related_id} is related to customer {primary_id} already")
    return write_relationship(tx, primary_id, related_id, role)


def write_relationship(tx: Tx, primary_id: int, related_id: int, role: Role) -> int:
    """Write down what was judged already. Refuses: RelationshipTagTaken, OwnershipExceeded."""
    _refuse_tag(tx, role.get("tag"), None)
    _refuse_too_much(tx, primary_id, related_id, role.get("ownership_percent_e2"))
    relationship_id = tx.ids.next("customer_relationship")
    tx.insert(
        CustomerRelationship, id=relationship_id, primary_id=primary_id, related_id=related_id,
        relationship_type=role["relationship_type"], can_open_accounts=role.get("can_open_accounts", False),
        is_primary_contact=role.get("is_primary_contact", False),
        is_control_person=role.get("is_control_person", False),
        is_beneficial_owner=role.get("is_beneficial_owner", False),
        ownership_percent_e2=role.get("ownership_percent_e2"),
        external_access_type=role.get("external_access_type") or "NONE", is_active=True, tag=role.get("tag"),
        created_at=tx.now, updated_at=tx.now,
    )  # fmt: skip
    _replace_others(tx, primary_id, related_id, role)
    _note(tx, "created", relationship_id, primary_id, related_id)
    return relationship_id


def update_relationship(tx: Tx, *, primary_id: int, related_id: int, requester_id: int, role: Role) -> int:
    """Change what a person is to a business, or end it; give the id of the relationship.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified (of the
    business), the same of the person but when they leave, RelationshipNotFound, RequesterUnrelated,
    RequesterNotAllowed, TypeNotForBusiness, LeavesAsContact, LeavesAsController, IsContact, IsController,
    ContactKept, ControllerKept, RelationshipTagTaken, OwnershipExceeded.
    """
    business = take_person(tx, primary_id)
    require_customer(tx, primary_id)
    is_leaving = role.get("is_active") is False
    # Whoever is locked, or has died, must be able to leave.
    get_customer(tx, related_id)
    if not is_leaving:
        require_customer(tx, related_id)
    known = find_relationship(tx, primary_id=primary_id, related_id=related_id)
    if known is None:
        raise RelationshipNotFound(related_id)
    _refuse_requester(tx, primary_id, requester_id)
    if "relationship_type" in role:
        refuse_type(business, role["relationship_type"])
    if is_leaving:
        _refuse_leaving(known, role)
    _refuse_vacancy(known, role)
    if role.get("tag") is not None:
        _refuse_tag(tx, role["tag"], known.id)
    _refuse_too_much(tx, primary_id, related_id, role.get("ownership_percent_e2"))
    tx.update(CustomerRelationship, known.id, **role, updated_at=tx.now)
    _replace_others(tx, primary_id, related_id, role)
    _note(tx, "archived" if is_leaving else "updated", known.id, primary_id, related_id)
    return known.id


def list_relationships(tx: Tx, customer_id: int) -> list[RelationshipRow]:
    """What people are to a business, or what a person is to businesses; what has ended too.

    Refuses: CustomerNotFound.
    """
    customer = get_customer(tx, customer_id)
    statement = OF_PRIMARY if customer.is_business else OF_RELATED
    return [RelationshipRow(*row) for row in tx.all(statement, customer_id=customer_id)]


def find_relationship(tx: Tx, *, primary_id: int, related_id: int) -> RelationshipRow | None:
    """What somebody is to a business now, if anything."""
    row = tx.one(OF_PAIR, primary_id=primary_id, related_id=related_id)
    return None if row is None else RelationshipRow(*row)


def refuse_type(business: PersonFacts, relationship_type: str) -> None:
    """Refuses: TypeNotForBusiness."""
    kind = business.detail("legal_entity_type") or ""
    only, never = ONLY_IN.get(relationship_type), NOT_IN.get(relationship_type, frozenset())
    if not business.is_business or (only is not None and kind not in only) or kind in never:
        raise TypeNotForBusiness(f"{relationship_type} is no relationship to customer {business.customer_id}")


def _refuse_requester(tx: Tx, primary_id: int, requester_id: int | None) -> None:
    if requester_id is None or requester_id == primary_id:
        return
    try:
        require_customer(tx, requester_id)
    except (CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked):
        raise RequesterUnrelated(f"customer {requester_id} has no active relationship") from None
    known = find_relationship(tx, primary_id=primary_id, related_id=requester_id)
    if known is None:
        raise RequesterUnrelated(f"customer {requester_id} has no active relationship")
    if not (known.is_control_person or known.is_primary_contact):
        raise RequesterNotAllowed(f"customer {requester_id} may not change relationships")


def _refuse_leaving(known: RelationshipRow, role: Role) -> None:
    who = f"customer {known.related_id}"
    if role.get("is_primary_contact"):
        raise LeavesAsContact(f"{who} cannot become the primary contact and leave")
    if role.get("is_control_person"):
        raise LeavesAsController(f"{who} cannot become the control person and leave")
    if known.is_primary_contact:
        raise IsContact(f"{who} is the primary contact: name another first")
    if known.is_control_person:
        raise IsController(f"{who} is the control person: name another first")


def _refuse_vacancy(known: RelationshipRow, role: Role) -> None:
    who = f"customer {known.related_id}"
    if known.is_primary_contact and role.get("is_primary_contact") is False:
        raise ContactKept(f"{who} is the primary contact until another is named")
    if known.is_control_person and role.get("is_control_person") is False:
        raise ControllerKept(f"{who} is the control person until another is named")


def _refuse_tag(tx: Tx, tag: str | None, own_id: int | None) -> None:
    holder = None if tag is None else tx.value(TAG_HELD, tag=tag)
    if holder is not None and holder != own_id:
        raise RelationshipTagTaken


def _refuse_too_much(tx: Tx, primary_id: int, related_id: int, percent_e2: int | None) -> None:
    if not percent_e2:
        return
    others: Any = tx.value(OWNED_BY_OTHERS, primary_id=primary_id, related_id=related_id)
    if int(others) + percent_e2 > WHOLE_E2:
        raise OwnershipExceeded(f"owners of customer {primary_id} would hold more than 100 percent")


def _replace_others(tx: Tx, primary_id: int, related_id: int, role: Role) -> None:
    """There is one primary contact and one control person at a time."""
    for flag, statement in (
        ("is_primary_contact", NO_OTHER_CONTACT), ("is_control_person", NO_OTHER_CONTROLLER),
    ):  # fmt: skip
        if role.get(flag):
            tx.run(statement, of_primary=primary_id, but_related=related_id, new_updated_at=tx.now)


def _note(tx: Tx, what: str, relationship_id: int, primary_id: int, related_id: int) -> None:
    after = {"primary_id": primary_id, "related_id": related_id}
    tx.note(f"relationship.{what}", "relationship", relationship_id, after=after)
