from __future__ import annotations

from base64 import b32decode
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import (
    FactorNotBegun,
    FactorOff,
    FactorOn,
    LoginThrottled,
    OperatorNotFound,
)
from comptoir.domain.identity.logins import PAUSE
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.identity.second_factor import (
    FactorState,
    begin_totp,
    confirm_totp,
    enter,
    find_begun_totp,
    get_factor,
    remove_totp,
    renew_recovery_codes,
)
from comptoir.domain.identity.sessions import FACTOR_WAIT, NewSession, SessionRow, begin_session, find_session
from comptoir.domain.shop import Shop
from tests.domain.identity.given import SECRET, later, operator

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

HALF_MINUTE = timedelta(seconds=30)


def code(tx: Tx, secret: str, *, steps: int = 0) -> str:
    at = int(tx.machine_now.timestamp()) + 30 * steps
    return TOTP(b32decode(secret), 6, SHA1(), 30).generate(at).decode()


def with_factor(tx: Tx, email: str = "ann@example.com") -> tuple[int, str, list[str]]:
    """An operator who is asked for a second factor, with the authenticator's secret and the recovery codes."""
    operator_id = operator(tx, email)
    secret = begin_totp(tx, operator_id=operator_id).secret
    codes = confirm_totp(tx, operator_id=operator_id, code=code(tx, secret, steps=-1), secret=SECRET)
    return operator_id, secret, codes


def half_in(tx: Tx, operator_id: int) -> tuple[NewSession, SessionRow]:
    made = begin_session(tx, operator_id=operator_id, secret=SECRET)
    row = find_session(tx, hash_key(made.key, SECRET))
    assert row is not None
    return made, row


def test_an_authenticator_is_begun_and_confirmed(tx: Tx) -> None:
    ann = operator(tx)
    tx.update(Shop, 1, name="Tea: & Co")
    made = begin_totp(tx, operator_id=ann)
    assert find_begun_totp(tx, ann) == made
    asked = parse_qs(urlsplit(made.uri).query)
    assert asked["secret"] == [made.secret]
    assert made.uri.startswith("otpauth://totp/")
    assert "+" not in made.uri
    assert not get_factor(tx, ann).is_on
    with pytest.raises(Invalid, match="code"):
        confirm_totp(tx, operator_id=ann, code="000000", secret=SECRET)
    codes = confirm_totp(tx, operator_id=ann, code=f" {code(tx, made.secret)} ", secret=SECRET)
    assert get_factor(tx, ann) == FactorState(is_on=True, codes_left=10)
    assert len(set(codes)) == 10
    assert find_begun_totp(tx, ann) is None
    with pytest.raises(FactorOn):
        begin_totp(tx, operator_id=ann)
    with pytest.raises(FactorOn):
        confirm_totp(tx, operator_id=ann, code="000000", secret=SECRET)
    told = str(tx.changes)
    assert not any(one in told for one in (made.secret, *codes))


def test_without_a_second_factor_there_is_nothing_to_take_off(tx: Tx) -> None:
    ann = operator(tx)
    with pytest.raises(FactorOff):
        remove_totp(tx, operator_id=ann)
    with pytest.raises(FactorOff):
        renew_recovery_codes(tx, operator_id=ann, secret=SECRET)
    with pytest.raises(FactorNotBegun):
        confirm_totp(tx, operator_id=ann, code="000000", secret=SECRET)
    with pytest.raises(OperatorNotFound):
        begin_totp(tx, operator_id=99)
    with pytest.raises(OperatorNotFound):
        remove_totp(tx, operator_id=99)


def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(tx: Tx) -> None:
    ann, secret, _ = with_factor(tx)
    half, row = half_in(tx, ann)
    assert not half.is_entered
    assert row.actor().scopes == frozenset()
    with later(tx, FACTOR_WAIT):
        assert row.is_over(tx.machine_now)
    whole = enter(tx, row, code=code(tx, secret), secret=SECRET)
    assert whole is not None
    assert whole.key != half.key
    assert find_session(tx, hash_key(half.key, SECRET)) is None
    entered = find_session(tx, hash_key(whole.key, SECRET))
    assert entered is not None
    assert entered.is_entered
    assert entered.actor().scopes


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(tx: Tx, steps: int, fits: bool) -> None:
    ann, secret, _ = with_factor(tx)
    with later(tx, HALF_MINUTE * 4):
        _, row = half_in(tx, ann)
        assert (enter(tx, row, code=code(tx, secret, steps=steps), secret=SECRET) is not None) is fits


def test_a_code_is_good_once_and_none_before_it_is(tx: Tx) -> None:
    ann, secret, _ = with_factor(tx)
    first, before = code(tx, secret), code(tx, secret, steps=-1)
    _, row = half_in(tx, ann)
    assert enter(tx, row, code=first, secret=SECRET) is not None
    for used in (first, before):
        _, row = half_in(tx, ann)
        assert enter(tx, row, code=used, secret=SECRET) is None
    assert enter(tx, row, code=code(tx, secret, steps=1), secret=SECRET) is not None


def test_a_recovery_code_is_good_once_in_any_spelling(tx: Tx) -> None:
    ann, _, codes = with_factor(tx)
    bob, _, others = with_factor(tx, "bob@example.com")
    _, row = half_in(tx, ann)
    assert enter(tx, row, code=f" {codes[3].lower().replace('-', ' ')} ", secret=SECRET) is not None
    assert get_factor(tx, ann).codes_left == 9
    _, row = half_in(tx, ann)
    for used in (codes[3], others[0], codes[4][:-1]):
        assert enter(tx, row, code=used, secret=SECRET) is None
    _, row = half_in(tx, bob)
    assert enter(tx, row, code=others[0], secret=SECRET) is not None


def test_other_recovery_codes_take_the_place_of_the_first(tx: Tx) -> None:
    ann, _, codes = with_factor(tx)
    renewed = renew_recovery_codes(tx, operator_id=ann, secret=SECRET)
    _, row = half_in(tx, ann)
    assert enter(tx, row, code=codes[0], secret=SECRET) is None
    assert enter(tx, row, code=renewed[0], secret=SECRET) is not None


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "١٢٣٤٥٦", "\0\ud800", "x" * 10_000])
def test_what_is_no_code_does_not_fit(tx: Tx, wrong: str) -> None:
    ann, _, _ = with_factor(tx)
    _, row = half_in(tx, ann)
    assert enter(tx, row, code=wrong, secret=SECRET) is None


def test_codes_are_not_guessed(shop: OpenShop) -> None:
    ann, secret, codes = shop.write(with_factor)
    _, row = shop.write(lambda tx: half_in(tx, ann))
    for _ in range(5):
        assert shop.write(lambda tx: enter(tx, row, code="000000", secret=SECRET)) is None
    for good in (shop.read(lambda tx: code(tx, secret)), codes[0]):
        with pytest.raises(LoginThrottled) as refusal:
            shop.write(lambda tx, good=good: enter(tx, row, code=good, secret=SECRET))  # type: ignore[misc]
        assert refusal.value.until == shop.system() + PAUSE


def test_a_second_factor_ends_the_sessions_of_before_but_the_one_it_was_made_in(tx: Tx) -> None:
    ann = operator(tx)
    first, here = (begin_session(tx, operator_id=ann, secret=SECRET) for _ in range(2))
    secret = begin_totp(tx, operator_id=ann).secret
    confirm_totp(tx, operator_id=ann, code=code(tx, secret), secret=SECRET, kept_session_id=here.id)
    assert find_session(tx, hash_key(first.key, SECRET)) is None
    assert find_session(tx, hash_key(here.key, SECRET)) is not None


def test_a_second_factor_that_was_taken_off_is_not_asked_for(tx: Tx) -> None:
    ann, _, codes = with_factor(tx)
    _, row = half_in(tx, ann)
    remove_totp(tx, operator_id=ann)
    assert get_factor(tx, ann) == FactorState(is_on=False, codes_left=0)
    assert enter(tx, row, code=codes[0], secret=SECRET) is None
    assert begin_session(tx, operator_id=ann, secret=SECRET).is_entered


def test_the_secret_is_sealed_in_the_database(shop: OpenShop) -> None:
    ann, secret, _ = shop.write(with_factor)
    (kept,) = shop.database.read(lambda session: session.script("SELECT totp_secret FROM operator"))[0]
    assert b32decode(secret).hex().encode() not in bytes(kept)
    assert shop.read(lambda tx: get_factor(tx, ann).is_on)
    assert Operator.__table__.c.totp_secret.nullable
