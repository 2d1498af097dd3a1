from datetime import timedelta
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.actions import deactivate
from comptoir.domain.identity.errors import KeyNotFound, KeyOver, KeyTaken, OperatorNotFound
from comptoir.domain.identity.key_uses import KeyUses
from comptoir.domain.identity.keys import revoke_key, rotate_key, update_key
from comptoir.domain.identity.permissions import PERMISSIONS
from comptoir.domain.identity.queries import Credential, find_credential, get_key, hash_key, list_keys
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.identity.given import SECRET, key, later, operator


def found(tx: Tx, plain: str) -> Credential | None:
    credential = find_credential(tx, hash_key(plain, SECRET))
    return None if credential is None or credential.is_over(tx.now) else credential


def test_a_key_speaks_for_its_operator(tx: Tx) -> None:
    ann = operator(tx)
    made = key(tx, ann, scopes=["write", "read", "read"])
    assert made.key.startswith("ck_")
    assert len(made.key) == 51
    credential = found(tx, made.key)
    assert credential is not None
    actor = credential.actor()
    assert (actor.operator_id, actor.key_id, actor.dialect) == (ann, made.id, "coredna")
    assert actor.scopes == PERMISSIONS
    assert found(tx, made.key + "x") is None
    assert find_credential(tx, hash_key(made.key, b"another")) is None


def test_no_event_and_no_listing_holds_the_key(tx: Tx) -> None:
    made = key(tx, operator(tx))
    assert all(made.key not in str(change) for change in tx.changes)
    (row,) = list_keys(tx)
    assert row.hint == made.key[:7]
    assert made.key not in str(row)


def test_a_key_from_elsewhere_is_kept(tx: Tx) -> None:
    ann = operator(tx)
    assert key(tx, ann, key="youruniqueapikey").key == "youruniqueapikey"
    assert found(tx, "youruniqueapikey") is not None
    assert list_keys(tx)[0].hint == "your"
    with pytest.raises(KeyTaken):
        key(tx, ann, key="youruniqueapikey")


def test_a_key_ends_when_it_is_revoked_or_over(tx: Tx) -> None:
    ann = operator(tx)
    first, second = key(tx, ann), key(tx, ann, expires_at=tx.now + timedelta(days=1))
    revoke_key(tx, key_id=first.id)
    assert found(tx, first.key) is None
    with pytest.raises(KeyOver):
        revoke_key(tx, key_id=first.id)
    assert found(tx, second.key) is not None
    with later(tx, timedelta(days=1)):
        assert found(tx, second.key) is None
        with pytest.raises(KeyOver):
            rotate_key(tx, key_id=second.id, secret=SECRET)
    with pytest.raises(KeyNotFound):
        revoke_key(tx, key_id=99)


def test_a_key_ends_with_its_operator(tx: Tx) -> None:
    operator(tx)
    made = key(tx, bob := operator(tx, "bob@example.com"))
    deactivate(tx, operator_id=bob)
    assert found(tx, made.key) is None


def test_rotation_leaves_nothing_or_a_time_of_grace(tx: Tx) -> None:
    made = key(tx, operator(tx), networks=["10.0.0.0/8"])
    second = rotate_key(tx, key_id=made.id, secret=SECRET, grace=timedelta(days=7))
    assert found(tx, made.key) is not None
    with later(tx, timedelta(days=7)):
        assert found(tx, made.key) is None
        assert found(tx, second.key) is not None
    third = rotate_key(tx, key_id=second.id, secret=SECRET)
    assert found(tx, second.key) is None
    old, new = get_key(tx, second.id), get_key(tx, third.id)
    assert old.replaced_by_id == third.id
    assert (new.name, new.dialect, new.scopes, new.networks) == (
        old.name,
        "coredna",
        ["read"],
        ["10.0.0.0/8"],
    )
    with pytest.raises(KeyOver):
        rotate_key(tx, key_id=second.id, secret=SECRET)


def test_grace_never_lengthens_a_key(tx: Tx) -> None:
    made = key(tx, operator(tx), expires_at=tx.now + timedelta(hours=1))
    rotate_key(tx, key_id=made.id, secret=SECRET, grace=timedelta(days=7))
    assert get_key(tx, made.id).expires_at == tx.now + timedelta(hours=1)
    with pytest.raises(Invalid, match="grace"):
        rotate_key(tx, key_id=made.id, secret=SECRET, grace=timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("10.1.2.3", True),
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("2001:db8::9", True),
        ("::ffff:10.1.2.3", True),
        ("", False),
        ("elsewhere", False),
    ],
)
def test_a_key_is_bound_to_its_networks(tx: Tx, address: str, may: bool) -> None:
    made = key(tx, operator(tx), networks=["10.9.9.9/8", "192.0.2.7", "2001:db8::/32", "192.0.2.7"])
    credential = found(tx, made.key)
    assert credential is not None
    assert credential.networks == ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"]
    assert credential.may_come_from(address) is may


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"dialect": " "},
        {"scopes": []},
        {"scopes": ["rule"]},
        {"key": "a\0"},
        {"scopes": ["core dna:read"]},
        {"scopes": ["sales:rule"]},
        {"scopes": ["kitchen:see"]},
        {"scopes": ["see"]},
        {"networks": ["10.0.0.0/99"]},
        {"networks": ["x"]},
        {"key": ""},
    ],
)
def test_what_a_key_may_not_be(tx: Tx, facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(facts))):
        key(tx, operator(tx), **facts)


def test_a_key_needs_an_operator_and_a_future(tx: Tx) -> None:
    with pytest.raises(OperatorNotFound):
        key(tx, 99)
    with pytest.raises(Invalid, match="expires_at"):
        key(tx, operator(tx), expires_at=tx.now)


def test_a_key_is_narrowed_and_widened(tx: Tx) -> None:
    made = key(tx, operator(tx))
    update_key(tx, key_id=made.id, name="shop", scopes=["sales:see", "sales:see"], networks=["10.0.0.1"])
    row = get_key(tx, made.id)
    assert (row.name, row.scopes, row.networks) == ("shop", ["sales:see"], ["10.0.0.1/32"])
    update_key(tx, key_id=made.id, expires_at=(soon := tx.now + timedelta(days=1)), networks=[])
    row = get_key(tx, made.id)
    assert (row.expires_at, row.networks, row.name) == (soon, [], "shop")
    noted = len(tx.changes)
    update_key(tx, key_id=made.id, expires_at=soon, scopes=["sales:see"])
    assert len(tx.changes) == noted
    update_key(tx, key_id=made.id, expires_at=None)
    assert get_key(tx, made.id).expires_at is None


@pytest.mark.parametrize(
    "facts", [{"name": " "}, {"scopes": []}, {"scopes": ["rule"]}, {"networks": ["x"]}, {"expires_at": NOW}]
)
def test_what_a_key_may_not_become(tx: Tx, facts: dict[str, Any]) -> None:
    made = key(tx, operator(tx))
    with pytest.raises(Invalid, match=next(iter(facts))):
        update_key(tx, key_id=made.id, **facts)
    revoke_key(tx, key_id=made.id)
    with pytest.raises(KeyOver):
        update_key(tx, key_id=made.id, name="shop")


def test_uses_are_written_once_a_minute(shop: OpenShop) -> None:
    made = shop.write(lambda tx: key(tx, operator(tx)))
    uses, minute = KeyUses(), timedelta(minutes=1)
    now = shop.read(lambda tx: tx.now)
    assert uses.note(made.id, None, now)
    assert shop.write(uses.flush) == 1
    assert not uses.note(made.id, None, now + minute / 2)
    assert uses.note(made.id, None, now + minute)
    assert uses.is_due
    shop.write(uses.flush)
    assert shop.read(lambda tx: get_key(tx, made.id).last_used_at) == now + minute
    assert not KeyUses().note(made.id, now + minute, now + minute * 1.5)
    late = KeyUses()
    assert late.note(made.id, None, now)
    shop.write(late.flush)
    assert shop.read(lambda tx: get_key(tx, made.id).last_used_at) == now + minute
