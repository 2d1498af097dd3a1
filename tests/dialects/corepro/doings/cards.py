"""What happens to cards without a call: `DO cards run` is the job on the clock, `DO cards wait` a day since they were
ordered, `DO cards 2 status=Verified` a change. `close 5` closes account 5, `unreachable 1` takes the telephones of a
customer, `without limits` the program's limits of cards."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from comptoir.domain.banking.accounts.closing import end_account
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.cards.moving_on import (
    deliver,
    end_or_renew,
    release_authorisations,
    send_orders,
)
from comptoir.domain.banking.customers.models import BankPhone
from comptoir.domain.banking.program.models import LimitRange

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def do(shop: OpenShop, argument: str) -> None:
    if argument == "run":
        for verb in (send_orders, deliver, end_or_renew, release_authorisations):
            shop.write(partial(_run, verb))
        return
    if argument == "wait":
        shop.write(_wait)
        return
    number, _, change = argument.partition(" ")
    if number in OTHERS:
        shop.write(partial(OTHERS[number], change))
        return
    name, _, value = change.partition("=")
    shop.write(lambda tx: tx.update(Card, int(number), **{name: value}))


def _close(number: str, tx: Tx) -> None:
    end_account(tx, int(number))


def _unreachable(number: str, tx: Tx) -> None:
    for (phone_id,) in tx.all(select(BankPhone.id).where(BankPhone.customer_id == int(number))):
        tx.update(BankPhone, phone_id, is_active=False)


def _without(_: str, tx: Tx) -> None:
    for (limit_id,) in tx.all(select(LimitRange.id).where(LimitRange.name.startswith("card_"))):
        tx.update(LimitRange, limit_id, name="nothing")


OTHERS = {"close": _close, "unreachable": _unreachable, "without": _without}


def _wait(tx: Tx) -> None:
    for (card_id,) in tx.all(select(Card.id)):
        tx.update(Card, card_id, requested_at=tx.now - timedelta(days=1))


def _run(verb: object, tx: Tx) -> None:
    assert callable(verb)
    verb(tx)
