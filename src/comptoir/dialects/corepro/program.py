"""The program: what the caller's business may do at this bank (reference 3.1)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro import program_shown as shown
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading
from comptoir.dialects.corepro.replies import moment, money, ok
from comptoir.dialects.corepro.shapes import TEXT, a_list, an_object
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.accounts.held import list_bank_holds
from comptoir.domain.banking.customers.industries import INDUSTRIES
from comptoir.domain.banking.ecodes.queries import list_ecode_products
from comptoir.domain.banking.program.models import OF_PRODUCT, OF_PROGRAM
from comptoir.domain.banking.program.queries import (
    PROGRAM_ID,
    ProgramFacts,
    get_program,
    limits_of,
    list_bins,
    list_products,
    list_program_accounts,
    list_program_externals,
    pin_key_of,
    rates_of,
)
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.money import exponent_of
from comptoir.domain.tx import Tx


def welcome(_call: Call, _asked: Asked) -> Reply:
    """Say that the credentials are good (reference 9, #1)."""
    return ok({"message": "Welcome to CorePro"})


def get(call: Call, _asked: Asked) -> Reply:
    """The program of the key, as it is now: nothing of it is kept from an earlier request."""
    program = get_program(call.tx)
    return ok(
        {
            **_settings(call.tx, program),
            **shown.limits(limits_of(call.tx, OF_PROGRAM, PROGRAM_ID), shown.PROGRAM_LIMITS),
            **_products(call.tx, program),
            "accounts": _accounts(call.tx, program),
            "bins": [shown.of_bin(row) for row in list_bins(call.tx)],
            "externalAccounts": [
                shown.of_external(row, is_clear=program.is_sensitive_info_visible)
                for row in list_program_externals(call.tx)
            ],
            "interestRates": [shown.of_rate(row, program.zone) for row in rates_of(call.tx, None)],
            "filledDate": moment(call.tx.now, program.zone),
        }
    )


def _settings(tx: Tx, program: ProgramFacts) -> Mapping[str, Any]:
    return {
        "allowedAccountType": program.allowed_account_type or None,
        "bank": {
            "name": program.bank_name,
            "phone": program.bank_phone or None,
            "timeZone": shown.windows_zone(program.time_zone),
            "webUrl": program.bank_url or None,
        },
        "decimalCount": exponent_of(tx.shop.currency),
        "depositAvailableDays": program.deposit_available_days,
        "isDebitRewardsEnabled": program.is_debit_rewards_enabled,
        "isInterestEnabled": program.is_interest_enabled,
        "isInternalToInternalTransferEnabled": program.is_internal_transfer_enabled,
        "isRecurringContributionEnabled": program.is_recurring_contribution_enabled,
        "name": program.name,
        "perUserAccountCountMax": program.account_count_max,
        "perUserExternalAccountCountMax": program.external_account_count_max,
        "perUserTotalAccountBalanceMax": money(program.total_balance_max_minor),
        "publicKeyAlgorithms": shown.ALGORITHMS if pin_key_of(tx) else None,
        "regDFeeAmount": money(program.reg_d_fee_minor),
        "regDMonthlyTransactionWithdrawCountMax": program.reg_d_count_max,
        "timeZone": shown.windows_zone(program.time_zone),
        "validAccountTypes": program.account_types,
        "validProductTypes": list(dict.fromkeys(row.type for row in list_products(tx))),
        "verificationType": program.verification_type,
        "website": program.website or None,
    }


def _products(tx: Tx, program: ProgramFacts) -> Mapping[str, Any]:
    """The products as a list, and by their short names as older clients know them."""
    rows = list_products(tx)
    products = [
        shown.of_product(row, limits_of(tx, OF_PRODUCT, row.id), rates_of(tx, row.id), program.zone)
        for row in rows
    ]
    pairs = list(zip(rows, products, strict=True))
    return {
        "products": products,
        **{
            name: {row.short_name: product for row, product in pairs if row.category == category}
            for name, category in shown.MAPS.items()
        },
        "eCodeProducts": {row.product_code: shown.of_ecode(row) for row in list_ecode_products(tx)},
    }


def _accounts(tx: Tx, program: ProgramFacts) -> list[Mapping[str, Any]]:
    return [
        shown.of_account(
            row,
            get_account(tx, row.account_id).balance_minor,
            is_clear=program.is_sensitive_info_visible,
        )
        for row in list_program_accounts(tx)
    ]


def questions_list(call: Call, _asked: Asked) -> Reply:
    """The questions of due diligence, by category."""
    return ok(list(get_program(call.tx).questions))


def list_account_holds(call: Call, _asked: Asked) -> Reply:
    """What is held on all accounts by request of the caller."""
    zone = get_program(call.tx).zone
    return ok([shown.of_hold(row, zone) for row in list_bank_holds(call.tx)])


def list_industries(call: Call, _asked: Asked) -> Reply:
    """What businesses may say that they trade in."""
    get_program(call.tx)
    return ok([
        {"code": str(number), "description": words, "industryClassificationCodeId": number}
        for number, words in INDUSTRIES.items()
    ])  # fmt: skip


CALLS = (
    reading(
        "", welcome, shows=an_object({"message": TEXT}, always=("message",)),
        text="Test the connection and the credentials",
    ),
    reading("program/get", get, shows=shown.PROGRAM, text="Show the program of the key"),
    reading(
        "program/questionsList", questions_list, shows=a_list(shown.CATEGORY), needs="due_diligence",
        text="List the questions of due diligence",
    ),
    reading(
        "program/listAccountHolds", list_account_holds, shows=a_list(shown.HOLD), needs="holds",
        text="List what is held on all accounts",
    ),
    reading(
        "program/listIndustryClassificationCodes", list_industries, shows=a_list(shown.INDUSTRY),
        needs="business", text="List what businesses may trade in",
    ),
)  # fmt: skip
