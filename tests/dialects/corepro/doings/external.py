"""What happens to accounts at other banks without a call: `DO external expire` is the job on the clock,
`DO external locked 5`, `unlocked` and `correct` what the bank does to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.external.changing import correct_external_account
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.verifying import expire_verifications

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def do(shop: OpenShop, argument: str) -> None:
    verb, _, number = argument.partition(" ")
    if verb == "expire":
        assert shop.write(expire_verifications) > 0
    elif verb in {"locked", "unlocked"}:
        is_locked = verb == "locked"
        shop.write(lambda tx: tx.update(ExternalAccount, int(number), is_locked=is_locked))
    else:
        assert verb == "correct"
        shop.write(
            lambda tx: correct_external_account(
                tx, int(number), noc_code="C01", routing_number="021000021", account_number="999888777666"
            )
        )
