from __future__ import annotations

import resource
import stat
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run

GROUPS = (
    "init", "serve", "demo", "worker", "keys", "users", "import", "export", "books", "clock", "snapshot",
    "routes", "migrate", "events", "settings",
)  # fmt: skip


def test_help_names_every_command(bare: Run) -> None:
    shown = bare("--help").out
    assert [group for group in GROUPS if f"\n  {group} " not in shown] == []


def test_help_is_instant() -> None:
    """Measured in the processor's time, three tries, since the machine may be busy."""
    tries = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run([sys.executable, "-m", "comptoir", "--help"], check=True, capture_output=True)
        tries.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    assert min(tries) < 0.4


def test_nothing_heavy_is_loaded_for_help() -> None:
    code = "import sys, comptoir.cli; print('sqlalchemy' in sys.modules, 'rich' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == ["False", "False"]


def test_the_version_is_told(bare: Run) -> None:
    assert bare("--version").out.startswith("comptoir 0.")


def test_a_shop_is_created_with_operator_and_key(bare: Run, tmp_path: Path) -> None:
    made = bare("init", "--title", "Mr Sparkle", "--json")
    assert made.code == 0, made.err
    assert made.told["key"].startswith("ck_")
    assert made.told["password"]
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    listed = bare("keys", "list", "--json").told
    assert [(row["id"], row["name"], row["scopes"]) for row in listed] == [(1, "first key", ["*"])]
    assert made.told["key"] not in str(listed)


def test_what_is_shown_for_people_says_how_to_go_on(bare: Run) -> None:
    assert "comptoir serve" in bare("init").out


def test_a_shop_is_not_created_twice(run: Run) -> None:
    again = run("init")
    assert again.code == 1
    assert "is there already" in again.err
    assert "Traceback" not in again.err


def test_a_second_shop_has_its_own_database_and_the_same_key_file(run: Run, tmp_path: Path) -> None:
    key = (tmp_path / "data" / "secret.key").read_text()
    assert run("init", "books").code == 0
    assert (tmp_path / "data" / "secret.key").read_text() == key
    assert len(run("users", "list", "--shop", "books", "--json").told) == 1
    assert run("users", "list", "--shop", "other").code == 1


def test_a_bad_name_or_zone_leaves_no_shop(bare: Run) -> None:
    assert "is no name for a shop" in bare("init", "../elsewhere").err
    assert "is not a time zone" in bare("init", "--time-zone", "Mars/Base").err
    assert "run `comptoir init" in bare("books", "check").err


def test_without_a_shop_every_command_says_what_to_do(bare: Run) -> None:
    for words in (
        ["serve"],
        ["keys", "list"],
        ["books", "check"],
        ["snapshot", "list"],
        ["worker", "--once"],
    ):
        said = bare(*words)
        assert said.code == 1
        assert "comptoir init" in said.err, words


def test_routes_have_ids_and_aliases(bare: Run) -> None:
    rows = {row["route"]: row for row in bare("routes", "--json").told}
    assert rows["products.list"]["method"] == "GET"
    assert rows["products.list"]["path"] == "/products"
    assert rows["feed.events"]["dialect"] == "feed"


def test_migrating_again_changes_nothing(run: Run) -> None:
    assert run("migrate", "--json").told == [{"shop": "main", "applied": []}]


def test_an_unknown_command_is_misuse(bare: Run) -> None:
    assert bare("srve").code == 2
    assert bare("keys", "rotate", "abc").code == 2
