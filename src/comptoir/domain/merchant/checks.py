"""What a merchant's profile, terms, rates and ways to ship may not be."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.domain.identity.texts import Problem, email_problem, text_problems
from comptoir.domain.merchant.amounts import MILLION
from comptoir.domain.merchant.models import DEMO_MODES, RETURN_METHODS

ID_MAX = 2**62
MINOR_MAX = 10**12
DAYS_MAX = 3660
CURRENCY_LETTERS = 3
RATE_E8_MAX = 10**16
MINUTES_MAX = 60 * 24 * 30
COUNTRY = re.compile(r"[A-Z]{3}")
WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

LONG_TEXTS = ("site_description",)
TEXTS = (
    "name", "url", "affiliate_url", "site_category", "site_title", "soft_descriptor", "secret_word",
    "publishable_key", "private_key", "return_url", "pending_return_url", "service_email", "service_phone",
    "service_phone_ext", "office_email", "office_phone", "office_phone_ext", "mailing_address1",
    "mailing_address2", "mailing_city", "mailing_state", "mailing_postcode", "physical_address1",
    "physical_address2", "physical_city", "physical_state", "physical_postcode",
)  # fmt: skip
NUMBERS = {
    "vendor_id": (1, ID_MAX),
    "level_id": (0, ID_MAX),
    "mailing_id": (1, ID_MAX),
    "physical_id": (1, ID_MAX),
    "fraud_review_minutes": (0, MINUTES_MAX),
    "refund_days": (0, DAYS_MAX),
    "fee_ppm": (0, MILLION),
    "fee_fixed_minor": (0, MINOR_MAX),
    "chargeback_fee_minor": (0, MINOR_MAX),
    "reserve_ppm": (0, MILLION),
    "reserve_days": (0, DAYS_MAX),
    "payout_weekday": (0, 6),
    "payout_fee_minor": (0, MINOR_MAX),
    "release_level_minor": (0, MINOR_MAX),
}
CHOICES: dict[str, tuple[Any, ...]] = {"demo": DEMO_MODES, "return_method": RETURN_METHODS}
COUNTRIES = ("mailing_country", "physical_country")
WORDS = ("gateway", "payout_method")
EMAILS = ("service_email", "office_email")
ADDRESSES = ("return_url", "pending_return_url")


def profile_problems(values: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with what is said of the merchant."""
    return [
        *text_problems(values, short=TEXTS, long=LONG_TEXTS),
        *_each(values, ("name",), lambda text: bool(text.strip()), "must not be empty"),
        *number_problems(values),
        *(
            (name, f"must be one of {', '.join(map(str, known))}")
            for name, known in CHOICES.items()
            if name in values and values[name] not in known
        ),
        *_each(values, COUNTRIES, is_country, "must be a country's three letters, such as USA"),
        *_each(values, WORDS, WORD.fullmatch, "must be a word of small letters, digits, - and _"),
        *_each(values, EMAILS, lambda text: not text or not email_problem(text), "must be an e-mail address"),
        *_each(values, ADDRESSES, _is_address, "must begin with http:// or https://"),
    ]


def number_problems(values: Mapping[str, Any]) -> list[Problem]:
    """Numbers outside of what they may be."""
    return [
        (name, f"must be between {least} and {most}")
        for name, (least, most) in NUMBERS.items()
        if name in values and not least <= values[name] <= most
    ]


def rate_problems(currency: str, rate_e8: int, own: str) -> list[Problem]:
    """What is wrong with an exchange rate of a shop whose own currency this is."""
    problems = []
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        problems.append(("currency", "must be a currency code such as USD"))
    elif currency == own:
        problems.append(("currency", "is the shop's own"))
    if not 0 < rate_e8 <= RATE_E8_MAX:
        problems.append(("rate_e8", "must be above zero, and no giant"))
    return problems


def tax_problems(row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a tax."""
    problems = text_problems(row, short=("state", "name"))
    if not row["country"] or not is_country(row["country"]):
        problems.append(("country", "must be a country's three letters, such as USA"))
    if not 0 <= row["rate_ppm"] <= MILLION:
        problems.append(("rate_ppm", "must be between 0 and 100 per cent"))
    return problems


def method_problems(row: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a way to ship."""
    problems = text_problems(row, short=("name", "carrier"))
    if not row["name"].strip():
        problems.append(("name", "must not be empty"))
    problems += [
        (name, "must be zero or more, and no giant")
        for name in ("price_e4", "further_piece_e4")
        if not 0 <= row[name] <= MINOR_MAX
    ]
    if not all(country and is_country(country) for country in row["countries"]):
        problems.append(("countries", "must be countries' three letters, such as USA"))
    return problems


def is_country(text: str) -> bool:
    """Whether a text is nothing, or the three letters of a country."""
    return not text or COUNTRY.fullmatch(text) is not None


def _is_address(text: str) -> bool:
    return not text or text.startswith(("http://", "https://"))


def _each(values: Mapping[str, Any], names: Iterable[str], is_right: Any, problem: str) -> list[Problem]:
    return [(name, problem) for name in names if name in values and not is_right(values[name])]
