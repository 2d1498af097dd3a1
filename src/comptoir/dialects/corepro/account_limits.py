"""Limits of one account (reference 3.4.3, 3.4.8). The body's form was not published: both forms are taken.

A list `limits` of objects with their `limitType`, or each limit under its own name, as the program shows its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.replies import moment, money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    ASKED_MONEY,
    ID,
    MOMENT,
    MONEY,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
)
from comptoir.dialects.corepro.words import VALUE
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.models import FULL, RDONLY
from comptoir.domain.banking.accounts.queries import get_bank_account, require_access
from comptoir.domain.banking.accounts.restricting import AccountLimit, drop_limits, list_limits, set_limits
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import get_program

# The wire's names of limits, and the domain's.
NAMES = {
    "balanceLimit": "balance", "perTransactionDepositLimit": "per_transaction_deposit",
    "perTransactionWithdrawLimit": "per_transaction_withdraw", "perDayDepositLimit": "daily_deposit",
    "perDayWithdrawLimit": "daily_withdraw", "perMonthDepositLimit": "monthly_deposit",
    "perMonthWithdrawLimit": "monthly_withdraw",
}  # fmt: skip
WIRE_NAMES = {name: wire for wire, name in NAMES.items()}
NOT_ENABLED, ACCOUNT_MISSING = 196100, 66001
CODES = {
    "none": 196101,
    "many": 196102,
    "product": 196103,
    "program": 196105,
    "dates": 196201,
    "range": VALUE,
}
LIMIT = an_object(
    {
        "accountId": ID, "accountLimitId": ID, "effectiveDate": MOMENT, "expireDate": MOMENT,
        "limitType": one_of(NAMES), "maximumAmount": MONEY, "minimumAmount": MONEY,
    },
    always=("accountId", "accountLimitId", "limitType"),
)  # fmt: skip
ASKED_LIMIT = an_object(
    {
        "effectiveDate": ASKED_DAY, "expireDate": ASKED_DAY, "limitType": one_of(NAMES), "maximumAmount": ASKED_MONEY,
        "minimumAmount": ASKED_MONEY,
    }
)  # fmt: skip


def set_all(call: Call, asked: Asked) -> Reply:
    """Set limits of an account."""
    account_id = _account_id(call, asked)
    limits = [*_listed(asked), *_named(asked)]
    asked.settle()
    with by_kind(CODES):
        found = set_limits(call.tx, account_id=account_id, limits=limits)
    return ok(_shown(call, account_id, found))


def show_all(call: Call, asked: Asked) -> Reply:
    """The limits that were set for an account, those of other times too."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    account_id = get_bank_account(call.tx, asked.id_place(1)).account_id
    require_access(call.tx, account_id, customer_id, RDONLY)
    return ok(_shown(call, account_id, list_limits(call.tx, account_id)))


def delete(call: Call, asked: Asked) -> Reply:
    """Drop limits by their ids or their types; give those that are left."""
    account_id = _account_id(call, asked)
    one = asked.find_id("accountLimitId")
    ids = [*asked.ids("accountLimitIds"), *([] if one is None else [one])]
    word = asked.choice("limitType", NAMES)
    asked.settle()
    with by_kind(CODES):
        drop_limits(
            call.tx, account_id=account_id, limit_ids=ids, names=[] if word is None else [NAMES[word]]
        )
    return ok(_shown(call, account_id, list_limits(call.tx, account_id)))


def _account_id(call: Call, asked: Asked) -> int:
    """The account that is named; of a customer who is named, one of theirs."""
    asked.demand("accountId", code=ACCOUNT_MISSING)
    asked.settle()
    account_id, customer_id = asked.id("accountId"), asked.find_id("customerId")
    get_bank_account(call.tx, account_id)
    if customer_id is not None:
        require_access(call.tx, account_id, get_customer(call.tx, customer_id).customer_id, FULL)
    return account_id


def _listed(asked: Asked) -> Iterator[AccountLimit]:
    for one in asked.children("limits"):
        one.demand("limitType", code=VALUE)
        word = one.choice("limitType", NAMES)
        if word is not None:
            yield _limit(NAMES[word], one)


def _named(asked: Asked) -> Iterator[AccountLimit]:
    for wire, name in NAMES.items():
        one = asked.child(wire)
        if one is not None:
            yield _limit(name, one)


def _limit(name: str, one: Asked) -> AccountLimit:
    return AccountLimit(
        name,
        one.money("minimumAmount"),
        one.money("maximumAmount"),
        one.moment("effectiveDate"),
        one.moment("expireDate"),
    )


def _shown(call: Call, account_id: int, limits: list[AccountLimit]) -> list[Mapping[str, Any]]:
    zone = get_program(call.tx).zone
    return [
        {
            "accountId": account_id,
            "accountLimitId": one.id,
            "effectiveDate": moment(one.effective_at, zone),
            "expireDate": moment(one.expires_at, zone),
            "limitType": WIRE_NAMES[one.name],
            "maximumAmount": money(one.maximum_minor),
            "minimumAmount": money(one.minimum_minor),
        }
        for one in limits
    ]


_WHO = (needed("accountId", ID), given("customerId", ID, "Whoever asks; one with FULL access."))
CALLS = (
    writing(
        "account/limit/set", set_all, shows=a_list(LIMIT), needs="account_limits", otherwise=NOT_ENABLED,
        takes=(
            *_WHO, given("limits", a_list(ASKED_LIMIT), "At most 16."), *(given(name, ASKED_LIMIT) for name in NAMES),
        ),
        codes=(60001, 61101, 63502, ACCOUNT_MISSING, *sorted(set(CODES.values()))), text="Set limits of an account",
    ),
    reading(
        "account/limit/list", show_all, shows=a_list(LIMIT), needs="account_limits", otherwise=NOT_ENABLED,
        takes=(placed("customerId"), placed("accountId")), codes=(60001, 61101, 63502),
        text="List the limits of an account",
    ),
    writing(
        "account/limit/delete", delete, shows=a_list(LIMIT), needs="account_limits", otherwise=NOT_ENABLED,
        takes=(
            *_WHO, given("accountLimitId", ID), given("accountLimitIds", a_list(ID)),
            given("limitType", one_of(NAMES), "All limits of this type."),
        ),
        codes=(60001, 61101, 63502, ACCOUNT_MISSING), text="Drop limits of an account",
    ),
)  # fmt: skip
