"""What a wallet gets of a card can be read by the owner of the certificate, and by nobody else."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.x509.oid import NameOID

from comptoir.domain.banking.cards.wallets import NONCE, ApplePass, seal_for_apple, seal_for_google
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import OpenShop
from tests.domain.banking.cards.given import WEDNESDAY, CardBank


def certified(key: CertificateIssuerPrivateKeyTypes) -> str:
    """A certificate of a key, as base64."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wallet")])
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, serial_number=1)
        .public_key(key.public_key())
        .not_valid_before(WEDNESDAY)
        .not_valid_after(WEDNESDAY + timedelta(days=1))
        .sign(key, digest)
    )
    return b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def sealed(bank: CardBank, certificate: str) -> ApplePass:
    return bank.shop.write(
        lambda tx: seal_for_apple(
            tx, customer_id=bank.customer_id, card_id=bank.card_id, certificates=[certificate], nonce="AQID",
            signature="BAUG",
        )
    )  # fmt: skip


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_the_owner_of_the_certificate_reads_the_card(shop: OpenShop, curve: ec.EllipticCurve) -> None:
    bank = CardBank(shop)
    reader = ec.generate_private_key(curve)
    made = sealed(bank, certified(reader))
    point = ec.EllipticCurvePublicKey.from_encoded_point(curve, b64decode(made.ephemeral_public_key))
    derived = ConcatKDFHash(hashes.SHA256(), 32, b"\x0did-aes256-GCMApple")
    box = AESGCM(derived.derive(reader.exchange(ec.ECDH(), point)))
    read = json.loads(box.decrypt(NONCE, b64decode(made.encrypted_pass_data), None))
    last_four = bank.shown().last_four
    assert read == {
        "cardReference": f"card-{bank.card_id}-{last_four}", "expiration": "03/29", "name": "Ada Lovelace",
        "network": "VS", "nonce": "010203", "signature": "040506", "suffix": last_four,
    }  # fmt: skip
    assert sealed(bank, certified(reader)) != made


def test_a_certificate_of_another_kind_is_refused(shop: OpenShop) -> None:
    bank = CardBank(shop)
    with pytest.raises(Invalid, match="elliptic curve"):
        sealed(bank, certified(ed25519.Ed25519PrivateKey.generate()))


def test_each_device_gets_a_text_of_its_own(shop: OpenShop) -> None:
    bank = CardBank(shop)

    def ask(device: str) -> str:
        return shop.write(
            lambda tx: seal_for_google(
                tx,
                customer_id=bank.customer_id,
                card_id=bank.card_id,
                wallet_account_id="w",
                device_id=device,
            )
        )

    texts = [ask("one"), ask("one"), ask("two")]
    assert len(set(texts)) == 3
    assert all(b"Lovelace" not in b64decode(text) for text in texts)
