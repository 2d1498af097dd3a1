"""Snapshots of a shop: its database and its files, as they were at one moment."""

import fcntl
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from comptoir.console.ports import SnapshotRow
from comptoir.dialects.edge import ServedShop
from comptoir.domain.clock import system_now
from comptoir.domain.errors import ComptoirError
from comptoir.domain.events.queries import last_seq
from comptoir.domain.identity.restoring import SHOP_ID, Kept, kept_of, take_up
from comptoir.domain.proof import prove_books
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tasks.actions import stop_task
from comptoir.domain.tasks.queries import list_unended
from comptoir.domain.tx import SYSTEM, Actor, OpenShop, Tx
from comptoir.opening import installation_key, open_database_of, open_shop
from comptoir.settings import Settings
from comptoir.storage.copying import CopyFailed, copy_database, prove_sound, put_back, write_over
from comptoir.storage.database import open_database
from comptoir.storage.migration import migrate
from comptoir.storage.sqlite import SqliteDatabase

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
DATABASE, ABOUT, MEDIA = "database", "about.json", "media"
SERVING, RESTORING = "serving.lock", ".restoring"
WITH_COMMAND = "stop the server and use `comptoir snapshot restore`"
# Who writes waits for a snapshot that is put back; longer than that for a larger one would be too long.
SERVED_BYTES_MAX = 2 * 2**30
PIECE_BYTES = 2**20


class SnapshotRefused(ComptoirError):
    """The snapshot cannot be made, found or put back; the text says why."""


class Snapshot(NamedTuple):
    """What is known of a snapshot without opening it."""

    name: str
    created_at: str
    engine: str
    last_seq: int
    byte_size: int


def folder_of(settings: Settings, shop: str, name: str = "") -> Path:
    """Where a shop's snapshots lie, or one of them. Refuses: SnapshotRefused."""
    folder = settings.data_dir / "snapshots" / shop
    if name and not NAME.fullmatch(name):
        raise SnapshotRefused(f"{name!r} is no name for a snapshot: use letters, digits, dots, - and _")
    return folder / name if name else folder


def create_snapshot(settings: Settings, home: ServedShop, name: str | None = None) -> Snapshot:
    """Make a snapshot while the shop stays open. Refuses: SnapshotRefused, CopyFailed."""
    now = system_now()
    name = name or f"{now:%Y-%m-%dT%H%M%SZ}"
    folder = folder_of(settings, home.shop.name, name)
    if folder.exists():
        raise SnapshotRefused(f"there is a snapshot {name!r} already")
    half = folder.with_name(f".{name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        seq = home.shop.read(last_seq)
        copy_database(home.shop.database, half / DATABASE)
        # The database first: what it points at is there by then, and the contents never change.
        link_contents(media_of(settings, home.shop.name), half / MEDIA)
        made = Snapshot(
            name, now.isoformat(), home.shop.database.engine, seq, (half / DATABASE).stat().st_size
        )
        (half / ABOUT).write_text(json.dumps(made._asdict()))
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return made


def list_snapshots(settings: Settings, shop: str) -> list[Snapshot]:
    """A shop's snapshots, oldest first."""
    abouts = folder_of(settings, shop).glob(f"[!.]*/{ABOUT}")
    return sorted(
        (Snapshot(**json.loads(about.read_text())) for about in abouts), key=lambda one: one.created_at
    )


def remove_snapshot(settings: Settings, shop: str, name: str) -> None:
    """Remove a snapshot for good; the shop stays as it is. Refuses: SnapshotRefused (none, being put back)."""
    about_of(settings, shop, name)
    folder = folder_of(settings, shop, name)
    with alone_at(folder.parent):
        gone = folder.with_name(f".{name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        # At once no more to be seen, however long its files take.
        folder.rename(gone)
        shutil.rmtree(gone)


def pack_snapshot(settings: Settings, shop: str, name: str) -> Iterator[bytes]:
    """A snapshot as one tar file, a piece at a time; unpacked beside the others it is one of them again.

    Refuses, before the first piece: SnapshotRefused.
    """
    about_of(settings, shop, name)
    folder = folder_of(settings, shop, name)
    return _packed(folder, sorted(file for file in folder.rglob("*") if file.is_file()))


def _packed(folder: Path, files: Sequence[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as source:
            info = tarfile.TarInfo(file.relative_to(folder.parent).as_posix())
            facts = os.fstat(source.fileno())
            info.size, info.mtime, info.mode = facts.st_size, int(facts.st_mtime), 0o600
            yield info.tobuf(tarfile.PAX_FORMAT)
            while piece := source.read(PIECE_BYTES):
                yield piece
            yield bytes(-info.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def restore_snapshot(settings: Settings, shop: str, name: str) -> list[str]:
    """Let a snapshot take the shop's place, and say what its books lack; nothing, as a rule.

    Refuses: SnapshotRefused (no such snapshot, another engine, the shop is being served), CopyFailed.
    """
    about, folder = about_of(settings, shop, name), folder_of(settings, shop, name)
    with nobody_serves(settings):
        database = open_database_of(settings, shop, installation_key(settings))
        try:
            refuse_other_engine(about, database.engine)
            link_contents(folder / MEDIA, media_of(settings, shop))
            put_back(database, folder / DATABASE)
        finally:
            database.close()
        home = open_shop(settings, shop)
        try:
            return home.shop.read(prove_books)
        finally:
            home.shop.database.close()


def restore_served(settings: Settings, home: ServedShop, name: str, actor: Actor = SYSTEM) -> None:
    """Let a snapshot take the place of a sandbox that is being served; requests go on meanwhile.

    Everything is made ready and proved beside the shop, which is written over only then.
    Refuses: SnapshotRefused (a real shop, PostgreSQL, no such snapshot, another engine, another one is at it,
    books that do not balance), CopyFailed.
    """
    shop, database = home.shop, home.shop.database
    if sentence := why_not_served(home, shop.read(lambda tx: tx.shop)):
        raise SnapshotRefused(sentence)
    assert isinstance(database, SqliteDatabase)
    about = about_of(settings, shop.name, name)
    refuse_other_engine(about, database.engine)
    if about.byte_size > SERVED_BYTES_MAX:
        raise SnapshotRefused(
            f"the snapshot is too large to be put back while the shop is served: {WITH_COMMAND}"
        )
    folder, media = folder_of(settings, shop.name, name), media_of(settings, shop.name)
    with alone_at(folder.parent), tempfile.TemporaryDirectory(dir=database.path.parent) as beside:
        ready = Path(beside) / DATABASE
        link_contents(folder / MEDIA, media)
        shutil.copyfile(folder / DATABASE, ready)
        _make_ready(home, ready, name, actor)
        write_over(database, ready)
        # What a sweep took away meanwhile comes back.
        link_contents(folder / MEDIA, media)


def why_not_served(home: ServedShop, facts: ShopFacts) -> str:
    """Why no snapshot can be put back while the shop is served; nothing, when it can be."""
    if facts.is_sandbox and isinstance(home.shop.database, SqliteDatabase):
        return ""
    return f"only a sandbox on SQLite is put back while it is served: {WITH_COMMAND}"


def _make_ready(home: ServedShop, path: Path, name: str, actor: Actor) -> None:
    """Bring a copy to this release, prove it, and let it know what stays. Refuses: SnapshotRefused, CopyFailed."""
    prove_sound(path)
    kept = home.shop.read(kept_of)
    database = open_database(str(path), secret=home.secret)
    try:
        migrate(database)
        copy = OpenShop(home.shop.name, database, home.shop.flush, home.shop.system, home.shop.chance)
        if problems := copy.read(prove_books):
            raise SnapshotRefused(f"the books of the snapshot do not balance: {problems[0]}")
        copy.write(lambda tx: _take_up(tx, kept, name), actor)
    finally:
        database.close()


def _take_up(tx: Tx, kept: Kept, name: str) -> None:
    take_up(tx, kept, snapshot=name)
    # Nobody is at what was under way when the snapshot was made.
    for task in list_unended(tx):
        stop_task(tx, task.id)


def about_of(settings: Settings, shop: str, name: str) -> Snapshot:
    """What is known of a snapshot. Refuses: SnapshotRefused, when there is none."""
    about = folder_of(settings, shop, name) / ABOUT
    if not about.exists():
        known = ", ".join(one.name for one in list_snapshots(settings, shop)) or "none"
        raise SnapshotRefused(f"there is no snapshot {name!r}; there is {known}")
    return Snapshot(**json.loads(about.read_text()))


def refuse_other_engine(about: Snapshot, engine: str) -> None:
    """Refuses: SnapshotRefused, when the snapshot is of another engine."""
    if about.engine != engine:
        raise SnapshotRefused(f"the snapshot is of {about.engine}, the shop is on {engine}")


@contextmanager
def alone_at(folder: Path) -> Iterator[None]:
    """Keep a second one from putting a snapshot back meanwhile. Refuses: SnapshotRefused."""
    handle = os.open(folder / RESTORING, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise SnapshotRefused("somebody is putting a snapshot back just now") from None
    try:
        yield
    finally:
        os.close(handle)


def media_of(settings: Settings, shop: str) -> Path:
    """Where a shop's files lie."""
    return settings.data_dir / "shops" / shop / MEDIA


def link_contents(source: Path, target: Path) -> None:
    """Let the contents of one store be in another, too; they never change, so one copy will do."""
    for file in source.glob("??/*"):
        place = target / file.parent.name / file.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(file, place)
            except OSError:
                shutil.copyfile(file, place)


def say_serving(settings: Settings) -> int:
    """Hold the sign that somebody serves these shops, for as long as this process lives."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.data_dir / SERVING, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextmanager
def nobody_serves(settings: Settings) -> Iterator[None]:
    """Keep servers from starting meanwhile. Refuses: SnapshotRefused, when one runs."""
    handle = os.open(settings.data_dir / SERVING, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        sentence = f"the shops in {settings.data_dir} are being served: stop the server first"
        raise SnapshotRefused(sentence) from None
    try:
        yield
    finally:
        os.close(handle)


class ServedSnapshots:
    """What the console does with snapshots; each act is an event."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def rows(self, home: ServedShop) -> Sequence[SnapshotRow]:
        """A shop's snapshots, the newest first."""
        found = list_snapshots(self._settings, home.shop.name)
        return [_row(one) for one in reversed(found)]

    def why_not_served(self, home: ServedShop, facts: ShopFacts) -> str:
        """Why none can be put back while the shop is served; nothing, when it can be."""
        return why_not_served(home, facts)

    def create(self, home: ServedShop, actor: Actor, name: str) -> SnapshotRow:
        """Make one. Refuses: SnapshotRefused."""
        with copying():
            made = create_snapshot(self._settings, home, name or None)
        after = {"name": made.name, "last_seq": made.last_seq, "byte_size": made.byte_size}
        home.shop.write(lambda tx: tx.note("shop.snapshot_created", "shop", SHOP_ID, after=after), actor)
        return _row(made)

    def pack(self, home: ServedShop, actor: Actor, name: str) -> Iterator[bytes]:
        """One as a file, a piece at a time. Refuses: SnapshotRefused."""
        pieces = pack_snapshot(self._settings, home.shop.name, name)
        after = {"name": name}
        home.shop.write(lambda tx: tx.note("shop.snapshot_downloaded", "shop", SHOP_ID, after=after), actor)
        return pieces

    def remove(self, home: ServedShop, actor: Actor, name: str) -> None:
        """Remove one. Refuses: SnapshotRefused."""
        remove_snapshot(self._settings, home.shop.name, name)
        before = {"name": name}
        home.shop.write(lambda tx: tx.note("shop.snapshot_removed", "shop", SHOP_ID, before=before), actor)

    def restore(self, home: ServedShop, actor: Actor, name: str) -> None:
        """Put one back while the shop is served. Refuses: SnapshotRefused."""
        with copying():
            restore_served(self._settings, home, name, actor)


@contextmanager
def copying() -> Iterator[None]:
    """Refuses: SnapshotRefused, for what cannot be copied; people are told why."""
    try:
        yield
    except CopyFailed as error:
        raise SnapshotRefused(str(error)) from error


def _row(one: Snapshot) -> SnapshotRow:
    return SnapshotRow(**one._asdict() | {"created_at": datetime.fromisoformat(one.created_at)})
