"""What people are to businesses, and applications of businesses for credit (reference 3.3.4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import moment, money, ok
from comptoir.dialects.corepro.shapes import (
    FLAG,
    ID,
    MOMENT,
    MONEY,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers import relationship_errors as errors
from comptoir.domain.banking.customers.applications import apply_for_business
from comptoir.domain.banking.customers.cleaning import EXEMPT_REASONS, word_of
from comptoir.domain.banking.customers.relationships import (
    EXTERNAL_ACCESS_TYPES,
    RELATIONSHIP_TYPES,
    RelationshipRow,
    Role,
    create_relationship,
    list_relationships,
    update_relationship,
)
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

PERCENT_MAX = 100
FLAGS: Mapping[str, str] = {
    "canOpenAccounts": "can_open_accounts",
    "isPrimaryContact": "is_primary_contact",
    "isControlPerson": "is_control_person",
    "isBeneficialOwner": "is_beneficial_owner",
}
NEEDED_FLAGS: Mapping[str, int] = {
    "canOpenAccounts": 156303, "isPrimaryContact": 156304, "isControlPerson": 156305, "isBeneficialOwner": 156306,
}  # fmt: skip
IDS: Mapping[str, int] = {
    "primaryCustomerId": 196024, "relatedCustomerId": 196025, "requestingCustomerId": 196026,
}  # fmt: skip
RELATIONSHIP = an_object(
    {
        **dict.fromkeys(FLAGS, FLAG), "createdDate": MOMENT, "customerRelationshipId": ID,
        "externalAccountAccessType": one_of(EXTERNAL_ACCESS_TYPES), "isActive": FLAG, "lastModifiedDate": MOMENT,
        "ownershipPercent": MONEY, "primaryCustomerId": ID, "relatedCustomerId": ID,
        "relationshipType": one_of(RELATIONSHIP_TYPES), "tag": TAG,
    },
    always=(
        *FLAGS, "createdDate", "customerRelationshipId", "externalAccountAccessType", "isActive", "lastModifiedDate",
        "primaryCustomerId", "relatedCustomerId", "relationshipType",
    ),
)  # fmt: skip
MADE = an_object(
    {"customerRelationshipId": ID, "primaryCustomerId": ID, "relatedCustomerId": ID},
    always=("customerRelationshipId", "primaryCustomerId", "relatedCustomerId"),
)
APPLIED = an_object(
    {
        "businessCustomerId": ID, "controlPersonCustomerId": ID, "controlPersonRelationshipId": ID, "customerId": ID,
        "customerRelationshipId": ID,
    },
    always=(
        "businessCustomerId", "controlPersonCustomerId", "controlPersonRelationshipId", "customerId",
        "customerRelationshipId",
    ),
)  # fmt: skip

REFUSALS: Refusals = {
    errors.RelationshipExists: 156307,
    errors.RelationshipNotFound: Refusal(156401, "Relationship does not exist."),
    errors.LeavesAsContact: 156402,
    errors.LeavesAsController: 156403,
    errors.IsContact: 156404,
    errors.IsController: 156405,
    errors.ContactKept: 156406,
    errors.ControllerKept: 156407,
    errors.RequesterUnrelated: 156411,
    errors.TypeNotForBusiness: 156409,
    errors.RequesterNotAllowed: 156412,
    errors.OwnershipExceeded: 196012,
    errors.OwnersExempt: 196013,
    errors.BusinessNotFound: Refusal(196014, "businessCustomerId {key} is invalid."),
    errors.NotABusiness: 196015,
    errors.ControlPersonNotFound: Refusal(196016, "controlPersonCustomerId {key} is invalid."),
    errors.NotAPerson: 196017,
    errors.RelatedNotFound: Refusal(196018, "customerId {key} is invalid."),
    errors.RelationshipsDiffer: 196022,
    errors.RelationshipTagTaken: Refusal(156413, "Tag is used by another relationship."),
}
# Who asks for a change is told otherwise that they are nothing to the business.
CHANGING: Refusals = {errors.RequesterUnrelated: 156408}


def create(call: Call, asked: Asked) -> Reply:
    """Say what a person is to a business."""
    primary_id, related_id = asked.id("primaryCustomerId"), asked.id("relatedCustomerId")
    if not primary_id or not related_id:
        asked.refuse(156302, "primaryCustomerId and relatedCustomerId are required.")
    asked.demand("relationshipType", code=156301)
    for name, code in NEEDED_FLAGS.items():
        asked.demand(name, code=code)
    role = _role(asked)
    asked.settle()
    relationship_id = create_relationship(
        call.tx,
        primary_id=primary_id,
        related_id=related_id,
        requester_id=asked.find_id("requestingCustomerId"),
        role=role,
    )
    return _made(relationship_id, primary_id, related_id)


def update(call: Call, asked: Asked) -> Reply:
    """Change what a person is to a business, or end it."""
    role = _role(asked)
    if (is_active := asked.flag("isActive")) is not None:
        role["is_active"] = is_active
    return _change(call, asked, role)


def name_contact(call: Call, asked: Asked) -> Reply:
    """Make a person the primary contact of a business, in the place of the one before."""
    return _change(call, asked, {"is_primary_contact": True})


def archive(call: Call, asked: Asked) -> Reply:
    """End what a person is to a business."""
    return _change(call, asked, {"is_active": False})


def show_all(call: Call, asked: Asked) -> Reply:
    """What people are to a business, or a person to businesses."""
    program = get_program(call.tx)
    return ok([_shown(program, row) for row in list_relationships(call.tx, asked.id_place(0))])


def apply(call: Call, asked: Asked) -> Reply:
    """Write down who signs for a business, who controls it, and who owns it."""
    for name, code in {
        "businessCustomerId": 196000, "customerId": 196001, "controlPersonCustomerId": 196002,
        "controlPersonIsBeneficialOwner": 196003, "isExemptFromBeneficialOwnership": 196004,
        "relationshipType": 196006, "isBeneficialOwner": 196007, "canOpenAccounts": 196008,
        "controlPersonRelationshipType": 196011,
    }.items():  # fmt: skip
        asked.demand(name, code=code)
    reason = _exemption(asked)
    role = Role(
        relationship_type=_type(asked, "relationshipType", 196009),
        can_open_accounts=bool(asked.flag("canOpenAccounts")),
        is_beneficial_owner=bool(asked.flag("isBeneficialOwner")),
        ownership_percent_e2=_percent(asked, "ownershipPercent", 196020),
    )
    control_role = Role(
        relationship_type=_type(asked, "controlPersonRelationshipType", 196019),
        is_control_person=True,
        is_beneficial_owner=bool(asked.flag("controlPersonIsBeneficialOwner")),
        ownership_percent_e2=_percent(asked, "controlPersonOwnershipPercent", 196021),
    )
    asked.settle()
    business_id, related_id = asked.id("businessCustomerId"), asked.id("customerId")
    control_id = asked.id("controlPersonCustomerId")
    applied = apply_for_business(
        call.tx, business_id=business_id, related_id=related_id, role=role, control_person_id=control_id,
        control_role=control_role, exempt_reason=reason,
    )  # fmt: skip
    return ok(
        {
            "businessCustomerId": business_id,
            "controlPersonCustomerId": control_id,
            "controlPersonRelationshipId": applied.control_person,
            "customerId": related_id,
            "customerRelationshipId": applied.related,
        }
    )


def _change(call: Call, asked: Asked, role: Role) -> Reply:
    for name, code in IDS.items():
        asked.demand(name, code=code)
    asked.settle()
    primary_id, related_id = asked.id("primaryCustomerId"), asked.id("relatedCustomerId")
    with saying(CHANGING):
        relationship_id = update_relationship(
            call.tx, primary_id=primary_id, related_id=related_id, requester_id=asked.id("requestingCustomerId"),
            role=role,
        )  # fmt: skip
    return _made(relationship_id, primary_id, related_id)


def _role(asked: Asked) -> Role:
    said: dict[str, Any] = {name: asked.flag(wire) for wire, name in FLAGS.items()}
    if asked.has("relationshipType"):
        said["relationship_type"] = _type(asked, "relationshipType", 156410) or None
    access = word_of(asked.text("externalAccountAccessType", most=64) or "", EXTERNAL_ACCESS_TYPES)
    if access and access not in EXTERNAL_ACCESS_TYPES:
        asked.refuse(196027, "externalAccountAccessType is invalid.")
    said |= {
        "external_access_type": access or None,
        "ownership_percent_e2": _percent(asked, "ownershipPercent", 196020),
        "tag": asked.tag(),
    }
    return cast("Role", {name: value for name, value in said.items() if value is not None})


def _type(asked: Asked, name: str, code: int) -> str:
    found = word_of(asked.text(name, most=64) or "", RELATIONSHIP_TYPES)
    if found and found not in RELATIONSHIP_TYPES:
        asked.refuse(code, f"{name} is invalid.")
    return found


def _percent(asked: Asked, name: str, code: int) -> int | None:
    percent = asked.percent(name)
    if percent is None:
        return None
    if not 0 <= percent <= PERCENT_MAX:
        asked.refuse(code, f"{name} is not between 0 and {PERCENT_MAX}.")
        return None
    return int(percent * Decimal(100))


def _exemption(asked: Asked) -> str | None:
    """Why a business need not tell its owners; None when it must."""
    if not asked.flag("isExemptFromBeneficialOwnership"):
        return None
    asked.demand("exemptFromBeneficialOwnershipReasonType", code=196005)
    reason = word_of(asked.text("exemptFromBeneficialOwnershipReasonType", most=64) or "", EXEMPT_REASONS)
    if reason and reason not in EXEMPT_REASONS:
        asked.refuse(196010, "exemptFromBeneficialOwnershipReasonType is invalid.")
    return reason


def _made(relationship_id: int, primary_id: int, related_id: int) -> Reply:
    return ok(
        {
            "customerRelationshipId": relationship_id,
            "primaryCustomerId": primary_id,
            "relatedCustomerId": related_id,
        }
    )


def _shown(program: ProgramFacts, row: RelationshipRow) -> Mapping[str, Any]:
    return {
        **{wire: getattr(row, name) for wire, name in FLAGS.items()},
        "createdDate": moment(row.created_at, program.zone),
        "customerRelationshipId": row.id,
        "externalAccountAccessType": row.external_access_type,
        "isActive": row.is_active,
        "lastModifiedDate": moment(row.updated_at, program.zone),
        # A percentage has the two places of an amount.
        "ownershipPercent": money(row.ownership_percent_e2),
        "primaryCustomerId": row.primary_id,
        "relatedCustomerId": row.related_id,
        "relationshipType": row.relationship_type,
        "tag": row.tag,
    }


_STANDING = (60001, 60002, 60003, 60004, 60005)
_PAIR = tuple(needed(name, ID) for name in IDS)
_ROLE = (
    given("externalAccountAccessType", one_of(EXTERNAL_ACCESS_TYPES)), given("ownershipPercent", MONEY),
    given("tag", TAG),
)  # fmt: skip
CALLS = (
    writing(
        "customerRelationship/create", create, needs="relationships", shows=MADE,
        takes=(
            needed("primaryCustomerId", ID, "The business."), needed("relatedCustomerId", ID, "The person."),
            given("requestingCustomerId", ID, "Who asks; nobody is the program."),
            needed("relationshipType", one_of(RELATIONSHIP_TYPES)), *(needed(name, FLAG) for name in FLAGS), *_ROLE,
        ),
        codes=(
            *_STANDING, 61400, 156301, 156302, 156303, 156304, 156305, 156306, 156307, 156409, 156410, 156411, 156412,
            156413, 196012, 196020, 196027,
        ),
        text="Say what a person is to a business",
    ),
    writing(
        "customerRelationship/update", update, needs="relationships", shows=MADE,
        takes=(
            *_PAIR, given("relationshipType", one_of(RELATIONSHIP_TYPES)), *(given(name, FLAG) for name in FLAGS),
            *_ROLE, given("isActive", FLAG, "False ends it."),
        ),
        codes=(
            *_STANDING, 61400, 156401, 156402, 156403, 156404, 156405, 156406, 156407, 156408, 156409, 156410, 156412,
            196024, 196025, 196026, 196027,
        ),
        text="Change what a person is to a business",
    ),
    writing(
        "customerRelationship/updatePrimaryContact", name_contact, needs="relationships", takes=_PAIR, shows=MADE,
        codes=(61400, 156401, 196024, 196025, 196026), text="Make a person the primary contact of a business",
    ),
    writing(
        "customerRelationship/archive", archive, needs="relationships", takes=_PAIR, shows=MADE,
        codes=(61400, 156401, 156404, 156405, 196024, 196025, 196026), text="End what a person is to a business",
    ),
    reading(
        "customerRelationship/list", show_all, needs="relationships", takes=(placed("customerId"),),
        shows=a_list(RELATIONSHIP), codes=(60001, 61400), text="List what people are to a business",
    ),
    writing(
        "customer/createBusinessApplication", apply, needs="business", shows=APPLIED,
        takes=(
            needed("businessCustomerId", ID), needed("customerId", ID), needed("controlPersonCustomerId", ID),
            needed("controlPersonIsBeneficialOwner", FLAG),
            needed("controlPersonRelationshipType", one_of(RELATIONSHIP_TYPES)),
            given("controlPersonOwnershipPercent", MONEY), needed("isExemptFromBeneficialOwnership", FLAG),
            given("exemptFromBeneficialOwnershipReasonType", TEXT), needed("relationshipType", TEXT),
            needed("isBeneficialOwner", FLAG), needed("canOpenAccounts", FLAG), given("ownershipPercent", MONEY),
        ),
        codes=(
            61400, *range(196000, 196023), 156409,
        ),
        text="Apply for credit of a business",
    ),
)  # fmt: skip
