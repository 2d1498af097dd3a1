import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.banking.files.routing import (
    NOT_DIGITS,
    NOT_NINE,
    NOT_VALID,
    SANDBOX_ROUTING,
    bank_of,
    check_digit,
    routing_problem,
)

BANKS = tomllib.loads(files("comptoir.domain.banking.files").joinpath("banks.toml").read_text())["banks"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("021000021", None),
        ("091000019", None),
        (SANDBOX_ROUTING, None),
        ("021000012", NOT_VALID),  # two digits changed places
        ("123456788", NOT_VALID),
        ("991000012", NOT_VALID),  # adds up, but nobody has 99
        ("330000008", NOT_VALID),  # nobody has 33 either
        ("02100002", NOT_NINE),
        ("0210000210", NOT_NINE),
        ("02100002x", NOT_DIGITS),
        ("", NOT_DIGITS),
        ("0210-0002", NOT_DIGITS),
        ("٠٢١٠٠٠٠٢١", NOT_DIGITS),
        ("²21000021", NOT_DIGITS),
    ],
)
def test_a_routing_number_is_nine_digits_that_add_up(text: str, problem: str | None) -> None:
    assert routing_problem(text) == problem


def test_a_number_that_begins_like_no_bank_fails_though_it_adds_up() -> None:
    assert check_digit("99100001") == "2"
    assert check_digit("33000000") == "0"
    assert routing_problem("330000000") == NOT_VALID


@given(first=st.text("0123456789", min_size=8, max_size=8), place=st.integers(0, 8), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first: str, place: int, by: int) -> None:
    right = first + check_digit(first)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert check_digit(wrong[:8]) != wrong[8]


def test_the_sandbox_bank_and_the_known_banks_have_their_names() -> None:
    sandbox = bank_of(SANDBOX_ROUTING)
    chase = bank_of("021000021")
    assert sandbox is not None
    assert sandbox.name == "COREPRO SANDBOX BANK"
    assert chase is not None
    assert (chase.name, chase.city, chase.state) == ("JPMorgan Chase Bank, N.A.", "New York", "NY")
    assert bank_of("011401533") is None
    assert bank_of("") is None


def test_every_bank_of_the_directory_has_a_number_of_its_own_that_can_be_right() -> None:
    numbers = [bank["routing_number"] for bank in BANKS]
    assert len(set(numbers)) == len(numbers) == 51
    assert [number for number in numbers if routing_problem(number)] == []
