"""The application of a business for credit: who controls it, who owns it, who signs (reference 3.3.4)."""

from typing import NamedTuple

from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.persons import (
    PersonFacts,
    get_person,
    refuse_unchangeable,
    take_person,
)
from comptoir.domain.banking.customers.relationship_errors import (
    BusinessNotFound,
    ControlPersonNotFound,
    NotABusiness,
    NotAPerson,
    OwnersExempt,
    OwnershipExceeded,
    RelatedNotFound,
    RelationshipsDiffer,
)
from comptoir.domain.banking.customers.relationships import (
    WHOLE_E2,
    Role,
    find_relationship,
    refuse_type,
    write_relationship,
)
from comptoir.domain.banking.customers.writing import change_row
from comptoir.domain.tx import Tx


class Applied(NamedTuple):
    """What came of an application: the relationship of each of both people."""

    related: int
    control_person: int


def apply_for_business(
    tx: Tx,
    *,
    business_id: int,
    related_id: int,
    role: Role,
    control_person_id: int,
    control_role: Role,
    exempt_reason: str | None,
) -> Applied:
    """Write down who signs for a business and who controls it; both may be one person.

    Refuses: BusinessNotFound, NotABusiness, CustomerDeceased, CustomerInactive, CustomerLocked,
    ControlPersonNotFound, NotAPerson, RelatedNotFound, TypeNotForBusiness, OwnersExempt, OwnershipExceeded,
    RelationshipsDiffer.
    """
    business = _business(tx, business_id)
    _control_person(tx, control_person_id)
    _related(tx, related_id)
    refuse_type(business, role["relationship_type"])
    refuse_type(business, control_role["relationship_type"])
    roles = (role, control_role)
    if exempt_reason is not None and any(one.get("is_beneficial_owner") for one in roles):
        raise OwnersExempt(f"customer {business_id} is exempt and has no beneficial owners to tell")
    said = {name: value for name, value in control_role.items() if value is not None}
    both = {**role, **said, "is_primary_contact": True}
    if related_id == control_person_id:
        if _differ(role, control_role):
            raise RelationshipsDiffer(
                f"customer {related_id} is said to be two things to customer {business_id}"
            )
    elif sum(one.get("ownership_percent_e2") or 0 for one in roles) > WHOLE_E2:
        raise OwnershipExceeded(f"owners of customer {business_id} would hold more than 100 percent")
    _set_exemption(tx, business, exempt_reason)
    if related_id == control_person_id:
        only = _related_as(tx, business_id, related_id, Role(**both))  # type: ignore[typeddict-item]
        return Applied(only, only)
    first = _related_as(tx, business_id, control_person_id, control_role)
    return Applied(_related_as(tx, business_id, related_id, {**role, "is_primary_contact": True}), first)


def _business(tx: Tx, business_id: int) -> PersonFacts:
    try:
        business = take_person(tx, business_id)
    except CustomerNotFound:
        raise BusinessNotFound(business_id) from None
    if not business.is_business:
        raise NotABusiness(f"customer {business_id} is not a business")
    refuse_unchangeable(business)
    return business


def _control_person(tx: Tx, customer_id: int) -> None:
    try:
        person = get_person(tx, customer_id)
    except CustomerNotFound:
        raise ControlPersonNotFound(customer_id) from None
    if person.is_business:
        raise NotAPerson(f"customer {customer_id} is not an individual")


def _related(tx: Tx, customer_id: int) -> None:
    try:
        get_person(tx, customer_id)
    except CustomerNotFound:
        raise RelatedNotFound(customer_id) from None


def _differ(role: Role, control_role: Role) -> bool:
    return any(
        None not in {role.get(name), control_role.get(name)} and role.get(name) != control_role.get(name)
        for name in ("relationship_type", "is_beneficial_owner", "ownership_percent_e2")
    )


def _related_as(tx: Tx, business_id: int, customer_id: int, role: Role) -> int:
    """The relationship as it is, when there is one: what was agreed once is changed by an update only."""
    known = find_relationship(tx, primary_id=business_id, related_id=customer_id)
    if known is None:
        return write_relationship(tx, business_id, customer_id, role)
    if known.relationship_type != role["relationship_type"]:
        raise RelationshipsDiffer(
            f"customer {customer_id} is {known.relationship_type} to customer {business_id}"
        )
    return known.id


def _set_exemption(tx: Tx, business: PersonFacts, reason: str | None) -> None:
    details = {name: value for name, value in business.details.items() if name != "exempt_reason"}
    details |= {"is_exempt_from_ownership": reason is not None}
    change_row(
        tx, business.customer_id, details=details | ({} if reason is None else {"exempt_reason": reason})
    )
    tx.note(
        "bank_customer.applied",
        "bank_customer",
        business.customer_id,
        after={"is_exempt": reason is not None},
    )
