"""What the bank does to customers without a call: `DO customer lock 1`, `unlock 1`, `decide 1 Denied`.

`DO customer expire 2` is the job on the clock, which ends two registrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.attending import lock_customer, unlock_customer
from comptoir.domain.banking.customers.verifying import decide, expire_registrations

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def do(shop: OpenShop, argument: str) -> None:
    verb, _, rest = argument.partition(" ")
    number, _, word = rest.partition(" ")
    if verb == "expire":
        assert shop.write(expire_registrations) == int(number)
    elif verb == "lock":
        shop.write(lambda tx: lock_customer(tx, customer_id=int(number), reason=word))
    elif verb == "unlock":
        shop.write(lambda tx: unlock_customer(tx, customer_id=int(number)))
    else:
        assert verb == "decide"
        shop.write(lambda tx: decide(tx, customer_id=int(number), status=word))
