"""What happens to cards without a call: `DO cards run` is the job on the clock, `DO cards wait` a day since they were
ordered, `DO cards 2 status=Verified` a change."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.cards.moving_on import (
    deliver,
    end_or_renew,
    release_authorisations,
    send_orders,
)

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
    name, _, value = change.partition("=")
    shop.write(lambda tx: tx.update(Card, int(number), **{name: value}))


def _wait(tx: Tx) -> None:
    for (card_id,) in tx.all(select(Card.id)):
        tx.update(Card, card_id, requested_at=tx.now - timedelta(days=1))


def _run(verb: object, tx: Tx) -> None:
    assert callable(verb)
    verb(tx)
