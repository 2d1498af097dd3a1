"""What persons may do with the account of a business (reference 3.4.3, 3.4.8)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import saying
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import ID, a_list, an_object, needed, one_of, placed
from comptoir.dialects.corepro.stop_pay import STATES
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.entitling import (
    ENTITLEMENTS,
    Asker,
    EntitlementRow,
    disentitle,
    entitle,
    list_entitlements,
)

FEATURE, NOT_ENABLED = "entitlements", 195101
MISSING = {"requestingCustomerId": 195105, "accountId": 195106, "targetCustomerId": 195107}
CODES = {
    "insufficient": 195100, "not_business": 195102, "status": 195103, "locked": 195104, "target_customer": 195107,
    "missing": 195107, "unknown": 195108, "account": 195109, "present": 195110, "relationship": 195117,
    "onboarding": 195118, "target": 195122,
}  # fmt: skip
ENTITLEMENT = an_object(
    {"accountId": ID, "entitlement": one_of(ENTITLEMENTS), "entitlementId": ID, "targetCustomerId": ID},
    always=("accountId", "entitlement", "entitlementId", "targetCustomerId"),
)


def add(call: Call, asked: Asked) -> Reply:
    """Let a person do something with the account."""
    return _give(call, asked, is_new=True)


def edit(call: Call, asked: Asked) -> Reply:
    """Let a person do something else with the account."""
    return _give(call, asked, is_new=False)


def remove(call: Call, asked: Asked) -> Reply:
    """Let a person do nothing more with the account."""
    asker = _asker(asked)
    with saying(STATES), by_kind(CODES):
        return ok(_shown(disentitle(call.tx, asker)))


def show_all(call: Call, asked: Asked) -> Reply:
    """Who may do what with the account."""
    with saying(STATES), by_kind(CODES):
        rows = list_entitlements(call.tx, customer_id=asked.id_place(0), account_id=asked.id_place(1))
    return ok([_shown(row) for row in rows])


def _give(call: Call, asked: Asked, *, is_new: bool) -> Reply:
    asker = _asker(asked)
    word = asked.text("entitlement", most=50) or ""
    with saying(STATES), by_kind(CODES):
        return ok(_shown(entitle(call.tx, asker, entitlement=word, is_new=is_new)))


def _asker(asked: Asked) -> Asker:
    for name, code in MISSING.items():
        asked.demand(name, code=code)
    asked.settle()
    return Asker(asked.id("requestingCustomerId"), asked.id("targetCustomerId"), asked.id("accountId"))


def _shown(row: EntitlementRow) -> Mapping[str, Any]:
    return {
        "accountId": row.account_id,
        "entitlement": row.entitlement,
        "entitlementId": row.id,
        "targetCustomerId": row.customer_id,
    }


_WHO = (
    needed("requestingCustomerId", ID, "Who asks: the business, or one who may administrate the account."),
    needed("targetCustomerId", ID), needed("accountId", ID),
)  # fmt: skip
_WHAT = needed("entitlement", one_of(ENTITLEMENTS))
_ASKING = (*STATES.values(), 195100, 195102, 195103, 195104, 195105, 195106, 195107, 195109, 195122)
CALLS = (
    writing(
        "account/addEntitlement", add, shows=ENTITLEMENT, needs=FEATURE, otherwise=NOT_ENABLED, takes=(*_WHO, _WHAT),
        codes=(*_ASKING, 195108, 195110, 195117, 195118), text="Let a person act on the account of a business",
    ),
    writing(
        "account/editEntitlement", edit, shows=ENTITLEMENT, needs=FEATURE, otherwise=NOT_ENABLED, takes=(*_WHO, _WHAT),
        codes=(*_ASKING, 195108, 195117, 195118), text="Change what a person may do with the account of a business",
    ),
    writing(
        "account/removeEntitlement", remove, shows=ENTITLEMENT, needs=FEATURE, otherwise=NOT_ENABLED, takes=_WHO,
        codes=_ASKING, text="Let a person no more act on the account of a business",
    ),
    reading(
        "account/listEntitlements", show_all, shows=a_list(ENTITLEMENT), needs=FEATURE, otherwise=NOT_ENABLED,
        takes=(placed("requestingCustomerId"), placed("accountId")),
        codes=(*STATES.values(), 195100, 195102, 195109), text="List who may do what with the account of a business",
    ),
)  # fmt: skip
