"""PINs: decrypted, looked at, passed on and forgotten. Only when one was set is written down."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64

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
from comptoir.domain.banking.program.deciphering import DIGESTS, decipher, encipher
from comptoir.domain.banking.program.queries import pin_key_of
from comptoir.domain.tx import Tx

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
    read_pin(tx, card.network, new_pin)
    tx.update(Card, card_id, pin_set_at=tx.now, updated_at=tx.now)
    tx.note("card.pin_reset", "card", card_id, after={"pin_set_at": tx.now.isoformat()})
    return card


def read_pin(tx: Tx, network: str, sealed: str) -> None:
    """Look at a PIN on its way to the network. Refuses: NetworkUnknown, NoPinKey, PinUnreadable, PinOutOfRange."""
    if network not in NETWORKS:
        raise NetworkUnknown(network)
    pem = pin_key_of(tx)
    if pem is None:
        raise NoPinKey
    text = _opened(pem, sealed).decode("ascii", "replace").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= PIN_DIGITS_MAX and int(text) > 0):
        raise PinOutOfRange


def seal_pin(tx: Tx, pin: str) -> str:
    """A PIN that was typed here, encrypted as one that comes from elsewhere. Refuses: PinOutOfRange, NoPinKey."""
    if not (pin.isascii() and len(pin) <= PIN_DIGITS_MAX):
        raise PinOutOfRange
    pem = pin_key_of(tx)
    if pem is None:
        raise NoPinKey
    return b64encode(encipher(pem, pin.encode(), DIGESTS["256"])).decode()


def _opened(pem: str, sealed: str) -> bytes:
    """What was encrypted; the caller does not say by which of the algorithms (1.6)."""
    try:
        # Some clients break lines in what they encode.
        content = b64decode("".join(sealed[:CIPHERTEXT_CHARACTERS_MAX].split()), validate=True)
    except (NotBase64, ValueError):
        raise PinUnreadable from None
    for digest in DIGESTS.values():
        opened = decipher(pem, content, digest)
        if opened is not None:
            return opened
    raise PinUnreadable
