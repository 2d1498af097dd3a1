from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

PROFILE = """
[merchant]
name = "Fake Company"
vendor_id = 1817037
secret_word = "tango"
fee_percent = 5.5
fee_fixed = 0.45
release_level = 15
payout_weekday = "Tuesday"

[[rates]]
currency = "USD"
since = 2026-01-01
rate = 0.65432100

[[taxes]]
country = "USA"
state = "oh"
percent = 7.25
on_shipping = true

[[shipping]]
name = "Ground"
price = 7.50
further_piece = 1.00
countries = ["USA", "CAN"]
"""


def test_a_new_shop_has_its_own_number_and_secrets(run: Run) -> None:
    told = run("merchant", "show", "--json").told
    assert len(told["vendor_id"]) == 9
    assert (told["gateway"], told["demo"], told["payout_weekday"]) == ("sandbox", "P", "monday")
    assert (told["secret_word"], told["private_key"]) == ("(set)", "(set)")
    open_ = run("merchant", "show", "--secrets", "--json").told
    assert len(open_["secret_word"]) == 16
    assert len(open_["private_key"]) == 36
    assert open_["private_key"] not in run("merchant", "show").out


def test_what_is_set_is_shown_as_it_was_said(run: Run) -> None:
    said = {"fee_percent": "5.5", "fee_fixed": "0.45", "reserve_percent": "3", "payout_weekday": "friday",
            "vendor_id": "250111206876", "release_level": "15.00", "name": "A = B"}  # fmt: skip
    assert run("merchant", "set", *(f"{name}={value}" for name, value in said.items())).code == 0
    assert said.items() <= run("merchant", "show", "--json").told.items()
    assert "fee_percent           5.5" in run("merchant", "show").out
    assert '"secret' not in run("events", "--subject", "merchant", "--json").out.splitlines()[-1]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("fee_percent=101", "fee_percent must be between"),
        ("fee_percent=abc", "fee_percent must be a number"),
        ("fee_fixed=0.455", "fee_fixed must be a number, with no more decimals"),
        ("payout_weekday=t", "payout_weekday must be one of monday"),
        ("demo=X", "demo must be one of Y, N, P"),
        ("colour=red", "colour is none of"),
        ("reserve_percent=NaN", "reserve_percent must be a number"),
        ("vendor_id", "is no KEY=VALUE"),
    ],
)
def test_what_cannot_be_set_is_a_sentence(run: Run, said: str, words: str) -> None:
    before = run("merchant", "show", "--secrets").out
    answer = run("merchant", "set", "name=Other", said)
    assert (answer.code != 0, words in answer.err) == (True, True), answer.err
    assert run("merchant", "show", "--secrets").out == before


def test_a_profile_is_loaded_as_a_whole(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "merchant.toml"
    file.write_text(PROFILE)
    assert run("merchant", "load", str(file), "--json").told == {
        "merchant": 7, "rates": 1, "taxes": 1, "shipping": 1,
    }  # fmt: skip
    assert run("merchant", "load", str(file)).code == 0
    told = run("merchant", "show", "--json").told
    assert (told["vendor_id"], told["fee_percent"], told["fee_fixed"], told["payout_weekday"]) == (
        "1817037", "5.5", "0.45", "tuesday",
    )  # fmt: skip
    assert run("merchant", "rates", "list", "--json").told == [
        {"currency": "USD", "since": "2026-01-01", "rate": "0.654321"}
    ]
    assert run("merchant", "taxes", "list", "--json").told == [
        {"country": "USA", "state": "OH", "name": "Sales tax", "percent": "7.25", "on_shipping": True}
    ]
    (way,) = run("merchant", "shipping", "list", "--json").told
    assert (way["price"], way["further_piece"], way["countries"]) == ("7.5000", "1.0000", ["USA", "CAN"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("[[taxes]]\ncountry = 'AUS'", "percent is missing"),
        ("[[rates]]\ncurrency = 'EUR'\nsince = 'x'\nrate = 1", "since must be a day"),
        ("[[rates]]\ncurrency = 'EUR'\nsince = 2026-01-01\nrate = 'x'", "rate must be a number"),
        ("[[shipping]]\nname = 'x'\nprice = 1\ncolour = 'red'", "colour is unknown here"),
        ("[[shipping]]\nname = 'x'\nprice = 1\ncountries = 'USA'", "countries must be a list"),
        ("[others]\nname = 'x'", "others is none of merchant"),
        ("taxes = 5", "taxes must be tables"),
        ("[merchant", "cannot be read"),
    ],
)
def test_a_profile_with_one_fault_changes_nothing(run: Run, tmp_path: Path, more: str, words: str) -> None:
    before = run("merchant", "show", "--secrets").out
    file = tmp_path / "merchant.toml"
    file.write_text(more if more == "taxes = 5" else f"[merchant]\nname = 'Other'\n{more}")
    answer = run("merchant", "load", str(file))
    assert (answer.code != 0, words in answer.err) == (True, True), answer.err
    assert run("merchant", "show", "--secrets").out == before


def test_keys_are_rotated(run: Run) -> None:
    before = run("merchant", "show", "--secrets", "--json").told
    made = run("merchant", "keys", "rotate", "--json").told
    now = run("merchant", "show", "--secrets", "--json").told
    assert (now["publishable_key"], now["private_key"]) == (made["publishable_key"], made["private_key"])
    assert now["private_key"] != before["private_key"]
    assert made["private_key"] not in run("events", "--json").out


def test_rates_taxes_and_ways_come_and_go(run: Run) -> None:
    assert run("merchant", "rates", "set", "EUR", "0.92", "--since", "2026-02-03").out == (
        "EUR: 0.92 from 2026-02-03 on\n"
    )
    assert run("merchant", "rates", "set", "JPY", "97").code == 0
    assert len(run("merchant", "rates", "list", "--json").told) == 2
    assert run("merchant", "rates", "remove", "EUR", "2026-02-03").code == 0
    assert "there is no exchange rate" in run("merchant", "rates", "remove", "EUR", "2026-02-03").err
    assert "the shop's own" in run("merchant", "rates", "set", "AUD", "1").err
    assert run("merchant", "taxes", "set", "AUS", "10", "--on-shipping").code == 0
    assert run("merchant", "taxes", "remove", "AUS").code == 0
    assert "there is no tax rate AUS" in run("merchant", "taxes", "remove", "AUS").err
    made = run("merchant", "shipping", "add", "Post", "5", "--country", "AUS", "--country", "NZL", "--json")
    assert "is taken" in run("merchant", "shipping", "add", "Post", "6").err
    assert run("merchant", "shipping", "remove", str(made.told["id"])).code == 0
    assert run("merchant", "shipping", "list").out == "There are no ways to ship yet.\n"
