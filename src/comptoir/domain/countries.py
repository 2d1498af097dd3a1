"""Countries: their three letters (ISO 3166, alpha-3), from whatever people write for one, and their names."""

from functools import cache

# Codes of states that are no more, which stand for their successors' as well.
_FORMER = frozenset("ANT BUR DDR FXX SCG SUN TMP YMD YUG ZAR".split())
# Listed with the countries, but no countries: regions, and codes set apart for tests.
_NO_COUNTRIES = frozenset("EU EZ QO UN XA XB ZZ".split())


@cache
def countries(language: str = "en") -> dict[str, str]:
    """The name of every country in a language, by its three letters, in the order of the names."""
    from babel.core import Locale  # noqa: PLC0415 - loaded when it is first asked for

    names = Locale.parse(language).territories
    found = {alpha3: names[alpha2] for alpha2, alpha3 in _codes().items() if alpha2 in names}
    return dict(sorted(found.items(), key=lambda each: each[1].casefold()))


def country_name(alpha3: str, language: str = "en") -> str:
    """The country's name, or nothing for what is no country."""
    return countries(language).get(alpha3, "")


def country_of(text: str) -> str:
    """The three letters of a country given by its two or three letters or its English name; else nothing."""
    return _spellings().get(_folded(text), "")


def two_letters_of(alpha3: str) -> str:
    """The two letters of a country, or nothing for what is no country."""
    return _shorter().get(alpha3, "")


@cache
def _shorter() -> dict[str, str]:
    return {alpha3: alpha2 for alpha2, alpha3 in _codes().items()}


@cache
def _codes() -> dict[str, str]:
    """Two letters to three."""
    from babel.core import Locale, get_global  # noqa: PLC0415 - loaded when it is first asked for

    named = Locale("en").territories
    return {
        alpha2[0]: alpha3
        for alpha3, alpha2 in get_global("territory_aliases").items()
        if len(alpha3) == 3 and alpha3.isalpha() and len(alpha2) == 1
        if alpha3 not in _FORMER and alpha2[0] not in _NO_COUNTRIES and alpha2[0] in named
    }


@cache
def _spellings() -> dict[str, str]:
    said = {_folded(name): alpha3 for alpha3, name in countries().items()}
    said |= {_folded(alpha2): alpha3 for alpha2, alpha3 in _codes().items()}
    said |= {_folded(alpha3): alpha3 for alpha3 in countries()}
    return said | {_folded(name): alpha3 for name, alpha3 in _ALSO.items()}


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


# Names that are in use beside the ones that the locale data has.
_ALSO = {
    "United States of America": "USA",
    "U.K.": "GBR",
    "Great Britain": "GBR",
    "England": "GBR",
    "Hong Kong": "HKG",
    "Macau": "MAC",
    "Russian Federation": "RUS",
    "Korea, Republic of": "KOR",
    "Czech Republic": "CZE",
    "Turkey": "TUR",
    "Viet Nam": "VNM",
}
