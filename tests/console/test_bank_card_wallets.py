"""Cards brought into the wallets of telephones: what the app asks with is typed, what it takes is shown once."""

import json
from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.cards.wallets import NONCE
from comptoir.domain.banking.program.models import Program
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.cards.given import CardBank
from tests.domain.banking.cards.test_wallets import certified

APPLE: dict[str, Any] = {"nonce": "AQID", "signature": "BAUG"}
GOOGLE: dict[str, Any] = {"wallet_account_id": "wallet-1", "device_id": "telephone-1"}


@pytest.fixture
def world(shop: OpenShop) -> CardBank:
    return CardBank(shop)


@pytest.fixture
def path(world: CardBank) -> str:
    return f"/bank/cards/{world.card_id}"


def told(world: CardBank) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect, Event.after).where(Event.kind == "card.sealed_for_wallet")
    return [tuple(row) for row in world.shop.read(lambda tx: tx.all(query))]


def shown(paper: Paper) -> list[str]:
    return [one.text for one in paper.tree.find_class("shown-once")]


def pem(certificate: str) -> str:
    lines = [certificate[at : at + 64] for at in range(0, len(certificate), 64)]
    return "\r\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


@pytest.mark.parametrize("is_pem", [True, False])
def test_only_apples_wallet_reads_what_is_shown(
    world: CardBank, path: str, visitor: Visitor, *, is_pem: bool
) -> None:
    key, above = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    chain = [certified(key), certified(above)]
    typed = "".join(map(pem, chain)) if is_pem else "\n".join(chain)
    answer = visitor.fill(path, "/apple", certificates=typed, **APPLE)
    assert answer.status == 200, answer.problems
    data, activation, point = map(b64decode, shown(answer))
    derived = ConcatKDFHash(hashes.SHA256(), 32, b"\x0did-aes256-GCMApple")
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    read = json.loads(AESGCM(derived.derive(key.exchange(ec.ECDH(), other))).decrypt(NONCE, data, None))
    assert (read["suffix"], read["nonce"], read["signature"]) == (
        world.shown().last_four,
        "010203",
        "040506",
    )
    assert activation
    assert told(world) == [("Ada", "console", {"wallet": "Apple"})]


def test_googles_wallet_gets_one_text(world: CardBank, path: str, visitor: Visitor) -> None:
    answer = visitor.fill(path, "/google", **GOOGLE)
    (text,) = shown(answer)
    assert b64decode(text)
    assert told(world) == [("Ada", "console", {"wallet": "Google"})]
    kept = world.shop.read(lambda tx: tx.all(select(*Event.__table__.columns)))
    assert text not in str(kept)


def test_the_same_form_seals_once(world: CardBank, path: str, visitor: Visitor) -> None:
    form = visitor.get(path).form("/google")
    values = dict(form.form_values()) | GOOGLE
    assert visitor.post(form.action, values).status == 200
    again = visitor.follow(visitor.post(form.action, values))
    assert "This form was sent before" in again.main
    assert len(told(world)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("/apple", {"certificates": ""}, "must not be empty"),
        ("/apple", {"certificates": "-----"}, "must be 1 to 10"),
        ("/apple", {"certificates": "!"}, "must be base64"),
        ("/apple", {"certificates": "AAAA"}, "hold something that is no X.509 certificate"),
        ("/apple", {"certificates": "AAAA " * 11}, "must be 1 to 10"),
        ("/apple", {"nonce": "<b>"}, "must be base64"),
        ("/apple", {"signature": ""}, "must not be empty"),
        ("/google", {"device_id": " "}, "must not be empty"),
        ("/google", {"wallet_account_id": "x" * 256}, "must have at most 255 letters"),
    ],
)
def test_what_no_wallet_asks_with_is_refused(
    world: CardBank, path: str, visitor: Visitor, wrong: tuple[str, dict[str, str], str]
) -> None:
    ending, values, problem = wrong
    right = GOOGLE
    if ending == "/apple":
        right = {"certificates": certified(ec.generate_private_key(ec.SECP256R1())), **APPLE}
    answer = visitor.fill(path, ending, **(right | values))
    assert answer.status == 422
    assert any(problem in one for one in answer.problems), answer.problems
    assert "<b>" not in answer.text
    assert told(world) == []


def test_a_key_of_another_kind_is_refused(world: CardBank, path: str, visitor: Visitor) -> None:
    typed = certified(ed25519.Ed25519PrivateKey.generate())
    answer = visitor.fill(path, "/apple", certificates=typed, **APPLE)
    assert "must begin with one of an elliptic curve" in answer.problems
    assert told(world) == []


def test_a_card_that_is_not_in_use_goes_into_no_wallet(world: CardBank, visitor: Visitor) -> None:
    path = f"/bank/cards/{world.card('PendingVerification', nick_name='New')}"
    page = visitor.get(path)
    assert "/google" not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    for ending, values in (("apple", {"certificates": "AAAA", **APPLE}), ("google", GOOGLE)):
        assert visitor.post(f"/console{path}/{ending}", {"csrf": csrf, **values}).status == 422, ending
    assert told(world) == []


def test_a_program_without_wallets_has_none(world: CardBank, path: str, visitor: Visitor) -> None:
    csrf = visitor.get(path).form("/sign-out").fields["csrf"]
    world.shop.write(lambda tx: tx.update(Program, 1, features=[]))
    assert "In a telephone's wallet" not in visitor.get(path).main
    assert visitor.post(f"/console{path}/google", {"csrf": csrf, **GOOGLE}).status == 422
    assert told(world) == []


def test_who_may_only_see_brings_no_card_anywhere(world: CardBank, path: str, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(path)
    assert "/apple" not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    for ending in ("apple", "google"):
        assert reader.post(f"/console{path}/{ending}", {"csrf": csrf, **GOOGLE}).status == 403, ending
    assert told(world) == []
