"""Snapshots of a shop: its database and its files, as they were at one moment."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from comptoir.dialects.edge import ServedShop
from comptoir.domain.clock import system_now
from comptoir.domain.errors import ComptoirError
from comptoir.domain.events.queries import last_seq
from comptoir.domain.proof import prove_books
from comptoir.opening import installation_key, open_database_of, open_shop
from comptoir.settings import Settings
from comptoir.storage.copying import copy_database, put_back

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
DATABASE, ABOUT, MEDIA = "database", "about.json", "media"
SERVING = "serving.lock"


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


def restore_snapshot(settings: Settings, shop: str, name: str) -> list[str]:
    """Let a snapshot take the shop's place, and say what its books lack; nothing, as a rule.

    Refuses: SnapshotRefused (no such snapshot, another engine, the shop is being served), CopyFailed.
    """
    folder = folder_of(settings, shop, name)
    if not (folder / ABOUT).exists():
        known = ", ".join(one.name for one in list_snapshots(settings, shop)) or "none"
        raise SnapshotRefused(f"there is no snapshot {name!r}; there is {known}")
    about = Snapshot(**json.loads((folder / ABOUT).read_text()))
    with nobody_serves(settings):
        database = open_database_of(settings, shop, installation_key(settings))
        try:
            if about.engine != database.engine:
                raise SnapshotRefused(f"the snapshot is of {about.engine}, the shop is on {database.engine}")
            link_contents(folder / MEDIA, media_of(settings, shop))
            put_back(database, folder / DATABASE)
        finally:
            database.close()
        home = open_shop(settings, shop)
        try:
            return home.shop.read(prove_books)
        finally:
            home.shop.database.close()


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
