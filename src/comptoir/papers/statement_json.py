"""A statement for programs: all that it says, amounts as numbers with the currency's decimals."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from comptoir.domain.money import decimal_of_minor

ENCODER = msgspec.json.Encoder(decimal_format="number", order="sorted")
# What is told in amounts, and what it is called.
OF_ACCOUNT = {
    "openingBalance": "opening_minor",
    "closingBalance": "closing_minor",
    "moneyIn": "in_minor",
    "moneyOut": "out_minor",
    "interestEarned": "interest_minor",
    "taxWithheld": "withheld_minor",
    "fees": "fees_minor",
}
OF_YEAR = {"interestEarned": "interest_minor", "taxWithheld": "withheld_minor", "fees": "fees_minor"}


def statement_json(facts: Mapping[str, Any]) -> bytes:
    """A monthly or quarterly statement as JSON."""
    return ENCODER.encode(_heading(facts) | {"accounts": [_account(one, facts) for one in facts["accounts"]]})


def tax_form_json(facts: Mapping[str, Any]) -> bytes:
    """A yearly form as JSON."""
    amounts = {"interestEarned": "interest_minor", "taxWithheld": "withheld_minor"}
    return ENCODER.encode(_heading(facts) | {"taxId": facts["tax_id"]} | _amounts(facts, amounts, facts))


def _heading(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bank": facts["bank"],
        "customer": facts["customer"],
        "currency": facts["currency"],
        "beginsOn": facts["begins_on"],
        "endsOn": facts["ends_on"],
        "timeZone": facts["time_zone"],
    }


def _account(one: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    currency = facts["currency"]
    return {
        "accountId": one["account_id"],
        "name": one["name"],
        "type": one["type"],
        "numberMasked": one["number"],
        "titles": one["titles"],
        "openedOn": one["opened_on"],
        "closedOn": one["closed_on"],
        **_amounts(one, OF_ACCOUNT, facts),
        "yearToDate": _amounts(one["year"], OF_YEAR, facts),
        "movements": [
            {
                "transactionId": number,
                "date": on,
                "description": words,
                "type": kind,
                "amount": decimal_of_minor(minor, currency),
                "balance": decimal_of_minor(balance, currency),
            }
            for number, on, words, minor, balance, kind in one["movements"]
        ],
    }


def _amounts(
    told: Mapping[str, Any], names: Mapping[str, str], facts: Mapping[str, Any]
) -> dict[str, Decimal]:
    return {name: decimal_of_minor(told[minor], facts["currency"]) for name, minor in names.items()}
