"""The words of the pages: languages, amounts, periods, and what is said when something cannot be taken.

English stands in the sources and the templates. Another language is a catalogue, `locale/<language>.po`; as long
as there is none, its pages are in English.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from comptoir.domain.checkout.carts import Period
from comptoir.domain.checkout.errors import CardDeclined, CouponTooMuch, SoldOut
from comptoir.domain.coupons.errors import BelowMinimum, CouponExpired, CouponNotFound, WrongProduct
from comptoir.domain.money import decimal_of_minor

if TYPE_CHECKING:
    from babel.support import Translations

# What links call a language (reference 8.1), where it is not the language's own code.
LANGUAGES = {
    "zh": "zh", "da": "da", "nl": "nl", "fr": "fr", "gr": "de", "el": "el", "it": "it", "jp": "ja", "no": "nb",
    "pt": "pt", "sl": "sl", "es_ib": "es", "es_la": "es_419", "sv": "sv", "en": "en",
}  # fmt: skip
ENGLISH = "en"
_TOO_LONG = re.compile(r"is longer than (\d+) characters")


def marked(text: str) -> str:
    """A text that is translated where it is shown."""
    return text


FILL_IN = marked("Please fill this in.")
SHORTER = marked("Please use at most %(count)s characters.")
PROBLEMS = {
    "is missing": FILL_IN,
    "must be an e-mail address": marked("Please enter an e-mail address, such as name@example.com."),
    "is no country that we know": marked("Please choose a country from the list."),
}
NOT_LIKE_THIS = marked("This cannot be taken as it is. Please check it.")
CARD_PROBLEMS = {
    "number": marked("This is no card number. Please check its digits."),
    "expiry_month": marked("Please enter the month and year that are on the card, such as 08/30."),
    "expiry_year": marked("Please check the date: this card has expired, or cannot be valid for so long."),
    "security_code": marked("Please enter the security code: 3 digits on the back, or 4 on the front."),
}
DECLINES = {
    "insufficient funds": marked("There is not enough money on this card. Please try another one."),
    "card expired": marked("This card has expired. Please try another one."),
    "incorrect security code": marked("The security code does not belong to this card. Please check it."),
}
DECLINED = marked(
    "Your card was declined, and nothing was charged. Please check what you entered, or try another card."
)
COUPON_PROBLEMS: dict[type[Exception], str] = {
    CouponNotFound: marked("There is no such coupon. Please check its letters."),
    CouponExpired: marked("This coupon is no longer valid."),
    WrongProduct: marked("This coupon is for other products."),
    BelowMinimum: marked("This coupon is for larger purchases."),
    CouponTooMuch: marked("With this coupon there would be nothing to pay, and that cannot be ordered here."),
}
SOLD_OUT = marked("There are only %(left)s left of %(name)s.")
ALL_GONE = marked("%(name)s is sold out.")
EVERY = {
    "week": (marked("every week"), marked("every %(count)s weeks")),
    "month": (marked("every month"), marked("every %(count)s months")),
    "year": (marked("every year"), marked("every %(count)s years")),
}
DURING = {
    "week": (marked("for 1 week"), marked("for %(count)s weeks")),
    "month": (marked("for 1 month"), marked("for %(count)s months")),
    "year": (marked("for 1 year"), marked("for %(count)s years")),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """A language: its code, and what a text is in it."""

    code: str
    say: Callable[[str], str]

    def money(self, minor: int, currency: str) -> str:
        """An amount as it is written."""
        from babel.numbers import format_currency  # noqa: PLC0415 - loaded when it is first asked for

        amount = decimal_of_minor(minor, currency)
        return format_currency(amount, currency, locale=self.code, currency_digits=True)

    def every(self, period: Period) -> str:
        """How often something is paid."""
        return self._counted(EVERY, period)

    def during(self, period: Period) -> str:
        """How long something is paid."""
        return self._counted(DURING, period)

    def problem(self, problem: str) -> str:
        """What is said of a value that cannot be taken."""
        match = _TOO_LONG.fullmatch(problem)
        if match is not None:
            return self.say(SHORTER) % {"count": match[1]}
        return self.say(PROBLEMS.get(problem, NOT_LIKE_THIS))

    def sold_out(self, error: SoldOut) -> str:
        """That there are not so many pieces."""
        return self.say(SOLD_OUT if error.left else ALL_GONE) % {"left": error.left, "name": error.name}

    def declined(self, error: CardDeclined) -> str:
        """That a card was not taken; why, only where it helps the buyer."""
        return self.say(DECLINES.get(error.reason, DECLINED))

    def coupon(self, error: Exception) -> str:
        """That a coupon takes nothing off."""
        return self.say(COUPON_PROBLEMS[type(error)])

    def card(self, field: str) -> str:
        """What is wrong with a card."""
        return self.say(CARD_PROBLEMS.get(field, DECLINED))

    def _counted(self, words: dict[str, tuple[str, str]], period: Period) -> str:
        one, many = words[period.unit]
        return self.say(one) if period.count == 1 else self.say(many) % {"count": period.count}


@cache
def speech_of(wanted: str) -> Speech:
    """The language that a link asks for, if there is a catalogue for it; else English."""
    locale = LANGUAGES.get(wanted, ENGLISH)
    for code in dict.fromkeys((locale, locale.partition("_")[0])):
        found = catalogue(code)
        if found is not None:
            return Speech(code, found.ugettext)
    return Speech(ENGLISH, str)


def catalogue(code: str) -> "Translations | None":
    """The texts of a language; None where there are none."""
    from babel.core import Locale  # noqa: PLC0415 - loaded when it is first asked for
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415
    from babel.support import Translations  # noqa: PLC0415

    source = files(__package__).joinpath("locale", f"{code}.po")
    if code == ENGLISH or not source.is_file():
        return None
    with source.open("rb") as file:
        read = read_po(file, locale=Locale.parse(code))
    written = BytesIO()
    write_mo(written, read)
    written.seek(0)
    return Translations(written)
