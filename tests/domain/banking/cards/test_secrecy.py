"""No number, no PIN and no security code is kept or told: not in a row, an event, a file or the log."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest
import structlog
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from comptoir.domain.banking.cards import numbers
from comptoir.domain.banking.cards.numbers import check_digit
from comptoir.domain.banking.cards.pins import reset_pin
from comptoir.domain.banking.cards.reissuing import reissue_card
from comptoir.domain.banking.program.queries import pin_key_of
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.cards.given import CardBank, kept

PIN = "7391"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The whole numbers that were drawn, as they were."""
    seen: list[str] = []

    def watched(digits: str) -> str:
        seen.append(digits + check_digit(digits))
        return check_digit(digits)

    monkeypatch.setattr(numbers, "check_digit", watched)
    return seen


def sealed_pin(tx: Tx) -> str:
    pem = pin_key_of(tx)
    assert pem is not None
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    digest = hashes.SHA256()
    scheme = padding.OAEP(padding.MGF1(digest), digest, None)
    return b64encode(key.public_key().encrypt(PIN.encode(), scheme)).decode()


def reissue(bank: CardBank, reason: str) -> None:
    which = {"customer_id": bank.customer_id, "card_id": bank.card_id}
    bank.shop.write(lambda tx: reissue_card(tx, reason=reason, **which))


def test_nothing_secret_of_a_card_is_kept_or_told(shop: OpenShop, drawn: list[str]) -> None:
    with structlog.testing.capture_logs() as told:
        bank = CardBank(shop)
        for _ in range(3):
            bank.card()
        for reason in ("LST", "DMG", "NCN"):
            reissue(bank, reason)
        pin = shop.read(sealed_pin)
        shop.write(lambda tx: reset_pin(tx, customer_id=bank.customer_id, card_id=bank.card_id, new_pin=pin))
        bank.change(bank.card_id, status="Verified")
        bank.posted(100)
    assert len(drawn) == 6
    assert all(re.fullmatch(r"448590\d{10}", number) for number in drawn)
    everything = kept(shop) + repr(told).encode()
    for number in drawn:
        for form in (number, re.sub(r"(\d{4})(?=\d)", r"\1 ", number), number[6:], number[:-1]):
            assert form.encode() not in everything, form
    assert pin.encode() not in everything
    assert not re.search(rb"(?<![0-9A-Za-z])7391(?![0-9A-Za-z])", everything)
    # The end of the present number is there, and when the PIN was set.
    assert bank.shown().last_four == drawn[-1][-4:]
    assert bank.shown().pin_set_at == bank.now


@pytest.mark.parametrize(
    ("digits", "last"), [("7992739871", "3"), ("411111111111111", "1"), ("555555555555444", "4"), ("0", "0")]
)
def test_the_last_digit_makes_a_number_valid(digits: str, last: str) -> None:
    assert check_digit(digits) == last
