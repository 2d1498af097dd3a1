"""Cards tried out in a sandbox: paid with, undone, declined as in earnest; declines and suspicions that are told."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.beside import MovementRow, list_moves_by_card
from comptoir.domain.events.models import Event
from comptoir.domain.ledger.books import check_books
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.cards.given import CardBank

HOSTILE = "<svg onload=alert(1)>"


@pytest.fixture
def world(shop: OpenShop) -> CardBank:
    """A sandbox with 1,000.00 on an account, and a card."""
    return CardBank(shop, is_sandbox=True)


@pytest.fixture
def path(world: CardBank) -> str:
    return f"/bank/cards/{world.card_id}"


def moves(world: CardBank) -> list[MovementRow]:
    return world.shop.read(lambda tx: list_moves_by_card(tx, world.card_id))


def test_a_purchase_is_authorised_and_asked_for(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(
        path, "/try", use="authorise", amount_minor="40", description=HOSTILE, category_code="5411"
    )
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert world.balances == (100_000, 96_000)
    (authorised,) = moves(world)
    page = visitor.done(
        path, "/follow", payment=str(authorised.transfer_id), then="complete", amount_minor="35"
    )
    assert world.balances == (96_500, 96_500)
    told = select(Event.actor, Event.dialect).order_by(Event.seq.desc()).limit(1)
    assert world.shop.read(lambda tx: tx.all(told)) == [("Ada", "console")]
    assert world.shop.read(check_books) == []


@pytest.mark.parametrize(("use", "balance"), [("pay", 96_000), ("cash", 96_000), ("return", 104_000)])
def test_money_moves_at_once(world: CardBank, path: str, visitor: Visitor, use: str, balance: int) -> None:
    visitor.done(path, "/try", use=use, amount_minor="40", account_id=str(world.account_id))
    assert world.balances == (balance, balance)


@pytest.mark.parametrize("then", ["reverse", "charge back"])
def test_a_payment_is_undone_in_parts(world: CardBank, path: str, visitor: Visitor, then: str) -> None:
    visitor.done(path, "/try", use="pay", amount_minor="40")
    (paid,) = moves(world)
    visitor.done(path, "/follow", payment=str(paid.transfer_id), then=then, amount_minor="15")
    assert world.balances == (97_500, 97_500)
    visitor.done(path, "/follow", payment=str(paid.transfer_id), then=then)
    assert world.balances == (100_000, 100_000)
    more = visitor.fill(path, "/follow", payment=str(paid.transfer_id), then=then, amount_minor="1")
    assert more.status == 422
    assert world.balances == (100_000, 100_000)


def test_what_cannot_be_is_declined(world: CardBank, path: str, visitor: Visitor) -> None:
    for wrong, problem in (
        ({"amount_minor": "1000.01"}, "is more than is available: the card is declined"),
        ({"amount_minor": "0"}, ""), ({"amount_minor": "-5"}, ""), ({"amount_minor": "1e400"}, ""),
        ({"use": "steal"}, "must be one of the choices"), ({"account_id": "99"}, "must be one of the choices"),
        ({"category_code": "12345"}, "must have at most 4 letters"),
    ):  # fmt: skip
        values: dict[str, Any] = {"use": "pay", "amount_minor": "5", **wrong}
        answer = visitor.fill(path, "/try", **values)
        assert answer.status == 422, wrong
        assert not problem or problem in answer.problems, (wrong, answer.problems)
    visitor.done(path, "/lock", reason="TMP")
    assert visitor.fill(path, "/try", use="pay", amount_minor="5").status == 422
    visitor.done(path, "/unlock")
    visitor.done(path, "/control", limit_minor="10")
    assert visitor.fill(path, "/try", use="pay", amount_minor="20").status == 422
    assert (moves(world), world.balances) == ([], (100_000, 100_000))


@pytest.mark.parametrize(("typed", "after"), [
    ({"amount_minor": "12.50", "code": "70204"}, {"amount_minor": 1_250, "code": 70204}),
    ({}, {"amount_minor": 0, "code": 0}),
])  # fmt: skip
def test_a_declined_purchase_is_told(
    world: CardBank, path: str, visitor: Visitor, typed: dict[str, Any], after: dict[str, int]
) -> None:
    page = visitor.done(path, "/decline", **typed)
    assert "was declined" in page.main
    assert world.events("card.declined") == [
        {
            "account_id": world.account_id, "customer_id": world.customer_id, "event_type_id": 3060640, **after,
        }
    ]  # fmt: skip
    assert (moves(world), world.balances) == ([], (100_000, 100_000))


@pytest.mark.parametrize("wrong", [
    {"amount_minor": "-1"}, {"amount_minor": "x"}, {"code": "1"}, {"code": "x"},
])  # fmt: skip
def test_what_is_no_decline_is_not_told(
    world: CardBank, path: str, visitor: Visitor, wrong: dict[str, Any]
) -> None:
    assert visitor.fill(path, "/decline", **wrong).status == 422
    assert world.events("card.declined") == []


@pytest.mark.parametrize(("known", "event"), [("0", 10026), ("1", 10025), ("2", 10024), ("3", 10024)])
def test_a_fraud_case_is_told(world: CardBank, path: str, visitor: Visitor, known: str, event: int) -> None:
    visitor.done(path, "/suspect", state=known)
    assert world.events("card.fraud_suspected") == [
        {"card_id": world.card_id, "customer_id": world.customer_id, "event_type_id": event}
    ]
    for wrong in ("", "4", "x"):
        assert visitor.fill(path, "/suspect", state=wrong).status == 422, wrong
    assert len(world.events("card.fraud_suspected")) == 1


def test_a_merchant_says_where_it_is(world: CardBank, path: str, visitor: Visitor) -> None:
    visitor.done(path, "/control", where="international", limit_minor="0")
    abroad: dict[str, Any] = {
        "use": "pay",
        "amount_minor": "5",
        "merchant_country": "FR",
        "merchant_city": "Lyon",
    }
    assert visitor.fill(path, "/try", **abroad).status == 422
    assert moves(world) == []
    visitor.done(path, "/try", **abroad | {"merchant_country": "US"}, tag="lunch")
    (paid,) = moves(world)
    assert "Lyon" in visitor.get(f"/bank/transfers/{paid.transfer_id}").main
    again = visitor.fill(path, "/try", **abroad | {"merchant_country": "US"}, tag="lunch")
    assert "is that of another transfer" in again.problems


def test_what_has_happened_already_is_not_declined(world: CardBank, path: str, visitor: Visitor) -> None:
    visitor.done(path, "/try", use="pay", amount_minor="1000.01", is_advice="1")
    assert world.balances == (-1, -1)
    assert world.shop.read(check_books) == []


def test_a_card_moves_money_to_another_account(world: CardBank, path: str, visitor: Visitor) -> None:
    other = world.account("Savings")
    typed: dict[str, Any] = {"use": "transfer", "amount_minor": "40"}
    for target in ("", "99", str(world.account_id)):
        assert visitor.fill(path, "/try", **typed, to_account_id=target).status == 422, target
    stray = visitor.fill(path, "/try", use="pay", amount_minor="40", to_account_id=str(other))
    assert "is for moving money to another account, and is needed for that" in stray.problems
    visitor.done(path, "/try", **typed, to_account_id=str(other))
    assert world.balances == (96_000, 96_000)
    assert world.shop.read(check_books) == []


def test_nothing_follows_from_what_is_not_there(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.get(path)
    values = {"csrf": page.form("/sign-out").fields["csrf"], "then": "reverse"}
    assert "/follow" not in page.text
    for payment in ("1", "99", "x", "", "9" * 30):
        answer = visitor.post(f"/console{path}/follow", values | {"payment": payment})
        assert answer.status == 422, payment
    visitor.done(path, "/try", use="pay", amount_minor="40")
    (paid,) = moves(world)
    answer = visitor.fill(path, "/follow", payment=str(paid.transfer_id), then="complete")
    assert "is for what was authorised only" in answer.problems
    assert world.balances == (96_000, 96_000)


def test_in_earnest_nothing_is_tried(shop: OpenShop, home: ServedShop) -> None:
    world = CardBank(shop)
    visitor, path = signed_in(home), f"/bank/cards/{world.card_id}"
    page = visitor.get(path)
    assert "/try" not in page.text
    values = {"csrf": page.form("/sign-out").fields["csrf"], "use": "pay", "amount_minor": "5"}
    for verb in ("try", "follow", "decline", "suspect"):
        assert visitor.post(f"/console{path}/{verb}", values).status == 422, verb
    assert world.balances == (100_000, 100_000)


def test_who_may_only_see_tries_nothing(world: CardBank, path: str, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(path)
    assert "/try" not in page.text
    values = {"csrf": page.form("/sign-out").fields["csrf"], "use": "pay", "amount_minor": "5"}
    for verb in ("try", "follow", "decline", "suspect"):
        assert reader.post(f"/console{path}/{verb}", values).status == 403, verb
    assert world.balances == (100_000, 100_000)
