from datetime import timedelta
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.actions import create_operator, update_operator
from comptoir.domain.identity.api_users import (
    NewApiUser,
    create_api_user,
    find_api_user,
    list_api_users,
    set_api_password,
)
from comptoir.domain.identity.errors import (
    ApiUserNotFound,
    ApiUserTaken,
    EmailTaken,
    OperatorNotFound,
)
from comptoir.domain.identity.keys import revoke_key, rotate_key
from comptoir.domain.identity.permissions import PERMISSIONS
from comptoir.domain.identity.queries import Credential, find_credential, hash_key
from comptoir.domain.tx import Tx
from tests.domain.identity.given import CHEAP, SECRET, key, later, operator

NAME, WORD = "APIuser1817037", "APIpass1817037"
DIALECT = "twocheckout"


def user(
    tx: Tx, operator_id: int, name: str = NAME, password: str = WORD, *, may_update: bool = True, **more: Any
) -> NewApiUser:
    return create_api_user(
        tx, operator_id=operator_id, name=name, password=password, dialect=DIALECT, may_update=may_update,
        secret=SECRET, **more,
    )  # fmt: skip


def found(tx: Tx, name: str, password: str) -> Credential | None:
    credential = find_credential(tx, hash_key(f"{name}:{password}", SECRET))
    return None if credential is None or credential.is_over(tx.now) else credential


def test_an_api_user_acts_under_its_own_name(tx: Tx) -> None:
    made = user(tx, ann := operator(tx))
    credential = found(tx, NAME, WORD)
    assert credential is not None
    actor = credential.actor()
    assert (actor.name, actor.operator_id, actor.key_id) == (NAME, ann, made.id)
    assert actor.dialect == DIALECT
    assert actor.scopes == PERMISSIONS
    assert found(tx, NAME, "wrong") is None
    assert found(tx, "another", WORD) is None


def test_an_api_user_may_be_one_who_only_reads(tx: Tx) -> None:
    user(tx, operator(tx), may_update=False)
    credential = found(tx, NAME, WORD)
    assert credential is not None
    assert credential.actor().scopes == {one for one in PERMISSIONS if one.endswith(":see")}


def test_an_api_user_may_be_kept_to_some_areas_and_a_time(tx: Tx) -> None:
    day = timedelta(days=1)
    user(tx, operator(tx), scopes=["sales:see", "books:see"], expires_at=tx.now + day)
    credential = found(tx, NAME, WORD)
    assert credential is not None
    assert credential.actor().scopes == {"sales:see", "books:see"}
    with later(tx, day):
        assert found(tx, NAME, WORD) is None
    for wrong in ({"scopes": ["king"]}, {"expires_at": tx.now}, {"networks": ["x"]}):
        with pytest.raises(Invalid, match=next(iter(wrong))):
            user(tx, 1, "another", **wrong)


def test_no_event_and_no_listing_holds_the_password(tx: Tx) -> None:
    made = user(tx, operator(tx), "a", "a rather long password")
    assert all(made.password[:4] not in str(change) for change in tx.changes)
    (row,) = list_api_users(tx, dialect=DIALECT)
    assert (row.name, row.hint) == ("a", "")


@pytest.mark.parametrize("name", [NAME, NAME.lower(), "ANN@example.com"])
def test_a_name_belongs_to_one_api_user_or_operator(tx: Tx, name: str) -> None:
    user(tx, ann := operator(tx))
    with pytest.raises(ApiUserTaken):
        user(tx, ann, name, "another password")


def test_no_operator_is_let_in_under_the_name_of_an_api_user(tx: Tx) -> None:
    user(tx, ann := operator(tx), "shop@example.com")
    with pytest.raises(EmailTaken):
        create_operator(
            tx, email="Shop@example.com", name="Shop", role="read-only", password="correct horse", passwords=CHEAP
        )  # fmt: skip
    with pytest.raises(EmailTaken):
        update_operator(tx, operator_id=ann, email="shop@example.com")


def test_a_name_is_free_again_when_its_user_is_revoked(tx: Tx) -> None:
    made = user(tx, ann := operator(tx))
    revoke_key(tx, key_id=made.id)
    assert found(tx, NAME, WORD) is None
    assert find_api_user(tx, name=NAME, dialect=DIALECT) is None
    assert user(tx, ann, password="another password").id != made.id


def test_another_password_ends_the_old_one_or_leaves_it_a_time_of_grace(tx: Tx) -> None:
    user(tx, operator(tx))
    set_api_password(tx, name=NAME, password="second password", dialect=DIALECT, secret=SECRET)
    assert found(tx, NAME, WORD) is None
    day = timedelta(days=1)
    made = set_api_password(
        tx, name=NAME.upper(), password="third password", dialect=DIALECT, secret=SECRET, grace=day
    )
    assert made.name == NAME
    assert found(tx, NAME, "second password") is not None
    assert [row.id for row in list_api_users(tx, dialect=DIALECT)] == [made.id]
    with later(tx, day):
        assert found(tx, NAME, "second password") is None
        assert found(tx, NAME, "third password") is not None


@pytest.mark.parametrize(
    ("field", "name", "password"),
    [
        ("name", "", WORD),
        ("name", " ", WORD),
        ("name", "with:colon", WORD),
        ("name", "with\nline", WORD),
        ("name", " api", WORD),
        ("name", "x" * 101, WORD),
        ("password", NAME, "short"),
        ("password", NAME, "x" * 151),
        ("password", NAME, "with\0letters"),
    ],
)
def test_what_basic_authentication_cannot_say_is_refused(
    tx: Tx, field: str, name: str, password: str
) -> None:
    with pytest.raises(Invalid) as refused:
        user(tx, operator(tx), name, password)
    assert refused.value.field == field
    assert list_api_users(tx, dialect=DIALECT) == []


def test_an_unknown_user_or_operator_is_refused(tx: Tx) -> None:
    with pytest.raises(OperatorNotFound):
        user(tx, 99)
    with pytest.raises(ApiUserNotFound):
        set_api_password(tx, name=NAME, password=WORD, dialect=DIALECT, secret=SECRET)


def test_such_a_dialect_has_no_other_keys(tx: Tx) -> None:
    made = user(tx, ann := operator(tx))
    with pytest.raises(Invalid, match="dialect"):
        key(tx, ann, dialect=DIALECT)
    with pytest.raises(Invalid, match="another password"):
        rotate_key(tx, key_id=made.id, secret=SECRET)
