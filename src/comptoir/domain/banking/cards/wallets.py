"""Bringing a card into a telephone's wallet: its data, sealed so that the wallet's maker alone can read them.

The number is not known here: what stands in its place is the producer's reference, from which the network finds
the card. Nothing of this is kept but that it was asked for.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

from comptoir.domain.banking.cards.errors import CardStatusRefuses
from comptoir.domain.banking.cards.queries import CardRow, get_card
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

FEATURE = "card_provisioning"
APPLE, GOOGLE = "Apple", "Google"
CERTIFICATES_MAX = 10
TEXT_MAX = 20_000
KEY_BYTES = 32
# One key seals one message only, so that its nonce may be the same always (as Apple's scheme has it).
NONCE = bytes(16)


class ApplePass(NamedTuple):
    """What Apple's wallet takes, each as base64."""

    encrypted_pass_data: str
    activation_data: str
    ephemeral_public_key: str


def get_card_for_wallet(tx: Tx, *, customer_id: int, card_id: int) -> CardRow:
    """A card that may be brought into a wallet.

    Refuses: NotEnabled, as require_customer, CardNotFound, CardStatusRefuses.
    """
    require_feature(get_program(tx), FEATURE)
    require_customer(tx, customer_id)
    card = get_card(tx, customer_id, card_id)
    if not card.is_in_use:
        raise CardStatusRefuses(card_id, card.status)
    return card


def seal_for_apple(
    tx: Tx, *, customer_id: int, card_id: int, certificates: list[str], nonce: str, signature: str
) -> ApplePass:
    """A card's data for the owner of the first certificate.

    Refuses: as get_card_for_wallet, Invalid (certificates, nonce, signature).
    """
    card = get_card_for_wallet(tx, customer_id=customer_id, card_id=card_id)
    if not 0 < len(certificates) <= CERTIFICATES_MAX:
        raise Invalid("certificates", f"must be 1 to {CERTIFICATES_MAX}")
    reader = _public_key(certificates[0])
    said = {"nonce": _decoded("nonce", nonce).hex(), "signature": _decoded("signature", signature).hex()}
    own = ec.generate_private_key(reader.curve)
    derived = ConcatKDFHash(hashes.SHA256(), KEY_BYTES, b"\x0did-aes256-GCMApple")
    sealed = AESGCM(derived.derive(own.exchange(ec.ECDH(), reader)))
    data = json.dumps({**_facts(card), **said}, sort_keys=True).encode()
    point = own.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    activation = sha256(f"{_reference(card)} {said['nonce']} {tx.ids.secret(16)}".encode()).digest()
    _note(tx, card, APPLE)
    return ApplePass(_text(sealed.encrypt(NONCE, data, None)), _text(activation), _text(point))


def seal_for_google(tx: Tx, *, customer_id: int, card_id: int, wallet_account_id: str, device_id: str) -> str:
    """A card's data as one opaque text that is good for one device of one wallet.

    Refuses: as get_card_for_wallet, Invalid (wallet_account_id, device_id).
    """
    card = get_card_for_wallet(tx, customer_id=customer_id, card_id=card_id)
    for field, value in (("wallet_account_id", wallet_account_id), ("device_id", device_id)):
        if not value.strip():
            raise Invalid(field, "is required")
    data = json.dumps({**_facts(card), "wallet": wallet_account_id, "device": device_id}, sort_keys=True)
    # The network's key is not ours to have: the network is asked by the reference of this text.
    key = AESGCM(bytes.fromhex(tx.ids.secret(KEY_BYTES)))
    _note(tx, card, GOOGLE)
    return _text(key.encrypt(NONCE, data.encode(), None))


def _note(tx: Tx, card: CardRow, wallet: str) -> None:
    tx.note("card.sealed_for_wallet", "card", card.id, after={"wallet": wallet})


def _facts(card: CardRow) -> dict[str, str]:
    return {
        "cardReference": _reference(card),
        "expiration": f"{card.expire_month:02d}/{(card.expire_year or 0) % 100:02d}",
        "name": f"{card.first_name} {card.last_name}",
        "network": card.network,
        "suffix": card.last_four,
    }


def _reference(card: CardRow) -> str:
    return f"card-{card.id}-{card.last_four}"


def _public_key(certificate: str) -> ec.EllipticCurvePublicKey:
    try:
        key = x509.load_der_x509_certificate(_decoded("certificates", certificate)).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Invalid(
            "certificates", "hold something that is no X.509 certificate, or one of unknown kind"
        ) from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Invalid("certificates", "must begin with one of an elliptic curve")
    return key


def _decoded(field: str, text: str) -> bytes:
    try:
        content = b64decode("".join(text[:TEXT_MAX].split()), validate=True)
    except (NotBase64, ValueError):
        content = b""
    if not content:
        raise Invalid(field, "must be base64")
    return content


def _text(content: bytes) -> str:
    return b64encode(content).decode()
