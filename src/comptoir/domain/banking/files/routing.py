"""Routing numbers: whether one can be right, and whose it is, as far as `banks.toml` knows."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

ROUTING_LENGTH = 9
SANDBOX_ROUTING = "123456789"
# Federal Reserve districts, thrifts, electronic numbers and traveller's cheques have numbers of their own.
PREFIXES = frozenset((*range(13), *range(21, 33), *range(61, 73), 80))
WEIGHTS = (3, 7, 1) * 3
MODULUS = 10

NOT_DIGITS, NOT_NINE, NOT_VALID = "must be numeric", "must be 9 digits long", "is not a valid routing number"


class BankFacts(NamedTuple):
    """What is known of a bank."""

    routing_number: str
    name: str
    city: str = ""
    state: str = ""
    swift: str = ""
    url: str = ""
    phone: str = ""


def routing_problem(text: str) -> str | None:
    """What is wrong with a routing number, if anything; the sandbox's own is right though it does not add up."""
    if not (text.isascii() and text.isdigit()):
        return NOT_DIGITS
    if len(text) != ROUTING_LENGTH:
        return NOT_NINE
    if text == SANDBOX_ROUTING:
        return None
    return None if int(text[:2]) in PREFIXES and check_digit(text[:8]) == text[8] else NOT_VALID


def check_digit(first_eight: str) -> str:
    """The ninth digit that makes a routing number add up."""
    total = sum(int(digit) * weight for digit, weight in zip(first_eight, WEIGHTS, strict=False))
    return str(-total % MODULUS)


def bank_of(routing_number: str) -> BankFacts | None:
    """The bank that has a routing number, if it is a known one."""
    return _directory().get(routing_number)


@cache
def _directory() -> dict[str, BankFacts]:
    text = files("comptoir.domain.banking.files").joinpath("banks.toml").read_text(encoding="utf-8")
    return {row["routing_number"]: BankFacts(**row) for row in tomllib.loads(text)["banks"]}
