"""The program is changed: `DO program external_account_count_max=0`, the value in JSON; `DO program -VerificationFunds`
takes away its account of that type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from comptoir.domain.banking.program.models import Program, ProgramAccount
from comptoir.domain.banking.program.queries import program_account_of

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def do(shop: OpenShop, argument: str) -> None:
    def change(tx: Tx) -> None:
        if argument.startswith("-"):
            account_id = program_account_of(tx, argument[1:])
            assert account_id is not None
            tx.update(ProgramAccount, account_id, is_active=False)
            return
        name, _, value = argument.partition("=")
        tx.update(Program, 1, **{name: json.loads(value)})

    shop.write(change)
