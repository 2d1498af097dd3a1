"""Countries as people write them."""

import pytest

from comptoir.domain.countries import countries, country_name, country_of


@pytest.mark.parametrize(
    ("text", "alpha3"),
    [
        ("USA", "USA"), ("us", "USA"), ("United States", "USA"), ("united states of america", "USA"),
        (" Germany ", "DEU"), ("Turkey", "TUR"), ("Türkiye", "TUR"), ("Russian Federation", "RUS"),
        ("cote d'ivoire", ""), ("Côte d'Ivoire", "CIV"), ("DDR", ""), ("Atlantis", ""), ("", ""), ("XYZ", ""),
    ],
)  # fmt: skip
def test_a_country_is_known_by_letters_or_name(text: str, alpha3: str) -> None:
    assert country_of(text) == alpha3


def test_every_country_has_three_letters_and_a_name_that_leads_back() -> None:
    assert len(countries()) > 240
    for alpha3, name in countries().items():
        assert (len(alpha3), country_of(alpha3), country_of(name)) == (3, alpha3, alpha3)


def test_names_are_told_in_the_language_asked_for() -> None:
    assert country_name("DEU", "de") == "Deutschland"
    assert not country_name("DDR")
