from __future__ import annotations

from tests.cli.conftest import Run


def test_the_shop_is_shown_and_changed(run: Run) -> None:
    before = run("shop", "show", "--json").told
    assert (before["currency"], before["public_base"], before["is_sandbox"]) == ("AUD", "", True)
    words = "--name Sparkle --site-url https://sparkle.example --public-base https://api.sparkle.example"
    changed = run("shop", "set", *words.split(), "--json").told
    assert changed == before | {
        "name": "Sparkle",
        "site_url": "https://sparkle.example",
        "public_base": "https://api.sparkle.example",
    }
    assert run("shop", "set", "--public-base", "", "--json").told == changed | {"public_base": ""}
    assert f"{'name':<21} Sparkle\n" in run("shop", "show").out


def test_what_is_no_address_is_refused(run: Run) -> None:
    for address in ("shop.example", "ftp://shop.example", "https://shop example"):
        said = run("shop", "set", "--public-base", address)
        assert said.code == 1
        assert said.err.startswith("comptoir: public_base must")
    assert run("shop", "show", "--json").told["public_base"] == ""


def test_something_must_be_named(run: Run) -> None:
    said = run("shop", "set")
    assert (said.code, said.err) == (2, "comptoir: nothing is named that is to be changed\n")


def test_empty_lists_of_payments_may_be_refused(run: Run) -> None:
    assert run("shop", "show", "--json").told["refuse_empty_payments"] is False
    assert run("shop", "set", "--refuse-empty-payments", "--json").told["refuse_empty_payments"] is True
    assert run("shop", "set", "--name", "x", "--json").told["refuse_empty_payments"] is True
    assert run("shop", "set", "--no-refuse-empty-payments", "--json").told["refuse_empty_payments"] is False
