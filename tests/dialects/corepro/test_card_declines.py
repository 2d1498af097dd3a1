"""A payment that is declined moves nothing, and is told all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.events.models import Event
from tests.dialects.corepro.asking import ask
from tests.dialects.corepro.holding import hold

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

DECLINED = select(Event.subject_id, Event.after).where(Event.kind == "card.declined").order_by(Event.seq)


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("iso8583/authorization/request", {"accountId": 4, "cardId": 2, "amount": 1000.01}, 70204),
        ("iso8583/financial/request", {"accountId": 4, "cardId": 3, "amount": 5}, 150502),
        ("card/mock/withdrawal/cardCash", {"cardId": 2, "amount": 500.01}, 70206),
    ],
)
def test_a_decline_is_told(wire: BankWire, world: World, path: str, said: dict[str, Any], code: int) -> None:
    world("cards")
    transfers = wire.shop.read(lambda tx: tx.value(select(func.count()).select_from(BankTransfer)))
    exchange = {
        "ask": f"POST /{path}", "json": {"customerId": 1, **said}, "status": 400, "errors": [{"code": code}],
    }  # fmt: skip
    answer = ask(wire, exchange)
    assert answer is not None
    hold(exchange, answer)
    told = wire.shop.read(lambda tx: tx.all(DECLINED))
    amount_minor = round(said["amount"] * 100)
    assert told == [
        (said["cardId"], {
            "account_id": 4, "amount_minor": amount_minor, "code": code, "customer_id": 1, "event_type_id": 3060640,
        }),
    ]  # fmt: skip
    assert wire.shop.read(lambda tx: tx.value(select(func.count()).select_from(BankTransfer))) == transfers


def test_what_is_wrong_with_a_message_is_no_decline(wire: BankWire, world: World) -> None:
    world("cards")
    exchange = {
        "ask": "POST /iso8583/financial/request", "json": {"customerId": 1, "accountId": 4, "amount": 0},
        "status": 400, "errors": [{"code": 70205}],
    }  # fmt: skip
    answer = ask(wire, exchange)
    assert answer is not None
    hold(exchange, answer)
    assert wire.shop.read(lambda tx: tx.all(DECLINED)) == []
