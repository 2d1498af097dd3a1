"""Fees: those that the program has, those that were charged, and charging one by hand (reference 3.9 and 3.14)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.refusals import Refusal, Said
from comptoir.dialects.corepro.replies import moment, money, ok
from comptoir.dialects.corepro.shapes import (
    ASKED_MONEY,
    BIG_ID,
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
    placed,
    queried,
)
from comptoir.dialects.corepro.transfers import sentence
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.movements.errors import FeeNotFound
from comptoir.domain.banking.program.queries import FeeTypeRow, get_program, list_fee_types
from comptoir.domain.banking.transfers.fees import (
    EXECUTIONS,
    AppliedRow,
    FeeReason,
    FeeRefused,
    create_fee,
    find_fee,
    get_fee,
)
from comptoir.domain.banking.transfers.finding import find_posting
from comptoir.domain.tx import Tx

# Numbers whose texts were not published are given to what has no other (reference 9, #24).
CODES = {
    FeeReason.ACCOUNT: 197100,
    FeeReason.CUSTOMER: 197101,
    FeeReason.NO_ACTIVE_FEE: 197116,
    FeeReason.FEE_TYPE: 197117,
    FeeReason.FEE_INACTIVE: 197118,
    FeeReason.AMOUNT: 197119,
    FeeReason.MISMATCH: 197127,
    FeeReason.ACCOUNT_STATUS: 197128,
    FeeReason.CUSTOMER_STATUS: 197129,
    FeeReason.TAG: 197131,
    FeeReason.ACCOUNT_LOCKED: 197134,
    FeeReason.FUNDS: 197139,
    FeeReason.AMOUNT_TOO_LARGE: 197140,
    FeeReason.NOT_MANUAL: 197141,
}
REQUIRED = {"accountId": 197120, "customerId": 197121, "feeTypeId": 197123, "feeAmount": 197125}
REFUSALS = {FeeNotFound: Refusal(59956, "Fee id {key} is invalid."), FeeRefused: 60000}

FEE_TYPE = an_object(
    {
        "feeAmount": MONEY, "feeCode": TEXT, "feeEngineExecutionType": TEXT, "feeEngineExecutionTypeId": ID,
        "feeName": TEXT, "feeTypeId": ID, "isActive": FLAG, "isManual": FLAG,
    },
    always=("feeCode", "feeEngineExecutionType", "feeName", "feeTypeId", "isActive", "isManual"),
)  # fmt: skip
FEE = an_object(
    {
        "accountId": ID, "createdDate": MOMENT, "customerFeeTag": TAG, "customerId": ID, "feeAmount": MONEY,
        "feeCode": TEXT, "feeToApplyId": ID, "feeTypeId": ID, "transactionId": BIG_ID,
    },
    always=(
        "accountId", "createdDate", "customerId", "feeAmount", "feeCode", "feeToApplyId", "feeTypeId",
        "transactionId",
    ),
)  # fmt: skip


def create(call: Call, asked: Asked) -> Reply:
    """Charge a fee by hand."""
    for name, code in REQUIRED.items():
        asked.demand(name, code=code)
    ids = {name: asked.id(name) for name in ("accountId", "customerId", "feeTypeId")}
    amount_minor, tag = asked.money("feeAmount"), asked.tag()
    asked.settle()
    try:
        row, _ = create_fee(
            call.tx,
            customer_id=ids["customerId"],
            account_id=ids["accountId"],
            fee_type_id=ids["feeTypeId"],
            amount_minor=amount_minor,
            tag=tag,
        )
    except FeeRefused as error:
        raise Said(Refusal(CODES[error.reason], sentence(str(error)))) from error
    return ok(_fee(call.tx, row))


def list_types(call: Call, asked: Asked) -> Reply:
    """The fees that the program has, all or those that one occasion brings about."""
    wanted = asked.find_id_place(0)
    rows = list_fee_types(call.tx)
    return ok([_type(row) for row in rows if wanted is None or _number(row) == wanted])


def get(call: Call, asked: Asked) -> Reply:
    """A fee that was charged."""
    return ok(_fee(call.tx, get_fee(call.tx, asked.id_place(0))))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The fee that was charged under a tag; nothing when there is none."""
    found = (find_fee(call.tx, tag) for tag in asked.spellings("customerFeeTag"))
    row = next((one for one in found if one is not None), None)
    return ok(None if row is None else _fee(call.tx, row))


def _type(row: FeeTypeRow) -> Mapping[str, Any]:
    return {
        "feeAmount": money(row.amount_minor),
        "feeCode": row.code,
        "feeEngineExecutionType": row.execution_type,
        "feeEngineExecutionTypeId": _number(row),
        "feeName": row.name,
        "feeTypeId": row.id,
        "isActive": row.is_active,
        "isManual": row.is_manual,
    }


def _number(row: FeeTypeRow) -> int | None:
    """What the occasion is numbered."""
    return EXECUTIONS.index(row.execution_type) + 1 if row.execution_type in EXECUTIONS else None


def _fee(tx: Tx, row: AppliedRow) -> Mapping[str, Any]:
    return {
        "accountId": row.account_id,
        "createdDate": moment(row.created_at, get_program(tx).zone),
        "customerFeeTag": row.tag,
        "customerId": row.customer_id,
        "feeAmount": money(row.amount_minor),
        "feeCode": row.code,
        "feeToApplyId": row.id,
        "feeTypeId": row.fee_type_id,
        "transactionId": find_posting(tx, transfer_id=row.transfer_id, account_id=row.account_id),
    }


CALLS = (
    writing(
        "transaction/createFee", create, needs="fee_creation",
        takes=(
            needed("customerId", ID), needed("accountId", ID), needed("feeTypeId", ID),
            needed("feeAmount", ASKED_MONEY), given("tag", TAG),
        ),
        shows=FEE, codes=(61400, *sorted({*CODES.values(), *REQUIRED.values()})),
        text="Charge a fee to an account",
    ),
    reading(
        "fee/config/list", list_types, needs="fees",
        takes=(placed("feeEngineExecutionTypeId", is_required=False, text="1 by hand, 2 same day, 3 return."),),
        shows=a_list(FEE_TYPE), codes=(61400,), text="List the fees of the program",
    ),
    reading(
        "fee/get", get, needs="fees", takes=(placed("feeToApplyId"),), shows=FEE, codes=(59956, 61400),
        text="Show a fee that was charged",
    ),
    reading(
        "fee/getByCustomerTag", get_by_tag, needs="fees",
        takes=(placed("customerFeeTag", TAG, is_required=False), queried("customerFeeTag", TAG)),
        shows=FEE, codes=(61400,), text="Show the fee that was charged under a tag",
    ),
)  # fmt: skip
