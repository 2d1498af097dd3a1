"""How an account is written, as one of its customers sees it (reference 3.4.1)."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from comptoir.dialects.corepro.replies import day, masked, moment, money, rate
from comptoir.dialects.corepro.shapes import (
    BIG_ID,
    COUNT,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    RATE,
    TAG,
    TEXT,
    an_object,
    one_of,
)
from comptoir.domain.banking.accounts.contributions import CONTRIBUTION_TYPES, next_contribution
from comptoir.domain.banking.accounts.figures import Figures, figures_of
from comptoir.domain.banking.accounts.models import (
    ACCOUNT_ACCESS_TYPES,
    ACCOUNT_STATUSES,
    LOCKED_BY_CUSTOMER,
    LOCKED_BY_SYSTEM,
    NONE,
    UNLOCKED,
)
from comptoir.domain.banking.accounts.queries import BankAccountRow
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

ACCOUNT_STARS = 8
HUNDREDTHS_OF_PERCENT = 100 * 100

ACCOUNT = an_object(
    {
        "accessTypeCode": one_of(ACCOUNT_ACCESS_TYPES), "accountBalance": MONEY, "accountId": ID,
        "accountMinimumBalance": MONEY, "accountNumber": TEXT, "accountNumberMasked": TEXT, "availableBalance": MONEY,
        "balanceLastModifiedDate": MOMENT, "category": TEXT, "closedAmount": MONEY, "closedDate": MOMENT,
        "closedReason": TEXT, "closedTransactionId": BIG_ID, "createdDate": MOMENT, "customField1": TEXT,
        "customField2": TEXT, "customField3": TEXT, "customField4": TEXT, "customField5": TEXT, "customerId": ID,
        "customerPriority": COUNT, "externalProgramTag": TEXT, "interestApr": RATE, "interestApy": RATE,
        "isCloseable": FLAG, "isJointAccount": FLAG, "isLocked": FLAG, "isPrimary": FLAG, "isPrimaryCustomer": FLAG,
        "lastModifiedDate": MOMENT, "legalName1": TEXT, "legalName2": TEXT, "lockReasonTypeCode": TEXT,
        "lockTypeCode": one_of((UNLOCKED, LOCKED_BY_CUSTOMER, LOCKED_BY_SYSTEM)), "miscellaneous": TEXT, "name": TEXT,
        "pendingBalance": MONEY, "primaryCustomerId": ID, "productId": ID, "recurringContributionAmount": MONEY,
        "recurringContributionEndDate": MOMENT, "recurringContributionFromExternalAccountId": ID,
        "recurringContributionNextDate": MOMENT, "recurringContributionStartDate": MOMENT,
        "recurringContributionType": one_of(CONTRIBUTION_TYPES), "regDWithdrawalCount": COUNT, "routingNumber": TEXT,
        "routingNumberMasked": TEXT, "status": one_of(ACCOUNT_STATUSES), "subCategory": TEXT, "tag": TAG,
        "targetAmount": MONEY, "targetDate": MOMENT, "targetMetDate": MOMENT, "targetMetPercent": MONEY,
        "tier": COUNT, "tierDescription": TEXT, "tierMaximumAmount": MONEY, "tierMinimumAmount": MONEY,
        "totalCustomers": COUNT, "type": TEXT,
    },
    always=(
        "accessTypeCode", "accountBalance", "accountId", "accountNumberMasked", "availableBalance",
        "balanceLastModifiedDate", "createdDate", "customerId", "isCloseable", "isJointAccount", "isLocked",
        "isPrimary", "isPrimaryCustomer", "lastModifiedDate", "lockTypeCode", "name", "pendingBalance",
        "primaryCustomerId", "productId", "recurringContributionType", "regDWithdrawalCount", "routingNumberMasked",
        "status", "totalCustomers", "type",
    ),
)  # fmt: skip


def shown_accounts(
    tx: Tx, program: ProgramFacts, accounts: Sequence[BankAccountRow], viewer_id: int | None = None
) -> list[Mapping[str, Any]]:
    """Accounts as a customer sees them; as their owners do when nobody is named."""
    figures = figures_of(tx, program, accounts)
    return [
        {
            **_self(program, account),
            **_people(account, figures[account.account_id], viewer_id),
            **_balances(program, account, figures[account.account_id]),
            **_interest(figures[account.account_id]),
            **_goal(account, program.zone),
            **_contribution(tx, program, account),
            **_end(account, program.zone),
        }
        for account in accounts
    ]


def _self(program: ProgramFacts, account: BankAccountRow) -> Mapping[str, Any]:
    is_clear = program.is_sensitive_info_visible
    return {
        "accountId": account.account_id,
        "accountNumber": account.account_number if is_clear else None,
        "accountNumberMasked": masked(account.account_number, ACCOUNT_STARS),
        "category": account.category or None,
        "createdDate": moment(account.created_at, program.zone),
        "externalProgramTag": account.external_program_tag or None,
        "isCloseable": account.is_closeable,
        "isLocked": account.is_locked,
        "isPrimary": account.is_primary,
        "lastModifiedDate": moment(account.updated_at, program.zone),
        "legalName1": account.legal_name1 or None,
        "legalName2": account.legal_name2 or None,
        "lockReasonTypeCode": account.lock_reason or None,
        "lockTypeCode": account.lock_type,
        "miscellaneous": account.miscellaneous or None,
        "name": account.name,
        "productId": account.product_id,
        "routingNumber": program.routing_number if is_clear else None,
        "routingNumberMasked": masked(program.routing_number, ACCOUNT_STARS),
        "status": account.status,
        "subCategory": account.sub_category or None,
        "tag": account.tag,
        "type": account.type,
        **{f"customField{number}": getattr(account, f"custom{number}") or None for number in range(1, 6)},
    }


def _people(account: BankAccountRow, figures: Figures, viewer_id: int | None) -> Mapping[str, Any]:
    viewer = account.customer_id if viewer_id is None else viewer_id
    own = next((one for one in figures.holders if one.customer_id == viewer), None)
    return {
        "accessTypeCode": NONE if own is None else own.access_type,
        "customerId": account.customer_id,
        "customerPriority": None if own is None else own.priority,
        "isJointAccount": len(figures.holders) > 1,
        "isPrimaryCustomer": viewer == account.customer_id,
        "primaryCustomerId": account.customer_id,
        "totalCustomers": len(figures.holders),
    }


def _balances(program: ProgramFacts, account: BankAccountRow, figures: Figures) -> Mapping[str, Any]:
    has_minimum = "minimum_balance" in program.features and figures.product.is_minimum_balance_enabled
    return {
        "accountBalance": money(account.balance_minor),
        "accountMinimumBalance": money(account.minimum_balance_minor) if has_minimum else None,
        "availableBalance": money(account.available_minor),
        "balanceLastModifiedDate": moment(figures.moved_at or account.created_at, program.zone),
        "pendingBalance": money(account.pending_minor),
        "regDWithdrawalCount": figures.withdrawals,
    }


def _interest(figures: Figures) -> Mapping[str, Any]:
    found = figures.rate
    if found is None:
        return {}
    return {
        "interestApr": rate(found.apr_e11),
        "interestApy": rate(found.apy_e11),
        "tier": found.tier,
        "tierDescription": found.description or None,
        "tierMaximumAmount": money(found.maximum_minor),
        "tierMinimumAmount": money(found.minimum_minor),
    }


def _goal(account: BankAccountRow, zone: tzinfo) -> Mapping[str, Any]:
    target = account.target_minor
    return {
        "targetAmount": money(target),
        "targetDate": day(account.target_on),
        "targetMetDate": moment(account.target_met_at, zone),
        "targetMetPercent": money(_part(account.available_minor, target)) if target else None,
    }


def _part(minor: int, whole_minor: int) -> int:
    """How much of a goal is there, in hundredths of a percent; what is owed is nothing of it."""
    return max(minor, 0) * HUNDREDTHS_OF_PERCENT // whole_minor


def _contribution(tx: Tx, program: ProgramFacts, account: BankAccountRow) -> Mapping[str, Any]:
    return {
        "recurringContributionAmount": money(account.contribution_minor),
        "recurringContributionEndDate": day(account.contribution_ends_on),
        "recurringContributionFromExternalAccountId": account.contribution_external_account_id,
        "recurringContributionNextDate": day(next_contribution(account._asdict(), bank_today(tx, program))),
        "recurringContributionStartDate": day(account.contribution_starts_on),
        "recurringContributionType": account.contribution_type,
    }


def _end(account: BankAccountRow, zone: tzinfo) -> Mapping[str, Any]:
    return {
        "closedAmount": money(account.closed_minor),
        "closedDate": moment(account.closed_at, zone),
        "closedReason": account.closed_reason or None,
        "closedTransactionId": account.closed_transaction_id,
    }
