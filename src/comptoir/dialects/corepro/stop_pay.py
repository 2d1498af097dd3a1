"""Cheques that are not to be paid (reference 3.4.3, 3.4.8)."""

from comptoir.dialects.corepro.account_faults import by_kind
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import saying
from comptoir.dialects.corepro.replies import moment, money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    ASKED_MONEY,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    a_list,
    an_object,
    needed,
    placed,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.stopping import CHECK_NUMBER_MAX, expire_stop, list_stops, stop_payment
from comptoir.domain.banking.customers.errors import (
    CustomerDeceased,
    CustomerInactive,
    CustomerLocked,
    CustomerNotFound,
    CustomerNotVerified,
)
from comptoir.domain.banking.program.queries import get_program

FEATURE, NOT_ENABLED = "stop_pay", 195101
CUSTOMER_MISSING, ACCOUNT_MISSING, STOP_MISSING = 196001, 195106, 195139
MISSING = {
    "customerId": CUSTOMER_MISSING, "accountId": ACCOUNT_MISSING, "checkNumberMinimum": 195124,
    "checkNumberMaximum": 195125, "amountMinimum": 195126, "amountMaximum": 195127,
}  # fmt: skip
CREATING = {
    "account": 195109, "privilege": 195128, "not_checking": 195129, "number_minimum": 195132, "number_maximum": 195133,
    "order": 195134, "amount_minimum": 195135, "amount_maximum": 195136, "number_high": 195148,
}  # fmt: skip
# 195137 is our own number for a window that is too wide: that one was not published.
LISTING = {"account": 195109, "window": 195137}
EXPIRING = {"account": 195109, "privilege": 195138, "stop": 195140}
STATES = {
    CustomerNotFound: 195112, CustomerInactive: 195113, CustomerNotVerified: 195114, CustomerLocked: 195115,
    CustomerDeceased: 195116,
}  # fmt: skip
NUMBER = {"type": "integer", "minimum": 1, "maximum": CHECK_NUMBER_MAX}
STOP = an_object(
    {
        "accountId": ID, "amountMaximum": MONEY, "amountMinimum": MONEY, "checkNumberMaximum": NUMBER,
        "checkNumberMinimum": NUMBER, "createdDate": MOMENT, "customerId": ID, "expiredDate": MOMENT, "isActive": FLAG,
        "stopPayId": ID,
    },
    always=(
        "accountId", "amountMaximum", "amountMinimum", "checkNumberMaximum", "checkNumberMinimum", "createdDate",
        "customerId", "isActive", "stopPayId",
    ),
)  # fmt: skip
STOP_ONLY = an_object(
    {"accountId": ID, "customerId": ID, "stopPayId": ID}, always=("accountId", "customerId", "stopPayId")
)


def create(call: Call, asked: Asked) -> Reply:
    """Let cheques not be paid."""
    for name, code in MISSING.items():
        asked.demand(name, code=code)
    numbers = (asked.whole("checkNumberMinimum") or 0, asked.whole("checkNumberMaximum") or 0)
    amounts = (asked.money("amountMinimum") or 0, asked.money("amountMaximum") or 0)
    asked.settle()
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    with by_kind(CREATING):
        stop_id = stop_payment(
            call.tx, customer_id=customer_id, account_id=account_id, numbers=numbers, amounts=amounts
        )
    return ok({"accountId": account_id, "customerId": customer_id, "stopPayId": stop_id})


def show_all(call: Call, asked: Asked) -> Reply:
    """What was stopped within at most 30 days, the newest first; the last 30 unless told otherwise."""
    customer_id = asked.id_place(0)
    begin, end = asked.day_place(2), asked.day_place(3)
    asked.settle()
    with by_kind(LISTING):
        rows = list_stops(
            call.tx, customer_id=customer_id, account_id=asked.id_place(1), begin=begin, end=end
        )
    zone = get_program(call.tx).zone
    return ok(
        [
            {
                "accountId": row.account_id,
                "amountMaximum": money(row.amount_maximum_minor),
                "amountMinimum": money(row.amount_minimum_minor),
                "checkNumberMaximum": row.number_maximum,
                "checkNumberMinimum": row.number_minimum,
                "createdDate": moment(row.created_at, zone),
                "customerId": customer_id,
                "expiredDate": moment(row.expires_at, zone),
                "isActive": row.expires_at is None,
                "stopPayId": row.id,
            }
            for row in rows
        ]
    )


def expire(call: Call, asked: Asked) -> Reply:
    """Let cheques be paid again."""
    asked.demand("customerId", code=CUSTOMER_MISSING)
    asked.demand("accountId", code=ACCOUNT_MISSING)
    asked.demand("stopPayId", code=STOP_MISSING)
    asked.settle()
    customer_id, account_id = asked.id("customerId"), asked.id("accountId")
    stop_id = asked.id("stopPayId")
    with saying(STATES), by_kind(EXPIRING):
        expire_stop(call.tx, customer_id=customer_id, account_id=account_id, stop_id=stop_id)
    return ok({"accountId": account_id, "customerId": customer_id, "stopPayId": stop_id})


_WHO = (needed("customerId", ID), needed("accountId", ID))
CALLS = (
    writing(
        "account/stopPay/createCheckStopPay", create, shows=STOP_ONLY, needs=FEATURE, otherwise=NOT_ENABLED,
        takes=(
            *_WHO, needed("checkNumberMinimum", NUMBER), needed("checkNumberMaximum", NUMBER),
            needed("amountMinimum", ASKED_MONEY), needed("amountMaximum", ASKED_MONEY),
        ),
        codes=(60001, 60002, 60003, 60004, 60005, *MISSING.values(), *CREATING.values()),
        text="Let cheques not be paid",
    ),
    reading(
        "account/stopPay/list", show_all, shows=a_list(STOP), needs=FEATURE, otherwise=NOT_ENABLED,
        takes=(
            placed("customerId"), placed("accountId"), placed("beginDate", ASKED_DAY, is_required=False),
            placed("endDate", ASKED_DAY, is_required=False),
        ),
        codes=(60001, *LISTING.values()), text="List which cheques are not to be paid",
    ),
    writing(
        "account/stopPay/expire", expire, shows=STOP_ONLY, needs=FEATURE, otherwise=NOT_ENABLED,
        takes=(*_WHO, needed("stopPayId", ID)),
        codes=(CUSTOMER_MISSING, ACCOUNT_MISSING, STOP_MISSING, *STATES.values(), *EXPIRING.values()),
        text="Let cheques be paid again",
    ),
)  # fmt: skip
