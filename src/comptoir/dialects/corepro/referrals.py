"""Whom customers recommended the bank to (reference 3.14)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.customers_shown import CUSTOM_FIELDS
from comptoir.dialects.corepro.refusals import Refusal, Refusals
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import (
    ID,
    MOMENT,
    TAG,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    placed,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.errors import (
    AlreadyReferred,
    ReferralNotFound,
    ReferralTagTaken,
    ReferredNotFound,
)
from comptoir.domain.banking.customers.referrals import (
    ReferralRow,
    create_referral,
    find_referral_by_tag,
    get_referral,
    list_referrals,
)
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.tx import Tx

REFERRAL = an_object(
    {
        **dict.fromkeys(CUSTOM_FIELDS, TEXT), "createdDate": MOMENT, "customerId": ID, "emailAddress": TEXT,
        "firstName": TEXT, "lastName": TEXT, "referralCustomerId": ID, "tag": TAG,
    },
    always=("createdDate", "customerId", "referralCustomerId"),
)  # fmt: skip
MADE = an_object({"customerId": ID, "referralCustomerId": ID}, always=("customerId", "referralCustomerId"))

# No numbers of referrals were published: these are our own.
REFUSALS: Refusals = {
    ReferralNotFound: Refusal(66701, "Referral customer id {key} is invalid."),
    ReferredNotFound: Refusal(66701, "Referral customer id {key} is invalid."),
    AlreadyReferred: 66702,
    ReferralTagTaken: Refusal(66703, "Tag is used by another referral."),
}


def create(call: Call, asked: Asked) -> Reply:
    """Write down whom a customer recommended the bank to."""
    customer_id = asked.id("customerId")
    referred_id = create_referral(
        call.tx,
        customer_id=customer_id,
        referred_id=asked.find_id("referralCustomerId"),
        tag=asked.tag(),
        first_name=asked.text("firstName", most=64) or "",
        last_name=asked.text("lastName", most=128) or "",
        email=asked.text("emailAddress", most=255) or "",
        custom=[asked.text(name, most=50) or "" for name in CUSTOM_FIELDS],
    )
    return ok({"customerId": customer_id, "referralCustomerId": referred_id})


def get(call: Call, asked: Asked) -> Reply:
    """One recommendation."""
    row = get_referral(call.tx, customer_id=asked.id_place(0), referred_id=asked.id_place(1))
    return ok(_shown(call.tx, row))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The customer's recommendation of a tag."""
    for tag in asked.spellings("tag", place=1):
        if (row := find_referral_by_tag(call.tx, asked.id_place(0), tag)) is not None:
            return ok(_shown(call.tx, row))
    return ok()


def show_all(call: Call, asked: Asked) -> Reply:
    """All recommendations of a customer."""
    return ok([_shown(call.tx, row) for row in list_referrals(call.tx, asked.id_place(0))])


def _shown(tx: Tx, row: ReferralRow) -> Mapping[str, Any]:
    return {
        **{name: value or None for name, value in zip(CUSTOM_FIELDS, row.custom, strict=True)},
        "createdDate": moment(row.created_at, get_program(tx).zone),
        "customerId": row.customer_id,
        "emailAddress": row.email or None,
        "firstName": row.first_name or None,
        "lastName": row.last_name or None,
        "referralCustomerId": row.referred_id,
        "tag": row.tag,
    }


CALLS = (
    writing(
        "customerReferral/create", create,
        takes=(
            needed("customerId", ID), given("referralCustomerId", ID, "A customer; or say who it is:"),
            given("firstName", text(64)), given("lastName", text(128)), given("emailAddress", text(255)),
            given("tag", TAG), *(given(name, text(50)) for name in CUSTOM_FIELDS),
        ),
        shows=MADE, codes=(59956, 60001, 66701, 66702, 66703), text="Write down whom a customer recommended",
    ),
    reading(
        "customerReferral/get", get, takes=(placed("customerId"), placed("referralCustomerId")), shows=REFERRAL,
        codes=(60001, 66701), text="Show whom a customer recommended",
    ),
    reading(
        "customerReferral/getByTag", get_by_tag,
        takes=(placed("customerId"), placed("tag", TAG, "May hold slashes.", is_required=False)), shows=REFERRAL,
        text="Show the recommendation of a tag",
    ),
    reading(
        "customerReferral/list", show_all, takes=(placed("customerId"),), shows=a_list(REFERRAL), codes=(60001,),
        text="List whom a customer recommended",
    ),
)  # fmt: skip
