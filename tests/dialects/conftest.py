"""A running shop behind each case: a copy of its world, spoken to through the whole application."""

from __future__ import annotations

import json as json_text
import shutil
from base64 import b64encode
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import falcon.testing
import pytest
from PIL import Image

from comptoir.app import make_app
from comptoir.dialects.edge import ServedShop
from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.models import ApiKey, Operator
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW, SECRET
from tests.dialects.published import facts
from tests.dialects.wire import KEY
from tests.dialects.worlds import load_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from comptoir.storage.database import Database
    from comptoir.storage.session import Session
    from tests.engines import Engines

BOUNDARY = "a-boundary-of-the-tests"


class Got(NamedTuple):
    """What came back over the wire."""

    status: int
    headers: Any
    body: bytes


class Worlds:
    """Loads each world once on each engine, and gives every test that writes a copy of its own."""

    def __init__(self, engines: Engines, engine: str, folder: Path) -> None:
        self._engines = engines
        self._engine = engine
        self._folder = folder
        self._templates: dict[str, str] = {}
        self._clean: dict[str, OpenShop] = {}
        self._written: set[int] = set()
        self._count = 0

    def enter(self, name: str) -> OpenShop:
        """A shop in the state of this world, in which nothing has happened yet."""
        shop = self._clean.get(name)
        if shop is None:
            shop = self._clean[name] = self.copy(name)
        # What was refused has left nothing behind, but it may have drawn lots.
        shop.chance = Chance(seed=7)
        return shop

    def leave(self, name: str) -> None:
        """End a test: a shop that something was written into is nobody else's."""
        shop = self._clean.get(name)
        if shop is not None and id(shop.database) in self._written:
            self.spoil(name)

    def spoil(self, name: str) -> None:
        """Prove a shop's books, and let it go."""
        shop = self._clean.pop(name, None)
        if shop is not None:
            self._written.discard(id(shop.database))
            self._engines.check_books(shop)
            self._engines.drop(shop.database)

    def close(self) -> None:
        """Prove the books of the shops that were only read, and let them go."""
        for name in list(self._clean):
            self.spoil(name)

    def copy(self, name: str) -> OpenShop:
        """A shop of its own in the state of this world."""
        if name not in self._templates:
            self._templates[name] = self._load(name)
        self._count += 1
        folder = self._folder / f"copy{self._count}"
        folder.mkdir()
        database = self._engines.copy(self._engine, self._templates[name], folder)
        self._watch(database)
        return OpenShop("the shop", database, flush, system=lambda: NOW, chance=Chance(seed=7))

    def _watch(self, database: Database) -> None:
        """Notice when something is written into a database; what is refused and undone is not."""
        write = database.write

        def noticed(work: Callable[[Session], Any]) -> Any:
            result = write(work)
            self._written.add(id(database))
            return result

        database.write = noticed  # type: ignore[method-assign]

    def _load(self, name: str) -> str:
        folder = self._folder / f"template-{name}"
        folder.mkdir()
        shop = OpenShop(name, self._engines.fresh(self._engine, folder), flush, system=lambda: NOW)
        load_world(shop, name)
        shop.write(lambda tx: add_keys(tx, facts(f"worlds/{name}")["keys"]))
        return self._engines.freeze(shop.database)


def add_keys(tx: Tx, keys: Sequence[Mapping[str, str]]) -> None:
    """Give the world's own keys to its operator."""
    tx.insert(
        Operator, id=1, email="tom@example.com", name="Tom Jones", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    for number, key in enumerate((key for key in keys if "shop" not in key), 1):
        tx.insert(
            ApiKey, id=number, operator_id=1, name=f"key {number}", dialect="coredna",
            key_hash=hash_key(key["key"], SECRET), hint=key["key"][:4], scopes=["read", "write"], networks=[],
            created_at=tx.now, expires_at=None, revoked_at=tx.now if key["state"] == "revoked" else None,
            last_used_at=None, replaced_by_id=None,
        )  # fmt: skip


class LocalWire:
    """Speaks to the application in this process as a client would over HTTP."""

    def __init__(self, worlds: Worlds, folder: Path, mirror: Path, another: OpenShop) -> None:
        self._worlds = worlds
        self._name = ""
        rules = FetchRules(mirror=mirror, timeout_seconds=2)
        media = DirectoryStore(folder / "media")
        fetcher = Fetcher(rules, resolve=look_up)
        self._served = ServedShop(worlds.enter("empty"), SECRET, media, fetcher)
        other = ServedShop(another, SECRET, media, fetcher)
        self._client = falcon.testing.TestClient(make_app([other, self._served]))

    @property
    def shop(self) -> OpenShop:
        """The shop behind the wire."""
        return self._served.shop

    def enter(self, name: str) -> None:
        """Put the shop behind the wire into a named state."""
        self._name = name
        self._served.shop = self._worlds.enter(name)

    def leave(self) -> None:
        """End a test."""
        if self._name:
            self._worlds.leave(self._name)
        self._name = ""

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        key: str = KEY,
        auth: str = "bearer",
        form: Mapping[str, str] | None = None,
        multipart: Sequence[tuple[str, str]] | None = None,
        json: Any = None,
        raw: bytes | None = None,
        content_type: str | None = None,
    ) -> Got:
        """Ask, and give back what came."""
        body, kind = encoded(form, multipart, json, raw)
        sent = dict(headers or {})
        if key != "none" and "Authorization" not in sent:
            sent["Authorization"] = (
                f"Bearer {key}" if auth == "bearer" else f"Basic {b64encode(f'{key}:'.encode()).decode()}"
            )
        kind = kind if content_type is None else content_type
        if kind:
            sent["Content-Type"] = kind
        place, _, query = path.partition("?")
        answer = self._client.simulate_request(method, place, query_string=query, body=body, headers=sent)
        return Got(answer.status_code, answer.headers, answer.content)


def encoded(
    form: Mapping[str, str] | None,
    multipart: Sequence[tuple[str, str]] | None,
    json: Any,
    raw: bytes | None,
) -> tuple[bytes | None, str]:
    """A body and its content type."""
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    if multipart is not None:
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in multipart
        )
        return f"{parts}--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"
    if json is not None:
        return json_text.dumps(json, ensure_ascii=False).encode(), "application/json"
    return raw, ""


def look_up(host: str, _port: int) -> list[str]:
    """The addresses of the tests' web; nothing of it is outside this machine."""
    hosts = facts("worlds/web")["hosts"]
    if host not in hosts:
        raise OSError(f"no such host: {host}")
    return [hosts[host]]


def make_mirror(folder: Path) -> Path:
    """The pages of the tests' web as files, for the fetcher to find instead of the network."""
    pages = facts("worlds/web")["pages"]
    for url, page in pages.items():
        target = page
        if urlsplit(page.get("redirect", "")).hostname in REACHABLE:
            target = pages[page["redirect"]]
        content = content_of(target)
        if content is not None and urlsplit(url).hostname in REACHABLE:
            place = folder / str(urlsplit(url).hostname) / urlsplit(url).path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return folder


REACHABLE = {"misutasupakoru.co.jp", "pictures.example"}


def content_of(page: Mapping[str, Any]) -> bytes | None:
    """What a page answers, or None where it gives no content."""
    if "text" in page:
        return str(page["text"]).encode()
    if "picture" not in page:
        return None
    picture = page["picture"]
    mode = "1" if picture.get("one_colour") else "RGB"
    image = Image.new(mode, (picture["width"], picture["height"]))
    buffer = BytesIO()
    image.save(buffer, picture["format"])
    return buffer.getvalue()[: page.get("cut_after")]


class Spoken(NamedTuple):
    """How a dialect is spoken to: its worlds, the wire to them, and what makes the other shop a stranger's."""

    worlds: type[Worlds]
    wire: type[LocalWire]
    estrange: Callable[[Tx], Any]


@contextmanager
def speaking(spoken: Spoken, engine: str, engines: Engines, folder: Path) -> Iterator[Any]:
    """The application on one engine, with another shop beside the one that is asked."""
    worlds = spoken.worlds(engines, engine, folder)
    another = worlds.copy("empty")
    another.name = "another"
    another.write(spoken.estrange)
    yield spoken.wire(worlds, folder, make_mirror(folder / "web"), another)
    worlds.close()
    engines.drop(another.database)
    shutil.rmtree(folder, ignore_errors=True)


def rename_key(tx: Tx) -> None:
    """The other shop knows one key, which this one does not."""
    tx.update(ApiKey, 1, key_hash=hash_key("anothershopsapikey", SECRET))


def close_doors(tx: Tx) -> None:
    """The other shop lets nobody in."""
    tx.update(Operator, 1, is_active=False)


SPOKEN = Spoken(Worlds, LocalWire, rename_key)


@pytest.fixture(scope="session")
def running(engine: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalWire]:
    """The application, once for each engine."""
    with speaking(SPOKEN, engine, engines, tmp_path_factory.mktemp(f"worlds-{engine}")) as wire:
        yield wire


@pytest.fixture
def wire(running: LocalWire) -> Iterator[LocalWire]:
    """A client of one running shop."""
    yield running
    running.leave()


@pytest.fixture
def world(running: LocalWire) -> Any:
    """Puts the shop behind the wire into a named state."""

    def enter(name: str) -> None:
        running.leave()
        running.enter(name)

    return enter
