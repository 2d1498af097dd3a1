"""How transactions are written (reference 3.9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comptoir.dialects.corepro.merchants import category_text
from comptoir.dialects.corepro.replies import moment, money
from comptoir.dialects.corepro.shapes import (
    BIG_ID,
    COUNT,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    TAG,
    TEXT,
    Schema,
    an_object,
    one_of,
    text,
)
from comptoir.domain.banking.movements.models import SETTLED, TRANSACTION_STATUSES
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.banking.transfers.fees import fee_words
from comptoir.domain.banking.transfers.originating import Wire
from comptoir.domain.banking.transfers.transactions import TransactionRow
from comptoir.domain.banking.transfers.type_codes import trade_type, type_text

MERCHANT: Schema = an_object({
    "city": TEXT, "country": TEXT, "location": TEXT, "merchantGroupCode": TEXT, "merchantId": TEXT,
    "state": TEXT, "zip": TEXT,
})  # fmt: skip
# What a movement keeps of the merchant, by the domain's name, and as it is said.
MERCHANT_NAMES = {
    "city": "city", "country": "country", "location": "location", "group_code": "merchantGroupCode",
    "id": "merchantId", "state": "state", "zip": "zip",
}  # fmt: skip
ALWAYS = (
    "accountId", "amount", "createdDate", "customerId", "isAvailable", "isCredit", "isSameDaySettle",
    "masterId", "status", "transactionId", "type", "typeCode",
)  # fmt: skip
TRANSACTION: Schema = an_object(
    {
        "accountId": ID,
        "amount": MONEY,
        "availableDate": MOMENT,
        "cardId": ID,
        "cardMerchantInfo": MERCHANT,
        "createdDate": MOMENT,
        "customerId": ID,
        "description": text(255),
        "feeCode": TEXT,
        "feeDescription": TEXT,
        "friendlyDescription": TEXT,
        "institutionName": TEXT,
        "isAvailable": FLAG,
        "isCredit": FLAG,
        "isEarlyDirectDeposit": FLAG,
        "isSameDaySettle": FLAG,
        "masterId": BIG_ID,
        "nachaDescription": text(255),
        "purposeCode": TEXT,
        "requestingCustomerId": ID,
        "returnCode": TEXT,
        "runningAccountBalance": MONEY,
        "settledDate": MOMENT,
        "statementDate": MOMENT,
        "status": one_of(TRANSACTION_STATUSES),
        "subType": TEXT,
        "subTypeCode": TEXT,
        "tag": TAG,
        "transactionCount": COUNT,
        "transactionId": BIG_ID,
        "type": TEXT,
        "typeCode": text(6),
        "voidedDate": MOMENT,
    },
    always=ALWAYS,
)
WIRE: Schema = an_object(
    {
        "accountId": ID,
        "amount": MONEY,
        "beneficiaryAddress": TEXT,
        "beneficiaryName": TEXT,
        "createdDate": MOMENT,
        "customerId": ID,
        "description": TEXT,
        "externalAccountId": ID,
        "institutionName": TEXT,
        "message": TEXT,
        "status": one_of(TRANSACTION_STATUSES),
        "tag": TAG,
        "transactionId": BIG_ID,
    },
    always=("accountId", "amount", "createdDate", "customerId", "status", "transactionId"),
)


def of_transaction(
    row: TransactionRow, program: ProgramFacts, now: datetime, *, total: int | None = None
) -> Mapping[str, Any]:
    """One transaction; items of a list tell how many there are."""
    zone = program.zone
    details = row.details or {}
    words = row.description if row.description is not None else row.memo
    is_settled = row.status == SETTLED
    available_at = (row.available_at or row.posted_at) if is_settled else row.available_at
    return {
        **_type(row),
        "accountId": row.account_id,
        "amount": money(abs(row.amount_minor)),
        "availableDate": moment(available_at, zone),
        "cardId": row.card_id,
        "cardMerchantInfo": _merchant(details),
        "createdDate": moment(row.created_at, zone),
        "customerId": row.customer_id,
        "description": words or None,
        "feeCode": row.fee_code or None,
        "feeDescription": fee_words(row.fee_code) if row.fee_code else None,
        "institutionName": details.get("institution") or row.institution or None,
        "isAvailable": is_settled and (row.available_at is None or row.available_at <= now),
        "isCredit": row.is_credit,
        "isEarlyDirectDeposit": False,
        "isSameDaySettle": bool(row.is_same_day),
        "masterId": row.master_id or row.transfer_id,
        "nachaDescription": words or None,
        "purposeCode": row.purpose_code or None,
        "requestingCustomerId": row.requesting_customer_id,
        "returnCode": row.return_code or None,
        "runningAccountBalance": money(row.balance_minor),
        "settledDate": moment(row.posted_at, zone),
        "statementDate": moment(row.posted_at, zone),
        "status": row.status,
        "subType": details.get("sub_type") or category_text(row.sub_type_code or ""),
        "subTypeCode": row.sub_type_code or None,
        "tag": row.own_tag,
        "transactionCount": total,
        "transactionId": row.id,
        "voidedDate": moment(row.voided_at, zone),
    }


def of_wire(row: TransactionRow, wire: Wire, program: ProgramFacts) -> Mapping[str, Any]:
    """A wire with what the other bank was told."""
    return {
        "accountId": row.account_id,
        "amount": money(abs(row.amount_minor)),
        "beneficiaryAddress": wire.beneficiary_address or None,
        "beneficiaryName": wire.beneficiary or None,
        "createdDate": moment(row.created_at, program.zone),
        "customerId": row.customer_id,
        "description": row.description or None,
        "externalAccountId": row.to_id,
        "institutionName": row.institution or None,
        "message": wire.message or None,
        "status": row.status,
        "tag": row.own_tag,
        "transactionId": row.id,
    }


def _type(row: TransactionRow) -> Mapping[str, Any]:
    if row.type_code is None:
        code, words = trade_type(row.kind, is_credit=row.is_credit)
    else:
        code, words = row.type_code, type_text(row.type_code)
    return {"friendlyDescription": words.friendly, "type": words.type, "typeCode": code}


def _merchant(details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    kept = details.get("merchant")
    if not kept:
        return None
    return {said: kept.get(name) or None for name, said in MERCHANT_NAMES.items()}
