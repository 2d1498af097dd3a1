"""The whole surface of the CorePro dialect as one table, with what its resources refuse (reference 10)."""

from dataclasses import replace
from types import ModuleType

from comptoir.dialects.corepro import (
    account_access,
    account_beneficiaries,
    account_closing,
    account_limits,
    account_locks,
    accounts,
    bank_documents,
    beneficiaries,
    card_alerts,
    card_controls,
    card_limits,
    card_locks,
    card_mock,
    cards,
    customer_services,
    customers,
    diligence,
    documents,
    ecodes,
    entitlements,
    external_accounts,
    fees,
    iso8583,
    program,
    referrals,
    relationships,
    statements,
    stop_pay,
    tools,
    transactions,
    transfers,
)
from comptoir.dialects.corepro.calls import ApiCall
from comptoir.dialects.corepro.paths import Directory, Table, table_of
from comptoir.dialects.corepro.refusals import COMMON, Refusals
from comptoir.dialects.edge import Route, area_of
from comptoir.domain.identity.permissions import BANK

# Each module has its CALLS; one that refuses with numbers of its own has REFUSALS.
RESOURCES: tuple[ModuleType, ...] = (
    account_beneficiaries,
    entitlements,
    stop_pay,
    account_limits,
    account_access,
    account_closing,
    account_locks,
    accounts,
    bank_documents,
    beneficiaries,
    card_alerts,
    card_controls,
    card_limits,
    card_locks,
    card_mock,
    cards,
    customer_services,
    customers,
    diligence,
    documents,
    ecodes,
    external_accounts,
    fees,
    iso8583,
    program,
    referrals,
    relationships,
    statements,
    tools,
    transactions,
    transfers,
)  # fmt: skip
CALLS: tuple[ApiCall, ...] = tuple(call for resource in RESOURCES for call in resource.CALLS)
# What a key must be allowed to see, or to change, by the first part of a call's id: who banks here is the bank's
# affair, with all that it must know of people.
AREAS = dict.fromkeys(
    (
        "account", "accountBeneficiary", "bankDocument", "card", "cardControl", "customer", "customerBeneficiary",
        "customerDocument", "customerReferral", "customerRelationship", "document", "ecode", "ecodeDocument",
        "externalAccount", "externalAccountDocument", "fee", "iso8583", "program", "statement", "tools",
        "transaction", "transfer", "welcome",
    ),
    BANK,
)  # fmt: skip
ROUTES: tuple[Route, ...] = tuple(replace(call.route, area=area_of(call.id, AREAS)) for call in CALLS)


def table() -> Table:
    """The verbs of each path, by the path in lower case."""
    return table_of(ROUTES)


def paths() -> dict[str, dict[str, Route]]:
    """Every path and every other spelling as people read it, with its verbs."""
    found: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        for path in (route.path, *route.aliases):
            found.setdefault(path, {})[route.method] = route
    return found


def directory() -> Directory:
    """The table, and how paths are found in it."""
    return Directory(table())


def refusals() -> Refusals:
    """What all resources refuse, and what is common to them; each class is numbered by one resource."""
    joined = dict(COMMON)
    for resource in RESOURCES:
        own: Refusals = getattr(resource, "REFUSALS", {})
        double = own.keys() & joined.keys()
        assert not double, f"{resource.__name__} numbers again what is numbered: {double}"
        joined |= own
    return joined
