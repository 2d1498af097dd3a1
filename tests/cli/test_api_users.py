from __future__ import annotations

from comptoir.cli.api_users import Dialect
from comptoir.domain.identity.queries import USER_DIALECTS
from tests.cli.conftest import Run


def test_an_api_user_is_made_given_another_password_and_kept_out(run: Run) -> None:
    made = run("users", "api", "create", "APIuser1817037", "--json").told
    assert len(made["password"]) == 16
    shown = run("users", "api", "password", "apiuser1817037")
    assert "(not shown again)" in shown.out
    assert made["password"] not in shown.out
    chosen = run("users", "api", "password", "APIuser1817037", "--password", "APIpass1817037", "--json").told
    assert chosen["name"] == "APIuser1817037"
    assert "password" not in chosen
    (row,) = run("users", "api", "list", "--json").told
    assert (row["id"], row["name"], row["scopes"]) == (chosen["id"], "APIuser1817037", ["read", "write"])
    assert run("users", "api", "revoke", "APIuser1817037").code == 0
    assert run("users", "api", "list", "--json").told == []
    assert "there is no API user APIuser1817037" in run("users", "api", "revoke", "APIuser1817037").err


def test_an_api_user_may_only_read_and_only_from_some_networks(run: Run) -> None:
    run("users", "api", "create", "reader", "--read-only", "--network", "10.0.0.0/8")
    (row,) = run("users", "api", "list", "--json").told
    assert (row["scopes"], row["networks"]) == (["read"], ["10.0.0.0/8"])


def test_an_operator_is_no_api_user_and_an_api_user_no_operator(run: Run) -> None:
    said = run("users", "api", "create", "admin@example.com")
    assert (said.code, said.err) == (
        1,
        "comptoir: admin@example.com is an operator, who logs in and so cannot be an API user as well\n",
    )
    run("users", "api", "create", "shop@example.com")
    assert "is an API user" in run("users", "create", "shop@example.com").err


def test_the_dialect_of_api_users_has_no_keys(run: Run) -> None:
    said = run("keys", "create", "--dialect", "twocheckout")
    assert (said.code, said.out) == (1, "")
    assert "has API users" in said.err


def test_a_key_of_corepro_is_an_api_user_of_that_dialect(run: Run) -> None:
    made = run("users", "api", "create", "example1", "--dialect", "corepro", "--json").told
    assert made["name"] == "example1"
    assert run("users", "api", "list", "--json").told == []
    (row,) = run("users", "api", "list", "--dialect", "corepro", "--json").told
    assert (row["id"], row["scopes"]) == (made["id"], ["read", "write"])
    # The same name may be another program's in the other dialect.
    assert run("users", "api", "create", "example1").code == 0
    changed = run("users", "api", "password", "example1", "--dialect", "corepro", "--json").told
    assert changed["password"] != made["password"]
    assert run("users", "api", "revoke", "example1", "--dialect", "corepro").code == 0
    assert run("users", "api", "list", "--dialect", "corepro", "--json").told == []
    assert len(run("users", "api", "list", "--json").told) == 1


def test_the_dialects_of_api_users_are_all_that_have_such() -> None:
    assert {dialect.value for dialect in Dialect} == USER_DIALECTS
