"""The words of the pages: the catalogue is up to date, translations are whole, links' languages are known."""

from importlib.resources import files
from typing import Any

import pytest
from babel.core import Locale
from babel.messages.pofile import read_po

from comptoir.domain.checkout.carts import Period
from comptoir.storefront.words import LANGUAGES, speech_of
from scripts.words import TEMPLATE, gathered, written

FOLDER = files("comptoir.storefront") / "locale"
TRANSLATIONS = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".po"))


def catalogue(name: str) -> Any:
    with (FOLDER / name).open("rb") as file:
        return read_po(file)


def test_the_catalogue_holds_every_text_of_the_pages() -> None:
    assert TEMPLATE.read_text() == written(gathered()), "run python scripts/words.py"


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_translation_is_whole_and_keeps_the_places_for_values(name: str) -> None:
    template = {message.id: message for message in gathered() if message.id}
    found = {message.id: message for message in catalogue(name) if message.id}
    assert found.keys() == template.keys()
    for text, message in found.items():
        assert message.string, text
        values = dict.fromkeys(("count", "number", "name", "left", "amount", "shop", "digits", "words"), "7")
        assert (text % values).count("7") == (message.string % values).count("7"), text


@pytest.mark.parametrize("wanted", LANGUAGES)
def test_every_language_of_a_link_can_be_shown(wanted: str) -> None:
    speech = speech_of(wanted)
    assert str(Locale.parse(speech.code)) == speech.code
    assert speech.money(123_456, "EUR")


def test_a_language_without_a_catalogue_is_english() -> None:
    assert {speech_of(wanted).code for wanted in ("fr", "xx", "", "../de")} == {"en"}


def test_german_is_german() -> None:
    speech = speech_of("gr")
    assert (speech.code, speech.say("Total")) == ("de", "Summe")
    assert speech.money(123_450, "EUR") == "1.234,50\N{NO-BREAK SPACE}€"
    assert speech.every(Period(2, "week")) == "alle 2 Wochen"
    assert speech.during(Period(1, "year")) == "für 1 Jahr"


@pytest.mark.parametrize(("currency", "text"), [("JPY", "¥250"), ("USD", "$2.50"), ("BHD", "BHD0.250")])
def test_amounts_have_the_places_of_their_currency(currency: str, text: str) -> None:
    assert speech_of("en").money(250, currency) == text
