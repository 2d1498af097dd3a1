from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.actions import activate, deactivate, set_password, update_operator
from comptoir.domain.identity.errors import EmailTaken, LastOwner, LoginThrottled, OperatorNotFound
from comptoir.domain.identity.logins import (
    EMAIL_FAILURES_MAX,
    PAUSE,
    forget_failed_logins,
    login,
    login_hash,
    prove_password,
)
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.passwords import Passwords, Tried
from comptoir.domain.identity.queries import OperatorRow, get_operator, list_operators
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.identity.given import CHEAP, PASSWORD, as_sandbox, later, operator

HASHES = select(Operator.password_hash)


def enter(
    tx: Tx, email: str = "ann@example.com", password: str = PASSWORD, **more: str
) -> OperatorRow | None:
    return login(tx, email=email, password=password, passwords=CHEAP, **more)


def test_an_operator_enters_with_the_password(tx: Tx) -> None:
    operator_id = operator(tx, "Ann@Example.com")
    entered = enter(tx, " ANN@example.com ")
    assert entered == get_operator(tx, operator_id)
    assert entered is not None
    assert entered.email == "ann@example.com"


def test_the_password_is_kept_as_an_argon2id_hash_and_in_no_event(tx: Tx) -> None:
    operator(tx)
    assert tx.value(HASHES).startswith("$argon2id$")
    assert all(PASSWORD not in str(change) and "argon2" not in str(change) for change in tx.changes)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.com", "wrong"),
        ("bob@example.com", PASSWORD),
        ("", ""),
        ("a\0b", "\ud800"),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_what_does_not_fit_does_not_enter(tx: Tx, email: str, password: str) -> None:
    operator(tx)
    assert enter(tx, email, password) is None


def test_without_a_hash_nothing_fits_but_a_verification_is_made(tx: Tx) -> None:
    passwords = Passwords(time_cost=1, memory_kib=8)
    assert not passwords.fits("nobody's", None)
    assert "_decoy" in vars(passwords)


def test_an_inactive_operator_does_not_enter(tx: Tx) -> None:
    operator(tx)
    bob = operator(tx, "bob@example.com")
    deactivate(tx, operator_id=bob)
    deactivate(tx, operator_id=bob)
    assert enter(tx, "bob@example.com") is None
    activate(tx, operator_id=bob)
    assert enter(tx, "bob@example.com") is not None


def test_too_many_failures_pause_the_address(tx: Tx) -> None:
    operator(tx)
    for _ in range(EMAIL_FAILURES_MAX):
        assert enter(tx, password="wrong") is None
    with pytest.raises(LoginThrottled) as refusal:
        enter(tx)
    assert refusal.value.until == tx.now + PAUSE
    with later(tx, PAUSE):
        assert enter(tx, password="wrong") is None
        assert enter(tx) is not None


def test_unknown_addresses_are_paused_alike(tx: Tx) -> None:
    for _ in range(EMAIL_FAILURES_MAX):
        assert enter(tx, "nobody@example.com") is None
    with pytest.raises(LoginThrottled):
        enter(tx, "nobody@example.com")


def test_success_forgets_failures(tx: Tx) -> None:
    operator(tx)
    for _ in range(3):
        for _ in range(EMAIL_FAILURES_MAX - 1):
            enter(tx, password="wrong")
        assert enter(tx) is not None


def test_many_failures_from_one_place_pause_the_place(tx: Tx) -> None:
    operator(tx)
    for number in range(50):
        assert enter(tx, f"{number}@example.com", address="192.0.2.1") is None
    with pytest.raises(LoginThrottled):
        enter(tx, address="192.0.2.1")
    assert enter(tx, address="192.0.2.2") is not None
    with later(tx, timedelta(hours=1)):
        assert forget_failed_logins(tx) == 51


def test_failures_are_counted_across_transactions(shop: OpenShop) -> None:
    shop.write(operator)
    for _ in range(EMAIL_FAILURES_MAX):
        assert shop.write(lambda tx: enter(tx, password="wrong")) is None
    with pytest.raises(LoginThrottled):
        shop.write(enter)


def test_a_hash_made_with_other_parameters_is_renewed(tx: Tx) -> None:
    operator(tx)
    before = tx.value(HASHES)
    stronger = Passwords(time_cost=2, memory_kib=16)
    assert login(tx, email="ann@example.com", password=PASSWORD, passwords=stronger) is not None
    assert tx.value(HASHES) != before
    assert "m=16,t=2" in tx.value(HASHES)
    assert enter(tx) is not None


def test_another_password_takes_the_place_of_the_first(tx: Tx) -> None:
    ann = operator(tx)
    set_password(tx, operator_id=ann, password="battery staple", passwords=CHEAP)
    assert enter(tx) is None
    assert enter(tx, password="battery staple") is not None
    with pytest.raises(Invalid, match="password"):
        set_password(tx, operator_id=ann, password="short", passwords=CHEAP)
    with pytest.raises(OperatorNotFound):
        set_password(tx, operator_id=99, password="battery staple", passwords=CHEAP)


def test_a_password_is_tried_before_the_login(shop: OpenShop) -> None:
    shop.write(operator)

    def tried(password: str) -> Tried:
        kept = shop.read(lambda tx: login_hash(tx, email=" Ann@example.com"))
        return Tried(CHEAP, password, kept)

    for password in (PASSWORD, "wrong"):
        passwords = tried(password)
        entered = shop.write(
            lambda tx, passwords=passwords, password=password: login(  # type: ignore[misc]
                tx, email="ann@example.com", password=password, passwords=passwords
            )
        )
        assert (entered is not None) is (password == PASSWORD)
    early = tried(PASSWORD)
    shop.write(lambda tx: set_password(tx, operator_id=1, password="battery staple", passwords=CHEAP))
    assert shop.write(lambda tx: enter(tx, password="battery staple")) is not None
    with_early = shop.write(lambda tx: login(tx, email="ann@example.com", password=PASSWORD, passwords=early))
    assert with_early is None
    assert shop.read(lambda tx: login_hash(tx, email="nobody@example.com")) is None


def test_who_is_signed_in_proves_the_password_and_does_not_guess_it(shop: OpenShop) -> None:
    ann = shop.write(operator)

    def proved(password: str) -> bool:
        return shop.write(lambda tx: prove_password(tx, operator_id=ann, password=password, passwords=CHEAP))

    for _ in range(2):
        for _ in range(EMAIL_FAILURES_MAX - 1):
            assert not proved("wrong")
        assert proved(PASSWORD)
    for _ in range(EMAIL_FAILURES_MAX):
        assert not proved("wrong")
    with pytest.raises(LoginThrottled):
        proved(PASSWORD)
    assert not shop.write(lambda tx: prove_password(tx, operator_id=99, password=PASSWORD, passwords=CHEAP))


def test_a_sandbox_takes_any_password(tx: Tx) -> None:
    ann = operator(tx)
    as_sandbox(tx)
    set_password(tx, operator_id=ann, password="demo", passwords=CHEAP)
    assert enter(tx, password="demo") is not None


def test_an_address_belongs_to_one_operator(tx: Tx) -> None:
    operator(tx)
    bob = operator(tx, "bob@example.com")
    with pytest.raises(EmailTaken):
        operator(tx, "ANN@example.com")
    with pytest.raises(EmailTaken):
        update_operator(tx, operator_id=bob, email="ann@example.com")
    update_operator(tx, operator_id=bob, email="BOB@example.com", name="Bob")
    assert [row.name for row in list_operators(tx)] == ["Ann", "Bob"]


def test_somebody_stays_to_administer(tx: Tx) -> None:
    ann = operator(tx)
    operator(tx, "bob@example.com", "manager")
    with pytest.raises(LastOwner):
        deactivate(tx, operator_id=ann)
    with pytest.raises(LastOwner):
        update_operator(tx, operator_id=ann, role="support")
    operator(tx, "eve@example.com")
    update_operator(tx, operator_id=ann, role="support")
    assert get_operator(tx, ann).role == "support"


def test_owners_who_keep_each_other_out_at_once_leave_one(shop: OpenShop) -> None:
    owners = [shop.write(lambda tx, name=name: operator(tx, f"{name}@example.com")) for name in "abcd"]  # type: ignore[misc]

    def keep_out(operator_id: int) -> None:
        with suppress(LastOwner):
            shop.write(lambda tx: deactivate(tx, operator_id=operator_id))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep_out, owners))
    assert [row.is_active for row in shop.read(list_operators)].count(True) == 1


@pytest.mark.parametrize(
    "change",
    [{"email": "ann"}, {"email": "a b@example.com"}, {"name": " "}, {"name": "x\0"}, {"role": "king"}],
)
def test_what_an_operator_may_not_be(tx: Tx, change: dict[str, str]) -> None:
    ann = operator(tx)
    with pytest.raises(Invalid, match=next(iter(change))):
        update_operator(tx, operator_id=ann, **change)
