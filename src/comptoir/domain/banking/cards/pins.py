"""PINs: decrypted, looked at, passed on and forgotten. Only when one was set is written down."""

from base64 import b64decode
from binascii import Error as NotBase64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from comptoir.domain.banking.cards.errors import (
    CardAccessMissing,
    CardStatusRefuses,
    NetworkUnknown,
    NoPinKey,
    PinOutOfRange,
    PinUnreadable,
)
from comptoir.domain.banking.cards.locking import require_unlocked
from comptoir.domain.banking.cards.models import ENDED_STATUSES, NETWORKS, Card
from comptoir.domain.banking.cards.queries import CardRow, take_card
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.tx import Tx

# RSA-OAEP-SHA1/256/384/512-MGF1 (1.6): the caller does not say which one was used.
HASHES: tuple[hashes.HashAlgorithm, ...] = (hashes.SHA256(), hashes.SHA1(), hashes.SHA384(), hashes.SHA512())  # noqa: S303 - published with the others
PIN_DIGITS_MAX = 4
CIPHERTEXT_CHARACTERS_MAX = 2000


def reset_pin(tx: Tx, *, customer_id: int, card_id: int, new_pin: str) -> CardRow:
    """Give a card another PIN, which comes encrypted for the program's key.

    Refuses: as require_customer, CardNotFound, CardAccessMissing, CardStatusRefuses, LockedBySystem,
    LockedForGood, CardLocked, as read_pin.
    """
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if customer_id not in {card.customer_id, card.holder_customer_id}:
        raise CardAccessMissing(customer_id, card.primary_account_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    require_unlocked(card)
    read_pin(get_program(tx), card.network, new_pin)
    tx.update(Card, card_id, pin_set_at=tx.now, updated_at=tx.now)
    tx.note("card.pin_reset", "card", card_id, after={"pin_set_at": tx.now.isoformat()})
    return card


def read_pin(program: ProgramFacts, network: str, sealed: str) -> None:
    """Look at a PIN on its way to the network. Refuses: NetworkUnknown, NoPinKey, PinUnreadable, PinOutOfRange."""
    if network not in NETWORKS:
        raise NetworkUnknown(network)
    if program.pin_key is None:
        raise NoPinKey
    text = _opened(program.pin_key, sealed).decode("ascii", "replace").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= PIN_DIGITS_MAX and int(text) > 0):
        raise PinOutOfRange


def _opened(pem: str, sealed: str) -> bytes:
    try:
        # Some clients break lines in what they encode.
        content = b64decode("".join(sealed[:CIPHERTEXT_CHARACTERS_MAX].split()), validate=True)
    except (NotBase64, ValueError):
        raise PinUnreadable from None
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    for algorithm in HASHES:
        try:
            return key.decrypt(content, padding.OAEP(padding.MGF1(algorithm), algorithm, None))
        except ValueError:
            continue
    raise PinUnreadable
