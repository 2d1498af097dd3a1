"""How a card is written, with the accounts that it draws on (reference 3.10.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.dialects.corepro.replies import masked, moment, money
from comptoir.dialects.corepro.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    TAG,
    TEXT,
    a_list,
    an_object,
    one_of,
)
from comptoir.domain.banking.accounts.figures import figures_of
from comptoir.domain.banking.accounts.models import ACCOUNT_STATUSES
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.cards.models import (
    CARD_STATUSES,
    LOCKED_BY_CUSTOMER,
    LOCKED_BY_SYSTEM,
    REISSUE_REASONS,
    TYPE_CODES,
    UNLOCKED,
)
from comptoir.domain.banking.cards.numbers import SANDBOX_LAST_FOUR
from comptoir.domain.banking.cards.queries import CardRow, Tie, list_ties
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.tx import Tx

ACCOUNT_STARS, CARD_STARS = 8, 12
HIDDEN = "*" * (CARD_STARS + 4)

ACCOUNT = an_object(
    {
        "accountBalance": MONEY, "accountId": ID, "accountNumberMasked": TEXT, "availableBalance": MONEY,
        "balanceLastModifiedDate": MOMENT, "cardPriority": COUNT, "customerId": ID, "lastModifiedDate": MOMENT,
        "name": TEXT, "pendingBalance": MONEY, "status": one_of(ACCOUNT_STATUSES), "tag": TAG, "type": TEXT,
    },
    always=("accountId", "cardPriority"),
)  # fmt: skip
CARD = an_object(
    {
        "accounts": a_list(ACCOUNT), "archivedDate": MOMENT, "binId": ID, "cardHolderCustomerId": ID, "cardId": ID,
        "cardNumberMasked": TEXT, "createdDate": MOMENT, "customerId": ID, "deniedDate": MOMENT,
        "expireMonth": COUNT, "expireYear": COUNT, "expiredDate": MOMENT, "firstName": TEXT,
        "isDigitalOnly": FLAG, "isDualIssuanceSinglePAN": FLAG, "lastModifiedDate": MOMENT, "lastName": TEXT,
        "lockReasonTypeCode": TEXT,
        "lockTypeCode": one_of((UNLOCKED, LOCKED_BY_CUSTOMER, LOCKED_BY_SYSTEM)), "middleName": TEXT,
        "nickName": TEXT, "primaryAccountId": ID, "reissueReasonTypeCode": one_of(REISSUE_REASONS),
        "reissuedDate": MOMENT, "requestedDate": MOMENT, "status": one_of(CARD_STATUSES), "tag": TAG,
        "typeCode": one_of(TYPE_CODES), "vendorTypeCode": TEXT, "verifiedDate": MOMENT,
    },
    always=("accounts", "cardId", "customerId", "status"),
)  # fmt: skip


def shown(tx: Tx, cards: Sequence[CardRow]) -> list[Mapping[str, Any]]:
    """Cards with their accounts."""
    zone = get_program(tx).zone
    moments = {
        "archivedDate": "archived_at", "createdDate": "created_at", "deniedDate": "denied_at",
        "expiredDate": "expired_at", "lastModifiedDate": "updated_at", "reissuedDate": "reissued_at",
        "requestedDate": "requested_at", "verifiedDate": "verified_at",
    }  # fmt: skip
    return [
        {
            "accounts": _accounts(tx, list_ties(tx, card.id)),
            **_facts(card),
            "cardNumberMasked": number_shown(tx, card),
            **{name: moment(getattr(card, attribute), zone) for name, attribute in moments.items()},
        }
        for card in cards
    ]


def number_shown(tx: Tx, card: CardRow) -> str:
    """What may be seen of a number: nothing before it was verified; in a sandbox all cards end alike."""
    if tx.shop.is_sandbox and card.last_four == SANDBOX_LAST_FOUR:
        return SANDBOX_LAST_FOUR
    return HIDDEN if card.verified_at is None else masked(card.last_four, CARD_STARS) or HIDDEN


def _facts(card: CardRow) -> Mapping[str, Any]:
    return {
        "binId": card.bin_id,
        "cardHolderCustomerId": card.holder_customer_id,
        "cardId": card.id,
        "customerId": card.customer_id,
        "expireMonth": card.expire_month,
        "expireYear": card.expire_year,
        "firstName": card.first_name,
        "isDigitalOnly": card.is_digital_only,
        "isDualIssuanceSinglePAN": card.is_dual_issuance,
        "lastName": card.last_name,
        "lockReasonTypeCode": card.lock_reason or None,
        "lockTypeCode": card.lock_type,
        "middleName": card.middle_name or None,
        "nickName": card.nick_name or None,
        "primaryAccountId": card.primary_account_id,
        "reissueReasonTypeCode": card.reissue_reason or None,
        "status": card.status,
        "tag": card.tag,
        "typeCode": card.type_code,
        "vendorTypeCode": card.network,
    }


def _accounts(tx: Tx, ties: Sequence[Tie]) -> list[Mapping[str, Any]]:
    rows = [get_bank_account(tx, tie.account_id) for tie in ties]
    program = get_program(tx)
    figures = figures_of(tx, program, rows)
    return [
        {
            **_account(row),
            "balanceLastModifiedDate": moment(
                figures[row.account_id].moved_at or row.created_at, program.zone
            ),
            "cardPriority": tie.priority,
            "lastModifiedDate": moment(row.updated_at, program.zone),
        }
        for row, tie in zip(rows, ties, strict=True)
    ]


def _account(row: BankAccountRow) -> Mapping[str, Any]:
    return {
        "accountBalance": money(row.balance_minor),
        "accountId": row.account_id,
        "accountNumberMasked": masked(row.account_number, ACCOUNT_STARS),
        "availableBalance": money(row.available_minor),
        "customerId": row.customer_id,
        "name": row.name,
        "pendingBalance": money(row.pending_minor),
        "status": row.status,
        "tag": row.tag,
        "type": row.type,
    }
