"""An external account as the wire shows and takes it (reference 3.5.1)."""

from typing import Any

from comptoir.dialects.corepro.replies import masked, moment
from comptoir.dialects.corepro.shapes import FLAG, ID, MOMENT, TAG, TEXT, an_object, given, needed, text
from comptoir.domain.banking.external.queries import ExternalAccountRow
from comptoir.domain.banking.program.queries import ProgramFacts

CUSTOM = tuple(f"customField{number}" for number in range(1, 6))
EXTERNAL_ACCOUNT = an_object(
    {
        "accountNumber": TEXT, "accountNumberMasked": TEXT, "businessName": TEXT, "customerId": ID,
        **dict.fromkeys(CUSTOM, TEXT),
        "externalAccountId": ID, "firstName": TEXT, "isActive": FLAG, "isLocked": FLAG, "lastModifiedDate": MOMENT,
        "lastName": TEXT, "lastVerifyExpiredDate": MOMENT, "lastVerifySentDate": MOMENT, "lockedDate": MOMENT,
        "lockedReason": TEXT, "name": TEXT, "nickName": TEXT, "nocCode": TEXT, "routingNumber": TEXT,
        "routingNumberMasked": TEXT, "status": TEXT, "statusDate": MOMENT, "tag": TAG, "type": TEXT,
    },
    always=("accountNumberMasked", "customerId", "externalAccountId", "isActive", "isLocked", "status", "type"),
)  # fmt: skip
EXTERNAL_ID = an_object({"externalAccountId": ID}, always=("externalAccountId",))

REQUESTER = given("requestingCustomerId", ID, "Who acts for a business.")
IDS = (needed("customerId", ID), needed("externalAccountId", ID), REQUESTER)
# What may be said of one at any time.
SAID = (
    given("businessName", text(100)), given("firstName", text(50)), given("lastName", text(50)),
    given("nickName", text(50)), given("tag", TAG), *(given(name, text(50)) for name in CUSTOM), REQUESTER,
)  # fmt: skip
TAKEN = (
    needed("customerId", ID), needed("accountNumber", text(17)), given("routingNumber", text(50)),
    needed("type", TEXT), *SAID,
)  # fmt: skip


def shown(row: ExternalAccountRow, program: ProgramFacts) -> dict[str, Any]:
    """One external account; its numbers are in clear only where the program shows such things."""
    is_clear = program.is_sensitive_info_visible
    zone = program.zone
    return {
        "accountNumber": row.account_number if is_clear else None,
        "accountNumberMasked": masked(row.account_number),
        "businessName": row.business_name or None,
        "customerId": row.customer_id,
        **{
            wire: value or None
            for wire, value in zip(
                CUSTOM, (row.custom1, row.custom2, row.custom3, row.custom4, row.custom5), strict=True
            )
        },
        "externalAccountId": row.id,
        "firstName": row.first_name or None,
        "isActive": row.is_active,
        "isLocked": row.is_locked,
        "lastModifiedDate": moment(row.updated_at, zone),
        "lastName": row.last_name or None,
        "lastVerifyExpiredDate": moment(row.verify_expires_at, zone),
        "lastVerifySentDate": moment(row.verify_sent_at, zone),
        "lockedDate": moment(row.locked_at, zone),
        "lockedReason": row.locked_reason or None,
        "name": row.name or None,
        "nickName": row.nick_name or None,
        "nocCode": row.noc_code or None,
        "routingNumber": (row.routing_number or None) if is_clear else None,
        "routingNumberMasked": masked(row.routing_number or None),
        "status": row.status,
        "statusDate": moment(row.status_at, zone),
        "tag": row.tag,
        "type": row.type,
    }
