"""Snapshots in the console: made, and put back while the shop is served, by those who may."""

from __future__ import annotations

import os
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from comptoir.app import make_app
from comptoir.console.ports import Ports
from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.events.queries import list_events
from comptoir.domain.shop import Shop
from comptoir.settings import Settings
from comptoir.snapshots import ServedSnapshots, SnapshotRefused
from tests.console.visiting import Visitor, signed_in
from tests.engines import Engines


@pytest.fixture
def sandbox(home: ServedShop) -> ServedShop:
    home.shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))
    return home


@pytest.fixture
def port(tmp_path: Path, engines: Engines, engine: str, monkeypatch: pytest.MonkeyPatch) -> ServedSnapshots:
    if engine == "postgres" and engines.programs:
        monkeypatch.setenv("PATH", engines.programs, prepend=os.pathsep)
    return ServedSnapshots(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def owner(sandbox: ServedShop, port: ServedSnapshots) -> Visitor:
    return signed_in(sandbox, app=make_app([sandbox], ports=Ports(snapshots=port)))


def test_a_snapshot_is_made_and_put_back(sandbox: ServedShop, owner: Visitor, engine: str) -> None:
    sandbox.shop.write(lambda tx: create_brand(tx, name="Before"))
    page = owner.done("/snapshots", "/new", name="one")
    assert "The snapshot one was made." in page.main
    assert page.rows[0][0] == "one"
    assert page.rows[0][4] == engine
    sandbox.shop.write(lambda tx: create_brand(tx, name="After"))
    if engine == "postgres":
        assert "stop the server and use `comptoir snapshot restore`" in page.main
        answer = owner.post(
            "/console/snapshots/restore", {"csrf": page.form("/new").fields["csrf"], "name": "one"}
        )
        assert answer.status == 422
        assert [row[0] for row in owner.get("/brands").rows] == ["Before", "After"]
        return
    page = owner.done(page, "/restore")
    assert "The shop is as it was at one." in page.main
    assert [row[0] for row in owner.get("/brands").rows] == ["Before"]
    restored = [one for one in sandbox.shop.read(list_events) if one.kind == "shop.restored"]
    assert [(one.actor, one.dialect, one.after) for one in restored] == [
        ("Ada", "console", {"snapshot": "one"})
    ]


def test_who_made_it_is_an_event(sandbox: ServedShop, owner: Visitor) -> None:
    owner.done("/snapshots", "/new", name="")
    made = [one for one in sandbox.shop.read(list_events) if one.kind == "shop.snapshot_created"]
    assert [(one.actor, one.dialect) for one in made] == [("Ada", "console")]


@pytest.mark.parametrize("name", ["../up", "a/b", "-x", "é", "<b>", "x" * 200, ".hidden"])
def test_a_name_that_is_none_is_refused(owner: Visitor, name: str) -> None:
    answer = owner.fill("/snapshots", "/new", name=name)
    assert answer.status == 422
    assert answer.problems
    assert "<b>" not in answer.text
    assert owner.get("/snapshots").rows == []


def test_the_same_name_twice_is_refused(owner: Visitor) -> None:
    owner.done("/snapshots", "/new", name="one")
    answer = owner.fill("/snapshots", "/new", name="one")
    assert answer.status == 422
    assert "already" in answer.problems[0]


def test_what_is_not_there_is_not_put_back(owner: Visitor, engine: str) -> None:
    csrf = owner.get("/snapshots").form("/new").fields["csrf"]
    for name in ("nothing", "../..", ""):
        answer = owner.post("/console/snapshots/restore", {"csrf": csrf, "name": name})
        assert answer.status == 422, name
        assert answer.problems


def test_a_snapshot_whose_books_do_not_balance_stays_out(
    sandbox: ServedShop, owner: Visitor, port: ServedSnapshots, engine: str, tmp_path: Path
) -> None:
    if engine == "postgres":
        pytest.skip("nothing is put back while it is served there")
    page = owner.done("/snapshots", "/new", name="one")
    file = tmp_path / "data" / "snapshots" / sandbox.shop.name / "one" / "database"
    file.write_bytes(file.read_bytes()[:-4096])
    answer = owner.fill(page, "/restore")
    assert answer.status == 422
    assert "is not sound" in answer.problems[0]
    sandbox.shop.write(lambda tx: create_brand(tx, name="Still open"))
    with pytest.raises(SnapshotRefused):
        port.restore(sandbox, sandbox.shop.read(lambda tx: tx.actor), "one")


def test_a_real_shop_is_told_to_use_the_command(home: ServedShop, port: ServedSnapshots) -> None:
    visitor = signed_in(home, app=make_app([home], ports=Ports(snapshots=port)))
    page = visitor.done("/snapshots", "/new", name="one")
    assert "only a sandbox on SQLite is put back while it is served" in page.main
    assert not [form for form in page.tree.forms if (form.action or "").endswith("/restore")]
    csrf = page.form("/new").fields["csrf"]
    assert visitor.post("/console/snapshots/restore", {"csrf": csrf, "name": "one"}).status == 422


def test_a_snapshot_is_downloaded_and_is_one_again_when_unpacked(
    sandbox: ServedShop, owner: Visitor, port: ServedSnapshots, tmp_path: Path
) -> None:
    page = owner.done("/snapshots", "/new", name="one")
    folder = tmp_path / "data" / "snapshots" / sandbox.shop.name
    picture = folder / "one" / "media" / "ab" / "cd"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"x" * 1000)
    answer = owner.fill(page, "/download").answer
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-tar"
    assert answer.headers["content-disposition"] == f'attachment; filename="{sandbox.shop.name}-one.tar"'
    held = {file: file.read_bytes() for file in sorted((folder / "one").rglob("*")) if file.is_file()}
    assert len(held) == 3
    owner.done("/snapshots", "/remove")
    with tarfile.open(fileobj=BytesIO(answer.content)) as tar:
        tar.extractall(folder, filter="data")
    assert {file: file.read_bytes() for file in held} == held
    assert [row[0] for row in owner.get("/snapshots").rows] == ["one"]
    kinds = [(one.kind, one.actor) for one in sandbox.shop.read(list_events) if "snapshot_d" in one.kind]
    assert kinds == [("shop.snapshot_downloaded", "Ada")]


def test_a_snapshot_is_removed(sandbox: ServedShop, owner: Visitor, tmp_path: Path) -> None:
    owner.done("/snapshots", "/new", name="one")
    page = owner.done("/snapshots", "/new", name="two")
    assert "gone" not in page.main
    page = owner.done(page, "/remove")
    assert "The snapshot two was removed." in page.main
    assert [row[0] for row in page.rows] == ["one"]
    left = tmp_path / "data" / "snapshots" / sandbox.shop.name
    assert sorted(one.name for one in left.iterdir() if one.is_dir()) == ["one"]
    removed = [one for one in sandbox.shop.read(list_events) if one.kind == "shop.snapshot_removed"]
    assert [(one.actor, one.before) for one in removed] == [("Ada", {"name": "two"})]
    csrf = page.form("/new").fields["csrf"]
    for act in ("remove", "download"):
        for name in ("two", "../..", "", ".two.gone"):
            answer = owner.post(f"/console/snapshots/{act}", {"csrf": csrf, "name": name})
            assert (answer.status, bool(answer.problems)) == (422, True), (act, name)
    assert [row[0] for row in owner.get("/snapshots").rows] == ["one"]


def test_only_who_may_change_people_and_keys_takes_a_snapshot_away(
    sandbox: ServedShop, owner: Visitor, port: ServedSnapshots
) -> None:
    owner.done("/snapshots", "/new", name="one")
    manager = signed_in(sandbox, "manager", app=make_app([sandbox], ports=Ports(snapshots=port)))
    page = manager.get("/snapshots")
    assert "Download" not in page.main
    csrf = page.form("/new").fields["csrf"]
    assert manager.post("/console/snapshots/download", {"csrf": csrf, "name": "one"}).status == 403
    assert "was removed" in manager.done(page, "/remove").main


def test_who_may_only_look_makes_none(sandbox: ServedShop, owner: Visitor, port: ServedSnapshots) -> None:
    owner.done("/snapshots", "/new", name="one")
    reader = signed_in(sandbox, "read-only", app=make_app([sandbox], ports=Ports(snapshots=port)))
    page = reader.get("/snapshots")
    assert "Put back?" not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post("/console/snapshots/new", {"csrf": csrf, "name": "two"}).status == 403
    for act in ("restore", "remove", "download"):
        assert reader.post(f"/console/snapshots/{act}", {"csrf": csrf, "name": "one"}).status == 403


def test_where_nobody_keeps_snapshots_it_is_said_so(visitor: Visitor) -> None:
    page = visitor.get("/snapshots")
    assert page.status == 200
    assert "comptoir snapshot create" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert visitor.post("/console/snapshots/new", {"csrf": csrf, "name": "one"}).status == 422
