"""Cards: what may be one, what stays of it, and tokens that are good once."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from comptoir.domain.money import Money
from comptoir.domain.payments.cards import (
    CardFacts,
    brand_of,
    check_card,
    find_token,
    forget_old_tokens,
    passes_luhn,
    read_card,
    tokenise,
    use_token,
)
from comptoir.domain.payments.errors import CardRefused, GatewaySilent, NoCards, TokenRefused
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.methods import Method, find_method, keep_method
from comptoir.domain.payments.models import CardToken
from comptoir.domain.payments.port import Card, Charge
from comptoir.domain.payments.sandbox import MAGIC_CARDS
from tests.conftest import NOW, SECRET
from tests.domain.payments.given import FarGateway, later

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

SANDBOX = gateway_named("sandbox")
VISA = "4000000000000002"


def a_card(number: str = VISA, month: int = 3, year: int = 2026, code: str = "123") -> Card:
    return Card(number, month, year, code)


@pytest.mark.parametrize(
    ("number", "brand", "letters"),
    [
        ("4000000000000002", "visa", "VS"),
        ("4222222222222", "visa", "VS"),
        ("5555555555554444", "mastercard", "MC"),
        ("2223003122003222", "mastercard", "MC"),
        ("6011111111111117", "discover", "DI"),
        ("30569309025904", "diners", "DC"),
        ("3530111333300000", "jcb", "JC"),
        ("6200000000000005", "unionpay", "UP"),
        ("6759649826438453", "maestro", "MA"),
        ("9000000000000001", "card", "CC"),
    ],
)
def test_a_number_says_its_brand(number: str, brand: str, letters: str) -> None:
    facts = check_card(a_card(number), NOW)
    assert facts == CardFacts(brand, letters, number[:6], number[-4:], 3, 2026)
    assert facts.masked == f"XXXX-XXXX-XXXX-{number[-4:]}"
    assert facts.last_two == number[-2:]


def test_four_digits_are_the_code_of_one_brand() -> None:
    assert check_card(a_card("378282246310005", code="1234"), NOW).brand == "amex"
    with pytest.raises(CardRefused, match="security_code"):
        check_card(a_card("378282246310005", code="123"), NOW)
    with pytest.raises(CardRefused, match="security_code"):
        check_card(a_card(code="1234"), NOW)


@given(st.text("0123456789", min_size=11, max_size=18))
def test_one_check_digit_fits_and_a_wrong_digit_shows(digits: str) -> None:
    fitting = [last for last in "0123456789" if passes_luhn(digits + last)]
    assert len(fitting) == 1
    whole = digits + fitting[0]
    for place in range(len(whole)):
        other = str((int(whole[place]) + 1) % 10)
        assert not passes_luhn(whole[:place] + other + whole[place + 1 :])


@pytest.mark.parametrize(
    "number", ["4000000000000003", "40000000000", "4" * 20, "", "\uff14" * 16, "40000000000000a2"]
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(CardRefused, match="number"):
        check_card(a_card(number), NOW)


@pytest.mark.parametrize(
    ("month", "year", "field"),
    [(2, 2026, "expiry_year"), (12, 2025, "expiry_year"), (0, 2027, "expiry_month"), (13, 2027, "expiry_month"),
     (1, 2077, "expiry_year")],
)  # fmt: skip
def test_a_card_ends_with_its_month(month: int, year: int, field: str) -> None:
    assert check_card(a_card(), NOW).expiry_month == NOW.month
    with pytest.raises(CardRefused) as refusal:
        check_card(a_card(month=month, year=year), NOW)
    assert refusal.value.field == field


def test_a_card_is_read_as_people_type_it() -> None:
    card = read_card(
        number=" 4000-0000 0000 0002", expiry_month=" 3", expiry_year="26", security_code=" 123 "
    )
    assert (card.number, card.expiry_month, card.expiry_year, card.security_code) == (VISA, 3, 2026, "123")


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "card"), ("number", ""), ("expiry_month", "March"), ("expiry_month", ""), ("expiry_year", "20266"),
     ("security_code", "12x"), ("security_code", ""), ("expiry_year", "-1")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(field: str, value: str) -> None:
    typed = {"number": VISA, "expiry_month": "3", "expiry_year": "2026", "security_code": "123"} | {
        field: value
    }
    with pytest.raises(CardRefused) as refusal:
        read_card(**typed)
    assert refusal.value.field == field
    assert VISA not in str(refusal.value)


def test_a_card_never_shows_itself() -> None:
    card = a_card(code="987")
    assert repr(card) == str(card) == f"{card}" == "Card(…0002)"
    assert VISA not in repr({"card": [card]})


# --------------------------------------------------------------------------------------------------- tokens


def test_a_token_is_good_once(shop: OpenShop) -> None:
    made = tokenise(shop, SANDBOX, a_card(), secret=SECRET)
    plain = b64decode(made.token).decode()
    assert str(UUID(plain)) == plain
    assert UUID(plain).version == 4
    row = shop.write(lambda tx: use_token(tx, made.token, secret=SECRET))
    assert (row.gateway, row.method, row.card_type, row.first_six, row.last_four) == (
        "sandbox", "sbx-approved", "VS", "400000", "0002",
    )  # fmt: skip
    with pytest.raises(TokenRefused):
        shop.write(lambda tx: use_token(tx, made.token, secret=SECRET))


def test_a_token_dies_after_half_an_hour_and_is_forgotten_after_a_day(shop: OpenShop) -> None:
    made = tokenise(shop, SANDBOX, a_card(), secret=SECRET)
    later(shop, minutes=30)
    with pytest.raises(TokenRefused):
        shop.write(lambda tx: use_token(tx, made.token, secret=SECRET))
    later(shop, hours=24)
    assert shop.write(forget_old_tokens) == 0
    later(shop, hours=25)
    assert shop.write(forget_old_tokens) == 1
    assert shop.read(lambda tx: find_token(tx, made.token, secret=SECRET)) is None


@pytest.mark.parametrize(
    "token", ["", "x", "ä", "OWVhOTZiYjEtY2ZmMi00NDhhLThjNmUtM2Y4ZmVkYTNhMDE5", "=", "\0"]
)
def test_a_token_that_we_did_not_make_is_refused(shop: OpenShop, token: str) -> None:
    tokenise(shop, SANDBOX, a_card(), secret=SECRET)
    with pytest.raises(TokenRefused):
        shop.write(lambda tx: use_token(tx, token, secret=SECRET))


def test_a_token_is_kept_as_the_hash_of_our_key(shop: OpenShop) -> None:
    made = tokenise(shop, SANDBOX, a_card(), secret=SECRET)
    kept = shop.read(lambda tx: tx.value(select(CardToken.token_hash)))
    assert made.token not in kept
    with pytest.raises(TokenRefused):
        shop.write(lambda tx: use_token(tx, made.token, secret=b"another key"))


def test_a_card_that_cannot_be_charged_has_no_token(shop: OpenShop) -> None:
    asked: list[Card] = []

    class Watched(FarGateway):
        def tokenise(self, card: Card) -> str:
            asked.append(card)
            return super().tokenise(card)

    with pytest.raises(CardRefused):
        tokenise(shop, Watched(), a_card(year=2025), secret=SECRET)
    assert asked == []
    with pytest.raises(NoCards):
        tokenise(shop, gateway_named("manual"), a_card(), secret=SECRET)
    assert shop.read(lambda tx: tx.value(select(CardToken.id))) is None


def test_an_expired_card_is_judged_by_the_shops_clock(shop: OpenShop) -> None:
    tokenise(shop, SANDBOX, a_card(), secret=SECRET)
    shop.system = lambda: datetime(2026, 4, 1, tzinfo=UTC)
    with pytest.raises(CardRefused, match="expired"):
        tokenise(shop, SANDBOX, a_card(), secret=SECRET)


def test_the_card_that_renews_a_sale_may_be_changed(tx: Tx) -> None:
    assert find_method(tx, 7) is None
    keep_method(tx, sale_id=7, gateway="sandbox", method="sbx-approved")
    keep_method(tx, sale_id=8, gateway="sandbox", method="sbx-approved")
    keep_method(tx, sale_id=7, gateway="stripe", method="cus_1/pm_1")
    assert find_method(tx, 7) == Method("stripe", "cus_1/pm_1")
    assert find_method(tx, 8) == Method("sandbox", "sbx-approved")


# ------------------------------------------------------------------------------------------ the sandbox's cards

ANSWERS = {
    "4000000000000002": ("pending", "authorised"),
    "4333433343334333": ("fail", "card declined"),
    "4000000000009995": ("fail", "insufficient funds"),
    "4000000000000069": ("fail", "card expired"),
    "4000000000009979": ("fail", "suspected fraud"),
    "4000000000000127": ("fail", "incorrect security code"),
    "4000000000000341": ("pending", "authorised"),
    "4000000000000119": ("pending", "authorised"),
    "4000000000009235": ("pending", "authorised"),
    "4100000000000019": ("pending", "authorised"),
    "4000000000000259": ("pending", "authorised"),
}
SILENT = {"4000000000000408", "4000000000000416"}


def charge(number: str, minor: int = 2000, *, present: bool = True) -> Charge:
    return Charge("c", Money(minor, "USD"), SANDBOX.tokenise(a_card(number)), is_buyer_present=present)


def test_every_magic_card_can_be_typed_and_is_tried_here() -> None:
    assert ANSWERS.keys() | SILENT == MAGIC_CARDS.keys()
    for number in MAGIC_CARDS:
        assert brand_of(number).name == "visa"
        check_card(a_card(number), NOW)
        assert number not in SANDBOX.tokenise(a_card(number))
    assert SANDBOX.tokenise(a_card("4242424242424242")) == "sbx-approved"


@pytest.mark.parametrize("number", ANSWERS)
def test_a_magic_card_answers_as_promised(number: str) -> None:
    outcome = SANDBOX.authorise(charge(number))
    assert (outcome.status, outcome.response["gw_Message"]) == ANSWERS[number]
    assert outcome.response["gw_Cvv"] == ("N" if number.endswith("0127") else "M")
    assert SANDBOX.find("authorise", charge(number), "") == outcome


@pytest.mark.parametrize("number", sorted(SILENT))
def test_a_silent_card_is_silent(number: str) -> None:
    with pytest.raises(GatewaySilent):
        SANDBOX.authorise(charge(number))
    found = SANDBOX.find("authorise", charge(number), "")
    assert (found is None) == number.endswith("0416")


def test_a_card_may_fail_when_the_buyer_is_gone() -> None:
    assert SANDBOX.authorise(charge("4000000000000341", present=False)).status == "fail"
    assert SANDBOX.authorise(charge(VISA, present=False)).status == "pending"


def test_the_amounts_answer_whatever_the_card() -> None:
    outcome = SANDBOX.authorise(charge(VISA, 9902))
    assert (outcome.status, outcome.response["gw_Message"]) == ("fail", "card declined")


def test_reviews_end_as_the_card_says() -> None:
    day = timedelta(hours=24)
    assert SANDBOX.review(charge(VISA), "", timedelta(0)) == "pass"
    assert SANDBOX.review(charge("4100000000000019"), "", timedelta(0)) == "fail"
    assert SANDBOX.review(charge("4000000000009235"), "", day - timedelta(seconds=1)) is None
    assert SANDBOX.review(charge("4000000000009235"), "", day) == "pass"


def test_the_reference_lists_the_cards_and_their_answers() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/gateways.md").read_text()
    rows = {row[0]: row[1] for row in re.findall(r"^\| (\d{16}) \| (.*) \|$", page, re.MULTILINE)}
    assert rows.keys() == MAGIC_CARDS.keys()
    for number, (status, message) in ANSWERS.items():
        assert rows[number].startswith("approved" if status == "pending" else f"declined: {message}")
