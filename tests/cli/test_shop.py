from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.conftest import Run


def test_books_balance(run: Run) -> None:
    assert run("books", "check").out == "The books balance.\n"
    assert run("books", "check", "--json").told == {"balanced": True, "problems": []}
    assert run("books", "show", "--json").told == []
    assert run("books", "show", "--order", "7").out == "Nothing was posted for order 7.\n"


def test_books_that_do_not_balance_end_with_one(run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data/shops/main/shop.sqlite") as connection:
        connection.execute(
            "INSERT INTO transfer (id, kind, subject, subject_id, state, created_at, memo, posted_at)"
            " VALUES (1, 'sale', 'order', 1, 'posted', 0, '', 0)"
        )
    connection.close()
    checked = run("books", "check")
    assert checked.code == 1
    assert "transfer 1 has 0 postings" in checked.out
    assert run("books", "check", "--json").told["balanced"] is False


def test_the_clock_of_a_sandbox_is_set(run: Run) -> None:
    assert run("clock", "freeze", "2030-01-01T00:00:00Z", "--json").told["now"] == "2030-01-01T00:00:00+00:00"
    assert run("clock", "step", "30d", "--json").told["now"] == "2030-01-31T00:00:00+00:00"
    assert run("clock", "advance", "12h", "--json").told["now"] == "2030-01-31T12:00:00+00:00"
    shown = run("clock", "show", "--json").told
    assert (shown["is_frozen"], shown["is_sandbox"]) == (True, True)
    assert run("clock", "release").code == 0
    assert run("clock", "show", "--json").told["is_frozen"] is False


def test_a_clock_is_not_set_back_nor_stepped_while_it_runs(run: Run) -> None:
    assert "only goes forward" in run("clock", "freeze", "2001-01-01T00:00:00Z").err
    assert "freeze it first" in run("clock", "step", "1d").err
    assert run("clock", "advance", "soon").code == 2
    assert run("clock", "freeze", "soon").code == 2


def test_the_clock_of_a_real_shop_is_left_alone(run: Run) -> None:
    run("init", "real")
    assert "sandbox" in run("clock", "freeze", "--shop", "real").err


def test_a_snapshot_brings_back_what_was(run: Run, tmp_path: Path) -> None:
    content = tmp_path / "data/shops/main/media/ab/cd"
    content.parent.mkdir(parents=True)
    content.write_text("a picture")
    made = run("snapshot", "create", "before", "--json").told
    assert (made["name"], made["engine"]) == ("before", "sqlite")
    run("users", "create", "ada@example.com")
    content.unlink()
    assert len(run("users", "list", "--json").told) == 2
    restored = run("snapshot", "restore", "before", "--yes", "--json")
    assert restored.told["balanced"] is True
    assert len(run("users", "list", "--json").told) == 1
    assert content.read_text() == "a picture"
    assert [row["name"] for row in run("snapshot", "list", "--json").told] == ["before"]


def test_a_snapshot_is_listed_with_its_place_and_removed(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "data/snapshots/main/one"
    assert str(place) in run("snapshot", "create", "one").out
    (row,) = run("snapshot", "list", "--json").told
    assert (row["path"], row["byte_size"]) == (str(place), (place / "database").stat().st_size)
    assert run("snapshot", "remove", "one").code == 2
    assert "there is no snapshot 'two'" in run("snapshot", "remove", "two", "--yes").err
    assert run("snapshot", "remove", "../main", "--yes").code == 1
    assert place.exists()
    assert "is removed" in run("snapshot", "remove", "one", "--yes").out
    assert not place.exists()
    assert run("snapshot", "list", "--json").told == []


def test_a_snapshot_is_not_taken_or_put_back_carelessly(run: Run, tmp_path: Path) -> None:
    run("snapshot", "create", "one")
    assert "already" in run("snapshot", "create", "one").err
    assert "there is one" in run("snapshot", "restore", "two", "--yes").err
    assert run("snapshot", "create", "../out").code == 1
    assert run("snapshot", "restore", "one").code == 2
    place = tmp_path / "data/snapshots/main/one/database"
    broken = bytearray(place.read_bytes())
    broken[4096:12288] = bytes(8192)
    place.write_bytes(broken)
    assert "is not sound" in run("snapshot", "restore", "one", "--yes").err
    assert run("books", "check").code == 0


def test_records_go_out_and_come_in_again(run: Run, tmp_path: Path) -> None:
    brands = tmp_path / "brands.jsonl"
    out = run("export", str(tmp_path / "out"), "--json")
    assert out.told["brands"] == 0
    run("export", "brands", str(brands))
    assert run("import", "brands", str(brands), "--dry-run", "--json").told[0]["created"] == 0
    assert run("import", str(tmp_path / "out")).code == 0


def test_a_bad_import_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "brands.jsonl").write_text('{"id": "x"}\n{"id": 5}\nnot json\n')
    done = run("import", "brands", "brands.jsonl", "--report", "refused.jsonl")
    assert done.code == 1
    assert "3 refused" in done.out
    assert len((tmp_path / "refused.jsonl").read_text().splitlines()) >= 3
    assert run("import", "brands", "nowhere.jsonl").code == 2
    assert run("import", "nowhere").code == 2
    assert run("import", "sparkles", "brands.jsonl").code == 1
    assert run("export", "brands", "--format", "xml").code == 2


def test_background_work_is_done_once(run: Run) -> None:
    done = run("worker", "--once", "--json").told
    assert done["renewals"] == 0
    assert set(done) >= {"answers forgotten", "media swept"}
