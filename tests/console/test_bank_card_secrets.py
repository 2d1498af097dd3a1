"""PINs, security codes, fraud alerts and risk of cards: passed on through the verbs, and never shown."""

from typing import Any

import pytest
from sqlalchemy import select, update

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.cards.alerts import get_risk, is_opted_out
from comptoir.domain.banking.customers.models import BankPhone
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.cards.given import CardBank

PIN = "8163"


@pytest.fixture
def world(shop: OpenShop) -> CardBank:
    return CardBank(shop, is_sandbox=True)


@pytest.fixture
def path(world: CardBank) -> str:
    return f"/bank/cards/{world.card_id}"


def events(world: CardBank, kind: str) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in world.shop.read(lambda tx: tx.all(query))]


def test_a_pin_is_set_and_nowhere_kept_or_shown(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(path, "/pin", pin=PIN, again=PIN)
    assert "The PIN was set." in page.main
    assert PIN not in page.text
    assert world.shown().pin_set_at is not None
    assert events(world, "card.pin_reset") == [("Ada", "console")]
    assert PIN not in str(world.shop.read(lambda tx: tx.all(select(*Event.__table__.columns))))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (("", ""), "must not be empty"),
        ((PIN, "8164"), "is not the same PIN"),
        (("0000", "0000"), "must be from 1 to 9999"),
        (("12345", "12345"), "must be a number of at most 4 digits"),
        (("12a4", "12a4"), "must be a number of at most 4 digits"),
        (("\N{ARABIC-INDIC DIGIT ONE}", "1"), "must be a number of at most 4 digits"),
    ],
)
def test_what_is_no_pin_is_refused(
    world: CardBank, path: str, visitor: Visitor, typed: tuple[str, str], problem: str
) -> None:
    answer = visitor.fill(path, "/pin", pin=typed[0], again=typed[1])
    assert answer.status == 422
    assert problem in answer.problems
    form = answer.form("/pin")
    assert {form.fields[name] for name in ("pin", "again")} <= {"", None}
    assert world.shown().pin_set_at is None
    assert events(world, "card.pin_reset") == []


def test_no_pin_is_set_on_a_card_that_is_locked_or_over(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.get(path)
    values = dict(page.form("/pin").form_values()) | {"pin": PIN, "again": PIN}
    visitor.done(path, "/lock", reason="TMP")
    assert "/pin" not in visitor.get(path).text
    assert visitor.post(f"/console{path}/pin", values).status == 422
    visitor.done(path, "/unlock")
    visitor.done(path, "/archive")
    assert visitor.post(f"/console{path}/pin", values).status == 422
    assert world.shown().pin_set_at is None


def test_a_card_is_ordered_with_its_pin_and_of_a_bin(world: CardBank, visitor: Visitor) -> None:
    form = f"/bank/cards/new?customer={world.customer_id}"
    order: dict[str, Any] = {
        "primary_account_id": str(world.account_id), "first_name": "Ada", "last_name": "Byron", "nick_name": "Later",
    }  # fmt: skip
    wrong = visitor.fill(form, "/cards/new", **order, pin=PIN)
    assert "is not the same PIN" in wrong.problems
    assert visitor.fill(form, "/cards/new", **order, bin_id="77").status == 422
    assert len(visitor.get("/bank/cards").rows) == 1
    answer = visitor.fill(form, "/cards/new", **order, pin=PIN, again=PIN, how="later", bin_id="1")
    assert answer.status == 303, answer.problems
    card = world.shown(int(answer.location.rpartition("/")[2]))
    assert (card.is_dual_issuance, card.is_digital_only, card.status) == (True, True, "Verified")
    assert card.pin_set_at is not None
    assert PIN not in visitor.get(answer.location).text


def test_a_card_is_taken_into_use_by_its_code(world: CardBank, visitor: Visitor) -> None:
    card_id = world.card("PendingVerification", nick_name="New")
    card, here = world.shown(card_id), f"/bank/cards/{card_id}"
    right = {
        "expire_month": str(card.expire_month),
        "expire_year": str(card.expire_year),
        "security_code": "111",
    }
    attempts: tuple[dict[str, Any], ...] = (
        {"security_code": "112"}, {"security_code": "11x"}, {"expire_year": "2020"}, {"expire_year": "9" * 30},
        {"expire_month": "13"}, {"security_code": ""},
    )  # fmt: skip
    for wrong in attempts:
        answer = visitor.fill(here, "/verify-code", **(right | wrong))
        assert answer.status == 422, wrong
        assert answer.form("/verify-code").fields["security_code"] in {"", None}
    assert world.shown(card_id).status == "PendingVerification"
    visitor.done(here, "/verify-code", **right)
    assert world.shown(card_id).status == "Verified"
    assert events(world, "card.verified") == [("Ada", "console")]


def test_text_messages_of_fraud_are_stopped(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(path, "/alerts")
    assert "Fraud on this card is told by text no longer." in page.main
    assert "no: it was stopped" in page.main
    customer, card = world.customer_id, world.card_id
    assert world.shop.read(lambda tx: is_opted_out(tx, customer_id=customer, card_id=card))
    assert events(world, "card.alerts_stopped") == [("Ada", "console")]
    other = world.card(nick_name="Other")
    world.shop.write(lambda tx: tx.run(update(BankPhone).values(is_active=False)))
    page = visitor.get(f"/bank/cards/{other}")
    assert "the holder has no mobile telephone" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert visitor.post(f"/console/bank/cards/{other}/alerts", {"csrf": csrf}).status == 422


def test_risk_factors_are_set(world: CardBank, path: str, visitor: Visitor) -> None:
    page = visitor.done(
        path, "/risk", base="LOW1", override="HIGH", starts_at="2026-03-05T10:00", ends_at="2026-03-06T10:00"
    )
    assert "LOW1" in page.main
    risk = world.shop.read(lambda tx: get_risk(tx, customer_id=world.customer_id, card_id=world.card_id))
    assert risk is not None
    assert (risk.base, risk.override) == ("LOW1", "HIGH")
    assert events(world, "card.risk_set") == [("Ada", "console")]
    again = visitor.fill(page, "/risk")
    assert "was set less than a day ago" in again.problems
    assert len(events(world, "card.risk_set")) == 1


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"base": ""}, "must not be empty"),
        ({"base": "a-b"}, "must be 1 to 10 letters and digits"),
        ({"base": "<b>"}, "must be 1 to 10 letters and digits"),
        ({"base": "VIP1"}, "begins with VIP, which is the network's own"),
        ({"base": "x" * 11}, "must have at most 10 letters"),
        ({"base": "LOW", "override": "HIGH"}, "must both be given, the end not before the start"),
        ({"base": "LOW", "ends_at": "2026-03-06T10:00"}, "must be filled in, as there is a time for it"),
        (
            {"base": "LOW", "override": "!", "starts_at": "2026-03-05T10:00", "ends_at": "2026-03-06T10:00"},
            "must be 1 to 10 letters and digits",
        ),
        (
            {
                "base": "LOW",
                "override": "HIGH",
                "starts_at": "2026-03-01T10:00",
                "ends_at": "2026-03-06T10:00",
            },
            "is before now",
        ),
    ],
)
def test_what_is_no_risk_factor_is_refused(
    world: CardBank, path: str, visitor: Visitor, values: dict[str, Any], problem: str
) -> None:
    answer = visitor.fill(path, "/risk", **values)
    assert answer.status == 422
    assert problem in answer.problems
    assert "<b>" not in answer.text
    assert (
        world.shop.read(lambda tx: get_risk(tx, customer_id=world.customer_id, card_id=world.card_id)) is None
    )


def test_other_networks_know_neither(world: CardBank, visitor: Visitor) -> None:
    card_id = world.card(network="MC", nick_name="Master")
    page = visitor.get(f"/bank/cards/{card_id}")
    assert "Fraud" not in [one.text for one in page.tree.xpath("//h2")]
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("alerts", "risk"):
        path = f"/console/bank/cards/{card_id}/{verb}"
        assert visitor.post(path, {"csrf": csrf, "base": "LOW"}).status == 422, verb


def test_who_may_only_see_sets_nothing(world: CardBank, path: str, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(path)
    assert "Told by text message" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("pin", "verify-code", "alerts", "risk"):
        values = {"csrf": csrf, "pin": PIN, "again": PIN, "base": "LOW"}
        assert reader.post(f"/console{path}/{verb}", values).status == 403, verb
    assert world.shown().pin_set_at is None
