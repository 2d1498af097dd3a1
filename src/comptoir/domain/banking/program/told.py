"""The program in words and amounts, for people."""

from typing import Any

from comptoir.domain.banking.program.models import OF_PROGRAM
from comptoir.domain.banking.program.queries import (
    get_program,
    limits_of,
    list_bins,
    list_fee_types,
    list_products,
    list_program_accounts,
)
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.tx import Tx


def told_of(tx: Tx) -> dict[str, Any]:
    """What there is to say of the program; amounts in main units. Refuses: NoProgram."""
    program, currency = get_program(tx), tx.shop.currency

    def amount(minor: int | None) -> str | None:
        return None if minor is None else str(decimal_of_minor(minor, currency))

    return {
        "name": program.name,
        "bank": program.bank_name,
        "routing_number": program.routing_number,
        "time_zone": program.time_zone,
        "verification": program.verification_type,
        "external_verification": program.external_verification_type,
        "nacha": program.is_nacha_enabled,
        "features": program.features,
        "limits": [
            {"name": name, "minimum": amount(limit.minimum_minor), "maximum": amount(limit.maximum_minor)}
            for name, limit in limits_of(tx, OF_PROGRAM, program.id).items()
        ],
        "products": [
            {"id": one.id, "short_name": one.short_name, "name": one.name, "category": one.category}
            for one in list_products(tx)
        ],
        "accounts": [
            {
                "id": one.account_id,
                "type": one.type,
                "balance": amount(get_account(tx, one.account_id).balance_minor),
            }
            for one in list_program_accounts(tx)
        ],
        "bins": [{"prefix": one.prefix, "network": one.network} for one in list_bins(tx)],
        "fees": [
            {"code": one.code, "name": one.name, "amount": amount(one.amount_minor)}
            for one in list_fee_types(tx)
        ],
    }
