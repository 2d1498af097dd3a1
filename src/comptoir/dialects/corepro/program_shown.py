"""How the program, its products and its own accounts are shown (reference 3.1.1 and 3.1.2)."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from comptoir.dialects.corepro.replies import masked, moment, money, rate
from comptoir.dialects.corepro.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    RATE,
    TEXT,
    a_list,
    a_map,
    an_object,
    one_of,
)
from comptoir.domain.banking.accounts.held import BankHoldRow
from comptoir.domain.banking.ecodes.queries import ProductRow as ECodeProductRow
from comptoir.domain.banking.program.models import (
    CHECKING,
    PREPAID,
    PRODUCT_CATEGORIES,
    SAVINGS,
    VERIFICATION_TYPES,
)
from comptoir.domain.banking.program.queries import (
    BinRow,
    ProductRow,
    ProgramAccountRow,
    ProgramExternalRow,
    Range,
    RateRow,
)

# A list would break typed clients, which know a text here (9, #23).
ALGORITHMS = ",".join(f"RSA-OAEP-SHA{size}-MGF1" for size in (1, 256, 384, 512))
MAPS = {"checkingProducts": CHECKING, "savingsProducts": SAVINGS, "prepaidProducts": PREPAID}
# The domain's name of a limit, and the wire's.
PROGRAM_LIMITS = {
    "per_transaction_deposit": "perTransactionDepositLimit",
    "per_transaction_withdraw": "perTransactionWithdrawLimit",
    "program_daily_deposit": "perProgramDailyDepositLimit",
    "program_daily_withdraw": "perProgramDailyWithdrawLimit",
    "user_daily_deposit": "perUserDailyDepositLimit",
    "user_daily_withdraw": "perUserDailyWithdrawLimit",
    "user_monthly_deposit": "perUserMonthlyDepositLimit",
    "user_monthly_withdraw": "perUserMonthlyWithdrawLimit",
}
PRODUCT_LIMITS = {
    "balance": "balanceLimit",
    "per_transaction_deposit": "perTransactionDepositLimit",
    "per_transaction_withdraw": "perTransactionWithdrawLimit",
}

LIMIT = an_object({"maximumAmount": MONEY, "minimumAmount": MONEY})
INTEREST_RATE = an_object(
    {
        "apr": RATE, "apy": RATE, "description": TEXT, "effectiveDate": MOMENT, "expireDate": MOMENT,
        "maximumAmount": MONEY, "minimumAmount": MONEY, "rateEffectiveDate": MOMENT, "rateExpireDate": MOMENT,
        "tier": COUNT,
    },
    always=("apr", "apy", "tier"),
)  # fmt: skip
PRODUCT = an_object(
    {
        "balanceLimit": LIMIT, "category": one_of(PRODUCT_CATEGORIES), "description": TEXT,
        "interestRates": a_list(INTEREST_RATE), "isExternalWithdrawEnabled": FLAG,
        "isImmediateLoadFromLinkedAccountEnabled": FLAG, "isInterestEnabled": FLAG,
        "isRecurringContributionEnabled": FLAG, "name": TEXT, "perMonthRegDTransactionCountMaximum": COUNT,
        "perMonthRegDTransactionCountWithoutFee": COUNT, "perTransactionDepositLimit": LIMIT,
        "perTransactionWithdrawLimit": LIMIT, "productId": ID, "type": TEXT,
    },
    always=("category", "name", "productId", "type", "interestRates"),
)  # fmt: skip
ECODE_PRODUCT = an_object(
    {
        "category": TEXT, "imageUrl": a_map(TEXT), "isCancelSupported": FLAG, "isReissueSupported": FLAG,
        "maximumAmount": MONEY, "minimumAmount": MONEY, "name": a_map(TEXT), "percentToCustomer": MONEY,
        "productCode": TEXT, "programECodeId": ID, "type": TEXT,
    },
    always=("productCode", "programECodeId"),
)  # fmt: skip
ACCOUNT = an_object(
    {
        "accountBalance": MONEY, "accountNumber": TEXT, "accountNumberMasked": TEXT, "description": TEXT,
        "isActive": FLAG, "programAccountId": ID, "type": TEXT,
    },
    always=("accountBalance", "isActive", "programAccountId", "type"),
)  # fmt: skip
EXTERNAL = an_object(
    {
        "accountNumber": TEXT, "accountNumberMasked": TEXT, "description": TEXT, "isActive": FLAG,
        "nachaName": TEXT, "programExternalAccountId": ID, "routingNumber": TEXT, "type": TEXT,
    },
    always=("accountNumberMasked", "isActive", "programExternalAccountId", "routingNumber", "type"),
)  # fmt: skip
BIN = an_object(
    {"binId": ID, "description": TEXT, "isActive": FLAG, "networkProvider": TEXT, "prefix": TEXT},
    always=("binId", "isActive", "networkProvider", "prefix"),
)
BANK = an_object({"name": TEXT, "phone": TEXT, "timeZone": TEXT, "webUrl": TEXT}, always=("name", "timeZone"))
CHOICE = an_object(
    {
        "choiceDescription": TEXT, "choiceId": ID, "choiceName": TEXT, "followUpQuestionIds": a_list(ID),
    },
    always=("choiceId", "choiceName"),
)  # fmt: skip
QUESTION = an_object(
    {
        "answerType": one_of(("Single-Select", "Multi-Select", "Text")), "choices": a_list(CHOICE),
        "questionId": ID, "questionName": TEXT,
    },
    always=("answerType", "questionId", "questionName"),
)  # fmt: skip
CATEGORY = an_object(
    {"categoryDescription": TEXT, "categoryId": ID, "questions": a_list(QUESTION)},
    always=("categoryDescription", "categoryId", "questions"),
)
HOLD = an_object(
    {
        "accountHoldId": ID, "accountId": ID, "createdDate": MOMENT, "customerId": ID, "expirationDate": MOMENT,
        "holdAmount": MONEY, "holdDescription": TEXT,
    },
    always=("accountHoldId", "accountId", "createdDate", "customerId", "holdAmount"),
)  # fmt: skip
INDUSTRY = an_object(
    {"code": TEXT, "description": TEXT, "industryClassificationCodeId": ID},
    always=("code", "description", "industryClassificationCodeId"),
)
PROGRAM = an_object(
    {
        "accounts": a_list(ACCOUNT), "allowedAccountType": TEXT, "bank": BANK, "bins": a_list(BIN),
        "checkingProducts": a_map(PRODUCT), "decimalCount": COUNT, "depositAvailableDays": COUNT,
        "eCodeProducts": a_map(ECODE_PRODUCT), "externalAccounts": a_list(EXTERNAL), "filledDate": MOMENT,
        "interestRates": a_list(INTEREST_RATE), "isDebitRewardsEnabled": FLAG, "isInterestEnabled": FLAG,
        "isInternalToInternalTransferEnabled": FLAG, "isRecurringContributionEnabled": FLAG, "name": TEXT,
        **dict.fromkeys(PROGRAM_LIMITS.values(), LIMIT),
        "perUserAccountCountMax": COUNT, "perUserExternalAccountCountMax": COUNT,
        "perUserTotalAccountBalanceMax": MONEY, "prepaidProducts": a_map(PRODUCT), "products": a_list(PRODUCT),
        "publicKeyAlgorithms": TEXT, "regDFeeAmount": MONEY, "regDMonthlyTransactionWithdrawCountMax": COUNT,
        "savingsProducts": a_map(PRODUCT), "timeZone": TEXT, "validAccountTypes": a_list(TEXT),
        "validProductTypes": a_list(TEXT), "verificationType": one_of(VERIFICATION_TYPES), "website": TEXT,
    },
    always=(
        "accounts", "bank", "bins", "checkingProducts", "decimalCount", "depositAvailableDays", "eCodeProducts",
        "externalAccounts", "filledDate", "interestRates", "name", "prepaidProducts", "products",
        "savingsProducts", "timeZone", "verificationType",
    ),
)  # fmt: skip


def limits(found: Mapping[str, Range], names: Mapping[str, str]) -> Mapping[str, Any]:
    """The limits by their names on the wire; one that there is not is left out, never null (8.2)."""
    return {
        wire: {
            "minimumAmount": money(found[name].minimum_minor),
            "maximumAmount": money(found[name].maximum_minor),
        }
        for name, wire in names.items()
        if name in found
    }


def of_rate(row: RateRow, zone: tzinfo) -> Mapping[str, Any]:
    """A rate of interest; the tier and the rate in it begin and end together here."""
    effective, expire = moment(row.effective_at, zone), moment(row.expires_at, zone)
    return {
        "apr": rate(row.apr_e11),
        "apy": rate(row.apy_e11),
        "description": row.description or None,
        "effectiveDate": effective,
        "expireDate": expire,
        "maximumAmount": money(row.maximum_minor),
        "minimumAmount": money(row.minimum_minor),
        "rateEffectiveDate": effective,
        "rateExpireDate": expire,
        "tier": row.tier,
    }


def of_product(
    row: ProductRow, found: Mapping[str, Range], rates: Sequence[RateRow], zone: tzinfo
) -> Mapping[str, Any]:
    """A product; what belongs to prepaid or to savings accounts alone is shown of those."""
    return {
        **limits(found, PRODUCT_LIMITS),
        "category": row.category,
        "description": row.description or row.name,
        "interestRates": [of_rate(each, zone) for each in rates],
        "isExternalWithdrawEnabled": row.is_external_withdraw_enabled,
        "isImmediateLoadFromLinkedAccountEnabled": (
            row.is_immediate_load_enabled if row.category == PREPAID else None
        ),
        "isInterestEnabled": row.is_interest_enabled,
        "isRecurringContributionEnabled": row.is_recurring_contribution_enabled,
        "name": row.name,
        "perMonthRegDTransactionCountMaximum": row.reg_d_count_max if row.category == SAVINGS else None,
        "perMonthRegDTransactionCountWithoutFee": row.reg_d_count_free if row.category == SAVINGS else None,
        "productId": row.id,
        "type": row.type,
    }


def of_account(row: ProgramAccountRow, balance_minor: int, *, is_clear: bool) -> Mapping[str, Any]:
    """One of the program's own accounts."""
    return {
        "accountBalance": money(balance_minor),
        "accountNumber": row.account_number if is_clear else None,
        "accountNumberMasked": masked(row.account_number, 8),
        "description": row.description or None,
        "isActive": row.is_active,
        "programAccountId": row.account_id,
        "type": row.type,
    }


def of_external(row: ProgramExternalRow, *, is_clear: bool) -> Mapping[str, Any]:
    """One of the program's accounts at other banks."""
    return {
        "accountNumber": row.account_number if is_clear else None,
        "accountNumberMasked": masked(row.account_number),
        "description": row.description or None,
        "isActive": row.is_active,
        "nachaName": row.nacha_name or None,
        "programExternalAccountId": row.id,
        "routingNumber": row.routing_number,
        "type": row.type,
    }


def of_bin(row: BinRow) -> Mapping[str, Any]:
    """What the numbers of some of the program's cards begin with."""
    return {
        "binId": row.id,
        "description": row.name or None,
        "isActive": row.is_active,
        "networkProvider": row.network,
        "prefix": row.prefix,
    }


def of_ecode(row: ECodeProductRow) -> Mapping[str, Any]:
    """A gift code that customers may buy; its names and pictures are by culture."""
    return {
        "category": row.category or None,
        "imageUrl": row.image_urls or None,
        "isCancelSupported": row.is_cancel_supported,
        "isReissueSupported": row.is_reissue_supported,
        "maximumAmount": money(row.maximum_minor),
        "minimumAmount": money(row.minimum_minor),
        "name": row.names,
        "percentToCustomer": money(row.percent_to_customer_e2),
        "productCode": row.product_code,
        "programECodeId": row.id,
        "type": row.type or None,
    }


def of_hold(row: BankHoldRow, zone: tzinfo) -> Mapping[str, Any]:
    """What the caller holds on an account."""
    return {
        "accountHoldId": row.hold_id,
        "accountId": row.account_id,
        "createdDate": moment(row.placed_at, zone),
        "customerId": row.customer_id,
        "expirationDate": moment(row.expires_at, zone),
        "holdAmount": money(row.amount_minor),
        "holdDescription": row.description or None,
    }


@lru_cache
def windows_zone(name: str) -> str:
    """A time zone as Windows calls it, `Central Standard Time`; one that it does not know keeps its own name."""
    from babel.core import get_global  # noqa: PLC0415 - loaded when it is first asked for

    names: Mapping[str, str] = get_global("windows_zone_mapping")
    return next((windows for windows, iana in names.items() if iana == name), name)
